//! The one canonical form of each thing the history hashes or writes: JSON, hashes, base64, decimals.

use std::fmt;

use aws_lc_rs::digest::{Context, Digest, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// The largest integer every JSON reader holds exactly (RFC 7493 section 2.2).
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why a value has no canonical JSON.
#[derive(Debug, Error)]
pub enum CanonicalFault {
    /// The value is no JSON: a number that is not finite, a key that is no string or comes twice.
    #[error("the value cannot be written as JSON")]
    NotJson(#[from] serde_json::Error),
    /// RFC 8785 writes numbers as doubles, so a larger integer would silently become another one.
    #[error("an integer is beyond what JSON numbers hold exactly; write it as a string")]
    InexactInteger,
}

/// A text that is not in its only accepted form. Two spellings of one proof are one too many:
/// what differs in bytes must differ in meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the text is not in canonical form")]
pub struct NotCanonical;

/// Writes a value as canonical JSON (RFC 8785).
///
/// # Errors
/// Refuses what JSON cannot hold, and integers it cannot hold exactly.
pub fn canonical(value: &impl Serialize) -> Result<String, CanonicalFault> {
    if has_inexact_integer(&serde_json::to_value(value)?) {
        return Err(CanonicalFault::InexactInteger);
    }
    // Written from the thing itself: as a value, what JSON cannot hold would be gone already.
    Ok(serde_json_canonicalizer::to_string(value)?)
}

/// Writes what is a JSON value already as canonical JSON; refuses as [`canonical`] does.
pub(super) fn canonical_value(value: &Value) -> Result<String, CanonicalFault> {
    if has_inexact_integer(value) {
        return Err(CanonicalFault::InexactInteger);
    }
    if is_canonical_as_written(value) {
        return Ok(serde_json::to_string(value)?);
    }
    Ok(serde_json_canonicalizer::to_string(value)?)
}

/// Whether the plain writer's text is canonical already, as it is for every entry so far: keys of ASCII stand in the same order
/// by bytes and by UTF-16, and integers have one spelling.
pub(super) fn is_canonical_as_written(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(values) => values.iter().all(is_canonical_as_written),
        Value::Object(fields) => fields
            .iter()
            .all(|(key, value)| key.is_ascii() && is_canonical_as_written(value)),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

pub(super) fn has_inexact_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let magnitude = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            magnitude.is_some_and(|magnitude| magnitude > INTEGER_MAX)
        }
        Value::Array(values) => values.iter().any(has_inexact_integer),
        Value::Object(fields) => fields.values().any(has_inexact_integer),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// The SHA-256 of some bytes; of no bytes, the root of the empty tree (RFC 6962 section 2.1).
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    hash_of(&digest(&SHA256, bytes))
}

/// The hash of a leaf. Its prefix differs from a node's, so that no inner node can be passed off
/// as an entry (RFC 6962 section 2.1).
#[must_use]
pub(super) fn leaf_hash(entry: &[u8]) -> Hash {
    let mut leaf = Context::new(&SHA256);
    leaf.update(&[0]);
    leaf.update(entry);
    hash_of(&leaf.finish())
}

fn hash_of(digest: &Digest) -> Hash {
    let mut hash = Hash([0; 32]);
    hash.0.copy_from_slice(digest.as_ref());
    hash
}

/// The hash of an inner node over its two children (RFC 6962 section 2.1).
#[must_use]
pub(super) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // In one piece: of so short a text, most of the time would go into putting pieces together.
    let mut text = [1; 65];
    let (left_half, right_half) = text[1..].split_at_mut(32);
    left_half.copy_from_slice(&left.0);
    right_half.copy_from_slice(&right.0);
    sha256(&text)
}

impl Hash {
    /// The 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        let digits = digits.map(|digit| char::from_digit(digit.into(), 16));
        digits.flatten().collect()
    }

    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Refuses any other text, capitals included.
    pub fn from_hex(text: &str) -> Result<Self, NotCanonical> {
        let (mut hash, mut all) = (Self([0; 32]), 0);
        if text.len() != 2 * hash.0.len() {
            return Err(NotCanonical);
        }
        let (pairs, _) = text.as_bytes().as_chunks();
        for (byte, [high, low]) in hash.0.iter_mut().zip(pairs) {
            let (high, low) = (value_of(*high), value_of(*low));
            all |= high | low;
            *byte = high << 4 | low & 0xf;
        }
        (all <= 0xf).then_some(hash).ok_or(NotCanonical)
    }

    /// The standard base64 with padding, as every C2SP format writes it.
    #[must_use]
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads standard base64 of exactly 32 bytes.
    ///
    /// # Errors
    /// Refuses another length, and every spelling but the canonical one.
    pub fn from_base64(text: &str) -> Result<Self, NotCanonical> {
        Self::from_slice(&decode_base64(text)?)
    }

    /// Takes up the 32 bytes of a digest.
    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, NotCanonical> {
        bytes.try_into().map(Self).or(Err(NotCanonical))
    }
}

/// What a digit is worth; what is none, more than any: to leave at the first such would cost more than all the rest.
fn value_of(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => u8::MAX,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Writes standard base64 with padding (RFC 4648 section 4).
#[must_use]
pub(super) fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads standard base64 with padding (RFC 4648 section 4).
///
/// # Errors
/// Refuses white space, missing padding and stray bits in the last digit: the standard engine
/// accepts only the text that [`encode_base64`] would write.
pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, NotCanonical> {
    STANDARD.decode(text).or(Err(NotCanonical))
}

/// Reads a decimal without sign or leading zeros, as C2SP writes sizes and indices.
///
/// # Errors
/// Refuses any other spelling, and what does not fit 64 bits.
pub(super) fn parse_decimal(text: &str) -> Result<u64, NotCanonical> {
    let number: u64 = text.parse().or(Err(NotCanonical))?;
    let is_canonical = number.to_string() == text;
    is_canonical.then_some(number).ok_or(NotCanonical)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_by_utf16_and_white_space_is_gone() {
        let value =
            json!({ "€": 1, "\r": 2, "1": [true, null, 1.50], "\u{1f600}": 4, "\u{fb33}": 5 });
        let expected = "{\"\\r\":2,\"1\":[true,null,1.5],\"€\":1,\"\u{1f600}\":4,\"\u{fb33}\":5}";
        assert_eq!(canonical(&value).unwrap(), expected);
    }

    #[test]
    fn an_integer_a_double_would_round_is_refused() {
        for exact in [
            json!(9_007_199_254_740_991_i64),
            json!(-9_007_199_254_740_991_i64),
        ] {
            assert_eq!(canonical(&exact).unwrap(), exact.to_string());
        }
        for inexact in [
            json!(9_007_199_254_740_993_u64),
            json!([{ "a": i64::MIN }]),
            json!(u64::MAX),
        ] {
            assert!(matches!(
                canonical(&inexact),
                Err(CanonicalFault::InexactInteger)
            ));
        }
    }

    #[test]
    fn what_json_cannot_hold_is_refused() {
        assert!(matches!(
            canonical(&f64::NAN),
            Err(CanonicalFault::NotJson(_))
        ));
        assert!(matches!(
            canonical(&f64::INFINITY),
            Err(CanonicalFault::NotJson(_))
        ));
        assert!(matches!(
            canonical(&HashMap::from([((1, 2), 3)])),
            Err(CanonicalFault::NotJson(_))
        ));
    }

    #[test]
    fn a_key_that_comes_twice_is_refused() {
        #[derive(Serialize)]
        struct Twice {
            status: u8,
            #[serde(flatten)]
            rest: HashMap<&'static str, u8>,
        }
        let twice = Twice {
            status: 1,
            rest: HashMap::from([("status", 2)]),
        };
        assert!(matches!(canonical(&twice), Err(CanonicalFault::NotJson(_))));
    }

    #[test]
    fn hashes_agree_with_known_answers() {
        let known = [
            (
                sha256(b""),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                leaf_hash(b""),
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                node_hash(&leaf_hash(b""), &leaf_hash(&[0])),
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
        ];
        for (hash, hex) in known {
            assert_eq!(hash.to_hex(), hex);
            assert_eq!(format!("{hash:?}"), format!("Hash({hex})"));
            assert_eq!(Hash::from_hex(hex), Ok(hash));
            assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        }
    }

    #[test]
    fn a_hash_has_one_spelling() {
        let hex = sha256(b"").to_hex();
        for text in [
            hex.to_uppercase(),
            format!("{hex}0"),
            format!("{hex}00"),
            format!(" {hex}"),
        ] {
            assert_eq!(Hash::from_hex(&text), Err(NotCanonical), "{text}");
        }
        assert_eq!(Hash::from_hex(&"g".repeat(64)), Err(NotCanonical));

        // "...uFU=" carries two unused bits in its last digit: V, W and X decode alike if lax.
        let text = sha256(b"").to_base64();
        assert!(text.ends_with("uFU="));
        let stray_bits = text.replace("uFU=", "uFV=");
        let unpadded = text.replace('=', "");
        let url_safe = Hash([0xff; 32]).to_base64().replace('/', "_");
        let too_long = encode_base64(&[0; 33]);
        for text in [
            stray_bits,
            unpadded,
            url_safe,
            too_long,
            format!("{text}\n"),
            String::new(),
        ] {
            assert_eq!(Hash::from_base64(&text), Err(NotCanonical), "{text}");
        }
    }

    #[test]
    fn a_decimal_has_one_spelling() {
        assert_eq!(parse_decimal("0"), Ok(0));
        assert_eq!(parse_decimal("18446744073709551615"), Ok(u64::MAX));
        for text in [
            "",
            "00",
            "01",
            "+1",
            "-0",
            "1 ",
            " 1",
            "1_0",
            "1e3",
            "18446744073709551616",
            "١",
        ] {
            assert_eq!(parse_decimal(text), Err(NotCanonical), "{text:?}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x7f\"\\\\/]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            let key = prop_oneof!["[a-zA-Z0-9_.]{0,6}", any::<String>()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(key, inner, 0..5)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_plain_writer_is_used_only_where_it_writes_the_canonical_form(value in any_json()) {
            let expected = serde_json_canonicalizer::to_string(&value).unwrap();
            match canonical_value(&value) {
                Ok(text) => prop_assert_eq!(text, expected),
                Err(CanonicalFault::InexactInteger) => prop_assert!(has_inexact_integer(&value)),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }

        #[test]
        fn base64_that_is_read_is_the_base64_that_is_written(text in "[A-Za-z0-9+/=]{0,12}") {
            if let Ok(bytes) = decode_base64(&text) {
                prop_assert_eq!(encode_base64(&bytes), text);
            }
        }

        #[test]
        fn hex_reads_back(bytes: [u8; 32]) {
            prop_assert_eq!(Hash::from_hex(&Hash(bytes).to_hex()), Ok(Hash(bytes)));
        }
    }
}
