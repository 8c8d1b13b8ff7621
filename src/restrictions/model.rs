//! Why processing is restricted, and why it may go on all the same.

use crate::codes;

codes! {
    /// Why the processing of a person's data is restricted (personvernforordningen art. 18 no. 1).
    pub enum RestrictionGround {
        /// The person says that the data is wrong, and that is being looked into (a).
        AccuracyContested = "ACCURACY_CONTESTED",
        /// The processing is unlawful, and the person will not have the data erased (b).
        Unlawful = "UNLAWFUL",
        /// The municipality needs the data no longer, but the person does, for legal claims (c).
        LegalClaims = "LEGAL_CLAIMS",
        /// The person has objected, and it is being looked into whose interest weighs more (d).
        Objection = "OBJECTION",
    }
}

codes! {
    /// Why restricted data may be processed all the same (personvernforordningen art. 18 no. 2).
    pub enum AllowedGround {
        /// The person consents.
        Consent = "CONSENT",
        /// For legal claims.
        LegalClaims = "LEGAL_CLAIMS",
        /// To protect somebody else's rights.
        RightsOfOthers = "RIGHTS_OF_OTHERS",
        /// For important public interests.
        PublicInterest = "PUBLIC_INTEREST",
    }
}
