//! Which database `DATABASE_URL` names, and how a connection to it is made ready.

use std::path::PathBuf;
use std::str::FromStr;

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::R2D2Connection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use secrecy::{ExposeSecret as _, SecretString};

use super::Conn;

/// A database by its address.
#[derive(Debug, Clone)]
pub enum Target {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`; holds the password.
    Postgres(SecretString),
}

/// Why a text is no database address. Silent about the text: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE")]
pub struct BadTarget;

impl FromStr for Target {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, BadTarget> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(BadTarget)
            } else {
                Ok(Self::Sqlite(path.into()))
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned().into()));
        }
        Err(BadTarget)
    }
}

/// Who uses the connection: the schema's owner while migrating, or the service, which owns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Changes the schema.
    Migrate,
    /// Serves requests; on `PostgreSQL` under the role `rettbolig_app`, which row-level security binds.
    Serve,
}

/// WAL with `synchronous=FULL`: what was acknowledged survives a power cut. The writer's group commit makes it affordable.
const SQLITE_READY: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA recursive_triggers = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;";

const POSTGRES_READY: &str = "
    SET timezone = 'UTC';
    SET statement_timeout = '5s';
    SET lock_timeout = '2s';
    SET idle_in_transaction_session_timeout = '30s';
    SET ROLE rettbolig_app;";

impl Target {
    /// Opens a connection and makes it ready for its purpose.
    pub fn connect(&self, purpose: Purpose) -> Result<Conn, ConnectFault> {
        match self {
            Self::Sqlite(path) => {
                let path = path.to_str().ok_or(ConnectFault::PathNotUtf8)?;
                let mut conn = SqliteConnection::establish(path)?;
                conn.batch_execute(SQLITE_READY)?;
                Ok(Conn::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url.expose_secret())?;
                match purpose {
                    Purpose::Migrate => conn.batch_execute("SET timezone = 'UTC';")?,
                    Purpose::Serve => conn.batch_execute(POSTGRES_READY)?,
                }
                Ok(Conn::Pg(conn))
            }
        }
    }

    /// A short name for logs, without address or password.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// Why no connection could be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectFault {
    /// The server or file refused.
    #[error("the database could not be opened: {0}")]
    Refused(#[from] diesel::ConnectionError),
    /// It opened, but could not be made ready.
    #[error("the database could not be prepared: {0}")]
    NotReady(#[from] diesel::result::Error),
    /// `SQLite` is given paths as UTF-8.
    #[error("the path of the database file is not UTF-8")]
    PathNotUtf8,
    /// The writer's thread could not be started.
    #[error("no thread for the writer: {0}")]
    NoThread(std::io::Error),
}

/// Lets the pool make, check and drop connections.
#[derive(Debug)]
pub(super) struct Manager(pub(super) Target);

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = ConnectFault;

    fn connect(&self) -> Result<Conn, ConnectFault> {
        self.0.connect(Purpose::Serve)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectFault> {
        Ok(conn.ping()?)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}
