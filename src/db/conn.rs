//! One connection that is either `PostgreSQL` or `SQLite`, so that every query is written once.
#![expect(missing_docs, reason = "the derive documents nothing of what it makes")]

use diesel::{PgConnection, SqliteConnection};

/// A connection to the database that `DATABASE_URL` chose.
///
/// Never `Conn::establish`: the derive tries the variants in turn, and `SQLite` opens a file of any name.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// Production: many instances over one server.
    Pg(PgConnection),
    /// Embedded: one file, nothing to install.
    Sqlite(SqliteConnection),
}

/// Runs the same statement on the inner connection: for the few that Diesel cannot build for either-or (batch inserts, upserts),
/// and for those of every request, since either-or writes a statement's text out anew, twice, whenever it is run.
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $statement:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $statement,
            $crate::db::Conn::Sqlite($c) => $statement,
        }
    };
}

/// Loads what a query finds by each of a list of values in a column: mostly by one, as when a single case is shown. By one its text need
/// not be written out to find the statement that is prepared already.
#[macro_export]
macro_rules! load_by {
    ($conn:expr, $query:expr, $column:expr, $values:expr) => {
        match $values {
            [one] => {
                let query = $query.filter($column.eq(one));
                $crate::each!($conn, c => query.load(c))
            }
            many => {
                let query = $query.filter($column.eq_any(many));
                $crate::db::load_listed(query, many.len(), $conn)
            }
        }
    };
}
