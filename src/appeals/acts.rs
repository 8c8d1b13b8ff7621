//! Receiving an appeal, and looking whether it is admissible.

use super::letters;
use super::lifecycle::{AppealMove, AppealState};
use super::model::{AppealForm, LateGround, Words};
use super::rules::{self, Facts, Refusal};
use super::store::{self, Appeal};
use super::words;
use crate::access::{self, Rooms, Statement, TextKind};
use crate::applications;
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{self, AppealRight, Decision, DecisionState};
use crate::eligibility::rooms_of_text;
use crate::http::must_be_current;
use crate::ids::{AppealId, ApplicationId, PersonId, UserId};
use crate::letters::Language;
use crate::outbox::{self, Outgoing, Topic};
use crate::parties::{self, RepresentationScope};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tasks::{self, NewTask, TaskKind};

/// An appeal as it came in.
#[derive(Debug)]
pub(super) struct Receipt {
    pub(super) appellant: Option<PersonId>,
    pub(super) form: AppealForm,
    pub(super) sent_on: Day,
    pub(super) received_on: Day,
    pub(super) grounds: String,
    /// The compartments in which that lies, where the writer says so.
    pub(super) compartments: Option<Rooms>,
}

/// Receives an appeal. Whether it is admissible is looked at afterwards: none is turned away at the door.
pub(super) fn receive(
    tx: &mut Tx<'_>,
    decision: &Decision,
    receipt: &Receipt,
    by: UserId,
) -> Result<Appeal, Problem> {
    let is_made = matches!(
        decision.state,
        DecisionState::Approved | DecisionState::Replaced
    );
    let (true, Some(decider)) = (is_made, decision.decided_by) else {
        return Err(Refusal::NothingToAppeal.into());
    };
    let mut faults = rules::faults_of_days(receipt.sent_on, receipt.received_on, tx.today());
    let case = applications::load(tx, decision.application_id)?;
    let appellant = receipt.appellant.unwrap_or(case.applicant_id);
    let is_hidden = access::visible_people(tx, &[appellant])?.is_empty();
    if is_hidden || people::name_of(tx, appellant)?.is_none() {
        let (nb, en) = ("Personen finnes ikke.", "The person does not exist.");
        faults.push(FieldFault::new("/appellantId", "not_found", nb, en));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let decided_on = decision.decided_at.map_or(tx.today(), Instant::day);
    let right = AppealRight::of(decision.legal_basis, decided_on)
        .ok_or_else(|| Problem::internal("no right of appeal for a law"))?;
    let id: AppealId = tx.new_id();
    let said = (receipt.compartments.as_ref(), "/compartments");
    let rooms = rooms_of_text(tx, &case, TextKind::AppealGrounds, said)?;
    let said = Words::of(Statement::new(receipt.grounds.as_str(), rooms));
    let row = Appeal {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        application_id: case.id,
        decision_id: decision.id,
        appellant_id: appellant,
        state: AppealState::Received,
        body: right.body,
        form: receipt.form,
        sent_on: receipt.sent_on,
        received_on: receipt.received_on,
        first_proposer: decision.proposed_by,
        first_decider: decider,
        received_by: by,
        received_at: tx.now(),
        in_time: None,
        late_ground: None,
        checked_by: None,
        reviewed_by: None,
        reviewed_at: None,
        new_decision_id: None,
        package_sha256: None,
        forwarded_at: None,
        outcome: None,
        raised_to: None,
        concluded_by: None,
        concluded_at: None,
        sealed: words::seal(tx, &case, id, &said)?,
    };
    store::insert(tx, &row)?;
    ask_for_handling(tx, &row)?;
    outbox::put(tx, Outgoing::new(Topic::Incoming, case.id, row.id))?;
    tx.record(
        entry_of("appeal.received", &row)
            .about(row.appellant_id)
            .fact("sentOn", row.sent_on.0.to_string())
            .fact("receivedOn", row.received_on.0.to_string())
            .fact("body", row.body.code()),
    );
    Ok(row)
}

/// Asks people to handle an appeal.
fn ask_for_handling(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<(), Problem> {
    let task = NewTask {
        kind: TaskKind::HandleAppeal,
        about: appeal.decision_id.into(),
        case: Some(appeal.application_id),
        household: None,
        due_on: tasks::terms(tx)?.handle_appeal.after(tx.today()),
        assigned_to: None,
    };
    tasks::open(tx, task)
}

/// An appeal in a case that the caller may see.
pub fn load(tx: &mut Tx<'_>, id: AppealId) -> Result<Appeal, Problem> {
    let found = store::find(tx, id)?;
    let case = found.as_ref().map(|it| it.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The appeals of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Appeal>, Problem> {
    store::of_case(tx, case)
}

/// Takes a move, with whatever else becomes known by it.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    of: &Appeal,
    by: AppealMove,
    change: impl FnOnce(&mut Appeal),
) -> Result<Appeal, Problem> {
    let mut to = of.clone();
    to.state = rules::take(of.state, by)?;
    to.version = of.version + 1;
    change(&mut to);
    must_be_current(store::change(tx, of, &to)?)?;
    Ok(to)
}

/// Adds to what was said.
pub(super) fn say(
    tx: &mut Tx<'_>,
    of: &Appeal,
    add: impl FnOnce(&mut Words),
) -> Result<String, Problem> {
    let mut said = words::open(tx, of)?;
    add(&mut said);
    let case = applications::load(tx, of.application_id)?;
    words::seal(tx, &case, of.id, &said)
}

/// What somebody writes about an appeal, and where that lies.
pub(super) fn stated(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    kind: TextKind,
    (text, said): (&str, Option<&Rooms>),
) -> Result<Statement, Problem> {
    let case = applications::load(tx, appeal.application_id)?;
    let rooms = rooms_of_text(tx, &case, kind, (said, "/compartments"))?;
    Ok(Statement::new(text, rooms))
}

/// Looks whether an appeal is in time.
pub(super) fn check(tx: &mut Tx<'_>, appeal: &Appeal, by: UserId) -> Result<Appeal, Problem> {
    let facts = facts(tx, appeal)?;
    let moved = advance(tx, appeal, AppealMove::Check, |to| {
        to.in_time = Some(facts.is_in_time);
        to.checked_by = Some(by);
    })?;
    tx.record(
        entry_of("appeal.checked", appeal)
            .fact("inTime", facts.is_in_time)
            .fact("byParty", facts.is_by_party),
    );
    Ok(moved)
}

pub(super) fn facts(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Facts, Problem> {
    let decision = decisions::load(tx, appeal.decision_id)?;
    let case = applications::load(tx, appeal.application_id)?;
    let is_by_party =
        match parties::may_act(tx, &case, appeal.appellant_id, RepresentationScope::Appeal) {
            Ok(_) => true,
            Err(problem) if problem.is_fault() => return Err(problem),
            Err(_) => false,
        };
    Ok(Facts {
        is_in_time: rules::is_in_time(decision.appeal_until, appeal.sent_on),
        is_by_party,
        decided_on: decision.decided_at.map_or(appeal.sent_on, Instant::day),
        sent_on: appeal.sent_on,
    })
}

/// Takes an appeal up; a late one for a reason.
pub(super) fn admit(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    late: Option<(LateGround, Statement)>,
) -> Result<Appeal, Problem> {
    rules::take(appeal.state, AppealMove::Admit)?;
    let facts = facts(tx, appeal)?;
    let ground = late.as_ref().map(|(ground, _)| *ground);
    rules::may_admit(facts, ground)?;
    let sealed = say(tx, appeal, |said| {
        said.admissibility = late.map(|(_, why)| why);
    })?;
    let moved = advance(tx, appeal, AppealMove::Admit, |to| {
        to.late_ground = ground;
        to.sealed = sealed;
    })?;
    let entry = entry_of("appeal.admitted", appeal).fact("inTime", facts.is_in_time);
    tx.record(match ground {
        Some(ground) => entry.fact("lateGround", ground.code()),
        None => entry,
    });
    Ok(moved)
}

/// Does not take an appeal up. That is a decision too, which can be appealed: the letter says so.
pub(super) fn dismiss(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    why: Statement,
    language: Language,
) -> Result<Appeal, Problem> {
    rules::take(appeal.state, AppealMove::Dismiss)?;
    let facts = facts(tx, appeal)?;
    rules::may_dismiss(facts)?;
    letters::dismissed(tx, appeal, facts, &why, language)?;
    let sealed = say(tx, appeal, |said| said.admissibility = Some(why))?;
    let moved = advance(tx, appeal, AppealMove::Dismiss, |to| to.sealed = sealed)?;
    done(tx, appeal)?;
    tx.record(
        entry_of("appeal.dismissed", appeal)
            .fact("inTime", facts.is_in_time)
            .fact("byParty", facts.is_by_party),
    );
    Ok(moved)
}

/// The appellant withdraws the appeal.
pub(super) fn withdraw(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Appeal, Problem> {
    let moved = advance(tx, appeal, AppealMove::Withdraw, |_| ())?;
    done(tx, appeal)?;
    tx.record(entry_of("appeal.withdrawn", appeal));
    Ok(moved)
}

/// Everything that follows from an appeal is done.
pub(super) fn close(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Appeal, Problem> {
    let moved = advance(tx, appeal, AppealMove::Close, |_| ())?;
    tx.record(entry_of("appeal.closed", appeal));
    Ok(moved)
}

/// Nobody in the house has to do anything about it any more.
pub(super) fn done(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<(), Problem> {
    tasks::close(tx, TaskKind::HandleAppeal, appeal.decision_id)
}

/// An entry about an appeal, its decision and its case.
pub(super) fn entry_of(action: &'static str, appeal: &Appeal) -> Entry {
    Entry::change(action)
        .of_case(appeal.application_id)
        .about(appeal.decision_id)
        .fact("appeal", appeal.id.to_string())
}
