//! Everybody to whom a home can be given now, kept in memory between requests and never shown stale.
//!
//! **Invariants.** Only what a read saw committed, of one moment, is left for others. A copy is used only where the version that
//! the transaction sees is the copy's own, or by a read that the copy is ahead of. What changed since is read anew, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::clock::{self, Changed, PoolVersion};
use super::gather;
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::parts::{self, Part, part_count, place_of};
use super::pool::Pool;
use super::veil::Veil;
use crate::access::Locating;
use crate::applications::{self, ApplicationType};
use crate::audit::CanonicalFault;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::{ApplicationId, HouseholdId, MunicipalityId, RuleSetId};
use crate::people::AddressProtection;
use crate::problem::Problem;
use crate::rulesets::{Adopted, RuleSet};

/// How often a write reads anew when others change the pool while it reads.
const ATTEMPTS: u8 = 5;

/// The households that wait, as of one version of the pool and one day.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The day for which situations hold and ages are reckoned.
    pub(super) as_of: Day,
    version: PoolVersion,
    households: BTreeMap<HouseholdId, Arc<HouseholdFacts>>,
    kept_from: BTreeSet<HouseholdId>,
    /// The few whose address is protected, with the strictest grade of any member.
    protected: Vec<(HouseholdId, AddressProtection)>,
    ready: Mutex<Option<(RuleSetId, Arc<Ready>)>>,
    parts: OnceLock<Vec<Arc<Part>>>,
    /// The parts of the copy from which this one was made, where nothing changed.
    inherited: BTreeMap<usize, Arc<Part>>,
}

/// The households under one rule set, in the order of priority.
#[derive(Debug)]
pub(super) struct Ready {
    /// Their columns.
    pub(super) pool: Pool,
    /// Their facts, in the same order.
    pub(super) facts: Vec<Arc<HouseholdFacts>>,
}

impl Ready {
    /// Where the household behind a case stands in the order of priority.
    pub(super) fn place_of(&self, case: ApplicationId) -> Option<usize> {
        self.pool.ids.iter().position(|(id, _)| *id == case)
    }
}

/// One copy for each municipality.
#[derive(Default)]
struct Copies(Mutex<BTreeMap<MunicipalityId, Arc<Copy>>>);

/// A municipality's copy.
#[derive(Default)]
struct Copy {
    latest: Mutex<Option<Arc<Waiting>>>,
    /// Held while somebody reads anew, so that others wait for it instead of doing the same.
    renewing: Mutex<()>,
}

/// Those who wait, as this transaction sees them or later.
pub(super) fn waiting(tx: &mut Tx<'_>) -> Result<Arc<Waiting>, Problem> {
    let copies: Arc<Copies> = tx.kit().shelf.of();
    let copy = Arc::clone(locked(&copies.0).entry(tx.municipality()).or_default());
    let (now, today) = (clock::version(tx)?, tx.today());
    let is_read = tx.sees_what_is_committed();
    let fits = |kept: &Waiting| {
        kept.as_of == today && (kept.version == now || is_read && kept.version.has_seen(&now))
    };
    let latest = |copy: &Copy| locked(&copy.latest).clone();
    if let Some(kept) = latest(&copy).filter(|kept| fits(kept)) {
        return Ok(kept);
    }
    if !is_read {
        return renewed_by_a_write(tx, latest(&copy).as_deref(), now);
    }
    let _renewing = locked(&copy.renewing);
    let kept = latest(&copy);
    if let Some(kept) = kept.clone().filter(|kept| fits(kept)) {
        return Ok(kept);
    }
    let renewed = Arc::new(Waiting::renewed(tx, kept.as_deref(), now)?);
    let mut slot = locked(&copy.latest);
    let is_newer = slot.as_ref().is_none_or(|kept| {
        kept.as_of < renewed.as_of
            || kept.as_of == renewed.as_of && renewed.version.has_seen(&kept.version)
    });
    if is_newer {
        *slot = Some(Arc::clone(&renewed));
    }
    Ok(renewed)
}

/// The same, of the moment that this transaction sees and of no later one: for what is held against homes read beside it, and kept.
pub(super) fn waiting_at_this_moment(tx: &mut Tx<'_>) -> Result<Arc<Waiting>, Problem> {
    let (found, now) = (waiting(tx)?, clock::version(tx)?);
    if found.version == now {
        return Ok(found);
    }
    Ok(Arc::new(Waiting::renewed(tx, None, now)?))
}

/// What a write reads may change from statement to statement, hence it reads until nothing did; and keeps it to itself.
fn renewed_by_a_write(
    tx: &mut Tx<'_>,
    kept: Option<&Waiting>,
    mut now: PoolVersion,
) -> Result<Arc<Waiting>, Problem> {
    for _ in 0..ATTEMPTS {
        let renewed = Waiting::renewed(tx, kept, now)?;
        now = clock::version(tx)?;
        if renewed.version == now {
            return Ok(Arc::new(renewed));
        }
    }
    Err(Problem {
        is_retryable: true,
        ..Problem::busy("the pool changed while it was read")
    })
}

impl Waiting {
    fn renewed(tx: &mut Tx<'_>, kept: Option<&Self>, now: PoolVersion) -> Result<Self, Problem> {
        let kept = kept.filter(|kept| kept.as_of == tx.today() && now.has_seen(&kept.version));
        if let Some(kept) = kept {
            let changed = clock::changed_since(tx, &kept.version, &now)?;
            if let Changed::These(changed) = changed {
                return kept.with_changed(tx, &changed, now);
            }
        }
        let cases = applications::candidates(tx)?;
        let households = facts_of(tx, cases)?;
        Ok(Self::new(tx.today(), now, households, BTreeMap::new()))
    }

    fn new(
        as_of: Day,
        version: PoolVersion,
        households: BTreeMap<HouseholdId, Arc<HouseholdFacts>>,
        inherited: BTreeMap<usize, Arc<Part>>,
    ) -> Self {
        let excluded = households.values();
        let excluded = excluded.flat_map(|facts| facts.needs.excluded_households.iter());
        let protected = households.values();
        let protected = protected.filter(|facts| facts.protection.is_protected());
        let protected = protected.map(|facts| (facts.household_id, facts.protection));
        Self {
            as_of,
            version,
            kept_from: excluded.copied().collect(),
            protected: protected.collect(),
            households,
            ready: Mutex::default(),
            parts: OnceLock::new(),
            inherited,
        }
    }

    /// The same, with these households read again.
    fn with_changed(
        &self,
        tx: &mut Tx<'_>,
        changed: &[HouseholdId],
        now: PoolVersion,
    ) -> Result<Self, Problem> {
        let cases = applications::candidates_of(tx, changed)?;
        let found = facts_of(tx, cases)?;
        let mut households = self.households.clone();
        let mut touched: Vec<ApplicationId> =
            found.values().map(|facts| facts.application_id).collect();
        for household in changed {
            let gone = households.remove(household);
            touched.extend(gone.map(|facts| facts.application_id));
        }
        households.extend(found);
        let count = part_count(households.len());
        let touched: BTreeSet<usize> = touched
            .iter()
            .map(|case| place_of(case.uuid(), count))
            .collect();
        let mut inherited = match self.parts.get() {
            _ if part_count(self.households.len()) != count => BTreeMap::new(),
            Some(parts) => parts.iter().cloned().enumerate().collect(),
            None => self.inherited.clone(),
        };
        inherited.retain(|place, _| !touched.contains(place));
        Ok(Self::new(self.as_of, now, households, inherited))
    }

    /// The version of the pool as a number.
    pub(super) fn version(&self) -> i64 {
        self.version.number()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.households.len()
    }

    /// How many wait, as far as is told.
    pub(super) fn len_behind(&self, veil: &Veil) -> usize {
        let protected = self.protected.iter();
        self.len()
            - protected
                .filter(|(household, _)| veil.hides(*household))
                .count()
    }

    /// Those who wait and whom somebody may not locate who may know so much. A change of protection makes a new version of the
    /// pool, so this is not older than what the transaction sees.
    pub(super) fn beyond(&self, locating: Locating) -> BTreeSet<HouseholdId> {
        let protected = self.protected.iter();
        let beyond = protected.filter(|(_, grade)| !locating.reaches(*grade));
        beyond.map(|(household, _)| *household).collect()
    }

    /// The households near which somebody who waits must not live.
    pub(super) fn kept_from(&self) -> &BTreeSet<HouseholdId> {
        &self.kept_from
    }

    /// Everybody who waits.
    pub(super) fn households(&self) -> impl Iterator<Item = &HouseholdFacts> {
        self.households.values().map(Arc::as_ref)
    }

    /// Whether a household waits.
    pub(super) fn waits(&self, household: HouseholdId) -> bool {
        self.households.contains_key(&household)
    }

    /// The households under rules that were adopted; made once for those who ask one after another.
    pub(super) fn ready(&self, adopted: &Adopted) -> Arc<Ready> {
        let mut slot = locked(&self.ready);
        if let Some((_, ready)) = slot.as_ref().filter(|(id, _)| *id == adopted.id) {
            return Arc::clone(ready);
        }
        let ready = Arc::new(self.under(&adopted.rules));
        *slot = Some((adopted.id, Arc::clone(&ready)));
        ready
    }

    /// The households under some rules.
    fn under(&self, rules: &RuleSet) -> Ready {
        let all = self.households.values().map(Arc::as_ref);
        let pool = Pool::new(all, self.as_of, rules);
        let facts = pool
            .ids
            .iter()
            .filter_map(|(_, household)| self.households.get(household).cloned())
            .collect();
        Ready { pool, facts }
    }

    /// All that the engine is told: the households, and these homes.
    pub(super) fn snapshot(&self, homes: Vec<HomeFacts>) -> Snapshot {
        Snapshot {
            as_of: self.as_of,
            households: self.households.values().map(|it| (**it).clone()).collect(),
            homes,
        }
    }

    /// The parts in which the households are kept with a snapshot.
    pub(super) fn parts(&self) -> Result<&[Arc<Part>], CanonicalFault> {
        if let Some(parts) = self.parts.get() {
            return Ok(parts);
        }
        let all = self.households.values().map(Arc::as_ref);
        let count = part_count(self.households.len());
        let cut = parts::cut(all, count, |place| self.inherited.get(&place).cloned())?;
        Ok(self.parts.get_or_init(|| cut))
    }
}

fn facts_of(
    tx: &mut Tx<'_>,
    mut cases: Vec<applications::Application>,
) -> Result<BTreeMap<HouseholdId, Arc<HouseholdFacts>>, Problem> {
    // Help to get or keep a home is another decision: no municipal home is given by it.
    cases.retain(|case| case.kind != ApplicationType::AssistanceOnly);
    // Who stands aside is offered nothing meanwhile.
    let sides = crate::waiting::sides(tx, tx.now())?;
    cases.retain(|case| !sides.aside.contains(&case.id));
    let facts = gather::matchable(tx, &cases)?;
    let by_household = facts.into_iter().map(|it| (it.household_id, Arc::new(it)));
    Ok(by_household.collect())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
