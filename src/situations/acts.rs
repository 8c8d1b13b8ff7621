//! Recording what is true of households' housing, and asking what holds on a day.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{NewSituation, Situation};
use super::rules::{self, Held};
use super::store;
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::HouseholdId;
use crate::people;
use crate::problem::Problem;

/// Records a situation of a household.
pub fn record(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    new: NewSituation,
) -> Result<Situation, Problem> {
    let mut recorded = record_many(tx, &[(household, new)])?;
    let unrecorded = || Problem::internal("what was recorded is not there");
    recorded.pop().ok_or_else(unrecorded)
}

/// Records many situations at once; all of them or, where one is at fault, none.
pub fn record_many(
    tx: &mut Tx<'_>,
    new: &[(HouseholdId, NewSituation)],
) -> Result<Vec<Situation>, Problem> {
    let today = tx.today();
    let faults: Vec<_> = new
        .iter()
        .flat_map(|(_, new)| rules::faults_of_period(new, today))
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let households: BTreeSet<HouseholdId> = new.iter().map(|(household, _)| *household).collect();
    // First the hold on the households, then the look at what is recorded of them.
    people::renew_households(tx, &households)?;
    let mut held = held_by(tx, &households)?;
    let mut recorded = Vec::with_capacity(new.len());
    for (household, new) in new {
        let held = held.entry(*household).or_default();
        rules::must_not_overlap(new, held)?;
        held.push((new.reason, new.valid_from, new.valid_until));
        recorded.push(recorded_now(tx, *household, new));
    }
    store::insert(tx, &recorded)?;
    for situation in &recorded {
        let entry = Entry::change("situation.recorded").about(situation.household_id);
        tx.record(
            entry
                .fact("situation", situation.id.to_string())
                .fact("kind", situation.kind.code())
                .fact("verification", situation.verification.code()),
        );
    }
    Ok(recorded)
}

fn held_by(
    tx: &mut Tx<'_>,
    households: &BTreeSet<HouseholdId>,
) -> Result<BTreeMap<HouseholdId, Vec<Held>>, Problem> {
    let ids: Vec<HouseholdId> = households.iter().copied().collect();
    let mut held_by: BTreeMap<HouseholdId, Vec<Held>> = BTreeMap::new();
    for (household, held) in store::held(tx, &ids)? {
        held_by.entry(household).or_default().push(held);
    }
    Ok(held_by)
}

fn recorded_now(tx: &Tx<'_>, household_id: HouseholdId, new: &NewSituation) -> Situation {
    Situation {
        id: tx.new_id(),
        household_id,
        kind: new.reason.kind(),
        reason: new.reason,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        source: new.source,
        verification: new.verification,
        recorded_at: tx.now(),
    }
}

/// The situations that a household is in on a day, in the order of recording.
pub fn current(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    today: Day,
) -> Result<Vec<Situation>, Problem> {
    store::of_one_holding_on(tx, household, today)
}

/// Every situation of a household, in the order of recording.
pub fn of_household(tx: &mut Tx<'_>, household: HouseholdId) -> Result<Vec<Situation>, Problem> {
    store::page(tx, household, None, i64::from(u16::MAX))
}

/// The situations that a household was known to be in at a moment: recorded by then, and holding on its day.
pub fn as_of(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    at: Instant,
) -> Result<Vec<Situation>, Problem> {
    let mut known = store::holding_on(tx, &[household], at.day())?;
    known.retain(|situation| situation.recorded_at <= at);
    Ok(known)
}

/// The situations that many households were known to be in at a moment. A household in none is not in the answer.
pub fn known_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    at: Instant,
) -> Result<BTreeMap<HouseholdId, Vec<Situation>>, Problem> {
    let mut known_of = current_of(tx, households, at.day())?;
    for known in known_of.values_mut() {
        known.retain(|situation| situation.recorded_at <= at);
    }
    Ok(known_of)
}

/// The situations that many households are in on a day, in a few look-ups. A household in none is not in the answer.
pub fn current_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    today: Day,
) -> Result<BTreeMap<HouseholdId, Vec<Situation>>, Problem> {
    let mut current_of: BTreeMap<HouseholdId, Vec<Situation>> = BTreeMap::new();
    for situation in store::holding_on(tx, households, today)? {
        let household = situation.household_id;
        current_of.entry(household).or_default().push(situation);
    }
    Ok(current_of)
}
