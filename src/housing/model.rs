//! The nouns of the municipal housing stock.

use std::collections::BTreeSet;

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::{DwellingId, MeasureId, MunicipalityId};

codes! {
    /// What a lettable unit is for ("boligkategori"), with all kinds that the housing plan names.
    pub enum Category {
        /// "Ordinær kommunal utleiebolig".
        Ordinary = "ORDINARY",
        /// "Hybel", one room.
        Bedsit = "BEDSIT",
        /// "Robust bolig", reinforced and tolerant.
        Robust = "ROBUST",
        /// "Robust omsorgsbolig", for particularly challenging behaviour.
        RobustCare = "ROBUST_CARE",
        /// "Testleilighet", the step from robust to ordinary.
        Test = "TEST",
        /// "Treningsleilighet", for building skills in living on one's own.
        Training = "TRAINING",
        /// "Omsorgsbolig".
        Care = "CARE",
        /// "Bofellesskap", a cluster with common rooms.
        SharedHousing = "SHARED_HOUSING",
        /// "Bolig med heldøgns omsorg".
        RoundTheClockCare = "ROUND_THE_CLOCK_CARE",
        /// "Trygghetsbolig", between ordinary home and care.
        AssistedSenior = "ASSISTED_SENIOR",
        /// "Ungdomsbolig", for those from 15 to 25.
        Youth = "YOUTH_15_25",
        /// "Barne- og avlastningsbolig".
        ChildRespite = "CHILD_RESPITE",
        /// "Avvergerbolig", together with the child welfare duty service.
        CrisisDiversion = "CRISIS_DIVERSION",
        /// "Midlertidig botilbud".
        Temporary = "TEMPORARY",
        /// "Erstatningsbolig", for residents displaced by demolition.
        Replacement = "REPLACEMENT",
    }
}

codes! {
    /// By what right the municipality disposes of the unit ("disposisjonsform"), as KOSTRA counts it.
    pub enum Tenure {
        /// Owned by the municipality.
        Owned = "OWNED",
        /// Leased in from a private owner.
        LeasedIn = "LEASED_IN",
        /// Private, with a municipal right of disposal.
        PrivateWithRight = "PRIVATE_WITH_RIGHT",
        /// A share in a housing co-operative.
        CoopShare = "COOP_SHARE",
    }
}

codes! {
    /// What a unit has, or a household needs ("egenskap").
    pub enum Feature {
        /// Step-free entrance and inside.
        StepFree = "STEP_FREE",
        /// Usable by somebody in a wheelchair.
        Wheelchair = "WHEELCHAIR",
        /// A lift to the door.
        Lift = "LIFT",
        /// Adapted bathroom.
        AdaptedBath = "ADAPTED_BATH",
        /// Welfare technology installed.
        WelfareTechnology = "WELFARE_TECHNOLOGY",
        /// Reinforced surfaces and fittings.
        Reinforced = "REINFORCED",
        /// Sprinkler.
        Sprinkler = "SPRINKLER",
        /// Pets are allowed.
        PetsAllowed = "PETS_ALLOWED",
        /// Let with furniture.
        Furnished = "FURNISHED",
        /// Quiet surroundings.
        Quiet = "QUIET",
    }
}

codes! {
    /// A service that can be given on the spot ("tjeneste på stedet").
    pub enum Service {
        /// Staff who visit during the day.
        Ambulant = "AMBULANT",
        /// Somebody who coaches in keeping a home ("boveileder").
        TenancyCoach = "TENANCY_COACH",
        /// Staff on the premises by day.
        StaffedByDay = "STAFFED_BY_DAY",
        /// Staff on the premises day and night.
        StaffedRoundTheClock = "STAFFED_ROUND_THE_CLOCK",
    }
}

codes! {
    /// Where a unit stands in its life ("status").
    pub enum DwellingState {
        /// Planned by the housing plan, not begun.
        Planned = "PLANNED",
        /// Being built or bought.
        UnderConstruction = "UNDER_CONSTRUCTION",
        /// May be let today.
        Available = "AVAILABLE",
        /// Held for one household by a proposal.
        Reserved = "RESERVED",
        /// Decided for one household, not moved in.
        Allocated = "ALLOCATED",
        /// Lived in.
        Occupied = "OCCUPIED",
        /// Lived in, notice given.
        NoticeGiven = "NOTICE_GIVEN",
        /// Being made ready between tenants.
        Turnover = "TURNOVER",
        /// Under repair.
        UnderRepair = "UNDER_REPAIR",
        /// Must not be let, for a reason that is recorded.
        Blocked = "BLOCKED",
        /// Will be demolished.
        DemolitionPlanned = "DEMOLITION_PLANNED",
        /// Sold, demolished or handed back. The record stays.
        Disposed = "DISPOSED",
    }
}

codes! {
    /// Why a home must not be let ("sperregrunn").
    pub enum BlockReason {
        /// Fire safety is not as it must be.
        FireSafety = "FIRE_SAFETY",
        /// Damp, mould, pests or another danger to health.
        HealthHazard = "HEALTH_HAZARD",
        /// Damaged so that nobody can live there.
        Damage = "DAMAGE",
        /// The neighbourhood makes letting indefensible for a while.
        Neighbourhood = "NEIGHBOURHOOD",
        /// The right to dispose of it is disputed or running out.
        DisposalRight = "DISPOSAL_RIGHT",
        /// Kept free on purpose, for example for displaced residents.
        KeptFree = "KEPT_FREE",
    }
}

codes! {
    /// Why a home is repaired.
    pub enum RepairReason {
        /// Ordinary wear.
        Wear = "WEAR",
        /// Damage beyond wear.
        Damage = "DAMAGE",
        /// A fault found by inspection.
        Inspection = "INSPECTION",
        /// Made accessible or otherwise fitted to a need.
        Adaptation = "ADAPTATION",
        /// Renewed or made to use less energy.
        Upgrade = "UPGRADE",
    }
}

codes! {
    /// How a home left the stock.
    pub enum DisposalReason {
        /// Sold.
        Sold = "SOLD",
        /// Demolished.
        Demolished = "DEMOLISHED",
        /// Handed back to whoever owns it.
        HandedBack = "HANDED_BACK",
        /// Never came to be: the plan was given up.
        GivenUp = "GIVEN_UP",
    }
}

/// What a home is, wherever it stands in its life.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::dwelling)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Description {
    /// The cadastral unit ("matrikkelnummer"), for example `5035-83/122`. It may carry the number of a former municipality:
    /// mergers change that number, and until the cadastre is renumbered the old one is the true one.
    #[schema(min_length = 1, max_length = 40)]
    pub cadastral_id: String,
    /// The dwelling unit's number ("bruksenhetsnummer"), for example `H0203`.
    #[schema(min_length = 1, max_length = 10)]
    pub unit_number: String,
    /// Tells several lettable rooms of one cadastral dwelling unit apart ("ekstra referanse").
    #[serde(default)]
    #[schema(max_length = 50, pattern = r"^(\S(.*\S)?)?$")]
    pub extra_reference: String,
    /// Street and number.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub street_address: String,
    /// The postal code, four digits.
    #[schema(min_length = 1, max_length = 10)]
    pub postal_code: String,
    /// The postal place.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    pub postal_place: String,
    /// The part of the municipality, as households wish for it or must avoid it.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    pub area: String,
    /// What it is for.
    pub category: Category,
    /// By what right the municipality disposes of it.
    pub tenure: Tenure,
    /// Bedrooms; none in a bedsit.
    #[schema(minimum = 0, maximum = 20)]
    pub bedrooms: i16,
    /// Usable area ("bruksareal").
    #[schema(minimum = 1, maximum = 2000)]
    pub usable_area_m2: i32,
    /// The floor of the entrance; 1 is the lowest main floor, 0 and less lie below it.
    #[schema(minimum = -9, maximum = 99)]
    pub floor: i16,
    /// How many may live there.
    #[schema(minimum = 1, maximum = 30)]
    pub capacity: i16,
    /// Rent a month, in øre.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub rent_ore: i64,
    /// What it has. `WHEELCHAIR` brings `STEP_FREE` with it, and `LIFT` above the first floor; taking it away takes them away.
    #[serde(default)]
    #[diesel(serialize_as = crate::db::types::Json<BTreeSet<Feature>>, deserialize_as = crate::db::types::Json<BTreeSet<Feature>>)]
    pub features: BTreeSet<Feature>,
    /// Which services can be given on the spot.
    #[serde(default)]
    #[diesel(serialize_as = crate::db::types::Json<BTreeSet<Service>>, deserialize_as = crate::db::types::Json<BTreeSet<Service>>)]
    pub services: BTreeSet<Service>,
    /// The youngest age for which it is meant.
    #[schema(minimum = 0, maximum = 120)]
    pub min_age: Option<i16>,
    /// The oldest age for which it is meant.
    #[schema(minimum = 0, maximum = 120)]
    pub max_age: Option<i16>,
    /// When it was last inspected, fire safety above all ("tilsyn").
    pub inspected_on: Option<Day>,
    /// From when it will be demolished; also of a home that is still lived in.
    pub demolition_from: Option<Day>,
    /// Whether households with a protected address may live there.
    #[serde(default)]
    pub cleared_for_protected: bool,
    /// The measure of the housing plan that it comes from.
    pub measure_id: Option<MeasureId>,
}

/// A lettable unit ("utleieenhet"): a room with its own lease is one, and so is a house let on one lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::dwelling)]
pub struct Dwelling {
    /// The municipality in whose stock it is.
    #[serde(skip)]
    pub municipality_id: MunicipalityId,
    /// Its id.
    pub id: DwellingId,
    /// The version that `ETag` tells.
    pub version: i32,
    /// Where it stands in its life.
    pub state: DwellingState,
    /// Since which day.
    pub state_since: Day,
    /// When it was registered.
    pub created_at: Instant,
    /// What it is.
    #[serde(flatten)]
    #[diesel(embed)]
    pub description: Description,
}

/// A home that comes into the stock.
#[derive(Debug, Clone)]
pub struct NewDwelling {
    /// Where it stands in its life.
    pub state: DwellingState,
    /// Since which day.
    pub state_since: Day,
    /// What it is.
    pub description: Description,
}

/// A measure of the housing plan ("tiltak").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::plan_measure)]
#[diesel(treat_none_as_default_value = false)]
pub struct Measure {
    /// The municipality whose plan it is in.
    #[serde(skip)]
    pub municipality_id: MunicipalityId,
    /// Its id.
    pub id: MeasureId,
    /// Its number in the plan, for example `3.3.1`.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// How many homes it is to bring, where it says.
    pub unit_count: Option<i32>,
    /// Who is responsible.
    pub responsible: String,
    /// The deadline, as the plan words it.
    pub deadline: String,
    /// How it is paid for, as the plan words it.
    pub financing: String,
    /// The category of homes it brings, where it brings homes.
    pub category: Option<Category>,
}

/// The words of a measure that comes into the plan.
#[derive(Debug, Clone)]
pub struct NewMeasure {
    /// Its number in the plan.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// How many homes it is to bring, where it says.
    pub unit_count: Option<i32>,
    /// Who is responsible.
    pub responsible: String,
    /// The deadline, as the plan words it.
    pub deadline: String,
    /// How it is paid for, as the plan words it.
    pub financing: String,
    /// The category of homes it brings, where it brings homes.
    pub category: Option<Category>,
}

/// How far a measure has come, counted in homes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Supply {
    /// Registered and not begun.
    pub planned: i64,
    /// Being built or bought.
    pub under_construction: i64,
    /// In the stock today.
    pub delivered: i64,
}

impl Supply {
    /// Counts so many homes in this state. A home that left the stock supplies nobody.
    #[must_use]
    pub const fn with(mut self, state: DwellingState, homes: i64) -> Self {
        match state {
            DwellingState::Planned => self.planned += homes,
            DwellingState::UnderConstruction => self.under_construction += homes,
            DwellingState::Disposed => {}
            DwellingState::Available
            | DwellingState::Reserved
            | DwellingState::Allocated
            | DwellingState::Occupied
            | DwellingState::NoticeGiven
            | DwellingState::Turnover
            | DwellingState::UnderRepair
            | DwellingState::Blocked
            | DwellingState::DemolitionPlanned => self.delivered += homes,
        }
        self
    }

    /// How many of the homes that the plan counts are not registered yet, not even as planned.
    #[must_use]
    pub fn missing_from(self, unit_count: i32) -> i64 {
        let registered = self.planned + self.under_construction + self.delivered;
        (i64::from(unit_count) - registered).max(0)
    }
}
