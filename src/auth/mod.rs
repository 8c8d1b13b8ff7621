//! Who is calling, and what that role may do.
//!
//! **Invariants.** Roles are read from the database for every request, never trusted from a token; so ending a session or disabling
//! a user works at once. Roles that decide, administer or audit count only in a sign-in with a second factor, and some actions ask for it anew
//! every five minutes; it takes two administrators to give them. Passwords are argon2id hashes with a pepper; access tokens are short-lived and signed with Ed25519.
//!
//! **Not here.** Whether this person may do it to this case: that is asked in the slices' rules.

mod accounts;
mod bearer;
mod caller;
mod choosing;
mod federation;
mod granting;
mod granting_store;
mod identities;
mod issuer;
mod machines;
mod password;
mod password_rules;
mod policy;
mod renewal;
mod resource;
mod roles;
mod routes;
mod rules;
mod second_factor;
mod sessions;
mod sign_in;
mod stepping_up;
mod store;
mod throttle;
mod token;
mod verified;
mod visitor;

pub use accounts::{add_user, display_name, is_active_user};
pub use bearer::{Admission, Bearer, MUNICIPALITY_HEADER};
pub use caller::{Actor, Caller, Machine};
pub use granting::{RoleRequestState, ask_for_clearance, requested_clearance};
pub(crate) use identities::are_same;
pub use identities::{known_as, reindex_identities, rewrap_identities};
pub use issuer::{Issuer, IssuerAddress};
pub use machines::{NewAgreement, agree};
pub use password::{Checked, Cost, PasswordFault, Passwords, Peppers};
pub use password_rules::{BlockList, PASSWORD_CHARACTERS_MAX};
pub use policy::{Action, Permitted, Role, SIGHTS, Scope, SightLine, WHOLE_LOG};
pub use resource::Resource;
pub use routes::endpoints;
pub use rules::Refusal;
pub use second_factor::{code_at, give_second_factor, new_code_secret, rewrap_secrets};
pub use sessions::forget_ended;
pub use sign_in::{Credentials, Pass, SessionLimits, SignIn};
pub use store::{User, peppers_in_use};
pub use token::{ACCESS_SECONDS, Tokens};
pub use visitor::Visitor;
