//! The numbers of law and policy by which the stock is kept and let, as dated data of the municipality: how often homes are inspected,
//! and on which terms agreements are made.
//!
//! **Invariants.** A version is never changed, only followed by the next, and none reaches back in time. On days for which the
//! municipality has said nothing the example holds that the service ships (`example.json`).
//!
//! **Not here.** What an agreement itself says: its numbers are kept with it, whatever becomes of these.

mod acts;
mod model;
mod routes;
mod store;

pub(super) use acts::{in_force, on};
pub(super) use model::{AgreementRules, InspectionRules};
pub(super) use routes::endpoints;
