//! For what an employee acts, and on which legal basis: what an entry says beside who and what.

use crate::codes;

codes! {
    /// For what personal data is used ("formål").
    pub enum Purpose {
        /// Handling cases and letting homes.
        Allocation = "ALLOCATION",
        /// Keeping and letting the municipality's homes.
        HousingStock = "HOUSING_STOCK",
        /// Showing that it was done rightly.
        Control = "CONTROL",
        /// Seeing to the rights of those whom the data is about.
        DataProtection = "DATA_PROTECTION",
    }
}

codes! {
    /// Why personal data may be used so ("behandlingsgrunnlag").
    pub enum LegalGround {
        /// Exercise of public authority: personvernforordningen art. 6 no. 1 letter e.
        PublicAuthority = "GDPR_6_1_E",
        /// A legal obligation: personvernforordningen art. 6 no. 1 letter c.
        LegalObligation = "GDPR_6_1_C",
    }
}

impl Purpose {
    /// The purpose of an act, by the noun with which its name begins; none where no resident is concerned.
    #[must_use]
    pub fn of(action: &str) -> Option<Self> {
        match action.split('.').next()? {
            "person" if action == "person.erased" => Some(Self::DataProtection),
            "appeal" | "circumstances" | "eligibility" | "task" | "tasks" | "application"
            | "case" | "conflict" | "decision" | "household" | "letter" | "matching"
            | "meeting" | "nav" | "offer" | "party" | "person" | "referral" | "representation"
            | "shelter" | "situation" | "waiting" | "emergency" | "exception" => {
                Some(Self::Allocation)
            }
            "demolition" | "dwelling" | "eviction" | "measure" | "tenancy" => {
                Some(Self::HousingStock)
            }
            "audit" | "history" => Some(Self::Control),
            "access_log" | "erasure" | "legal_hold" | "retention" | "retention_rule" | "rights" => {
                Some(Self::DataProtection)
            }
            _ => None,
        }
    }

    /// The legal basis of acting for it.
    #[must_use]
    pub const fn ground(self) -> LegalGround {
        match self {
            Self::Allocation | Self::HousingStock => LegalGround::PublicAuthority,
            Self::Control | Self::DataProtection => LegalGround::LegalObligation,
        }
    }

    /// What a resident is told.
    #[must_use]
    pub const fn in_norwegian(self) -> &'static str {
        match self {
            Self::Allocation => "Saksbehandling og tildeling av kommunal bolig.",
            Self::HousingStock => "Forvaltning og utleie av kommunens boliger.",
            Self::Control => "Kontroll av at saksbehandlingen var riktig.",
            Self::DataProtection => "Ivaretakelse av rettighetene dine etter personvernreglene.",
        }
    }
}
