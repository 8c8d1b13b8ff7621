//! Derives events from the entries of a change. Called by the one door for writes, right after the entries are written.

use super::store::{self, EventRow};
use super::told::EventType;
use crate::audit::{Entry, EntryKind};
use crate::auth::Caller;
use crate::clock::Instant;
use crate::db::Conn;
use crate::ids::{EntryId, Id};
use crate::problem::Problem;

/// Writes the events of these entries, which were written under these ids.
pub fn announce(
    conn: &mut Conn,
    caller: &Caller,
    now: Instant,
    entries: &[Entry],
    ids: &[EntryId],
) -> Result<(), Problem> {
    for (entry, id) in entries.iter().zip(ids) {
        if entry.kind != EntryKind::Change {
            continue;
        }
        let told = EventType::of(entry.action).and_then(|it| Some((it, it.subject_of(entry)?)));
        let Some((kind, subject)) = told else {
            continue;
        };
        let stream = entry.case.map_or(subject.id, Id::uuid);
        let row = EventRow {
            municipality_id: caller.municipality,
            id: *id,
            kind,
            subject_id: Id::from_uuid(subject.id),
            stream_id: Id::from_uuid(stream),
            occurred_at: now,
            correlation_id: caller.correlation.to_string(),
        };
        store::insert(conn, &row)?;
    }
    Ok(())
}
