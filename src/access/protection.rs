//! How well an address is protected, and the only wrapping in which something that locates a household goes about.

use std::fmt;

use crate::codes;

codes! {
    /// How well a person's address is protected in the population register ("adressebeskyttelse").
    ///
    /// Folkeregisteret knows three grades and, apart from them, an address that itself reveals
    /// refugee or health status.
    pub enum AddressProtection {
        /// Not protected ("ugradert").
        Ungraded = "UNGRADED",
        /// The address itself reveals status ("klientadresse").
        ClientAddress = "CLIENT_ADDRESS",
        /// "Fortrolig", formerly code 7.
        Confidential = "CONFIDENTIAL",
        /// "Strengt fortrolig", formerly code 6.
        StrictlyConfidential = "STRICTLY_CONFIDENTIAL",
    }
}

impl AddressProtection {
    /// Whether anything that locates this person must be absent for those without clearance.
    #[must_use]
    pub const fn is_protected(self) -> bool {
        !matches!(self, Self::Ungraded)
    }
}

codes! {
    /// Up to which grade an employee may know where somebody is ("klarering"). Nobody has one who was not given it.
    pub enum Clearance {
        /// Addresses that reveal status.
        ClientAddress = "CLIENT_ADDRESS",
        /// "Fortrolig" too.
        Confidential = "CONFIDENTIAL",
        /// "Strengt fortrolig" too.
        StrictlyConfidential = "STRICTLY_CONFIDENTIAL",
    }
}

/// What somebody may know of where people are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locating {
    /// The service itself, which sends letters and keeps homes free.
    Everybody,
    /// People up to this grade, where one is given; those without protection always.
    UpTo(Option<Clearance>),
}

impl Locating {
    /// Whether people of this grade may be located.
    #[must_use]
    pub fn reaches(self, grade: AddressProtection) -> bool {
        let up_to = match self {
            Self::Everybody => return true,
            Self::UpTo(None) => AddressProtection::Ungraded,
            Self::UpTo(Some(Clearance::ClientAddress)) => AddressProtection::ClientAddress,
            Self::UpTo(Some(Clearance::Confidential)) => AddressProtection::Confidential,
            Self::UpTo(Some(Clearance::StrictlyConfidential)) => {
                AddressProtection::StrictlyConfidential
            }
        };
        grade <= up_to
    }

    /// The grades of those who may be located.
    #[must_use]
    pub fn grades(self) -> Vec<AddressProtection> {
        let mut grades = AddressProtection::ALL.to_vec();
        grades.retain(|grade| self.reaches(*grade));
        grades
    }

    /// The grades of those who may not be located.
    #[must_use]
    pub fn grades_beyond(self) -> Vec<AddressProtection> {
        let mut beyond = AddressProtection::ALL.to_vec();
        beyond.retain(|grade| !self.reaches(*grade));
        beyond
    }
}

/// Something that tells where somebody is: an address, a home, a telephone number, the office that handles the case.
///
/// It cannot be serialised or printed. Only [`shown_to`](Self::shown_to) unwraps it for an answer, and what is protected beyond the
/// reader's clearance is then absent: not masked, not null.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Located<T> {
    grade: AddressProtection,
    what: T,
}

impl<T> Located<T> {
    /// What locates somebody whose address is protected so.
    #[must_use]
    pub const fn new(grade: AddressProtection, what: T) -> Self {
        Self { grade, what }
    }

    /// What may be shown to somebody.
    #[must_use]
    pub fn shown_to(self, reader: Locating) -> Option<T> {
        reader.reaches(self.grade).then_some(self.what)
    }
}

impl<T> fmt::Debug for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Located(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_locates_is_shown_up_to_the_clearance_and_never_printed() {
        use AddressProtection::{ClientAddress, Confidential, StrictlyConfidential, Ungraded};
        let shown = |reader: Locating| -> Vec<AddressProtection> {
            let at = |grade: &AddressProtection| Located::new(*grade, *grade).shown_to(reader);
            AddressProtection::ALL.iter().filter_map(at).collect()
        };
        assert_eq!(shown(Locating::UpTo(None)), [Ungraded]);
        let confidential = Locating::UpTo(Some(Clearance::Confidential));
        assert_eq!(shown(confidential), [Ungraded, ClientAddress, Confidential]);
        assert_eq!(confidential.grades(), shown(confidential));
        let strict = Locating::UpTo(Some(Clearance::StrictlyConfidential));
        assert_eq!(shown(strict), shown(Locating::Everybody));
        assert_eq!(shown(strict).last(), Some(&StrictlyConfidential));
        let street = Located::new(Ungraded, "Granittveien 17");
        assert_eq!(format!("{street:?}"), "Located(redacted)");
    }
}
