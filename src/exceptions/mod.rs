//! Exceptions from need to know and from impartiality: access in an emergency ("nødtilgang"), and a leader's written word
//! (forvaltningsloven § 6).
//!
//! **Invariants.** Access in an emergency is to one case, for an hour, with a reason; the leader is told at once and it is reviewed
//! within five working days by somebody else; the person finds it among those who have looked. Closeness is not lifted by an
//! emergency: that takes an impartial leader's written reason, for one employee and one case.
//!
//! **Not here.** What an exception lets somebody see: `access` asks for it with everything else.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use model::{EmergencyGround, Finding};
pub use routes::endpoints;
pub use rules::Refusal;
pub use store::{Emergency, Exception};
