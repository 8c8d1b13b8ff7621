//! What an entry says of a person: the entry itself holds a commitment only, so that the text can be erased and every proof stays.
//!
//! The commitment is SHA-256 over `boligaudit/seg/v1`, a salt of 32 random bytes, and the text in canonical JSON. The salt keeps
//! whoever holds the log from guessing: a national id is one of fewer than 2^37. Salt and text stand together in the table
//! `audit_segment`, sealed under the person's own key; without that key neither can be had, and the commitment says nothing.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::canonical::{Hash, canonical_value};
use crate::crypto::CryptoFault;
use crate::ids::PersonId;
use crate::problem::Problem;

/// What the commitment is a commitment of.
const DOMAIN: &[u8] = b"boligaudit/seg/v1";

/// A text about a person, on its way into the log.
#[derive(Debug, Clone)]
pub struct Segment {
    /// About whom.
    pub(super) person: PersonId,
    /// What stands in the entry.
    pub(super) commitment: Hash,
    /// Salt and text, sealed under the person's key.
    pub(super) sealed: String,
}

/// A kept segment, as it is opened for an export.
#[derive(Debug, Clone)]
pub struct SealedSegment {
    /// About whom.
    pub person: PersonId,
    /// What [`Segment::commit`] had sealed.
    pub sealed: String,
}

/// The salt and the text that a commitment was made of, as exports disclose them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// 64 lower-case hexadecimal digits.
    salt: String,
    /// The text in canonical JSON, byte for byte as it was hashed.
    data: Box<RawValue>,
}

/// What an entry says of one of its segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Committed {
    // In the order of canonical JSON.
    pub(super) commitment: String,
    pub(super) person: PersonId,
}

impl Segment {
    /// Commits to a text about a person; `seal` seals it under that person's key.
    pub fn commit(
        person: PersonId,
        data: &Value,
        seal: impl FnOnce(&str) -> Result<String, CryptoFault>,
    ) -> Result<Self, Problem> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(|_| Problem::internal("there is no randomness"))?;
        let data = canonical_value(data).map_err(|fault| Problem::internal(fault.to_string()))?;
        let salt = Hash(salt);
        let opened = format!(r#"{{"salt":"{salt}","data":{data}}}"#);
        Ok(Self {
            person,
            commitment: commitment(&salt, &data),
            sealed: seal(&opened).map_err(|fault| Problem::internal(fault.code()))?,
        })
    }

    pub(super) fn committed(&self) -> Committed {
        Committed {
            person: self.person,
            commitment: self.commitment.to_hex(),
        }
    }
}

impl Opened {
    /// Reads what was sealed, once it is opened.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|_| Problem::internal("a segment is not of this form"))
    }

    /// Whether this is what was committed to.
    pub(super) fn is_of(&self, committed: &Committed) -> bool {
        Hash::from_hex(&self.salt)
            .is_ok_and(|salt| commitment(&salt, self.data.get()).to_hex() == committed.commitment)
    }
}

fn commitment(salt: &Hash, data: &str) -> Hash {
    let digest = Sha256::new()
        .chain_update(DOMAIN)
        .chain_update(salt.0)
        .chain_update(data);
    Hash(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn segment() -> Segment {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let data = json!({"b": "ø", "a": [1, 2]});
        Segment::commit(person, &data, |text| Ok(text.to_owned())).unwrap()
    }

    #[test]
    fn a_commitment_holds_for_its_salt_and_text_alone() {
        let one = segment();
        let opened = Opened::parse(&one.sealed).unwrap();
        assert!(opened.is_of(&one.committed()));
        assert_eq!(opened.data.get(), r#"{"a":[1,2],"b":"ø"}"#);
        let other = segment();
        assert!(!opened.is_of(&other.committed()));
        for changed in [
            one.sealed.replace("[1,2]", "[1,3]"),
            one.sealed.replace("[1,2]", "[1, 2]"),
            one.sealed.replacen(opened.salt.get(..2).unwrap(), "zz", 1),
            one.sealed
                .replace(&opened.salt, &opened.salt.to_uppercase()),
        ] {
            assert_ne!(changed, one.sealed);
            assert!(!Opened::parse(&changed).unwrap().is_of(&one.committed()));
        }
    }

    // Computed with another implementation: what was committed to must be checkable for ever.
    #[test]
    fn the_form_of_a_commitment_does_not_change() {
        let told = commitment(&Hash([7; 32]), r#"{"name":"Kari"}"#).to_hex();
        assert_eq!(
            told,
            "f8cec9c121433366f53743b2715c8f4c48951608c3522079f6aae5b7ed7b7dc1"
        );
    }
}
