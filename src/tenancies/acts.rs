//! Holding a home, moving in, moving out.

use std::collections::BTreeMap;

use super::model::{AllocationState, TenancyState};
use super::rules;
use super::store::{self, Allocation, Tenancy};
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::{self, Move};
use crate::http::must_be_current;
use crate::ids::{
    AllocationId, ApplicationId, DecisionId, DwellingId, HouseholdId, PersonId, TenancyId,
};
use crate::people;
use crate::problem::{NOT_FOUND, Problem};

/// What an allocation is made by.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// The case.
    pub application: ApplicationId,
    /// The decision.
    pub decision: DecisionId,
}

/// Holds a reserved home for a household, by a decision. By constraint neither ever has two.
pub fn allocate(
    tx: &mut Tx<'_>,
    dwelling: DwellingId,
    household: HouseholdId,
    ground: Ground,
) -> Result<AllocationId, Problem> {
    let row = Allocation {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        dwelling_id: dwelling,
        household_id: household,
        application_id: Some(ground.application),
        decision_id: Some(ground.decision),
        state: AllocationState::Active,
        created_at: tx.now(),
        ended_at: None,
    };
    // Who lives in another of our homes keeps that one by its tenancy until it is handed back.
    store::rest_allocation_lived_in(tx, household)?;
    store::insert_allocation(tx, &row)?;
    move_home(tx, dwelling, Move::Allocate)?;
    Ok(row.id)
}

/// Holds a home no longer: it can be let again.
pub fn release(
    tx: &mut Tx<'_>,
    allocation: AllocationId,
    dwelling: DwellingId,
) -> Result<(), Problem> {
    must_be_current(store::end_allocation(tx, allocation)?)?;
    store::resume_allocation_lived_in(tx, allocation)?;
    move_home(tx, dwelling, Move::Release)
}

/// A lease to be begun.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    /// The allocation that it fulfils.
    pub allocation: AllocationId,
    /// The home.
    pub dwelling: DwellingId,
    /// Who moves in.
    pub household: HouseholdId,
    /// The first day.
    pub starts_on: Day,
    /// How long it runs.
    pub months: i16,
}

/// Lets the household move in.
pub fn start(tx: &mut Tx<'_>, lease: Lease) -> Result<Tenancy, Problem> {
    let home = housing::find_dwelling(tx, lease.dwelling)?;
    let home = home.ok_or_else(|| Problem::internal("an allocated home is gone"))?;
    let tenancy = Tenancy {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        allocation_id: lease.allocation,
        dwelling_id: lease.dwelling,
        household_id: lease.household,
        state: TenancyState::Active,
        starts_on: lease.starts_on,
        agreed_until: lease.starts_on.plus_months(i32::from(lease.months)),
        ended_on: None,
        rent_ore: home.description.rent_ore,
    };
    store::insert_tenancy(tx, &tenancy)?;
    housing::advance_on(tx, &home, Move::MoveIn, lease.starts_on)?;
    Ok(tenancy)
}

/// Ends a tenancy on the day on which the home was handed back.
pub(super) fn end(tx: &mut Tx<'_>, tenancy: &Tenancy, on: Day) -> Result<Tenancy, Problem> {
    rules::may_end(tenancy.state, tenancy.starts_on, on, tx.today())?;
    must_be_current(store::end(tx, tenancy, on)?)?;
    // It rests already where the household was given another home meanwhile.
    store::end_allocation(tx, tenancy.allocation_id)?;
    move_home_on(tx, tenancy.dwelling_id, Move::MoveOut, on)?;
    tx.record(
        Entry::change("tenancy.ended")
            .about(tenancy.id)
            .about(tenancy.dwelling_id)
            .about(tenancy.household_id)
            .fact("endedOn", on.0.to_string()),
    );
    store::find(tx, tenancy.id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The tenancy that fulfils an allocation, once there is one.
pub fn of_allocation(
    tx: &mut Tx<'_>,
    allocation: AllocationId,
) -> Result<Option<Tenancy>, Problem> {
    store::of_allocation(tx, allocation)
}

/// Ends a tenancy that has not begun, because the home cannot be handed over; the home is to be looked after. Why is the caller's to record.
pub fn annul(tx: &mut Tx<'_>, tenancy: &Tenancy) -> Result<(), Problem> {
    must_be_current(store::end(tx, tenancy, tenancy.starts_on)?)?;
    must_be_current(store::end_allocation(tx, tenancy.allocation_id)?)?;
    move_home(tx, tenancy.dwelling_id, Move::MoveOut)
}

fn move_home(tx: &mut Tx<'_>, dwelling: DwellingId, by: Move) -> Result<(), Problem> {
    let today = tx.today();
    move_home_on(tx, dwelling, by, today)
}

fn move_home_on(tx: &mut Tx<'_>, dwelling: DwellingId, by: Move, on: Day) -> Result<(), Problem> {
    let home = housing::find_dwelling(tx, dwelling)?;
    let home = home.ok_or_else(|| Problem::internal("an allocated home is gone"))?;
    housing::advance_on(tx, &home, by, on)?;
    Ok(())
}

/// The tenancies of these households, ended ones too.
pub fn of_households(tx: &mut Tx<'_>, households: &[HouseholdId]) -> Result<Vec<Tenancy>, Problem> {
    store::of_households(tx, households)
}

/// The tenancies that go on and whose leases end on this day or before, with who lives there and the day.
pub fn ending_until(
    tx: &mut Tx<'_>,
    until: Day,
) -> Result<Vec<(TenancyId, HouseholdId, Day)>, Problem> {
    store::ending_until(tx, until)
}

/// Every tenancy of a household, oldest first, whoever asks.
pub fn of_household(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Tenancy>, Problem> {
    let theirs = store::Filter {
        household: Some(household),
        ..store::Filter::default()
    };
    store::page(tx, &theirs, None, i64::from(u16::MAX))
}

/// In which home each of these households lives now, where it lives in one of ours.
pub fn homes_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeMap<HouseholdId, DwellingId>, Problem> {
    store::homes_of(tx, households)
}

/// The homes that are held for these households, offered to them or lived in by them; whoever is moving has two.
pub fn held_by(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, DwellingId)>, Problem> {
    store::held_by(tx, households)
}

/// The tenancies that run in these homes.
pub fn active_in(tx: &mut Tx<'_>, homes: &[DwellingId]) -> Result<Vec<Tenancy>, Problem> {
    store::active_in(tx, homes)
}

/// A tenancy that began before the municipality used this service.
#[derive(Debug, Clone, Copy)]
pub struct TakenOver {
    /// The home; its state is the caller's to set.
    pub dwelling: DwellingId,
    /// Who lives there.
    pub household: HouseholdId,
    /// The first day.
    pub starts_on: Day,
    /// The day after the last one that the lease names.
    pub agreed_until: Day,
    /// The day on which the home was handed back, when it was.
    pub ended_on: Option<Day>,
    /// Rent a month, in øre.
    pub rent_ore: i64,
}

/// Takes over tenancies from before, all at once.
pub fn take_over(tx: &mut Tx<'_>, tenancies: &[TakenOver]) -> Result<(), Problem> {
    let (municipality_id, now) = (tx.municipality(), tx.now());
    let mut allocations = Vec::with_capacity(tenancies.len());
    let mut rows = Vec::with_capacity(tenancies.len());
    for it in tenancies {
        let allocation_id = tx.new_id();
        let has_ended = it.ended_on.is_some();
        allocations.push(Allocation {
            municipality_id,
            id: allocation_id,
            dwelling_id: it.dwelling,
            household_id: it.household,
            application_id: None,
            decision_id: None,
            state: if has_ended {
                AllocationState::Ended
            } else {
                AllocationState::Active
            },
            created_at: now,
            ended_at: has_ended.then_some(now),
        });
        rows.push(Tenancy {
            municipality_id,
            id: tx.new_id(),
            version: 1,
            allocation_id,
            dwelling_id: it.dwelling,
            household_id: it.household,
            state: if has_ended {
                TenancyState::Ended
            } else {
                TenancyState::Active
            },
            starts_on: it.starts_on,
            agreed_until: it.agreed_until,
            ended_on: it.ended_on,
            rent_ore: it.rent_ore,
        });
    }
    store::insert_allocations(tx, &allocations)?;
    store::insert_tenancies(tx, &rows)?;
    tx.record(Entry::change("tenancies.taken_over").fact("count", rows.len()));
    Ok(())
}

/// Whether a person belongs to a household that lives in a home of ours now.
pub fn lives_in_our_home(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Problem> {
    let households = people::households_of(tx, person)?;
    let today = tx.today();
    lived_in_our_home(tx, &households, today)
}

/// Whether one of these households lived in a home of ours on a day.
pub fn lived_in_our_home(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    on: Day,
) -> Result<bool, Problem> {
    store::had_home(tx, households, on)
}
