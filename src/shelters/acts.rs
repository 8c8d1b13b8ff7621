//! Deciding on temporary accommodation, and keeping the ledger of stays.

use secrecy::ExposeSecret as _;

use super::confirming;
use super::model::{CheckOutcome, Place, ProviderKind, ShelterOutcome};
use super::rules::{self, Refusal};
use super::store::{self, ShelterDecision, Stay};
use crate::access::{self, Rooms, Statement, TextKind};
use crate::applications;
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::crypto::Context;
use crate::db::Tx;
use crate::decisions::LegalBasis;
use crate::eligibility::rooms_of_household_text;
use crate::http::must_be_current;
use crate::ids::{
    ApplicationId, DecisionId, HouseholdId, PersonId, ShelterDecisionId, ShelterProviderId, StayId,
};
use crate::people::{self, MemberRole};
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tasks::{self, TaskKind};

/// What is decided for a household.
#[derive(Debug)]
pub(super) struct Deciding {
    pub(super) household: HouseholdId,
    pub(super) application: Option<ApplicationId>,
    pub(super) decision: Option<DecisionId>,
    pub(super) outcome: ShelterOutcome,
    pub(super) valid_from: Day,
    pub(super) valid_until: Day,
    pub(super) reasons: String,
    /// The compartments in which they lie, where the writer says so.
    pub(super) compartments: Option<Rooms>,
}

pub(super) fn decide(tx: &mut Tx<'_>, deciding: &Deciding) -> Result<ShelterDecision, Problem> {
    let (from, until) = (deciding.valid_from, deciding.valid_until);
    let longest = tasks::terms(tx)?.shelter_stay;
    let mut faults = rules::faults_of_period(from, until, longest, tx.today());
    // An emergency is no excuse for deciding about one's own (forvaltningsloven § 6).
    let is_partial = access::is_barred(tx, deciding.household)?;
    let applicant = people::applicant_of(tx, deciding.household)?;
    let applicant = applicant.filter(|_| !is_partial);
    if applicant.is_none() {
        faults.push(not_found(
            "/householdId",
            "Husstanden finnes ikke.",
            "The household does not exist.",
        ));
    }
    if let Some(case) = deciding.application {
        let found = match applications::look_up(tx, case) {
            Ok(case) => Some(case),
            Err(problem) if problem.kind == &NOT_FOUND => None,
            Err(problem) => return Err(problem),
        };
        if found.is_none_or(|case| Some(case.applicant_id) != applicant) {
            faults.push(not_found(
                "/applicationId",
                "Saken finnes ikke for husstanden.",
                "The household has no such case.",
            ));
        }
    }
    if let Some(id) = deciding.decision {
        let made = confirming::find_named(tx, id)?;
        let made = made.filter(|made| Some(made.application_id) == deciding.application);
        if !made.is_some_and(|made| rules::decides_the_same(&made, deciding.outcome)) {
            faults.push(confirming::does_not_fit());
        }
    }
    let (true, Some(applicant)) = (faults.is_empty(), applicant) else {
        return Err(Problem::invalid(faults));
    };
    let id = tx.new_id();
    let said = (deciding.compartments.as_ref(), "/compartments");
    let kind = TextKind::ShelterReasons;
    let rooms = rooms_of_household_text(tx, deciding.household, kind, said)?;
    let reasons = Statement::new(deciding.reasons.as_str(), rooms).to_json()?;
    let place = context(tx, id, "reasons");
    let row = ShelterDecision {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        household_id: deciding.household,
        application_id: deciding.application,
        decision_id: deciding.decision,
        outcome: deciding.outcome,
        valid_from: deciding.valid_from,
        valid_until: deciding.valid_until,
        reasons: people::seal_text(tx, applicant, place, &reasons)?,
        exit_plan: None,
        exit_by: None,
        decided_by: tx.caller().actor.user(),
        decided_at: tx.now(),
    };
    store::insert_decision(tx, &row)?;
    confirming::ask_for(tx, &row)?;
    let entry = entry_of("shelter.decided", &row).about(applicant);
    tx.record(
        entry
            .fact("outcome", row.outcome.code())
            .fact("legalBasis", LegalBasis::TemporaryAccommodation.code()),
    );
    Ok(row)
}

/// Writes down what comes after, and by when.
pub(super) fn plan_exit(
    tx: &mut Tx<'_>,
    row: ShelterDecision,
    (plan, said): (&str, Option<&Rooms>),
    by: Day,
) -> Result<ShelterDecision, Problem> {
    let applicant = must_apply(tx, row.household_id)?;
    let said = (said, "/compartments");
    let rooms = rooms_of_household_text(tx, row.household_id, TextKind::ExitPlan, said)?;
    let plan = Statement::new(plan, rooms).to_json()?;
    let place = context(tx, row.id, "exit_plan");
    let planned = ShelterDecision {
        version: row.version + 1,
        exit_plan: Some(people::seal_text(tx, applicant, place, &plan)?),
        exit_by: Some(by),
        ..row
    };
    must_be_current(store::set_exit_plan(tx, &planned)?)?;
    tx.record(entry_of("shelter.exit_planned", &planned).about(applicant));
    Ok(planned)
}

/// The texts of a decision: its reasons, and the plan for what comes after.
pub(super) fn texts(
    tx: &mut Tx<'_>,
    row: &ShelterDecision,
) -> Result<(Statement, Option<Statement>), Problem> {
    let applicant = must_apply(tx, row.household_id)?;
    let place = context(tx, row.id, "reasons");
    let reasons = people::open_text(tx, applicant, place, &row.reasons)?;
    let place = context(tx, row.id, "exit_plan");
    let plan = match &row.exit_plan {
        Some(sealed) => {
            let plan = people::open_text(tx, applicant, place, sealed)?;
            Some(Statement::from_json(plan.expose_secret())?)
        }
        None => None,
    };
    Ok((Statement::from_json(reasons.expose_secret())?, plan))
}

/// The same, as far as they are told to the caller.
pub(super) fn texts_told(
    tx: &mut Tx<'_>,
    row: &ShelterDecision,
) -> Result<(Option<String>, Option<String>), Problem> {
    let (reasons, plan) = texts(tx, row)?;
    let openings = access::openings_of(tx, row.household_id)?;
    let plan = plan.and_then(|it| it.told_to(&openings));
    Ok((reasons.told_to(&openings), plan))
}

pub(super) fn begin_stay(
    tx: &mut Tx<'_>,
    decision: &ShelterDecision,
    provider: ShelterProviderId,
    on: Day,
) -> Result<Stay, Problem> {
    if on > tx.today() {
        return Err(ahead("/beganOn"));
    }
    let Some(provider) = store::find_provider(tx, provider)? else {
        let fault = not_found(
            "/providerId",
            "Botilbudet finnes ikke.",
            "The place does not exist.",
        );
        return Err(Problem::invalid(vec![fault]));
    };
    // Children count whatever the one who places the household may see of it.
    let household = decision.household_id;
    let members = people::members_of(tx, &[household])?.remove(&household);
    let children = members
        .unwrap_or_default()
        .iter()
        .filter(|it| it.role == MemberRole::Child)
        .count();
    let place = Place {
        kind: provider.kind,
        suits_children: provider.suits_children,
        checked_on: provider.checked_on,
        is_open: provider.is_open,
    };
    let period = (decision.valid_from, decision.valid_until);
    let check_lasts = tasks::terms(tx)?.shelter_check_lasts;
    rules::may_stay(decision.outcome, period, &place, children, check_lasts, on)?;
    let row = Stay {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        decision_id: decision.id,
        household_id: decision.household_id,
        provider_id: provider.id,
        children: i32::try_from(children).unwrap_or(i32::MAX),
        nightly_ore: provider.nightly_ore,
        is_night_shelter: provider.kind == ProviderKind::NightShelter,
        began_on: on,
        ended_on: None,
        checked_on: None,
        check_outcome: None,
    };
    store::insert_stay(tx, &row)?;
    note_stay(tx, "shelter.stay_begun", &row);
    Ok(row)
}

pub(super) fn end_stay(tx: &mut Tx<'_>, row: &Stay, on: Day) -> Result<Stay, Problem> {
    must_go_on(row)?;
    if on > tx.today() {
        return Err(ahead("/endedOn"));
    }
    if on < row.began_on {
        let fault = FieldFault::new(
            "/endedOn",
            "before_begin",
            "Ligger før begynnelsen.",
            "Lies before the beginning.",
        );
        return Err(Problem::invalid(vec![fault]));
    }
    let ended = Stay {
        version: row.version + 1,
        ended_on: Some(on),
        ..row.clone()
    };
    must_be_current(store::update_stay(tx, &ended)?)?;
    for kind in [
        TaskKind::CheckShelter,
        TaskKind::LeaveShelter,
        TaskKind::DecideShelterAnew,
    ] {
        tasks::close(tx, kind, Subject::policy(row.id))?;
    }
    note_stay(tx, "shelter.stay_ended", &ended);
    Ok(ended)
}

/// Writes down that somebody looked at how a household stays.
pub(super) fn check_stay(
    tx: &mut Tx<'_>,
    row: &Stay,
    on: Day,
    outcome: CheckOutcome,
) -> Result<Stay, Problem> {
    must_go_on(row)?;
    if on > tx.today() {
        return Err(ahead("/checkedOn"));
    }
    let checked = Stay {
        version: row.version + 1,
        checked_on: Some(on),
        check_outcome: Some(outcome),
        ..row.clone()
    };
    must_be_current(store::update_stay(tx, &checked)?)?;
    tasks::close(tx, TaskKind::CheckShelter, Subject::policy(row.id))?;
    note_stay(tx, "shelter.stay_checked", &checked);
    Ok(checked)
}

fn must_go_on(row: &Stay) -> Result<(), Refusal> {
    if row.ended_on.is_some() {
        return Err(Refusal::StayEnded);
    }
    Ok(())
}

fn note_stay(tx: &mut Tx<'_>, action: &'static str, row: &Stay) {
    let entry = Entry::change(action)
        .about(row.household_id)
        .about(Subject::policy(row.id));
    tx.record(entry);
}

pub(super) fn entry_of(action: &'static str, row: &ShelterDecision) -> Entry {
    let entry = Entry::change(action)
        .about(row.household_id)
        .about(Subject::policy(row.id));
    match row.application_id {
        Some(case) => entry.of_case(case),
        None => entry,
    }
}

pub(super) fn load_decision(
    tx: &mut Tx<'_>,
    id: ShelterDecisionId,
) -> Result<ShelterDecision, Problem> {
    store::find_decision(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

pub(super) fn load_stay(tx: &mut Tx<'_>, id: StayId) -> Result<Stay, Problem> {
    store::find_stay(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn must_apply(tx: &mut Tx<'_>, household: HouseholdId) -> Result<PersonId, Problem> {
    let applicant = people::applicant_of(tx, household)?;
    applicant.ok_or_else(|| Problem::internal("a household without an applicant"))
}

fn context(tx: &Tx<'_>, id: ShelterDecisionId, column: &'static str) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "shelter_decision",
        column,
        row: id.uuid(),
    }
}

pub(super) fn ahead(pointer: &str) -> Problem {
    Problem::invalid(vec![FieldFault::new(
        pointer,
        "in_future",
        "Ligger fram i tid.",
        "Lies in the future.",
    )])
}

fn not_found(pointer: &str, nb: &str, en: &str) -> FieldFault {
    FieldFault::new(pointer, "not_found", nb, en)
}
