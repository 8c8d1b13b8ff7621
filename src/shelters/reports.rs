//! What somebody must look at today, and how a year's stays are counted.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::following;
use super::model::Warning;
use super::routes::{ShelterStay, stay};
use super::rules::{self, Sum};
use super::store;
use crate::auth::Action::{CountShelter, FollowShelter};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Shown};
use crate::problem::{FieldFault, Problem};
use crate::tasks;

/// The reports.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/shelters/warnings",
            FollowShelter,
            "Stays that somebody must look at today, and why",
            warnings,
        ),
        Endpoint::get(
            "/shelters/statistics",
            CountShelter,
            "A year's stays as KOSTRA counts them: each household once, night shelters apart",
            statistics,
        ),
    ]
}

/// A stay that somebody must look at.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StayWarned {
    stay: ShelterStay,
    /// Why; never empty.
    warnings: Vec<Warning>,
}

/// Stays that somebody must look at.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StaysWarned {
    items: Vec<StayWarned>,
}

fn warnings(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<StaysWarned>, Problem> {
    let (today, terms) = (tx.today(), tasks::terms(tx)?);
    let warned = following::ongoing(tx)?.into_iter().filter_map(|it| {
        let warnings = rules::warnings(&it.staying(), &terms, today);
        (!warnings.is_empty()).then(|| StayWarned {
            stay: stay(&it.stay, today),
            warnings,
        })
    });
    let items = warned.collect();
    Ok(Shown::plain(StaysWarned { items }))
}

/// Which year is counted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct AskedYear {
    /// From 2000 to this year.
    #[param(minimum = 2000, maximum = 9999)]
    year: i16,
}

crate::query!(AskedYear);

/// A year's stays.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShelterStatistics {
    year: i16,
    /// After how many months a stay is long, as the municipality's own terms (`shelterStay` of `/task-terms`) say on the last day that is counted.
    /// Sosialtjenesteloven § 27 sets no limit; by NAV's circular on it a stay lasts only exceptionally for more than three months, and three it
    /// is where the municipality has said nothing else.
    #[schema(minimum = 1, maximum = 60)]
    shelter_stay_months: u16,
    /// Night shelters not counted.
    temporary_accommodation: ShelterSum,
    night_shelters: ShelterSum,
}

/// What stays come to; each household is counted once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShelterSum {
    households: usize,
    households_with_children: usize,
    /// Households that stayed for longer in all than `shelterStayMonths`.
    households_over_shelter_stay: usize,
    /// Nights within the year.
    nights: i64,
    /// What those nights cost, in øre.
    cost_ore: i64,
}

impl From<Sum> for ShelterSum {
    fn from(sum: Sum) -> Self {
        Self {
            households: sum.households,
            households_with_children: sum.with_children,
            households_over_shelter_stay: sum.over_shelter_stay,
            nights: sum.nights,
            cost_ore: sum.cost_ore,
        }
    }
}

fn statistics(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &AskedYear,
) -> Result<Shown<ShelterStatistics>, Problem> {
    let today = tx.today();
    let days = jiff::civil::Date::new(asked.year, 1, 1).ok().zip(
        asked
            .year
            .checked_add(1)
            .and_then(|next| jiff::civil::Date::new(next, 1, 1).ok()),
    );
    let within = (2000..=today.0.year()).contains(&asked.year);
    let Some((first, next)) = days.filter(|_| within) else {
        let (nb, en) = (
            "Må være fra 2000 til i år.",
            "Must be from 2000 to this year.",
        );
        return Err(Problem::invalid(vec![FieldFault::new(
            "/query/year",
            "out_of_range",
            nb,
            en,
        )]));
    };
    let (first, next) = (Day(first), Day(next));
    let stays = store::counted(tx, first, next)?;
    let last = next.plus_days(-1).min(today);
    let long = tasks::terms_on(tx, last)?.shelter_stay;
    let (shelter, night) = rules::sum(&stays, (first, next), today, long);
    Ok(Shown::plain(ShelterStatistics {
        year: asked.year,
        shelter_stay_months: long.count(),
        temporary_accommodation: shelter.into(),
        night_shelters: night.into(),
    }))
}
