//! Programs of other organisations: known by Maskinporten's access tokens, let in by a data agreement with the municipality.
//!
//! **Invariants.** What a program may do is what its token's scopes *and* an agreement in force both say; agreements are read for every request,
//! so that ending one works at once. Nothing is permitted because of which client program it is (`client_id`), only because of whose it is.

mod agreement;
mod routes;
mod store;
mod token;

pub use agreement::{NewAgreement, agree};
pub(super) use routes::endpoints;
pub(super) use store::{clients_of, scopes_in_force};
pub(super) use token::{MachineToken, check};
