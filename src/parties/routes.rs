//! Representatives and guardians of a case.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{self, New};
use super::leaving;
use super::model::{Proof, RepresentationKind, RepresentationScope};
use super::rules;
use super::store::Representation;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{HandleCase, ManageParties, ReadParties};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, PersonId, RepresentationId, UserId};
use crate::problem::Problem;

/// The operations on representation.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications/{id}/representations",
            ManageParties,
            "Record a representative or guardian",
            record,
        ),
        Endpoint::get(
            "/applications/{id}/representations",
            ReadParties,
            "Who speaks, or spoke, for the applicant",
            of_case,
        ),
        Endpoint::get(
            "/representations/{id}",
            ReadParties,
            "A representative or guardian",
            show,
        ),
        Endpoint::act(
            "/representations/{id}/withdraw",
            ManageParties,
            "The authority is withdrawn",
            withdraw,
        ),
        Endpoint::act(
            "/applications/{id}/withdraw",
            HandleCase,
            "Withdraw on the applicant's wish; what is offered or proposed in the case is taken back",
            leaving::withdraw,
        ),
    ]
}

/// A representative or guardian to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRepresentation {
    representative_id: PersonId,
    kind: RepresentationKind,
    /// What the representative may do.
    #[schema(min_items = 1, max_items = 5)]
    scope: Vec<RepresentationScope>,
    proof: Proof,
    /// The first day on which it holds.
    valid_from: Day,
    /// The last day; until it is withdrawn when not given.
    #[serde(default)]
    valid_until: Option<Day>,
}

/// A representative or guardian.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RepresentationShown {
    id: RepresentationId,
    version: i32,
    application_id: ApplicationId,
    represented_id: PersonId,
    representative_id: PersonId,
    kind: RepresentationKind,
    scope: Vec<RepresentationScope>,
    proof: Proof,
    valid_from: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<Instant>,
    /// Whether it holds today.
    holds: bool,
    recorded_by: UserId,
    recorded_at: Instant,
}

/// All representatives and guardians of a case, oldest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Representations {
    items: Vec<RepresentationShown>,
}

fn record(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &NewRepresentation,
) -> Result<Created<RepresentationShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let new = New {
        representative: asked.representative_id,
        kind: asked.kind,
        scope: asked.scope.clone(),
        proof: asked.proof,
        valid_from: asked.valid_from,
        valid_until: asked.valid_until,
    };
    let by = tx.user()?;
    let row = acts::record(tx, &case, &new, by)?;
    Ok(Created {
        location: format!("/representations/{}", row.id),
        version: Some(row.version),
        body: told(row, tx.today()),
    })
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Representations>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let today = tx.today();
    let items = acts::of_case(tx, case.id)?;
    let people = items.iter().map(|it| it.representative_id);
    tx.record(
        Entry::access("representation.read")
            .about(case.id)
            .about(case.applicant_id)
            .about_all(people),
    );
    Ok(Shown::plain(Representations {
        items: items.into_iter().map(|it| told(it, today)).collect(),
    }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RepresentationShown>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    tx.record(
        Entry::access("representation.read")
            .about(row.application_id)
            .about(row.represented_id)
            .about(row.representative_id),
    );
    Ok(Shown::at_version(row.version, told(row, tx.today())))
}

fn withdraw(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<RepresentationShown>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = acts::withdraw(tx, &row)?;
    Ok(Shown::at_version(row.version, told(row, tx.today())))
}

fn told(row: Representation, today: Day) -> RepresentationShown {
    RepresentationShown {
        holds: rules::holds_on(row.valid_from, row.valid_until, row.withdrawn_at, today),
        id: row.id,
        version: row.version,
        application_id: row.application_id,
        represented_id: row.represented_id,
        representative_id: row.representative_id,
        kind: row.kind,
        scope: row.scope.0,
        proof: row.proof,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        withdrawn_at: row.withdrawn_at,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
    }
}
