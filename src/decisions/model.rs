//! The nouns of decisions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Rooms;
use crate::applications::ApplicationState;
use crate::audit::Hash;
use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::RuleSetId;
use crate::matching::Explanation;
use crate::problem::Problem;

codes! {
    /// What is decided.
    pub enum Outcome {
        /// What was applied for, or the help that is needed, is given ("innvilget").
        Granted = "GRANTED",
        /// A part of it is ("delvis innvilget").
        PartlyGranted = "PARTLY_GRANTED",
        /// It is not ("avslått").
        Refused = "REFUSED",
        /// It is not looked into, because it cannot be ("avvist").
        Dismissed = "DISMISSED",
        /// What was granted no longer holds, because offers were not taken ("bortfalt").
        Lapsed = "LAPSED",
    }
}

impl Outcome {
    /// Whether something is given.
    #[must_use]
    pub const fn grants(self) -> bool {
        matches!(self, Self::Granted | Self::PartlyGranted)
    }
}

codes! {
    /// The law by which is decided. Each has its own appeal body and deadline: see [`AppealRight`](super::AppealRight).
    pub enum LegalBasis {
        /// Help to get or keep a home: boligsosialloven § 7. Length of residence plays no part.
        HousingAssistanceAct = "HOUSING_ASSISTANCE_ACT",
        /// Letting of a municipal home: forvaltningsloven and the municipality's own rules.
        MunicipalDwelling = "MUNICIPAL_DWELLING",
        /// A place with care around the clock: helse- og omsorgstjenesteloven, pasient- og brukerrettighetsloven.
        CarePlace = "CARE_PLACE",
        /// Temporary accommodation: sosialtjenesteloven § 27.
        TemporaryAccommodation = "TEMPORARY_ACCOMMODATION",
    }
}

codes! {
    /// What a household that is given help is helped with ("bistand"): boligsosialloven § 6.
    pub enum AssistanceForm {
        /// Advice and guidance.
        Advice = "ADVICE",
        /// Help to find a home on the market.
        FindingHome = "FINDING_HOME",
        /// Help to keep the present home.
        KeepingHome = "KEEPING_HOME",
        /// Help with start loan, grants and housing allowance.
        Financing = "FINANCING",
        /// Adapting the present home.
        AdaptingHome = "ADAPTING_HOME",
        /// Follow-up at home, for example by a housing coach.
        FollowUp = "FOLLOW_UP",
        /// A municipal home, by a decision of its own.
        MunicipalHome = "MUNICIPAL_HOME",
    }
}

codes! {
    /// A term on which a home or help is given ("vilkår"). Forced services and control of private life are not among them.
    pub enum ConditionKind {
        /// Rent is paid directly from a benefit, with the tenant's consent.
        DirectPayment = "DIRECT_PAYMENT",
        /// An agreed plan for paying back arrears is kept.
        RepaymentPlan = "REPAYMENT_PLAN",
        /// Housing allowance is applied for.
        HousingAllowance = "HOUSING_ALLOWANCE",
        /// The house rules are kept.
        HouseRules = "HOUSE_RULES",
        /// The caseworker or coach is let in by appointment.
        FollowUpMeetings = "FOLLOW_UP_MEETINGS",
        /// Services that make the home work are in place when it is taken over.
        ServicesInPlace = "SERVICES_IN_PLACE",
        /// Only the household that applied moves in.
        HouseholdAsStated = "HOUSEHOLD_AS_STATED",
        /// The household takes part in looking for a lasting home.
        OwnEffort = "OWN_EFFORT",
    }
}

codes! {
    /// What a condition is for: it must have to do with the lease itself.
    pub enum ConditionPurpose {
        /// That the rent is paid.
        SecureRent = "SECURE_RENT",
        /// That the lease lasts.
        KeepTenancy = "KEEP_TENANCY",
        /// That the home is looked after.
        ProtectHome = "PROTECT_HOME",
        /// That neighbours are safe.
        SafeNeighbourhood = "SAFE_NEIGHBOURHOOD",
        /// That the home suits those who live there.
        RightUse = "RIGHT_USE",
        /// That the household can move on to a home of its own.
        MoveOn = "MOVE_ON",
    }
}

/// A condition of a decision. There is none in free words only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DecisionCondition)]
pub struct Condition {
    /// Which.
    pub kind: ConditionKind,
    /// What for.
    pub purpose: ConditionPurpose,
    /// Why it is needed in this case, for the letter.
    #[schema(min_length = 1, max_length = 1000)]
    pub because: String,
}

codes! {
    /// Another way to a home than the one that is decided on ("alternativ").
    pub enum AlternativeKind {
        /// Start loan ("startlån").
        StartLoan = "START_LOAN",
        /// Housing allowance ("bostøtte").
        HousingAllowance = "HOUSING_ALLOWANCE",
        /// A guarantee or other help of NAV for renting privately.
        NavGuarantee = "NAV_GUARANTEE",
        /// Renting privately.
        PrivateRental = "PRIVATE_RENTAL",
        /// Adapting the present home.
        AdaptPresentHome = "ADAPT_PRESENT_HOME",
        /// Staying in the present home, with services.
        ServicesAtHome = "SERVICES_AT_HOME",
        /// Low-threshold service ("lavterskeltilbud").
        LowThreshold = "LOW_THRESHOLD",
        /// Rehabilitation ("rehabilitering").
        Rehabilitation = "REHABILITATION",
        /// Day service ("dagtilbud").
        DayService = "DAY_SERVICE",
        /// A short stay ("korttidsopphold").
        ShortStay = "SHORT_STAY",
    }
}

codes! {
    /// What came of assessing an alternative.
    pub enum AlternativeResult {
        /// It answers the need.
        Suitable = "SUITABLE",
        /// It does not answer the need.
        NotSuitable = "NOT_SUITABLE",
        /// It would, and cannot be had.
        NotAvailable = "NOT_AVAILABLE",
        /// It was tried, and was not enough.
        TriedNotEnough = "TRIED_NOT_ENOUGH",
    }
}

/// An alternative that was assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alternative {
    /// Which.
    pub kind: AlternativeKind,
    /// What came of it.
    pub result: AlternativeResult,
    /// Since when it was tried, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_from: Option<Day>,
    /// Why so.
    #[schema(min_length = 1, max_length = 1000)]
    pub why: String,
}

/// What a decision says, in words: sealed under the applicant's key as a whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Why it is decided so.
    pub reasons: Reasons,
    /// On what terms.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// What else was assessed.
    #[serde(default)]
    pub alternatives: Vec<Alternative>,
    /// With what the household is helped, where assistance is granted.
    #[serde(default)]
    pub assistance: Vec<AssistanceForm>,
    /// The compartments in which lies what it says in words.
    #[serde(default, skip_serializing_if = "Rooms::is_none")]
    pub compartments: Rooms,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content")
    }
}

codes! {
    /// Why a proposal is sent back.
    pub enum ReturnReason {
        /// The reasons do not carry the outcome.
        ReasonsInsufficient = "REASONS_INSUFFICIENT",
        /// Facts are missing or have changed.
        FactsInsufficient = "FACTS_INSUFFICIENT",
        /// Another home or household should be considered.
        ConsiderOther = "CONSIDER_OTHER",
    }
}

codes! {
    /// Why a proposal fell without anybody having judged it.
    pub enum FallReason {
        /// The case has ended.
        CaseEnded = "CASE_ENDED",
        /// The case goes on in a way in which this cannot be decided, for example because it is assessed again.
        CaseMoved = "CASE_MOVED",
    }
}

impl FallReason {
    /// Why nothing can be decided in a case that stands so.
    #[must_use]
    pub const fn of(state: ApplicationState) -> Self {
        if state.is_open() {
            Self::CaseMoved
        } else {
            Self::CaseEnded
        }
    }
}

/// Why it is decided so: what forvaltningsloven § 25 demands. Sealed under the applicant's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reasons {
    /// The rules that were used.
    #[schema(min_items = 1, max_items = 20)]
    pub rules: Vec<String>,
    /// The facts on which it rests.
    #[schema(min_length = 1, max_length = 5000)]
    pub facts: String,
    /// The main considerations of the discretion.
    #[schema(min_length = 1, max_length = 5000)]
    pub considerations: String,
    /// What is best for the children (barnekonvensjonen art. 3); needed when children live in the household.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 5000)]
    pub childs_best_interest: Option<String>,
    /// Why this household and not one ranked above it; needed when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 5000)]
    pub deviation: Option<String>,
}

impl std::fmt::Debug for Reasons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reasons")
    }
}

/// By what a decision was reached; kept with it, codes and numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Basis {
    /// The moment of the proposal.
    pub as_of: Instant,
    /// The version of the rules.
    pub rule_set_id: RuleSetId,
    /// Its number within the municipality.
    pub rule_set_number: i32,
    /// SHA-256 of its canonical form.
    pub rule_set_sha256: String,
    /// The version of the matching engine.
    pub engine_version: String,
    /// SHA-256 of the snapshot of pool and home, in canonical JSON; none where no home is named.
    pub snapshot_sha256: Option<String>,
    /// The version of the pool that was seen; none where no home is named.
    #[serde(default)]
    pub pool_version: Option<i64>,
    /// How many households were compared; none where no home is named.
    pub pool_size: Option<usize>,
    /// Where the household stood among those who may have the home.
    pub rank: Option<usize>,
    /// Why it may have the home.
    pub explanation: Option<Explanation>,
}

impl Basis {
    /// Where the snapshot of pool and homes is kept.
    pub(super) fn snapshot(&self) -> Result<Hash, Problem> {
        let address = self.snapshot_sha256.as_deref().map(Hash::from_hex);
        match address {
            Some(Ok(address)) => Ok(address),
            _ => Err(Problem::internal("a decision on a home has no snapshot")),
        }
    }
}
