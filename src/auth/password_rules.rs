//! Which passwords are taken (NIST SP 800-63B rev. 4, 3.1.1.2): long enough, not guessable, not about the job; no other composition.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::{Score, zxcvbn};

use super::rules::Refusal;

/// Characters of a password that stands alone.
const CHARACTERS_MIN: usize = 15;
/// Characters of one that a second factor stands beside.
const CHARACTERS_MIN_WITH_CODE: usize = 8;
/// Longest password, in characters.
pub const PASSWORD_CHARACTERS_MAX: usize = 128;
/// What must be left of a password when the words of the job are taken out.
const REST_MIN: usize = 6;
/// What is judged of a very long password: the estimate grows slow beyond.
const JUDGED_MAX: usize = 100;

/// Words that everybody tries first at this service.
const OF_THE_JOB: [&str; 12] = [
    "rettbolig",
    "kommunen",
    "kommune",
    "kommunal",
    "boligkontoret",
    "boligkontor",
    "bolig",
    "tildeling",
    "passord",
    "password",
    "husbanken",
    "nav",
];

/// A password in the one form in which it is hashed: what looks alike is alike, however the keyboard composes it (NFC).
#[must_use]
pub(super) fn normal(password: &str) -> String {
    password.nfc().collect()
}

/// Which passwords are refused beside the guessable ones.
#[derive(Debug, Clone, Default)]
pub struct BlockList(HashSet<String>);

impl BlockList {
    /// One a line, as such lists are published.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self(
            text.lines()
                .map(|line| normal(line.trim()).to_lowercase())
                .collect(),
        )
    }

    /// Judges a new password in its normal form. `about` are words that others connect with the user: names, the town.
    pub fn judge(
        &self,
        password: &str,
        about: &[&str],
        has_second_factor: bool,
    ) -> Result<(), Refusal> {
        let least = if has_second_factor {
            CHARACTERS_MIN_WITH_CODE
        } else {
            CHARACTERS_MIN
        };
        let characters = password.chars().count();
        if characters < least {
            return Err(Refusal::PasswordTooShort);
        }
        if characters > PASSWORD_CHARACTERS_MAX {
            return Err(Refusal::PasswordTooLong);
        }
        let small = password.to_lowercase();
        let about: Vec<String> = about.iter().map(|word| word.to_lowercase()).collect();
        let words: Vec<&str> = about
            .iter()
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() >= 3)
            .chain(OF_THE_JOB)
            .collect();
        let rest = words
            .iter()
            .fold(small.clone(), |rest, word| rest.replace(word, ""));
        let is_about = rest.chars().filter(|c| c.is_alphabetic()).count() < REST_MIN;
        let judged: String = password.chars().take(JUDGED_MAX).collect();
        let is_guessable = zxcvbn(&judged, &words).score() < Score::Three;
        if is_about || is_guessable || self.0.contains(&small) {
            return Err(Refusal::PasswordGuessable);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("vindskeiv sildeboks", false, Ok(()))]
    #[case("Grønn tåke over Forbordsfjellet", false, Ok(()))]
    #[case("sju små ord", false, Err(Refusal::PasswordTooShort))]
    #[case("ugrei-gnist", true, Ok(()))]
    #[case("ugrei", true, Err(Refusal::PasswordTooShort))]
    #[case("passordpassord1", false, Err(Refusal::PasswordGuessable))]
    #[case("aaaaaaaaaaaaaaaaaaaa", false, Err(Refusal::PasswordGuessable))]
    #[case("Stjørdal kommune 2026", false, Err(Refusal::PasswordGuessable))]
    #[case("KariNordmann2026!", false, Err(Refusal::PasswordGuessable))]
    #[case("qwertyuiopasdfgh", false, Err(Refusal::PasswordGuessable))]
    #[case("lekket på nettet i fjor", false, Err(Refusal::PasswordGuessable))]
    fn passwords_are_judged(
        #[case] password: &str,
        #[case] has_code: bool,
        #[case] judged: Result<(), Refusal>,
    ) {
        let list = BlockList::read("123456\nLekket på nettet i fjor\n");
        let about = ["kari", "Kari Nordmann", "Stjørdal"];
        assert_eq!(list.judge(password, &about, has_code), judged, "{password}");
    }

    #[test]
    fn a_very_long_password_is_refused_quickly() {
        let long = "å".repeat(PASSWORD_CHARACTERS_MAX + 1);
        assert_eq!(
            BlockList::default().judge(&long, &[], false),
            Err(Refusal::PasswordTooLong)
        );
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        assert_eq!(normal("A\u{30a}se på tur"), normal("Åse på tur"));
    }
}
