//! Every morning: whose inspection comes due, as tasks of those who manage the homes.

use super::{acts, store};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::{Dwelling, stock_rules};
use crate::ids::DwellingId;
use crate::problem::Problem;
use crate::tasks::{self, NewTask, Progress, TaskKind};

/// Homes that are looked at in one query.
const BATCH: usize = 500;
/// Tasks that are open at most, the first due first: a longer list is read as `/inspections/due`, and worked through by nobody.
const OPEN_AT_MOST: usize = 2_000;

/// Opens a task for each home whose yearly inspection is due soon or overdue, and drops those of homes that were inspected.
pub(in crate::housing) fn look_for_due(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let rules = stock_rules::in_force(tx)?.inspections;
    let before = tx.today().plus_days(i32::from(rules.warn_days) + 1);
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut due: Vec<(Day, DwellingId)> = Vec::new();
    let mut after = None;
    loop {
        let homes = store::due_before(tx, (before, rules), after, limit)?;
        let clearances = acts::clearances(tx, &homes.iter().collect::<Vec<_>>())?;
        due.extend(homes.iter().map(|home| {
            let next = clearances.get(&home.id).and_then(|it| it.next_due_on);
            (next.unwrap_or_else(|| never_inspected(home)), home.id)
        }));
        after = homes.last().map(|home| home.id);
        if homes.len() < BATCH {
            break;
        }
    }
    due.sort_unstable();
    due.truncate(OPEN_AT_MOST);
    let wanted: Vec<NewTask> = due
        .into_iter()
        .map(|(due_on, home)| NewTask {
            kind: TaskKind::InspectHome,
            about: home.into(),
            case: None,
            household: None,
            due_on,
            assigned_to: None,
        })
        .collect();
    tasks::settle(tx, TaskKind::InspectHome, &wanted)?;
    Ok(Progress::Done)
}

/// A home of which no inspection is known has been due since it came into the stock.
fn never_inspected(home: &Dwelling) -> Day {
    home.created_at.day()
}
