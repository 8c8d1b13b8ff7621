//! The numbers of law and policy by which the stock is kept and let, as dated data of the municipality: how often homes are inspected,
//! and on which terms agreements are made.
//!
//! **Not here.** What an agreement itself says: its numbers are kept with it, whatever becomes of these.

mod model;
mod routes;

use crate::clock::Day;
use crate::db::Tx;
use crate::policies;
use crate::problem::Problem;

pub(super) use model::{AgreementRules, InspectionRules, StockRules};
pub(super) use routes::endpoints;

/// The rules that hold on a day.
pub(in crate::housing) fn on(tx: &mut Tx<'_>, day: Day) -> Result<StockRules, Problem> {
    policies::on(tx, day)
}

/// The rules that hold today.
pub(in crate::housing) fn in_force(tx: &mut Tx<'_>) -> Result<StockRules, Problem> {
    let today = tx.today();
    on(tx, today)
}
