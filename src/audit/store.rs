//! The log's entries: each is written with the transaction that it tells of, and never again.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::body::body_of;
use super::canonical::{Hash, leaf_hash};
use super::chains::Chains;
use super::questions::RecordedEntry;
use super::{Entry, segments};
use crate::auth::Caller;
use crate::db::schema::audit_entry;
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{EntryId, MunicipalityId};
use crate::kit::Kit;
use crate::problem::Problem;

/// Ids that one query asks for; `SQLite` takes 32,766 values a statement.
pub(super) const IDS_A_QUERY: usize = 1000;

/// An entry as it is kept.
#[derive(Insertable)]
#[diesel(table_name = audit_entry, treat_none_as_default_value = false)]
struct Row {
    municipality_id: MunicipalityId,
    id: EntryId,
    body: String,
}

/// Writes entries into the open transaction, in order, and gives their ids. What they are found by is filed when they are sealed.
pub fn append(
    conn: &mut Conn,
    kit: &Kit,
    caller: &Caller,
    entries: &[Entry],
) -> Result<Vec<EntryId>, Problem> {
    let mut chains = Chains::of(caller.municipality);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        rows.push(row_of(conn, kit, caller, &mut chains, entry)?);
    }
    insert(conn, &rows)?;
    for (row, entry) in rows.iter().zip(entries) {
        segments::insert(conn, caller.municipality, row.id, &entry.segments)?;
    }
    chains.keep(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn row_of(
    conn: &mut Conn,
    kit: &Kit,
    caller: &Caller,
    chains: &mut Chains,
    entry: &Entry,
) -> Result<Row, Problem> {
    let recorded_at = kit.clock.now();
    let id = kit.ids.next(recorded_at);
    let chain = match entry.case {
        Some(case) => Some((case, chains.take(conn, case)?)),
        None => None,
    };
    let body = body_of(entry, caller, (id, recorded_at), chain)?;
    if let Some(case) = entry.case {
        chains.add(case, leaf_hash(body.as_bytes()));
    }
    Ok(Row {
        municipality_id: caller.municipality,
        id,
        body,
    })
}

fn insert(conn: &mut Conn, rows: &[Row]) -> Result<(), Problem> {
    match conn {
        // Many travel together; a single one is sent by the statement that is prepared already.
        Conn::Pg(conn) if rows.len() > 1 => {
            for part in rows.chunks(IDS_A_QUERY) {
                let insert = diesel::insert_into(audit_entry::table).values(part);
                insert.execute(conn)?;
            }
        }
        conn => {
            for row in rows {
                let insert = diesel::insert_into(audit_entry::table).values(row);
                each!(conn, c => insert.execute(c))?;
            }
        }
    }
    Ok(())
}

/// The bodies of those of these entries that there are.
pub(super) fn bodies(
    conn: &mut Conn,
    municipality: MunicipalityId,
    ids: &[EntryId],
) -> Result<BTreeMap<EntryId, String>, Problem> {
    let mut found = BTreeMap::new();
    for part in ids.chunks(IDS_A_QUERY) {
        let query = audit_entry::table
            .filter(audit_entry::municipality_id.eq(municipality))
            .filter(audit_entry::id.eq_any(part.to_vec()))
            .select((audit_entry::id, audit_entry::body));
        let rows: Vec<(EntryId, String)> = each!(conn, c => query.load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Those of these entries that there are.
pub(super) fn find_all(tx: &mut Tx<'_>, ids: &[EntryId]) -> Result<Vec<RecordedEntry>, Problem> {
    let municipality = tx.municipality();
    let found = bodies(tx.conn(), municipality, ids)?;
    found.into_iter().map(told).collect()
}

/// How many entries the log has.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<u64, Problem> {
    let count: i64 = audit_entry::table
        .filter(audit_entry::municipality_id.eq(tx.municipality()))
        .count()
        .get_result(tx.conn())?;
    Ok(count.cast_unsigned())
}

/// A hash from a column.
pub(super) fn stored_hash(bytes: &[u8]) -> Result<Hash, Problem> {
    Hash::from_slice(bytes).map_err(|_| Problem::internal("a stored hash has a wrong size"))
}

/// An entry as the log tells it.
pub(super) fn told((id, body): (EntryId, String)) -> Result<RecordedEntry, Problem> {
    let hash = leaf_hash(body.as_bytes()).to_hex();
    let entry = serde_json::value::RawValue::from_string(body)
        .map_err(|_| Problem::internal("an entry's body is not JSON"))?;
    Ok(RecordedEntry {
        id,
        hash,
        entry,
        is_withheld_in_part: false,
    })
}
