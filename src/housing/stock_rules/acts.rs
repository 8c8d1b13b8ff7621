//! Adopting the stock's rules, and finding those that hold.

use super::model::StockRules;
use super::store::{self, Row};
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::db::types::Json;
use crate::problem::{FieldFault, Problem};

/// The rules that hold on a day.
pub(in crate::housing) fn on(tx: &mut Tx<'_>, day: Day) -> Result<StockRules, Problem> {
    let held = store::holding(tx, day)?;
    Ok(held.map_or_else(StockRules::example, |row| row.content.0))
}

/// The rules that hold today.
pub(in crate::housing) fn in_force(tx: &mut Tx<'_>) -> Result<StockRules, Problem> {
    let today = tx.today();
    on(tx, today)
}

/// Says by which numbers the stock is kept from a day on; what was said before ends on that day.
pub(super) fn adopt(tx: &mut Tx<'_>, rules: &StockRules, valid_from: Day) -> Result<Row, Problem> {
    let open = store::all(tx)?
        .into_iter()
        .find(|row| row.valid_until.is_none());
    let faults = faults_of(
        valid_from,
        open.as_ref().map(|row| row.valid_from),
        tx.today(),
    );
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if let Some(open) = open {
        store::close(tx, open.id, valid_from)?;
    }
    let row = Row {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        content: Json(rules.clone()),
        valid_from,
        valid_until: None,
        created_at: tx.now(),
    };
    store::insert(tx, &row)?;
    tx.record(
        Entry::change("stock_rules.adopted")
            .about(Subject::policy(row.id))
            .fact("validFrom", valid_from.0.to_string()),
    );
    Ok(row)
}

/// Rules begin after those before them, and never reach back in time.
fn faults_of(valid_from: Day, open_from: Option<Day>, today: Day) -> Vec<FieldFault> {
    let fault = |code, nb, en| vec![FieldFault::new("/validFrom", code, nb, en)];
    if valid_from < today {
        return fault(
            "in_the_past",
            "Kan ikke ligge tilbake i tid.",
            "Cannot lie in the past.",
        );
    }
    if open_from.is_some_and(|from| valid_from <= from) {
        return fault(
            "not_after",
            "Må ligge etter den første dagen til reglene som ble vedtatt sist.",
            "Must lie after the first day of the rules that were adopted last.",
        );
    }
    Vec::new()
}
