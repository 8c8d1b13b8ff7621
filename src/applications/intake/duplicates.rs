//! Whether the same was applied for before, and what is done then.

use std::collections::BTreeSet;

use super::model::{Duplicate, MergeReason};
use super::rules::{self, Claim};
use super::store::{self, Merge};
use crate::access;
use crate::applications::acts::{advance, load, of_households};
use crate::applications::{Application, ApplicationState, Step};
use crate::audit::Entry;
use crate::db::Tx;
use crate::ids::{ApplicationId, HouseholdId, PersonId, UserId};
use crate::people::{self, Member};
use crate::problem::{FieldFault, Problem};
use crate::tasks::{self, NewTask, TaskKind};

/// Asks somebody to look, where whoever receives an application may see another that is open for the same people.
pub(in crate::applications) fn point_out(
    tx: &mut Tx<'_>,
    case: &Application,
    members: &[Member],
) -> Result<(), Problem> {
    if of_members(tx, case, members)?.is_empty() {
        return Ok(());
    }
    let due_on = tasks::terms(tx)?.resolve_duplicate.after(tx.today());
    tasks::open(
        tx,
        NewTask {
            kind: TaskKind::ResolveDuplicate,
            about: case.id.into(),
            case: Some(case.id),
            household: None,
            due_on,
            assigned_to: None,
        },
    )
}

/// Other open cases of the same people: those that the caller may see, the first received first.
pub(super) fn of_case(tx: &mut Tx<'_>, case: &Application) -> Result<Vec<Duplicate>, Problem> {
    let members = members_of(tx, case.household_id)?;
    of_members(tx, case, &members)
}

fn of_members(
    tx: &mut Tx<'_>,
    case: &Application,
    members: &[Member],
) -> Result<Vec<Duplicate>, Problem> {
    let mut households = BTreeSet::new();
    for member in members {
        households.extend(people::households_of(tx, member.person_id)?);
    }
    households.remove(&case.household_id);
    if households.is_empty() {
        return Ok(Vec::new());
    }
    let households: Vec<HouseholdId> = households.into_iter().collect();
    let mut others = of_households(tx, &households)?;
    others.retain(|other| other.state.is_open());
    let ids: Vec<ApplicationId> = others.iter().map(|other| other.id).collect();
    let visible = access::visible_cases(tx, &ids)?;
    others.retain(|other| visible.contains(&other.id));
    let claim = claim_of(case, members);
    let mut found = Vec::new();
    for other in &others {
        let theirs = members_of(tx, other.household_id)?;
        if let Some(overlap) = rules::overlap(&claim, &claim_of(other, &theirs)) {
            found.push(Duplicate {
                case: other.id,
                received_on: other.received_on,
                overlap,
            });
        }
    }
    found.sort_by_key(|it| (it.received_on, it.case));
    Ok(found)
}

fn members_of(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Member>, Problem> {
    let members = people::members_of(tx, &[household])?.remove(&household);
    Ok(members.unwrap_or_default())
}

fn claim_of(case: &Application, members: &[Member]) -> Claim {
    let mut people: BTreeSet<PersonId> = members.iter().map(|it| it.person_id).collect();
    people.insert(case.applicant_id);
    Claim {
        case: case.id,
        received_on: case.received_on,
        is_open: case.state.is_open(),
        is_offered: case.state == ApplicationState::Offered,
        applicant: case.applicant_id,
        members: people,
    }
}

/// Lets a case go on in an older one. It stays on record as it is, and each history names the other.
pub(super) fn merge(
    tx: &mut Tx<'_>,
    case: &Application,
    into: ApplicationId,
    reason: MergeReason,
    by: UserId,
) -> Result<Application, Problem> {
    let other = load(tx, into).map_err(unknown)?;
    let ours = members_of(tx, case.household_id)?;
    let theirs = members_of(tx, other.household_id)?;
    rules::may_merge(&claim_of(case, &ours), &claim_of(&other, &theirs))?;
    let moved = advance(tx, case, Step::Merge)?;
    let row = Merge {
        municipality_id: tx.municipality(),
        application_id: case.id,
        into_id: other.id,
        reason,
        merged_by: by,
        merged_at: tx.now(),
    };
    store::insert_merge(tx, &row)?;
    for side in [case.id, other.id] {
        tasks::close(tx, TaskKind::ResolveDuplicate, side)?;
    }
    tx.record(
        Entry::change("application.merged")
            .of_case(case.id)
            .about(case.household_id)
            .about(other.id)
            .fact("reason", reason.code())
            .fact("into", other.id.to_string()),
    );
    tx.record(
        Entry::change("application.took_in")
            .of_case(other.id)
            .about(other.household_id)
            .about(case.id)
            .fact("reason", reason.code())
            .fact("from", case.id.to_string()),
    );
    Ok(moved)
}

/// The other case is named in the body, not in the path; what does not exist and what may not be seen are told alike.
fn unknown(problem: Problem) -> Problem {
    if problem.is_fault() {
        return problem;
    }
    let (nb, en) = ("Saken finnes ikke.", "The case does not exist.");
    Problem::invalid(vec![FieldFault::new("/intoId", "not_found", nb, en)])
}
