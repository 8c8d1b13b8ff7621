//! Who may be given a municipal home ("tildelingskriterier"), in a closed vocabulary, and the municipality's deadlines.
//!
//! Like the conditions of priority, the vocabulary has no word for what must not count (domain of likestillings- og
//! diskrimineringsloven § 6 and husleieloven § 1-8). Age occurs as coming of age only, income as a ceiling, residence as a local
//! rule for municipal homes: help under boligsosialloven is never measured by these criteria.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::calendar::Term;
use crate::codes;
use crate::text::Text;

codes! {
    /// How strictly a criterion is meant.
    pub enum Strictness {
        /// Who does not fulfil it is given no municipal home ("må").
        Must = "MUST",
        /// It is fulfilled as a rule ("som hovedregel"): before a refusal an exception must be assessed, and may be made.
        Normally = "NORMALLY",
    }
}

codes! {
    /// For whom a criterion does not hold.
    pub enum Exemption {
        /// Settled by agreement with the state.
        SettlementAgreement = "SETTLEMENT_AGREEMENT",
        /// Cares for an own child who lives in the household.
        CaresForChild = "CARES_FOR_CHILD",
        /// Has another near tie to the municipality.
        NearTie = "NEAR_TIE",
        /// Lives in a municipal home already and applies for another, for longer, or for a replacement.
        MunicipalTenant = "MUNICIPAL_TENANT",
    }
}

/// One criterion of the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Its stable code.
    #[schema(pattern = "^[A-Z][A-Z0-9_]{0,31}$", examples("RESIDENCE"))]
    pub code: String,
    /// What it asks for.
    pub name: Text,
    /// How strictly.
    pub strictness: Strictness,
    /// What must be so.
    pub requires: Requirement,
    /// For whom it does not hold.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub except: Vec<Exemption>,
}

/// What a criterion may ask for. A closed vocabulary: see the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Requirement {
    /// The applicant is so many years of age, 18 at most.
    AgeAtLeast(u8),
    /// The applicant stays in Norway lawfully.
    LawfulStay,
    /// The applicant has lived in the municipality for so many months, according to the register.
    ResidentForMonths(u16),
    /// The household has no home of its own, an unsuitable one, or one that it loses within so many months.
    NoSuitableHomeWithinMonths(u8),
    /// The household cannot get a suitable home by itself or with other help.
    CannotFindHomeAlone,
    /// The household's gross income is not above this, in thousandths of G, by its size: smallest first, the last one for all that
    /// are larger.
    IncomeAtMost(Vec<IncomeCeiling>),
    /// Nothing is owed to the municipality for rent, or a plan for paying it back is kept.
    ArrearsSettledOrInPlan,
    /// Nothing is owed to the municipality for rent.
    ArrearsSettled,
    /// The household was not evicted from a municipal home within so many months.
    NotEvictedWithinMonths(u8),
}

/// The highest income for one size of household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncomeCeiling {
    /// For so many persons.
    #[schema(minimum = 1, maximum = 20)]
    pub persons: u8,
    /// In thousandths of the basic amount of the national insurance ("grunnbeløpet, G").
    #[schema(minimum = 1, maximum = 20_000)]
    pub permille_of_g: u16,
}

/// By when the municipality does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Deadlines {
    /// A decision, or else an interim reply, from receipt (forvaltningsloven § 11 a: one month; stricter locally).
    pub decision_or_reply: Term,
    /// How long before a promised day a notice of delay goes out at the latest, in working days.
    #[schema(maximum = 20)]
    pub delay_notice_working_days: u8,
    /// How long a decision that grants a home holds while the household waits; without end where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_valid_for: Option<Term>,
    /// How many months before its end the renewal of a lease is assessed.
    #[schema(minimum = 1, maximum = 24)]
    pub renewal_review_months: u8,
    /// A longer time for appeals than the law gives; the law's where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal_weeks: Option<u8>,
    /// How many days a draft of an application is kept.
    #[schema(minimum = 1, maximum = 365)]
    pub draft_kept_days: u16,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            decision_or_reply: Term::Months(1),
            delay_notice_working_days: 2,
            grant_valid_for: None,
            renewal_review_months: 6,
            appeal_weeks: None,
            draft_kept_days: 30,
        }
    }
}
