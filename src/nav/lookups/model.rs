//! For what NAV asks, and what it is answered.

use crate::codes;

codes! {
    /// For what NAV asks; each has its legal basis and its minimum of an answer.
    pub enum Question {
        /// To follow up somebody whose home NAV helps to find (sosialtjenesteloven § 15).
        FindingHome = "FINDING_HOME",
        /// To decide on temporary accommodation (sosialtjenesteloven § 27).
        TemporaryAccommodation = "TEMPORARY_ACCOMMODATION",
        /// To decide on financial assistance: whether there is a municipal home (sosialtjenesteloven §§ 18 and 43).
        FinancialAssistance = "FINANCIAL_ASSISTANCE",
    }
}

codes! {
    /// How somebody lives, as form 11F of KOSTRA counts it: the codes of `BOSIT` ("bosituasjon").
    pub enum HousingCode {
        /// "Leid privat bolig".
        RentedPrivate = "1",
        /// "Leid kommunal bolig".
        RentedMunicipal = "2",
        /// "Eid bolig".
        Owned = "3",
        /// "Uten bolig".
        Homeless = "4",
        /// "Annet".
        Other = "5",
        /// "Institusjon".
        Institution = "6",
    }
}

/// What is answered to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) open_case: bool,
    pub(super) decision: bool,
    pub(super) home: bool,
}

impl Question {
    /// What may be answered: no more than the question needs.
    pub(super) const fn answers(self) -> Answers {
        match self {
            Self::FindingHome => Answers {
                open_case: true,
                decision: true,
                home: true,
            },
            Self::TemporaryAccommodation => Answers {
                open_case: true,
                decision: false,
                home: true,
            },
            Self::FinancialAssistance => Answers {
                open_case: false,
                decision: false,
                home: true,
            },
        }
    }

    /// The legal basis on which it is asked.
    pub(super) const fn basis(self) -> &'static str {
        match self {
            Self::FindingHome => "sosialtjenesteloven § 15",
            Self::TemporaryAccommodation => "sosialtjenesteloven § 27",
            Self::FinancialAssistance => "sosialtjenesteloven §§ 18 og 43",
        }
    }
}
