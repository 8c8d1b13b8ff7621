//! Lets a connection keep the prepared form of statements that Diesel itself always prepares anew.
//!
//! Diesel does not keep what *might* come in endless variants: every `UPDATE`, every `IN (…)`, every insert of several rows.
//! On `SQLite` preparing such a statement costs more than running it; on `PostgreSQL` it is a round trip more.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::{QueryResult, RunQueryDsl};

use super::Conn;

/// Values in a list of which each length is kept as a statement of its own.
pub const LIST_SHORT: usize = 8;

/// A statement of which there are few variants, so that the connection may keep each.
///
/// It is kept where it is loaded, not where it is executed: then Diesel asks a reference to it, which knows nothing of this. So an `UPDATE`
/// is loaded, with what it returns.
#[derive(Debug, Clone, Copy)]
pub struct Prepared<S>(pub S);

impl<S: QueryId> QueryId for Prepared<S> {
    type QueryId = S::QueryId;
    const HAS_STATIC_QUERY_ID: bool = S::HAS_STATIC_QUERY_ID;
}

impl<S: Query> Query for Prepared<S> {
    type SqlType = S::SqlType;
}

impl<S, C> RunQueryDsl<C> for Prepared<S> {}

impl<S: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<S> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Loads what a query asks for by a list of so many values: mostly one, as when a single case is shown.
pub fn load_listed<'q, Q, T>(query: Q, length: usize, conn: &mut Conn) -> QueryResult<Vec<T>>
where
    Q: RunQueryDsl<Conn> + LoadQuery<'q, Conn, T>,
    Prepared<Q>: LoadQuery<'q, Conn, T>,
{
    if length <= LIST_SHORT {
        Prepared(query).load(conn)
    } else {
        query.load(conn)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::SqliteConnection;
    use diesel::connection::{InstrumentationEvent, SimpleConnection as _};
    use diesel::prelude::*;

    use super::*;

    diesel::table! {
        thing (id) {
            id -> BigInt,
            size -> BigInt,
        }
    }

    #[test]
    fn an_update_is_prepared_once_and_kept() {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        let made = "CREATE TABLE thing (id INTEGER PRIMARY KEY, size INTEGER NOT NULL); INSERT INTO thing VALUES (1, 0)";
        conn.batch_execute(made).unwrap();
        let kept = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&kept);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        for size in 1..=3 {
            let update = diesel::update(thing::table.find(1)).set(thing::size.eq(size));
            let update = Prepared(update.returning(thing::id));
            assert_eq!(update.load::<i64>(&mut conn), Ok(vec![1]));
        }
        assert_eq!(kept.load(Ordering::Relaxed), 1);
    }
}
