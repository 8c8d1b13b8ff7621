//! Hands every test a furnished database of its own, and knows at the end what the run ran on.

use std::any::Any;
use std::path::Path;
use std::sync::OnceLock;

use diesel::connection::Connection as _;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl as _, SqliteConnection};
use tempfile::TempDir;

use super::postgres::{Cluster, Source};
use super::{Backend, Bench, find_setting};

/// Everything that the run's tests share; dropping it stops the server that was started for them.
pub(crate) struct Workshop {
    furnish: fn(&str),
    sqlite_template: OnceLock<TempDir>,
    postgres: Option<Source>,
    cluster: OnceLock<Result<Cluster, String>>,
}

/// A test's database, kept for as long as the test runs.
pub(crate) struct Place {
    bench: Bench,
    // A folder or a database on the server, gone when this is dropped.
    _home: Box<dyn Any>,
}

const FILE: &str = "rettbolig.db";

impl Workshop {
    /// Looks for `PostgreSQL`, but starts nothing. `furnish` makes an empty database what every test
    /// expects to find; it runs once for each backend, and the tests get copies of the result.
    pub(crate) fn open(furnish: fn(&str)) -> Self {
        Self {
            furnish,
            sqlite_template: OnceLock::new(),
            postgres: Source::find(),
            cluster: OnceLock::new(),
        }
    }

    /// Whether tests can run on the backend at all.
    pub(crate) const fn offers(&self, backend: Backend) -> bool {
        match backend {
            Backend::Sqlite => true,
            Backend::Postgres => self.postgres.is_some(),
        }
    }

    /// Why the run must not begin: it is required to try `PostgreSQL` and cannot.
    pub(crate) fn find_complaint(&self) -> Option<&'static str> {
        let required = find_setting("RETTBOLIG_TEST_POSTGRES").is_some_and(|it| it == "required");
        (required && !self.offers(Backend::Postgres)).then_some(
            "RETTBOLIG_TEST_POSTGRES=required, but no PostgreSQL was found: install it or set TEST_DATABASE_URL",
        )
    }

    /// A furnished database for one test.
    pub(crate) fn set_up(&self, backend: Backend) -> Result<Place, String> {
        match backend {
            Backend::Sqlite => Ok(self.set_up_sqlite()),
            Backend::Postgres => self.set_up_postgres(),
        }
    }

    fn set_up_sqlite(&self) -> Place {
        let template = self.sqlite_template.get_or_init(|| {
            let folder = TempDir::new().unwrap();
            (self.furnish)(&sqlite_url(folder.path()));
            let wal = folder.path().join(format!("{FILE}-wal"));
            assert!(
                !wal.exists(),
                "a connection is still open: the copies would miss its writes"
            );
            folder
        });
        let folder = TempDir::new().unwrap();
        std::fs::copy(template.path().join(FILE), folder.path().join(FILE)).unwrap();
        let bench = Bench {
            backend: Backend::Sqlite,
            database_url: sqlite_url(folder.path()),
        };
        Place {
            bench,
            _home: Box::new(folder),
        }
    }

    fn set_up_postgres(&self) -> Result<Place, String> {
        let source = self.postgres.as_ref().ok_or("no PostgreSQL was found")?;
        let cluster = self
            .cluster
            .get_or_init(|| Cluster::reach(source))
            .as_ref()?;
        let database = cluster.fresh_database(Some(cluster.template(self.furnish)))?;
        let bench = Bench {
            backend: Backend::Postgres,
            database_url: database.url(),
        };
        Ok(Place {
            bench,
            _home: Box::new(database),
        })
    }

    /// The run's last line: on what its tests ran, and why not on more.
    pub(crate) fn closing_line(&self) -> String {
        let sqlite = self
            .sqlite_template
            .get()
            .map(|_| format!("SQLite (bundled {})", sqlite_version()));
        let postgres = self.cluster.get().map(|cluster| match cluster {
            Ok(cluster) => cluster.to_string(),
            Err(_) => "PostgreSQL (out of reach)".to_owned(),
        });
        let ran: Vec<String> = sqlite.into_iter().chain(postgres).collect();
        match (ran.is_empty(), self.offers(Backend::Postgres)) {
            (true, _) => "ran on: no database".to_owned(),
            (false, true) => format!("ran on: {}", ran.join(", ")),
            (false, false) => format!(
                "ran on: {} only (no PostgreSQL found: install it or set TEST_DATABASE_URL)",
                ran.join(", ")
            ),
        }
    }
}

impl Place {
    /// What the test is told of it.
    pub(crate) fn bench(&self) -> Bench {
        self.bench.clone()
    }
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join(FILE).display())
}

fn sqlite_version() -> String {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    diesel::select(sql::<Text>("sqlite_version()"))
        .get_result(&mut conn)
        .unwrap()
}
