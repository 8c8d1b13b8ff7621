//! The problem of a plan: who could take which place, with the quota of referral agreements built in.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::{Apart, Bar};
use super::columns::home_failures;
use super::model::{HomeFacts, Snapshot};
use super::places::PlaceSet;
use super::pool::Pool;
use crate::ids::{DwellingId, ReferralAgreementId};
use crate::rulesets::RuleSet;

/// The points of a household that may not have the home.
pub(super) const UNFIT: i16 = -1;

/// Claimants on one side, places on the other.
///
/// A claimant is a household, by its place in the order of priority, or a **stand-in** after them. A home with several places has a
/// column for each. Where an agreement has more vacant places than quota, stand-ins claim the surplus, any of the agreement's places
/// and nothing else, before everybody: so the quota holds in every assignment, and the problem stays one of plain bipartite
/// matching, in which the best plan is found exactly.
pub(super) struct Board<'a> {
    pub(super) pool: Pool,
    /// The homes that can be let today, in the order of their ids.
    pub(super) homes: Vec<&'a HomeFacts>,
    /// The home of each place.
    pub(super) columns: Vec<usize>,
    /// For each home, the points of each household, or [`UNFIT`].
    pub(super) points: Vec<Vec<i16>>,
    /// For each claimant, the places that it may take.
    pub(super) options: Vec<PlaceSet>,
    /// Who must not be neighbours.
    pub(super) apart: Apart,
}

/// What bars took from a board: home, household, its points there.
pub(super) struct Lifted(Vec<(usize, usize, i16)>);

impl<'a> Board<'a> {
    /// The problem that a snapshot poses.
    pub(super) fn of(snapshot: &'a Snapshot, rules: &RuleSet) -> Self {
        let pool = Pool::of(snapshot, rules);
        let homes = lettable(snapshot, rules);
        let columns: Vec<usize> = homes
            .iter()
            .enumerate()
            .flat_map(|(at, home)| {
                std::iter::repeat_n(at, usize::from(home.places).min(pool.len()))
            })
            .collect();
        let mut options = vec![PlaceSet::none(columns.len()); pool.len()];
        let mut points = Vec::with_capacity(homes.len());
        let mut first_column = 0;
        for (at, home) in homes.iter().enumerate() {
            let places = columns
                .iter()
                .skip(first_column)
                .take_while(|column| **column == at)
                .count();
            let mut of_home = vec![UNFIT; pool.len()];
            for (household, fit) in pool.fitting(home) {
                let slots = of_home.get_mut(household).zip(options.get_mut(household));
                if let Some((slot, options)) = slots {
                    *slot = i16::try_from(fit).unwrap_or(i16::MAX);
                    (first_column..first_column + places).for_each(|column| options.insert(column));
                }
            }
            first_column += places;
            points.push(of_home);
        }
        let mut board = Self {
            apart: Apart::of(snapshot, &pool),
            pool,
            homes,
            columns,
            points,
            options,
        };
        board.add_stand_ins(rules);
        board
    }

    fn add_stand_ins(&mut self, rules: &RuleSet) {
        let mut agreements = BTreeMap::new();
        for (column, at) in self.columns.iter().enumerate() {
            if let Some((agreement, left)) = self.homes.get(*at).and_then(|h| quota_left(h, rules))
            {
                let none = || (left, PlaceSet::none(self.columns.len()));
                agreements
                    .entry(agreement)
                    .or_insert_with(none)
                    .1
                    .insert(column);
            }
        }
        for (left, places) in agreements.into_values() {
            let surplus = places.len().saturating_sub(left);
            self.options.extend(std::iter::repeat_n(places, surplus));
        }
    }

    /// How many households wait; the claimants after them are stand-ins.
    pub(super) fn households(&self) -> usize {
        self.pool.len()
    }

    /// The claimants in the order in which they are served.
    pub(super) fn order(&self) -> impl Iterator<Item = usize> + use<> {
        let (households, claimants) = (self.households(), self.options.len());
        (households..claimants).chain(0..households)
    }

    /// The building of a place.
    pub(super) fn building_of(&self, column: usize) -> Option<DwellingId> {
        let home = self.homes.get(*self.columns.get(column)?)?;
        Some(home.building())
    }

    /// Takes from households the homes in buildings from which they are barred.
    pub(super) fn bar(&mut self, bars: &BTreeSet<Bar>) -> Lifted {
        let mut taken = Vec::new();
        for bar in bars {
            for (home, (facts, points)) in self.homes.iter().zip(&mut self.points).enumerate() {
                let points = points.get_mut(bar.household);
                if let Some(points) = points.filter(|_| facts.building() == bar.building) {
                    taken.push((home, bar.household, *points));
                    *points = UNFIT;
                }
            }
        }
        for (home, household, _) in &taken {
            let columns = places_of(&self.columns, *home);
            if let Some(options) = self.options.get_mut(*household) {
                columns.for_each(|column| options.remove(column));
            }
        }
        Lifted(taken)
    }

    /// Gives back what bars took, the last first.
    pub(super) fn lift(&mut self, Lifted(taken): Lifted) {
        for (home, household, had) in taken.into_iter().rev() {
            let points = self.points.get_mut(home);
            if let Some(points) = points.and_then(|points| points.get_mut(household)) {
                *points = had;
            }
            let columns = places_of(&self.columns, home);
            if let Some(options) = self.options.get_mut(household).filter(|_| had != UNFIT) {
                columns.for_each(|column| options.insert(column));
            }
        }
    }

    /// The points of a household in a place, [`UNFIT`] when it may not have it.
    pub(super) fn points_in(&self, household: usize, column: usize) -> i16 {
        let home = self
            .columns
            .get(column)
            .and_then(|home| self.points.get(*home));
        home.and_then(|points| points.get(household))
            .copied()
            .unwrap_or(UNFIT)
    }
}

/// The places of a home, which stand next to each other.
fn places_of(columns: &[usize], home: usize) -> impl Iterator<Item = usize> + use<> {
    let first = columns.partition_point(|at| *at < home);
    first..columns.partition_point(|at| *at <= home)
}

/// The homes that anybody could be given today, in the order of their ids.
pub(super) fn lettable<'a>(snapshot: &'a Snapshot, rules: &RuleSet) -> Vec<&'a HomeFacts> {
    let mut homes: Vec<&HomeFacts> = snapshot
        .homes
        .iter()
        .filter(|home| home_failures(home, rules, snapshot.as_of).is_empty())
        .collect();
    homes.sort_unstable_by_key(|home| home.dwelling_id);
    homes
}

/// The referral agreement of a home, and how many more places the municipality may fill under it.
pub(super) fn quota_left(
    home: &HomeFacts,
    rules: &RuleSet,
) -> Option<(ReferralAgreementId, usize)> {
    let referral = home.referral?;
    let usable = referral.usable(&rules.referral);
    Some((
        referral.agreement_id,
        usize::from(usable.saturating_sub(referral.units_in_use)),
    ))
}
