//! The nouns of a rule set: every number of law and policy that the matching engine reads.
//!
//! **What a rule set cannot say.** Conditions and score terms are closed sets of words, and none of them is ethnicity,
//! national origin, religion, language, sex, pregnancy, sexual orientation, political view, diagnosis, conviction,
//! income or age of the applicant, length of residence, or how somebody became homeless (likestillings- og
//! diskrimineringsloven § 6, husleieloven § 1-8). A rule set that names any of them does not parse: it is refused
//! before anybody could be ranked by it. Ages occur where the law of housing needs them: for a child's own room and, through the
//! home's own age window, for youth homes. Waiting time may be named once, as the last tie-breaker.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::criteria::{Criterion, Deadlines};
use super::offer_rules::OfferRules;
use super::referral::ReferralRules;
use crate::applications::{ApplicationType, Urgency};
use crate::codes;
use crate::housing::{Category, Feature};
use crate::situations::{SituationKind, SituationReason};
use crate::text::Text;

/// A municipality's allocation rules ("regelsett").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleSet {
    /// What people call it.
    pub name: Text,
    /// Where the rules come from: the council's resolution, or why they stand here.
    #[schema(min_length = 1, max_length = 2000)]
    pub basis: String,
    /// Who is younger than this is a child (vergemålsloven § 8).
    #[schema(minimum = 1, maximum = 25)]
    pub child_until_age: u8,
    /// How many bedrooms a household needs.
    pub bedrooms: BedroomNorm,
    /// Which homes are closed to whom.
    pub placement: PlacementRules,
    /// Who comes first.
    pub priority: PriorityRules,
    /// How well a home suits a household that may have it.
    pub scoring: ScoringRules,
    /// How long leases run.
    pub lease: LeaseRules,
    /// For how many months an inspection clears a home for letting (housing plan, measure 2.1.1: yearly). Where the stock's rules ask for
    /// inspections more often, theirs holds.
    #[schema(minimum = 1, maximum = 60)]
    pub inspection_valid_months: u8,
    /// How many days a household has to answer an offer.
    #[schema(minimum = 1, maximum = 60)]
    pub offer_answer_days: u8,
    /// What follows when an offer is not taken.
    #[serde(default)]
    pub offers: OfferRules,
    /// How much of a building under a referral agreement the municipality may fill.
    pub referral: ReferralRules,
    /// Who may be given a municipal home; everybody who needs one where nothing is said.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub eligibility: Vec<Criterion>,
    /// By when the municipality does what; the law's own deadlines where nothing is said.
    #[serde(default)]
    pub deadlines: Deadlines,
}

/// The norm for bedrooms ("romnorm"). The household's sexes play no part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BedroomNorm {
    /// Whether applicant and co-applicant share a room.
    pub couple_shares: bool,
    /// From this age a child has a room alone.
    #[schema(minimum = 0, maximum = 25)]
    pub own_room_from_age: u8,
    /// How many younger children share a room.
    #[schema(minimum = 1, maximum = 4)]
    pub younger_children_per_room: u8,
    /// From so many days a fortnight a child of shared custody ("delt bosted") counts as living here.
    #[schema(minimum = 1, maximum = 14)]
    pub shared_custody_days: u8,
    /// Kinds of home in which somebody who lives alone needs no bedroom apart from the living room.
    #[schema(max_items = 15)]
    pub no_bedroom_for_one_in: Vec<Category>,
}

/// Kinds of home that are closed to some households.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlacementRules {
    /// Where no child may live.
    #[schema(max_items = 15)]
    pub no_children_in: Vec<Category>,
    /// What may be given only when lower steps were recorded as tried (housing plan, on round-the-clock care).
    #[schema(max_items = 15)]
    pub lower_steps_first_for: Vec<Category>,
}

/// Who comes first: groups in order, then tie-breakers in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriorityRules {
    /// The groups, first come first. A household belongs to the first that it fits, or else to those who remain.
    #[schema(min_items = 1, max_items = 50)]
    pub groups: Vec<PriorityGroup>,
    /// What decides inside a group, in order. What is still equal then is decided by suitability, and at last by lot.
    #[schema(max_items = 4)]
    pub tie_breakers: Vec<TieBreaker>,
}

/// One priority group ("prioritert gruppe").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriorityGroup {
    /// Its stable code.
    #[schema(pattern = "^[A-Z][A-Z0-9_]{0,31}$", examples("ROOFLESS"))]
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Who belongs to it.
    pub when: Condition,
}

/// What can be asked about a household when it is put into a priority group. A closed vocabulary: see the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Condition {
    /// All of these hold.
    AllOf(Vec<Condition>),
    /// At least one of these holds.
    AnyOf(Vec<Condition>),
    /// The household is in this situation.
    Situation(SituationKind),
    /// The household is in its situation for this reason.
    Reason(SituationReason),
    /// The need is at least this urgent.
    UrgencyAtLeast(Urgency),
    /// This is what was applied for.
    ApplicationType(ApplicationType),
    /// The household may be given this kind of home.
    AsksFor(Category),
    /// The household needs this feature.
    NeedsFeature(Feature),
    /// A child lives in the household.
    HasChildren,
    /// The household loses its home by demolition, or has the right to a replacement.
    DisplacedByDemolition,
    /// Somebody cannot use a home that is not accessible.
    NeedsAccessibility,
    /// The household needs services on the spot.
    NeedsServices,
}

codes! {
    /// What decides between two households of one priority group.
    pub enum TieBreaker {
        /// The more urgent first.
        Urgency = "URGENCY",
        /// Without a home before at risk before unsuitably housed.
        Situation = "SITUATION",
        /// With children before without.
        Children = "CHILDREN",
        /// The earlier application first. Only as the last resort, and not at all where local rules forbid it.
        ReceivedOn = "RECEIVED_ON",
    }
}

/// How well a home suits a household: named terms of 0 to 1000 points and their weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScoringRules {
    /// What counts and how much. A term that is not named does not count.
    #[schema(min_items = 1, max_items = 11)]
    pub weights: Vec<Weight>,
    /// What takes points away.
    pub points_lost: PointsLost,
    /// Features that should go to those who need them.
    #[schema(max_items = 10)]
    pub scarce_features: Vec<Feature>,
    /// The path to an ordinary home, step by step (housing plan, measure 3.3.2).
    #[schema(max_items = 15)]
    pub path: Vec<Category>,
    /// How a household's ability to pay is estimated.
    pub affordability: Affordability,
}

/// The weight of one term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Weight {
    /// The term.
    pub term: Term,
    /// Its weight, relative to the sum of all weights.
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: u16,
}

codes! {
    /// A reason why a home suits a household more or less.
    pub enum Term {
        /// No more bedrooms than needed.
        SizeFit = "SIZE_FIT",
        /// An area that the household wished for.
        WishedArea = "WISHED_AREA",
        /// The kind of home that stands first among those that the household may be given.
        WishedCategory = "WISHED_CATEGORY",
        /// The children stay at their school or kindergarten.
        SchoolStability = "SCHOOL_STABILITY",
        /// The household can pay the rent, with an estimated housing allowance.
        Affordability = "AFFORDABILITY",
        /// Pets are allowed for a household that keeps one.
        Pet = "PET",
        /// Quiet surroundings for a household that leaves violence or a harmful neighbourhood.
        Quiet = "QUIET",
        /// The next step on the path to an ordinary home.
        HousingPath = "HOUSING_PATH",
        /// Scarce features go to those who need them.
        ScarceFeatures = "SCARCE_FEATURES",
        /// A home that may be bought one day for a household that could come to own it.
        RentToOwn = "RENT_TO_OWN",
        /// No heap of demanding homes in the building of a household that is sensitive to it ("bomiljø").
        NeighbourhoodMix = "NEIGHBOURHOOD_MIX",
    }
}

/// Points that a term loses, of 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointsLost {
    /// For each bedroom more than needed.
    #[schema(maximum = 1000)]
    pub per_surplus_bedroom: u16,
    /// For each place down the list of wished areas.
    #[schema(maximum = 1000)]
    pub per_later_area_wish: u16,
    /// For each place down the list of kinds of home.
    #[schema(maximum = 1000)]
    pub per_later_category: u16,
    /// For each scarce feature that the household does not need.
    #[schema(maximum = 1000)]
    pub per_unneeded_scarce_feature: u16,
    /// For each other home in the building of a kind in which no child may live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1000)]
    pub per_demanding_neighbour: Option<u16>,
}

/// How a household's ability to pay is estimated. The housing allowance ("bostøtte") is Husbanken's to grant: this is an estimate
/// for comparing homes, never a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Affordability {
    /// No points are given when the rent after allowance reaches this percentage of the household's means.
    #[schema(minimum = 101, maximum = 1000)]
    pub unaffordable_at_percent: u16,
    /// The share of accepted costs above the own share that the allowance covers, in thousandths.
    #[schema(maximum = 1000)]
    pub cover_permille: u16,
    /// The own share as a part of the household's means, in thousandths.
    #[schema(maximum = 1000)]
    pub own_share_permille: u16,
    /// The amounts by size of household, smallest first; the last one is for all that are larger.
    #[schema(min_items = 1, max_items = 10)]
    pub brackets: Vec<AllowanceBracket>,
}

/// The amounts of the housing allowance for one size of household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AllowanceBracket {
    /// For so many persons.
    #[schema(minimum = 1, maximum = 20)]
    pub persons: u8,
    /// The highest monthly cost that is accepted ("boutgiftstak"), in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub cost_ceiling_ore: i64,
    /// The least that the household pays itself a month ("minste egenandel"), in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub least_own_share_ore: i64,
}

/// How long leases run, in months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseRules {
    /// The ordinary length (husleieloven § 9-3: at least three years).
    #[schema(minimum = 1, maximum = 240)]
    pub standard_months: u16,
    /// The longest, which takes a reasoned decision (housing plan, measure 2.1.3).
    #[schema(minimum = 1, maximum = 240)]
    pub extended_months: u16,
    /// The reasons for which the longest may be given.
    #[schema(max_items = 4)]
    pub extended_for: Vec<ExtensionReason>,
    /// The length in the kinds of home that are let for a short time, on another factual ground.
    #[schema(minimum = 1, maximum = 240)]
    pub short_months: u16,
    /// The kinds of home that are let for a short time.
    #[schema(max_items = 15)]
    pub short_for: Vec<Category>,
}

codes! {
    /// Why a lease may run for longer than the ordinary time.
    pub enum ExtensionReason {
        /// Newly settled by agreement with the state.
        NewlySettledRefugee = "NEWLY_SETTLED_REFUGEE",
        /// Special needs, assessed by the allocation team.
        SpecialNeeds = "SPECIAL_NEEDS",
        /// The children's schooling.
        ChildrensSchooling = "CHILDRENS_SCHOOLING",
        /// A replacement for a home that was demolished.
        Replacement = "REPLACEMENT",
    }
}

impl LeaseRules {
    /// The shortest lease that a household is offered in this kind of home.
    #[must_use]
    pub fn months_in(&self, category: Category) -> u16 {
        if self.short_for.contains(&category) {
            self.short_months
        } else {
            self.standard_months
        }
    }
}

impl RuleSet {
    /// The example that the service ships: the housing plan of Stjørdal, with numbers that a municipality must set itself.
    ///
    /// The text is data beside this file, so that it can be read, copied and changed without Rust.
    pub const EXAMPLE_JSON: &str = include_str!("examples/stjordal.json");

    /// All examples that the service ships, by name: rules after the published criteria of real municipalities.
    #[must_use]
    pub const fn examples() -> &'static [(&'static str, &'static str)] {
        &[
            ("stjordal", Self::EXAMPLE_JSON),
            ("kristiansund", include_str!("examples/kristiansund.json")),
            ("bergen", include_str!("examples/bergen.json")),
            ("kongsvinger", include_str!("examples/kongsvinger.json")),
            ("bodo", include_str!("examples/bodo.json")),
            ("stad", include_str!("examples/stad.json")),
            ("harstad", include_str!("examples/harstad.json")),
            ("tynset", include_str!("examples/tynset.json")),
            ("trondheim", include_str!("examples/trondheim.json")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_example_parses_and_has_no_fault() {
        let rules: RuleSet = serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap();
        assert_eq!(rules.faults(), Vec::new());
    }

    #[test]
    fn a_prohibited_attribute_does_not_parse() {
        for condition in [
            "\"religion\"",
            "{\"nationality\":\"NO\"}",
            "{\"applicantAge\":70}",
        ] {
            assert!(
                serde_json::from_str::<Condition>(condition).is_err(),
                "{condition}"
            );
        }
    }
}
