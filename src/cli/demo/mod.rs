//! `rettbolig demo`: a synthetic municipality in a fresh embedded database, and a service over it to try things on.
//!
//! With `--keep` the municipality is loaded where `serve` would look for it, under the keys that `serve` would use.

mod example;
mod issuer;
mod load;
mod rows;

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};

use self::issuer::{AGREEMENTS, DemoIssuer};
use self::load::{Loader, username};
use super::serve;
use crate::auth::{self, Caller, Passwords, Role, Tokens};
use crate::clock::Clock;
use crate::config::{self, Options, Secrets};
use crate::db::{self, Db, Target};
use crate::demo::{Scale, generate};
use crate::ids::DwellingId;
use crate::kit::{IdSource, Kit};
use crate::national_id::Acceptance;
use crate::registers::MadeUp;
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
    /// Load into the database of `DATABASE_URL` with the secrets of the environment, and leave it there for `serve`
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    options: Options,
}

fn scale(text: &str) -> Result<Scale, String> {
    text.to_ascii_uppercase()
        .parse()
        .map_err(|_| "small, large or national".to_owned())
}

/// Where the demonstration takes place.
struct Stage {
    target: Target,
    secrets: Secrets,
    /// What is thrown away when the demonstration ends.
    scratch: Option<Scratch>,
}

impl Stage {
    /// A file and keys that live as long as the demonstration: nothing of it can be read, or signed, afterwards.
    fn passing() -> Result<Self, Box<dyn Error>> {
        let name = format!("rettbolig-demo-{}.db", std::process::id());
        let scratch = Scratch(std::env::temp_dir().join(name));
        Ok(Self {
            target: Target::Sqlite(scratch.0.clone()),
            secrets: Secrets::ephemeral()?,
            scratch: Some(scratch),
        })
    }

    /// The database and keys that `serve` uses too.
    fn lasting() -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            target: config::target(&config::environment)?,
            secrets: Secrets::read(&config::environment)?,
            scratch: None,
        })
    }
}

impl Stage {
    /// The settings; letters of a passing demonstration lie beside its database, and are thrown away with it.
    fn options(&self, asked: &Options) -> Options {
        let mut options = asked.clone();
        if let Some(scratch) = &self.scratch {
            options.letter_dir = scratch.letters();
        }
        options
    }
}

/// The file of the demonstration, removed when it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn letters(&self) -> PathBuf {
        self.0.with_extension("letters")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", ".migrate-lock"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            // Whatever was never made needs no removing.
            drop(std::fs::remove_file(PathBuf::from(name)));
        }
        drop(std::fs::remove_dir_all(self.letters()));
    }
}

/// Makes the municipality and, unless told otherwise, serves it until a signal.
pub(super) fn demo(asked: &DemoOptions) -> Result<(), Box<dyn Error>> {
    asked.options.check()?;
    telemetry::start_logging(Some("warn"), true);
    let stage = if asked.keep {
        Stage::lasting()?
    } else {
        Stage::passing()?
    };
    db::migrate(&stage.target)?;
    let checks = stage.secrets.checks();
    let mut options = stage.options(&asked.options);
    let Secrets {
        keys,
        index_key,
        signing_key,
        retired_signing_keys,
        log_key,
        pepper,
    } = stage.secrets;
    let passwords = Passwords::new(pepper, asked.options.cost())?;
    let password = asked.password.clone().map_or_else(fresh_password, Ok)?;
    let hash = passwords.hash(&SecretString::from(password.clone()))?;
    // Time stands at the beginning of the day and ids follow from the seed, so that the same demonstration is the same.
    let kit = Arc::new(Kit {
        clock: Clock::manual(Clock::System.today().start()),
        ids: IdSource::seeded(asked.seed),
        keys,
        index_key,
        national_ids: Acceptance::SYNTHETIC_PERSONS,
        guard: asked.options.guard(),
        shelf: crate::shelf::Shelf::default(),
        sequels: crate::server::SEQUELS,
    });
    let code_secret = auth::new_code_secret();
    let code_secret = code_secret.map_err(|problem| problem.cause.unwrap_or_default())?;
    let (homes, made_up) = populate(asked, &stage.target, &kit, hash, &code_secret)?;
    if asked.no_serve {
        return Ok(());
    }
    let tokens = Tokens::new(asked.options.issuer.clone(), &signing_key);
    let tokens = tokens.map_err(|problem| problem.cause.unwrap_or_default())?;
    let issuer = DemoIssuer::new(&asked.options.issuer)?;
    let tokens = tokens.taking_also(&retired_signing_keys);
    let sign_in = asked.options.sign_in(tokens, passwords)?;
    let sign_in = sign_in.with_machines(Some(issuer.trusted()?));
    let kit = Arc::into_inner(kit).ok_or("the loader still holds the keys")?;
    let kit = Arc::new(Kit {
        clock: Clock::System,
        ids: IdSource::random(),
        ..kit
    });
    let announce = |address| {
        announce(address, &password, &code_secret, &homes, issuer.url());
        if let Err(error) = issuer.start() {
            tracing::warn!(%error, "nobody hands out tokens for programs");
        }
    };
    options.registers.made_up = Some(made_up);
    serve::answer(
        &options,
        &stage.target,
        kit,
        sign_in,
        (log_key, checks),
        announce,
    )
}

/// Loads the municipality and tells how it goes; gives its homes, the showcase first, and what registers know of it.
#[expect(
    clippy::print_stdout,
    reason = "the demonstration is told on the terminal"
)]
fn populate(
    asked: &DemoOptions,
    target: &Target,
    kit: &Arc<Kit>,
    password_hash: String,
    code_secret: &SecretString,
) -> Result<(Vec<DwellingId>, MadeUp), Box<dyn Error>> {
    let begun = Instant::now();
    let start = kit.clock.now();
    println!(
        "Making a municipality (seed {}, {}) …",
        asked.seed, asked.scale
    );
    let town = Arc::new(generate(asked.seed, asked.scale, start.day()));
    let db = Db::open(target, 1, Arc::clone(kit))?;
    let loader = Loader {
        db: &db,
        caller: Arc::new(Caller::system(kit.ids.next(start))),
        town: Arc::clone(&town),
        today: start.day(),
        tell: &|stage, count| println!("  {stage:<12}{count:>8}"),
    };
    let homes =
        actix_web::rt::System::new().block_on(loader.load(password_hash, code_secret.clone()));
    db.close();
    let homes = homes.map_err(|problem| {
        let faults: Vec<&str> = problem
            .errors
            .iter()
            .map(|it| it.pointer.as_str())
            .collect();
        format!(
            "{}: {} {faults:?}",
            problem.kind.code,
            problem.cause.unwrap_or_default()
        )
    })?;
    println!(
        "{} is ready after {:.1} s.\n",
        town.name,
        begun.elapsed().as_secs_f64()
    );
    let made_up = MadeUp {
        units: rows::units(&town),
    };
    Ok((homes, made_up))
}

/// Tells where the service is, who may sign in, and how the main job is done.
#[expect(
    clippy::print_stdout,
    reason = "the demonstration is told on the terminal"
)]
fn announce(
    address: SocketAddr,
    password: &str,
    code_secret: &SecretString,
    homes: &[DwellingId],
    issuer: &str,
) {
    let secret = code_secret.expose_secret();
    println!("Service     http://{address}/api/v1");
    println!("API page    http://{address}/docs/\n");
    println!("Accounts (password {password} for all):");
    for role in Role::ALL {
        let also = if role.needs_second_factor() {
            "  (and a code)"
        } else {
            ""
        };
        println!("  {}{also}", username(*role));
    }
    println!(
        "A code, good once: rettbolig code {secret}   (the same secret fits any authenticator app)"
    );
    println!("\nPrograms of other organisations (Maskinporten is played by {issuer}):");
    for (organisation, name, scopes) in AGREEMENTS {
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.code()).collect();
        let scopes = scopes.join(" ");
        println!(
            "  # {name}\n  curl -s {issuer}/token -d consumer={organisation} -d 'scope={scopes}'"
        );
    }
    println!(
        "\n{}",
        example::script(&address.to_string(), password, secret, homes)
    );
}

/// A password that nobody can guess, for a service that somebody may have put on a network.
fn fresh_password() -> Result<String, Box<dyn Error>> {
    let mut random = [0; 12];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random))
}
