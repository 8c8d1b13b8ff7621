//! Providers, decisions and stays in the database.

use diesel::prelude::*;

use super::model::{CheckOutcome, ProviderKind, ShelterOutcome};
use super::rules::{Counted, Refusal};
use crate::clock::{Day, Instant};
use crate::db::schema::{shelter_decision, shelter_provider, shelter_stay};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{
    ApplicationId, DecisionId, HouseholdId, MunicipalityId, ShelterDecisionId, ShelterProviderId,
    StayId, UserId,
};
use crate::problem::Problem;

const ONE_ONGOING: Unique = Unique {
    name: "shelter_stay_one_ongoing",
    columns: "shelter_stay.municipality_id, shelter_stay.household_id",
};

/// Who offers a place.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = shelter_provider, treat_none_as_default_value = false)]
pub(super) struct Provider {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ShelterProviderId,
    pub(super) version: i32,
    pub(super) name: String,
    pub(super) kind: ProviderKind,
    pub(super) organisation_number: Option<String>,
    pub(super) nightly_ore: i64,
    pub(super) suits_children: bool,
    pub(super) checked_on: Option<Day>,
    pub(super) is_open: bool,
    pub(super) created_at: Instant,
}

/// What was decided for a household.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = shelter_decision, treat_none_as_default_value = false)]
pub(super) struct ShelterDecision {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ShelterDecisionId,
    pub(super) version: i32,
    pub(super) household_id: HouseholdId,
    pub(super) application_id: Option<ApplicationId>,
    pub(super) decision_id: Option<DecisionId>,
    pub(super) outcome: ShelterOutcome,
    pub(super) valid_from: Day,
    pub(super) valid_until: Day,
    pub(super) reasons: String,
    pub(super) exit_plan: Option<String>,
    pub(super) exit_by: Option<Day>,
    pub(super) decided_by: Option<UserId>,
    pub(super) decided_at: Instant,
}

/// A stay in the ledger.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = shelter_stay, treat_none_as_default_value = false)]
pub(super) struct Stay {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: StayId,
    pub(super) version: i32,
    pub(super) decision_id: ShelterDecisionId,
    pub(super) household_id: HouseholdId,
    pub(super) provider_id: ShelterProviderId,
    pub(super) children: i32,
    pub(super) nightly_ore: i64,
    pub(super) is_night_shelter: bool,
    pub(super) began_on: Day,
    pub(super) ended_on: Option<Day>,
    pub(super) checked_on: Option<Day>,
    pub(super) check_outcome: Option<CheckOutcome>,
}

pub(super) fn insert_provider(tx: &mut Tx<'_>, row: &Provider) -> Result<(), Problem> {
    diesel::insert_into(shelter_provider::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_provider(
    tx: &mut Tx<'_>,
    id: ShelterProviderId,
) -> Result<Option<Provider>, Problem> {
    let key = (tx.municipality(), id);
    let found = shelter_provider::table
        .find(key)
        .select(Provider::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn providers(
    tx: &mut Tx<'_>,
    after: Option<ShelterProviderId>,
    limit: i64,
) -> Result<Vec<Provider>, Problem> {
    let municipality = tx.municipality();
    Ok(shelter_provider::table
        .filter(shelter_provider::municipality_id.eq(municipality))
        .filter(shelter_provider::id.gt(after.unwrap_or(ShelterProviderId::NIL)))
        .order(shelter_provider::id)
        .limit(limit)
        .select(Provider::as_select())
        .load(tx.conn())?)
}

/// Writes a changed provider, if it is still at the version before.
pub(super) fn update_provider(tx: &mut Tx<'_>, row: &Provider) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(shelter_provider::table.find(key))
        .filter(shelter_provider::version.eq(row.version - 1))
        .set((
            shelter_provider::version.eq(row.version),
            shelter_provider::name.eq(&row.name),
            shelter_provider::kind.eq(row.kind),
            shelter_provider::organisation_number.eq(&row.organisation_number),
            shelter_provider::nightly_ore.eq(row.nightly_ore),
            shelter_provider::suits_children.eq(row.suits_children),
            shelter_provider::checked_on.eq(row.checked_on),
            shelter_provider::is_open.eq(row.is_open),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_decision(tx: &mut Tx<'_>, row: &ShelterDecision) -> Result<(), Problem> {
    diesel::insert_into(shelter_decision::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_decision(
    tx: &mut Tx<'_>,
    id: ShelterDecisionId,
) -> Result<Option<ShelterDecision>, Problem> {
    let key = (tx.municipality(), id);
    let found = shelter_decision::table
        .find(key)
        .select(ShelterDecision::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Writes the plan for what comes after, if the decision is still at the version before.
pub(super) fn set_exit_plan(tx: &mut Tx<'_>, row: &ShelterDecision) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(shelter_decision::table.find(key))
        .filter(shelter_decision::version.eq(row.version - 1))
        .set((
            shelter_decision::version.eq(row.version),
            shelter_decision::exit_plan.eq(&row.exit_plan),
            shelter_decision::exit_by.eq(row.exit_by),
        ))
        .execute(tx.conn())?)
}

/// Writes by which decision it is confirmed, if it is still at the version before.
pub(super) fn set_decision(tx: &mut Tx<'_>, row: &ShelterDecision) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(shelter_decision::table.find(key))
        .filter(shelter_decision::version.eq(row.version - 1))
        .set((
            shelter_decision::version.eq(row.version),
            shelter_decision::application_id.eq(row.application_id),
            shelter_decision::decision_id.eq(row.decision_id),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_stay(tx: &mut Tx<'_>, row: &Stay) -> Result<(), Problem> {
    diesel::insert_into(shelter_stay::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_ONGOING, Refusal::StaysAlready)?;
    Ok(())
}

pub(super) fn find_stay(tx: &mut Tx<'_>, id: StayId) -> Result<Option<Stay>, Problem> {
    let key = (tx.municipality(), id);
    let found = shelter_stay::table
        .find(key)
        .select(Stay::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Writes a changed stay, if it is still at the version before.
pub(super) fn update_stay(tx: &mut Tx<'_>, row: &Stay) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(shelter_stay::table.find(key))
        .filter(shelter_stay::version.eq(row.version - 1))
        .set((
            shelter_stay::version.eq(row.version),
            shelter_stay::ended_on.eq(row.ended_on),
            shelter_stay::checked_on.eq(row.checked_on),
            shelter_stay::check_outcome.eq(row.check_outcome),
        ))
        .execute(tx.conn())?)
}

/// Stays after this one, only those that go on if asked.
pub(super) fn stays(
    tx: &mut Tx<'_>,
    ongoing: bool,
    after: Option<StayId>,
    limit: i64,
) -> Result<Vec<Stay>, Problem> {
    let municipality = tx.municipality();
    let mut query = shelter_stay::table
        .filter(shelter_stay::municipality_id.eq(municipality))
        .filter(shelter_stay::id.gt(after.unwrap_or(StayId::NIL)))
        .order(shelter_stay::id)
        .limit(limit)
        .select(Stay::as_select())
        .into_boxed();
    if ongoing {
        query = query.filter(shelter_stay::ended_on.is_null());
    }
    Ok(query.load(tx.conn())?)
}

/// The decisions about a household, oldest first.
pub(super) fn decisions_about(
    tx: &mut Tx<'_>,
    household: HouseholdId,
) -> Result<Vec<ShelterDecision>, Problem> {
    Ok(shelter_decision::table
        .filter(shelter_decision::municipality_id.eq(tx.municipality()))
        .filter(shelter_decision::household_id.eq(household))
        .order(shelter_decision::id)
        .select(ShelterDecision::as_select())
        .load(tx.conn())?)
}

/// The stays of a household, oldest first.
pub(super) fn stays_of(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Stay>, Problem> {
    Ok(shelter_stay::table
        .filter(shelter_stay::municipality_id.eq(tx.municipality()))
        .filter(shelter_stay::household_id.eq(household))
        .order(shelter_stay::id)
        .select(Stay::as_select())
        .load(tx.conn())?)
}

/// The decisions of these stays.
pub(super) fn decisions_of(
    tx: &mut Tx<'_>,
    stays: &[Stay],
) -> Result<Vec<ShelterDecision>, Problem> {
    let municipality = tx.municipality();
    let ids: Vec<ShelterDecisionId> = stays.iter().map(|stay| stay.decision_id).collect();
    Ok(shelter_decision::table
        .filter(shelter_decision::municipality_id.eq(municipality))
        .filter(shelter_decision::id.eq_any(ids))
        .select(ShelterDecision::as_select())
        .load(tx.conn())?)
}

/// The stays of a period: begun before its end and not ended before its beginning.
pub(super) fn counted(tx: &mut Tx<'_>, first: Day, next: Day) -> Result<Vec<Counted>, Problem> {
    let municipality = tx.municipality();
    let rows: Vec<Stay> = shelter_stay::table
        .filter(shelter_stay::municipality_id.eq(municipality))
        .filter(shelter_stay::began_on.lt(next))
        .filter(
            shelter_stay::ended_on
                .is_null()
                .or(shelter_stay::ended_on.gt(first)),
        )
        .select(Stay::as_select())
        .load(tx.conn())?;
    let counted = rows.into_iter().map(|stay| Counted {
        household: stay.household_id,
        is_night_shelter: stay.is_night_shelter,
        children: stay.children,
        began_on: stay.began_on,
        ended_on: stay.ended_on,
        nightly_ore: stay.nightly_ore,
    });
    Ok(counted.collect())
}
