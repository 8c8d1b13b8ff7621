//! The nine-digit number of an organisation, as the Brønnøysund registers issue it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a legal entity or one of its units ("organisasjonsnummer").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(u32);

/// Why a text is not an organisation number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationNumberFault {
    /// Something else than nine digits.
    #[error("an organisation number has exactly nine digits")]
    NotNineDigits,
    /// Organisation numbers begin with 8 or 9.
    #[error("an organisation number begins with 8 or 9")]
    FirstDigit,
    /// The last digit does not follow from the others: most likely a typing error.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// An identifier of another scheme than the Norwegian one.
    #[error("the identifier does not begin with 0192:")]
    OtherScheme,
}

impl OrganisationNumberFault {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotNineDigits => "organisation_number_not_nine_digits",
            Self::FirstDigit => "organisation_number_first_digit",
            Self::CheckDigit => "organisation_number_check_digit",
            Self::OtherScheme => "organisation_number_other_scheme",
        }
    }
}

impl OrganisationNumber {
    /// Reads the form in which Maskinporten's tokens name a consumer: ISO 6523, where the Norwegian
    /// register has the code 0192.
    pub fn from_iso6523(text: &str) -> Result<Self, OrganisationNumberFault> {
        text.strip_prefix("0192:")
            .ok_or(OrganisationNumberFault::OtherScheme)?
            .parse()
    }
}

// The register's weights, with a closing 1 for the check digit itself: the sum is divisible by 11.
const WEIGHTS: [u32; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];

impl FromStr for OrganisationNumber {
    type Err = OrganisationNumberFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || OrganisationNumberFault::NotNineDigits;
        let digits = <[u8; 9]>::try_from(text.as_bytes())
            .map_err(|_| shape())?
            .map(|byte| u32::from(byte.wrapping_sub(b'0')));
        if digits.iter().any(|digit| *digit > 9) {
            return Err(shape());
        }
        let [8 | 9, ..] = digits else {
            return Err(OrganisationNumberFault::FirstDigit);
        };
        let sum: u32 = WEIGHTS
            .iter()
            .zip(digits)
            .map(|(weight, digit)| weight * digit)
            .sum();
        if !sum.is_multiple_of(11) {
            return Err(OrganisationNumberFault::CheckDigit);
        }
        Ok(Self(
            digits.iter().fold(0, |number, digit| number * 10 + digit),
        ))
    }
}

impl TryFrom<String> for OrganisationNumber {
    type Error = OrganisationNumberFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OrganisationNumber> for String {
    fn from(number: OrganisationNumber) -> Self {
        number.to_string()
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("991825827")]
    #[case("889640782")]
    #[case("974760673")]
    fn a_registered_number_is_read_and_written_alike(#[case] text: &str) {
        let number: OrganisationNumber = text.parse().unwrap();
        assert_eq!(number.to_string(), text);
        assert_eq!(
            OrganisationNumber::from_iso6523(&format!("0192:{text}")),
            Ok(number)
        );
        let json = serde_json::to_string(&number).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<OrganisationNumber>(&json).unwrap(),
            number
        );
    }

    #[rstest]
    #[case("", OrganisationNumberFault::NotNineDigits)]
    #[case("99182582", OrganisationNumberFault::NotNineDigits)]
    #[case("9918258270", OrganisationNumberFault::NotNineDigits)]
    #[case("99182582x", OrganisationNumberFault::NotNineDigits)]
    #[case("191825827", OrganisationNumberFault::FirstDigit)]
    #[case("939851735", OrganisationNumberFault::CheckDigit)]
    fn a_text_that_is_no_number_is_refused(
        #[case] text: &str,
        #[case] fault: OrganisationNumberFault,
    ) {
        assert_eq!(text.parse::<OrganisationNumber>(), Err(fault));
    }

    #[rstest]
    #[case("991825827")]
    #[case("0193:991825827")]
    #[case("0192991825827")]
    fn an_identifier_of_another_scheme_is_refused(#[case] text: &str) {
        let refused = OrganisationNumber::from_iso6523(text);
        assert_eq!(refused, Err(OrganisationNumberFault::OtherScheme));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = text.parse::<OrganisationNumber>();
            let _ = OrganisationNumber::from_iso6523(&text);
        }

        #[test]
        fn one_wrong_digit_is_always_refused(at in 0_usize..9, other in 0_u8..10) {
            let right = b"991825827";
            let mut wrong = *right;
            wrong[at] = b'0' + other;
            prop_assume!(wrong != *right);
            let text = String::from_utf8(wrong.to_vec()).unwrap();
            prop_assert!(text.parse::<OrganisationNumber>().is_err());
        }
    }
}
