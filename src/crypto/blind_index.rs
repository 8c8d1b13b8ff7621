//! Keyed hashes by which a sealed value is found again, without the database telling what it is.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use super::keys::SecretKey;
use super::seal::SubjectKey;

/// The installation's key for blind indexes. National ids can be enumerated in seconds, so all that
/// hides them is that this key is outside the database; and it encrypts nothing.
#[derive(Debug)]
pub struct IndexKey(SecretKey);

/// The key of one municipality's blind indexes: equal values of two municipalities look unrelated.
#[derive(Debug)]
pub struct MunicipalityIndexKey(SecretKey);

/// The 32 bytes that stand for a value. Equal values of one municipality have equal bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindIndex([u8; 32]);

impl IndexKey {
    /// Takes a key for indexing only.
    #[must_use]
    pub const fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The key of one municipality.
    #[must_use]
    pub fn of_municipality(&self, municipality: Uuid) -> MunicipalityIndexKey {
        let key = self
            .0
            .mac(&[b"rettbolig:index-key:v1", municipality.as_bytes()]);
        MunicipalityIndexKey(SecretKey::from_bytes(key))
    }
}

impl MunicipalityIndexKey {
    /// The index of a national id's eleven digits.
    #[must_use]
    pub fn national_id(&self, digits: &str) -> BlindIndex {
        BlindIndex(
            self.0
                .mac(&[b"rettbolig:national-id:v1", digits.as_bytes()]),
        )
    }

    /// The fingerprint of a request. Keyed, because a request may hold a national id among guessable values.
    #[must_use]
    pub fn request(&self, body: &[u8]) -> BlindIndex {
        BlindIndex(self.0.mac(&[b"rettbolig:request:v1", body]))
    }

    /// The key under which the answer to a request is kept: only whoever sends the same request again can have it opened.
    #[must_use]
    pub fn answer_key(&self, idempotency_key: &str, body: &[u8]) -> SubjectKey {
        let key = self
            .0
            .mac(&[b"rettbolig:answer:v1", idempotency_key.as_bytes(), body]);
        SubjectKey::of(SecretKey::from_bytes(key))
    }

    /// The indexes of a name's tokens. A name that was asked for is found where each of its indexes
    /// is among those of the stored name.
    #[must_use]
    pub fn name(&self, name: &str) -> BTreeSet<BlindIndex> {
        let index = |token: &String| self.0.mac(&[b"rettbolig:name-token:v1", token.as_bytes()]);
        name_tokens(name)
            .iter()
            .map(|token| BlindIndex(index(token)))
            .collect()
    }
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
