//! `municipality add`, `rules adopt`, `user add`: how an installation gets its first municipality, rules and people.

use std::error::Error;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};

use crate::auth::{self, BlockList, Caller, Cost, PASSWORD_CHARACTERS_MAX, Passwords, Role};
use crate::cadastral::MunicipalityNumber;
use crate::clock::Day;
use crate::config::{self, Secrets};
use crate::db::{Db, Tx};
use crate::forwarding;
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::outward::Guard;
use crate::problem::Problem;
use crate::rulesets::{self, RuleSet};

#[derive(Debug, Subcommand)]
pub(super) enum MunicipalityCommand {
    /// Add a municipality by its number and name
    Add {
        /// Four digits, for example 5035
        number: MunicipalityNumber,
        /// The municipality's name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Put allocation rules into force; the version before ends on that day
    Adopt {
        /// A rule set as JSON
        file: PathBuf,
        /// The municipality's number
        #[arg(long)]
        municipality: MunicipalityNumber,
        /// The first day, for example 2026-01-01
        #[arg(long)]
        valid_from: Date,
    },
    /// Print the rule set that ships as an example
    Example,
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add an employee's account; the password is read from standard input
    Add {
        /// What the employee signs in with, unique in the installation
        username: String,
        /// The municipality's number
        #[arg(long)]
        municipality: MunicipalityNumber,
        /// The name that colleagues read
        #[arg(long)]
        name: String,
        /// A role, for example CASEWORKER; repeat for several
        #[arg(long = "role", required = true)]
        roles: Vec<Role>,
    },
}

pub(super) fn municipality(command: MunicipalityCommand) -> Result<(), Box<dyn Error>> {
    let MunicipalityCommand::Add { number, name } = command;
    let db = open()?.0;
    let caller = Arc::new(Caller::system(MunicipalityId::new()));
    act(&db, &caller, move |tx| {
        municipality::add(tx, number, &name)?;
        forwarding::found(tx, &name)
    })
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
pub(super) fn rules(command: RulesCommand) -> Result<(), Box<dyn Error>> {
    let RulesCommand::Adopt {
        file,
        municipality: number,
        valid_from,
    } = command
    else {
        println!("{}", RuleSet::EXAMPLE_JSON);
        return Ok(());
    };
    let rules: RuleSet = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let db = open()?.0;
    let caller = Arc::new(Caller::system(find(&db, number)?));
    act(&db, &caller, move |tx| {
        rulesets::adopt(tx, &rules, Day(valid_from)).map(|_| ())
    })
}

pub(super) fn user(command: UserCommand) -> Result<(), Box<dyn Error>> {
    let UserCommand::Add {
        username,
        municipality: number,
        name,
        roles,
    } = command;
    let (db, passwords) = open()?;
    let id = find(&db, number)?;
    let password = read_password()?;
    let alone = BlockList::default().judge(password.expose_secret(), &[&username, &name], false);
    alone.map_err(|refusal| refusal.kind().en)?;
    let hash = passwords.hash(&password)?;
    let caller = Arc::new(Caller::system(id));
    act(&db, &caller, move |tx| {
        auth::add_user(tx, &username, &name, &hash, &roles).map(|_| ())
    })
}

pub(super) fn find(db: &Db, number: MunicipalityNumber) -> Result<MunicipalityId, Box<dyn Error>> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let rt = actix_web::rt::System::new();
    let found = rt.block_on(db.read(&nobody, move |tx| municipality::find_by_number(tx, number)));
    Ok(found
        .map_err(told)?
        .ok_or("no such municipality: add it first")?)
}

pub(super) fn open() -> Result<(Db, Passwords), Box<dyn Error>> {
    let target = config::target(&config::environment)?;
    let secrets = Secrets::read(&config::environment)?;
    crate::db::migrate(&target)?;
    let checks = secrets.checks();
    let kit = config::kit(secrets.keys, secrets.index_key, Guard::default(), false);
    let db = Db::open(&target, 1, kit)?;
    actix_web::rt::System::new().block_on(super::must_fit(&db, checks))?;
    Ok((db, Passwords::new(secrets.pepper, Cost::OWASP_FLOOR)?))
}

fn act(
    db: &Db,
    caller: &Arc<Caller>,
    work: impl Fn(&mut Tx<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Box<dyn Error>> {
    let done = actix_web::rt::System::new().block_on(db.write(caller, work));
    db.close();
    Ok(done.map_err(told)?)
}

pub(super) fn told(problem: Problem) -> String {
    problem.cause.unwrap_or_else(|| problem.kind.en.to_owned())
}

fn read_password() -> Result<SecretString, Box<dyn Error>> {
    // As many bytes as the characters may take, and the end of the line.
    let limit = u64::try_from(4 * PASSWORD_CHARACTERS_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(2);
    let mut text = String::new();
    std::io::stdin().take(limit).read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned().into())
}
