//! Allocations and tenancies: the tables by which no home and no household ever has two.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{AllocationState, TenancyState};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{allocation, tenancy};
use crate::db::{OrRefuse, Tx, Unique, violates};
use crate::each;
use crate::ids::{
    AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, MunicipalityId, TenancyId,
};
use crate::problem::Problem;

const ONE_PER_DWELLING: Unique = Unique {
    name: "allocation_one_per_dwelling",
    columns: "allocation.municipality_id, allocation.dwelling_id",
};
const ONE_PER_HOUSEHOLD: Unique = Unique {
    name: "allocation_one_per_household",
    columns: "allocation.municipality_id, allocation.household_id",
};
const ONE_TENANCY: Unique = Unique {
    name: "tenancy_one_per_dwelling",
    columns: "tenancy.municipality_id, tenancy.dwelling_id",
};
/// Rows of one insert, well below what either database binds at once.
const CHUNK: usize = 500;

/// A home held for a household ("tildeling").
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = allocation, treat_none_as_default_value = false)]
pub struct Allocation {
    /// The municipality that holds it.
    pub municipality_id: MunicipalityId,
    /// The allocation.
    pub id: AllocationId,
    /// The home.
    pub dwelling_id: DwellingId,
    /// For whom.
    pub household_id: HouseholdId,
    /// In which case; none where a tenancy was taken over from before.
    pub application_id: Option<ApplicationId>,
    /// By which decision; none where a tenancy was taken over from before.
    pub decision_id: Option<DecisionId>,
    /// Whether it holds.
    pub state: AllocationState,
    /// Since when.
    pub created_at: Instant,
    /// Until when.
    pub ended_at: Option<Instant>,
}

/// A tenancy ("leieforhold").
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tenancy, treat_none_as_default_value = false)]
pub struct Tenancy {
    /// The municipality that lets.
    pub municipality_id: MunicipalityId,
    /// The tenancy.
    pub id: TenancyId,
    /// Rises with every change.
    pub version: i32,
    /// The allocation that it fulfils.
    pub allocation_id: AllocationId,
    /// The home.
    pub dwelling_id: DwellingId,
    /// Who lives there.
    pub household_id: HouseholdId,
    /// Where it stands.
    pub state: TenancyState,
    /// The first day.
    pub starts_on: Day,
    /// The day after the last one that the lease names.
    pub agreed_until: Day,
    /// The day on which the home was handed back.
    pub ended_on: Option<Day>,
    /// Rent a month at the beginning, in øre.
    pub rent_ore: i64,
}

/// Holds a home for a household. The constraints decide when two try at once.
pub(super) fn insert_allocation(tx: &mut Tx<'_>, row: &Allocation) -> Result<(), Problem> {
    let inserted = diesel::insert_into(allocation::table)
        .values(row)
        .execute(tx.conn());
    match inserted {
        Err(error) if violates(&error, &ONE_PER_HOUSEHOLD) => Err(Refusal::HouseholdHasHome.into()),
        other => {
            other.or_refuse(&ONE_PER_DWELLING, Refusal::DwellingTaken)?;
            Ok(())
        }
    }
}

pub(super) fn insert_allocations(tx: &mut Tx<'_>, rows: &[Allocation]) -> Result<(), Problem> {
    for chunk in rows.chunks(CHUNK) {
        let insert = diesel::insert_into(allocation::table);
        each!(tx.conn(), c => insert.values(chunk).execute(c))?;
    }
    Ok(())
}

pub(super) fn end_allocation(tx: &mut Tx<'_>, id: AllocationId) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), id), tx.now());
    Ok(diesel::update(allocation::table.find(key))
        .filter(allocation::state.eq(AllocationState::Active.named()))
        .set((
            allocation::state.eq(AllocationState::Ended),
            allocation::ended_at.eq(now),
        ))
        .execute(tx.conn())?)
}

/// Lets the allocation rest by which a household lives in a home: its tenancy keeps the home from now on.
pub(super) fn rest_allocation_lived_in(
    tx: &mut Tx<'_>,
    household: HouseholdId,
) -> Result<usize, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let lived_in = tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::household_id.eq(household))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .select(tenancy::allocation_id);
    let lived_in: Vec<AllocationId> = lived_in.load(tx.conn())?;
    if lived_in.is_empty() {
        return Ok(0);
    }
    Ok(diesel::update(
        allocation::table
            .filter(allocation::municipality_id.eq(municipality))
            .filter(allocation::id.eq_any(lived_in))
            .filter(allocation::state.eq(AllocationState::Active.named())),
    )
    .set((
        allocation::state.eq(AllocationState::Ended),
        allocation::ended_at.eq(now),
    ))
    .execute(tx.conn())?)
}

/// Lets the allocation hold again by which the household of this one lives in a home, if it does in any.
pub(super) fn resume_allocation_lived_in(
    tx: &mut Tx<'_>,
    ended: AllocationId,
) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let household: HouseholdId = allocation::table
        .find((municipality, ended))
        .select(allocation::household_id)
        .first(tx.conn())?;
    let lived_in: Option<AllocationId> = tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::household_id.eq(household))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .order(tenancy::id.desc())
        .select(tenancy::allocation_id)
        .first(tx.conn())
        .optional()?;
    let Some(lived_in) = lived_in else {
        return Ok(0);
    };
    Ok(
        diesel::update(allocation::table.find((municipality, lived_in)))
            .set((
                allocation::state.eq(AllocationState::Active),
                allocation::ended_at.eq(None::<Instant>),
            ))
            .execute(tx.conn())?,
    )
}

/// The tenancies that run in these homes.
pub(super) fn active_in(tx: &mut Tx<'_>, homes: &[DwellingId]) -> Result<Vec<Tenancy>, Problem> {
    let municipality = tx.municipality();
    Ok(tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .filter(tenancy::dwelling_id.eq_any(homes.to_vec()))
        .order(tenancy::id)
        .select(tenancy::all_columns)
        .load(tx.conn())?)
}

pub(super) fn insert_tenancy(tx: &mut Tx<'_>, row: &Tenancy) -> Result<(), Problem> {
    diesel::insert_into(tenancy::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_TENANCY, Refusal::DwellingTaken)?;
    Ok(())
}

pub(super) fn insert_tenancies(tx: &mut Tx<'_>, rows: &[Tenancy]) -> Result<(), Problem> {
    for chunk in rows.chunks(CHUNK) {
        let insert = diesel::insert_into(tenancy::table);
        each!(tx.conn(), c => insert.values(chunk).execute(c))?;
    }
    Ok(())
}

/// A tenancy.
pub(super) fn find(tx: &mut Tx<'_>, id: TenancyId) -> Result<Option<Tenancy>, Problem> {
    let key = (tx.municipality(), id);
    let found = tenancy::table
        .find(key)
        .select(tenancy::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The tenancy that fulfils an allocation.
pub(super) fn of_allocation(
    tx: &mut Tx<'_>,
    allocation: AllocationId,
) -> Result<Option<Tenancy>, Problem> {
    let municipality = tx.municipality();
    let found = tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::allocation_id.eq(allocation))
        .select(tenancy::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Ends a tenancy, if it is still at the version that was read.
pub(super) fn end(tx: &mut Tx<'_>, of: &Tenancy, on: Day) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(tenancy::table.find(key))
        .filter(tenancy::version.eq(of.version))
        .set((
            tenancy::state.eq(TenancyState::Ended),
            tenancy::ended_on.eq(on),
            tenancy::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Lets a lease end on another day, if the tenancy is still at the version that was read.
pub(super) fn run_until(tx: &mut Tx<'_>, of: &Tenancy, until: Day) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(tenancy::table.find(key))
        .filter(tenancy::version.eq(of.version))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .set((
            tenancy::agreed_until.eq(until),
            tenancy::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Which tenancies are asked for; all that are given must hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) state: Option<TenancyState>,
    pub(super) dwelling: Option<DwellingId>,
    pub(super) household: Option<HouseholdId>,
    pub(super) agreed_until_before: Option<Day>,
}

pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<TenancyId>,
    limit: i64,
) -> Result<Vec<Tenancy>, Problem> {
    let municipality = tx.municipality();
    let mut query = tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::id.gt(after.unwrap_or(TenancyId::NIL)))
        .order(tenancy::id)
        .limit(limit)
        .select(tenancy::all_columns)
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(tenancy::state.eq(state));
    }
    if let Some(dwelling) = filter.dwelling {
        query = query.filter(tenancy::dwelling_id.eq(dwelling));
    }
    if let Some(household) = filter.household {
        query = query.filter(tenancy::household_id.eq(household));
    }
    if let Some(day) = filter.agreed_until_before {
        query = query.filter(tenancy::agreed_until.lt(day));
    }
    Ok(query.load(tx.conn())?)
}

/// The tenancies of these households, ended ones too.
pub(super) fn of_households(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<Tenancy>, Problem> {
    let municipality = tx.municipality();
    Ok(tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::household_id.eq_any(households.to_vec()))
        .select(tenancy::all_columns)
        .load(tx.conn())?)
}

/// Whether one of these households had a home of ours on a day.
pub(super) fn had_home(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    on: Day,
) -> Result<bool, Problem> {
    let municipality = tx.municipality();
    let found: Option<TenancyId> = tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::household_id.eq_any(households.to_vec()))
        .filter(tenancy::starts_on.le(on))
        .filter(tenancy::ended_on.is_null().or(tenancy::ended_on.gt(on)))
        .select(tenancy::id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// In which home each of these households lives now, where it lives in one of ours.
pub(super) fn homes_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeMap<HouseholdId, DwellingId>, Problem> {
    let municipality = tx.municipality();
    let mut leases = Vec::new();
    for chunk in households.chunks(CHUNK) {
        let rows: Vec<(TenancyId, TenancyState, HouseholdId, DwellingId)> = tenancy::table
            .filter(tenancy::municipality_id.eq(municipality))
            .filter(tenancy::household_id.eq_any(chunk.to_vec()))
            .select((
                tenancy::id,
                tenancy::state,
                tenancy::household_id,
                tenancy::dwelling_id,
            ))
            .load(tx.conn())?;
        leases.extend(rows);
    }
    // A household has few leases in its life, so their state and order are looked at here: by the household's index.
    leases.retain(|(_, state, ..)| *state == TenancyState::Active);
    leases.sort_unstable_by_key(|(id, ..)| *id);
    // Who is moving lives in the newer home.
    let newer = leases.into_iter();
    Ok(newer
        .map(|(.., household, home)| (household, home))
        .collect())
}

/// The homes that are held for these households, offered to them or lived in by them.
pub(super) fn held_by(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, DwellingId)>, Problem> {
    let municipality = tx.municipality();
    let mut held = Vec::new();
    for chunk in households.chunks(CHUNK) {
        let rows: Vec<(HouseholdId, DwellingId)> = allocation::table
            .filter(allocation::municipality_id.eq(municipality))
            .filter(allocation::state.eq(AllocationState::Active.named()))
            .filter(allocation::household_id.eq_any(chunk.to_vec()))
            .select((allocation::household_id, allocation::dwelling_id))
            .load(tx.conn())?;
        held.extend(rows);
    }
    held.sort_unstable();
    Ok(held)
}

/// The tenancies that go on and whose leases end on this day or before.
pub(super) fn ending_until(
    tx: &mut Tx<'_>,
    until: Day,
) -> Result<Vec<(TenancyId, HouseholdId, Day)>, Problem> {
    let municipality = tx.municipality();
    Ok(tenancy::table
        .filter(tenancy::municipality_id.eq(municipality))
        .filter(tenancy::state.eq(TenancyState::Active.named()))
        .filter(tenancy::agreed_until.le(until))
        .order(tenancy::id)
        .select((tenancy::id, tenancy::household_id, tenancy::agreed_until))
        .load(tx.conn())?)
}
