//! Makes the index by which the log is asked anew, from the entries. Only the owner of the database can: the service's own role deletes
//! nothing.

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{OptionalExtension as _, PgConnection, RunQueryDsl as _};

use super::{postings, seal, spans, store, tree};
use crate::db::{Conn, ConnectFault, Purpose, Target};
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// Entries that are filed at once.
const STEP: u64 = 4_096;

/// What keeps the index from losing anything on `SQLite`.
const KEEPER: &str = "audit_posting_no_delete";

/// Why the index could not be made anew. It is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReindexFault {
    /// No connection.
    #[error(transparent)]
    NotConnected(#[from] ConnectFault),
    /// The database refused, or the log could not be read.
    #[error("the index could not be made anew: {}", .0.cause.as_deref().unwrap_or(.0.kind.en))]
    Refused(Problem),
}

/// Makes the index of a municipality's log anew in one transaction, and tells how many entries it covers. Whoever asks or seals waits
/// meanwhile. The log itself is not touched, and checked elsewhere.
#[expect(
    clippy::disallowed_methods,
    reason = "the owner's connection goes through no door, and this changes nothing that anybody is told"
)]
pub fn reindex(target: &Target, municipality: MunicipalityId) -> Result<u64, ReindexFault> {
    let mut conn = target.connect(Purpose::Migrate)?;
    conn.transaction(|conn| {
        empty(conn, municipality)?;
        let size = tree::find_latest(conn, municipality)?.map_or(0, |last| last.head.size);
        for first in (0..size).step_by(usize::try_from(STEP).unwrap_or(1)) {
            file(conn, municipality, first)?;
        }
        Ok(size)
    })
    .map_err(ReindexFault::Refused)
}

fn file(conn: &mut Conn, municipality: MunicipalityId, first: u64) -> Result<(), Problem> {
    let leaves = spans::leaves(conn, municipality, first..first.saturating_add(STEP))?;
    let ids: Vec<EntryId> = leaves.iter().map(|leaf| leaf.entry).collect();
    let mut bodies = store::bodies(conn, municipality, &ids)?;
    let entries = leaves.into_iter().filter_map(|leaf| {
        let body = bodies.remove(&leaf.entry)?;
        Some((leaf.index, leaf.entry, body))
    });
    let entries: Vec<_> = entries.collect();
    let read = entries
        .iter()
        .map(|(place, id, body)| (*place, *id, body.as_str()));
    let (_, filing) = seal::read(read)?;
    let growth = postings::plan(conn, municipality, &filing)?;
    postings::file(conn, municipality, &growth)
}

/// Takes everything out of the index of this log, past what keeps it from being taken out.
fn empty(conn: &mut Conn, municipality: MunicipalityId) -> Result<(), Problem> {
    let (open, close) = match conn {
        Conn::Pg(conn) => {
            take_turn(conn, municipality)?;
            let switch = |how| format!("ALTER TABLE audit_posting {how} TRIGGER USER");
            (switch("DISABLE"), switch("ENABLE"))
        }
        Conn::Sqlite(conn) => {
            let keeper = format!("SELECT sql FROM sqlite_schema WHERE name = '{KEEPER}'");
            let keeper: Option<String> = sql::<Text>(&keeper).get_result(conn).optional()?;
            let drop = format!("DROP TRIGGER IF EXISTS {KEEPER}");
            (drop, keeper.unwrap_or_default())
        }
    };
    conn.batch_execute(&open)?;
    postings::delete_all(conn, municipality)?;
    conn.batch_execute(&close)?;
    Ok(())
}

/// Says for which municipality it works, since row-level security binds the owner too, and waits until no other instance seals.
fn take_turn(conn: &mut PgConnection, municipality: MunicipalityId) -> diesel::QueryResult<()> {
    let turn = seal::turn(municipality);
    conn.batch_execute(&format!(
        "SELECT set_config('app.municipality', '{municipality}', true); SELECT pg_advisory_xact_lock({turn})"
    ))
}
