//! Administrative decisions ("enkeltvedtak"): proposed by one person, made by another. A case has several: on help to get or keep a
//! home (boligsosialloven § 7) and on a municipal home, each by its own law, with its own reasons and its own right of appeal.
//!
//! **Invariants.** Whoever proposes never decides (`decision_four_eyes`). By each law a case has at most one proposal waiting, and
//! so has a home. What was decided is never changed, only replaced by a new decision (`decision_replaced_once`). A decision keeps its whole basis: rules, engine, standing and explanation; its reasons are sealed under the applicant's key.
//! A proposal waits only while the case stands so that it can be made: otherwise it falls, and its home is free.
//! Approving allocates the home, offers it and moves the case in one transaction, and only while the facts still hold.
//!
//! **Not here.** Who suits a home (matching), and the answer to the offer (offers).

mod acts;
mod appeal_right;
mod completeness;
mod criteria;
mod duties;
mod gates;
mod lifecycle;
mod loading;
mod model;
mod overturn;
mod renewing;
mod replay;
mod routes;
mod rules;
mod sealed;
mod standing;
mod store;
mod take_over;
mod taking_back;
mod telling;
mod trace;

pub use acts::{notify, of_case};
pub use appeal_right::{AppealBody, AppealRight};
pub use duties::{cases_with_assistance, duties};
pub use lifecycle::{DECISION_MOVES, DecisionMove, DecisionState};
pub use loading::{load, look_up};
pub use model::*;
pub use overturn::overturn;
pub use routes::endpoints;
pub use rules::Refusal;
pub use sealed::content_of;
pub use store::Decision;
pub use take_over::{TakenOver, take_over};
pub use taking_back::follow_case;
