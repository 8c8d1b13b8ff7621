//! Following up those who stay: what goes on, and what falls to whom every morning.

use std::collections::BTreeMap;

use super::model::Staying;
use super::rules;
use super::store::{self, ShelterDecision, Stay};
use crate::audit::Subject;
use crate::db::Tx;
use crate::ids::ShelterDecisionId;
use crate::problem::Problem;
use crate::tasks::{self, Duty, NewTask, Progress, TaskKind, When};

/// Stays that go on at the same time, far more than any municipality has.
const ONGOING_MAX: i64 = 5000;

/// A stay that goes on, by this decision.
pub(super) struct Ongoing {
    pub(super) stay: Stay,
    pub(super) decision: ShelterDecision,
}

impl Ongoing {
    pub(super) const fn staying(&self) -> Staying {
        Staying {
            began_on: self.stay.began_on,
            children: self.stay.children,
            checked_on: self.stay.checked_on,
            check_outcome: self.stay.check_outcome,
            has_exit_plan: self.decision.exit_plan.is_some(),
            decided_until: self.decision.valid_until,
        }
    }
}

/// The stays that go on.
pub(super) fn ongoing(tx: &mut Tx<'_>) -> Result<Vec<Ongoing>, Problem> {
    let stays = store::stays(tx, true, None, ONGOING_MAX)?;
    let decisions = store::decisions_of(tx, &stays)?;
    let decisions: BTreeMap<ShelterDecisionId, ShelterDecision> =
        decisions.into_iter().map(|row| (row.id, row)).collect();
    let ongoing = stays.into_iter().filter_map(|stay| {
        let decision = decisions.get(&stay.decision_id)?.clone();
        Some(Ongoing { stay, decision })
    });
    Ok(ongoing.collect())
}

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![Duty {
        name: "shelters.stays",
        when: When::DailyAt {
            hour: 5,
            minute: 45,
        },
        run: look_at_stays,
    }]
}

/// What is warned of falls to somebody, before it is too late for it.
fn look_at_stays(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let (today, terms) = (tx.today(), tasks::terms(tx)?);
    let mut wanted: BTreeMap<TaskKind, Vec<NewTask>> = BTreeMap::from([
        (TaskKind::CheckShelter, Vec::new()),
        (TaskKind::LeaveShelter, Vec::new()),
        (TaskKind::DecideShelterAnew, Vec::new()),
    ]);
    for it in ongoing(tx)? {
        for (kind, due_on) in rules::tasks(&it.staying(), &terms, today) {
            wanted.entry(kind).or_default().push(NewTask {
                kind,
                about: Subject::policy(it.stay.id),
                case: it.decision.application_id,
                household: None,
                due_on,
                assigned_to: None,
            });
        }
    }
    for (kind, tasks) in wanted {
        tasks::settle(tx, kind, &tasks)?;
    }
    Ok(Progress::Done)
}
