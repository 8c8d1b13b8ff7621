//! What an employee may be to the service, and what an organisation's programs may be let into.

use crate::codes;

codes! {
    /// What an employee is to the service ("rolle"). A user may have several; administrators see no case content.
    pub enum Role {
        /// Housing case handler ("saksbehandler", Boligtjenesten).
        Caseworker = "CASEWORKER",
        /// Member of the interdisciplinary allocation team ("tverrfaglig tildelingsteam").
        TeamMember = "TEAM_MEMBER",
        /// Decides with delegated authority ("vedtaksmyndighet").
        DecisionMaker = "DECISION_MAKER",
        /// Manages the housing stock ("boligforvalter"), without case data.
        HousingManager = "HOUSING_MANAGER",
        /// Prepares appeals ("klagesaksbehandler").
        AppealsOfficer = "APPEALS_OFFICER",
        /// NAV adviser ("veileder i NAV").
        NavAdvisor = "NAV_ADVISOR",
        /// Sees aggregates only ("statistiker").
        Statistician = "STATISTICIAN",
        /// Queries the decision history ("revisor").
        Auditor = "AUDITOR",
        /// Data protection officer ("personvernombud").
        PrivacyOfficer = "PRIVACY_OFFICER",
        /// Administers users and roles ("administrator").
        Admin = "ADMIN",
    }
}

impl Role {
    /// Whether the role is held only by whoever shows a second factor: those that decide, administer or audit.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(
            self,
            Self::DecisionMaker | Self::Auditor | Self::PrivacyOfficer | Self::Admin
        )
    }
}

codes! {
    /// What an organisation's programs may be let into: the scopes that are registered in Maskinporten under the prefix `rettbolig`.
    pub enum Scope {
        /// Read what concerns NAV's own clients.
        NavRead = "rettbolig:nav.read",
        /// Refer people, and tell what NAV knows.
        NavWrite = "rettbolig:nav.write",
        /// Read the homes.
        FacilitiesRead = "rettbolig:facilities.read",
        /// Register and change homes.
        FacilitiesWrite = "rettbolig:facilities.write",
        /// Fetch the audit log, as a log collector or an auditor's own program does.
        AuditRead = "rettbolig:audit.read",
    }
}
