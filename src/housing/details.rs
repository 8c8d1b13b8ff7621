//! What is known of a home beside what everybody chooses by: its building, its surroundings, its rent in parts, its condition.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Day;
use crate::codes;

codes! {
    /// What kind of building a home is in ("boligtype" of the cadastre's building types).
    pub enum DwellingKind {
        /// A flat in a block ("leilighet").
        Flat = "FLAT",
        /// A house of its own ("enebolig").
        Detached = "DETACHED",
        /// Half of a house, or one of a few ("tomannsbolig", "firemannsbolig").
        SemiDetached = "SEMI_DETACHED",
        /// One of a row ("rekkehus").
        Terraced = "TERRACED",
        /// A room with its own lease ("hybel", "rom i bofellesskap").
        Room = "ROOM",
        /// A small house that stands alone ("småhus").
        SmallHouse = "SMALL_HOUSE",
    }
}

codes! {
    /// What a part of the rent is for ("leiekomponent").
    pub enum RentPartKind {
        /// The home itself ("grunnleie").
        Base = "BASE",
        /// Heating and hot water.
        Heating = "HEATING",
        /// Electricity.
        Electricity = "ELECTRICITY",
        /// Water and sewage.
        WaterAndSewage = "WATER_AND_SEWAGE",
        /// Internet and television.
        Internet = "INTERNET",
        /// A parking place.
        Parking = "PARKING",
        /// Furniture that is let with the home.
        Furniture = "FURNITURE",
        /// Common rooms and their upkeep ("felleskostnader").
        CommonCosts = "COMMON_COSTS",
    }
}

codes! {
    /// What the surroundings are like ("nabolag").
    pub enum Neighbourhood {
        /// Little traffic and few neighbours.
        QuietStreet = "QUIET_STREET",
        /// A school within walking distance.
        NearSchool = "NEAR_SCHOOL",
        /// A kindergarten within walking distance.
        NearKindergarten = "NEAR_KINDERGARTEN",
        /// A bus or train within walking distance.
        NearTransport = "NEAR_TRANSPORT",
        /// Shops within walking distance.
        NearShops = "NEAR_SHOPS",
        /// Health services within walking distance.
        NearHealthServices = "NEAR_HEALTH_SERVICES",
        /// Far from other municipal homes.
        Dispersed = "DISPERSED",
        /// Among many other municipal homes.
        Clustered = "CLUSTERED",
        /// Without neighbours wall to wall.
        NoSharedWalls = "NO_SHARED_WALLS",
    }
}

codes! {
    /// The condition as NS 3600 grades it ("tilstandsgrad").
    pub enum ConditionClass {
        /// No deviations.
        Tg0 = "TG0",
        /// Slight deviations.
        Tg1 = "TG1",
        /// Considerable deviations.
        Tg2 = "TG2",
        /// Large or grave deviations.
        Tg3 = "TG3",
    }
}

codes! {
    /// The energy mark ("energimerke").
    pub enum EnergyClass {
        /// Uses least.
        A = "ENERGY_A",
        /// B.
        B = "ENERGY_B",
        /// C.
        C = "ENERGY_C",
        /// D.
        D = "ENERGY_D",
        /// E.
        E = "ENERGY_E",
        /// F.
        F = "ENERGY_F",
        /// Uses most.
        G = "ENERGY_G",
    }
}

/// A part of the rent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RentPart {
    /// What for.
    pub kind: RentPartKind,
    /// How much a month, in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub ore: i64,
}

/// What else is known of a home.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Details {
    /// What kind of building it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DwellingKind>,
    /// The rent in its parts, each kind once; where any is given, they add up to the rent.
    #[schema(max_items = 8)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rent_parts: Vec<RentPart>,
    /// What the surroundings are like.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub neighbourhood: BTreeSet<Neighbourhood>,
    /// The condition, as last assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_class: Option<ConditionClass>,
    /// The energy mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_class: Option<EnergyClass>,
    /// Whether a tenant could buy it ("leie til eie").
    #[serde(skip_serializing_if = "is_false")]
    pub rent_to_own: bool,
    /// Whether it qualifies for compensation of value-added tax (merverdiavgiftskompensasjonsloven § 4).
    #[serde(skip_serializing_if = "is_false")]
    pub vat_compensation: bool,
    /// On which day the cadastre was last found to say the same of its address, unit and area, by asking it or by hand. Absent of a home
    /// that was never compared, or of which something else was registered since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadastre_agreed_on: Option<Day>,
    /// When a planned home is to be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<Day>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
const fn is_false(it: &bool) -> bool {
    !*it
}
