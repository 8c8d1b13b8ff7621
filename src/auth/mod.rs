//! Who is calling, and what that role may do.
//!
//! **Invariants.** Roles are read from the database for every request, never trusted from a token; so ending a session or disabling
//! a user works at once. Passwords are argon2id hashes with a pepper; access tokens are short-lived and signed with Ed25519.
//!
//! **Not here.** Whether this person may do it to this case: that is asked in the slices' rules.

mod bearer;
mod caller;
mod issuer;
mod machines;
mod password;
mod policy;
mod routes;
mod rules;
mod sign_in;
mod store;
mod token;
mod verified;

pub use bearer::{Admission, Bearer, MUNICIPALITY_HEADER};
pub use caller::{Actor, Caller, Machine};
pub use issuer::{Issuer, IssuerAddress};
pub use machines::{NewAgreement, agree};
pub use password::{Cost, PASSWORD_BYTES_MAX, PasswordFault, Passwords};
pub use policy::{Action, Permitted, Role, Scope};
pub use routes::endpoints;
pub use rules::Refusal;
pub use sign_in::{SignIn, add_user, is_active_user};
pub use store::User;
pub use token::{ACCESS_SECONDS, Tokens};
