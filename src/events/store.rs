//! Events, those without a place yet, and their places.

use diesel::prelude::*;

use super::told::{Audience, EventType};
use crate::clock::Instant;
use crate::db::schema::{event, event_place, event_unplaced};
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{EntryId, Id, MunicipalityId};
use crate::problem::Problem;

/// The kind of an id that may name whatever an event is about.
#[derive(Debug)]
pub enum Any {}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
pub(super) struct EventRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: EntryId,
    pub(super) kind: EventType,
    pub(super) subject_id: Id<Any>,
    pub(super) stream_id: Id<Any>,
    pub(super) occurred_at: Instant,
    pub(super) correlation_id: String,
}

/// An event with its place.
#[derive(Debug, Clone, Queryable)]
pub struct PlacedEvent {
    /// Its place among the events of its audience, from 1.
    pub position: i64,
    /// The event.
    pub id: EntryId,
    /// What happened.
    pub kind: EventType,
    /// To what.
    pub subject_id: Id<Any>,
    /// With which others it keeps order.
    pub stream_id: Id<Any>,
    /// When.
    pub occurred_at: Instant,
    /// The request that caused it.
    pub correlation_id: String,
}

#[derive(Insertable)]
#[diesel(table_name = event_place, treat_none_as_default_value = false)]
struct PlaceRow {
    municipality_id: MunicipalityId,
    audience: Audience,
    position: i64,
    event_id: EntryId,
}

/// Writes an event, which has no place yet.
pub(super) fn insert(conn: &mut Conn, row: &EventRow) -> Result<(), Problem> {
    let insert = diesel::insert_into(event::table).values(row);
    each!(conn, c => insert.execute(c))?;
    let unplaced = (
        event_unplaced::municipality_id.eq(row.municipality_id),
        event_unplaced::event_id.eq(row.id),
    );
    let insert = diesel::insert_into(event_unplaced::table).values(unplaced);
    each!(conn, c => insert.execute(c))?;
    Ok(())
}

/// The municipalities in which events wait for a place.
pub(super) fn waiting(tx: &mut Tx<'_>) -> Result<Vec<MunicipalityId>, Problem> {
    Ok(event_unplaced::table
        .select(event_unplaced::municipality_id)
        .distinct()
        .load(tx.conn())?)
}

/// The first events without a place, as they were written, each with its number on the list of these.
pub(super) fn unplaced(
    conn: &mut Conn,
    municipality: MunicipalityId,
    limit: i64,
) -> Result<Vec<(i64, EventRow)>, Problem> {
    let first = event_unplaced::table
        .inner_join(
            event::table.on(event::municipality_id
                .eq(event_unplaced::municipality_id)
                .and(event::id.eq(event_unplaced::event_id))),
        )
        .filter(event_unplaced::municipality_id.eq(municipality))
        .order(event_unplaced::seq)
        .limit(limit)
        .select((event_unplaced::seq, event::all_columns));
    Ok(each!(conn, c => first.load(c))?)
}

/// The last place that was given.
pub(super) fn last_position(
    conn: &mut Conn,
    municipality: MunicipalityId,
    audience: Audience,
) -> Result<i64, Problem> {
    let last: Option<i64> = event_place::table
        .filter(event_place::municipality_id.eq(municipality))
        .filter(event_place::audience.eq(audience))
        .order(event_place::position.desc())
        .select(event_place::position)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Gives an event its place.
pub(super) fn place(conn: &mut Conn, row: &EventRow, position: i64) -> Result<(), Problem> {
    let place = PlaceRow {
        municipality_id: row.municipality_id,
        audience: row.kind.audience(),
        position,
        event_id: row.id,
    };
    let insert = diesel::insert_into(event_place::table).values(&place);
    each!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Those with these numbers have a place now.
pub(super) fn take_off(
    conn: &mut Conn,
    municipality: MunicipalityId,
    numbers: Vec<i64>,
) -> Result<(), Problem> {
    let theirs = event_unplaced::table
        .filter(event_unplaced::municipality_id.eq(municipality))
        .filter(event_unplaced::seq.eq_any(numbers));
    diesel::delete(theirs).execute(conn)?;
    Ok(())
}

/// The events of an audience after this place, in order.
pub fn placed_after(
    tx: &mut Tx<'_>,
    audience: Audience,
    after: i64,
    limit: i64,
) -> Result<Vec<PlacedEvent>, Problem> {
    let municipality = tx.municipality();
    Ok(event_place::table
        .inner_join(
            event::table.on(event::municipality_id
                .eq(event_place::municipality_id)
                .and(event::id.eq(event_place::event_id))),
        )
        .filter(event_place::municipality_id.eq(municipality))
        .filter(event_place::audience.eq(audience))
        .filter(event_place::position.gt(after))
        .order(event_place::position)
        .limit(limit)
        .select((
            event_place::position,
            event::id,
            event::kind,
            event::subject_id,
            event::stream_id,
            event::occurred_at,
            event::correlation_id,
        ))
        .load(tx.conn())?)
}

/// An event that has its place, with the stream in which it keeps order.
pub fn find_placed(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<PlacedEvent>, Problem> {
    let municipality = tx.municipality();
    Ok(event_place::table
        .inner_join(
            event::table.on(event::municipality_id
                .eq(event_place::municipality_id)
                .and(event::id.eq(event_place::event_id))),
        )
        .filter(event_place::municipality_id.eq(municipality))
        .filter(event_place::event_id.eq(id))
        .select((
            event_place::position,
            event::id,
            event::kind,
            event::subject_id,
            event::stream_id,
            event::occurred_at,
            event::correlation_id,
        ))
        .first(tx.conn())
        .optional()?)
}
