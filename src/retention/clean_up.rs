//! Has the database forget on the disk what was erased: free pages, the write-ahead log, dead rows.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::{Conn, ConnectFault, Purpose, Target};

/// Deleted bytes are overwritten as it goes (`secure_delete`); what is left stands in the write-ahead log, which is written back and cut
/// off. Rewriting the file leaves no page of before.
const ON_SQLITE: &str = "
    PRAGMA busy_timeout = 30000;
    PRAGMA wal_checkpoint(TRUNCATE);
    VACUUM;
    PRAGMA wal_checkpoint(TRUNCATE);";

/// The tables from which erasing takes something, rewritten without what is dead. Each is locked for that long.
const ON_POSTGRES: [&str; 5] = [
    "VACUUM (FULL, ANALYZE) person",
    "VACUUM (FULL, ANALYZE) person_name",
    "VACUUM (FULL, ANALYZE) audit_segment",
    "VACUUM (FULL, ANALYZE) idempotency_record",
    "CHECKPOINT",
];

/// Why the disk could not be cleaned up.
#[derive(Debug, thiserror::Error)]
pub enum CleanUpFault {
    /// No connection.
    #[error(transparent)]
    NotConnected(#[from] ConnectFault),
    /// The database refused; a part may be done, and it may be tried again.
    #[error("the database could not be cleaned up: {0}")]
    Refused(#[from] diesel::result::Error),
    /// Somebody reads a state of before, so it cannot be forgotten yet.
    #[error("somebody still reads what was: try again when no long read is running")]
    StillRead,
}

/// Cleans up, and tells what else keeps copies.
pub fn clean_up(target: &Target) -> Result<&'static str, CleanUpFault> {
    match target.connect(Purpose::Migrate)? {
        Conn::Sqlite(mut conn) => {
            conn.batch_execute(ON_SQLITE)?;
            if is_log_empty(&mut conn)? {
                Ok(
                    "The file holds nothing of what was erased. Copies of it that were made before do: let them expire within 30 days.",
                )
            } else {
                Err(CleanUpFault::StillRead)
            }
        }
        Conn::Pg(mut conn) => {
            must_be_read_by_nobody(&mut conn)?;
            for statement in ON_POSTGRES {
                conn.batch_execute(statement)?;
            }
            Ok(
                "The tables hold nothing of what was erased. The server's write-ahead log does until it is recycled, and so do archived logs, \
                replicas' logs and backups that were made before: let them expire within 30 days.",
            )
        }
    }
}

/// How long whoever reads a state of before is waited for, and how often it is looked.
const PATIENCE: Duration = Duration::from_secs(30);
const EACH: Duration = Duration::from_millis(100);

/// A row that is dead is kept for as long as a transaction that began before its end still reads, be it only the server's own
/// housekeeping: those are waited for. Sessions that the user in `DATABASE_URL` may not look at are not seen.
fn must_be_read_by_nobody(conn: &mut PgConnection) -> Result<(), CleanUpFault> {
    let now: Horizon =
        diesel::sql_query("SELECT pg_current_xact_id()::xid::text AS horizon").get_result(conn)?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let reading = diesel::sql_query(
            "SELECT count(*) AS sessions FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL \
             AND age(backend_xmin) > age(CAST($1 AS text)::xid)",
        );
        let reading: Reading = reading.bind::<Text, _>(&now.horizon).get_result(conn)?;
        if reading.sessions == 0 {
            return Ok(());
        }
        std::thread::sleep(EACH);
    }
    Err(CleanUpFault::StillRead)
}

#[derive(QueryableByName)]
struct Horizon {
    #[diesel(sql_type = Text)]
    horizon: String,
}

#[derive(QueryableByName)]
struct Reading {
    #[diesel(sql_type = BigInt)]
    sessions: i64,
}

#[derive(QueryableByName)]
struct Checkpointed {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

fn is_log_empty(conn: &mut SqliteConnection) -> Result<bool, CleanUpFault> {
    let told: Checkpointed =
        diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(conn)?;
    Ok(told.busy == 0)
}
