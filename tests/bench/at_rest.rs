//! A long log at rest: what the database and the service do by themselves once nothing more is written, and what it takes on the disk.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rettbolig::db::Conn;
use rettbolig::db::schema::event_unplaced;

use crate::history::History;
use crate::tell;

impl History {
    /// Does what the database does by itself before long after so much was written.
    pub(crate) fn settle(&self) {
        let conn = &mut self.connect();
        let tidy: &[&str] = match conn {
            Conn::Sqlite(_) => &["PRAGMA wal_checkpoint(TRUNCATE)"],
            Conn::Pg(_) => &["VACUUM (ANALYZE)", "CHECKPOINT"],
        };
        for statement in tidy {
            conn.batch_execute(statement).unwrap();
        }
    }

    /// Waits until the service has come to the events of all that was recorded while none ran.
    pub(crate) fn catch_up(&self) {
        let conn = &mut self.connect();
        while event_unplaced::table
            .count()
            .get_result::<i64>(conn)
            .unwrap()
            > 0
        {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What an entry takes on the disk besides its text.
    pub(crate) fn measure_disk(&self) {
        let conn = &mut self.connect();
        let number = |conn: &mut Conn, question: &str| -> f64 {
            let found = diesel::dsl::sql::<BigInt>(question).get_result::<i64>(conn);
            found.unwrap() as f64
        };
        let size = match conn {
            Conn::Sqlite(_) => {
                "SELECT CAST(sum(pgsize) AS INTEGER) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name LIKE 'audit%')"
            }
            Conn::Pg(_) => {
                "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relkind = 'r' AND relname LIKE 'audit%'"
            }
        };
        let size = number(conn, size);
        let text = number(
            conn,
            "SELECT CAST(sum(length(body)) AS bigint) FROM audit_entry",
        );
        let count = number(conn, "SELECT count(*) FROM audit_entry");
        let besides = (size - text) / count;
        tell(
            "bytes on the disk of an entry, with its seal, subjects and indexes",
            &format!(
                "{:.0}, its text {:.0}, besides {besides:.0}",
                size / count,
                text / count
            ),
            "700 besides",
            besides <= 700.0,
        );
    }
}
