//! Cases: receiving, the queue, and the steps before the decision.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts::{self, Receipt};
use super::lifecycle::{ApplicationState, Step};
use super::model::{ApplicationType, Needs, Urgency};
use super::store::{self, Application, Filter};
use crate::audit::Entry;
use crate::auth::Action::{HandleCase, ReadCases, ReceiveApplication};
use crate::clock::{Day, Instant};
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{ApplicationId, HouseholdId, PersonId, UserId};
use crate::people;
use crate::problem::Problem;
use crate::situations::{self, Situation};

/// The operations on cases.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications",
            ReceiveApplication,
            "Receive an application",
            receive,
        ),
        Endpoint::get(
            "/applications",
            ReadCases,
            "The queue, filtered; without names",
            list,
        ),
        Endpoint::get("/applications/{id}", ReadCases, "A case, whole", show),
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
        Endpoint::act(
            "/applications/{id}/withdraw",
            HandleCase,
            "Withdraw on the applicant's wish",
            withdraw,
        ),
        Endpoint::act(
            "/applications/{id}/forward",
            HandleCase,
            "Send on to the body that is responsible",
            forward,
        ),
    ]
}

/// An application as it reaches the municipality.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReceiveApplicationBody {
    /// Who needs a home.
    household_id: HouseholdId,
    /// What is applied for.
    #[serde(rename = "type")]
    kind: ApplicationType,
    /// The day on which it reached the municipality, by whatever unit.
    received_on: Day,
    /// Whether the household lives in a municipal home now; frozen at receipt (KOSTRA's "new household").
    #[serde(default)]
    lives_in_municipal_dwelling: bool,
    /// What is needed, if that is known already.
    #[serde(default)]
    needs: Option<Needs>,
}

/// A case in the queue: no names.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueuedApplication {
    id: ApplicationId,
    version: i32,
    household_id: HouseholdId,
    #[serde(rename = "type")]
    kind: ApplicationType,
    state: ApplicationState,
    state_since: Instant,
    received_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    urgency: Option<Urgency>,
}

/// A case, whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeApplication {
    #[serde(flatten)]
    queued: QueuedApplication,
    applicant_id: PersonId,
    applicant_name: String,
    lives_in_municipal_dwelling: bool,
    /// How many people belong to the household.
    household_size: usize,
    /// The household's housing situations today.
    situations: Vec<Situation>,
    /// What is needed of a home, once assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<Needs>,
}

/// Answers without names: the answer is kept under its `Idempotency-Key`, where nothing is sealed.
fn receive(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &ReceiveApplicationBody,
) -> Result<Created<QueuedApplication>, Problem> {
    let receipt = Receipt {
        household: asked.household_id,
        kind: asked.kind,
        received_on: asked.received_on,
        lives_in_municipal_dwelling: asked.lives_in_municipal_dwelling,
        needs: asked.needs.clone(),
    };
    let case = acts::receive(tx, &receipt)?;
    let location = format!("/applications/{}", case.id);
    Ok(Created {
        location,
        version: Some(case.version),
        body: queued(&case),
    })
}

/// Which cases are asked for; all that are given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// In this state.
    state: Option<ApplicationState>,
    /// Given to this caseworker.
    #[param(value_type = Option<uuid::Uuid>)]
    assigned_to: Option<UserId>,
    /// With this urgency.
    urgency: Option<Urgency>,
    /// Of this type.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    kind: Option<ApplicationType>,
    /// Of this household.
    #[param(value_type = Option<uuid::Uuid>)]
    household_id: Option<HouseholdId>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<QueuedApplication>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let filter = Filter {
        state: asked.state,
        assigned_to: asked.assigned_to,
        urgency: asked.urgency,
        kind: asked.kind,
        household: asked.household_id,
    };
    let rows = store::page(tx, &filter, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |case| case.id).map(|case| queued(&case)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<WholeApplication>, Problem> {
    let case = acts::load(tx, call.id()?)?;
    let entry = Entry::access("application.read")
        .about(case.id)
        .about(case.household_id);
    tx.record(entry.about(case.applicant_id));
    Ok(Shown::at_version(case.version, whole(tx, case)?))
}

fn needs(tx: &mut Tx<'_>, call: &Call, asked: &Needs) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    told(acts::record_needs(tx, &case, asked)?)
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
    told(acts::assign(tx, &case, asked.assignee_id)?)
}

codes! {
    /// A document that a case may lack.
    enum Document {
        /// Proof of income.
        Income = "INCOME",
        /// Tax return.
        TaxReturn = "TAX_RETURN",
        /// The present lease, or notice of its end.
        Lease = "LEASE",
        /// Residence permit.
        ResidencePermit = "RESIDENCE_PERMIT",
        /// A statement of the health or care service.
        HealthStatement = "HEALTH_STATEMENT",
        /// A power of attorney.
        PowerOfAttorney = "POWER_OF_ATTORNEY",
    }
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
    let documents: Vec<&str> = asked
        .documents
        .iter()
        .map(|document| document.code())
        .collect();
    let entry = Entry::change("application.documents_requested")
        .fact("documents", documents)
        .fact("dueOn", asked.due_on.0.to_string());
    step(tx, call, Step::RequestDocuments, entry)
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

codes! {
    /// Who said that the application is withdrawn.
    enum WithdrawnBy {
        /// The applicant.
        Applicant = "APPLICANT",
        /// Somebody with a power of attorney, or the guardian.
        Representative = "REPRESENTATIVE",
    }
}

/// Who withdraws.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Withdraw {
    by: WithdrawnBy,
}

fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Withdraw,
) -> Result<Shown<QueuedApplication>, Problem> {
    let entry = Entry::change("application.withdrawn").fact("by", asked.by.code());
    step(tx, call, Step::Withdraw, entry)
}

codes! {
    /// A body that may be responsible instead.
    enum ResponsibleBody {
        /// Another municipality.
        OtherMunicipality = "OTHER_MUNICIPALITY",
        /// NAV.
        Nav = "NAV",
        /// The unit that allots care places.
        CareAllotment = "CARE_ALLOTMENT",
        /// The state's housing bank.
        Husbanken = "HUSBANKEN",
    }
}

/// Where an application is sent on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Forward {
    to: ResponsibleBody,
}

fn forward(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Forward,
) -> Result<Shown<QueuedApplication>, Problem> {
    let entry = Entry::change("application.forwarded").fact("to", asked.to.code());
    step(tx, call, Step::Forward, entry)
}

fn step(
    tx: &mut Tx<'_>,
    call: &Call,
    by: Step,
    entry: Entry,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = seen(tx, call)?;
    told(acts::step(tx, &case, by, entry)?)
}

/// The case in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Application, Problem> {
    let case = acts::load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    Ok(case)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it ends every act, and an act may refuse"
)]
fn told(case: Application) -> Result<Shown<QueuedApplication>, Problem> {
    Ok(Shown::at_version(case.version, queued(&case)))
}

fn queued(case: &Application) -> QueuedApplication {
    QueuedApplication {
        id: case.id,
        version: case.version,
        household_id: case.household_id,
        kind: case.kind,
        state: case.state,
        state_since: case.state_since,
        received_on: case.received_on,
        assigned_to: case.assigned_to,
        urgency: case.urgency,
    }
}

fn whole(tx: &mut Tx<'_>, case: Application) -> Result<WholeApplication, Problem> {
    let today = tx.today();
    let names = people::names(tx, &[case.applicant_id])?;
    let applicant_name = names
        .get(&case.applicant_id)
        .map(|name| format!("{} {}", name.given_name, name.family_name))
        .unwrap_or_default();
    let members = people::members_of(tx, &[case.household_id])?;
    Ok(WholeApplication {
        queued: queued(&case),
        applicant_id: case.applicant_id,
        applicant_name,
        lives_in_municipal_dwelling: case.lives_in_municipal_dwelling,
        household_size: members.get(&case.household_id).map_or(0, Vec::len),
        situations: situations::current(tx, case.household_id, today)?,
        needs: case.needs.map(|needs| needs.0),
    })
}
