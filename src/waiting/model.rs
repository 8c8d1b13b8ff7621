//! The nouns of standing aside and of precedence.

use crate::access::Compartment;
use crate::codes;

codes! {
    /// Why a household stands aside on the waiting list.
    pub enum PauseReason {
        /// The household wishes so.
        OwnWish = "OWN_WISH",
        /// Treated in an institution.
        Treatment = "TREATMENT",
        /// Serving a sentence.
        Prison = "PRISON",
        /// Away for a time.
        Away = "AWAY",
        /// Cannot move yet.
        CannotMoveYet = "CANNOT_MOVE_YET",
    }
}

impl PauseReason {
    /// The compartment in which it lies, if in any.
    #[must_use]
    pub const fn compartment(self) -> Option<Compartment> {
        match self {
            Self::Treatment => Some(Compartment::Health),
            Self::Prison => Some(Compartment::Crime),
            Self::OwnWish | Self::Away | Self::CannotMoveYet => None,
        }
    }
}

codes! {
    /// By what a household was given a priority group.
    pub enum PrecedenceGround {
        /// The outcome of an appeal.
        Appeal = "APPEAL",
    }
}
