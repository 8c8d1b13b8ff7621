//! The feeds: all events of an audience in their order, from whatever place, for ever.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cloud_event::CloudEvent;
use super::store;
use super::told::Audience;
use crate::auth::Action::{ReadFacilityEvents, ReadNavEvents};
use crate::db::Tx;
use crate::http::{Call, Endpoint, Paging, Shown};
use crate::municipality;
use crate::problem::{BAD_CURSOR, Problem};

/// The feeds of events.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/nav/events",
            ReadNavEvents,
            "What happened, in order; begin without a cursor and go on with `nextCursor` for ever",
            of_nav,
        ),
        Endpoint::get(
            "/facilities/events",
            ReadFacilityEvents,
            "What happened to homes, in order",
            of_facilities,
        ),
    ]
}

/// From which place on.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct From {
    /// How many events at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of an earlier answer, however old.
    cursor: Option<String>,
}

crate::query!(From);

/// A stretch of events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EventPage {
    /// In order.
    items: Vec<CloudEvent>,
    /// Where to go on, now or later. Also an answer without events has it.
    next_cursor: String,
    /// Whether there are more events already.
    has_more: bool,
}

fn of_nav(tx: &mut Tx<'_>, _: &Call, from: &From) -> Result<Shown<EventPage>, Problem> {
    page(tx, Audience::Nav, from)
}

fn of_facilities(tx: &mut Tx<'_>, _: &Call, from: &From) -> Result<Shown<EventPage>, Problem> {
    page(tx, Audience::Facilities, from)
}

fn page(tx: &mut Tx<'_>, audience: Audience, from: &From) -> Result<Shown<EventPage>, Problem> {
    let paging = Paging {
        limit: from.limit,
        cursor: None,
    };
    let limit = paging.limit()?;
    let after = position_in(from.cursor.as_deref())?;
    let mut events = store::placed_after(tx, audience, after, limit + 1)?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = events.len() > shown;
    events.truncate(shown);
    let last = events.last().map_or(after, |event| event.position);
    let (number, _) = municipality::load(tx)?;
    let items = events.iter().map(|event| CloudEvent::of(event, &number));
    Ok(Shown::plain(EventPage {
        items: items.collect(),
        next_cursor: format!("e{last}"),
        has_more,
    }))
}

fn position_in(cursor: Option<&str>) -> Result<i64, Problem> {
    let Some(cursor) = cursor else { return Ok(0) };
    let position = cursor
        .strip_prefix('e')
        .filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|it| it.parse().ok());
    position.ok_or_else(|| Problem::new(&BAD_CURSOR).at("/query/cursor"))
}
