//! The table of segments: what entries say of people, sealed, and gone once a person is erased.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::segment::{SealedSegment, Segment};
use super::store::IDS_A_QUERY;
use crate::db::schema::audit_segment;
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{EntryId, MunicipalityId, PersonId};
use crate::problem::Problem;

#[derive(Insertable)]
#[diesel(table_name = audit_segment, treat_none_as_default_value = false)]
struct Row<'s> {
    municipality_id: MunicipalityId,
    entry_id: EntryId,
    place: i16,
    person_id: PersonId,
    sealed: &'s str,
}

/// Keeps the segments of an entry.
pub(super) fn insert(
    conn: &mut Conn,
    municipality_id: MunicipalityId,
    entry_id: EntryId,
    segments: &[Segment],
) -> Result<(), Problem> {
    for (place, segment) in (0..).zip(segments) {
        let row = Row {
            municipality_id,
            entry_id,
            place,
            person_id: segment.person,
            sealed: &segment.sealed,
        };
        let insert = diesel::insert_into(audit_segment::table).values(&row);
        each!(conn, c => insert.execute(c))?;
    }
    Ok(())
}

/// Deletes what the log says of a person, and tells in which entries that stood. The database permits it only once the person's
/// erasure is carried out in the books.
pub fn erase_segments(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<EntryId>, Problem> {
    let municipality = tx.municipality();
    let theirs = audit_segment::table
        .filter(audit_segment::municipality_id.eq(municipality))
        .filter(audit_segment::person_id.eq(person));
    let mut entries: Vec<EntryId> = theirs
        .order(audit_segment::entry_id)
        .select(audit_segment::entry_id)
        .load(tx.conn())?;
    entries.dedup();
    diesel::delete(theirs).execute(tx.conn())?;
    Ok(entries)
}

/// The kept segments of these entries, by entry and place.
pub(super) fn of_entries(
    tx: &mut Tx<'_>,
    entries: &[EntryId],
) -> Result<BTreeMap<(EntryId, i16), SealedSegment>, Problem> {
    let municipality = tx.municipality();
    let mut found = BTreeMap::new();
    for part in entries.chunks(IDS_A_QUERY) {
        let rows: Vec<(EntryId, i16, PersonId, String)> = audit_segment::table
            .filter(audit_segment::municipality_id.eq(municipality))
            .filter(audit_segment::entry_id.eq_any(part.to_vec()))
            .select((
                audit_segment::entry_id,
                audit_segment::place,
                audit_segment::person_id,
                audit_segment::sealed,
            ))
            .load(tx.conn())?;
        found.extend(rows.into_iter().map(|(entry, place, person, sealed)| {
            ((entry, place), SealedSegment { person, sealed })
        }));
    }
    Ok(found)
}
