//! Settings from flags, environment and files; every mistake is told at once, no secret is ever printed.

mod secrets;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use ipnet::IpNet;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;

use self::secrets::{parse_log_key, secret};
use crate::audit::{LogKey, Outlets, WitnessAddress};
use crate::auth::{
    BlockList, Cost, Issuer, IssuerAddress, Passwords, SessionLimits, SignIn, Tokens,
};
use crate::clock::Clock;
use crate::crypto::{IndexKey, KeyRing};
use crate::db::Target;
use crate::http::{Lifetimes, Proxies, ProxyNet, Quotas, RateLimits};
use crate::kit::{IdSource, Kit};
use crate::national_id::Acceptance;
use crate::outward::Guard;
use crate::registers::RegisterOptions;

pub use self::secrets::{INDEX_KEY, KEY_ENCRYPTION_KEY, PEPPER, SECRETS_HELP, Secrets};

/// How long a subscriber may take to answer.
const WEBHOOK_PATIENCE: Duration = Duration::from_secs(10);

/// Settings that are no secrets.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address and port to listen on
    #[arg(long, env = "RETTBOLIG_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Connections to the database (on `SQLite`: readers beside the one writer)
    #[arg(long, env = "RETTBOLIG_DATABASE_CONNECTIONS", default_value_t = 8)]
    pub connections: u32,
    /// Threads that answer requests
    #[arg(long, env = "RETTBOLIG_WORKERS", default_value_t = 2)]
    pub workers: usize,
    /// Issuer named in access tokens: the service's own address as others see it
    #[arg(
        long,
        env = "RETTBOLIG_ISSUER",
        default_value = "https://rettbolig.local"
    )]
    pub issuer: String,
    /// Issuer of the access tokens that programs of other organisations bring, for example `https://maskinporten.no/`; without it no
    /// program is let in
    #[arg(long, env = "RETTBOLIG_MASKINPORTEN_ISSUER", value_name = "URL")]
    pub maskinporten_issuer: Option<IssuerAddress>,
    /// Audience that those tokens must name; the service's own issuer when not given
    #[arg(long, env = "RETTBOLIG_MASKINPORTEN_AUDIENCE", value_name = "URL")]
    pub maskinporten_audience: Option<String>,
    /// Take synthetic national ids and refuse real ones (for test installations)
    #[arg(long, env = "RETTBOLIG_SYNTHETIC_PERSONS", default_value_t = false)]
    pub synthetic_persons: bool,
    /// A folder outside the database's reach, in which every checkpoint of the audit log is written as a file
    #[arg(long, env = "RETTBOLIG_CHECKPOINT_DIR", value_name = "FOLDER")]
    pub checkpoint_dir: Option<PathBuf>,
    /// Witnesses that cosign the audit log's checkpoints, separated by commas: each its address, a space and the key that
    /// `rettbolig audit witness` printed
    #[arg(
        long = "witness",
        env = "RETTBOLIG_WITNESSES",
        value_name = "URL KEY",
        value_delimiter = ','
    )]
    pub witnesses: Vec<WitnessAddress>,
    /// A folder into which letters are put for a mail system to fetch; it is made when it is not there.
    #[arg(
        long,
        env = "RETTBOLIG_LETTER_DIR",
        value_name = "FOLDER",
        default_value = "./rettbolig-letters"
    )]
    pub letter_dir: PathBuf,
    /// A file to which each look at personal data is appended in the Common Event Format, for a log collector; of one instance only
    #[arg(long, env = "RETTBOLIG_CEF_FILE", value_name = "FILE")]
    pub cef_file: Option<PathBuf>,
    /// Hours for which the answer to a request that made something is kept under its Idempotency-Key
    #[arg(long, env = "RETTBOLIG_ANSWERS_KEPT_HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
    pub answers_kept_hours: u16,
    /// The same for requests that proposed, decided or allocated
    #[arg(long, env = "RETTBOLIG_DECISIONS_KEPT_HOURS", default_value_t = 48, value_parser = clap::value_parser!(u16).range(1..=720))]
    pub decisions_kept_hours: u16,
    /// Networks of the house itself that may be told of events, also without encryption, separated by commas: 10.20.0.0/16
    #[arg(
        long = "webhook-network",
        env = "RETTBOLIG_WEBHOOK_NETWORKS",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    pub webhook_networks: Vec<IpNet>,
    /// A file of passwords that nobody may choose, one a line, such as a list of leaked ones
    #[arg(long, env = "RETTBOLIG_PASSWORD_BLOCKLIST", value_name = "FILE")]
    pub password_blocklist: Option<PathBuf>,
    /// Minutes after which a sign-in ends that was not renewed
    #[arg(long, env = "RETTBOLIG_SESSION_IDLE_MINUTES", default_value_t = 30)]
    pub session_idle_minutes: u16,
    /// Hours after which a sign-in ends however often it was renewed; at most 24
    #[arg(long, env = "RETTBOLIG_SESSION_HOURS", default_value_t = 12)]
    pub session_hours: u16,
    /// Requests a minute by one employee, or by one organisation's programs; 0 for no limit
    #[arg(long, env = "RETTBOLIG_REQUESTS_PER_CALLER", default_value_t = 1_200)]
    pub requests_per_caller: u32,
    /// Requests a minute from one address; 0 for no limit
    #[arg(long, env = "RETTBOLIG_REQUESTS_PER_ADDRESS", default_value_t = 12_000)]
    pub requests_per_address: u32,
    /// Sign-ins and renewals a minute from one address; 0 for no limit
    #[arg(long, env = "RETTBOLIG_SIGN_INS_PER_ADDRESS", default_value_t = 300)]
    pub sign_ins_per_address: u32,
    /// Proxies whose `X-Forwarded-For` is believed, separated by commas: addresses or networks such as 10.0.0.0/8
    #[arg(
        long = "trusted-proxy",
        env = "RETTBOLIG_TRUSTED_PROXIES",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<ProxyNet>,
    /// The registers that others keep
    #[command(flatten)]
    pub registers: RegisterOptions,
    /// Memory for hashing one password, in KiB; not below OWASP's minimum
    #[arg(long, env = "RETTBOLIG_PASSWORD_MEMORY_KIB", default_value_t = Cost::OWASP_FLOOR.memory_kib)]
    pub password_memory_kib: u32,
    /// Passes over that memory; not below OWASP's minimum
    #[arg(long, env = "RETTBOLIG_PASSWORD_PASSES", default_value_t = Cost::OWASP_FLOOR.passes)]
    pub password_passes: u32,
}

/// Where settings of the environment come from; a function, so that tests need no environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The process's environment.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where the environment enters"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// All that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("the settings are not valid:\n  - {}", .0.join("\n  - "))]
pub struct Faults(pub Vec<String>);

/// The database that `DATABASE_URL` names.
pub fn target(environment: Environment<'_>) -> Result<Target, Faults> {
    let text = secret("DATABASE_URL", environment).map_err(|fault| Faults(vec![fault]))?;
    let text = text.unwrap_or_else(|| "sqlite:./rettbolig.db".to_owned().into());
    let target = text.expose_secret().parse();
    target.map_err(|fault| Faults(vec![format!("DATABASE_URL {fault}")]))
}

/// The key that signs the audit log, for those who need no other.
pub fn log_key(environment: Environment<'_>) -> Result<LogKey, Faults> {
    let name = "RETTBOLIG_LOG_KEY";
    let text = secret(name, environment).map_err(|fault| Faults(vec![fault]))?;
    let text = text.ok_or_else(|| Faults(vec![format!("{name} is missing")]))?;
    parse_log_key(&text).map_err(|fault| Faults(vec![fault]))
}

impl Options {
    /// Everything that is wrong with the options.
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Vec::new();
        if !self.cost().reaches_floor() {
            let floor = Cost::OWASP_FLOOR;
            faults.push(format!(
                "password hashing must cost at least {} KiB and {} passes (OWASP)",
                floor.memory_kib, floor.passes
            ));
        }
        if self.connections == 0 {
            faults.push("at least one database connection is needed".to_owned());
        }
        if self.session_hours == 0 || self.session_hours > 24 || self.session_idle_minutes == 0 {
            faults.push("a sign-in lasts for 1 to 24 hours, and for a minute at least".to_owned());
        }
        if self.workers == 0 {
            faults.push("at least one worker is needed".to_owned());
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Faults(faults))
        }
    }

    /// Signing in, as these options and secrets say.
    pub fn sign_in(&self, tokens: Tokens, passwords: Passwords) -> Result<SignIn, Faults> {
        let blocked = match &self.password_blocklist {
            None => BlockList::default(),
            Some(path) => std::fs::read_to_string(path)
                .map(|text| BlockList::read(&text))
                .map_err(|error| {
                    Faults(vec![format!(
                        "RETTBOLIG_PASSWORD_BLOCKLIST cannot be read: {error}"
                    )])
                })?,
        };
        let limits = SessionLimits {
            idle: SignedDuration::from_mins(self.session_idle_minutes.into()),
            absolute: SignedDuration::from_hours(self.session_hours.into()),
        };
        Ok(SignIn::new(tokens, passwords)
            .with_rules(limits, blocked)
            .with_machines(self.machines()))
    }

    /// How often somebody may ask.
    #[must_use]
    pub fn limits(&self) -> RateLimits {
        let quotas = Quotas {
            caller: self.requests_per_caller,
            address: self.requests_per_address,
            sign_in: self.sign_ins_per_address,
        };
        let proxies = self.trusted_proxies.iter().map(|proxy| proxy.0).collect();
        RateLimits::new(quotas, Proxies(proxies))
    }

    /// Whose tokens programs bring, if any are let in.
    #[must_use]
    pub fn machines(&self) -> Option<Issuer> {
        let audience = self.maskinporten_audience.as_ref().unwrap_or(&self.issuer);
        let address = self.maskinporten_issuer.as_ref()?;
        Some(Issuer::of_machines(address, audience))
    }

    /// Where what leaves the house goes.
    #[must_use]
    pub fn outlets(&self) -> Outlets {
        Outlets {
            checkpoints: self.checkpoint_dir.clone(),
            witnesses: self.witnesses.clone(),
            cef: self.cef_file.clone(),
        }
    }

    /// How long answers are kept under their keys.
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        Lifetimes {
            made: SignedDuration::from_hours(self.answers_kept_hours.into()),
            decided: SignedDuration::from_hours(self.decisions_kept_hours.into()),
        }
    }

    /// Calls the addresses of subscribers, where that may be.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard::new(self.webhook_networks.clone(), WEBHOOK_PATIENCE)
    }

    /// How costly hashing a password is.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        Cost {
            memory_kib: self.password_memory_kib,
            passes: self.password_passes,
        }
    }
}

/// The tools of a running service.
#[must_use]
pub fn kit(keys: KeyRing, index_key: IndexKey, guard: Guard, synthetic_persons: bool) -> Arc<Kit> {
    let national_ids = if synthetic_persons {
        Acceptance::SYNTHETIC_PERSONS
    } else {
        Acceptance::REAL_PERSONS
    };
    let ids = IdSource::random();
    Arc::new(Kit {
        clock: Clock::System,
        ids,
        keys,
        index_key,
        national_ids,
        guard,
        shelf: crate::shelf::Shelf::default(),
        sequels: crate::server::SEQUELS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_database_is_refused_without_showing_its_address() {
        let told = target(&|name| (name == "DATABASE_URL").then(|| "mysql://u:pw@h/d".into()));
        let told = told.unwrap_err().to_string();
        assert!(
            told.contains("DATABASE_URL") && !told.contains("pw"),
            "{told}"
        );
    }
}
