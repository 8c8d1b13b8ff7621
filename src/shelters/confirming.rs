//! A decision that was made in an emergency is confirmed by one of the housing case, from which the party has the letter and the appeal.
//!
//! A decision is made in writing and the party is told of it in writing (forvaltningsloven §§ 23 and 27). Where the night comes before
//! that can be done, it is made at once and told by word of mouth; the writing follows. Who proposes and who decides are then two, the
//! letter says how to appeal to Statsforvalteren, and the term runs from its receipt.

use super::acts::entry_of;
use super::rules::{self, Refusal};
use super::store::{self, ShelterDecision};
use crate::access;
use crate::applications;
use crate::audit::Subject;
use crate::clock::Day;
use crate::db::Tx;
use crate::decisions::{self, AppealRight, Decision, LegalBasis};
use crate::http::must_be_current;
use crate::ids::{ApplicationId, DecisionId};
use crate::people;
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tasks::{self, NewTask, TaskKind};

/// Asks for the writing, where a decision was made without.
pub(super) fn ask_for(tx: &mut Tx<'_>, row: &ShelterDecision) -> Result<(), Problem> {
    if row.decision_id.is_some() {
        return Ok(());
    }
    let due_on = tasks::terms(tx)?.confirm_shelter.after(tx.today());
    let task = NewTask {
        kind: TaskKind::ConfirmShelter,
        about: Subject::policy(row.id),
        case: row.application_id,
        household: None,
        due_on,
        assigned_to: None,
    };
    tasks::open(tx, task)
}

/// Names the decision of the housing case by which one that was made in an emergency is confirmed.
pub(super) fn confirm(
    tx: &mut Tx<'_>,
    row: ShelterDecision,
    by: DecisionId,
) -> Result<ShelterDecision, Problem> {
    if row.decision_id.is_some() {
        return Err(Refusal::AlreadyConfirmed.into());
    }
    let made = find_named(tx, by)?.filter(|made| rules::decides_the_same(made, row.outcome));
    let case = made.map(|made| made.application_id);
    let fits = match case {
        Some(case) => is_case_of(tx, case, &row)?,
        None => false,
    };
    if !fits {
        return Err(Problem::invalid(vec![does_not_fit()]));
    }
    let confirmed = ShelterDecision {
        version: row.version + 1,
        application_id: case,
        decision_id: Some(by),
        ..row
    };
    must_be_current(store::set_decision(tx, &confirmed)?)?;
    tasks::close(tx, TaskKind::ConfirmShelter, Subject::policy(confirmed.id))?;
    tx.record(entry_of("shelter.confirmed", &confirmed).about(by));
    Ok(confirmed)
}

/// Whether it is a case of the same household: the one that was named in the emergency, where one was.
fn is_case_of(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    row: &ShelterDecision,
) -> Result<bool, Problem> {
    if row.application_id.is_some_and(|named| named != case) {
        return Ok(false);
    }
    let applicant = people::applicant_of(tx, row.household_id)?;
    let case = applications::look_up(tx, case)?;
    let is_partial = access::is_barred(tx, row.household_id)?;
    Ok(Some(case.applicant_id) == applicant && !is_partial)
}

/// The decision of the housing case that is named, if there is one.
pub(super) fn find_named(tx: &mut Tx<'_>, id: DecisionId) -> Result<Option<Decision>, Problem> {
    match decisions::look_up(tx, id) {
        Err(problem) if problem.kind == &NOT_FOUND => Ok(None),
        found => found.map(Some),
    }
}

/// By which law it was decided, to whom it can be appealed, and until when: the last day is known once the party was notified of the
/// decision in the housing case.
pub(super) fn appeal_of(
    tx: &mut Tx<'_>,
    row: &ShelterDecision,
) -> Result<(&'static AppealRight, Option<Day>), Problem> {
    let right = AppealRight::of(LegalBasis::TemporaryAccommodation, row.decided_at.day());
    let right = right.ok_or_else(|| Problem::internal("no right of appeal for a law"))?;
    let until = match row.decision_id {
        Some(id) => decisions::look_up(tx, id)?.appeal_until,
        None => None,
    };
    Ok((right, until))
}

/// A decision that is named and decides something else.
pub(super) fn does_not_fit() -> FieldFault {
    FieldFault::new(
        "/decisionId",
        "does_not_fit",
        "Vedtaket gjelder ikke dette.",
        "The decision is not about this.",
    )
}
