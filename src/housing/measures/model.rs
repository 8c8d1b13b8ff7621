//! A measure of the housing plan, and the homes that it brings.

use std::collections::BTreeMap;

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::housing::{Category, DwellingState};
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
    /// The last year in which it is to be done, where its deadline names one.
    pub due_year: Option<i16>,
    /// The version that `ETag` tells.
    pub version: i32,
}

/// The words of a measure that comes into the plan, or is worded anew.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMeasure {
    /// Its number in the plan, for example `3.3.1`.
    #[schema(
        min_length = 1,
        max_length = 20,
        pattern = r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$"
    )]
    pub number: String,
    /// What is to be done.
    #[schema(min_length = 1, max_length = 500)]
    pub title: String,
    /// How many homes it is to bring, where it says.
    #[schema(minimum = 1, maximum = 100_000)]
    pub unit_count: Option<i32>,
    /// Who is responsible.
    #[schema(min_length = 1, max_length = 200)]
    pub responsible: String,
    /// The deadline, as the plan words it.
    #[schema(min_length = 1, max_length = 100)]
    pub deadline: String,
    /// The last year in which it is to be done, where its deadline names one.
    #[schema(minimum = 2000, maximum = 2100)]
    pub due_year: Option<i16>,
    /// How it is paid for, as the plan words it.
    #[schema(min_length = 1, max_length = 100)]
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

/// A home that a measure brings, as far as its progress is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) measure: MeasureId,
    /// The year in which it is to be delivered: its own, or that of its measure.
    pub(super) planned_for: Option<i16>,
    /// The year in which it first could be let.
    pub(super) delivered_in: Option<i16>,
}

/// How many homes a measure was to bring in a year, and how many it brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct YearCount {
    pub(super) planned: i64,
    pub(super) delivered: i64,
}

/// The homes of each measure, year by year. A home that was delivered without a plan counts as planned for that year.
pub(super) fn by_year(units: &[Unit]) -> BTreeMap<(MeasureId, Option<i16>), YearCount> {
    let mut counts: BTreeMap<_, YearCount> = BTreeMap::new();
    for unit in units {
        let planned_for = unit.planned_for.or(unit.delivered_in);
        counts
            .entry((unit.measure, planned_for))
            .or_default()
            .planned += 1;
        if unit.delivered_in.is_some() {
            counts
                .entry((unit.measure, unit.delivered_in))
                .or_default()
                .delivered += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_counts_in_the_year_it_was_planned_for_and_in_the_one_it_came() {
        let measure = MeasureId::NIL;
        let unit = |planned_for, delivered_in| Unit {
            measure,
            planned_for,
            delivered_in,
        };
        let counts = by_year(&[
            unit(Some(2026), Some(2026)),
            unit(Some(2026), Some(2027)),
            unit(Some(2027), None),
            unit(None, Some(2027)),
            unit(None, None),
        ]);
        let told: Vec<_> = counts
            .iter()
            .map(|((_, year), count)| (*year, count.planned, count.delivered))
            .collect();
        let expected = [(None, 1, 0), (Some(2026), 2, 1), (Some(2027), 2, 2)];
        assert_eq!(told, expected);
    }
}
