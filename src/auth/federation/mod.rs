//! A municipality's own issuers (Entra ID, ID-porten, Ansattporten): their ID tokens are exchanged for a sign-in of ours.
//!
//! **Invariants.** Whom an issuer means is known by issuer and subject alone, never by a name or an address in the token. A token works once, within
//! five minutes of its making, and for the municipality that named its issuer and audience. Nobody gets an account by signing in.

mod exchange;
mod provider;
mod routes;
mod store;

pub(super) use exchange::{Providers, SpentToken, exchange};
pub(super) use routes::endpoints;
pub(super) use store::spend;
