//! The nouns of sending a case on.

use crate::codes;

codes! {
    /// What a body is that may be responsible instead.
    pub enum BodyKind {
        /// Another municipality.
        OtherMunicipality = "OTHER_MUNICIPALITY",
        /// NAV.
        Nav = "NAV",
        /// The unit that allots care places.
        CareAllotment = "CARE_ALLOTMENT",
        /// The state's housing bank.
        Husbanken = "HUSBANKEN",
        /// Another body.
        Other = "OTHER",
    }
}
