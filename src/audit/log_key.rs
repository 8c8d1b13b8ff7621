//! The keys that sign an installation's logs: under a name of its own for each municipality, and succeeding one another.

use ed25519_dalek::SigningKey;
use thiserror::Error;

use super::canonical::decode_base64;
use super::note_key::{KeyFault, Signer, Verifier};

/// Signs the checkpoints of every municipality's log. It is in no database, so that who can change rows cannot sign them.
///
/// **Succession.** Every secret that is given signs each checkpoint: while the new and the old are both given, those who know
/// either accept what is signed. A key of which only the public half is left signs no more, and what it signed still holds.
#[derive(Debug, Clone)]
pub struct LogKey {
    newest: SigningKey,
    /// Those that sign beside it.
    others: Vec<SigningKey>,
    /// Those that only verify, under the name of whichever log they were printed for.
    retired: Vec<Verifier>,
}

/// Why a text holds no log keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LogKeyFault {
    /// A part is neither a secret nor a verifier key.
    #[error("each key is the base64 of 32 bytes, or the verifier key of a retired one")]
    Text,
    /// There is none that can sign.
    #[error("the first key must be a secret: the base64 of 32 bytes")]
    NoSecret,
    /// One key is given twice, so that one of them is not the one that was meant.
    #[error("a key is given twice")]
    Twice,
}

impl LogKey {
    /// Reads keys that are separated by commas or white space, the newest first.
    ///
    /// # Errors
    /// When one is no key, the first is no secret, or two are the same. No fault shows a key.
    pub fn parse(text: &str) -> Result<Self, LogKeyFault> {
        let parts = text.split(|c: char| c == ',' || c.is_whitespace());
        let (mut secrets, mut retired) = (Vec::new(), Vec::new());
        for (place, part) in parts.filter(|part| !part.is_empty()).enumerate() {
            let secret = decode_base64(part).ok();
            if let Some(secret) = secret.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
                secrets.push(SigningKey::from_bytes(&secret));
            } else if place == 0 {
                return Err(LogKeyFault::NoSecret);
            } else {
                retired.push(Verifier::parse(part).or(Err(LogKeyFault::Text))?);
            }
        }
        let mut secrets = secrets.into_iter();
        let keys = Self {
            newest: secrets.next().ok_or(LogKeyFault::NoSecret)?,
            others: secrets.collect(),
            retired,
        };
        let all = keys.verifiers("0000").or(Err(LogKeyFault::Text))?;
        let is_repeated = |(place, key)| all.iter().take(place).any(|other| other == key);
        if all.iter().enumerate().any(is_repeated) {
            return Err(LogKeyFault::Twice);
        }
        Ok(keys)
    }

    /// What signs for the municipality with this number, the newest first.
    pub fn signers(&self, municipality_number: &str) -> Result<Vec<Signer>, KeyFault> {
        let name = origin(municipality_number);
        std::iter::once(&self.newest)
            .chain(&self.others)
            .map(|key| Signer::new(&name, key.clone()))
            .collect()
    }

    /// Whose signatures hold for the municipality with this number, the newest first and the retired last.
    pub fn verifiers(&self, municipality_number: &str) -> Result<Vec<Verifier>, KeyFault> {
        let name = origin(municipality_number);
        let signers = self.signers(municipality_number)?;
        let signing = signers.iter().map(|signer| Ok(signer.verifier().clone()));
        let retired = self.retired.iter().map(|key| key.renamed(&name));
        signing.chain(retired).collect()
    }
}

/// The name of a municipality's log, which stands in each of its checkpoints (c2sp.org/tlog-checkpoint, "origin").
pub(super) fn origin(municipality_number: &str) -> String {
    format!("rettbolig/{municipality_number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";

    fn keys(text: &str, number: &str) -> (usize, Vec<String>) {
        let keys = LogKey::parse(text).unwrap();
        let verifiers = keys.verifiers(number).unwrap();
        let verifiers = verifiers.iter().map(ToString::to_string).collect();
        (keys.signers(number).unwrap().len(), verifiers)
    }

    #[test]
    fn a_key_is_succeeded_in_two_steps() {
        let (_, old) = keys(OLD, "5035");
        let (_, new) = keys(NEW, "5035");
        let both = vec![new[0].clone(), old[0].clone()];
        assert_eq!(keys(&format!("{NEW},\n{OLD}\n"), "5035"), (2, both.clone()));
        // The retired key is known by what any log's verifier key says of it.
        assert_eq!(keys(&format!("{NEW} {}", old[0]), "5035"), (1, both));
        let (_, elsewhere) = keys(OLD, "0301");
        let (_, told) = keys(&format!("{NEW} {}", old[0]), "0301");
        assert_eq!(told[1], elsewhere[0]);
    }

    #[test]
    fn what_holds_no_keys_is_refused_without_being_shown() {
        let retired = &keys(OLD, "5035").1[0];
        let cases = [
            (String::new(), LogKeyFault::NoSecret),
            ("hunter2".to_owned(), LogKeyFault::NoSecret),
            (retired.clone(), LogKeyFault::NoSecret),
            (format!("{NEW},hunter2"), LogKeyFault::Text),
            (format!("{NEW},{NEW}"), LogKeyFault::Twice),
            (format!("{OLD},{retired}"), LogKeyFault::Twice),
        ];
        for (text, fault) in cases {
            assert_eq!(LogKey::parse(&text).unwrap_err(), fault);
            assert!(!fault.to_string().contains("hunter2"));
        }
    }
}
