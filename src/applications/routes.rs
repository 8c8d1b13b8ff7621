//! Cases: receiving them, the queue, and a case as a whole.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts::{self, Receipt};
use super::intake;
use super::lifecycle::ApplicationState;
use super::model::{ApplicationType, Needs, OpenNeeds, Urgency};
use super::steps;
use super::store::{self, Application, Filter};
use crate::access::{self, Open};
use crate::audit::Entry;
use crate::auth::Action::{ReadCases, ReceiveApplication};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{AsOf, Call, Created, Endpoint, Page, Paging, Shown};
use crate::ids::{ApplicationId, HouseholdId, PersonId, UserId};
use crate::people;
use crate::problem::Problem;
use crate::situations::{self, OpenSituation};

/// The operations on cases.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
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
        Endpoint::get(
            "/applications/{id}",
            ReadCases,
            "A case, whole, as it is or was",
            show,
        ),
    ];
    endpoints.extend(steps::endpoints());
    endpoints.extend(intake::endpoints());
    endpoints
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
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuedApplication {
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

/// A case, whole. As of a moment in the past it is told as it was: with what was recorded by then, and the situations of that day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeApplication {
    #[serde(flatten)]
    queued: QueuedApplication,
    applicant_id: PersonId,
    applicant_name: String,
    lives_in_municipal_dwelling: bool,
    /// How many people belong to the household, those known to have died among them.
    household_size: usize,
    /// The household's housing situations on that day.
    situations: Vec<OpenSituation>,
    /// What is needed of a home, once assessed; without areas where the household has a protected address and the caller is not
    /// cleared for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<OpenNeeds>,
    /// When what is needed was last recorded or corrected. Where somebody of the household has died since, no home is given to it until the
    /// needs are assessed again.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_assessed_at: Option<Instant>,
    /// The moment that was asked for; absent in what holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Instant>,
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
    let after = paging.after()?;
    let reach = access::reach(tx)?;
    let rows = store::page(tx, &filter, &reach, after, limit + 1)?;
    Ok(Page::of(rows, limit, |case| case.id).map(|case| queued(&case)))
}

fn show(tx: &mut Tx<'_>, call: &Call, asked: &AsOf) -> Result<Shown<WholeApplication>, Problem> {
    let at = asked.moment(tx.now())?;
    let case = match at {
        Some(at) => acts::load_as_of(tx, call.id()?, at)?,
        None => acts::load(tx, call.id()?)?,
    };
    let entry = Entry::access("application.read")
        .about(case.id)
        .about(case.household_id)
        .about(case.applicant_id);
    tx.record(match at {
        Some(at) => entry.fact("asOf", at.timestamp().to_string()),
        None => entry,
    });
    let version = case.version;
    let whole = whole(tx, case, at)?;
    Ok(match at {
        // Without a tag: nobody acts on what was.
        Some(_) => Shown::plain(whole),
        None => Shown::at_version(version, whole),
    })
}

/// A case as the queue tells it.
#[must_use]
pub fn queued(case: &Application) -> QueuedApplication {
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

fn whole(
    tx: &mut Tx<'_>,
    case: Application,
    as_of: Option<Instant>,
) -> Result<WholeApplication, Problem> {
    let today = tx.today();
    let applicant_name = people::name_of(tx, case.applicant_id)?
        .map(|name| format!("{} {}", name.given_name, name.family_name))
        .unwrap_or_default();
    let situations = match as_of {
        Some(at) => situations::as_of(tx, case.household_id, at)?,
        None => situations::current(tx, case.household_id, today)?,
    };
    let is_unlocatable =
        access::unlocatable(tx, &[case.household_id])?.contains(&case.household_id);
    let openings = access::openings(tx, case.id)?;
    let needs = case.needs().cloned().map(|needs| {
        let needs = if is_unlocatable {
            needs.without_places()
        } else {
            needs
        };
        Open::to(openings.clone(), needs)
    });
    let shown = |it| Open::to(openings.clone(), it);
    Ok(WholeApplication {
        queued: queued(&case),
        applicant_id: case.applicant_id,
        applicant_name,
        lives_in_municipal_dwelling: case.lives_in_municipal_dwelling,
        household_size: people::size_of_household(tx, case.household_id)?,
        situations: situations.into_iter().map(shown).collect(),
        needs,
        needs_assessed_at: case.needs_assessed_at,
        as_of,
    })
}
