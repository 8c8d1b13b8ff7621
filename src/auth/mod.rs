//! Who is calling, and what that role may do.
//!
//! **Invariants.** Roles are read from the database for every request, never trusted from a token; so ending a session or disabling
//! a user works at once. Passwords are argon2id hashes with a pepper; access tokens are short-lived and signed with Ed25519.
//!
//! **Not here.** Whether this person may do it to this case: that is asked in the slices' rules.

mod caller;
mod policy;

pub use caller::{Actor, Caller};
pub use policy::{Action, Permitted, Role};
