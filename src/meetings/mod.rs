//! Meetings of the interdisciplinary allocation team ("tverrfaglig tildelingsteam"): agenda, impartiality, recommendations, minutes.
//!
//! **Invariants.** The team recommends and never decides: a recommendation is linked to the proposal that follows it, and shown to whoever
//! decides. Who has said not to be impartial in a case neither votes on it nor proposes or decides it; who has the name or the address of
//! somebody in it says how they are related before doing so. A closed meeting is not changed:
//! its minutes are derived from what was recorded, so nothing can be written into them afterwards.
//!
//! **Not here.** The decision.

mod acts;
mod advice;
mod likeness;
mod model;
mod routes;
mod rules;
mod store;
mod views;

pub use acts::is_conflicted;
pub use advice::{Recommendation, link, recommendation_of};
pub use likeness::must_have_answered;
pub use model::{
    Advice, ConflictGround, Discipline, ImpartialityGround, Likeness, MeetingState, Vote,
};
pub use routes::endpoints;
pub use rules::Refusal;
