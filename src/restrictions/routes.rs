//! Restrictions over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::{AllowedGround, RestrictionGround};
use super::store::Restriction;
use crate::audit::Entry;
use crate::auth::Action::{ReadRestrictions, RestrictProcessing};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{PersonId, RestrictionId, UserId};
use crate::problem::Problem;

/// The operations on restrictions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/people/{id}/restrictions",
            RestrictProcessing,
            "Restrict the processing of a person's data: cases can be read, but not decided (personvernforordningen art. 18)",
            restrict,
        ),
        Endpoint::get(
            "/people/{id}/restrictions",
            ReadRestrictions,
            "The restrictions of a person, oldest first, lifted ones too",
            of_person,
        ),
        Endpoint::act(
            "/restrictions/{id}/pass-over",
            RestrictProcessing,
            "Let processing go on for one of the grounds of art. 18 no. 2",
            pass_over,
        ),
        Endpoint::act(
            "/restrictions/{id}/lift",
            RestrictProcessing,
            "Lift a restriction after the person has been told",
            lift,
        ),
    ]
}

/// Why the processing is restricted.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Restrict {
    ground: RestrictionGround,
}

/// A restriction.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RestrictionShown {
    id: RestrictionId,
    version: i32,
    person_id: PersonId,
    ground: RestrictionGround,
    restricted_by: UserId,
    restricted_at: Instant,
    /// Why processing may go on all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_ground: Option<AllowedGround>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_at: Option<Instant>,
    /// The day on which the person was told that it would be lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    told_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifted_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifted_at: Option<Instant>,
}

/// All restrictions of a person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Restrictions {
    items: Vec<RestrictionShown>,
}

fn restrict(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Restrict,
) -> Result<Created<RestrictionShown>, Problem> {
    let person: PersonId = call.id()?;
    let row = acts::restrict(tx, person, asked.ground)?;
    Ok(Created {
        location: format!("/people/{person}/restrictions"),
        version: Some(row.version),
        body: told(row),
    })
}

fn of_person(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Restrictions>, Problem> {
    let person: PersonId = call.id()?;
    let items = acts::of_person(tx, person)?;
    tx.record(Entry::access("restriction.read").about(person));
    Ok(Shown::plain(Restrictions {
        items: items.into_iter().map(told).collect(),
    }))
}

/// Why restricted data may be processed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PassOver {
    ground: AllowedGround,
}

fn pass_over(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &PassOver,
) -> Result<Shown<RestrictionShown>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::allow(tx, &row, asked.ground)?))
}

/// That the person knows.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Lift {
    /// The day on which the person was told that the restriction will be lifted (art. 18 no. 3).
    told_on: Day,
}

fn lift(tx: &mut Tx<'_>, call: &Call, asked: &Lift) -> Result<Shown<RestrictionShown>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::lift(tx, &row, asked.told_on)?))
}

/// The restriction in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Restriction, Problem> {
    let row = acts::load(tx, call.id()?)?;
    call.has_seen(row.version)?;
    Ok(row)
}

fn shown(row: Restriction) -> Shown<RestrictionShown> {
    Shown::at_version(row.version, told(row))
}

fn told(row: Restriction) -> RestrictionShown {
    RestrictionShown {
        id: row.id,
        version: row.version,
        person_id: row.person_id,
        ground: row.ground,
        restricted_by: row.restricted_by,
        restricted_at: row.restricted_at,
        allowed_ground: row.allowed_ground,
        allowed_by: row.allowed_by,
        allowed_at: row.allowed_at,
        told_on: row.told_on,
        lifted_by: row.lifted_by,
        lifted_at: row.lifted_at,
    }
}
