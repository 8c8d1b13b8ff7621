//! Administrative decisions ("enkeltvedtak") on municipal homes: proposed by one person, made by another.
//!
//! **Invariants.** Whoever proposes never decides (`decision_four_eyes`). A case has at most one proposal waiting, and so has a home. A
//! decision keeps its whole basis: rules, engine, standing and explanation; its reasons are sealed under the applicant's key.
//! Approving allocates the home, offers it and moves the case in one transaction, and only while the facts still hold.
//!
//! **Not here.** Who suits a home (matching), and the answer to the offer (offers).

mod acts;
mod loading;
mod model;
mod replay;
mod routes;
mod rules;
mod store;
mod take_over;

pub use model::{Basis, DecisionState, LegalBasis, Outcome, Reasons, ReturnReason};
pub use routes::endpoints;
pub use rules::Refusal;
pub use take_over::{TakenOver, take_over};
