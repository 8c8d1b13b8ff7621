//! The tables of the stock and of the housing plan.

use std::collections::BTreeSet;

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde::Serialize;
use utoipa::ToSchema;

use super::dwelling::Dwelling;
use super::measure::Measure;
use super::model::{Category, DwellingState, Feature, Tenure};
use super::rules::Refusal;
use crate::db::schema::{dwelling, plan_measure};
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique, load_listed};
use crate::each;
use crate::ids::{DwellingId, MeasureId};
use crate::problem::Problem;

/// Rows of one statement: `SQLite` takes 32 766 values in all, and a dwelling has 28.
const BATCH: usize = 500;

const ONE_PER_UNIT: Unique = Unique {
    name: "dwelling_one_per_unit",
    columns: "dwelling.municipality_id, dwelling.cadastral_id, dwelling.unit_number, dwelling.extra_reference",
};

/// A home in a list: what caseworkers filter on and choose by.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = dwelling)]
pub(super) struct Listed {
    pub(super) id: DwellingId,
    street_address: String,
    unit_number: String,
    postal_code: String,
    postal_place: String,
    area: String,
    category: Category,
    tenure: Tenure,
    pub(super) state: DwellingState,
    bedrooms: i16,
    floor: i16,
    capacity: i16,
    /// Rent a month, in øre.
    rent_ore: i64,
    #[diesel(deserialize_as = Json<BTreeSet<Feature>>)]
    features: BTreeSet<Feature>,
}

/// Which homes are asked for; all that are given must hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) state: Option<DwellingState>,
    pub(super) category: Option<Category>,
    pub(super) area: Option<String>,
    pub(super) min_bedrooms: Option<i16>,
    pub(super) feature: Option<Feature>,
    pub(super) tenure: Option<Tenure>,
    /// The homes that are told as blocked, whatever they are.
    pub(super) veiled: Vec<DwellingId>,
}

/// A home.
pub fn find_dwelling(tx: &mut Tx<'_>, id: DwellingId) -> Result<Option<Dwelling>, Problem> {
    let key = (tx.municipality(), id);
    Ok(dwelling::table
        .find(key)
        .select(Dwelling::as_select())
        .first(tx.conn())
        .optional()?)
}

/// All homes that may be let today, in order of id.
pub fn vacant(tx: &mut Tx<'_>) -> Result<Vec<Dwelling>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::state.eq(DwellingState::Available))
        .order(dwelling::id)
        .select(Dwelling::as_select())
        .load(tx.conn())?)
}

/// Homes in order of id, after `after`, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<DwellingId>,
    limit: i64,
) -> Result<Vec<Listed>, Problem> {
    let municipality = tx.municipality();
    let mut query = dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::id.gt(after.unwrap_or(DwellingId::NIL)))
        .order(dwelling::id)
        .limit(limit)
        .select(Listed::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        let stands_so = dwelling::state.eq(state);
        let is_veiled = dwelling::id.eq_any(filter.veiled.clone());
        query = match (filter.veiled.is_empty(), state) {
            (true, _) => query.filter(stands_so),
            (false, DwellingState::Blocked) => query.filter(stands_so.or(is_veiled)),
            (false, _) => query.filter(stands_so.and(dwelling::id.ne_all(filter.veiled.clone()))),
        };
    }
    if let Some(category) = filter.category {
        query = query.filter(dwelling::category.eq(category));
    }
    if let Some(area) = &filter.area {
        query = query.filter(dwelling::area.eq(area.clone()));
    }
    if let Some(bedrooms) = filter.min_bedrooms {
        query = query.filter(dwelling::bedrooms.ge(bedrooms));
    }
    if let Some(feature) = filter.feature {
        // The two databases ask a JSON array in different words, but write it as the same text; codes hold no quote.
        let quoted = format!("%\"{feature}\"%");
        query = query
            .filter(sql::<Bool>("CAST(dwelling.features AS TEXT) LIKE ").bind::<Text, _>(quoted));
    }
    if let Some(tenure) = filter.tenure {
        query = query.filter(dwelling::tenure.eq(tenure));
    }
    Ok(query.load(tx.conn())?)
}

/// How many homes there are in each state and category.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<Vec<(DwellingState, Category, i64)>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .group_by((dwelling::state, dwelling::category))
        .order((dwelling::state, dwelling::category))
        .select((dwelling::state, dwelling::category, count_star()))
        .load(tx.conn())?)
}

/// Adds homes.
pub(super) fn insert(tx: &mut Tx<'_>, homes: &[Dwelling]) -> Result<(), Problem> {
    for batch in homes.chunks(BATCH) {
        let row = |home: &Dwelling| {
            (
                dwelling::municipality_id.eq(home.municipality_id),
                dwelling::id.eq(home.id),
                dwelling::version.eq(home.version),
                dwelling::state.eq(home.state),
                dwelling::state_since.eq(home.state_since),
                dwelling::created_at.eq(home.created_at),
                home.description.clone(),
            )
        };
        let rows: Vec<_> = batch.iter().map(row).collect();
        each!(tx.conn(), c => diesel::insert_into(dwelling::table).values(rows).execute(c))
            .or_refuse(&ONE_PER_UNIT, Refusal::UnitExists)?;
    }
    Ok(())
}

/// Describes a home anew, if it is still at the version before.
pub(super) fn describe(tx: &mut Tx<'_>, home: &Dwelling) -> Result<usize, Problem> {
    let key = (tx.municipality(), home.id);
    diesel::update(dwelling::table.find(key))
        .filter(dwelling::version.eq(home.version - 1))
        .set((home.description.clone(), dwelling::version.eq(home.version)))
        .execute(tx.conn())
        .or_refuse(&ONE_PER_UNIT, Refusal::UnitExists)
}

/// Moves a home to its new state, if it is still at the version before.
pub(super) fn advance(tx: &mut Tx<'_>, home: &Dwelling) -> Result<usize, Problem> {
    let key = (tx.municipality(), home.id);
    Ok(diesel::update(dwelling::table.find(key))
        .filter(dwelling::version.eq(home.version - 1))
        .set((
            dwelling::state.eq(home.state),
            dwelling::state_since.eq(home.state_since),
            dwelling::demolition_from.eq(home.description.demolition_from),
            dwelling::version.eq(home.version),
        ))
        .execute(tx.conn())?)
}

/// Whether the plan has this measure.
pub(super) fn has_measure(tx: &mut Tx<'_>, id: MeasureId) -> Result<bool, Problem> {
    let key = (tx.municipality(), id);
    let found: Option<MeasureId> = plan_measure::table
        .find(key)
        .select(plan_measure::id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// The measures of the plan in order of id, after `after`, at most `limit`.
pub(super) fn page_of_measures(
    tx: &mut Tx<'_>,
    after: Option<MeasureId>,
    limit: i64,
) -> Result<Vec<Measure>, Problem> {
    let municipality = tx.municipality();
    Ok(plan_measure::table
        .filter(plan_measure::municipality_id.eq(municipality))
        .filter(plan_measure::id.gt(after.unwrap_or(MeasureId::NIL)))
        .order(plan_measure::id)
        .limit(limit)
        .select(Measure::as_select())
        .load(tx.conn())?)
}

/// How many homes of each measure stand in each state.
pub(super) fn count_by_measure(
    tx: &mut Tx<'_>,
) -> Result<Vec<(Option<MeasureId>, DwellingState, i64)>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::measure_id.is_not_null())
        .group_by((dwelling::measure_id, dwelling::state))
        .select((dwelling::measure_id, dwelling::state, count_star()))
        .load(tx.conn())?)
}

/// Adds measures to the plan.
pub(super) fn insert_measures(tx: &mut Tx<'_>, measures: &[Measure]) -> Result<(), Problem> {
    for batch in measures.chunks(BATCH) {
        each!(tx.conn(), c => diesel::insert_into(plan_measure::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// What kind of home each of these is.
pub fn categories_of(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(DwellingId, Category)>, Problem> {
    let municipality = tx.municipality();
    let mut categories = Vec::with_capacity(homes.len());
    for chunk in homes.chunks(BATCH) {
        let rows: Vec<(DwellingId, Category)> = dwelling::table
            .filter(dwelling::municipality_id.eq(municipality))
            .filter(dwelling::id.eq_any(chunk.to_vec()))
            .select((dwelling::id, dwelling::category))
            .load(tx.conn())?;
        categories.extend(rows);
    }
    Ok(categories)
}

/// The homes of the stock on these cadastral units, with their kinds; what was disposed of is no longer there.
pub fn in_buildings(
    tx: &mut Tx<'_>,
    units: &BTreeSet<&str>,
) -> Result<Vec<(String, DwellingId, Category)>, Problem> {
    let municipality = tx.municipality();
    let units: Vec<&str> = units.iter().copied().collect();
    let mut homes = Vec::new();
    for chunk in units.chunks(BATCH) {
        let question = dwelling::table
            .filter(dwelling::municipality_id.eq(municipality))
            .filter(dwelling::cadastral_id.eq_any(chunk.to_vec()))
            .filter(dwelling::state.ne(DwellingState::Disposed))
            .select((dwelling::cadastral_id, dwelling::id, dwelling::category));
        let rows: Vec<(String, DwellingId, Category)> =
            load_listed(question, chunk.len(), tx.conn())?;
        homes.extend(rows);
    }
    Ok(homes)
}
