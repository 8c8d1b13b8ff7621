//! Shows that the harness keeps its word: own databases, furnished alike, and nothing left behind.

use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, RunQueryDsl as _, SqliteConnection};
use rettbolig::db::Conn;
use rettbolig::each;

use super::throwaway::{Durability, Programs, ThrowAway};
use super::{Backend, Bench, cases};

async fn a_test_finds_its_database_furnished(bench: Bench) {
    let mut conn = connect(&bench.database_url);
    assert_eq!(
        matches!(conn, Conn::Pg(_)),
        bench.backend == Backend::Postgres
    );
    assert_eq!(count_towns(&mut conn), 2);
}

async fn a_test_sees_nothing_of_what_another_one_writes(bench: Bench) {
    // Whichever of the two tests comes second finds no more than what was furnished.
    let mut conn = connect(&bench.database_url);
    execute(&mut conn, "DELETE FROM sign_in_name");
    execute(&mut conn, "UPDATE municipality SET number = number || 'x'");
    assert_eq!(count_towns(&mut conn), 0);
}

async fn a_panic_leaves_no_server_behind(_: Bench) {
    // A server lent by TEST_DATABASE_URL is not ours to stop, so this is about one of our own.
    let Some(programs) = Programs::find() else {
        return;
    };
    let mut seen = None;
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let server = ThrowAway::start(&programs, Durability::None).unwrap();
        seen = Some((server.folder().to_owned(), server.port()));
        std::panic::resume_unwind(Box::new("a failing test"));
    }));
    assert!(ended.is_err());
    let (folder, port) = seen.unwrap();
    assert!(!folder.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

fn a_listing_names_each_test_once_a_backend() {
    let own = std::env::current_exe().unwrap();
    let listed = Command::new(own)
        .args(["--list", "a_test_finds"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(listed.stdout).unwrap(),
        "support::selftest::a_test_finds_its_database_furnished::sqlite: test\n\
         support::selftest::a_test_finds_its_database_furnished::postgres: test\n"
    );
}

fn connect(database_url: &str) -> Conn {
    match database_url.strip_prefix("sqlite:") {
        Some(path) => Conn::Sqlite(SqliteConnection::establish(path).unwrap()),
        None => Conn::Pg(PgConnection::establish(database_url).unwrap()),
    }
}

fn execute(conn: &mut Conn, statement: &str) {
    each!(conn, conn => conn.batch_execute(statement)).unwrap();
}

fn count_towns(conn: &mut Conn) -> i64 {
    let count = diesel::select(sql::<BigInt>(
        "(SELECT count(*) FROM municipality WHERE number NOT LIKE '%x')",
    ));
    count.get_result(conn).unwrap()
}

cases::cases![
    a_test_finds_its_database_furnished,
    a_test_sees_nothing_of_what_another_one_writes
];
cases::plain![a_listing_names_each_test_once_a_backend];
cases::postgres_only![a_panic_leaves_no_server_behind];
