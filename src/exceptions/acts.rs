//! Opening a case in an emergency, reviewing it, and a leader's written word.

use jiff::SignedDuration;

use super::model::{EmergencyGround, Finding, MINUTES};
use super::rules::{self, Refusal, Review};
use super::store::{self, Emergency, Exception};
use crate::access;
use crate::applications::{self, Application};
use crate::audit::{Entry, Subject};
use crate::auth::Role;
use crate::crypto::Context;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, EmergencyId, ExceptionId, PersonId, UserId};
use crate::people;
use crate::problem::{NOT_FOUND, Problem, UNAUTHENTICATED};
use crate::tasks::{self, NewTask, TaskKind};

/// Opens a case for an hour, unless whoever asks is partial in it: then there is no such case.
pub(super) fn open(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    ground: EmergencyGround,
    reason: &str,
) -> Result<Emergency, Problem> {
    let user = caller(tx)?;
    let case = applications::load_in_emergency(tx, case)?;
    if access::visible_cases(tx, &[case.id])?.contains(&case.id) {
        return Err(Refusal::NoNeed.into());
    }
    let id: EmergencyId = tx.new_id();
    let place = place(tx, "emergency_access", id.uuid());
    let (_, post) = access::post_of(tx, user)?;
    let row = Emergency {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        user_id: user,
        application_id: case.id,
        ground,
        sealed_reason: people::seal_text(tx, case.applicant_id, place, reason)?,
        opened_at: tx.now(),
        expires_at: tx.now().plus(SignedDuration::from_mins(MINUTES)),
        leader_id: post.leader,
        review_due_on: tasks::terms(tx)?.review_emergency.after(tx.today()),
        reviewed_by: None,
        reviewed_at: None,
        finding: None,
    };
    store::insert(tx, &row)?;
    access::forget(tx);
    // It falls to the leader, who need not see the case to ask why it was opened.
    let task = NewTask {
        kind: TaskKind::ReviewEmergency,
        about: Subject::policy(id),
        case: None,
        household: None,
        due_on: row.review_due_on,
        assigned_to: row.leader_id,
    };
    tasks::open(tx, task)?;
    tx.record(
        Entry::change("emergency.opened")
            .of_case(case.id)
            .about(case.household_id)
            .about_all(row.leader_id)
            .about(Subject::policy(id))
            .fact("ground", ground.code())
            .fact("reviewDueOn", row.review_due_on.0.to_string()),
    );
    // Told to everybody in the household who asks who has looked.
    let members = people::members_of(tx, &[case.household_id])?;
    let people: Vec<PersonId> = members.values().flatten().map(|it| it.person_id).collect();
    let look = Entry::access("emergency.read").about(case.id);
    tx.record(look.about_all(people).fact("ground", ground.code()));
    Ok(row)
}

/// An access in an emergency that the caller may know of: the own one, one of somebody led, or any for those who control.
pub(super) fn load(tx: &mut Tx<'_>, id: EmergencyId) -> Result<Emergency, Problem> {
    let user = caller(tx)?;
    let found = store::find(tx, id)?;
    let is_controlling = controls(tx);
    let is_known =
        |it: &Emergency| is_controlling || it.user_id == user || it.leader_id == Some(user);
    found
        .filter(is_known)
        .ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Whether the caller sees every access in an emergency.
pub(super) fn controls(tx: &Tx<'_>) -> bool {
    let roles = &tx.caller().roles;
    [Role::Auditor, Role::PrivacyOfficer]
        .iter()
        .any(|role| roles.contains(role))
}

/// The reason in words.
pub(super) fn reason_of(tx: &mut Tx<'_>, of: &Emergency) -> Result<String, Problem> {
    let place = place(tx, "emergency_access", of.id.uuid());
    open_reason(tx, of.application_id, place, &of.sealed_reason)
}

/// Keeps what a review has found.
pub(super) fn review(
    tx: &mut Tx<'_>,
    of: &Emergency,
    finding: Finding,
) -> Result<Emergency, Problem> {
    let by = caller(tx)?;
    rules::may_review(Review {
        by,
        is_same_person: access::is_same_person(tx, by, of.user_id)?,
        leader: of.leader_id,
        is_privacy_officer: tx.caller().roles.contains(&Role::PrivacyOfficer),
        is_reviewed: of.reviewed_at.is_some(),
    })?;
    must_be_current(store::review(tx, of, by, finding)?)?;
    tasks::close(tx, TaskKind::ReviewEmergency, Subject::policy(of.id))?;
    tx.record(
        Entry::change("emergency.reviewed")
            .of_case(of.application_id)
            .about(of.user_id)
            .about(Subject::policy(of.id))
            .fact("finding", finding.code()),
    );
    store::find(tx, of.id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Lets an employee handle a case in spite of being partial in it, by the written word of an impartial leader.
pub(super) fn except(
    tx: &mut Tx<'_>,
    case: &Application,
    user: UserId,
    reason: &str,
) -> Result<Exception, Problem> {
    let by = caller(tx)?;
    must_lead(tx, by, user)?;
    if !access::is_partial(tx, user, case.household_id)? {
        return Err(Refusal::NotPartial.into());
    }
    let before = store::exceptions_of(tx, case.id)?;
    let holds = |it: &Exception| it.user_id == user && it.withdrawn_at.is_none();
    if before.iter().any(holds) {
        return Err(Refusal::AlreadyExcepted.into());
    }
    let id: ExceptionId = tx.new_id();
    let place = place(tx, "impartiality_exception", id.uuid());
    let row = Exception {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        user_id: user,
        application_id: case.id,
        sealed_reason: people::seal_text(tx, case.applicant_id, place, reason)?,
        granted_by: by,
        granted_at: tx.now(),
        withdrawn_at: None,
    };
    store::insert_exception(tx, &row)?;
    let entry = Entry::change("exception.granted").of_case(case.id);
    tx.record(entry.about(user).about(Subject::policy(id)));
    Ok(row)
}

/// The leader of an employee, or of that leader: where a leader is partial, the one above decides.
fn must_lead(tx: &mut Tx<'_>, by: UserId, user: UserId) -> Result<(), Problem> {
    let first = match access::post_of(tx, user) {
        Ok((_, post)) => post.leader,
        Err(problem) if problem.is_fault() => return Err(problem),
        Err(_) => None,
    };
    let second = match first {
        Some(leader) => access::post_of(tx, leader)?.1.leader,
        None => None,
    };
    let leads = first == Some(by) || second == Some(by);
    if leads && !access::is_same_person(tx, by, user)? {
        Ok(())
    } else {
        Err(Refusal::NotLeader.into())
    }
}

/// The exceptions in a case, with their reasons.
pub(super) fn exceptions_of(
    tx: &mut Tx<'_>,
    case: &Application,
) -> Result<Vec<(Exception, String)>, Problem> {
    let mut told = Vec::new();
    for exception in store::exceptions_of(tx, case.id)? {
        let place = place(tx, "impartiality_exception", exception.id.uuid());
        let reason = open_reason(tx, case.id, place, &exception.sealed_reason)?;
        told.push((exception, reason));
    }
    Ok(told)
}

/// An exception in a case that the caller may see.
pub(super) fn load_exception(tx: &mut Tx<'_>, id: ExceptionId) -> Result<Exception, Problem> {
    let found = store::find_exception(tx, id)?;
    let case = found.as_ref().map(|it| it.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Takes a leader's word back.
pub(super) fn withdraw(tx: &mut Tx<'_>, of: &Exception) -> Result<Exception, Problem> {
    let by = caller(tx)?;
    must_lead(tx, by, of.user_id)?;
    if of.withdrawn_at.is_some() {
        return Err(Refusal::AlreadyWithdrawn.into());
    }
    must_be_current(store::withdraw(tx, of)?)?;
    let entry = Entry::change("exception.withdrawn").of_case(of.application_id);
    tx.record(entry.about(of.user_id).about(Subject::policy(of.id)));
    store::find_exception(tx, of.id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// Where a reason stands: it opens nowhere else.
fn place(tx: &Tx<'_>, table: &'static str, row: uuid::Uuid) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table,
        column: "sealed_reason",
        row,
    }
}

fn open_reason(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    place: Context,
    sealed: &str,
) -> Result<String, Problem> {
    use secrecy::ExposeSecret as _;
    let applicant = applications::applicant_of(tx, case)?;
    let text = people::open_text(tx, applicant, place, sealed)?;
    Ok(text.expose_secret().to_owned())
}

fn caller(tx: &Tx<'_>) -> Result<UserId, Problem> {
    let user = tx.caller().actor.user();
    user.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}
