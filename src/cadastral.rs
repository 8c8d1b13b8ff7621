//! Where a home is, in the cadastre's own terms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A municipality's four-digit number ("kommunenummer"). Whether it is in force on a day is for the
/// code list to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityNumber(u16);

/// A four-digit postal code ("postnummer").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PostalCode(u16);

/// A unit of the cadastre ("matrikkelnummer"): municipality, farm ("gårdsnummer"), title
/// ("bruksnummer"), and where there is one, lease of the ground ("festenummer") and owned section
/// ("seksjonsnummer").
///
/// Written `5035-83/122`, `5035-83/122/4` or `5035-83/122/0/3`: trailing numbers that are 0 are
/// left out, so that one unit is written in one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CadastralId {
    municipality: MunicipalityNumber,
    farm: u32,
    title: u32,
    lease: u32,
    section: u32,
}

/// A dwelling unit within a building ("bruksenhetsnummer"), such as `H0201`: floor plan, floor of
/// the entrance, and the unit counted from the left. In a block the address is not unique without
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitNumber {
    plan: FloorPlan,
    floor: u8,
    unit: u8,
}

/// The kind of floor a dwelling unit's number counts in ("etasjeplan").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FloorPlan {
    /// A main floor ("hovedetasje").
    Main,
    /// A floor partly below ground ("underetasje").
    Lower,
    /// An attic ("loft").
    Attic,
    /// A basement ("kjeller").
    Basement,
}

/// Why a text does not name a place in the cadastre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CadastralFault {
    /// A municipality's number is something else than four digits, or 0000.
    #[error("a municipality's number has four digits and is not 0000")]
    MunicipalityNumber,
    /// A postal code is something else than four digits, or 0000.
    #[error("a postal code has four digits and is not 0000")]
    PostalCode,
    /// Not written as municipality-farm/title, with lease and section after it where there are any.
    #[error("a cadastral unit is written as 5035-83/122, with /lease/section where there are any")]
    Shape,
    /// The farm's number is out of bounds.
    #[error("the farm's number (gårdsnummer) is between 1 and 99999")]
    Farm,
    /// The title's number is out of bounds.
    #[error("the title's number (bruksnummer) is between 1 and 9999")]
    Title,
    /// The lease's number is out of bounds.
    #[error("the lease's number (festenummer) is between 0 and 9999")]
    Lease,
    /// The section's number is out of bounds.
    #[error("the section's number (seksjonsnummer) is between 0 and 999")]
    Section,
    /// A dwelling unit's number is something else than H, U, L or K and four digits.
    #[error("a dwelling unit's number is H, U, L or K and four digits")]
    UnitNumber,
}

impl CadastralFault {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MunicipalityNumber => "municipality_number",
            Self::PostalCode => "postal_code",
            Self::Shape => "cadastral_shape",
            Self::Farm => "cadastral_farm",
            Self::Title => "cadastral_title",
            Self::Lease => "cadastral_lease",
            Self::Section => "cadastral_section",
            Self::UnitNumber => "unit_number",
        }
    }
}

impl CadastralId {
    /// The municipality that the unit lies in.
    #[must_use]
    pub const fn municipality(self) -> MunicipalityNumber {
        self.municipality
    }
}

impl UnitNumber {
    /// The kind of floor.
    #[must_use]
    pub const fn plan(self) -> FloorPlan {
        self.plan
    }

    /// The floor of the entrance, counted within its kind.
    #[must_use]
    pub const fn floor(self) -> u8 {
        self.floor
    }
}

impl FloorPlan {
    /// The letter that begins a unit's number.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Main => 'H',
            Self::Lower => 'U',
            Self::Attic => 'L',
            Self::Basement => 'K',
        }
    }
}

/// A number of four digits, of which the leading zeroes belong to it.
macro_rules! four_digits {
    ($($noun:ident),+) => {$(
        impl FromStr for $noun {
            type Err = CadastralFault;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                find_four_digits(text).map(Self).ok_or(CadastralFault::$noun)
            }
        }

        impl fmt::Display for $noun {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:04}", self.0)
            }
        }
    )+};
}

four_digits!(MunicipalityNumber, PostalCode);

impl FromStr for CadastralId {
    type Err = CadastralFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (municipality, numbers) = text.split_once('-').ok_or(CadastralFault::Shape)?;
        let mut numbers = numbers.split('/');
        let mut next = |max, fault| match numbers.next() {
            Some(text) => find_number(text, max).ok_or(fault),
            None => Ok(0),
        };
        let unit = Self {
            municipality: municipality.parse()?,
            farm: next(99_999, CadastralFault::Farm)?,
            title: next(9_999, CadastralFault::Title)?,
            lease: next(9_999, CadastralFault::Lease)?,
            section: next(999, CadastralFault::Section)?,
        };
        if numbers.next().is_some() {
            return Err(CadastralFault::Shape);
        }
        match unit {
            Self { farm: 0, .. } => Err(CadastralFault::Farm),
            Self { title: 0, .. } => Err(CadastralFault::Title),
            unit => Ok(unit),
        }
    }
}

impl fmt::Display for CadastralId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            municipality,
            farm,
            title,
            lease,
            section,
        } = self;
        write!(f, "{municipality}-{farm}/{title}")?;
        match (lease, section) {
            (0, 0) => Ok(()),
            (lease, 0) => write!(f, "/{lease}"),
            (lease, section) => write!(f, "/{lease}/{section}"),
        }
    }
}

impl FromStr for UnitNumber {
    type Err = CadastralFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        find_unit(text).ok_or(CadastralFault::UnitNumber)
    }
}

impl fmt::Display for UnitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}{:02}", self.plan.letter(), self.floor, self.unit)
    }
}

/// Lets serde read and write a noun as its text.
macro_rules! as_text {
    ($($noun:ident),+) => {$(
        impl TryFrom<String> for $noun {
            type Error = CadastralFault;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$noun> for String {
            fn from(noun: $noun) -> Self {
                noun.to_string()
            }
        }
    )+};
}

as_text!(MunicipalityNumber, PostalCode, CadastralId, UnitNumber);

/// `str::parse` would also take a sign, hence the look at every byte.
fn find_number(text: &str, max: u32) -> Option<u32> {
    let digits = text.len() <= max.to_string().len() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number <= max)
}

fn find_four_digits(text: &str) -> Option<u16> {
    let number = find_number(text, 9_999).filter(|number| text.len() == 4 && *number > 0)?;
    u16::try_from(number).ok()
}

fn find_unit(text: &str) -> Option<UnitNumber> {
    let [letter, numbers @ ..] = <[u8; 5]>::try_from(text.as_bytes()).ok()?;
    let plan = match letter {
        b'H' => FloorPlan::Main,
        b'U' => FloorPlan::Lower,
        b'L' => FloorPlan::Attic,
        b'K' => FloorPlan::Basement,
        _ => return None,
    };
    let [f1, f2, u1, u2] = numbers.map(|byte| byte.wrapping_sub(b'0'));
    [f1, f2, u1, u2]
        .iter()
        .all(|digit| *digit < 10)
        .then_some(())?;
    Some(UnitNumber {
        plan,
        floor: f1 * 10 + f2,
        unit: u1 * 10 + u2,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("5035-83/122", "5035-83/122")]
    #[case("5035-83/122/0", "5035-83/122")]
    #[case("5035-83/122/0/0", "5035-83/122")]
    #[case("5035-83/122/4", "5035-83/122/4")]
    #[case("5035-83/122/4/0", "5035-83/122/4")]
    #[case("5035-83/122/0/3", "5035-83/122/0/3")]
    #[case("0301-00207/0001", "0301-207/1")]
    #[case("5035-99999/9999/9999/999", "5035-99999/9999/9999/999")]
    fn a_cadastral_unit_is_written_in_one_way_only(#[case] text: &str, #[case] canonical: &str) {
        assert_eq!(text.parse::<CadastralId>().unwrap().to_string(), canonical);
    }

    #[rstest]
    #[case("", CadastralFault::Shape)]
    #[case("503583/122", CadastralFault::Shape)]
    #[case("5035-83/122/0/3/1", CadastralFault::Shape)]
    #[case("535-83/122", CadastralFault::MunicipalityNumber)]
    #[case("0000-83/122", CadastralFault::MunicipalityNumber)]
    #[case("5035-", CadastralFault::Farm)]
    #[case("5035-0/122", CadastralFault::Farm)]
    #[case("5035-+83/122", CadastralFault::Farm)]
    #[case("5035-100000/122", CadastralFault::Farm)]
    #[case("5035-83", CadastralFault::Title)]
    #[case("5035-83/0", CadastralFault::Title)]
    #[case("5035-83/10000", CadastralFault::Title)]
    #[case("5035-83/122/", CadastralFault::Lease)]
    #[case("5035-83/122/10000", CadastralFault::Lease)]
    #[case("5035-83/122/0/1000", CadastralFault::Section)]
    #[case("5035-83/122/0/-1", CadastralFault::Section)]
    fn a_text_that_is_no_cadastral_unit_is_refused(
        #[case] text: &str,
        #[case] fault: CadastralFault,
    ) {
        assert_eq!(text.parse::<CadastralId>(), Err(fault));
    }

    #[rstest]
    #[case("H0101", FloorPlan::Main, 1)]
    #[case("U0102", FloorPlan::Lower, 1)]
    #[case("L0203", FloorPlan::Attic, 2)]
    #[case("K1299", FloorPlan::Basement, 12)]
    fn a_dwelling_unit_tells_its_floor(
        #[case] text: &str,
        #[case] plan: FloorPlan,
        #[case] floor: u8,
    ) {
        let unit: UnitNumber = text.parse().unwrap();
        assert_eq!(
            (unit.plan(), unit.floor(), unit.to_string().as_str()),
            (plan, floor, text)
        );
    }

    #[rstest]
    #[case("")]
    #[case("h0101")]
    #[case("X0101")]
    #[case("H101")]
    #[case("H01010")]
    #[case("H+101")]
    #[case("H01 1")]
    #[case("Hø01")]
    fn a_text_that_is_no_dwelling_unit_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<UnitNumber>(), Err(CadastralFault::UnitNumber));
    }

    #[rstest]
    #[case("7500", true)]
    #[case("0010", true)]
    #[case("0000", false)]
    #[case("750", false)]
    #[case("07500", false)]
    #[case("+750", false)]
    #[case("75 0", false)]
    fn four_digits_keep_their_leading_zeroes(#[case] text: &str, #[case] is: bool) {
        let code = text.parse::<PostalCode>().map(|code| code.to_string());
        assert_eq!(
            code,
            if is {
                Ok(text.to_owned())
            } else {
                Err(CadastralFault::PostalCode)
            }
        );
        let number = text
            .parse::<MunicipalityNumber>()
            .map(|number| number.to_string());
        assert_eq!(number.ok(), is.then(|| text.to_owned()));
    }

    #[test]
    fn json_is_the_text_and_a_refusal_does_not_echo_it() {
        let unit: CadastralId = serde_json::from_str("\"5035-83/122/0/3\"").unwrap();
        assert_eq!(unit.municipality().to_string(), "5035");
        assert_eq!(serde_json::to_string(&unit).unwrap(), "\"5035-83/122/0/3\"");
        let refused = serde_json::from_str::<UnitNumber>("\"canary\"").unwrap_err();
        assert!(!refused.to_string().contains("canary"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "[HULK0-9/+-]{0,24}") {
            for text in [text, near] {
                let _ = text.parse::<CadastralId>();
                let _ = text.parse::<UnitNumber>();
                let _ = text.parse::<PostalCode>();
            }
        }

        #[test]
        fn what_is_written_is_read_again(
            text in "[1-9][0-9]{3}-[1-9][0-9]{0,4}/[1-9][0-9]{0,3}(/[0-9]{1,4}(/[0-9]{1,3})?)?",
        ) {
            let unit: CadastralId = text.parse().unwrap();
            prop_assert_eq!(unit.to_string().parse::<CadastralId>(), Ok(unit));
        }
    }
}
