//! Offers of homes ("tilbud"): made by a decision, answered by the household.
//!
//! **Invariants.** While an offer is open its home is held by an active allocation. An offer is answered once. Accepting begins the
//! tenancy, occupies the home and houses the case in one transaction; declining frees the home and lets the household wait on.
//!
//! **Not here.** Who is offered what: that is a decision.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{NewOffer, make};
pub use model::{DeclineReason, OfferState};
pub use routes::endpoints;
pub use rules::Refusal;
