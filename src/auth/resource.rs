//! What each action is done to, so that it is known by which rule somebody sees it.

use super::policy::Action;
use crate::codes;

codes! {
    /// What an action is done to, and hence by what it is decided whether the caller may see it.
    pub enum Resource {
        /// Nothing but the caller's own sign-in and declarations.
        Own = "OWN",
        /// A case, what belongs to it, and the people in it: the table of sights.
        Case = "CASE",
        /// The homes of the municipality, without case data.
        Home = "HOME",
        /// What NAV sends, asks and follows, and temporary accommodation: seen by whoever has to do with it.
        Nav = "NAV",
        /// Rules, measures, plans and other things of the municipality's own, without personal data.
        Policy = "POLICY",
        /// What keeps the service going: the employees' accounts, units and clearances, data
        /// agreements, and what waits to be delivered.
        Staff = "STAFF",
        /// Accesses in an emergency: whoever opened the case, their leader, and those who control.
        Emergency = "EMERGENCY",
        /// The log.
        Log = "LOG",
    }
}

impl Action {
    /// What it is done to. An action that nobody classified does not compile.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub const fn resource(self) -> Resource {
        match self {
            Self::SignIn | Self::OwnSession | Self::DeclareRelations => Resource::Own,
            Self::ReadUsers
            | Self::ManageUsers
            | Self::ApproveRoles
            | Self::ReadProviders
            | Self::ManageProviders
            | Self::ReadAgreements
            | Self::ManageAgreements
            | Self::ReadOutbox
            | Self::ReplayOutbox
            | Self::ReadWebhooks
            | Self::ManageWebhooks
            | Self::ReadUnits
            | Self::ManageUnits
            | Self::WorkOnTasks
            | Self::PlaceEmployees => Resource::Staff,
            Self::RegisterPeople
            | Self::ReadPeople
            | Self::CorrectPerson
            | Self::AskRegisters
            | Self::RecordSituation
            | Self::ReceiveApplication
            | Self::ReadCases
            | Self::HandleCase
            | Self::Match
            | Self::PlanMatches
            | Self::ProposeDecision
            | Self::Decide
            | Self::NotifyParty
            | Self::ReadEligibility
            | Self::AssessEligibility
            | Self::ReadDecisions
            | Self::AnswerOffer
            | Self::ManageParties
            | Self::ReadParties
            | Self::HandOutCase
            | Self::HoldMeetings
            | Self::ReadMeetings
            | Self::TakePartInMeetings
            | Self::WriteLetters
            | Self::SendLetters
            | Self::ReadLetters
            | Self::ReceiveAppeals
            | Self::ReviewAppeals
            | Self::ConcludeAppeals
            | Self::ReadAppeals
            | Self::ExceptPartial
            | Self::ReadDisplaced => Resource::Case,
            Self::SendReferrals
            | Self::FollowReferrals
            | Self::HandleReferrals
            | Self::AskForNav
            | Self::ReadNavEvents
            | Self::ManageShelterProviders
            | Self::DecideShelter
            | Self::FollowShelter
            | Self::CountShelter
            | Self::AnswerEvictions => Resource::Nav,
            Self::ManageEvictions
            | Self::ReadFacilityEvents
            | Self::ReadHousing
            | Self::ManageHousing
            | Self::HoldHomes
            | Self::OverrideInspection
            | Self::ReadVacancies
            | Self::ReadTenancies
            | Self::ManageTenancies => Resource::Home,
            Self::ReadMeasures
            | Self::ReadRuleSets
            | Self::RuleRetention
            | Self::AdoptStockRules
            | Self::AdoptTaskTerms
            | Self::ProposeRuleSet
            | Self::ApproveRuleSet
            | Self::PreviewRuleSets
            | Self::ManageMeasures
            | Self::ReadReceivingBodies
            | Self::ManageReceivingBodies
            | Self::ReadFairness => Resource::Policy,
            Self::OpenInEmergency | Self::ReadEmergencies | Self::ReviewEmergencies => {
                Resource::Emergency
            }
            Self::ReadBasis
            | Self::ReadAudit
            | Self::ExportAudit
            | Self::ReadAccessLog
            | Self::HandOutAccessLog
            | Self::ReadRetention
            | Self::PlaceHold
            | Self::RestrictProcessing
            | Self::ReadRestrictions
            | Self::RequestErasure
            | Self::ApproveErasure
            | Self::ReadErasures
            | Self::ExportPerson
            | Self::ReadHistory => Resource::Log,
        }
    }
}
