//! Keys of 256 bits: how they are read, named, kept and forgotten.

use std::fmt;

use aes_gcm_siv::aead::array::Array;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use sha2::Sha256;

/// A symmetric key, redacted in `Debug` and overwritten when dropped.
#[derive(Debug)]
pub struct SecretKey(SecretBox<[u8; KEY_BYTES]>);

/// What a key is asked for its check.
pub(super) const CHECK: &[u8] = b"rettbolig:key-check:v1";

/// The length of every key: AES-256 and HMAC-SHA-256 both take 32 bytes.
pub(super) const KEY_BYTES: usize = 32;

/// The public name of a key ("kid"): up to 16 small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyId(String);

/// A key and the name by which sealed texts refer to it.
#[derive(Debug)]
pub(super) struct NamedKey {
    pub(super) id: KeyId,
    pub(super) key: SecretKey,
}

/// The key-encryption keys of an installation: one seals, every one still opens.
#[derive(Debug)]
pub struct KeyRing {
    active: NamedKey,
    retired: Vec<NamedKey>,
}

/// A setting that does not hold keys. Names the setting, and never what stood in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {fault}")]
pub struct KeySettingFault {
    /// The setting's name.
    pub variable: String,
    /// What is wrong with its value.
    pub fault: KeyFault,
}

/// Why a text does not hold keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not base64 with padding and without stray bits, so the key may have been cut or mistyped.
    #[error("a key is not canonical base64")]
    NotBase64,
    /// The key is not 32 bytes long.
    #[error("a key has {KEY_BYTES} bytes, such as `openssl rand -base64 32` makes")]
    WrongLength,
    /// A key stands without its id, or the id has characters that the sealed form does not allow.
    #[error("each key is written as id:base64, the id being 1 to 16 of a-z, 0-9 and hyphen")]
    NoKeyId,
    /// Two keys have the same id, so that one of them could never be found.
    #[error("two keys have the same id")]
    SameKeyId,
    /// There is no key at all.
    #[error("there is no key")]
    NoKey,
}

impl KeyRing {
    /// Reads the keys of a setting: `id:base64`, separated by commas or white space. The first one
    /// is active; a key is retired by putting its successor before it.
    pub fn parse(variable: &str, text: &str) -> Result<Self, KeySettingFault> {
        Self::read(text).map_err(|fault| KeySettingFault {
            variable: variable.to_owned(),
            fault,
        })
    }

    fn read(text: &str) -> Result<Self, KeyFault> {
        let mut keys: Vec<NamedKey> = Vec::new();
        let written = text.split(|c: char| c == ',' || c.is_whitespace());
        for key in written.filter(|key| !key.is_empty()) {
            let (id, key) = key.split_once(':').ok_or(KeyFault::NoKeyId)?;
            let id = KeyId::find(id).ok_or(KeyFault::NoKeyId)?;
            if keys.iter().any(|other| other.id == id) {
                return Err(KeyFault::SameKeyId);
            }
            keys.push(NamedKey {
                id,
                key: SecretKey::read(key)?,
            });
        }
        let mut keys = keys.into_iter();
        let active = keys.next().ok_or(KeyFault::NoKey)?;
        Ok(Self {
            active,
            retired: keys.collect(),
        })
    }

    /// The public name of the key that seals.
    #[must_use]
    pub fn active_id(&self) -> String {
        self.active.id.to_string()
    }

    /// A value that follows from each key and tells nothing of it, by the key's id.
    #[must_use]
    pub fn checks(&self) -> Vec<(String, [u8; 32])> {
        let all = std::iter::once(&self.active).chain(&self.retired);
        all.map(|named| (named.id.to_string(), named.key.mac(&[CHECK])))
            .collect()
    }

    pub(super) const fn active(&self) -> &NamedKey {
        &self.active
    }

    pub(super) fn find(&self, id: &KeyId) -> Option<&NamedKey> {
        std::iter::once(&self.active)
            .chain(&self.retired)
            .find(|key| key.id == *id)
    }
}

impl SecretKey {
    /// Reads the one key of a setting from its base64.
    pub fn parse(variable: &str, text: &str) -> Result<Self, KeySettingFault> {
        Self::read(text.trim()).map_err(|fault| KeySettingFault {
            variable: variable.to_owned(),
            fault,
        })
    }

    fn read(text: &str) -> Result<Self, KeyFault> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| KeyFault::NotBase64)?);
        Self::find_from_slice(&bytes).ok_or(KeyFault::WrongLength)
    }

    /// A new key from the operating system's randomness.
    pub(super) fn generate() -> Result<Self, getrandom::Error> {
        let mut key = SecretBox::<[u8; KEY_BYTES]>::default();
        getrandom::fill(key.expose_secret_mut())?;
        Ok(Self(key))
    }

    pub(super) fn find_from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    pub(super) fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(SecretBox::init_with_mut(|key| *key = bytes))
    }

    pub(super) fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose_secret()
    }

    /// HMAC-SHA-256 over parts, each preceded by its length, so that no two lists of parts are one
    /// text. The first part says what the result is for.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // RFC 2104 fills a short key up with zeroes to the block of the hash; given as a whole
        // block, the key cannot have a wrong length.
        let mut block = Zeroizing::new([0; 64]);
        for (place, byte) in block.iter_mut().zip(self.expose()) {
            *place = *byte;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new(Array::cast_from_core(&block));
        mac.update(&length_prefixed(parts));
        mac.finalize().into_bytes().into()
    }
}

impl KeyId {
    pub(super) fn find(text: &str) -> Option<Self> {
        let fits = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        ((1..=16).contains(&text.len()) && text.bytes().all(fits)).then(|| Self(text.to_owned()))
    }

    /// The id that follows from a key itself, without telling anything of it.
    pub(super) fn of(key: &SecretKey) -> Self {
        let mac = key.mac(&[b"rettbolig:key-id:v1"]);
        let hex = mac
            .iter()
            .take(8)
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        Self(hex)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parts in a row, each preceded by its length in eight bytes.
pub(super) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    // Saturation is out of reach; the conversion keeps the form the same on machines of other
    // widths.
    let length = |part: &[u8]| u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes();
    parts
        .iter()
        .flat_map(|part| length(part).into_iter().chain(part.iter().copied()))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const A: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const B: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";

    #[test]
    fn the_first_key_of_a_ring_is_active_and_the_others_still_open() {
        let ring = KeyRing::parse("KEYS", &format!("2027:{B},\n 2026:{A}\n")).unwrap();
        let find = |id| {
            ring.find(&KeyId::find(id).unwrap())
                .map(|named| named.key.expose()[0])
        };
        assert_eq!(ring.active().id.to_string(), "2027");
        assert_eq!(
            (find("2027"), find("2026"), find("2025")),
            (Some(255), Some(0), None)
        );
    }

    #[rstest]
    #[case("", "KEYS: there is no key")]
    #[case(" ,\n", "KEYS: there is no key")]
    #[case(A, "KEYS: each key is written as id:base64")]
    #[case(&format!("A.b:{A}"), "KEYS: each key is written as id:base64")]
    #[case(&format!("seventeen-letters:{A}"), "KEYS: each key is written as id:base64")]
    #[case(&format!("a:{A},a:{B}"), "KEYS: two keys have the same id")]
    #[case("a:AAEC", "KEYS: a key has 32 bytes")]
    #[case("a:", "KEYS: a key has 32 bytes")]
    #[case(&format!("a:{}", A.trim_end_matches('=')), "KEYS: a key is not canonical base64")]
    #[case(&format!("a:{}", A.replace("8=", "9=")), "KEYS: a key is not canonical base64")]
    #[case("a:canary!", "KEYS: a key is not canonical base64")]
    fn a_setting_that_holds_no_keys_is_refused_by_its_name(
        #[case] text: &str,
        #[case] start: &str,
    ) {
        let refused = KeyRing::parse("KEYS", text).unwrap_err().to_string();
        assert!(refused.starts_with(start), "{refused}");
        assert!(!refused.contains("canary"));
    }

    #[test]
    fn debug_never_shows_a_key() {
        let ring = KeyRing::parse("KEYS", &format!("a:{A}")).unwrap();
        let shown = format!("{ring:?}");
        assert!(!shown.contains("31") && !shown.contains("AAEC"), "{shown}");
    }

    // RFC 4231 has no vector with a 32-byte key; this one was computed with another implementation.
    #[test]
    fn the_mac_is_hmac_sha_256_over_length_and_part() {
        let key = SecretKey::parse("KEY", A).unwrap();
        assert_eq!(
            STANDARD.encode(key.mac(&[b"abc"])),
            "jdlAHqTlr3PF0WnGSEs8E6tLnki5qMaCsGvNdOPVvW8="
        );
    }

    proptest! {
        #[test]
        fn two_lists_of_parts_are_never_one_text(
            a in prop::collection::vec("[ab]{0,3}", 0..4),
            b in prop::collection::vec("[ab]{0,3}", 0..4),
        ) {
            let bytes = |parts: &[String]| {
                length_prefixed(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
            };
            prop_assert_eq!(a == b, bytes(&a) == bytes(&b));
        }
    }
}
