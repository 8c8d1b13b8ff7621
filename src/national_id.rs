//! The eleven-digit personal number, checked as the National Population Register checks it.

use std::fmt;

use jiff::civil::Date;

/// A person's number in the National Population Register ("fødselsnummer") or its stand-in ("D-nummer").
///
/// There is no `Display` and no serde: the digits leave only through [`NationalId::expose_digits`], so every
/// place that reveals them can be found. Neither age, century nor gender can be asked for: numbers issued from
/// 2032 do not carry them, so they are register fields of their own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NationalId {
    digits: String,
    kind: NationalIdKind,
    origin: Origin,
    born: DayOfBirth,
}

/// Who the number was issued to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NationalIdKind {
    /// A person who is or was registered as resident ("fødselsnummer").
    Ordinary,
    /// A person with a temporary stay ("D-nummer"): the day is raised by 40.
    DNumber,
}

/// Where the number comes from, told by what was added to its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The register itself: a living or dead person.
    Register,
    /// A synthetic person of the tax authority's test register ("Tenor"): month + 80.
    Tenor,
    /// A synthetic person of NAV, or a help number of the health services ("H-nummer"): month + 40.
    /// The two cannot be told apart, and neither identifies a person in a housing case.
    NavOrHealth,
    /// A synthetic person of the Norwegian Health Network ("NHN"): month + 65.
    HealthNetwork,
}

/// Which otherwise valid numbers an installation takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// Take numbers of synthetic persons: tests and demonstrations.
    pub synthetic: bool,
    /// Take numbers of real persons: production.
    pub real: bool,
    /// Take the first check digits that are issued from 2032-01-01. They quadruple what passes, and so weaken
    /// the protection against typing errors; hence off until then.
    pub series_2032: bool,
}

/// Why a text is not taken as a national id. Never carries the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NationalIdFault {
    /// Something else than eleven digits.
    #[error("a national id has exactly eleven digits")]
    NotElevenDigits,
    /// The first six digits are no day of any calendar.
    #[error("the first six digits are not a date")]
    NoSuchDate,
    /// The last two digits do not follow from the others: most likely a typing error.
    #[error("the check digits do not fit")]
    CheckDigits,
    /// Valid only under the rule for numbers issued from 2032, which is not switched on here.
    #[error("numbers of the 2032 series are not accepted")]
    Series2032Refused,
    /// A synthetic person's number where only real persons are registered.
    #[error("numbers of synthetic persons are not accepted")]
    SyntheticRefused,
    /// A real person's number where only synthetic persons may be registered.
    #[error("numbers of real persons are not accepted")]
    RealRefused,
}

impl NationalIdFault {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotElevenDigits => "national_id_not_eleven_digits",
            Self::NoSuchDate => "national_id_no_such_date",
            Self::CheckDigits => "national_id_check_digits",
            Self::Series2032Refused => "national_id_series_2032_refused",
            Self::SyntheticRefused => "national_id_synthetic_refused",
            Self::RealRefused => "national_id_real_refused",
        }
    }
}

impl NationalId {
    /// Reads a number, and refuses those that this installation does not take.
    pub fn parse(text: &str, acceptance: Acceptance) -> Result<Self, NationalIdFault> {
        let digits = digits_of(text).ok_or(NationalIdFault::NotElevenDigits)?;
        let (kind, origin, born) = unmask(digits);
        if !born.is_a_date() {
            return Err(NationalIdFault::NoSuchDate);
        }
        match (
            rest(&FIRST_WEIGHTS, &digits),
            rest(&SECOND_WEIGHTS, &digits),
        ) {
            (0, 0) => {}
            (1..=3, 0) if acceptance.series_2032 => {}
            (1..=3, 0) => return Err(NationalIdFault::Series2032Refused),
            _ => return Err(NationalIdFault::CheckDigits),
        }
        match (origin, acceptance) {
            (Origin::Register, Acceptance { real: false, .. }) => Err(NationalIdFault::RealRefused),
            (
                Origin::Tenor | Origin::NavOrHealth | Origin::HealthNetwork,
                Acceptance {
                    synthetic: false, ..
                },
            ) => Err(NationalIdFault::SyntheticRefused),
            _ => Ok(Self {
                digits: text.to_owned(),
                kind,
                origin,
                born,
            }),
        }
    }

    /// The synthetic person number `serial` among those born on a day, as the test register numbers them.
    ///
    /// None when the day's serials are used up, when the register has no numbers for the year, and for about
    /// one serial in six, whose check digit would have two figures.
    #[must_use]
    pub fn synthetic(birth: Date, serial: u16) -> Option<Self> {
        let individual = individual_number(birth.year(), serial)?;
        let year = birth.year().rem_euclid(100);
        let nine = format!(
            "{:02}{:02}{year:02}{individual:03}",
            birth.day(),
            birth.month() + 80
        );
        let ten = format!("{nine}{}", check_digit(&FIRST_WEIGHTS, &nine)?);
        let digits = format!("{ten}{}", check_digit(&SECOND_WEIGHTS, &ten)?);
        Self::parse(
            &digits,
            Acceptance {
                synthetic: true,
                real: false,
                series_2032: false,
            },
        )
        .ok()
    }

    /// The eleven digits: to be sealed, indexed or shown to someone who may see them, and never logged.
    #[must_use]
    pub fn expose_digits(&self) -> &str {
        &self.digits
    }

    /// Who the number was issued to.
    #[must_use]
    pub const fn kind(&self) -> NationalIdKind {
        self.kind
    }

    /// Where the number comes from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether day, month and the year's last two digits are those of a birth date: a hint that number and
    /// registered date were mixed up. The century stays unknown.
    #[must_use]
    pub fn is_of_birth(&self, birth: Date) -> bool {
        let DayOfBirth { day, month, year } = self.born;
        (i16::from(day), i16::from(month), i16::from(year))
            == (
                birth.day().into(),
                birth.month().into(),
                birth.year().rem_euclid(100),
            )
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId(redacted)")
    }
}

// The weights of the two check digits (the Tax Administration's rule for numbers until and from 2032), each with
// a closing 1 for the check digit itself: the weighted sum of a legacy number is divisible by 11 under both, and
// numbers issued from 2032 may leave a rest of 1, 2 or 3 under the first.
const FIRST_WEIGHTS: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND_WEIGHTS: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

fn rest(weights: &[u32], digits: &[u8]) -> u32 {
    weights
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * u32::from(*digit))
        .sum::<u32>()
        % 11
}

/// The digit that makes the weighted sum divisible by 11, if one digit can.
fn check_digit(weights: &[u32], prefix: &str) -> Option<u32> {
    let digits: Vec<u8> = prefix.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
    let digit = (11 - rest(weights, &digits)) % 11;
    (digit < 10).then_some(digit)
}

fn digits_of(text: &str) -> Option<[u8; 11]> {
    let digits = <[u8; 11]>::try_from(text.as_bytes())
        .ok()?
        .map(|byte| byte.wrapping_sub(b'0'));
    digits.iter().all(|digit| *digit < 10).then_some(digits)
}

/// The birth date as the number writes it once nothing is added to day and month.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct DayOfBirth {
    day: u8,
    month: u8,
    year: u8,
}

impl DayOfBirth {
    /// The century is unknown, so 29 February stands whenever the two-digit year is divisible by four: the
    /// register's own rule, which lets the 29th of February 1900 pass.
    fn is_a_date(&self) -> bool {
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if self.year.is_multiple_of(4) => 29,
            2 => 28,
            _ => 0,
        };
        (1..=days).contains(&self.day)
    }
}

fn unmask(digits: [u8; 11]) -> (NationalIdKind, Origin, DayOfBirth) {
    let [d1, d2, m1, m2, y1, y2, ..] = digits;
    let (kind, day) = match d1 * 10 + d2 {
        raised @ 41..=71 => (NationalIdKind::DNumber, raised - 40),
        day => (NationalIdKind::Ordinary, day),
    };
    let (origin, month) = match m1 * 10 + m2 {
        raised @ 81..=92 => (Origin::Tenor, raised - 80),
        raised @ 66..=77 => (Origin::HealthNetwork, raised - 65),
        raised @ 41..=52 => (Origin::NavOrHealth, raised - 40),
        month => (Origin::Register, month),
    };
    (
        kind,
        origin,
        DayOfBirth {
            day,
            month,
            year: y1 * 10 + y2,
        },
    )
}

/// The individual number for a serial, from the ranges that the register used for each century before 2032.
fn individual_number(birth_year: i16, serial: u16) -> Option<u16> {
    let mut ranges = match birth_year {
        1854..=1899 => [500..750, 0..0],
        1900..=1939 => [0..500, 0..0],
        1940..=1999 => [0..500, 900..1000],
        2000..=2039 => [500..1000, 0..0],
        _ => return None,
    }
    .into_iter()
    .flatten();
    ranges.nth(serial.into())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const EVERYTHING: Acceptance = Acceptance {
        synthetic: true,
        real: true,
        series_2032: true,
    };
    const LEGACY: Acceptance = Acceptance {
        synthetic: true,
        real: true,
        series_2032: false,
    };
    const PRODUCTION: Acceptance = Acceptance {
        synthetic: false,
        real: true,
        series_2032: false,
    };
    const DEMO: Acceptance = Acceptance {
        synthetic: true,
        real: false,
        series_2032: false,
    };

    #[rstest]
    #[case("02013299997", NationalIdKind::Ordinary, Origin::Register)]
    #[case("30108299920", NationalIdKind::Ordinary, Origin::Register)]
    #[case("10915596784", NationalIdKind::Ordinary, Origin::Tenor)]
    #[case("13527248013", NationalIdKind::Ordinary, Origin::NavOrHealth)]
    #[case("68467038838", NationalIdKind::DNumber, Origin::NavOrHealth)]
    fn a_number_of_the_legacy_series_is_told_by_its_offsets(
        #[case] digits: &str,
        #[case] kind: NationalIdKind,
        #[case] origin: Origin,
    ) {
        let id = NationalId::parse(digits, LEGACY).unwrap();
        assert_eq!(
            (id.kind(), id.origin(), id.expose_digits()),
            (kind, origin, digits)
        );
    }

    #[rstest]
    #[case("30108299939")]
    #[case("02013299903")]
    fn a_number_of_the_2032_series_passes_only_where_that_series_is_switched_on(
        #[case] digits: &str,
    ) {
        assert!(NationalId::parse(digits, EVERYTHING).is_ok());
        assert_eq!(
            NationalId::parse(digits, LEGACY),
            Err(NationalIdFault::Series2032Refused)
        );
    }

    #[rstest]
    #[case("", NationalIdFault::NotElevenDigits)]
    #[case("0201329999", NationalIdFault::NotElevenDigits)]
    #[case("020132 9999", NationalIdFault::NotElevenDigits)]
    #[case("020132999970", NationalIdFault::NotElevenDigits)]
    #[case("٠٢٠١٣", NationalIdFault::NotElevenDigits)]
    #[case("00000000000", NationalIdFault::NoSuchDate)]
    #[case("31043299997", NationalIdFault::NoSuchDate)]
    #[case("02133299997", NationalIdFault::NoSuchDate)]
    #[case("40013299997", NationalIdFault::NoSuchDate)]
    #[case("72013299997", NationalIdFault::NoSuchDate)]
    #[case("02013299998", NationalIdFault::CheckDigits)]
    #[case("02013299987", NationalIdFault::CheckDigits)]
    fn a_text_that_is_no_number_is_refused(#[case] text: &str, #[case] fault: NationalIdFault) {
        assert_eq!(NationalId::parse(text, EVERYTHING), Err(fault));
    }

    #[rstest]
    #[case(0, true)]
    #[case(4, true)]
    #[case(96, true)]
    #[case(1, false)]
    #[case(98, false)]
    fn the_29th_of_february_stands_in_every_fourth_year(#[case] year: u8, #[case] is: bool) {
        assert_eq!(
            DayOfBirth {
                day: 29,
                month: 2,
                year
            }
            .is_a_date(),
            is
        );
    }

    #[test]
    fn production_refuses_synthetic_persons_and_a_demonstration_real_ones() {
        for synthetic in ["10915596784", "13527248013", "68467038838"] {
            let refused = NationalId::parse(synthetic, PRODUCTION);
            assert_eq!(refused, Err(NationalIdFault::SyntheticRefused));
            assert!(NationalId::parse(synthetic, DEMO).is_ok());
        }
        assert!(NationalId::parse("02013299997", PRODUCTION).is_ok());
        assert_eq!(
            NationalId::parse("02013299997", DEMO),
            Err(NationalIdFault::RealRefused)
        );
    }

    #[test]
    fn debug_never_shows_the_digits() {
        let id = NationalId::parse("10915596784", DEMO).unwrap();
        assert_eq!(format!("{id:?}"), "NationalId(redacted)");
    }

    #[test]
    fn a_day_has_as_many_synthetic_persons_as_the_register_has_numbers() {
        let count = |birth| {
            let ids = (0..=u16::MAX).filter_map(|serial| NationalId::synthetic(birth, serial));
            let digits: Vec<String> = ids.map(|id| id.expose_digits().to_owned()).collect();
            let distinct: std::collections::BTreeSet<&String> = digits.iter().collect();
            assert_eq!(distinct.len(), digits.len());
            digits.len()
        };
        assert!((180..=250).contains(&count(date(1899, 5, 17))));
        assert!((380..=500).contains(&count(date(1939, 5, 17))));
        assert!((460..=600).contains(&count(date(1985, 5, 17))));
        assert!((380..=500).contains(&count(date(2019, 5, 17))));
        assert_eq!(count(date(1853, 5, 17)), 0);
        assert_eq!(count(date(2040, 5, 17)), 0);
    }

    prop_compose! {
        fn a_birth()(year in 1854_i16..2040, day in 1_i16..=365) -> Date {
            date(year, 1, 1).with().day_of_year(day).build().unwrap()
        }
    }

    prop_compose! {
        fn a_synthetic_person()(birth in a_birth(), serial in 0_u16..200)
            -> (Date, Option<NationalId>) {
            (birth, NationalId::synthetic(birth, serial))
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9]{11}") {
            for acceptance in [EVERYTHING, LEGACY, PRODUCTION, DEMO] {
                let _ = NationalId::parse(&text, acceptance);
                let _ = NationalId::parse(&digits, acceptance);
            }
        }

        #[test]
        fn a_synthetic_person_is_of_their_birth_date((birth, id) in a_synthetic_person()) {
            prop_assume!(id.is_some());
            let id = id.unwrap();
            prop_assert_eq!(id.origin(), Origin::Tenor);
            prop_assert!(id.is_of_birth(birth));
            prop_assert!(!id.is_of_birth(birth.tomorrow().unwrap()));
        }

        // The second check digit alone sees to this, in both series: no weight, and no difference between
        // neighbouring weights, is divisible by eleven.
        #[test]
        fn one_wrong_digit_and_two_swapped_digits_are_always_refused(
            (_, id) in a_synthetic_person(), at in 0_usize..11, other in 0_u8..10,
        ) {
            prop_assume!(id.is_some());
            let right = id.unwrap().expose_digits().as_bytes().to_vec();
            let mut wrong = right.clone();
            wrong[at] = b'0' + other;
            let mut swapped = right.clone();
            swapped.swap(at, (at + 1).min(10));
            for text in [wrong, swapped].into_iter().filter(|text| *text != right) {
                let text = String::from_utf8(text).unwrap();
                prop_assert!(NationalId::parse(&text, EVERYTHING).is_err());
            }
        }
    }
}
