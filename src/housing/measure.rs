//! A measure of the housing plan, and the homes that it brings.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Category, DwellingState};
use crate::ids::{MeasureId, MunicipalityId};

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
