//! Offers of homes ("tilbud"): made by a decision, answered by the household, and over when nobody answers.
//!
//! **Invariants.** While an offer is open its home is held by an active allocation. An offer ends once. The time for an answer runs from
//! the proof that the offer arrived, so an offer that lies unread never expires (`offer_expired_after_notice`). Accepting begins
//! the tenancy, occupies the home and houses the case in one transaction; every other end frees the home and lets the household
//! wait on; where the case itself has ended, the offer is taken back with it. Whether an end counts follows from the rules by which was decided: a well-founded no never does.
//!
//! **Not here.** Who is offered what, and that a grant lapses: those are decisions.

mod acts;
mod duties;
mod endings;
mod lifecycle;
mod model;
mod next;
mod routes;
mod rules;
mod store;

pub use acts::{NewOffer, load, make, notify, of_case};
pub use duties::duties;
pub use endings::{counted, follow_case};
pub use lifecycle::{OFFER_MOVES, OfferMove, OfferState};
pub use model::WithdrawnReason;
pub use routes::endpoints;
pub use rules::Refusal;
pub use store::Offer;
