//! `rettbolig demo`: a synthetic municipality in a fresh embedded database, and a service over it to try things on.

mod example;
mod load;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use clap::Args;
use secrecy::SecretString;

use self::load::{Loader, username};
use super::serve;
use crate::auth::{Caller, Passwords, Role, SignIn, Tokens};
use crate::clock::Clock;
use crate::config::{Options, Secrets};
use crate::db::{self, Db, Target};
use crate::demo::{Scale, generate};
use crate::kit::{IdSource, Kit};
use crate::national_id::Acceptance;
use crate::telemetry;

/// What kind of municipality is made.
#[derive(Debug, Args)]
pub(super) struct DemoOptions {
    /// The same seed gives the same municipality on the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How large: small (25,000 inhabitants), large (700,000) or national (the stock of the whole country)
    #[arg(long, default_value = "small", value_parser = scale)]
    scale: Scale,
    /// Everybody's password; a random one when not given
    #[arg(long, env = "RETTBOLIG_DEMO_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Only load and print, then stop
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    options: Options,
}

fn scale(text: &str) -> Result<Scale, String> {
    text.to_ascii_uppercase()
        .parse()
        .map_err(|_| "small, large or national".to_owned())
}

/// The file of the demonstration, removed when it ends.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", ".migrate-lock"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            // Whatever was never made needs no removing.
            drop(std::fs::remove_file(PathBuf::from(name)));
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the demonstration is told on the terminal"
)]
pub(super) fn demo(asked: &DemoOptions) -> Result<(), Box<dyn Error>> {
    asked.options.check()?;
    telemetry::start_logging(Some("warn"), true);
    let name = format!("rettbolig-demo-{}.db", std::process::id());
    let scratch = Scratch(std::env::temp_dir().join(name));
    let target = Target::Sqlite(scratch.0.clone());
    db::migrate(&target)?;
    // The keys live as long as the demonstration: nothing of it can be read, or signed, afterwards.
    let Secrets {
        keys,
        index_key,
        signing_key,
        pepper,
    } = Secrets::ephemeral()?;
    let passwords = Passwords::new(pepper, asked.options.cost())?;
    let password = asked.password.clone().map_or_else(fresh_password, Ok)?;
    let hash = passwords.hash(&SecretString::from(password.clone()))?;
    let begun = Instant::now();
    let today = Clock::System.today();
    println!(
        "Making a municipality (seed {}, {}) …",
        asked.seed, asked.scale
    );
    let town = Arc::new(generate(asked.seed, asked.scale, today));
    let national_ids = Acceptance::SYNTHETIC_PERSONS;
    let clock = Clock::manual(today.start());
    let ids = IdSource::seeded(asked.seed);
    let kit = Arc::new(Kit {
        clock,
        ids,
        keys,
        index_key,
        national_ids,
    });
    let municipality = kit.ids.next(today.start());
    let db = Db::open(&target, 1, Arc::clone(&kit))?;
    let loader = Loader {
        db: &db,
        caller: Arc::new(Caller::system(municipality)),
        town: Arc::clone(&town),
        today,
        tell: &|stage, count| println!("  {stage:<12}{count:>8}"),
    };
    let rt = actix_web::rt::System::new();
    let loaded = rt.block_on(loader.load(hash)).map_err(|problem| {
        let faults: Vec<&str> = problem
            .errors
            .iter()
            .map(|fault| fault.pointer.as_str())
            .collect();
        format!(
            "{}: {} {faults:?}",
            problem.kind.code,
            problem.cause.unwrap_or_default()
        )
    })?;
    db.close();
    drop(db);
    println!(
        "{} is ready after {:.1} s.\n",
        town.name,
        begun.elapsed().as_secs_f64()
    );
    drop(town);
    if asked.no_serve {
        return Ok(());
    }
    let tokens = Tokens::new(asked.options.issuer.clone(), &signing_key);
    let tokens = tokens.map_err(|problem| problem.cause.unwrap_or_default())?;
    let sign_in = SignIn::new(tokens, passwords);
    let kit = Arc::into_inner(kit).ok_or("the loader still holds the keys")?;
    let kit = Kit {
        clock: Clock::System,
        ids: IdSource::random(),
        ..kit
    };
    serve::answer(&asked.options, &target, Arc::new(kit), sign_in, |address| {
        println!("Service     http://{address}/api/v1");
        println!("API page    http://{address}/docs/\n");
        println!("Accounts (password {password} for all):");
        for role in Role::ALL {
            println!("  {}", username(*role));
        }
        println!(
            "\n{}",
            example::script(&address.to_string(), &password, &loaded.homes)
        );
    })?;
    drop(scratch);
    Ok(())
}

/// A password that nobody can guess, for a service that somebody may have put on a network.
fn fresh_password() -> Result<String, Box<dyn Error>> {
    let mut random = [0; 12];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random))
}
