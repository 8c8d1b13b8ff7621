//! What is to be settled when somebody has died: in each open case of the household, and in its lease.
//!
//! Nothing is closed by that. Who decides is told what there is to decide; the task goes when the case or the lease ends, or when the
//! register takes the death back.

use std::collections::BTreeMap;

use super::rules;
use crate::applications;
use crate::audit::Subject;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::HouseholdId;
use crate::people::{self, Member};
use crate::problem::Problem;
use crate::tasks::{self, NewTask, Progress, TaskKind};
use crate::tenancies::{self, TenancyState};

/// The kinds of tasks to which a death leads.
const KINDS: [TaskKind; 3] = [
    TaskKind::ApplicantDied,
    TaskKind::MemberDied,
    TaskKind::TenantDied,
];

/// What is asked for, about what; of several deaths the last one counts.
type Asked = BTreeMap<(TaskKind, Subject), NewTask>;

/// Opens what is to be settled, and drops what is not any more.
pub(super) fn look(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let bereaved = people::bereaved(tx)?;
    let mut asked = Asked::new();
    ask_in_cases(tx, &bereaved, &mut asked)?;
    ask_of_leases(tx, &bereaved, &mut asked)?;
    for kind in KINDS {
        let of_kind = asked.values().filter(|task| task.kind == kind);
        let of_kind: Vec<NewTask> = of_kind.copied().collect();
        tasks::settle(tx, kind, &of_kind)?;
    }
    Ok(Progress::Done)
}

fn ask_in_cases(
    tx: &mut Tx<'_>,
    bereaved: &BTreeMap<HouseholdId, Vec<Member>>,
    asked: &mut Asked,
) -> Result<(), Problem> {
    let households: Vec<HouseholdId> = bereaved.keys().copied().collect();
    for case in applications::of_households(tx, &households)? {
        if !case.state.is_open() {
            continue;
        }
        for member in dead(bereaved.get(&case.household_id)) {
            let task = NewTask {
                kind: rules::asked_in_case(member.role),
                about: case.id.into(),
                case: Some(case.id),
                household: None,
                due_on: due(tx, member)?,
                assigned_to: case.assigned_to,
            };
            ask(asked, task);
        }
    }
    Ok(())
}

fn ask_of_leases(
    tx: &mut Tx<'_>,
    bereaved: &BTreeMap<HouseholdId, Vec<Member>>,
    asked: &mut Asked,
) -> Result<(), Problem> {
    let households: Vec<HouseholdId> = bereaved.keys().copied().collect();
    for tenancy in tenancies::of_households(tx, &households)? {
        if tenancy.state != TenancyState::Active {
            continue;
        }
        for member in dead(bereaved.get(&tenancy.household_id)) {
            if !rules::bears_on_lease(member.role) {
                continue;
            }
            let task = NewTask {
                kind: TaskKind::TenantDied,
                about: tenancy.id.into(),
                case: None,
                household: Some(tenancy.household_id),
                due_on: due(tx, member)?,
                assigned_to: None,
            };
            ask(asked, task);
        }
    }
    Ok(())
}

fn dead(members: Option<&Vec<Member>>) -> impl Iterator<Item = &Member> {
    let members = members.into_iter().flatten();
    members.filter(|member| member.death_known_at.is_some())
}

/// By when it is to be settled.
fn due(tx: &mut Tx<'_>, member: &Member) -> Result<Day, Problem> {
    let known_on = member.death_known_at.map_or(tx.today(), Instant::day);
    let days = people::days_of_death(tx, &[member.person_id])?;
    let died_on = days.get(&member.person_id).copied();
    let term = tasks::terms(tx)?.after_death;
    Ok(rules::due_after_death(died_on, known_on, term))
}

fn ask(asked: &mut Asked, task: NewTask) {
    let of = asked.entry((task.kind, task.about)).or_insert(task);
    of.due_on = of.due_on.max(task.due_on);
}
