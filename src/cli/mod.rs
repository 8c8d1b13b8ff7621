//! The commands: serve, demo, migrate, municipality add, rules adopt, user add, import dwellings, audit verify, openapi, health.

mod audit;
mod demo;
mod health;
mod import;
mod keys;
mod retention;
mod serve;
mod setup;
mod witness;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::auth::code_at;
use crate::clock::Clock;
use crate::config::{self, Faults, Options, SECRETS_HELP};
use crate::db::{Db, KeyChecks};
use crate::ids::MunicipalityId;
use crate::{db, server};

/// Rett bolig til rett person: municipal housing allocation that explains every match and proves its own history.
#[derive(Debug, Parser)]
#[command(name = "rettbolig", version, after_long_help = SECRETS_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    #[command(after_long_help = SECRETS_HELP)]
    Serve(Options),
    /// Try it: a synthetic municipality in a fresh embedded database, served until Ctrl-C
    Demo(demo::DemoOptions),
    /// Bring the database to the schema that this release knows
    Migrate,
    /// Add a municipality
    Municipality {
        #[command(subcommand)]
        command: setup::MunicipalityCommand,
    },
    /// Manage the allocation rules
    Rules {
        #[command(subcommand)]
        command: setup::RulesCommand,
    },
    /// Manage the employees' accounts
    User {
        #[command(subcommand)]
        command: setup::UserCommand,
    },
    /// Take data in from files
    Import {
        #[command(subcommand)]
        command: import::ImportCommand,
    },
    /// Change the keys under which everything is kept
    #[command(after_long_help = SECRETS_HELP)]
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Print the code that a second factor's secret gives now, as an authenticator app does
    Code {
        /// The secret in base32
        secret: String,
    },
    /// Check the audit log, or what was taken from it
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Propose the erasures that are due, and clean up after those that were carried out
    Retention {
        #[command(subcommand)]
        command: retention::RetentionCommand,
    },
    /// Print openapi.json
    Openapi,
    /// Succeed when the service on `RETTBOLIG_LISTEN` is ready (for health checks of containers)
    Health,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(status) => status,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command line tells its errors there")]
fn complain(error: &dyn Error) {
    eprintln!("rettbolig: {error}");
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
fn dispatch(command: Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Serve(options) => serve::serve(&options)?,
        Command::Demo(asked) => demo::demo(&asked)?,
        Command::Migrate => {
            let ran = db::migrate(&config::target(&config::environment)?)?;
            println!("{} migrations run", ran.len());
        }
        Command::Municipality { command } => setup::municipality(command)?,
        Command::Rules { command } => setup::rules(command)?,
        Command::User { command } => setup::user(command)?,
        // Its exit status tells whether every row was sound.
        Command::Import { command } => return import::import(command),
        Command::Keys { command } => keys::keys(&command)?,
        Command::Code { secret } => {
            let code = code_at(&secret, Clock::System.now());
            println!("{}", code.ok_or("this is no secret of a code generator")?);
        }
        // Its exit status tells what was found.
        Command::Audit { command } => return Ok(audit::audit(command)),
        Command::Retention { command } => retention::retention(command)?,
        Command::Openapi => {
            println!(
                "{}",
                crate::http::document(&server::endpoints()).to_pretty_json()?
            );
        }
        Command::Health => health::check()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses keys with which the database was not used.
async fn must_fit(db: &Db, checks: KeyChecks) -> Result<(), Box<dyn Error>> {
    let compared = db.keep_books(MunicipalityId::NIL, checks).await;
    let faults = compared.map_err(|problem| problem.cause.unwrap_or_default())?;
    if faults.is_empty() {
        return Ok(());
    }
    Err(Faults(faults).into())
}
