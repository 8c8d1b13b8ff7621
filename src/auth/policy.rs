//! Who may do what kind of thing: role × action, as one readable table.
//!
//! Whether this person may do it to *this* case (four eyes, own municipality, state) is asked in the slices' rules.

pub use super::roles::{Role, Scope};
use crate::access::{Compartment, Relation, Stage};
use crate::codes;

/// Who may ask for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permitted {
    /// Anyone, without signing in.
    Anyone,
    /// Whoever is signed in, whatever the role.
    SignedIn,
    /// Whoever has one of these roles.
    Roles(&'static [Role]),
}

/// Declares the actions together with who may do them, so that an action without a rule does not compile.
///
/// `or` names the scopes by which an organisation's program may do it too; without any, none may. `after StepUp` asks of an employee to have
/// shown within the last five minutes who they are.
macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $code:literal by $permitted:expr $(, or $scope:ident)* $(, after $step:ident)?;)+) => {
        codes! {
            /// A kind of thing that can be asked of the service.
            pub enum Action { $($(#[$meta])* $name = $code),+ }
        }

        impl Action {
            /// Who may ask for it.
            #[must_use]
            pub const fn permitted(self) -> Permitted {
                match self { $(Self::$name => $permitted),+ }
            }

            /// Whether an employee must have shown a moment ago who they are.
            #[must_use]
            pub const fn needs_step_up(self) -> bool {
                match self { $(Self::$name => actions!(@step $($step)?)),+ }
            }

            /// The scopes by which an organisation's program may do it.
            #[must_use]
            pub const fn scopes(self) -> &'static [Scope] {
                match self { $(Self::$name => &[$(Scope::$scope),*]),+ }
            }
        }
    };
    (@step) => { false };
    (@step StepUp) => { true };
}

use Permitted::{Anyone, Roles, SignedIn};
use Role::{
    Admin, AppealsOfficer, Auditor, Caseworker, DecisionMaker, HousingManager, NavAdvisor,
    PrivacyOfficer, Statistician, TeamMember,
};

actions! {
    /// Sign in with user name and password, or renew a sign-in.
    SignIn = "session.start" by Anyone;
    /// See or end one's own session.
    OwnSession = "session.own" by SignedIn;
    /// See the user accounts.
    ReadUsers = "user.read" by Roles(&[Admin]);
    /// Add a user, change roles, disable.
    ManageUsers = "user.manage" by Roles(&[Admin]), after StepUp;
    /// Approve that an employee be given a role that decides, administers or audits; another must have asked for it.
    ApproveRoles = "role.approve" by Roles(&[Admin]), after StepUp;
    /// See the issuers that vouch for the municipality's employees.
    ReadProviders = "identity_provider.read" by Roles(&[Admin, Auditor]);
    /// Say which issuers vouch for the municipality's employees, and close them.
    ManageProviders = "identity_provider.manage" by Roles(&[Admin]), after StepUp;
    /// See the units that handle cases.
    ReadUnits = "unit.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, HousingManager, AppealsOfficer, NavAdvisor, Auditor, PrivacyOfficer, Admin]);
    /// Found units.
    ManageUnits = "unit.manage" by Roles(&[Admin]);
    /// Give employees units, leaders and clearances.
    PlaceEmployees = "employee.place" by Roles(&[Admin]), after StepUp;
    /// Declare to whom one is too close (forvaltningsloven § 6).
    DeclareRelations = "relation.declare" by SignedIn;
    /// See the agreements with organisations whose programs call.
    ReadAgreements = "data_agreement.read" by Roles(&[Admin, PrivacyOfficer, Auditor]);
    /// Make and end such agreements.
    ManageAgreements = "data_agreement.manage" by Roles(&[Admin]), after StepUp;
    /// Open a case in an emergency ("nødtilgang").
    OpenInEmergency = "emergency.open" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]), after StepUp;
    /// See accesses in an emergency: one's own, those of employees led, or all for those who control.
    ReadEmergencies = "emergency.read" by SignedIn;
    /// Review somebody's access in an emergency.
    ReviewEmergencies = "emergency.review" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer, PrivacyOfficer]);
    /// Let an employee handle a case in spite of being partial.
    ExceptPartial = "exception.grant" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]), after StepUp;
    /// Register a person or household.
    RegisterPeople = "person.register" by Roles(&[Caseworker, NavAdvisor]);
    /// Correct what is kept of a person.
    CorrectPerson = "person.correct" by Roles(&[Caseworker]);
    /// Read or look up persons and households.
    ReadPeople = "person.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, NavAdvisor]);
    /// Record a household's situation.
    RecordSituation = "situation.record" by Roles(&[Caseworker]);
    /// Read the housing stock.
    ReadHousing = "dwelling.read" by Roles(&[HousingManager, Caseworker, TeamMember, DecisionMaker]), or FacilitiesRead;
    /// Register and change homes.
    ManageHousing = "dwelling.manage" by Roles(&[HousingManager]), or FacilitiesWrite;
    /// See the measures of the housing plan and their progress.
    ReadMeasures = "measure.read" by Roles(&[HousingManager, Caseworker, TeamMember, DecisionMaker, Statistician]);
    /// Keep a home without a case, and give it free again.
    HoldHomes = "dwelling.hold" by Roles(&[HousingManager]), or FacilitiesWrite;
    /// Let a home be let for a while although its inspection bars it.
    OverrideInspection = "inspection.override" by Roles(&[HousingManager]);
    /// Say by which numbers homes are inspected and agreements made.
    AdoptStockRules = "stock_rules.adopt" by Roles(&[HousingManager]);
    /// Say within which days work is done.
    AdoptTaskTerms = "task_terms.adopt" by Roles(&[DecisionMaker]);
    /// See who lives in homes that will be demolished and has a right to another.
    ReadDisplaced = "displaced.read" by Roles(&[Caseworker, TeamMember, DecisionMaker]);
    /// Word the measures of the housing plan.
    ManageMeasures = "measure.manage" by Roles(&[HousingManager]);
    /// See how long homes stood empty and what that cost, in sums.
    ReadVacancies = "vacancy.read" by Roles(&[HousingManager, Caseworker, TeamMember, DecisionMaker, Statistician]);
    /// Receive an application and record needs.
    ReceiveApplication = "application.receive" by Roles(&[Caseworker]);
    /// Read cases and their history.
    ReadCases = "application.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer, NavAdvisor]);
    /// Move a case along before the decision.
    HandleCase = "application.handle" by Roles(&[Caseworker]);
    /// See to which bodies cases may be sent on.
    ReadReceivingBodies = "receiving_body.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, Admin]);
    /// Say to which bodies cases may be sent on.
    ManageReceivingBodies = "receiving_body.manage" by Roles(&[Admin]);
    /// Record who speaks for a party, and that nobody does any longer.
    ManageParties = "party.manage" by Roles(&[Caseworker]);
    /// See who speaks for a party.
    ReadParties = "party.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Call and hold a meeting of the allocation team.
    HoldMeetings = "meeting.hold" by Roles(&[TeamMember, Caseworker]);
    /// Read agenda, recommendations and minutes.
    ReadMeetings = "meeting.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Vote on a recommendation, or say that one is not impartial.
    TakePartInMeetings = "meeting.take_part" by Roles(&[TeamMember, Caseworker, DecisionMaker]);
    /// Ask who fits a home and why.
    Match = "matching.ask" by Roles(&[Caseworker, TeamMember, DecisionMaker]);
    /// Plan who should have which vacant home.
    PlanMatches = "matching.plan" by Roles(&[TeamMember, DecisionMaker, Caseworker]);
    /// See how homes fall to groups of households, in numbers that tell of nobody.
    ReadFairness = "matching.fairness" by Roles(&[TeamMember, DecisionMaker, Caseworker, Statistician, Auditor, PrivacyOfficer]);
    /// Propose a decision ("innstilling").
    ProposeDecision = "decision.propose" by Roles(&[Caseworker, TeamMember, DecisionMaker]);
    /// Approve or return a proposal ("vedtak").
    Decide = "decision.decide" by Roles(&[DecisionMaker]), after StepUp;
    /// Note that the party was notified of a decision.
    NotifyParty = "decision.notify" by Roles(&[Caseworker, DecisionMaker]);
    /// Read decisions and offers.
    ReadDecisions = "decision.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Replay what a decision rested on; shows digests, no person's data.
    ReadBasis = "decision.replay" by Roles(&[DecisionMaker, Caseworker, TeamMember, AppealsOfficer, Auditor]);
    /// Record the applicant's answer to an offer.
    AnswerOffer = "offer.answer" by Roles(&[Caseworker]);
    /// Write letters: notices of decisions, offers, interim replies.
    WriteLetters = "letter.write" by Roles(&[Caseworker, DecisionMaker, AppealsOfficer]);
    /// Send letters, and record by what it is proved that they arrived.
    SendLetters = "letter.send" by Roles(&[Caseworker, DecisionMaker, AppealsOfficer]);
    /// Read letters.
    ReadLetters = "letter.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Receive an appeal, see whether it is admissible, and let an appellant withdraw it.
    ReceiveAppeals = "appeal.receive" by Roles(&[Caseworker, AppealsOfficer]);
    /// Review a decision that was appealed, as the first instance, and hand it over.
    ReviewAppeals = "appeal.review" by Roles(&[DecisionMaker, AppealsOfficer]);
    /// Record what the body of appeal decided.
    ConcludeAppeals = "appeal.conclude" by Roles(&[AppealsOfficer]);
    /// Read appeals and what was handed over.
    ReadAppeals = "appeal.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Hand out to a party what the party may read of the case ("partsinnsyn").
    HandOutCase = "party.hand_out" by Roles(&[Caseworker, DecisionMaker, AppealsOfficer]);
    /// See what waits for oneself and one's teams, take it, and say that it is done.
    WorkOnTasks = "task.work" by Roles(&[Caseworker, TeamMember, DecisionMaker, HousingManager, AppealsOfficer, NavAdvisor, PrivacyOfficer, Admin]);
    /// Read tenancies.
    ReadTenancies = "tenancy.read" by Roles(&[HousingManager, Caseworker]);
    /// End tenancies.
    ManageTenancies = "tenancy.manage" by Roles(&[HousingManager]);
    /// Read the municipality's allocation rules.
    ReadRuleSets = "rule_set.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer, Auditor, Admin]);
    /// Propose rules.
    ProposeRuleSet = "rule_set.propose" by Roles(&[DecisionMaker, TeamMember]);
    /// Approve or turn down proposed rules.
    ApproveRuleSet = "rule_set.approve" by Roles(&[DecisionMaker]);
    /// See what rules would do to the open cases.
    PreviewRuleSets = "rule_set.preview" by Roles(&[DecisionMaker, TeamMember, Caseworker]);
    /// Read what is known of a household's economy, residence and stay, and what the criteria say.
    ReadEligibility = "eligibility.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer]);
    /// Record it, and assess exceptions.
    AssessEligibility = "eligibility.assess" by Roles(&[Caseworker]);
    /// Query the audit log and any case's history.
    ReadAudit = "audit.read" by Roles(&[Auditor, PrivacyOfficer]), or AuditRead;
    /// Take what the audit log holds out of the house.
    ExportAudit = "audit.export" by Roles(&[Auditor, PrivacyOfficer]), or AuditRead, after StepUp;
    /// See who has looked at a person's data.
    ReadAccessLog = "access_log.read" by Roles(&[Auditor, PrivacyOfficer]);
    /// Hand out to a resident who has looked at the resident's data ("innsyn").
    HandOutAccessLog = "access_log.hand_out" by Roles(&[PrivacyOfficer]), after StepUp;
    /// See for how long what is kept, and what keeps a person's data.
    ReadRetention = "retention.read" by Roles(&[PrivacyOfficer, Auditor, AppealsOfficer]);
    /// Say for how long what is kept.
    RuleRetention = "retention_rule.adopt" by Roles(&[PrivacyOfficer]);
    /// Keep a person's data from being erased, and let it go again.
    PlaceHold = "legal_hold.place" by Roles(&[PrivacyOfficer, AppealsOfficer]);
    /// Restrict the processing of a person's data, let it go on for a listed ground, and lift that (art. 18).
    RestrictProcessing = "restriction.place" by Roles(&[PrivacyOfficer]);
    /// See whether the processing of a person's data is restricted.
    ReadRestrictions = "restriction.read" by Roles(&[PrivacyOfficer, Auditor, Caseworker, TeamMember, DecisionMaker]);
    /// Ask that a person be erased, or give that up.
    RequestErasure = "erasure.request" by Roles(&[PrivacyOfficer]);
    /// Approve an erasure; it takes two.
    ApproveErasure = "erasure.approve" by Roles(&[PrivacyOfficer, DecisionMaker]), after StepUp;
    /// See the erasures.
    ReadErasures = "erasure.read" by Roles(&[PrivacyOfficer, DecisionMaker, Auditor]);
    /// Hand out to a resident everything that is kept of the resident (personvernforordningen art. 15).
    ExportPerson = "person.export" by Roles(&[PrivacyOfficer]), after StepUp;
    /// Refer people to the allocation team, and take that back.
    SendReferrals = "referral.send" by Roles(&[NavAdvisor]), or NavWrite;
    /// Follow what becomes of a referral.
    FollowReferrals = "referral.follow" by Roles(&[NavAdvisor, Caseworker]), or NavRead, or NavWrite;
    /// Read referrals, accept and return them.
    HandleReferrals = "referral.handle" by Roles(&[Caseworker]);
    /// Ask what NAV may know of a person's housing.
    AskForNav = "nav.ask" by Roles(&[NavAdvisor]), or NavRead;
    /// Say who offers places for temporary accommodation.
    ManageShelterProviders = "shelter.manage" by Roles(&[NavAdvisor, Caseworker]);
    /// Decide on temporary accommodation.
    DecideShelter = "shelter.decide" by Roles(&[NavAdvisor, DecisionMaker]);
    /// Follow up those who stay in temporary accommodation.
    FollowShelter = "shelter.follow" by Roles(&[NavAdvisor, Caseworker]);
    /// Count stays in temporary accommodation; aggregates only.
    CountShelter = "shelter.count" by Roles(&[Statistician, NavAdvisor, Caseworker]);
    /// Ask the registers that others keep about a person.
    AskRegisters = "person.ask_registers" by Roles(&[Caseworker]);
    /// Give notice of arrears, and what follows.
    ManageEvictions = "eviction.manage" by Roles(&[HousingManager]);
    /// Be told of arrears as NAV, and tell that the rent is paid.
    AnswerEvictions = "eviction.answer" by Roles(&[NavAdvisor]), or NavWrite;
    /// Follow what happens to cases, without anything about anybody.
    ReadNavEvents = "event.read_nav" by Roles(&[NavAdvisor, Caseworker]), or NavRead;
    /// Follow what happens to homes.
    ReadFacilityEvents = "event.read_facilities" by Roles(&[HousingManager]), or FacilitiesRead;
    /// See who is told of events, and what became of it.
    ReadWebhooks = "webhook.read" by Roles(&[Admin]);
    /// Say who is told of events, and see their secrets.
    ManageWebhooks = "webhook.manage" by Roles(&[Admin]);
    /// See what could not be delivered to the world outside.
    ReadOutbox = "outbox.read" by Roles(&[Admin]);
    /// Put back what could not be delivered.
    ReplayOutbox = "outbox.replay" by Roles(&[Admin]);
    /// Read a case's history, as those who handle it or audit it.
    ReadHistory = "history.read" by Roles(&[Caseworker, TeamMember, DecisionMaker, AppealsOfficer, Auditor, PrivacyOfficer]);
}

/// Who controls the log, and is told all that it holds, whatever compartment it lies in: codes, never words.
pub const WHOLE_LOG: &[Role] = &[Auditor, PrivacyOfficer];

/// A line of [`SIGHTS`].
pub type SightLine = (Role, Relation, &'static [Stage], &'static [Compartment]);

/// From the day on which a case was received.
const CASES: &[Stage] = &[Stage::Handling, Stage::Team, Stage::Decided];
/// What is enough to let a home that suits and can be paid.
const TO_MATCH: &[Compartment] = &[Compartment::Economy, Compartment::Health];

/// Which cases, and with them which people, each role may see: by which relation, as far as the case has come; and into which of their
/// compartments it may look by that.
///
/// Asked in `access`, wherever something about people is loaded. Who has no line here sees no case at all. Which facts lie in which
/// compartment is said where they are modelled, by [`Compartmented`](crate::access::Compartmented).
#[rustfmt::skip]
pub const SIGHTS: &[SightLine] = &[
    (Caseworker, Relation::Municipality, &[Stage::Intake], Compartment::ALL),
    (Caseworker, Relation::Assigned, CASES, Compartment::ALL),
    (Caseworker, Relation::Unclaimed, CASES, Compartment::ALL),
    (Caseworker, Relation::Unit, CASES, TO_MATCH),
    (TeamMember, Relation::Municipality, &[Stage::Team, Stage::Decided], TO_MATCH),
    // Whoever decides must see that the case is clarified (forvaltningsloven § 17), and so must whoever reviews it.
    (DecisionMaker, Relation::Municipality, &[Stage::Team, Stage::Decided], Compartment::ALL),
    // Help without a home, a care place and a dismissal are decided before the team has the case, or without it.
    (DecisionMaker, Relation::Proposed, &[Stage::Handling], Compartment::ALL),
    (AppealsOfficer, Relation::Municipality, &[Stage::Decided], Compartment::ALL),
    (NavAdvisor, Relation::Client, &[Stage::Intake, Stage::Handling, Stage::Team, Stage::Decided], &[Compartment::Economy]),
];

impl Action {
    /// The role by which somebody with these roles may do this, if any: the first of theirs that the table names.
    #[must_use]
    pub fn role_among(self, roles: &[Role]) -> Option<Role> {
        match self.permitted() {
            Anyone | SignedIn => roles.first().copied(),
            Roles(permitted) => permitted.iter().copied().find(|role| roles.contains(role)),
        }
    }

    /// Whether somebody with these roles may do this once signed in.
    #[must_use]
    pub fn is_permitted_to(self, roles: &[Role]) -> bool {
        match self.permitted() {
            Anyone | SignedIn => true,
            Roles(_) => self.role_among(roles).is_some(),
        }
    }

    /// The scope by which a program that holds these may do this, if any.
    #[must_use]
    pub fn scope_among(self, held: &[Scope]) -> Option<Scope> {
        let mut permitted = self.scopes().iter().copied();
        permitted.find(|scope| held.contains(scope))
    }
}
