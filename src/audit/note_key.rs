//! The Ed25519 keys that sign notes (c2sp.org/signed-note): each with the name it signs under.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

use super::canonical::{decode_base64, encode_base64, sha256};

/// The signature type of plain Ed25519 over the text of the note.
const ED25519: u8 = 0x01;

/// Names a key together with its name; too short to vouch for it.
pub(super) type KeyId = [u8; 4];

/// Why a key cannot be used for notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyFault {
    /// The name is empty, or has a space, a plus or a control character.
    #[error("the key name is empty or has a space, a plus or a control character")]
    Name,
    /// The text is not a verifier key `name+id+base64`, or its id is not the key's.
    #[error("the text is not a verifier key")]
    Text,
    /// The key is no point of the curve, or one that would accept forged signatures.
    #[error("the public key is not a sound Ed25519 key")]
    Unsound,
}

/// A public key under a name, for one way of signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedKey {
    name: String,
    kind: u8,
    id: KeyId,
    key: VerifyingKey,
}

impl NamedKey {
    pub(super) fn new(name: &str, kind: u8, key: VerifyingKey) -> Result<Self, KeyFault> {
        if !is_key_name(name) {
            return Err(KeyFault::Name);
        }
        if key.is_weak() {
            return Err(KeyFault::Unsound);
        }
        let preimage = [name.as_bytes(), &[b'\n', kind], key.as_bytes()].concat();
        let [a, b, c, d, ..] = sha256(&preimage).0;
        Ok(Self {
            name: name.to_owned(),
            kind,
            id: [a, b, c, d],
            key,
        })
    }

    /// Reads `name+id+base64`, as [`fmt::Display`] writes it.
    pub(super) fn parse(text: &str, kind: u8) -> Result<Self, KeyFault> {
        let (name, id_and_key) = text.split_once('+').ok_or(KeyFault::Text)?;
        let (_, key) = id_and_key.split_once('+').ok_or(KeyFault::Text)?;
        let key = decode_base64(key).or(Err(KeyFault::Text))?;
        let Some((first, key)) = key.split_first() else {
            return Err(KeyFault::Text);
        };
        if *first != kind {
            return Err(KeyFault::Text);
        }
        let key = key.try_into().or(Err(KeyFault::Text))?;
        let key = VerifyingKey::from_bytes(key).or(Err(KeyFault::Unsound))?;
        let named = Self::new(name, kind, key)?;
        if named.to_string() == text {
            Ok(named)
        } else {
            Err(KeyFault::Text)
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// Whether the signature is this key's over the message. Strictly verified, so that it cannot
    /// be reshaped into another one that holds as well.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = encode_base64(&[&[self.kind], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{:08x}+{key}", self.name, u32::from_be_bytes(self.id))
    }
}

/// A public key that is trusted under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(NamedKey);

impl Verifier {
    /// Puts trust in a public key under a name.
    ///
    /// # Errors
    /// Refuses a name that a signature line cannot carry, and a weak key.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, KeyFault> {
        NamedKey::new(name, ED25519, key).map(Self)
    }

    /// Reads a verifier key `name+id+base64`, as [`fmt::Display`] writes it.
    ///
    /// # Errors
    /// Refuses any other text, another algorithm, and an id that is not the key's.
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        NamedKey::parse(text, ED25519).map(Self)
    }

    /// The name the key signs under; of a log's own key, the origin of the log.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The same key under another name.
    pub(super) fn renamed(&self, name: &str) -> Result<Self, KeyFault> {
        Self::new(name, self.0.key)
    }

    /// The short id that goes with the name in a signature line.
    pub(super) fn id(&self) -> KeyId {
        self.0.id()
    }

    /// Whether the signature is this key's over the text.
    pub(super) fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        self.0.has_signed(text.as_bytes(), signature)
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A secret key that signs under a name.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// Gives a secret key the name it signs under.
    ///
    /// # Errors
    /// Refuses a name that a signature line cannot carry.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, KeyFault> {
        let verifier = Verifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// The public half, to be handed to those who verify.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Signs a text.
    pub(super) fn sign(&self, text: &str) -> Vec<u8> {
        self.key.sign(text.as_bytes()).to_bytes().to_vec()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

/// Whether a key, and so a log, may bear the name: it must stand as one word in a line.
pub(super) fn is_key_name(name: &str) -> bool {
    let is_barred = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(is_barred)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The example key of the Go implementation, golang.org/x/mod/sumdb/note.
    pub(in super::super) const PETER: &str =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    pub(in super::super) fn signer(name: &str, seed: u8) -> Signer {
        Signer::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    #[test]
    fn a_key_has_a_name_of_one_word_and_a_sound_point() {
        let secret = SigningKey::from_bytes(&[1; 32]);
        for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{7f}"] {
            assert_eq!(
                Verifier::new(name, secret.verifying_key()),
                Err(KeyFault::Name)
            );
        }
        let small_order = VerifyingKey::from_bytes(&[0; 32]).unwrap();
        assert_eq!(Verifier::new("log", small_order), Err(KeyFault::Unsound));
    }

    #[test]
    fn a_verifier_key_has_one_spelling() {
        let cases = [
            PETER.replace("c74f20a3", "c74f20a4"),
            PETER.replace("c74f20a3", "C74F20A3"),
            PETER.replace("Peter", "Pieter"),
            PETER.replace("+ARpc", "+BBpc"),
            PETER.replace("10TW", "10T"),
            PETER.replace("+c74f20a3", ""),
            format!("{PETER}\n"),
            "PeterNeumann".to_owned(),
        ];
        for text in cases {
            assert_eq!(Verifier::parse(&text), Err(KeyFault::Text), "{text}");
        }
    }

    #[test]
    fn a_signer_never_shows_its_secret() {
        let key = signer("log", 1);
        assert_eq!(format!("{key:?}"), format!("Signer({})", key.verifier()));
    }
}
