//! Secrets: read from the environment, a file or a command, and never printed.

use ed25519_dalek::SigningKey;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use super::{Environment, Faults};
use crate::audit::LogKey;
use crate::auth::Peppers;
use crate::crypto::{IndexKey, KeyRing};
use crate::db::{KeyCheck, KeyChecks};

/// The secrets, by the environment variables that name them. Each can be had from a file or a command instead.
pub const SECRETS_HELP: &str = "\
Secrets (environment only; each also as NAME_FILE with the path of a file, or NAME_COMMAND with a program that prints it, such as a vault's client):
  DATABASE_URL                    sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE  [default: sqlite:./rettbolig.db]
  RETTBOLIG_KEY_ENCRYPTION_KEY    wraps every person's own key: kid:BASE64 of 32 bytes; several separated by commas, the first is active
  RETTBOLIG_INDEX_KEY             makes national ids and names findable: BASE64 of 32 bytes; two separated by commas while one takes over: by the
                                  first is looked up, by both is kept
  RETTBOLIG_SIGNING_KEY           signs access tokens (Ed25519): BASE64 of 32 bytes; several separated by commas, the first signs, all are taken
  RETTBOLIG_LOG_KEY               signs the checkpoints of the audit log (Ed25519): BASE64 of 32 bytes; several separated by commas, the newest
                                  first: all sign; of a retired one, its verifier key as `rettbolig audit key` printed it: it only verifies
  RETTBOLIG_PEPPER                hashed into every password: kid:BASE64 of 32 bytes; several separated by commas, the first is used, all are taken
A fresh one: head -c 32 /dev/urandom | base64";

/// The secrets that serving needs.
#[derive(Debug)]
pub struct Secrets {
    /// Wraps every person's own key.
    pub keys: KeyRing,
    /// Makes national ids and names findable.
    pub index_key: IndexKey,
    /// Signs access tokens.
    pub signing_key: SigningKey,
    /// Signed them before.
    pub retired_signing_keys: Vec<SigningKey>,
    /// Signs the checkpoints of the audit log.
    pub log_key: LogKey,
    /// Hashed into every password.
    pub pepper: Peppers,
}

/// The setting of the keys that wrap people's keys.
pub const KEY_ENCRYPTION_KEY: &str = "RETTBOLIG_KEY_ENCRYPTION_KEY";
/// The setting of the keys by which people are found.
pub const INDEX_KEY: &str = "RETTBOLIG_INDEX_KEY";
/// The setting of what is hashed into passwords.
pub const PEPPER: &str = "RETTBOLIG_PEPPER";

impl Secrets {
    /// By what the database knows whether these are the secrets with which it was used.
    #[must_use]
    pub fn checks(&self) -> KeyChecks {
        let check = |setting| {
            move |(id, fingerprint)| KeyCheck {
                setting,
                id,
                fingerprint,
            }
        };
        let index = self.index_key.checks().into_iter();
        let keys = self
            .keys
            .checks()
            .into_iter()
            .map(check(KEY_ENCRYPTION_KEY));
        let keys = keys.chain(index.map(check(INDEX_KEY)));
        let peppers = self.pepper.checks().into_iter().map(check(PEPPER));
        KeyChecks(keys.chain(peppers).collect())
    }

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
        let index = IndexKey::parse(INDEX_KEY, index.expose_secret());
        let signing = parse_signing_keys(&signing);
        let log_key = parse_log_key(&log);
        let pepper = parse_peppers(&pepper);
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
                index_key: index,
                signing_key: signing.0,
                retired_signing_keys: signing.1,
                log_key,
                pepper,
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
            "RETTBOLIG_PEPPER" => Some(format!("demo:{pepper}")),
            _ => None,
        })
    }
}

/// Where a secret may come from. A vault that speaks a protocol of its own is reached by a command, or by one more of these.
trait SecretSource {
    /// By which variable the source is told where to look.
    fn variable(&self, name: &str) -> String;

    /// The secret to which the variable's value leads.
    fn fetch(&self, value: &str) -> Result<String, String>;
}

/// The variable itself.
struct Plain;
/// A file, as container platforms mount secrets.
struct File;
/// A program that prints it: its words are separated by spaces, and no shell reads them.
struct Program;

impl SecretSource for Plain {
    fn variable(&self, name: &str) -> String {
        name.to_owned()
    }

    fn fetch(&self, value: &str) -> Result<String, String> {
        Ok(value.to_owned())
    }
}

impl SecretSource for File {
    fn variable(&self, name: &str) -> String {
        format!("{name}_FILE")
    }

    fn fetch(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
    }
}

impl SecretSource for Program {
    fn variable(&self, name: &str) -> String {
        format!("{name}_COMMAND")
    }

    fn fetch(&self, command: &str) -> Result<String, String> {
        let mut words = command.split_whitespace();
        let program = words.next().ok_or("names no program")?;
        let ran = std::process::Command::new(program).args(words).output();
        let ran = ran.map_err(|error| format!("cannot be run: {error}"))?;
        if !ran.status.success() {
            return Err(format!("ended with {}", ran.status));
        }
        String::from_utf8(ran.stdout).map_err(|_| "printed no text".to_owned())
    }
}

pub(super) fn secret(
    name: &str,
    environment: Environment<'_>,
) -> Result<Option<SecretString>, String> {
    let sources: [&dyn SecretSource; 3] = [&Plain, &File, &Program];
    let named = sources.map(|source| (source, source.variable(name)));
    let mut given = named
        .iter()
        .filter_map(|(source, variable)| Some((source, variable, environment(variable)?)));
    let Some((source, variable, value)) = given.next() else {
        return Ok(None);
    };
    if let Some((_, other, _)) = given.next() {
        return Err(format!("{variable} and {other} are both set"));
    }
    let text = source.fetch(&value);
    let text = text.map_err(|fault| format!("{variable} {fault}"))?;
    Ok(Some(text.trim_end().to_owned().into()))
}

/// Keys of a setting, separated by commas or white space.
fn parts(text: &SecretString) -> impl Iterator<Item = &str> {
    let parts = text
        .expose_secret()
        .split(|c: char| c == ',' || c.is_whitespace());
    parts.filter(|part| !part.is_empty())
}

/// The key that signs, and those that signed before it.
fn parse_signing_keys(text: &SecretString) -> Result<(SigningKey, Vec<SigningKey>), String> {
    let name = "RETTBOLIG_SIGNING_KEY";
    let keys = parts(text).map(|key| Ok(SigningKey::from_bytes(&bytes(name, key)?)));
    let mut keys = keys.collect::<Result<Vec<_>, String>>()?.into_iter();
    let first = keys.next().ok_or_else(|| format!("{name} is empty"))?;
    Ok((first, keys.collect()))
}

/// Peppers by their ids. One that stands alone without an id has an empty one.
fn parse_peppers(text: &SecretString) -> Result<Peppers, String> {
    let name = "RETTBOLIG_PEPPER";
    let mut peppers: Vec<(String, SecretSlice<u8>)> = Vec::new();
    for part in parts(text) {
        let (id, pepper) = part.split_once(':').unwrap_or(("", part));
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.len() > 16 || !id.chars().all(fits) {
            return Err(format!("{name}: an id is 1 to 16 of a-z, 0-9 and hyphen"));
        }
        if peppers.iter().any(|(other, _)| other == id) {
            return Err(format!("{name}: two peppers have the same id"));
        }
        peppers.push((id.to_owned(), bytes(name, pepper)?.to_vec().into()));
    }
    Peppers::new(peppers).ok_or_else(|| format!("{name} is empty"))
}

pub(super) fn parse_log_key(text: &SecretString) -> Result<LogKey, String> {
    LogKey::parse(text.expose_secret()).map_err(|fault| format!("RETTBOLIG_LOG_KEY: {fault}"))
}

fn bytes(name: &str, text: &str) -> Result<[u8; 32], String> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
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
            name if name.ends_with("_FILE") || name.ends_with("_COMMAND") => None,
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
    fn a_secret_comes_from_a_file_or_a_command_but_from_one_place() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let from = |given: &[(&str, &str)]| {
            let found = |name: &str| given.iter().find(|it| it.0 == name).map(|it| it.1.into());
            secret("KEY", &found).map(|it| it.map(|it| it.expose_secret().to_owned()))
        };
        let command = format!("echo {key}");
        assert_eq!(from(&[("KEY_COMMAND", &command)]), Ok(Some(key.to_owned())));
        assert_eq!(from(&[]), Ok(None));
        for (given, told) in [
            (&[("KEY", "a"), ("KEY_COMMAND", "echo b")][..], "both set"),
            (&[("KEY_COMMAND", "false")], "KEY_COMMAND ended"),
            (
                &[("KEY_COMMAND", "/no/such/program")],
                "KEY_COMMAND cannot be run",
            ),
            (&[("KEY_FILE", "/no/such/file")], "KEY_FILE cannot be read"),
        ] {
            let fault = from(given).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
    }

    #[test]
    fn keys_that_take_turns_stand_side_by_side() {
        let keys = [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ];
        let (first, retired) = parse_signing_keys(&keys.join(",\n").into()).unwrap();
        assert_eq!((first.to_bytes()[0], retired[0].to_bytes()[0]), (0, 1));
        let peppers = |text: String| parse_peppers(&text.into());
        assert!(peppers(format!("b:{},a:{}", keys[1], keys[0])).is_ok());
        assert!(peppers(keys[0].to_owned()).is_ok());
        assert!(peppers(format!("a:{},a:{}", keys[1], keys[0])).is_err());
        assert!(peppers(format!("A B:{}", keys[1])).is_err());
        assert!(peppers(String::new()).is_err());
    }
}
