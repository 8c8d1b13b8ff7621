//! A home: what it is, and where it stands in its life.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::details::Details;
use super::model::{Category, DwellingState, Feature, Service, Tenure};
use crate::clock::{Day, Instant};
use crate::db::types::Json;
use crate::ids::{DwellingId, MeasureId, MunicipalityId};

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
    /// The building's number in the cadastre ("bygningsnummer"), eight or nine digits, where the property has several buildings:
    /// each counts its dwelling units anew.
    #[serde(default)]
    #[schema(pattern = r"^([0-9]{8,9})?$")]
    pub building_number: String,
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
    /// The part of the municipality by its code, as households wish for it or must avoid it: only so do the two meet.
    #[schema(pattern = r"^[A-Z0-9_]{1,32}$")]
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
    #[diesel(serialize_as = Json<BTreeSet<Feature>>, deserialize_as = Json<BTreeSet<Feature>>)]
    pub features: BTreeSet<Feature>,
    /// Which services can be given on the spot.
    #[serde(default)]
    #[diesel(serialize_as = Json<BTreeSet<Service>>, deserialize_as = Json<BTreeSet<Service>>)]
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
    /// By which name the system that manages the buildings knows it ("leverandørens bolig-id").
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    pub supplier_id: Option<String>,
    /// What else is known of it.
    #[serde(default)]
    #[diesel(serialize_as = Json<Details>, deserialize_as = Json<Details>)]
    pub details: Details,
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

/// Sets of codes and details travel as one JSON document.
macro_rules! kept_as_json {
    ($($value:ty),+) => {$(
        impl From<Json<$value>> for $value {
            fn from(kept: Json<Self>) -> Self {
                kept.0
            }
        }

        impl From<$value> for Json<$value> {
            fn from(value: $value) -> Self {
                Self(value)
            }
        }
    )+};
}

kept_as_json!(BTreeSet<Feature>, BTreeSet<Service>, Details);
