//! The nouns of representation.

use crate::codes;

codes! {
    /// How somebody comes to speak for a party.
    pub enum RepresentationKind {
        /// Chosen by the party ("fullmektig").
        Representative = "REPRESENTATIVE",
        /// Appointed by the county governor, or a parent of a minor ("verge").
        Guardian = "GUARDIAN",
    }
}

codes! {
    /// What a representative may do.
    pub enum RepresentationScope {
        /// Applies for the party, says what is needed, and withdraws.
        Apply = "APPLY",
        /// Receives the letters, so that time runs from then.
        ReceiveLetters = "RECEIVE_LETTERS",
        /// Accepts or declines homes.
        AnswerOffers = "ANSWER_OFFERS",
        /// Appeals.
        Appeal = "APPEAL",
        /// Sees the documents of the case.
        SeeDocuments = "SEE_DOCUMENTS",
    }
}

codes! {
    /// By what it is shown that somebody may speak for a party.
    pub enum Proof {
        /// A power of attorney in writing.
        WrittenAuthority = "WRITTEN_AUTHORITY",
        /// A lawyer, who needs none (forvaltningsloven § 12 third paragraph).
        Lawyer = "LAWYER",
        /// The county governor's certificate ("vergefullmakt"), or parenthood as the register tells it.
        GuardianshipCertificate = "GUARDIANSHIP_CERTIFICATE",
    }
}

codes! {
    /// What somebody to whom a letter goes is in the case.
    pub enum PartyRole {
        /// The party.
        Party = "PARTY",
        /// Chosen by the party.
        Representative = "REPRESENTATIVE",
        /// The guardian.
        Guardian = "GUARDIAN",
        /// Somebody who is no party, and appealed all the same.
        Appellant = "APPELLANT",
    }
}

impl From<RepresentationKind> for PartyRole {
    fn from(kind: RepresentationKind) -> Self {
        match kind {
            RepresentationKind::Representative => Self::Representative,
            RepresentationKind::Guardian => Self::Guardian,
        }
    }
}
