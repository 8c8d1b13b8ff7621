//! The nouns of people and households.

use crate::codes;

codes! {
    /// How well a person's address is protected in the population register ("adressebeskyttelse").
    ///
    /// Folkeregisteret knows three grades and, apart from them, an address that itself reveals refugee or health status.
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
    /// What a member is in the household ("rolle i husstanden").
    pub enum MemberRole {
        /// The one who applies ("søker").
        Applicant = "APPLICANT",
        /// Applies together with the applicant, as a couple ("medsøker").
        CoApplicant = "CO_APPLICANT",
        /// A child, wholly or partly living here ("barn").
        Child = "CHILD",
        /// Another adult ("annen voksen").
        OtherAdult = "OTHER_ADULT",
    }
}
