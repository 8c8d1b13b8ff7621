//! The table of measures, and the homes that are linked to them.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{Measure, Unit};
use crate::clock::Day;
use crate::db::schema::{dwelling, dwelling_change, plan_measure};
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::housing::rules::Refusal;
use crate::housing::{Details, DwellingState};
use crate::ids::{DwellingId, MeasureId};
use crate::problem::Problem;

/// Rows of one statement.
const BATCH: usize = 500;

const ONE_PER_NUMBER: Unique = Unique {
    name: "plan_measure_number",
    columns: "plan_measure.municipality_id, plan_measure.number",
};

/// Whether the plan has this measure.
pub fn has_measure(tx: &mut Tx<'_>, id: MeasureId) -> Result<bool, Problem> {
    Ok(find(tx, id)?.is_some())
}

pub(super) fn find(tx: &mut Tx<'_>, id: MeasureId) -> Result<Option<Measure>, Problem> {
    let key = (tx.municipality(), id);
    Ok(plan_measure::table
        .find(key)
        .select(Measure::as_select())
        .first(tx.conn())
        .optional()?)
}

/// The measures of the plan by their numbers.
pub(in crate::housing) fn ids_by_number(
    tx: &mut Tx<'_>,
) -> Result<BTreeMap<String, MeasureId>, Problem> {
    let municipality = tx.municipality();
    let rows: Vec<(String, MeasureId)> = plan_measure::table
        .filter(plan_measure::municipality_id.eq(municipality))
        .select((plan_measure::number, plan_measure::id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// The measures of the plan in order of id, after `after`, at most `limit`.
pub(super) fn page(
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

type Linked = (DwellingId, Option<MeasureId>, Json<Details>);

/// The homes that are linked to measures, each with the years that its progress is reckoned by.
pub(super) fn units(tx: &mut Tx<'_>, due: &BTreeMap<MeasureId, i16>) -> Result<Vec<Unit>, Problem> {
    let municipality = tx.municipality();
    let homes: Vec<Linked> = dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::measure_id.is_not_null())
        .select((dwelling::id, dwelling::measure_id, dwelling::details))
        .load(tx.conn())?;
    let stood: Vec<(DwellingId, DwellingState, Day)> = dwelling_change::table
        .inner_join(
            dwelling::table.on(dwelling::municipality_id
                .eq(dwelling_change::municipality_id)
                .and(dwelling::id.eq(dwelling_change::dwelling_id))),
        )
        .filter(dwelling_change::municipality_id.eq(municipality))
        .filter(dwelling::measure_id.is_not_null())
        .order((dwelling_change::dwelling_id, dwelling_change::version))
        .select((
            dwelling_change::dwelling_id,
            dwelling_change::state,
            dwelling_change::on_day,
        ))
        .load(tx.conn())?;
    let mut delivered: BTreeMap<DwellingId, i16> = BTreeMap::new();
    for (home, state, on) in stood {
        let is_coming = matches!(
            state,
            DwellingState::Planned | DwellingState::UnderConstruction | DwellingState::Disposed
        );
        if !is_coming {
            delivered.entry(home).or_insert(on.0.year());
        }
    }
    let unit = |(home, measure, details): Linked| {
        let measure = measure?;
        let expected = details.0.expected_on.map(|day| day.0.year());
        Some(Unit {
            measure,
            planned_for: expected.or_else(|| due.get(&measure).copied()),
            delivered_in: delivered.get(&home).copied(),
        })
    };
    Ok(homes.into_iter().filter_map(unit).collect())
}

/// Adds measures to the plan.
pub(super) fn insert(tx: &mut Tx<'_>, measures: &[Measure]) -> Result<(), Problem> {
    for batch in measures.chunks(BATCH) {
        each!(tx.conn(), c => diesel::insert_into(plan_measure::table).values(batch).execute(c))
            .or_refuse(&ONE_PER_NUMBER, Refusal::MeasureExists)?;
    }
    Ok(())
}

/// Words a measure anew, if it is still at the version before.
pub(super) fn replace(tx: &mut Tx<'_>, it: &Measure) -> Result<usize, Problem> {
    let key = (tx.municipality(), it.id);
    diesel::update(plan_measure::table.find(key))
        .filter(plan_measure::version.eq(it.version - 1))
        .set((
            plan_measure::number.eq(&it.number),
            plan_measure::title.eq(&it.title),
            plan_measure::unit_count.eq(it.unit_count),
            plan_measure::responsible.eq(&it.responsible),
            plan_measure::deadline.eq(&it.deadline),
            plan_measure::financing.eq(&it.financing),
            plan_measure::category.eq(it.category),
            plan_measure::due_year.eq(it.due_year),
            plan_measure::version.eq(it.version),
        ))
        .execute(tx.conn())
        .or_refuse(&ONE_PER_NUMBER, Refusal::MeasureExists)
}
