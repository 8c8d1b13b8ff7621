//! The measures of the housing plan ("tiltak"), and how far each has come, counted in the homes that are linked to it.
//!
//! **Invariants.** A measure's number stands in the plan once. What was delivered is counted from the homes' own history.

mod model;
mod routes;
mod store;

pub use model::{Measure, NewMeasure, Supply};
pub(super) use routes::endpoints;
pub use routes::insert_measures;
pub use store::has_measure;
pub(super) use store::ids_by_number;
