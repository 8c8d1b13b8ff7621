//! Has the database forget on the disk what was erased: free pages, the write-ahead log, dead rows.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

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
    /// Somebody reads a state of before, so the write-ahead log cannot be cut off.
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
