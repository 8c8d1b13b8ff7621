//! What the world outside may know of what happens here: events by `CloudEvents` 1.0, in an order that never changes.
//!
//! **Invariants.** An event is derived from the audit entry of the change it tells of, in the same transaction and under the same
//! id, by the closed table [`EventType`]: so no act can forget to tell, none can tell what did not happen, and an auditor can hold any
//! event against the log. An event says what happened and to which thing; never to whom, never where. Whoever may know more asks the
//! service, where the question is checked and written down.
//!
//! **Order.** Neither a sequence nor a clock says in which order transactions commit. So events get their places only after the
//! commit, by one [`Placing`] at a time: a reader who has read up to a place never finds something new before it. Events
//! of one case keep the order of the case's chain in the audit log.
//!
//! **Audiences.** NAV is told of cases and never of homes; who runs the buildings of homes and never of cases. Each has places of its own, so that
//! nobody learns from a gap what others are told, or who lives where by what happens at the same moment.

mod announce;
mod cloud_event;
mod placing;
mod routes;
mod store;
mod told;

pub use announce::announce;
pub use cloud_event::CloudEvent;
pub use placing::{Placing, PlacingWork};
pub use routes::endpoints;
pub use store::{PlacedEvent, find_placed, placed_after};
pub use told::{Audience, EventType};
