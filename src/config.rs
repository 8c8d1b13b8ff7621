//! Settings from flags, environment and files; every mistake is told at once, no secret is ever printed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ed25519_dalek::SigningKey;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use crate::audit::{LogKey, Outlets, WitnessAddress};
use crate::auth::{Cost, Issuer, IssuerAddress};
use crate::clock::Clock;
use crate::crypto::{IndexKey, KeyRing, SecretKey};
use crate::db::Target;
use crate::kit::{IdSource, Kit};
use crate::national_id::Acceptance;

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
    /// A file to which each look at personal data is appended in the Common Event Format, for a log collector; of one instance only
    #[arg(long, env = "RETTBOLIG_CEF_FILE", value_name = "FILE")]
    pub cef_file: Option<PathBuf>,
    /// Memory for hashing one password, in KiB; not below OWASP's minimum
    #[arg(long, env = "RETTBOLIG_PASSWORD_MEMORY_KIB", default_value_t = Cost::OWASP_FLOOR.memory_kib)]
    pub password_memory_kib: u32,
    /// Passes over that memory; not below OWASP's minimum
    #[arg(long, env = "RETTBOLIG_PASSWORD_PASSES", default_value_t = Cost::OWASP_FLOOR.passes)]
    pub password_passes: u32,
}

/// The secrets, by the environment variables that name them. Each can be given in a file instead: `NAME_FILE`.
pub const SECRETS_HELP: &str = "\
Secrets (environment only; each also as NAME_FILE with the path of a file):
  DATABASE_URL                    sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE  [default: sqlite:./rettbolig.db]
  RETTBOLIG_KEY_ENCRYPTION_KEY    wraps every person's own key: kid:BASE64 of 32 bytes; several separated by commas, the first is active
  RETTBOLIG_INDEX_KEY             makes national ids and names findable: BASE64 of 32 bytes
  RETTBOLIG_SIGNING_KEY           signs access tokens (Ed25519): BASE64 of 32 bytes
  RETTBOLIG_LOG_KEY               signs the checkpoints of the audit log (Ed25519): BASE64 of 32 bytes; several separated by commas, the newest
                                  first: all sign; of a retired one, its verifier key as `rettbolig audit key` printed it: it only verifies
  RETTBOLIG_PEPPER                hashed into every password: BASE64 of 32 bytes
A fresh one: head -c 32 /dev/urandom | base64";

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

/// The secrets that serving needs.
#[derive(Debug)]
pub struct Secrets {
    /// Wraps every person's own key.
    pub keys: KeyRing,
    /// Makes national ids and names findable.
    pub index_key: IndexKey,
    /// Signs access tokens.
    pub signing_key: SigningKey,
    /// Signs the checkpoints of the audit log.
    pub log_key: LogKey,
    /// Hashed into every password.
    pub pepper: SecretSlice<u8>,
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

impl Secrets {
    /// Reads all of them, and tells all that are missing or wrong.
    pub fn read(environment: Environment<'_>) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let mut text = |name: &str| match secret(name, environment) {
            Ok(Some(text)) => Some(text),
            Ok(None) => {
                faults.push(format!("{name} is missing"));
                None
            }
            Err(fault) => {
                faults.push(fault);
                None
            }
        };
        let texts = [
            text("RETTBOLIG_KEY_ENCRYPTION_KEY"),
            text("RETTBOLIG_INDEX_KEY"),
            text("RETTBOLIG_SIGNING_KEY"),
            text("RETTBOLIG_LOG_KEY"),
            text("RETTBOLIG_PEPPER"),
        ];
        let [keys, index, signing, log, pepper] = texts.map(Option::unwrap_or_default);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let keys = KeyRing::parse("RETTBOLIG_KEY_ENCRYPTION_KEY", keys.expose_secret());
        let index = SecretKey::parse("RETTBOLIG_INDEX_KEY", index.expose_secret());
        let signing = bytes("RETTBOLIG_SIGNING_KEY", &signing);
        let log_key = parse_log_key(&log);
        let pepper = bytes("RETTBOLIG_PEPPER", &pepper);
        let told = [
            keys.as_ref().err().map(ToString::to_string),
            index.as_ref().err().map(ToString::to_string),
            signing.as_ref().err().cloned(),
            log_key.as_ref().err().cloned(),
            pepper.as_ref().err().cloned(),
        ];
        match (keys, index, signing, log_key, pepper) {
            (Ok(keys), Ok(index), Ok(signing), Ok(log_key), Ok(pepper)) => Ok(Self {
                keys,
                index_key: IndexKey::new(index),
                signing_key: SigningKey::from_bytes(&signing),
                log_key,
                pepper: pepper.to_vec().into(),
            }),
            _ => Err(Faults(told.into_iter().flatten().collect())),
        }
    }

    /// Fresh ones for a demonstration that is thrown away.
    pub fn ephemeral() -> Result<Self, Faults> {
        use base64::Engine as _;
        let mut random = [0; 32];
        let mut fresh = || {
            let filled = getrandom::fill(&mut random);
            filled.map_err(|error| Faults(vec![error.to_string()]))?;
            Ok::<_, Faults>(base64::engine::general_purpose::STANDARD.encode(random))
        };
        let texts = [fresh()?, fresh()?, fresh()?, fresh()?, fresh()?];
        let [keys, index, signing, log, pepper] = texts;
        Self::read(&|name| match name {
            "RETTBOLIG_KEY_ENCRYPTION_KEY" => Some(format!("demo:{keys}")),
            "RETTBOLIG_INDEX_KEY" => Some(index.clone()),
            "RETTBOLIG_SIGNING_KEY" => Some(signing.clone()),
            "RETTBOLIG_LOG_KEY" => Some(log.clone()),
            "RETTBOLIG_PEPPER" => Some(pepper.clone()),
            _ => None,
        })
    }
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
        if self.workers == 0 {
            faults.push("at least one worker is needed".to_owned());
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Faults(faults))
        }
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
pub fn kit(keys: KeyRing, index_key: IndexKey, synthetic_persons: bool) -> Arc<Kit> {
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
        shelf: crate::shelf::Shelf::default(),
    })
}

fn secret(name: &str, environment: Environment<'_>) -> Result<Option<SecretString>, String> {
    let file = format!("{name}_FILE");
    match (environment(name), environment(&file)) {
        (Some(_), Some(_)) => Err(format!("{name} and {file} are both set")),
        (Some(text), None) => Ok(Some(text.into())),
        (None, Some(path)) => std::fs::read_to_string(path)
            .map(|text| Some(text.trim_end().to_owned().into()))
            .map_err(|error| format!("{file} cannot be read: {error}")),
        (None, None) => Ok(None),
    }
}

fn parse_log_key(text: &SecretString) -> Result<LogKey, String> {
    LogKey::parse(text.expose_secret()).map_err(|fault| format!("RETTBOLIG_LOG_KEY: {fault}"))
}

fn bytes(name: &str, text: &SecretString) -> Result<[u8; 32], String> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text.expose_secret())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| format!("{name} must be the base64 of 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_secret_is_named_at_once() {
        let Faults(faults) = Secrets::read(&|_| None).unwrap_err();
        assert_eq!(faults.len(), 5);
    }

    #[test]
    fn a_wrong_secret_is_named_but_not_shown() {
        let faults = Secrets::read(&|name| match name {
            "RETTBOLIG_PEPPER" => Some("hunter2".into()),
            "RETTBOLIG_KEY_ENCRYPTION_KEY" => Some("a:short".into()),
            name if name.ends_with("_FILE") => None,
            _ => Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into()),
        });
        let told = faults.unwrap_err().to_string();
        assert!(
            told.contains("RETTBOLIG_PEPPER") && !told.contains("hunter2"),
            "{told}"
        );
        assert!(
            told.contains("RETTBOLIG_KEY_ENCRYPTION_KEY") && !told.contains("short"),
            "{told}"
        );
    }

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
