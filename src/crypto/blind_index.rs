//! Keyed hashes by which a sealed value is found again, without the database telling what it is.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use super::keys::{CHECK, KeyFault, KeyId, KeySettingFault, SecretKey};
use super::seal::SubjectKey;

/// The installation's keys for blind indexes. National ids can be enumerated in seconds, so all that
/// hides them is that these keys are outside the database; and they encrypt nothing.
///
/// One is enough, but while another takes over there are two: what is stored is found by each.
#[derive(Debug)]
pub struct IndexKey(Vec<SecretKey>);

/// The keys of one municipality's blind indexes: equal values of two municipalities look unrelated.
#[derive(Debug)]
pub struct MunicipalityIndexKey {
    first: SecretKey,
    others: Vec<SecretKey>,
}

/// The 32 bytes that stand for a value. Equal values of one municipality have equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindIndex([u8; 32]);

const NATIONAL_ID: &[u8] = b"rettbolig:national-id:v1";

impl IndexKey {
    /// Takes a key for indexing only.
    #[must_use]
    pub fn new(key: SecretKey) -> Self {
        Self(vec![key])
    }

    /// Reads the keys of a setting from their base64, separated by commas or white space. What is asked for is looked up by the
    /// first; what is stored is found by each.
    pub fn parse(variable: &str, text: &str) -> Result<Self, KeySettingFault> {
        let parts = text.split(|c: char| c == ',' || c.is_whitespace());
        let parts = parts.filter(|part| !part.is_empty());
        let keys = parts.map(|part| SecretKey::parse(variable, part));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(KeySettingFault {
                variable: variable.to_owned(),
                fault: KeyFault::NoKey,
            });
        }
        Ok(Self(keys))
    }

    /// A value that follows from each key and tells nothing of it, by an id that follows from it too.
    #[must_use]
    pub fn checks(&self) -> Vec<(String, [u8; 32])> {
        let check = |key: &SecretKey| (KeyId::of(key).to_string(), key.mac(&[CHECK]));
        self.0.iter().map(check).collect()
    }

    /// The keys of one municipality.
    #[must_use]
    pub fn of_municipality(&self, municipality: Uuid) -> MunicipalityIndexKey {
        let parts: [&[u8]; 2] = [b"rettbolig:index-key:v1", municipality.as_bytes()];
        let mut keys = self
            .0
            .iter()
            .map(|key| SecretKey::from_bytes(key.mac(&parts)));
        MunicipalityIndexKey {
            // There is always a first: `new` and `parse` see to it.
            first: keys
                .next()
                .unwrap_or_else(|| SecretKey::from_bytes([0; 32])),
            others: keys.collect(),
        }
    }
}

impl MunicipalityIndexKey {
    /// The index of a national id's eleven digits.
    #[must_use]
    pub fn national_id(&self, digits: &str) -> BlindIndex {
        BlindIndex(self.first.mac(&[NATIONAL_ID, digits.as_bytes()]))
    }

    /// The indexes of a national id by the keys beside the first.
    #[must_use]
    pub fn national_id_by_others(&self, digits: &str) -> Vec<BlindIndex> {
        let index = |key: &SecretKey| BlindIndex(key.mac(&[NATIONAL_ID, digits.as_bytes()]));
        self.others.iter().map(index).collect()
    }

    /// Whether another key is taking over.
    #[must_use]
    pub const fn is_changing(&self) -> bool {
        !self.others.is_empty()
    }

    /// The fingerprint of a request. Keyed, because a request may hold a national id among guessable values.
    #[must_use]
    pub fn request(&self, body: &[u8]) -> BlindIndex {
        fingerprint(&self.first, body)
    }

    /// Whether a stored fingerprint is this request's, by any of the keys.
    #[must_use]
    pub fn is_request(&self, body: &[u8], stored: &[u8]) -> bool {
        let mut keys = std::iter::once(&self.first).chain(&self.others);
        keys.any(|key| fingerprint(key, body).0.as_slice() == stored)
    }

    /// The keys under which the answer to a request may be kept, that of today first: only whoever sends the same request again can
    /// have it opened.
    pub fn answer_keys(
        &self,
        idempotency_key: &str,
        body: &[u8],
    ) -> impl Iterator<Item = SubjectKey> {
        let keys = std::iter::once(&self.first).chain(&self.others);
        keys.map(move |key| {
            let parts: [&[u8]; 3] = [b"rettbolig:answer:v1", idempotency_key.as_bytes(), body];
            SubjectKey::of(SecretKey::from_bytes(key.mac(&parts)))
        })
    }

    /// The indexes of a name's tokens. A name that was asked for is found where each of its indexes
    /// is among those of the stored name.
    #[must_use]
    pub fn name(&self, name: &str) -> BTreeSet<BlindIndex> {
        words(&self.first, name).collect()
    }

    /// All by which a person is found beside the national id's own index: the words of the name by every key, and the
    /// national id by the keys beside the first.
    #[must_use]
    pub fn kept(&self, digits: &str, name: &str) -> BTreeSet<BlindIndex> {
        let mut kept = self.name(name);
        kept.extend(self.others.iter().flat_map(|key| words(key, name)));
        kept.extend(self.national_id_by_others(digits));
        kept
    }
}

fn fingerprint(key: &SecretKey, body: &[u8]) -> BlindIndex {
    BlindIndex(key.mac(&[b"rettbolig:request:v1", body]))
}

fn words(key: &SecretKey, name: &str) -> impl Iterator<Item = BlindIndex> {
    let tokens = name_tokens(name).into_iter();
    tokens.map(|token| BlindIndex(key.mac(&[b"rettbolig:name-token:v1", token.as_bytes()])))
}

impl BlindIndex {
    /// The bytes as they are stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex(redacted)")
    }
}

/// The words of a name as they are compared: in small letters, composed, each once, in order.
///
/// Norwegian letters stay what they are: "Åse" is not "Ase". A name is cut at white space, hyphens,
/// commas and full stops, so that "Hansen, Anne-Lise" has the words of "Anne Lise Hansen".
#[must_use]
pub fn name_tokens(name: &str) -> BTreeSet<String> {
    let is_gap = |c: char| c.is_whitespace() || DASHES.contains(&c) || matches!(c, ',' | '.');
    let composed = composed(name.chars().flat_map(char::to_lowercase));
    composed
        .split(is_gap)
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Hyphen-minus, hyphen, non-breaking hyphen and en dash: all four are typed in double names.
const DASHES: [char; 4] = ['-', '\u{2010}', '\u{2011}', '\u{2013}'];

/// Letters in which a mark follows its base are made one character, as some systems send them
/// apart.
///
/// This is not all of Unicode's composition (UAX #15): it knows the letters of the Nordic, Sámi and
/// the commonest other Latin names. A letter beyond them is found when it is typed as it was
/// stored.
fn composed(name: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for c in name {
        let last = text.chars().next_back();
        match last.and_then(|base| find_composed(base, c)) {
            Some(letter) => {
                text.pop();
                text.push(letter);
            }
            None if matches!(c, '\u{2019}' | '\u{2bc}') => text.push('\''),
            None => text.push(c),
        }
    }
    text
}

fn find_composed(base: char, mark: char) -> Option<char> {
    let (bases, letters) = match mark {
        '\u{300}' => ("aeiou", "àèìòù"),
        '\u{301}' => ("aeiouycnsz", "áéíóúýćńśź"),
        '\u{302}' => ("aeiou", "âêîôû"),
        '\u{303}' => ("ano", "ãñõ"),
        '\u{307}' => ("ez", "ėż"),
        '\u{308}' => ("aeiouy", "äëïöüÿ"),
        '\u{30a}' => ("au", "åů"),
        '\u{30b}' => ("ou", "őű"),
        '\u{30c}' => ("cdenrszg", "čďěňřšžǧ"),
        '\u{327}' => ("cs", "çş"),
        '\u{328}' => ("aeiu", "ąęįų"),
        _ => return None,
    };
    bases
        .chars()
        .zip(letters.chars())
        .find(|(b, _)| *b == base)
        .map(|(_, letter)| letter)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn key(municipality: u128) -> MunicipalityIndexKey {
        let key = SecretKey::parse("KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        IndexKey::new(key).of_municipality(Uuid::from_u128(municipality))
    }

    #[test]
    fn a_national_id_is_found_again_only_in_its_own_municipality() {
        let index = key(5035).national_id("10915596784");
        assert_eq!(index, key(5035).national_id("10915596784"));
        assert_ne!(index, key(5035).national_id("13527248013"));
        assert_ne!(index, key(5001).national_id("10915596784"));
        assert_eq!(format!("{index:?}"), "BlindIndex(redacted)");
    }

    #[test]
    fn while_a_key_takes_over_everything_is_found_by_both() {
        let (old, new) = (
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=",
        );
        let keys = |text: &str| {
            let keys = IndexKey::parse("KEY", text).unwrap();
            keys.of_municipality(Uuid::from_u128(5035))
        };
        let both = keys(&format!("{old},{new}"));
        let kept = both.kept("10915596784", "Kari Moe");
        assert_eq!(
            both.national_id("10915596784"),
            keys(old).national_id("10915596784")
        );
        assert!(kept.contains(&keys(new).national_id("10915596784")));
        assert!(keys(old).name("kari moe").is_subset(&kept));
        assert!(keys(new).name("kari moe").is_subset(&kept));
        let stored = keys(new).request(b"{}");
        assert!(both.is_request(b"{}", stored.as_bytes()));
        assert!(!keys(old).is_request(b"{}", stored.as_bytes()));
        assert!(IndexKey::parse("KEY", " ").is_err());
    }

    #[test]
    fn an_id_and_a_name_of_the_same_text_have_different_indexes() {
        let names = key(5035).name("10915596784");
        assert!(!names.contains(&key(5035).national_id("10915596784")));
    }

    // Computed with another implementation: what is stored must be found for ever.
    #[test]
    fn the_stored_form_does_not_change() {
        let index = key(5035).national_id("10915596784");
        assert_eq!(
            STANDARD.encode(index.as_bytes()),
            "BQChhZi/im0053a9z/xtNEjzEM1iwMVf9a6gdAHFzZg="
        );
    }

    #[rstest]
    #[case("Anne-Lise Hansen", &["anne", "hansen", "lise"])]
    #[case("HANSEN,  Anne\u{2011}Lise", &["anne", "hansen", "lise"])]
    #[case("Åse Østbø Ærø", &["åse", "ærø", "østbø"])]
    #[case("A\u{30a}se", &["åse"])]
    #[case("Máret A\u{301}hkka\u{301}s\u{30c}", &["máret", "áhkkáš"])]
    #[case("Per A. O\u{2019}Brien", &["a", "o'brien", "per"])]
    #[case("Per Per", &["per"])]
    #[case(" - ., ", &[])]
    fn a_name_is_its_words_in_small_letters(#[case] name: &str, #[case] tokens: &[&str]) {
        assert_eq!(name_tokens(name).into_iter().collect::<Vec<_>>(), tokens);
    }

    #[test]
    fn a_part_of_a_name_is_found_in_the_whole() {
        let whole = key(5035).name("Anne-Lise Østby Hansen");
        assert!(key(5035).name("hansen anne").is_subset(&whole));
        assert!(!key(5035).name("hansen ann").is_subset(&whole));
    }

    proptest! {
        #[test]
        fn a_token_is_its_own_only_token(name in any::<String>()) {
            for token in name_tokens(&name) {
                prop_assert_eq!(name_tokens(&token), BTreeSet::from([token]));
            }
        }
    }
}
