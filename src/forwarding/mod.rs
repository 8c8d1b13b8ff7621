//! Cases that another body is responsible for ("videresending"): sent there unasked, and the applicant told (forvaltningsloven § 11).
//!
//! **Invariants.** The bodies are the municipality's own data, each with its first day and, once it is none any more, its last. A case goes
//! once and to one that holds on the day; what that body was called then is what the applicant is told.
//!
//! **Not here.** Help from outside while the case stays, for example a referral to NAV: see [`nav`](crate::nav).

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{body_of, found};
pub use model::BodyKind;
pub use routes::endpoints;
pub use rules::Refusal;
