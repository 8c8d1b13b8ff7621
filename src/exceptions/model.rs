//! The nouns of exceptions.

use crate::codes;

codes! {
    /// Why a case is opened in an emergency ("grunn til nødtilgang").
    pub enum EmergencyGround {
        /// Life or health is in danger.
        LifeOrHealth = "LIFE_OR_HEALTH",
        /// Somebody has no roof over the head tonight, and nobody who handles the case can be reached.
        NoShelterTonight = "NO_SHELTER_TONIGHT",
        /// A child may come to harm.
        ChildAtRisk = "CHILD_AT_RISK",
        /// A deadline ends while everybody who handles the case is away.
        DeadlineInAbsence = "DEADLINE_IN_ABSENCE",
    }
}

codes! {
    /// What the review of an access in an emergency has found.
    pub enum Finding {
        /// It was needed.
        Justified = "JUSTIFIED",
        /// It was not: to be followed up as a breach of secrecy.
        NotJustified = "NOT_JUSTIFIED",
    }
}

/// How long an access in an emergency lasts.
pub(super) const MINUTES: i64 = 60;
