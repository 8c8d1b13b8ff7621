//! The tables of demolitions. That somebody has a home elsewhere is read from the tenancies, in one query.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::model::{DemolitionPlan, DemolitionUnit, Resident};
use super::rules::Refusal;
use crate::db::schema::{demolition_plan, demolition_resident, demolition_unit, dwelling, tenancy};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::housing::Category;
use crate::ids::{DemolitionPlanId, DwellingId, HouseholdId};
use crate::problem::Problem;
use crate::tenancies::TenancyState;

const ONE_PER_NAME: Unique = Unique {
    name: "demolition_plan_name",
    columns: "demolition_plan.municipality_id, demolition_plan.name",
};
const ONE_PLAN: Unique = Unique {
    name: "demolition_unit_once",
    columns: "demolition_unit.municipality_id, demolition_unit.dwelling_id",
};

pub(super) fn insert(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    homes: &[DwellingId],
) -> Result<(), Problem> {
    diesel::insert_into(demolition_plan::table)
        .values(plan)
        .execute(tx.conn())
        .or_refuse(&ONE_PER_NAME, Refusal::PlanExists)?;
    let units: Vec<DemolitionUnit> = homes
        .iter()
        .map(|home| DemolitionUnit {
            municipality_id: plan.municipality_id,
            plan_id: plan.id,
            dwelling_id: *home,
            stands: true,
        })
        .collect();
    let rows = diesel::insert_into(demolition_unit::table).values(units);
    each!(tx.conn(), c => rows.execute(c)).or_refuse(&ONE_PLAN, Refusal::InAnotherPlan)?;
    Ok(())
}

pub(super) fn add_residents(tx: &mut Tx<'_>, residents: &[Resident]) -> Result<(), Problem> {
    if !residents.is_empty() {
        let rows = diesel::insert_into(demolition_resident::table).values(residents);
        each!(tx.conn(), c => rows.execute(c))?;
    }
    Ok(())
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    id: DemolitionPlanId,
) -> Result<Option<DemolitionPlan>, Problem> {
    let key = (tx.municipality(), id);
    Ok(demolition_plan::table
        .find(key)
        .select(DemolitionPlan::as_select())
        .first(tx.conn())
        .optional()?)
}

/// Plans in order of id, after `after`, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<DemolitionPlanId>,
    limit: i64,
) -> Result<Vec<DemolitionPlan>, Problem> {
    let municipality = tx.municipality();
    Ok(demolition_plan::table
        .filter(demolition_plan::municipality_id.eq(municipality))
        .filter(demolition_plan::id.gt(after.unwrap_or(DemolitionPlanId::NIL)))
        .order(demolition_plan::id)
        .limit(limit)
        .select(DemolitionPlan::as_select())
        .load(tx.conn())?)
}

/// The homes of a plan, in order of id.
pub(super) fn homes_of(tx: &mut Tx<'_>, id: DemolitionPlanId) -> Result<Vec<DwellingId>, Problem> {
    let municipality = tx.municipality();
    Ok(demolition_unit::table
        .filter(demolition_unit::municipality_id.eq(municipality))
        .filter(demolition_unit::plan_id.eq(id))
        .order(demolition_unit::dwelling_id)
        .select(demolition_unit::dwelling_id)
        .load(tx.conn())?)
}

/// The residents of a plan with a right to a home elsewhere, or only those who have none yet: no tenancy that runs in a home which
/// is neither temporary nor to be demolished itself. Without those who are hidden; in order of household, after `after`, at most `limit`.
pub(super) fn residents_of(
    tx: &mut Tx<'_>,
    id: DemolitionPlanId,
    only_without: bool,
    hidden: &[HouseholdId],
    after: Option<HouseholdId>,
    limit: i64,
) -> Result<Vec<Resident>, Problem> {
    let municipality = tx.municipality();
    let to_be_gone = demolition_unit::table
        .filter(demolition_unit::municipality_id.eq(tenancy::municipality_id))
        .filter(demolition_unit::dwelling_id.eq(tenancy::dwelling_id))
        .filter(demolition_unit::stands.eq(true));
    let lasting = dwelling::table
        .filter(dwelling::municipality_id.eq(tenancy::municipality_id))
        .filter(dwelling::id.eq(tenancy::dwelling_id))
        .filter(dwelling::category.ne(Category::Temporary));
    let elsewhere = tenancy::table
        .filter(tenancy::municipality_id.eq(demolition_resident::municipality_id))
        .filter(tenancy::household_id.eq(demolition_resident::household_id))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .filter(exists(lasting))
        .filter(not(exists(to_be_gone)));
    let mut query = demolition_resident::table
        .filter(demolition_resident::municipality_id.eq(municipality))
        .filter(demolition_resident::plan_id.eq(id))
        .filter(demolition_resident::household_id.gt(after.unwrap_or(HouseholdId::NIL)))
        .order(demolition_resident::household_id)
        .limit(limit)
        .select(Resident::as_select())
        .into_boxed();
    if !hidden.is_empty() {
        query = query.filter(demolition_resident::household_id.ne_all(hidden.to_vec()));
    }
    if only_without {
        query = query.filter(not(exists(elsewhere)));
    }
    Ok(query.load(tx.conn())?)
}

/// Moves a plan's days or its state, if it is still at the version before.
pub(super) fn replace(tx: &mut Tx<'_>, plan: &DemolitionPlan) -> Result<usize, Problem> {
    let key = (tx.municipality(), plan.id);
    Ok(diesel::update(demolition_plan::table.find(key))
        .filter(demolition_plan::version.eq(plan.version - 1))
        .set((
            demolition_plan::state.eq(plan.state),
            demolition_plan::vacate_by.eq(plan.vacate_by),
            demolition_plan::demolish_from.eq(plan.demolish_from),
            demolition_plan::version.eq(plan.version),
        ))
        .execute(tx.conn())?)
}

/// Lets the homes of a plan be in another: it stands no longer.
pub(super) fn let_go(tx: &mut Tx<'_>, id: DemolitionPlanId) -> Result<(), Problem> {
    let municipality = tx.municipality();
    diesel::update(
        demolition_unit::table
            .filter(demolition_unit::municipality_id.eq(municipality))
            .filter(demolition_unit::plan_id.eq(id)),
    )
    .set(demolition_unit::stands.eq(false))
    .execute(tx.conn())?;
    Ok(())
}
