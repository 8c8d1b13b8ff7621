//! Both databases are what the code believes them to be, and keep what only they can keep.
pub(crate) mod append_only;
pub(crate) mod codes;
pub(crate) mod isolation;
pub(crate) mod migrating;
pub(crate) mod migrations;
pub(crate) mod tables;

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _};
use diesel_migrations::FileBasedMigrations;
use rettbolig::db::{Conn, Purpose, Target};
use rettbolig::each;

use super::snapshot::project;
use crate::support::{Backend, Bench};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The rows of a question about a single text column named `line`, in order.
fn lines(conn: &mut Conn, question: &str) -> Vec<String> {
    let rows: Vec<Line> = each!(conn, c => diesel::sql_query(question).load(c)).unwrap();
    let ordered: BTreeSet<String> = rows.into_iter().map(|row| row.line).collect();
    ordered.into_iter().collect()
}

fn execute(conn: &mut Conn, statement: &str) -> Result<(), String> {
    each!(conn, c => c.batch_execute(statement)).map_err(|fault| fault.to_string())
}

fn target(bench: &Bench) -> Target {
    bench.database_url.parse().unwrap()
}

fn connect(bench: &Bench, purpose: Purpose) -> Conn {
    target(bench).connect(purpose).unwrap()
}

/// The bench's database with nothing in it.
fn empty(bench: &Bench) -> Target {
    match bench.backend {
        Backend::Sqlite => format!("{}.empty", bench.database_url).parse().unwrap(),
        Backend::Postgres => {
            let nothing = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            execute(&mut connect(bench, Purpose::Migrate), nothing).unwrap();
            target(bench)
        }
    }
}

const fn folder(backend: Backend) -> &'static str {
    backend.code()
}

/// The migrations as they stand in the project.
fn files(backend: Backend) -> FileBasedMigrations {
    FileBasedMigrations::from_path(project().join("migrations").join(folder(backend))).unwrap()
}

/// The names of a backend's migrations, in their order.
fn names(backend: Backend) -> Vec<String> {
    let folder = project().join("migrations").join(folder(backend));
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
