//! How one household stands for one home, for those who decide: with the snapshot by which it can be computed again.

use super::changes::{self, Change};
use super::explanation::{Explanation, explain_pair};
use super::gather;
use super::ranking::Candidate;
use super::snapshots;
use super::store::{self, Choice};
use super::waiting::waiting;
use super::{ENGINE_VERSION, Refusal};
use crate::applications::Application;
use crate::audit::Hash;
use crate::db::Tx;
use crate::housing::{Dwelling, DwellingState};
use crate::ids::{ApplicationId, DecisionId, DwellingId, RuleSetId};
use crate::problem::Problem;
use crate::rulesets::{Adopted, RuleSet};

/// How a household stands for a home.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The snapshot of all who wait and all vacant homes.
    pub snapshot: Hash,
    /// The version of the pool.
    pub pool_version: i64,
    /// How many households were compared.
    pub pool_size: usize,
    /// Where the household stands among those who may have the home.
    pub rank: Option<usize>,
    /// Why it may have the home, or not.
    pub explanation: Explanation,
    /// The engine that says so.
    pub engine_version: &'static str,
}

/// How the household behind a case stands for a vacant home. The snapshot is kept where it may have the home.
pub fn standing(
    tx: &mut Tx<'_>,
    case: &Application,
    home: &Dwelling,
    adopted: &Adopted,
) -> Result<Standing, Problem> {
    let waiting = waiting(tx)?;
    let ready = waiting.ready(adopted);
    let Some(place) = ready.place_of(case.id) else {
        gather::must_be_matchable(tx, case)?;
        return Err(Refusal::NotAssessed.into());
    };
    let household = ready.facts.get(place).ok_or(Refusal::NotAssessed)?;
    let mut homes = gather::vacant_homes(tx, &waiting)?;
    if homes.iter().all(|it| it.dwelling_id != home.id) {
        // Somebody was quicker; whoever reserves it will be told.
        homes.push(gather::home_facts_of(tx, home, household)?);
    }
    let facts = homes.iter().find(|it| it.dwelling_id == home.id);
    let facts = facts.ok_or_else(|| Problem::internal("a home is not among its own"))?;
    let explanation = explain_pair(household, facts, &adopted.rules, waiting.as_of);
    let candidate = ready.pool.standing(facts, place);
    let snapshot = if explanation.fits {
        snapshots::keep(tx, &waiting, &homes)?
    } else {
        Hash([0; 32])
    };
    Ok(Standing {
        snapshot,
        pool_version: waiting.version(),
        pool_size: waiting.len(),
        rank: candidate.map(|candidate| candidate.rank),
        explanation,
        engine_version: ENGINE_VERSION,
    })
}

/// A home that a decision gives to a household.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The decision.
    pub decision: DecisionId,
    /// The case.
    pub application: ApplicationId,
    /// The home.
    pub home: DwellingId,
    /// The snapshot in which they were compared with all others.
    pub snapshot: Hash,
    /// The rules by which.
    pub rules: RuleSetId,
    /// The engine that compared them.
    pub engine_version: &'a str,
}

/// Remembers whom a decision chose, so that it can be told who was passed over.
pub fn chosen(tx: &mut Tx<'_>, it: Chosen<'_>) -> Result<(), Problem> {
    let choice = Choice {
        municipality_id: tx.municipality(),
        decision_id: it.decision,
        application_id: it.application,
        dwelling_id: it.home,
        snapshot_sha256: it.snapshot.0.to_vec(),
        rule_set_id: it.rules,
        engine_version: it.engine_version.to_owned(),
        chosen_at: tx.now(),
    };
    store::insert_choice(tx, &choice)
}

/// Whether a pair that was looked at is still what it was.
#[derive(Debug, Clone)]
pub struct StillHolds {
    /// What became different since.
    pub changed: Vec<Change>,
    /// The constraints that fail now; silent about protected addresses.
    pub failed: Vec<&'static str>,
    /// Whether the household may have the home now.
    pub fits: bool,
}

/// Holds a household against a home again that is kept for it, and against the snapshot in which they were compared.
pub fn still_holds(
    tx: &mut Tx<'_>,
    snapshot: Hash,
    case: &Application,
    home: &Dwelling,
    rules: &RuleSet,
) -> Result<StillHolds, Problem> {
    let (household_then, home_then) = snapshots::load_pair(tx, snapshot, case.id, home.id)?;
    let households = gather::households(tx, std::slice::from_ref(case))?;
    let household = households.first().ok_or(Refusal::NotAssessed)?;
    let mut facts = gather::home_facts_of(tx, home, household)?;
    // Kept for this household: that it is not vacant for others is no change.
    facts.state = DwellingState::Available;
    let explanation = explain_pair(household, &facts, rules, tx.today());
    let mut changed = household_then.map_or_else(
        || vec![Change::Application],
        |then| changes::of_household(&then, household),
    );
    changed.extend(home_then.map_or_else(
        || vec![Change::NotVacant],
        |then| changes::of_home(&then, &facts),
    ));
    Ok(StillHolds {
        changed,
        failed: explanation.failed(),
        fits: explanation.fits,
    })
}

/// Whether a household may still have a home that is held for it.
pub fn explain_held(
    tx: &mut Tx<'_>,
    case: &Application,
    home: &Dwelling,
    rules: &RuleSet,
) -> Result<Explanation, Problem> {
    let households = gather::households(tx, std::slice::from_ref(case))?;
    let household = households.first().ok_or(Refusal::NotAssessed)?;
    let mut facts = gather::home_facts_of(tx, home, household)?;
    // Held for this household: that it is not vacant for others is no obstacle.
    facts.state = DwellingState::Available;
    Ok(explain_pair(household, &facts, rules, tx.today()))
}

/// The first of those who may have a vacant home, apart from these.
pub fn first_for(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    adopted: &Adopted,
    passed_over: &[ApplicationId],
) -> Result<Option<Candidate>, Problem> {
    let waiting = waiting(tx)?;
    let homes = gather::homes(tx, std::slice::from_ref(home), waiting.kept_from())?;
    let facts = homes.first();
    let facts = facts.ok_or_else(|| Problem::internal("a home without facts"))?;
    // Whoever is the first but for these stands among so many.
    let shortlist = waiting
        .ready(adopted)
        .pool
        .shortlist(facts, passed_over.len() + 1);
    let mut candidates = shortlist.candidates.into_iter().map(|(_, it)| it);
    Ok(candidates.find(|it| !passed_over.contains(&it.application_id)))
}

/// Keeps who waits now and what is vacant: where it stands, the version of the pool, and how many wait.
pub fn keep_pool(tx: &mut Tx<'_>) -> Result<(Hash, i64, usize), Problem> {
    let waiting = waiting(tx)?;
    let homes = gather::vacant_homes(tx, &waiting)?;
    let address = snapshots::keep(tx, &waiting, &homes)?;
    Ok((address, waiting.version(), waiting.len()))
}
