//! The nouns of demolitions.

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::{DemolitionPlanId, DwellingId, HouseholdId, MeasureId, MunicipalityId, TenancyId};

codes! {
    /// Where a plan stands.
    pub enum PlanState {
        /// It stands: its homes are not let beyond it.
        Planned = "PLANNED",
        /// Given up; its homes stay.
        Cancelled = "CANCELLED",
        /// Its homes are gone.
        CarriedOut = "CARRIED_OUT",
    }
}

/// A plan to demolish homes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = crate::db::schema::demolition_plan, treat_none_as_default_value = false)]
pub(super) struct DemolitionPlan {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: DemolitionPlanId,
    pub(super) version: i32,
    /// What it is called.
    pub(super) name: String,
    /// The measure of the housing plan that it belongs to.
    pub(super) measure_id: Option<MeasureId>,
    pub(super) state: PlanState,
    /// The day by which nobody lives there any more.
    pub(super) vacate_by: Day,
    /// From when it is demolished.
    pub(super) demolish_from: Day,
    pub(super) created_at: Instant,
}

/// A home of a plan.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = crate::db::schema::demolition_unit)]
pub(super) struct DemolitionUnit {
    pub(super) municipality_id: MunicipalityId,
    pub(super) plan_id: DemolitionPlanId,
    pub(super) dwelling_id: DwellingId,
    /// Whether the plan stands.
    pub(super) stands: bool,
}

/// A household with a right to a permanent home before its own is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::db::schema::demolition_resident)]
pub(super) struct Resident {
    pub(super) municipality_id: MunicipalityId,
    pub(super) plan_id: DemolitionPlanId,
    pub(super) household_id: HouseholdId,
    /// The home that will be gone.
    pub(super) dwelling_id: DwellingId,
    /// The tenancy by which it lived there.
    pub(super) tenancy_id: TenancyId,
}

/// A plan as it is said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PlanDemolitions {
    /// What it is called.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// The measure of the housing plan that it belongs to.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(super) measure_id: Option<MeasureId>,
    /// The day by which nobody lives there any more, not before today.
    pub(super) vacate_by: Day,
    /// From when it is demolished, not before that day.
    pub(super) demolish_from: Day,
    /// The homes that it takes.
    #[schema(min_items = 1, max_items = 500, value_type = Vec<uuid::Uuid>)]
    pub(super) dwelling_ids: Vec<DwellingId>,
    /// Whether those who live there have a right to a permanent home elsewhere first. Without, no lease may outlast the homes.
    pub(super) rehouses_residents: bool,
}

/// The days of a plan, moved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MoveDates {
    /// The day by which nobody lives there any more, not before today.
    pub(super) vacate_by: Day,
    /// From when it is demolished, not before that day.
    pub(super) demolish_from: Day,
}
