//! Planning demolitions, moving their days, giving them up, carrying them out.

use super::model::{DemolitionPlan, MoveDates, PlanDemolitions, PlanState, Resident};
use super::rules::{self, Lease, LeftToDo, Refusal};
use super::store;
use crate::access;
use crate::audit::{Entry, Subject};
use crate::db::Tx;
use crate::housing::{self, DisposalReason, Dwelling, DwellingState};
use crate::http::must_be_current;
use crate::ids::{DwellingId, HouseholdId};
use crate::problem::{FieldFault, Problem};
use crate::tenancies;

/// Plans that homes will be demolished. Nobody is let in beyond it from now on, and whoever lives there has the right that the plan gives.
pub(super) fn plan(tx: &mut Tx<'_>, said: &PlanDemolitions) -> Result<DemolitionPlan, Problem> {
    let dates = MoveDates {
        vacate_by: said.vacate_by,
        demolish_from: said.demolish_from,
    };
    let mut faults = rules::faults_of(&dates, tx.today());
    if let Some(measure) = said.measure_id
        && !housing::has_measure(tx, measure)?
    {
        let (nb, en) = ("Tiltaket finnes ikke.", "The measure does not exist.");
        faults.push(FieldFault::new("/measureId", "not_found", nb, en));
    }
    let homes = load(tx, &said.dwelling_ids, &mut faults)?;
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let plan = DemolitionPlan {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        name: said.name.clone(),
        measure_id: said.measure_id,
        state: PlanState::Planned,
        vacate_by: said.vacate_by,
        demolish_from: said.demolish_from,
        created_at: tx.now(),
    };
    let residents = residents_by(tx, &plan, &said.dwelling_ids, said.rehouses_residents)?;
    store::insert(tx, &plan, &said.dwelling_ids)?;
    store::add_residents(tx, &residents)?;
    for home in &homes {
        housing::plan_end(tx, home, Some(plan.demolish_from))?;
    }
    tx.record(
        entry_of("demolition.planned", &plan)
            .about_all(said.dwelling_ids.iter().copied())
            .fact("demolishFrom", plan.demolish_from.0.to_string())
            .fact("residents", residents.len()),
    );
    Ok(plan)
}

/// Whom a plan with these days gives a right to a permanent home elsewhere, of those who live there and have none by it yet.
fn residents_by(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    homes: &[DwellingId],
    rehouses: bool,
) -> Result<Vec<Resident>, Problem> {
    let known = store::residents_of(tx, plan.id, false, &[], None, i64::MAX)?;
    let mut tenancies = tenancies::active_in(tx, homes)?;
    tenancies.retain(|lease| known.iter().all(|it| it.household_id != lease.household_id));
    let households: Vec<HouseholdId> = tenancies.iter().map(|it| it.household_id).collect();
    let unseen = access::unlocatable(tx, &households)?;
    let leases: Vec<Lease> = tenancies
        .iter()
        .map(|lease| Lease {
            household: lease.household_id,
            until: lease.agreed_until,
            is_seen: !unseen.contains(&lease.household_id),
        })
        .collect();
    let with_right = rules::rehoused(&leases, plan.demolish_from, rehouses)?;
    let residents = tenancies
        .iter()
        .filter(|lease| with_right.contains(&lease.household_id));
    Ok(residents
        .map(|lease| Resident {
            municipality_id: plan.municipality_id,
            plan_id: plan.id,
            household_id: lease.household_id,
            dwelling_id: lease.dwelling_id,
            tenancy_id: lease.id,
        })
        .collect())
}

/// Moves the days of a plan. No lease of somebody without a right by it may outlast the homes after that, either.
pub(super) fn move_dates(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    dates: &MoveDates,
) -> Result<DemolitionPlan, Problem> {
    rules::stands(plan.state)?;
    let faults = rules::faults_of(dates, tx.today());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let homes = homes_of(tx, plan)?;
    let anew = DemolitionPlan {
        version: plan.version + 1,
        vacate_by: dates.vacate_by,
        demolish_from: dates.demolish_from,
        ..plan.clone()
    };
    must_be_current(store::replace(tx, &anew)?)?;
    let ids: Vec<DwellingId> = homes.iter().map(|home| home.id).collect();
    let residents = residents_by(tx, &anew, &ids, false)?;
    store::add_residents(tx, &residents)?;
    for home in &homes {
        housing::plan_end(tx, home, Some(dates.demolish_from))?;
    }
    tx.record(
        entry_of("demolition.dates_moved", plan)
            .fact("demolishFrom", dates.demolish_from.0.to_string()),
    );
    Ok(anew)
}

/// Closes the homes that have been vacated, so that they are not made ready for anybody.
pub(super) fn close_vacated(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
) -> Result<DemolitionPlan, Problem> {
    rules::stands(plan.state)?;
    let anew = DemolitionPlan {
        version: plan.version + 1,
        ..plan.clone()
    };
    must_be_current(store::replace(tx, &anew)?)?;
    let homes = homes_of(tx, plan)?;
    let mut closed = Vec::new();
    for home in homes.iter().filter(|home| home.state.is_empty_home()) {
        let moved = housing::plan_end(tx, home, Some(plan.demolish_from))?;
        if moved.state != home.state {
            closed.push(home.id);
        }
    }
    tx.record(entry_of("demolition.homes_closed", plan).about_all(closed));
    Ok(anew)
}

/// Gives a plan up; its homes stay.
pub(super) fn cancel(tx: &mut Tx<'_>, plan: &DemolitionPlan) -> Result<DemolitionPlan, Problem> {
    rules::stands(plan.state)?;
    let homes = homes_of(tx, plan)?;
    let anew = end(tx, plan, PlanState::Cancelled)?;
    for home in &homes {
        housing::plan_end(tx, home, None)?;
    }
    tx.record(entry_of("demolition.cancelled", plan));
    Ok(anew)
}

/// Carries a plan out: its homes leave the stock.
pub(super) fn carry_out(tx: &mut Tx<'_>, plan: &DemolitionPlan) -> Result<DemolitionPlan, Problem> {
    rules::stands(plan.state)?;
    let homes = homes_of(tx, plan)?;
    let left = left_to_do(tx, plan, &homes)?;
    let may = rules::may_be_carried_out(plan.demolish_from, tx.today(), left);
    may.map_err(|refusal| match refusal {
        Refusal::ResidentsWithoutHome => {
            Problem::from(refusal).fact("residents", left.without_home)
        }
        Refusal::StillLivedIn => Problem::from(refusal).fact("homes", left.lived_in),
        other => other.into(),
    })?;
    let anew = end(tx, plan, PlanState::CarriedOut)?;
    for home in &homes {
        housing::dispose(tx, home, DisposalReason::Demolished, None)?;
    }
    let ids = homes.iter().map(|home| home.id);
    tx.record(entry_of("demolition.carried_out", plan).about_all(ids));
    Ok(anew)
}

fn left_to_do(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    homes: &[Dwelling],
) -> Result<LeftToDo, Problem> {
    let hidden = hidden_residents(tx, plan)?;
    let without_home = count_without(tx, plan, &hidden)?;
    let veil = housing::Veil::of(tx)?;
    let told = homes.iter().map(|home| veil.state(home.id, home.state));
    Ok(LeftToDo {
        without_home,
        lived_in: seen_in_use(tx, homes)?,
        blocked: told.filter(|it| *it == DwellingState::Blocked).count(),
        unseen: count_without(tx, plan, &[])? - without_home,
    })
}

fn end(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    state: PlanState,
) -> Result<DemolitionPlan, Problem> {
    let anew = DemolitionPlan {
        version: plan.version + 1,
        state,
        ..plan.clone()
    };
    must_be_current(store::replace(tx, &anew)?)?;
    store::let_go(tx, plan.id)?;
    Ok(anew)
}

/// How many residents of a plan have no permanent home elsewhere yet, besides those who are hidden.
pub(super) fn count_without(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
    hidden: &[HouseholdId],
) -> Result<i64, Problem> {
    let without = store::residents_of(tx, plan.id, true, hidden, None, i64::MAX)?;
    Ok(i64::try_from(without.len()).unwrap_or(i64::MAX))
}

/// The residents of a plan of whom the caller may not know where they live: they are in no list and no count.
pub(super) fn hidden_residents(
    tx: &mut Tx<'_>,
    plan: &DemolitionPlan,
) -> Result<Vec<HouseholdId>, Problem> {
    let residents = store::residents_of(tx, plan.id, false, &[], None, i64::MAX)?;
    let households: Vec<HouseholdId> = residents.iter().map(|it| it.household_id).collect();
    let hidden = access::unlocatable(tx, &households)?;
    Ok(hidden.into_iter().collect())
}

/// How many of these homes somebody lives in or has kept, as far as the caller may know.
pub(super) fn seen_in_use(tx: &mut Tx<'_>, homes: &[Dwelling]) -> Result<usize, Problem> {
    let veil = housing::Veil::of(tx)?;
    let is_seen = |home: &&Dwelling| veil.state(home.id, home.state).is_in_use();
    Ok(homes.iter().filter(is_seen).count())
}

/// The homes of a plan as they stand.
pub(super) fn homes_of(tx: &mut Tx<'_>, plan: &DemolitionPlan) -> Result<Vec<Dwelling>, Problem> {
    let ids = store::homes_of(tx, plan.id)?;
    ids.into_iter()
        .map(|id| {
            let home = housing::find_dwelling(tx, id)?;
            home.ok_or_else(|| Problem::internal("a home of a plan is gone"))
        })
        .collect()
}

fn load(
    tx: &mut Tx<'_>,
    ids: &[DwellingId],
    faults: &mut Vec<FieldFault>,
) -> Result<Vec<Dwelling>, Problem> {
    let mut homes: Vec<Dwelling> = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        let found = housing::find_dwelling(tx, *id)?;
        let (code, nb, en) = match found {
            None => (
                "not_found",
                "Boligen finnes ikke.",
                "The home does not exist.",
            ),
            Some(home) if homes.iter().any(|known| known.id == home.id) => {
                ("not_unique", "Står to ganger.", "Stands twice.")
            }
            Some(home) if !rules::can_be_demolished(home.state) => (
                "does_not_stand",
                "Boligen står ikke.",
                "The home does not stand.",
            ),
            Some(home) => {
                homes.push(home);
                continue;
            }
        };
        faults.push(FieldFault::new(format!("/dwellingIds/{at}"), code, nb, en));
    }
    Ok(homes)
}

fn entry_of(action: &'static str, plan: &DemolitionPlan) -> Entry {
    Entry::change(action).about(Subject::policy(plan.id))
}
