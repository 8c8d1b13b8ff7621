//! The eleven-digit personal number, checked as the National Population Register checks it.

use std::fmt;

use jiff::civil::Date;

/// A person's register number ("fødselsnummer"), or its temporary stand-in ("D-nummer").
///
/// There is no `Display` and no serde: the digits leave only through [`NationalId::expose_digits`],
/// so every place that reveals them can be found. Neither age, century nor gender can be asked for:
/// numbers issued from 2032 do not carry them, so they are register fields of their own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NationalId {
    digits: String,
    kind: NationalIdKind,
    origin: Origin,
    /// The birth date as the number writes it, read as if the century were 2000-2099.
    born: Date,
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
    /// Take check digits as issued from 2032-01-01. Four times as many pass, so typing errors are
    /// caught less often; hence off until then.
    pub series_2032: bool,
}

impl Acceptance {
    /// Production before 2032: real persons only.
    pub const REAL_PERSONS: Self = Self {
        synthetic: false,
        real: true,
        series_2032: false,
    };
    /// Tests and demonstrations: synthetic persons only.
    pub const SYNTHETIC_PERSONS: Self = Self {
        synthetic: true,
        real: false,
        series_2032: false,
    };
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
        let digits = find_digits(text).ok_or(NationalIdFault::NotElevenDigits)?;
        let (kind, origin, born) = unmask(digits).ok_or(NationalIdFault::NoSuchDate)?;
        let second = rest(&SECOND_WEIGHTS, &digits);
        match (rest(&FIRST_WEIGHTS, &digits), second) {
            (0, 0) => {}
            (1..=3, 0) if acceptance.series_2032 => {}
            (1..=3, 0) => return Err(NationalIdFault::Series2032Refused),
            _ => return Err(NationalIdFault::CheckDigits),
        }
        let (is_accepted, refusal) = match origin {
            Origin::Register => (acceptance.real, NationalIdFault::RealRefused),
            Origin::Tenor | Origin::NavOrHealth | Origin::HealthNetwork => {
                (acceptance.synthetic, NationalIdFault::SyntheticRefused)
            }
        };
        let digits = text.to_owned();
        let id = is_accepted.then_some(Self {
            digits,
            kind,
            origin,
            born,
        });
        id.ok_or(refusal)
    }

    /// Synthetic person number `serial` of those born on a day, as the test register has them.
    ///
    /// None when the day's serials are used up, when the register has no numbers for the year, and
    /// for about one serial in six, whose check digit would have two figures.
    #[must_use]
    pub fn synthetic(birth: Date, serial: u16) -> Option<Self> {
        let individual = find_individual_number(birth.year(), serial)?;
        let (day, month, year) = (birth.day(), birth.month() + 80, two_digits(birth.year()));
        let nine = format!("{day:02}{month:02}{year:02}{individual:03}");
        let ten = format!("{nine}{}", find_check_digit(&FIRST_WEIGHTS, &nine)?);
        let digits = format!("{ten}{}", find_check_digit(&SECOND_WEIGHTS, &ten)?);
        Self::parse(&digits, Acceptance::SYNTHETIC_PERSONS).ok()
    }

    /// The eleven digits: to be sealed, indexed or shown to who may see them, and never logged.
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

    /// Whether day, month and the year's last two digits are those of a birth date: a hint that
    /// number and registered date were mixed up. The century stays unknown.
    #[must_use]
    pub fn is_of_birth(&self, birth: Date) -> bool {
        let (day, month, year) = (birth.day(), birth.month(), two_digits(birth.year()));
        Date::new(2000 + year, month, day).is_ok_and(|date| date == self.born)
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId(redacted)")
    }
}

// The Tax Administration's weights, each with a closing 1 for the check digit itself. Both weighted
// sums of a legacy number are divisible by 11; of the first, a number issued from 2032 may leave a
// rest of 1, 2 or 3.
const FIRST_WEIGHTS: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND_WEIGHTS: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

fn rest(weights: &[u32], digits: &[u8]) -> u32 {
    let products = weights
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * u32::from(*digit));
    products.sum::<u32>() % 11
}

/// The digit that makes the weighted sum divisible by 11, if one digit can.
fn find_check_digit(weights: &[u32], prefix: &str) -> Option<u32> {
    let digits: Vec<u8> = prefix.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
    let digit = (11 - rest(weights, &digits)) % 11;
    (digit < 10).then_some(digit)
}

fn find_digits(text: &str) -> Option<[u8; 11]> {
    let bytes: [u8; 11] = text.as_bytes().try_into().ok()?;
    let digits = bytes.map(|byte| byte.wrapping_sub(b'0'));
    digits.iter().all(|digit| *digit < 10).then_some(digits)
}

/// Takes off what was added to day and month. None when no date is left.
fn unmask(digits: [u8; 11]) -> Option<(NationalIdKind, Origin, Date)> {
    let [d1, d2, m1, m2, y1, y2, ..] = digits.map(i8::try_from);
    let (kind, day) = match d1.ok()? * 10 + d2.ok()? {
        raised @ 41..=71 => (NationalIdKind::DNumber, raised - 40),
        day => (NationalIdKind::Ordinary, day),
    };
    let (origin, month) = match m1.ok()? * 10 + m2.ok()? {
        raised @ 81..=92 => (Origin::Tenor, raised - 80),
        raised @ 66..=77 => (Origin::HealthNetwork, raised - 65),
        raised @ 41..=52 => (Origin::NavOrHealth, raised - 40),
        month => (Origin::Register, month),
    };
    // The century is unknown, so the register lets 29 February stand in every year divisible by
    // four, 1900 too. Between 2000 and 2099 the calendar does the same.
    let born = Date::new(2000 + i16::from(y1.ok()? * 10 + y2.ok()?), month, day).ok()?;
    Some((kind, origin, born))
}

fn two_digits(year: i16) -> i16 {
    year.rem_euclid(100)
}

/// The individual number for a serial, from the register's ranges for each century before 2032.
fn find_individual_number(birth_year: i16, serial: u16) -> Option<u16> {
    let [first, second] = match birth_year {
        1854..=1899 => [500..750, 0..0],
        1900..=1939 => [0..500, 0..0],
        1940..=1999 => [0..500, 900..1000],
        2000..=2039 => [500..1000, 0..0],
        _ => return None,
    };
    first.chain(second).nth(serial.into())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const REAL: Acceptance = Acceptance::REAL_PERSONS;
    const SYNTHETIC: Acceptance = Acceptance::SYNTHETIC_PERSONS;
    const EVERYTHING: Acceptance = Acceptance {
        real: true,
        series_2032: true,
        ..SYNTHETIC
    };

    #[rstest]
    #[case("02013299997", NationalIdKind::Ordinary, Origin::Register)]
    #[case("30108299920", NationalIdKind::Ordinary, Origin::Register)]
    #[case("10915596784", NationalIdKind::Ordinary, Origin::Tenor)]
    #[case("13527248013", NationalIdKind::Ordinary, Origin::NavOrHealth)]
    #[case("68467038838", NationalIdKind::DNumber, Origin::NavOrHealth)]
    #[case("17700550060", NationalIdKind::Ordinary, Origin::HealthNetwork)]
    #[case("57920550020", NationalIdKind::DNumber, Origin::Tenor)]
    #[case("71770550011", NationalIdKind::DNumber, Origin::HealthNetwork)]
    fn kind_and_origin_are_told_by_what_was_added(
        #[case] digits: &str,
        #[case] kind: NationalIdKind,
        #[case] origin: Origin,
    ) {
        let id = NationalId::parse(digits, EVERYTHING).unwrap();
        let told = (id.kind(), id.origin(), id.expose_digits());
        assert_eq!(told, (kind, origin, digits));
    }

    #[rstest]
    #[case("30108299939")]
    #[case("02013299903")]
    fn a_number_of_the_2032_series_passes_only_where_that_series_is_switched_on(
        #[case] digits: &str,
    ) {
        assert!(NationalId::parse(digits, EVERYTHING).is_ok());
        let refused = NationalId::parse(digits, REAL);
        assert_eq!(refused, Err(NationalIdFault::Series2032Refused));
    }

    #[rstest]
    #[case("", NationalIdFault::NotElevenDigits)]
    #[case("0201329999", NationalIdFault::NotElevenDigits)]
    #[case("020132 9999", NationalIdFault::NotElevenDigits)]
    #[case("020132999970", NationalIdFault::NotElevenDigits)]
    #[case("٠٢٠١٣1", NationalIdFault::NotElevenDigits)]
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
    #[case("290200", true)]
    #[case("290204", true)]
    #[case("290296", true)]
    #[case("290201", false)]
    #[case("690298", false)]
    fn the_29th_of_february_stands_in_every_fourth_year(#[case] date: &str, #[case] is: bool) {
        let digits = find_digits(&format!("{date}00000")).unwrap();
        assert_eq!(unmask(digits).is_some(), is);
    }

    #[test]
    fn production_refuses_synthetic_persons_and_a_demonstration_real_ones() {
        for synthetic in ["10915596784", "13527248013", "68467038838"] {
            let refused = NationalId::parse(synthetic, REAL);
            assert_eq!(refused, Err(NationalIdFault::SyntheticRefused));
            assert!(NationalId::parse(synthetic, SYNTHETIC).is_ok());
        }
        assert!(NationalId::parse("02013299997", REAL).is_ok());
        let refused = NationalId::parse("02013299997", SYNTHETIC);
        assert_eq!(refused, Err(NationalIdFault::RealRefused));
    }

    #[test]
    fn debug_never_shows_the_digits() {
        let id = NationalId::parse("10915596784", SYNTHETIC).unwrap();
        assert_eq!(format!("{id:?}"), "NationalId(redacted)");
    }

    #[rstest]
    #[case(1853, 0..=0)]
    #[case(1899, 190..=230)]
    #[case(1939, 390..=440)]
    #[case(1985, 470..=530)]
    #[case(2019, 390..=440)]
    #[case(2040, 0..=0)]
    fn a_day_has_five_synthetic_persons_for_six_individual_numbers(
        #[case] year: i16,
        #[case] persons: std::ops::RangeInclusive<usize>,
    ) {
        let person = |serial| NationalId::synthetic(date(year, 5, 17), serial);
        let ids: Vec<NationalId> = (0..=u16::MAX).filter_map(person).collect();
        let distinct: std::collections::HashSet<&NationalId> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(persons.contains(&ids.len()), "{}", ids.len());
    }

    prop_compose! {
        fn a_synthetic_person()(year in 1854_i16..2040, day in 1_i16..=365, serial in 0_u16..200)
            -> (Date, NationalId) {
            let birth = date(year, 1, 1).with().day_of_year(day).build().unwrap();
            let mut ids = (serial..).filter_map(|serial| NationalId::synthetic(birth, serial));
            (birth, ids.next().unwrap())
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9]{11}") {
            for acceptance in [EVERYTHING, REAL, SYNTHETIC] {
                let _ = NationalId::parse(&text, acceptance);
                let _ = NationalId::parse(&digits, acceptance);
            }
        }

        #[test]
        fn a_synthetic_person_is_of_their_birth_date((birth, id) in a_synthetic_person()) {
            prop_assert_eq!(id.origin(), Origin::Tenor);
            prop_assert!(id.is_of_birth(birth));
            prop_assert!(!id.is_of_birth(birth.tomorrow().unwrap()));
        }

        // The second check digit alone sees to this, in both series: no weight, and no difference
        // between neighbouring weights, is divisible by eleven.
        #[test]
        fn one_wrong_digit_and_two_swapped_digits_are_always_refused(
            (_, id) in a_synthetic_person(), at in 0_usize..11, other in 0_u8..10,
        ) {
            let right = id.expose_digits().as_bytes().to_vec();
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
