//! The nouns of offers.

use crate::codes;

codes! {
    /// Where an offer stands.
    pub enum OfferState {
        /// Not answered yet.
        Open = "OPEN",
        /// Taken.
        Accepted = "ACCEPTED",
        /// Not wanted.
        Declined = "DECLINED",
    }
}

codes! {
    /// Why a household declines a home ("avslagsgrunn").
    pub enum DeclineReason {
        /// Too far from work, school or family.
        Location = "LOCATION",
        /// Too small or too large.
        Size = "SIZE",
        /// Cannot be used as it is.
        NotAccessible = "NOT_ACCESSIBLE",
        /// Too expensive.
        Rent = "RENT",
        /// Not safe there.
        Safety = "SAFETY",
        /// Found another home.
        FoundOther = "FOUND_OTHER",
        /// No reason given.
        NotStated = "NOT_STATED",
    }
}
