//! Upkeep: inspections with their findings ("tilsyn", "avvik"), and whether a home may be let for all that they say.
//!
//! **Invariants.** A home whose inspection is overdue, or where something was found that bars letting, is held for nobody until that
//! is put right or overridden for a while, by name and with a reason. An inspection is never changed; a finding is cleared once.

mod acts;
mod inspection_routes;
mod model;
mod routes;
mod rules;
mod store;
mod warning;

use crate::http::Endpoint;
pub(super) use acts::clearances;
pub use model::{
    ClearedHow, FindingArea, InspectionKind, LettingObstacle, OverrideReason, Severity,
};
pub(super) use warning::look_for_due;

/// The operations on upkeep.
pub(super) fn endpoints() -> Vec<Endpoint> {
    [inspection_routes::endpoints(), routes::endpoints()].concat()
}
