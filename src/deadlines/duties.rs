//! Every morning, and after a death every few minutes: what is due of whom.

use super::deaths;
use super::rules;
use super::store;
use crate::applications::{self, Application, ApplicationState};
use crate::clock::Day;
use crate::db::Tx;
use crate::decisions;
use crate::problem::Problem;
use crate::rulesets;
use crate::tasks::{self, Duty, NewTask, Progress, TaskKind, When};
use crate::tenancies;

/// The duties of this slice.
#[must_use]
pub fn duties() -> Vec<Duty> {
    vec![
        Duty {
            name: "deadlines.cases",
            when: When::DailyAt {
                hour: 5,
                minute: 15,
            },
            run: look_at_cases,
        },
        Duty {
            name: "deadlines.leases",
            when: When::DailyAt {
                hour: 5,
                minute: 30,
            },
            run: look_at_leases,
        },
        Duty {
            name: "deadlines.deaths",
            when: When::EveryMinutes(5),
            run: deaths::look,
        },
    ]
}

fn look_at_cases(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let today = tx.today();
    // Without rules nothing can be decided, and nothing is due but to adopt some.
    let Some(adopted) = rulesets::find_in_force(tx, today)? else {
        return Ok(Progress::Done);
    };
    let deadlines = adopted.rules.deadlines;
    let assigned_within = tasks::terms(tx)?.assign_case;
    let promises = store::promises(tx)?;
    let helped = decisions::cases_with_assistance(tx)?;
    let (mut unassigned, mut first, mut later, mut unhelped) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for case in applications::open_or_refused(tx)? {
        let promise = promises.get(&case.id).copied();
        let by = rules::next_word_by(case.received_on, promise, &deadlines);
        if case.state == ApplicationState::Submitted {
            let due = assigned_within.after(case.received_on);
            unassigned.push(task(TaskKind::AssignCase, &case, due));
        }
        if case.state.is_undecided() {
            match promise {
                None => first.push(task(TaskKind::InterimReply, &case, by)),
                Some(_) => later.push(task(TaskKind::DelayNotice, &case, by)),
            }
        }
        // That a home is waited for, or was refused, does not answer whether the household is to be helped.
        if case.state != ApplicationState::Submitted && !helped.contains(&case.id) {
            let due = deadlines.decision_or_reply.last_day(case.received_on);
            unhelped.push(task(TaskKind::DecideAssistance, &case, due));
        }
    }
    tasks::settle(tx, TaskKind::AssignCase, &unassigned)?;
    tasks::settle(tx, TaskKind::InterimReply, &first)?;
    tasks::settle(tx, TaskKind::DelayNotice, &later)?;
    tasks::settle(tx, TaskKind::DecideAssistance, &unhelped)?;
    Ok(Progress::Done)
}

fn task(kind: TaskKind, case: &Application, due_on: Day) -> NewTask {
    NewTask {
        kind,
        about: case.id.into(),
        case: Some(case.id),
        household: None,
        due_on,
        assigned_to: case.assigned_to,
    }
}

/// Whether a lease is renewed is assessed so long before its end that a refusal can be appealed and a home found.
fn look_at_leases(tx: &mut Tx<'_>) -> Result<Progress, Problem> {
    let today = tx.today();
    let Some(adopted) = rulesets::find_in_force(tx, today)? else {
        return Ok(Progress::Done);
    };
    let months = i32::from(adopted.rules.deadlines.renewal_review_months);
    // A month ahead of its day the task stands on the list.
    let until = today.plus_months(months + 1);
    let wanted: Vec<NewTask> = tenancies::ending_until(tx, until)?
        .into_iter()
        .map(|(tenancy, household, ends_on)| NewTask {
            kind: TaskKind::RenewalReview,
            about: tenancy.into(),
            case: None,
            household: Some(household),
            due_on: ends_on.plus_months(-months).or_next_working_day(),
            assigned_to: None,
        })
        .collect();
    tasks::settle(tx, TaskKind::RenewalReview, &wanted)?;
    // One that ran out while its tenant stays runs on without an end, unless somebody acts within three months (husleieloven § 9-2).
    let ran_out: Vec<NewTask> = tenancies::ending_until(tx, today)?
        .into_iter()
        .map(|(tenancy, household, ended_on)| NewTask {
            kind: TaskKind::LeaseRanOut,
            about: tenancy.into(),
            case: None,
            household: Some(household),
            due_on: tenancies::open_ended_from(ended_on).working_days_before(1),
            assigned_to: None,
        })
        .collect();
    tasks::settle(tx, TaskKind::LeaseRanOut, &ran_out)?;
    Ok(Progress::Done)
}
