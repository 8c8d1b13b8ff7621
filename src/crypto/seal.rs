//! Sealing a field so that only its own person's key opens it, and only in its own place.

use aes_gcm_siv::aead::array::Array;
use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use uuid::Uuid;

use super::keys::{KeyId, KeyRing, NamedKey, SecretKey, length_prefixed};

/// The data key of one person: destroying its wrapped form erases what was sealed with it.
///
/// Its id follows from the key, so that a text sealed with another person's key is told at once.
#[derive(Debug)]
pub struct SubjectKey(NamedKey);

/// The place a sealed text belongs to. It opens nowhere else, so nobody with access to the database
/// can move one person's ciphertext to another row, column or municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The municipality that owns the row.
    pub municipality: Uuid,
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's own id.
    pub row: Uuid,
}

/// Why a text was not sealed or opened. Never carries data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoFault {
    /// Not written as `v1.<kid>.<base64>`.
    #[error("the sealed text is malformed")]
    Malformed,
    /// Sealed by a later version of this program, or by none.
    #[error("the sealed text has an unknown version")]
    UnknownVersion,
    /// Sealed with a key that is not at hand: retired too early, or another person's.
    #[error("the sealed text names an unknown key")]
    UnknownKey,
    /// Altered, or moved from the place that it was sealed for.
    #[error("the sealed text is not authentic in this place")]
    NotAuthentic,
    /// Longer than the cipher can seal (64 GiB, RFC 8452 section 6).
    #[error("the text is too long to be sealed")]
    TooLong,
    /// The operating system gave no randomness.
    #[error("there is no randomness")]
    NoRandomness,
}

impl CryptoFault {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "sealed_malformed",
            Self::UnknownVersion => "sealed_unknown_version",
            Self::UnknownKey => "sealed_unknown_key",
            Self::NotAuthentic => "sealed_not_authentic",
            Self::TooLong => "sealed_too_long",
            Self::NoRandomness => "no_randomness",
        }
    }
}

/// Seals a text with a person's key, as `v1.<kid>.<base64>`.
pub fn seal(key: &SubjectKey, context: Context, plaintext: &str) -> Result<String, CryptoFault> {
    seal_bytes(&key.0, context, plaintext.as_bytes())
}

/// Opens what [`seal`] has sealed with the same key for the same place.
pub fn open(key: &SubjectKey, context: Context, sealed: &str) -> Result<SecretString, CryptoFault> {
    let plaintext = open_bytes(|id| (*id == key.0.id).then_some(&key.0), context, sealed)?;
    // Only texts are sealed as texts: authentic bytes that are none belong to something else.
    let text = std::str::from_utf8(&plaintext).map_err(|_| CryptoFault::NotAuthentic)?;
    Ok(SecretString::from(text))
}

/// Seals a person's key with the ring's active key, for the place where it is stored.
pub fn wrap_key(ring: &KeyRing, context: Context, key: &SubjectKey) -> Result<String, CryptoFault> {
    seal_bytes(ring.active(), context, key.0.key.expose())
}

/// Opens what [`wrap_key`] has sealed, with whichever key of the ring it names.
pub fn unwrap_key(
    ring: &KeyRing,
    context: Context,
    wrapped: &str,
) -> Result<SubjectKey, CryptoFault> {
    let bytes = open_bytes(|id| ring.find(id), context, wrapped)?;
    SecretKey::find_from_slice(&bytes)
        .map(SubjectKey::of)
        .ok_or(CryptoFault::NotAuthentic)
}

/// Seals a text of the house's own with the ring's active key: one that belongs to no person's file.
pub fn seal_for_house(
    ring: &KeyRing,
    context: Context,
    plaintext: &str,
) -> Result<String, CryptoFault> {
    seal_bytes(ring.active(), context, plaintext.as_bytes())
}

/// Opens what [`seal_for_house`] has sealed, with whichever key of the ring it names.
pub fn open_for_house(
    ring: &KeyRing,
    context: Context,
    sealed: &str,
) -> Result<SecretString, CryptoFault> {
    let plaintext = open_bytes(|id| ring.find(id), context, sealed)?;
    let text = std::str::from_utf8(&plaintext).map_err(|_| CryptoFault::NotAuthentic)?;
    Ok(SecretString::from(text))
}

/// How every text begins that the ring's active key has sealed.
#[must_use]
pub fn prefix_of_active(ring: &KeyRing) -> String {
    format!("{VERSION}.{}.", ring.active().id)
}

impl SubjectKey {
    /// A new key for a person.
    pub fn generate() -> Result<Self, CryptoFault> {
        SecretKey::generate()
            .map(Self::of)
            .map_err(|_| CryptoFault::NoRandomness)
    }

    pub(super) fn of(key: SecretKey) -> Self {
        Self(NamedKey {
            id: KeyId::of(&key),
            key,
        })
    }
}

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

fn seal_bytes(named: &NamedKey, context: Context, msg: &[u8]) -> Result<String, CryptoFault> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| CryptoFault::NoRandomness)?;
    let aad = &context.bound_to(&named.id);
    let ciphertext = cipher(&named.key)
        .encrypt(&Nonce::from(nonce), Payload { msg, aad })
        .map_err(|_| CryptoFault::TooLong)?;
    let body = STANDARD_NO_PAD.encode([nonce.as_slice(), &ciphertext].concat());
    Ok(format!("{VERSION}.{}.{body}", named.id))
}

fn open_bytes<'k>(
    find_key: impl FnOnce(&KeyId) -> Option<&'k NamedKey>,
    context: Context,
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>, CryptoFault> {
    let (version, rest) = sealed.split_once('.').ok_or(CryptoFault::Malformed)?;
    if version != VERSION {
        return Err(CryptoFault::UnknownVersion);
    }
    let (id, body) = rest.split_once('.').ok_or(CryptoFault::Malformed)?;
    let named = find_key(&KeyId::find(id).ok_or(CryptoFault::Malformed)?);
    let named = named.ok_or(CryptoFault::UnknownKey)?;
    let body = STANDARD_NO_PAD
        .decode(body)
        .map_err(|_| CryptoFault::Malformed)?;
    let (nonce, msg) = body
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(CryptoFault::Malformed)?;
    let aad = &context.bound_to(&named.id);
    cipher(&named.key)
        .decrypt(&Nonce::from(*nonce), Payload { msg, aad })
        .map(Zeroizing::new)
        .map_err(|_| CryptoFault::NotAuthentic)
}

fn cipher(key: &SecretKey) -> Aes256GcmSiv {
    Aes256GcmSiv::new(Array::cast_from_core(key.expose()))
}

impl Context {
    /// What the cipher authenticates beside the text: the place, the key's name and the version.
    fn bound_to(&self, id: &KeyId) -> Vec<u8> {
        length_prefixed(&[
            self.municipality.as_bytes(),
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
            id.to_string().as_bytes(),
            VERSION.as_bytes(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use secrecy::ExposeSecret;

    use super::*;

    const PLACE: Context = Context {
        municipality: Uuid::from_u128(5035),
        table: "people",
        column: "national_id",
        row: Uuid::from_u128(1),
    };
    const OLD: &str = "2026:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "2027://79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";

    fn ring(keys: &[&str]) -> KeyRing {
        KeyRing::parse("KEYS", &keys.join(",")).unwrap()
    }

    fn refused<T>(result: Result<T, CryptoFault>) -> CryptoFault {
        result.map(|_| ()).unwrap_err()
    }

    #[test]
    fn one_text_is_never_sealed_alike_twice() {
        let key = SubjectKey::generate().unwrap();
        let seal = || seal(&key, PLACE, "10915596784").unwrap();
        assert_ne!(seal(), seal());
        assert!(seal().starts_with(&format!("v1.{}.", key.0.id)));
    }

    #[rstest]
    #[case(Context { municipality: Uuid::from_u128(5001), ..PLACE })]
    #[case(Context { table: "household", ..PLACE })]
    #[case(Context { column: "name", ..PLACE })]
    #[case(Context { row: Uuid::from_u128(2), ..PLACE })]
    #[case(Context { table: "peoplen", column: "ational_id", ..PLACE })]
    fn a_sealed_text_opens_in_no_other_place(#[case] elsewhere: Context) {
        let key = SubjectKey::generate().unwrap();
        let sealed = seal(&key, PLACE, "10915596784").unwrap();
        assert_eq!(
            refused(open(&key, elsewhere, &sealed)),
            CryptoFault::NotAuthentic
        );
    }

    #[test]
    fn no_other_persons_key_opens_it_even_under_its_name() {
        let (mine, other) = (
            SubjectKey::generate().unwrap(),
            SubjectKey::generate().unwrap(),
        );
        let sealed = seal(&mine, PLACE, "10915596784").unwrap();
        assert_eq!(
            refused(open(&other, PLACE, &sealed)),
            CryptoFault::UnknownKey
        );
        let renamed = sealed.replace(&mine.0.id.to_string(), &other.0.id.to_string());
        assert_eq!(
            refused(open(&other, PLACE, &renamed)),
            CryptoFault::NotAuthentic
        );
    }

    #[test]
    fn a_new_wrapping_key_leaves_the_persons_fields_readable() {
        let key = SubjectKey::generate().unwrap();
        let sealed = seal(&key, PLACE, "Kari").unwrap();
        let wrapped = wrap_key(&ring(&[OLD]), PLACE, &key).unwrap();
        let key = unwrap_key(&ring(&[NEW, OLD]), PLACE, &wrapped).unwrap();
        let wrapped_anew = wrap_key(&ring(&[NEW, OLD]), PLACE, &key).unwrap();
        assert!(wrapped_anew.starts_with("v1.2027."));
        let key = unwrap_key(&ring(&[NEW]), PLACE, &wrapped_anew).unwrap();
        assert_eq!(open(&key, PLACE, &sealed).unwrap().expose_secret(), "Kari");
        assert_eq!(
            refused(unwrap_key(&ring(&[NEW]), PLACE, &wrapped)),
            CryptoFault::UnknownKey
        );
    }

    #[rstest]
    #[case("", CryptoFault::Malformed)]
    #[case("canary", CryptoFault::Malformed)]
    #[case("v2.2026.AAAA", CryptoFault::UnknownVersion)]
    #[case(".2026.AAAA", CryptoFault::UnknownVersion)]
    #[case("v1.2026", CryptoFault::Malformed)]
    #[case("v1..AAAA", CryptoFault::Malformed)]
    #[case("v1.2025.AAAA", CryptoFault::UnknownKey)]
    #[case("v1.2026.", CryptoFault::Malformed)]
    #[case("v1.2026.AAAA", CryptoFault::Malformed)]
    #[case("v1.2026.!", CryptoFault::Malformed)]
    #[case("v1.2026.AAAAAAAAAAAAAAAA", CryptoFault::NotAuthentic)]
    fn a_text_that_nobody_sealed_is_refused(#[case] text: &str, #[case] fault: CryptoFault) {
        assert_eq!(refused(unwrap_key(&ring(&[OLD]), PLACE, text)), fault);
    }

    // Sealed by another implementation of RFC 8452: what is stored must open for ever.
    #[test]
    fn the_stored_form_does_not_change() {
        let key = unwrap_key(&ring(&[OLD]), PLACE, STORED_KEY).unwrap();
        assert_eq!(
            open(&key, PLACE, STORED_TEXT).unwrap().expose_secret(),
            "Østgård"
        );
    }
    const STORED_KEY: &str =
        "v1.2026.AAECAwQFBgcICQoLufaav6ztcjUNoIeK3NnL4GrL9EuDv71de+yYi+6Hlp1QJ43fnL7893P0cbe0pxTe";
    const STORED_TEXT: &str =
        "v1.1b87a28b7ff3c4db.FBUWFxgZGhscHR4fIOmocorUl/xygi0bJi/Ko5qvFQWYIQ1HjQ";

    proptest! {
        #[test]
        fn what_is_sealed_opens(text in any::<String>()) {
            let key = SubjectKey::generate().unwrap();
            let sealed = seal(&key, PLACE, &text).unwrap();
            let opened = open(&key, PLACE, &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), text);
        }

        #[test]
        fn one_altered_character_anywhere_is_refused(
            text in ".{0,40}", at in any::<prop::sample::Index>(), other in "[ -~]",
        ) {
            let key = SubjectKey::generate().unwrap();
            let mut sealed = seal(&key, PLACE, &text).unwrap();
            let at = at.index(sealed.len());
            let right = sealed.clone();
            sealed.replace_range(at..=at, &other);
            prop_assume!(sealed != right);
            prop_assert!(open(&key, PLACE, &sealed).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(
            text in any::<String>(), near in "v1\\.2026\\.[A-Za-z0-9+/=]{0,60}",
        ) {
            prop_assert!(unwrap_key(&ring(&[OLD]), PLACE, &text).is_err());
            prop_assert!(unwrap_key(&ring(&[OLD]), PLACE, &near).is_err());
        }
    }
}
