//! The steps of a case before the decision, over HTTP: each names what is done and why.

use serde::Deserialize;
use utoipa::ToSchema;

use super::acts;
use super::intake::{self, Document};
use super::lifecycle::Step;
use super::model::Needs;
use super::needs;
use super::routes::{QueuedApplication, queued};
use super::store::Application;
use crate::audit::Entry;
use crate::auth::Action::HandleCase;
use crate::clock::Day;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::ids::UserId;
use crate::problem::Problem;

/// The operations by which a case is handled.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::replace(
            "/applications/{id}/needs",
            HandleCase,
            "Record what the household needs of a home",
            needs,
        ),
        Endpoint::act(
            "/applications/{id}/assign",
            HandleCase,
            "Give a case to a caseworker",
            assign,
        ),
        Endpoint::act(
            "/applications/{id}/request-documents",
            HandleCase,
            "Ask the applicant for documents",
            request_documents,
        ),
        Endpoint::act(
            "/applications/{id}/start-assessment",
            HandleCase,
            "Begin the assessment",
            start_assessment,
        ),
        Endpoint::act(
            "/applications/{id}/submit-to-team",
            HandleCase,
            "Put a case before the allocation team",
            submit_to_team,
        ),
        Endpoint::act(
            "/applications/{id}/return-to-assessment",
            HandleCase,
            "Ask for a better assessment",
            return_to_assessment,
        ),
        Endpoint::act(
            "/applications/{id}/reassess",
            HandleCase,
            "Assess again, because facts changed",
            reassess,
        ),
    ]
}

fn needs(tx: &mut Tx<'_>, call: &Call, asked: &Needs) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    Ok(told(&needs::record(tx, &case, asked)?))
}

/// Who shall handle a case.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Assign {
    assignee_id: UserId,
}

fn assign(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Assign,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    Ok(told(&acts::assign(tx, &case, asked.assignee_id)?))
}

/// Which documents are asked for, and by when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequestDocuments {
    #[schema(min_items = 1, max_items = 6)]
    documents: Vec<Document>,
    due_on: Day,
}

fn request_documents(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &RequestDocuments,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    let by = tx.user()?;
    let (documents, due_on) = (&asked.documents, asked.due_on);
    Ok(told(&intake::ask_for(tx, &case, documents, due_on, by)?))
}

fn start_assessment(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<QueuedApplication>, Problem> {
    step(
        tx,
        call,
        Step::StartAssessment,
        Entry::change("application.assessment_started"),
    )
}

fn submit_to_team(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<QueuedApplication>, Problem> {
    step(
        tx,
        call,
        Step::SubmitToTeam,
        Entry::change("application.submitted_to_team"),
    )
}

codes! {
    /// Why a case is assessed again.
    enum ReassessmentReason {
        /// The household is not what it was.
        HouseholdChanged = "HOUSEHOLD_CHANGED",
        /// The situation is not what it was.
        SituationChanged = "SITUATION_CHANGED",
        /// The needs are not what they were.
        NeedsChanged = "NEEDS_CHANGED",
        /// Something is not known well enough.
        MoreInformation = "MORE_INFORMATION",
    }
}

/// Why a case goes back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GoBack {
    reason: ReassessmentReason,
}

fn return_to_assessment(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &GoBack,
) -> Result<Shown<QueuedApplication>, Problem> {
    let entry = Entry::change("application.returned_to_assessment");
    step(
        tx,
        call,
        Step::ReturnToAssessment,
        entry.fact("reason", asked.reason.code()),
    )
}

fn reassess(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &GoBack,
) -> Result<Shown<QueuedApplication>, Problem> {
    let entry = Entry::change("application.reassessed").fact("reason", asked.reason.code());
    step(tx, call, Step::Reassess, entry)
}

fn step(
    tx: &mut Tx<'_>,
    call: &Call,
    by: Step,
    entry: Entry,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    Ok(told(&acts::step(tx, &case, by, entry)?))
}

/// The case in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Application, Problem> {
    let case = acts::load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    Ok(case)
}

fn told(case: &Application) -> Shown<QueuedApplication> {
    Shown::at_version(case.version, queued(case))
}
