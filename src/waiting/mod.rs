//! What a household's standing on the waiting list depends on beside its needs: whether it stands aside, and whether an outcome
//! raised it to a priority group.
//!
//! **Invariants.** No position is ever stored: the order is derived each time, for any moment (see [`matching`](crate::matching)).
//! A case stands aside at most once at a time (`waiting_pause_one_open`); a household that stands aside loses nothing by it.
//!
//! **Not here.** The order itself, which is matching's.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{Sides, must_not_stand_aside, raise, sides};
pub use model::{PauseReason, PrecedenceGround};
pub use routes::endpoints;
pub use rules::Refusal;
