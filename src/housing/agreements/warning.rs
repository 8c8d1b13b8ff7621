//! Every morning: which agreements come to their end, as tasks of those who manage the homes.

use super::{rules, store};
use crate::audit::Subject;
use crate::db::Tx;
use crate::problem::Problem;
use crate::tasks::{self, NewTask, Progress, TaskKind};

/// Opens a task for each agreement that warns of its end, and drops those of agreements that were prolonged or have let their homes go.
pub(in crate::housing) fn look_for_ending(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let today = tx.today();
    let mut wanted = Vec::new();
    for it in store::all(tx)? {
        if !rules::warns(it.ends_on, it.warn_days, today) {
            continue;
        }
        // One that is over is done with when no home is let under it any more.
        if it.ends_on <= today && store::count_homes(tx, it.id)? == 0 {
            continue;
        }
        wanted.push(NewTask {
            kind: TaskKind::AgreementEnds,
            about: Subject::policy(it.id),
            case: None,
            household: None,
            due_on: it.ends_on.working_days_before(1),
            assigned_to: None,
        });
    }
    tasks::settle(tx, TaskKind::AgreementEnds, &wanted)?;
    Ok(Progress::Done)
}
