//! The nouns of eligibility.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Compartment, Compartmented, Open};
use crate::applications::ApplicationType;
use crate::clock::Day;
use crate::codes;
use crate::rulesets::Strictness;
use crate::situations::{SituationReason, Source};
use crate::text::Text;

codes! {
    /// On what ground somebody stays in Norway ("oppholdsgrunnlag"), as far as the criteria ask.
    pub enum LawfulStay {
        /// Lawfully, whatever the ground: nationality plays no part.
        Lawful = "LAWFUL",
        /// Not lawfully.
        Unlawful = "UNLAWFUL",
    }
}

/// What is known of an applicant and a household besides who they are: economy, residence, stay. Sealed as a whole.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Circumstances {
    /// Whether the applicant stays in Norway lawfully.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stay: Option<LawfulStay>,
    /// Since when the applicant is registered in the municipality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_since: Option<Day>,
    /// Whether the household has another near tie to the municipality, such as work, school or family.
    #[serde(default)]
    pub has_near_tie: bool,
    /// The household's gross income a year, in øre, of those whose income counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 2_000_000_000)]
    pub gross_income_ore: Option<i64>,
    /// The year of that income.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 2000, maximum = 2100)]
    pub income_year: Option<i16>,
    /// What is owed to the municipality for rent, in øre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub arrears_ore: Option<i64>,
    /// Whether a plan for paying it back is agreed and kept.
    #[serde(default)]
    pub keeps_repayment_plan: bool,
    /// The last day on which the household was evicted from a municipal home; absent when it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evicted_on: Option<Day>,
    /// The day on which the present lease ends without being renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_ends_on: Option<Day>,
    /// Whether the household can get a suitable home by itself or with other help, as the caseworker has assessed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can_find_home_alone: Option<bool>,
    /// Where this comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Circumstances as they are shown to somebody.
pub type OpenCircumstances = Open<Circumstances>;

impl Compartmented for Circumstances {
    const MEMBERS: &'static [(&'static str, Compartment)] = &[
        ("grossIncomeOre", Compartment::Economy),
        ("incomeYear", Compartment::Economy),
        ("arrearsOre", Compartment::Economy),
        ("keepsRepaymentPlan", Compartment::Economy),
        ("evictedOn", Compartment::Economy),
        ("source", Compartment::Health),
        ("source", Compartment::Crime),
        ("source", Compartment::ChildWelfare),
    ];

    fn lies_in(&self, member: &str, compartment: Compartment) -> bool {
        let source = self.source.and_then(Source::compartment);
        member != "source" || source == Some(compartment)
    }
}

impl std::fmt::Debug for Circumstances {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Circumstances")
    }
}

/// All that the criteria may ask about.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// When the applicant was born.
    pub born_on: Day,
    /// Whether a child lives in the household.
    pub has_children: bool,
    /// How many belong to the household.
    pub persons: usize,
    /// What is applied for.
    pub kind: ApplicationType,
    /// Whether the household lived in a municipal home when it applied.
    pub is_municipal_tenant: bool,
    /// Why the household is in its present situations.
    pub reasons: Vec<SituationReason>,
    /// What else is known; nothing where it was not recorded.
    pub circumstances: Circumstances,
}

codes! {
    /// Whether a criterion is fulfilled.
    pub enum EligibilityResult {
        /// It is.
        Fulfilled = "FULFILLED",
        /// It does not hold for this household.
        Exempt = "EXEMPT",
        /// It is not.
        NotFulfilled = "NOT_FULFILLED",
        /// Not enough is known.
        Unknown = "UNKNOWN",
    }
}

/// One criterion applied to one household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriterionFinding {
    /// The criterion.
    pub code: String,
    /// What it asks for.
    pub name: Text,
    /// How strictly.
    pub strictness: Strictness,
    /// Whether it is fulfilled.
    pub result: EligibilityResult,
    /// What was compared.
    pub because: Text,
}

codes! {
    /// What came of assessing an exception from a criterion that holds normally.
    pub enum ExceptionConclusion {
        /// There is no ground for one: the criterion stands.
        Stands = "STANDS",
        /// There is: the criterion is set aside in this case.
        SetAside = "SET_ASIDE",
    }
}
