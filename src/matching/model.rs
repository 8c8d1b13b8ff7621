//! What the matching engine is told: the households that wait, the homes, and the day on which it is asked.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::applications::{ApplicationType, AreaCode, Needs};
use crate::clock::Day;
use crate::housing::{Category, DwellingState, Feature, FindingArea, Service, Tenure};
use crate::ids::{ApplicationId, DwellingId, HouseholdId, ReferralAgreementId};
use crate::people::{AddressProtection, MemberRole};
use crate::rulesets::ReferralRules;
use crate::situations::SituationReason;

/// Everything that a match depends on besides the rule set. Kept with a decision, it lets anybody compute the match again.
///
/// It holds pseudonymous ids and derived codes only: no name, no national id, no address, no diagnosis. Whether protected
/// households are in it at all is for the caller to decide, by what the reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// The day on which ages, inspections and windows are reckoned.
    pub as_of: Day,
    /// Those who wait, one application each; their order has no meaning.
    pub households: Vec<HouseholdFacts>,
    /// The homes; their order has no meaning.
    pub homes: Vec<HomeFacts>,
}

impl Snapshot {
    /// The household behind an application.
    #[must_use]
    pub fn find_household(&self, application: ApplicationId) -> Option<&HouseholdFacts> {
        self.households
            .iter()
            .find(|facts| facts.application_id == application)
    }

    /// A home.
    #[must_use]
    pub fn find_home(&self, dwelling: DwellingId) -> Option<&HomeFacts> {
        self.homes
            .iter()
            .find(|facts| facts.dwelling_id == dwelling)
    }
}

/// A household that waits for a home, as far as matching may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HouseholdFacts {
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// What was applied for.
    pub application_type: ApplicationType,
    /// The day on which the application was received.
    pub received_on: Day,
    /// Who lives in it.
    #[schema(min_items = 1, max_items = 30)]
    pub members: Vec<MemberFacts>,
    /// Why it is in its situation; each reason tells the situation.
    #[schema(max_items = 20)]
    pub situations: Vec<SituationReason>,
    /// What it needs of a home.
    pub needs: Needs,
    /// The strictest protection of any member's address.
    pub protection: AddressProtection,
    /// The kind of municipal home in which it lives now, if any: its step on the path to an ordinary home.
    pub lives_in: Option<Category>,
    /// The priority group to which the outcome of an appeal raised it, whatever else is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_to: Option<String>,
}

/// A member of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MemberFacts {
    /// What the member is in the household.
    pub role: MemberRole,
    /// Day of birth; lies ahead for a child that is expected.
    pub born_on: Day,
    /// On how many days of a fortnight the member lives here; 14 is always.
    #[schema(minimum = 0, maximum = 14)]
    pub residence_days: u8,
}

/// A home, as far as matching must know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HomeFacts {
    /// The home.
    pub dwelling_id: DwellingId,
    /// Where it stands in its life; only an available home can be let.
    pub state: DwellingState,
    /// What it is for.
    pub category: Category,
    /// Bedrooms, for each place.
    #[schema(maximum = 20)]
    pub bedrooms: u8,
    /// How many persons each place holds.
    #[schema(minimum = 1, maximum = 30)]
    pub capacity: u8,
    /// Places that are free today, each with its own lease; more than one in shared housing.
    #[schema(minimum = 1, maximum = 200)]
    pub places: u8,
    /// The floor of the entrance.
    #[schema(minimum = -2, maximum = 60)]
    pub floor: i16,
    /// What it has.
    #[schema(max_items = 10)]
    pub features: Vec<Feature>,
    /// Services that can be given on the spot.
    #[schema(max_items = 4)]
    pub services: Vec<Service>,
    /// Where it lies.
    pub area: AreaCode,
    /// The ages for which it was built, if any.
    pub age_window: Option<AgeWindow>,
    /// Rent a month, in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub rent_ore: i64,
    /// The last inspection.
    pub last_inspected_on: Option<Day>,
    /// What was found there and bars letting; absent in snapshots from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barring_finding: Option<FindingArea>,
    /// The last inspection, where the next is overdue; absent in snapshots from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_inspection_on: Option<Day>,
    /// From this day it will be demolished or handed back.
    pub demolition_from: Option<Day>,
    /// The referral agreement under which it is let, if any.
    pub referral: Option<ReferralFacts>,
    /// Whether it may house somebody with a protected address.
    pub cleared_for_protected: bool,
    /// By what right the municipality disposes of it; absent in snapshots from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    /// The other homes of the stock in the same building, by kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 15)]
    pub neighbours: Vec<Neighbours>,
    /// The home that stands for its building, the same for all homes there; absent where the stock has no other home in it, and in
    /// snapshots from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<DwellingId>,
    /// Of the households that live in the same building, or for which a home there is held, those near which somebody who waits must not live.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub residents: Vec<HouseholdId>,
}

/// Other homes in the same building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Neighbours {
    /// What they are for.
    pub category: Category,
    /// How many of them there are.
    pub homes: u16,
}

/// The ages for which a home was built, both ends included ("15–25 år").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgeWindow {
    /// The youngest age.
    pub youngest: u8,
    /// The oldest age.
    pub oldest: u8,
}

/// A referral agreement, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralFacts {
    /// The agreement; homes of one agreement share its quota.
    pub agreement_id: ReferralAgreementId,
    /// The units of the building.
    pub units: u16,
    /// The units that the municipality uses already.
    pub units_in_use: u16,
    /// How many it may use by the agreement itself; absent in snapshots from before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_units: Option<u16>,
}

impl ReferralFacts {
    /// How many units the municipality may use: as the rules say, and no more than the agreement itself allows.
    #[must_use]
    pub fn usable(&self, rules: &ReferralRules) -> u16 {
        let by_rules = rules.usable_units(self.units);
        self.usable_units.map_or(by_rules, |own| own.min(by_rules))
    }
}
