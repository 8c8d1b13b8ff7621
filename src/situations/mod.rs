//! What is true of a household's housing: in which situation it is, why, since when, and how well that is known.
//!
//! **Invariants.** The kind of a situation follows from its reason. A household is not twice in the same situation at the same
//! time: changes to one household come one after the other (`people::renew_households`), so no race gets past that rule.
//! Periods are half-open: a situation that is valid until a day no longer holds on that day.
//!
//! **Not here.** Who the members are: see [`people`](crate::people). The page of a household is here nevertheless, because it shows
//! the situations too and `people` comes before this slice. Ending a recorded situation: it was true when it was recorded; what is
//! true now is recorded as the next one. One that was never true is corrected: it holds no longer and stays in what was known.

mod acts;
mod model;
mod routes;
mod rules;
mod store;

pub use acts::{
    as_of, correct, current, current_of, known_of, load, of_household, record, record_many,
};
pub use model::*;
pub use routes::endpoints;
pub use rules::Refusal;
