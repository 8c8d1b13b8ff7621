//! Brings a database to the schema that this binary knows; safe when several instances start at once.
//!
//! Each migration is one transaction, so that after a kill the next start takes up where this one ended.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use super::target::{ConnectFault, Purpose, Target};

const FOR_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const FOR_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number will do, as long as every instance asks for the same lock.
const ADVISORY_LOCK: &str = "SELECT pg_advisory_lock(7238446001)";

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateFault {
    /// No connection.
    #[error(transparent)]
    NotConnected(#[from] ConnectFault),
    /// The database was migrated by a newer release.
    #[error(
        "the database has migration {0}, which this release does not know: use the newer release"
    )]
    NewerSchema(String),
    /// The lock that keeps instances apart could not be taken.
    #[error("the migration lock could not be taken: {0}")]
    NotLocked(String),
    /// A migration failed and was rolled back.
    #[error("a migration failed and was rolled back: {0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

/// Runs the migrations that are missing and returns their names.
pub fn migrate(target: &Target) -> Result<Vec<String>, MigrateFault> {
    let _held = match target {
        Target::Sqlite(path) => Some(lock_beside(path)?),
        Target::Postgres(_) => None,
    };
    match target.connect(Purpose::Migrate)? {
        Conn::Sqlite(mut conn) => bring_up(&mut conn, FOR_SQLITE),
        Conn::Pg(mut conn) => {
            // The lock is the session's: it is gone when the connection is.
            conn.batch_execute(ADVISORY_LOCK)
                .map_err(|error| MigrateFault::NotLocked(error.to_string()))?;
            bring_up(&mut conn, FOR_POSTGRES)
        }
    }
}

fn bring_up<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    known: EmbeddedMigrations,
) -> Result<Vec<String>, MigrateFault>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let names: BTreeSet<String> = MigrationSource::<DB>::migrations(&known)
        .map_err(MigrateFault::Failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = conn.applied_migrations().map_err(MigrateFault::Failed)?;
    if let Some(newer) = applied
        .iter()
        .map(ToString::to_string)
        .find(|name| !names.contains(name))
    {
        return Err(MigrateFault::NewerSchema(newer));
    }
    let ran = conn
        .run_pending_migrations(known)
        .map_err(MigrateFault::Failed)?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// `SQLite` has no lock that outlives a transaction, so instances queue at a file beside the database.
fn lock_beside(path: &Path) -> Result<File, MigrateFault> {
    let mut name = path.as_os_str().to_owned();
    name.push(".migrate-lock");
    let not_locked = |error: std::io::Error| MigrateFault::NotLocked(error.to_string());
    let file = File::create(PathBuf::from(name)).map_err(not_locked)?;
    file.lock().map_err(not_locked)?;
    Ok(file)
}
