//! Standing aside on the waiting list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::PauseReason;
use super::store::Pause;
use crate::access;
use crate::applications;
use crate::auth::Action::{HandleCase, ReadCases};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, PauseId, UserId};
use crate::problem::Problem;

/// The operations on standing aside.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications/{id}/pauses",
            HandleCase,
            "Let a household stand aside on the waiting list; it loses nothing by it",
            pause,
        ),
        Endpoint::get(
            "/applications/{id}/pauses",
            ReadCases,
            "When and why the household stood aside, oldest first",
            of_case,
        ),
        Endpoint::get(
            "/pauses/{id}",
            ReadCases,
            "A time during which a household stands aside",
            show,
        ),
        Endpoint::act(
            "/pauses/{id}/resume",
            HandleCase,
            "The household is back on the waiting list",
            resume,
        ),
    ]
}

/// Why, and when to ask again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewPause {
    reason: PauseReason,
    /// The day on which to ask whether the household is back.
    #[serde(default)]
    review_on: Option<Day>,
}

/// A time during which a household stands aside.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PauseShown {
    id: PauseId,
    version: i32,
    application_id: ApplicationId,
    /// Absent where it lies in a compartment that is closed to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<PauseReason>,
    paused_at: Instant,
    paused_by: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    review_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed_at: Option<Instant>,
}

/// The times during which a household stood aside.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Pauses {
    items: Vec<PauseShown>,
}

fn pause(tx: &mut Tx<'_>, call: &Call, asked: &NewPause) -> Result<Created<PauseShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let by = tx.user()?;
    access::openings(tx, case.id)?.must_contain(asked.reason.compartment(), "/reason")?;
    let row = acts::pause(tx, &case, asked.reason, asked.review_on, by)?;
    Ok(Created {
        location: format!("/pauses/{}", row.id),
        version: Some(row.version),
        body: told(tx, row)?,
    })
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Pauses>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let pauses = acts::pauses_of(tx, case.id)?;
    let items = pauses.into_iter().map(|it| told(tx, it));
    Ok(Shown::plain(Pauses {
        items: items.collect::<Result<_, _>>()?,
    }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<PauseShown>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    Ok(Shown::at_version(row.version, told(tx, row)?))
}

fn resume(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<PauseShown>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    call.has_seen(row.version)?;
    let row = acts::resume(tx, &row)?;
    Ok(Shown::at_version(row.version, told(tx, row)?))
}

fn told(tx: &mut Tx<'_>, row: Pause) -> Result<PauseShown, Problem> {
    let openings = access::openings(tx, row.application_id)?;
    let is_open = openings.contains(row.reason.compartment());
    Ok(PauseShown {
        id: row.id,
        version: row.version,
        application_id: row.application_id,
        reason: is_open.then_some(row.reason),
        paused_at: row.paused_at,
        paused_by: row.paused_by,
        review_on: row.review_on,
        resumed_at: row.resumed_at,
    })
}
