//! Appeals against decisions ("klage"), from receipt to the outcome.
//!
//! **Invariants.** Nobody who proposed or made the decision reviews the appeal or writes down its outcome, and whoever reviewed it for the
//! first instance does not conclude it: by rule and by constraint (`appeal_first_instance_reviews_not`,
//! `appeal_first_instance_concludes_not`; Sivilombudet 23306). The time runs from the notice, not from the decision; an appeal is in
//! time when it is sent. What is handed over holds the candidates, the vacant homes, the rules and the scores of the day of the
//! decision without names, is made once, and never changed (`appeal_package` only grows): nobody can say that the other applicants are not known.
//! An outcome never takes a home from whoever lives in it: it raises the appellant on the waiting list.
//!
//! **Not here.** The new decision by which the first instance reverses its own: that is a decision like any other.

mod acts;
mod handing_over;
mod letters;
mod lifecycle;
mod model;
mod outcome;
mod package;
mod routes;
mod rules;
mod store;
mod views;
mod words;

pub use acts::{load, of_case};
pub use lifecycle::{APPEAL_MOVES, AppealMove, AppealState};
pub use model::{AppealForm, AppealOutcome, LateGround, Words};
pub use package::Package;
pub use routes::endpoints;
pub use rules::Refusal;
pub use store::Appeal;
pub use words::open as words_of;
