//! The nouns of holding a home for a household, and of living in it.

use crate::codes;

codes! {
    /// Whether a home is held for a household.
    pub enum AllocationState {
        /// Held, offered or lived in.
        Active = "ACTIVE",
        /// No longer.
        Ended = "ENDED",
    }
}

codes! {
    /// Where a tenancy stands.
    pub enum TenancyState {
        /// The household lives there.
        Active = "ACTIVE",
        /// The household has moved out.
        Ended = "ENDED",
    }
}
