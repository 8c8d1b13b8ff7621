//! Bodies that may be responsible instead, and sending a case to one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::BodyKind;
use super::rules;
use super::store::{self, Body};
use crate::applications::{self, QueuedApplication};
use crate::auth::Action::{HandleCase, ManageReceivingBodies, ReadReceivingBodies};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::ReceivingBodyId;
use crate::problem::Problem;

/// The operations on cases that another body is responsible for.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/receiving-bodies",
            ReadReceivingBodies,
            "The bodies to which cases may be sent, those of before too",
            list,
        ),
        Endpoint::get(
            "/receiving-bodies/{id}",
            ReadReceivingBodies,
            "A body to which cases may be sent",
            show,
        ),
        Endpoint::create(
            "/receiving-bodies",
            ManageReceivingBodies,
            "Register a body to which cases may be sent",
            register,
        ),
        Endpoint::act(
            "/receiving-bodies/{id}/end",
            ManageReceivingBodies,
            "Say until when cases are sent to a body",
            end,
        ),
        Endpoint::act(
            "/applications/{id}/forward",
            HandleCase,
            "Send on to the body that is responsible",
            forward,
        ),
    ]
}

/// A body that may be responsible instead.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReceivingBodyShown {
    id: ReceivingBodyId,
    version: i32,
    kind: BodyKind,
    /// What it is called, as the applicant is told.
    name: String,
    /// The first day on which cases are sent to it.
    valid_from: Day,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
    /// Whether cases are sent to it today.
    holds: bool,
}

/// Bodies that may be responsible instead.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReceivingBodies {
    items: Vec<ReceivingBodyShown>,
}

fn list(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<ReceivingBodies>, Problem> {
    let today = tx.today();
    let bodies = store::all(tx)?;
    let items = bodies.into_iter().map(|body| told(body, today)).collect();
    Ok(Shown::plain(ReceivingBodies { items }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ReceivingBodyShown>, Problem> {
    let body = acts::load(tx, call.id()?)?;
    Ok(Shown::at_version(body.version, told(body, tx.today())))
}

/// A body to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewReceivingBody {
    kind: BodyKind,
    /// What it is called, as the applicant is told.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The first day on which cases are sent to it.
    valid_from: Day,
}

fn register(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &NewReceivingBody,
) -> Result<Created<ReceivingBodyShown>, Problem> {
    let body = acts::register(tx, asked.kind, asked.name.trim(), asked.valid_from)?;
    Ok(Created {
        location: format!("/receiving-bodies/{}", body.id),
        version: Some(body.version),
        body: told(body, tx.today()),
    })
}

/// Until when cases are sent to a body.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EndOfReceivingBody {
    /// The last day.
    valid_until: Day,
}

fn end(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &EndOfReceivingBody,
) -> Result<Shown<ReceivingBodyShown>, Problem> {
    let body = acts::load(tx, call.id()?)?;
    call.has_seen(body.version)?;
    let body = acts::end(tx, &body, asked.valid_until)?;
    Ok(Shown::at_version(body.version, told(body, tx.today())))
}

/// Where an application is sent on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Forward {
    /// One of the bodies to which cases may be sent today.
    body_id: ReceivingBodyId,
}

fn forward(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Forward,
) -> Result<Shown<QueuedApplication>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    call.has_seen(case.version)?;
    let by = tx.user()?;
    let moved = acts::forward(tx, &case, asked.body_id, by)?;
    Ok(Shown::at_version(
        moved.version,
        applications::queued(&moved),
    ))
}

fn told(body: Body, today: Day) -> ReceivingBodyShown {
    ReceivingBodyShown {
        holds: rules::holds_on(body.valid_from, body.valid_until, today),
        id: body.id,
        version: body.version,
        kind: body.kind,
        name: body.name,
        valid_from: body.valid_from,
        valid_until: body.valid_until,
    }
}
