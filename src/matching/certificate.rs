//! The proof that a household could not be housed without turning away somebody who comes before it.
//!
//! It is a Hall-tight set: homes and their holders such that the household and all holders can live in these homes only, and the
//! holders fill them. One of them must go without, and every holder stands before the household. Whoever has the snapshot and the
//! rules can check it, without trusting the search that found it.
//!
//! Where the plan barred somebody from a building to keep two apart who must not be neighbours, the proof is under these bars and names
//! them: that each rests on an exclusion can be checked too. That no other choice of bars is better is no part of it; whether all were
//! tried, the plan says ([`Exclusions::is_best`](super::Exclusions)).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::board::{lettable, quota_left};
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::plan::Plan;
use super::pool::Pool;
use crate::ids::{ApplicationId, DwellingId};
use crate::rulesets::RuleSet;

/// Why a household is not housed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The case.
    pub application_id: ApplicationId,
    /// The vacant homes that the household may have. Without any, nothing else needs to be proved.
    pub fitting_homes: BTreeSet<DwellingId>,
    /// Further homes to which a holder could move over to make room.
    pub homes_by_swaps: BTreeSet<DwellingId>,
    /// Who holds these homes; everyone stands before the household.
    pub holders: BTreeMap<ApplicationId, DwellingId>,
    /// Where the household and the holders could not be given a home, to keep apart who must not be neighbours.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub barred: BTreeSet<Barred>,
}

/// A household that a plan barred from a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Barred {
    /// The case.
    pub application_id: ApplicationId,
    /// The home that stands for the building.
    pub building: DwellingId,
}

/// Why a certificate proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum CertificateFault {
    /// The snapshot has no such application, or not one of the holders.
    #[error("an application is not in the snapshot")]
    UnknownApplication,
    /// The plan houses the household.
    #[error("the household is housed")]
    Housed,
    /// A holder has another home in the plan, or none.
    #[error("a holder does not hold the home in the plan")]
    NotHeld,
    /// A holder stands behind the household.
    #[error("a holder stands behind the household")]
    HolderBehind,
    /// The household or a holder may have a vacant home that is not named.
    #[error("somebody may have a home outside the certificate")]
    NotClosed,
    /// Somebody is barred from a building whom the plan did not bar from it, or who need not be kept apart from anybody.
    #[error("somebody is barred without an exclusion")]
    NotApart,
    /// The homes that are named have room for one more.
    #[error("the homes have room for one more")]
    NotFull,
}

/// The proof for a household that a plan leaves out; `None` when the plan houses it or does not know it.
#[must_use]
pub fn certify(
    snapshot: &Snapshot,
    rules: &RuleSet,
    plan: &Plan,
    application: ApplicationId,
) -> Option<Certificate> {
    plan.unhoused
        .iter()
        .find(|unhoused| unhoused.application_id == application)?;
    let planned = plan.homes();
    let mut holders_of = BTreeMap::<DwellingId, Vec<ApplicationId>>::new();
    for (holder, home) in &planned {
        holders_of.entry(*home).or_default().push(*holder);
    }
    let homes = Homes::of(snapshot, rules);
    let pool = pool_of(snapshot, rules, |id| {
        *id == application || planned.contains_key(id)
    });
    let all_barred: BTreeSet<Barred> = bars_of(plan).map(|(barred, _)| barred).collect();
    let mut options = BTreeMap::<ApplicationId, Vec<DwellingId>>::new();
    for home in &homes.lettable {
        for id in may_have(&pool, home, &all_barred) {
            options.entry(id).or_default().push(home.dwelling_id);
        }
    }
    let fitting_homes: BTreeSet<DwellingId> = options
        .get(&application)
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let mut seen = fitting_homes.clone();
    let mut queue: Vec<DwellingId> = fitting_homes.iter().copied().collect();
    let mut holders = BTreeMap::new();
    while let Some(home) = queue.pop() {
        let mut reachable: Vec<DwellingId> = homes.sharing_quota(home).collect();
        for holder in holders_of.get(&home).into_iter().flatten() {
            holders.insert(*holder, home);
            reachable.extend(options.get(holder).into_iter().flatten());
        }
        queue.extend(reachable.into_iter().filter(|home| seen.insert(*home)));
    }
    let homes_by_swaps = seen.difference(&fitting_homes).copied().collect();
    let mut barred = all_barred;
    barred
        .retain(|it| it.application_id == application || holders.contains_key(&it.application_id));
    Some(Certificate {
        barred,
        application_id: application,
        fitting_homes,
        homes_by_swaps,
        holders,
    })
}

impl Certificate {
    /// Checks the proof against the facts, the rules and the plan.
    pub fn check(
        &self,
        snapshot: &Snapshot,
        rules: &RuleSet,
        plan: &Plan,
    ) -> Result<(), CertificateFault> {
        let planned = plan.homes();
        if planned.contains_key(&self.application_id) {
            return Err(CertificateFault::Housed);
        }
        if self
            .holders
            .iter()
            .any(|(holder, home)| planned.get(holder) != Some(home))
        {
            return Err(CertificateFault::NotHeld);
        }
        let pool = pool_of(snapshot, rules, |id| {
            *id == self.application_id || self.holders.contains_key(id)
        });
        if pool.len() != self.holders.len() + 1 {
            return Err(CertificateFault::UnknownApplication);
        }
        // A pool stands in the order of priority, so the household must be its last.
        if pool
            .ids
            .last()
            .is_none_or(|(last, _)| *last != self.application_id)
        {
            return Err(CertificateFault::HolderBehind);
        }
        if !self.barred.is_subset(&sound_bars(snapshot, plan)) {
            return Err(CertificateFault::NotApart);
        }
        let homes = Homes::of(snapshot, rules);
        let inside = |home: &HomeFacts| {
            self.fitting_homes.contains(&home.dwelling_id)
                || self.homes_by_swaps.contains(&home.dwelling_id)
        };
        let mut outside = homes.lettable.iter().filter(|home| !inside(home));
        if outside.any(|home| may_have(&pool, home, &self.barred).next().is_some()) {
            return Err(CertificateFault::NotClosed);
        }
        if homes.room(inside) > self.holders.len() {
            return Err(CertificateFault::NotFull);
        }
        Ok(())
    }
}

/// Those who may have a home, apart from those who are barred from its building.
fn may_have(
    pool: &Pool,
    home: &HomeFacts,
    barred: &BTreeSet<Barred>,
) -> impl Iterator<Item = ApplicationId> {
    let building = home.building();
    let fitting = pool.fitting(home).into_iter();
    let cases = fitting.filter_map(|(place, _)| pool.ids.get(place).map(|(id, _)| *id));
    cases.filter(move |id| {
        !barred.contains(&Barred {
            application_id: *id,
            building,
        })
    })
}

/// Whom a plan barred from where, and because of whom.
fn bars_of(plan: &Plan) -> impl Iterator<Item = (Barred, ApplicationId)> {
    let all = plan.exclusions.iter().flat_map(|it| &it.kept_apart);
    all.map(|it| {
        let barred = Barred {
            application_id: it.application_id,
            building: it.building,
        };
        (barred, it.from)
    })
}

/// The bars of a plan that rest on an exclusion between two who wait.
fn sound_bars(snapshot: &Snapshot, plan: &Plan) -> BTreeSet<Barred> {
    let excludes = |one: &HouseholdFacts, other: &HouseholdFacts| {
        one.needs.excluded_households.contains(&other.household_id)
    };
    let is_sound = |(barred, from): &(Barred, ApplicationId)| {
        let one = snapshot.find_household(barred.application_id);
        let pair = one.zip(snapshot.find_household(*from));
        pair.is_some_and(|(one, other)| excludes(one, other) || excludes(other, one))
    };
    bars_of(plan).filter(is_sound).map(|(it, _)| it).collect()
}

/// Some of the households of a snapshot.
fn pool_of(snapshot: &Snapshot, rules: &RuleSet, is_in: impl Fn(&ApplicationId) -> bool) -> Pool {
    let some = snapshot
        .households
        .iter()
        .filter(|facts| is_in(&facts.application_id));
    Pool::new(some, snapshot.as_of, rules)
}

/// The lettable homes, and the agreements under which not all of them can be let.
struct Homes<'a> {
    lettable: Vec<&'a HomeFacts>,
    scarce: Vec<ScarceAgreement>,
}

/// A referral agreement with more vacant places than quota: to have one of its homes is to take from all of them.
struct ScarceAgreement {
    homes: BTreeSet<DwellingId>,
    quota_left: usize,
}

impl<'a> Homes<'a> {
    fn of(snapshot: &'a Snapshot, rules: &RuleSet) -> Self {
        let lettable = lettable(snapshot, rules);
        let mut agreements = BTreeMap::<_, (usize, ScarceAgreement)>::new();
        for home in &lettable {
            let Some((agreement, quota_left)) = quota_left(home, rules) else {
                continue;
            };
            let none = || {
                (
                    0,
                    ScarceAgreement {
                        homes: BTreeSet::new(),
                        quota_left,
                    },
                )
            };
            let (places, agreement) = agreements.entry(agreement).or_insert_with(none);
            *places += usize::from(home.places);
            agreement.homes.insert(home.dwelling_id);
        }
        let agreements = agreements.into_values();
        let scarce = agreements.filter(|(places, agreement)| *places > agreement.quota_left);
        Self {
            lettable,
            scarce: scarce.map(|(_, agreement)| agreement).collect(),
        }
    }

    fn sharing_quota(&self, home: DwellingId) -> impl Iterator<Item = DwellingId> {
        let sharing = self
            .scarce
            .iter()
            .filter(move |agreement| agreement.homes.contains(&home));
        sharing.flat_map(|agreement| agreement.homes.iter().copied())
    }

    /// How many households the homes inside can hold; what lies under a scarce agreement holds no more than its quota.
    fn room(&self, inside: impl Fn(&HomeFacts) -> bool) -> usize {
        let places = |belongs: &dyn Fn(&HomeFacts) -> bool| -> usize {
            let homes = self
                .lettable
                .iter()
                .filter(|home| inside(home) && belongs(home));
            homes.map(|home| usize::from(home.places)).sum()
        };
        let under_agreements: usize = self
            .scarce
            .iter()
            .map(|agreement| {
                let under_it = places(&|home| agreement.homes.contains(&home.dwelling_id));
                under_it.min(agreement.quota_left)
            })
            .sum();
        let is_scarce = |home: &HomeFacts| {
            self.scarce
                .iter()
                .any(|agreement| agreement.homes.contains(&home.dwelling_id))
        };
        under_agreements + places(&|home| !is_scarce(home))
    }
}
