//! The nouns of a case: what is applied for and what the household needs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Compartment, Compartmented, Open};
use crate::codes;
use crate::housing::{Category, Feature, Service};
use crate::ids::HouseholdId;

codes! {
    /// What is applied for ("søknadstype").
    pub enum ApplicationType {
        /// A first municipal home ("ny søknad").
        New = "NEW",
        /// Another municipal home ("bytte").
        Transfer = "TRANSFER",
        /// A longer lease ("forlengelse").
        Renewal = "RENEWAL",
        /// A permanent home after demolition ("erstatningsbolig").
        Replacement = "REPLACEMENT",
        /// Settlement by agreement with the state; nobody applies ("bosetting").
        RefugeeSettlement = "REFUGEE_SETTLEMENT",
        /// Sent by NAV, health or child welfare ("henvisning").
        ReferralFromService = "REFERRAL_FROM_SERVICE",
        /// Help to get or keep a home, not a municipal home ("bistand").
        AssistanceOnly = "ASSISTANCE_ONLY",
    }
}

codes! {
    /// How soon the household must have a home ("hastegrad"), assessed by the caseworker.
    pub enum Urgency {
        /// Today or this week.
        Acute = "ACUTE",
        /// Within a month.
        High = "HIGH",
        /// Within three months.
        Normal = "NORMAL",
    }
}

/// What a household needs of a home ("behovsprofil"). Derived codes only: diagnoses and grounds are kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Needs {
    /// The kinds of home that the household may be given, in order of preference; at least one.
    #[schema(min_items = 1, max_items = 15)]
    pub categories: Vec<Category>,
    /// How soon.
    pub urgency: Urgency,
    /// Bedrooms beyond the municipality's norm for the household, for example for an assistant.
    #[serde(default)]
    #[schema(maximum = 5)]
    pub extra_bedrooms: u8,
    /// Features without which a home cannot be used.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub features: Vec<Feature>,
    /// The highest floor that can be reached where there is no lift; absent when stairs are no obstacle.
    #[serde(default)]
    #[schema(minimum = -1, maximum = 30)]
    pub highest_floor_without_lift: Option<i16>,
    /// Services that must be available on the spot.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub services: Vec<Service>,
    /// Areas wished for ("ønsket område"), in order. A wish, never a demand.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub wished_areas: Vec<AreaCode>,
    /// Areas where the household would not be safe or must not live ("utelukket område").
    #[serde(default)]
    #[schema(max_items = 20)]
    pub excluded_areas: Vec<AreaCode>,
    /// Households near which it would not be safe or must not live: not in the same building ("utelukket nabo").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub excluded_households: Vec<HouseholdId>,
    /// The area where the children go to school or kindergarten.
    #[serde(default)]
    pub school_area: Option<AreaCode>,
    /// Whether the household keeps a pet.
    #[serde(default)]
    pub has_pet: bool,
    /// Whether the household could come to own a home that it rents first ("leie til eie"), as assessed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub could_come_to_own: bool,
    /// What the household can pay a month in all, in øre, before housing allowance; absent when not assessed.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub monthly_means_ore: Option<i64>,
    /// Whether low-threshold service, rehabilitation, day service, short stay and home services were recorded as assessed,
    /// tried and not suitable. Round-the-clock care may be given only then (housing plan).
    #[serde(default)]
    pub lower_steps_tried: bool,
}

impl Needs {
    /// The compartments in which something of them lies.
    pub fn compartments(&self) -> impl Iterator<Item = Compartment> {
        let is_of_health = self.extra_bedrooms > 0
            || !self.features.is_empty()
            || self.highest_floor_without_lift.is_some()
            || !self.services.is_empty()
            || self.lower_steps_tried;
        let is_of_economy = self.could_come_to_own || self.monthly_means_ore.is_some();
        let of_each = [
            (Compartment::Health, is_of_health),
            (Compartment::Economy, is_of_economy),
            (Compartment::Crime, !self.excluded_households.is_empty()),
        ];
        let of_it = of_each.into_iter().filter(|(_, is_of_it)| *is_of_it);
        of_it.map(|(compartment, _)| compartment)
    }

    /// The same, silent about where the household wishes to be, must not be, or sends its children to school.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        self.wished_areas.clear();
        self.excluded_areas.clear();
        self.school_area = None;
        self
    }
}

/// Needs as they are shown to somebody.
pub type OpenNeeds = Open<Needs>;

impl Compartmented for Needs {
    const MEMBERS: &'static [(&'static str, Compartment)] = &[
        ("extraBedrooms", Compartment::Health),
        ("features", Compartment::Health),
        ("highestFloorWithoutLift", Compartment::Health),
        ("services", Compartment::Health),
        ("lowerStepsTried", Compartment::Health),
        ("couldComeToOwn", Compartment::Economy),
        ("monthlyMeansOre", Compartment::Economy),
        // Near whom a household would not be safe.
        ("excludedHouseholds", Compartment::Crime),
    ];
}

/// A part of the municipality, by the municipality's own code ("område"), for example `SENTRUM`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[A-Z0-9_]{1,32}$", examples("SENTRUM"))]
pub struct AreaCode(pub String);
