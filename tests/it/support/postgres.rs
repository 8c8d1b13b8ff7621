//! The `PostgreSQL` that the tests run on, lent or started for them, and a database on it for each test.

use std::fmt;
use std::sync::OnceLock;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{PgConnection, RunQueryDsl as _};
use reqwest::Url;

use super::find_setting;
use super::throwaway::{Durability, Programs, ThrowAway};

/// Where the tests can get `PostgreSQL` from.
pub(crate) enum Source {
    /// The server of `TEST_DATABASE_URL`, whose user may create databases.
    Lent(String),
    /// The programs of an installed one, enough for a cluster of our own.
    Installed(Programs),
}

impl Source {
    /// Looks at the setting first, then at what is installed. Starts nothing.
    pub(crate) fn find() -> Option<Self> {
        find_setting("TEST_DATABASE_URL")
            .map(Self::Lent)
            .or_else(|| Programs::find().map(Self::Installed))
    }
}

/// A server that answers.
pub(crate) struct Cluster {
    // In this order: the template is dropped while the server still runs.
    template: OnceLock<Database>,
    address: Url,
    version: String,
    throw_away: Option<ThrowAway>,
}

impl Cluster {
    /// Connects to the lent server, or starts one.
    pub(crate) fn reach(source: &Source) -> Result<Self, String> {
        let (address, throw_away) = match source {
            Source::Lent(url) => (url.clone(), None),
            Source::Installed(programs) => {
                let throw_away = ThrowAway::start(programs, Durability::None)?;
                (throw_away.url(), Some(throw_away))
            }
        };
        // Neither message repeats the address: it may hold a password.
        let address: Url = address
            .parse()
            .map_err(|fault| format!("TEST_DATABASE_URL is no address: {fault}"))?;
        let version = find_version(&address)?;
        Ok(Self {
            template: OnceLock::new(),
            address,
            version,
            throw_away,
        })
    }

    /// A new database, empty or a copy of another of this server; dropping the value drops it.
    pub(crate) fn fresh_database(&self, template: Option<&str>) -> Result<Database, String> {
        // By chance and not by count: a lent server may serve several runs at a time.
        let name = format!("rettbolig_test_{:016x}", getrandom::u64().unwrap());
        let template = template.unwrap_or("template0");
        run_on(
            &self.address,
            &format!(r#"CREATE DATABASE "{name}" TEMPLATE "{template}""#),
        )?;
        Ok(Database {
            name,
            server: self.address.clone(),
        })
    }

    /// The name of the database that the tests' own are copies of; furnished the first time.
    pub(crate) fn template(&self, furnish: fn(&str)) -> &str {
        let template = self.template.get_or_init(|| {
            let database = self.fresh_database(None).unwrap();
            furnish(&database.url());
            database
        });
        &template.name
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = match self.throw_away {
            Some(_) => "throw-away cluster",
            None => "server of TEST_DATABASE_URL",
        };
        write!(f, "PostgreSQL {} ({origin})", self.version)
    }
}

/// A database that exists for as long as this value.
pub(crate) struct Database {
    name: String,
    server: Url,
}

impl Database {
    /// Its address, for `DATABASE_URL`.
    pub(crate) fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // By force: a failed test may have left connections open. Never a panic: one may be under way.
        let dropped = run_on(
            &self.server,
            &format!(r#"DROP DATABASE "{}" WITH (FORCE)"#, self.name),
        );
        if let Err(fault) = dropped {
            eprintln!("the test database {} is left behind: {fault}", self.name);
        }
    }
}

fn run_on(server: &Url, statement: &str) -> Result<(), String> {
    connect(server)?
        .batch_execute(statement)
        .map_err(|fault| fault.to_string())
}

/// The bare version: packagers append their own behind a space.
fn find_version(server: &Url) -> Result<String, String> {
    let version: String = diesel::select(sql::<Text>("current_setting('server_version')"))
        .get_result(&mut connect(server)?)
        .map_err(|fault| fault.to_string())?;
    Ok(version.split(' ').next().unwrap_or_default().to_owned())
}

fn connect(server: &Url) -> Result<PgConnection, String> {
    PgConnection::establish(server.as_str())
        .map_err(|fault| format!("PostgreSQL cannot be reached: {fault}"))
}
