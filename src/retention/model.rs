//! The nouns of keeping and erasing.

use crate::codes;

codes! {
    /// What a retention rule is about ("bevaringsregel").
    pub enum Concern {
        /// A case, counted from the day on which it ended.
        Case = "CASE",
        /// A tenancy, counted from the day on which it ended.
        Tenancy = "TENANCY",
        /// That somebody was registered, counted from that day.
        Registration = "REGISTRATION",
        /// An employee's sign-in, counted from its end; what was done by it stays in the log.
        SignIn = "SIGN_IN",
    }
}

codes! {
    /// Why nothing of a person may be erased for a while.
    pub enum HoldReason {
        /// An appeal is being handled ("klage").
        Appeal = "APPEAL",
        /// A court handles the matter.
        Court = "COURT",
        /// A supervisory body, the ombudsman or the auditors look into it ("tilsyn").
        Supervision = "SUPERVISION",
        /// The person has asked for access and has not been answered yet ("innsyn").
        AccessRequest = "ACCESS_REQUEST",
    }
}

codes! {
    /// The legal ground of an erasure: personvernforordningen art. 17 no. 1.
    pub enum Ground {
        /// Letter a: no longer necessary, because every period of retention is over.
        NoLongerNecessary = "NO_LONGER_NECESSARY",
        /// Letter d: it was processed unlawfully, for example registered by mistake.
        UnlawfullyProcessed = "UNLAWFULLY_PROCESSED",
        /// Letter e: the law, or an order under it, demands that it is erased.
        LegalObligation = "LEGAL_OBLIGATION",
    }
}

codes! {
    /// Where an erasure stands.
    pub enum ErasureState {
        /// Asked for.
        Requested = "REQUESTED",
        /// One employee has approved.
        ApprovedOnce = "APPROVED_ONCE",
        /// Two have approved, and the data is gone.
        CarriedOut = "CARRIED_OUT",
        /// Given up.
        Withdrawn = "WITHDRAWN",
    }
}

impl ErasureState {
    /// Whether it still waits for somebody.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::ApprovedOnce)
    }
}
