//! Recording what is true of households' housing, and asking what holds on a day.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{NewSituation, Situation};
use super::rules::{self, Held};
use super::store;
use crate::access;
use crate::audit::{Entry, Segment};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::{HouseholdId, SituationId};
use crate::people::{self, CorrectionReason};
use crate::problem::{NOT_FOUND, Problem};

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
        corrected_at: None,
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
    known.retain(|situation| situation.was_known(at));
    Ok(known)
}

/// The situations that many households were known to be in at a moment. A household in none is not in the answer.
pub fn known_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    at: Instant,
) -> Result<BTreeMap<HouseholdId, Vec<Situation>>, Problem> {
    let holding = store::holding_on(tx, households, at.day())?;
    let known = holding.into_iter();
    Ok(by_household(known.filter(|it| it.was_known(at))))
}

/// The situations that many households are in on a day, in a few look-ups. A household in none is not in the answer.
pub fn current_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    today: Day,
) -> Result<BTreeMap<HouseholdId, Vec<Situation>>, Problem> {
    let holding = store::holding_on(tx, households, today)?;
    let current = holding.into_iter();
    Ok(by_household(current.filter(|it| it.corrected_at.is_none())))
}

fn by_household(
    situations: impl Iterator<Item = Situation>,
) -> BTreeMap<HouseholdId, Vec<Situation>> {
    let mut by_household: BTreeMap<HouseholdId, Vec<Situation>> = BTreeMap::new();
    for situation in situations {
        let household = situation.household_id;
        by_household.entry(household).or_default().push(situation);
    }
    by_household
}

/// A situation that the caller may see.
pub fn load(tx: &mut Tx<'_>, id: SituationId) -> Result<Situation, Problem> {
    let found = store::find(tx, id)?;
    let household = found.as_ref().map(|it| it.household_id);
    access::must_see_household(tx, household.unwrap_or(HouseholdId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// What was recorded was wrong from the beginning: it holds no longer, and stays provable. Where something else is true, that is
/// recorded in its place. `said` is sealed into the log: what shows that it is so.
pub fn correct(
    tx: &mut Tx<'_>,
    wrong: &Situation,
    instead: Option<NewSituation>,
    (reason, said): (CorrectionReason, Segment),
) -> Result<Option<Situation>, Problem> {
    if instead.as_ref().is_some_and(|instead| wrong.says(instead)) {
        return Err(rules::Refusal::NothingCorrected.into());
    }
    people::renew_households(tx, &BTreeSet::from([wrong.household_id]))?;
    if store::set_corrected(tx, wrong.id)? == 0 {
        return Err(rules::Refusal::AlreadyCorrected.into());
    }
    tx.record(
        Entry::change("situation.corrected")
            .about(wrong.household_id)
            .saying(said)
            .fact("situation", wrong.id.to_string())
            .fact("reason", reason.code())
            .fact("isReplaced", instead.is_some()),
    );
    instead
        .map(|instead| record(tx, wrong.household_id, instead))
        .transpose()
}
