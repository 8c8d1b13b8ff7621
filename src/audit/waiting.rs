//! The list of entries that no seal covers yet. The database itself puts each new entry on it.

use diesel::prelude::*;
use uuid::Uuid;

use super::store;
use super::told::Told;
use crate::clock::Instant;
use crate::db::schema::{audit_entry, audit_unsealed};
use crate::db::{Conn, Tx};
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// Entries that one seal takes at most. Writers on `SQLite` wait while it is written: some 10 ms.
pub(super) const BATCH: i64 = 250;

/// The first that wait, in the order of their ids, at most [`BATCH`].
pub(super) fn first(
    conn: &mut Conn,
    municipality: MunicipalityId,
) -> Result<Vec<EntryId>, Problem> {
    Ok(audit_unsealed::table
        .filter(audit_unsealed::municipality_id.eq(municipality))
        .order(audit_unsealed::entry_id)
        .limit(BATCH)
        .select(audit_unsealed::entry_id)
        .load(conn)?)
}

/// Takes these off the list.
pub(super) fn take_off(
    conn: &mut Conn,
    municipality: MunicipalityId,
    sealed: &[EntryId],
) -> Result<(), Problem> {
    let theirs = audit_unsealed::table
        .filter(audit_unsealed::municipality_id.eq(municipality))
        .filter(audit_unsealed::entry_id.eq_any(sealed));
    diesel::delete(theirs).execute(conn)?;
    Ok(())
}

/// The municipalities in whose logs something waits.
pub(super) fn logs(tx: &mut Tx<'_>) -> Result<Vec<MunicipalityId>, Problem> {
    Ok(audit_unsealed::table
        .select(audit_unsealed::municipality_id)
        .distinct()
        .load(tx.conn())?)
}

/// How many wait in the municipality's log.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<u64, Problem> {
    let count: i64 = audit_unsealed::table
        .filter(audit_unsealed::municipality_id.eq(tx.municipality()))
        .count()
        .get_result(tx.conn())?;
    Ok(count.cast_unsigned())
}

/// Those that wait behind this one in the order of their ids, at most `limit`.
pub(super) fn behind(
    conn: &mut Conn,
    municipality: MunicipalityId,
    id: EntryId,
    limit: i64,
) -> Result<Vec<EntryId>, Problem> {
    Ok(audit_unsealed::table
        .filter(audit_unsealed::municipality_id.eq(municipality))
        .filter(audit_unsealed::entry_id.gt(id))
        .order(audit_unsealed::entry_id)
        .limit(limit)
        .select(audit_unsealed::entry_id)
        .load(conn)?)
}

/// Those that wait behind this one and in whose bodies each of these ids occurs, in the order of their ids, at most `limit`. As what it occurs,
/// only the body itself tells.
pub(super) fn naming(
    conn: &mut Conn,
    municipality: MunicipalityId,
    behind: EntryId,
    named: &[Uuid],
    limit: i64,
) -> Result<Vec<(EntryId, String)>, Problem> {
    let its_entry = audit_entry::municipality_id
        .eq(audit_unsealed::municipality_id)
        .and(audit_entry::id.eq(audit_unsealed::entry_id));
    let mut query = audit_unsealed::table
        .inner_join(audit_entry::table.on(its_entry))
        .filter(audit_unsealed::municipality_id.eq(municipality))
        .filter(audit_unsealed::entry_id.gt(behind))
        .order(audit_unsealed::entry_id)
        .limit(limit)
        .select((audit_entry::id, audit_entry::body))
        .into_boxed();
    for id in named {
        query = query.filter(audit_entry::body.like(format!("%{id}%")));
    }
    Ok(query.load(conn)?)
}

/// Whether this one waits.
pub(super) fn holds(
    conn: &mut Conn,
    municipality: MunicipalityId,
    id: EntryId,
) -> Result<bool, Problem> {
    let it: Option<EntryId> = audit_unsealed::table
        .find((municipality, id))
        .select(audit_unsealed::entry_id)
        .first(conn)
        .optional()?;
    Ok(it.is_some())
}

/// The moment before which every recorded entry that can be read now is sealed.
pub(super) fn sealed_up_to(tx: &mut Tx<'_>) -> Result<Instant, Problem> {
    let municipality = tx.municipality();
    let (mut earliest, mut last) = (None, EntryId::NIL);
    // All of them: where a clock was set back, a later id may tell of an earlier moment.
    loop {
        let waiting = behind(tx.conn(), municipality, last, BATCH)?;
        let Some(id) = waiting.last() else { break };
        last = *id;
        for body in store::bodies(tx.conn(), municipality, &waiting)?.values() {
            let at = Told::read(body)?.recorded_at;
            earliest = Some(earliest.map_or(at, |before: Instant| before.min(at)));
        }
    }
    Ok(earliest.unwrap_or(tx.now()))
}
