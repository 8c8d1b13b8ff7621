//! Whom the caller may not locate: matching tells of them neither in lists nor by what is missing in ranks and totals.
//!
//! Which home suits somebody, and soon is no longer vacant, tells where that somebody lives. So whoever is not cleared is told of a
//! pool in which they do not wait. What is decided rests on the whole pool all the same.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate::Certificate;
use super::model::{HomeFacts, HouseholdFacts};
use super::plan::Plan;
use crate::ids::{ApplicationId, DwellingId, HouseholdId};

/// The households that the caller may not locate.
#[derive(Debug, Default)]
pub(super) struct Veil(BTreeSet<HouseholdId>);

impl Veil {
    /// Hides these.
    pub(super) const fn over(hidden: BTreeSet<HouseholdId>) -> Self {
        Self(hidden)
    }

    /// Whether everybody may be told of.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nobody is told of this household here.
    pub(super) fn hides(&self, household: HouseholdId) -> bool {
        self.0.contains(&household)
    }

    /// Those whom it hides.
    pub(super) fn hidden(&self) -> impl Iterator<Item = HouseholdId> {
        self.0.iter().copied()
    }

    /// Whether it may be told of a home that somebody lives nearby whom another household must not meet.
    pub(super) fn tells_neighbours(&self, home: &HomeFacts) -> bool {
        !home.residents.iter().any(|resident| self.hides(*resident))
    }

    /// The same of everybody whom a household must not meet, wherever they live.
    pub(super) fn tells_neighbours_of(&self, household: &HouseholdFacts) -> bool {
        let feared = &household.needs.excluded_households;
        !feared.iter().any(|neighbour| self.hides(*neighbour))
    }

    /// Whether any household of a plan is hidden: then its sums would tell of it.
    pub(super) fn hides_any_of(&self, plan: &Plan) -> bool {
        let housed = plan.assignments.iter().map(|line| line.household_id);
        let others = plan.unhoused.iter().map(|line| line.household_id);
        housed.chain(others).any(|household| self.hides(household))
    }

    /// The cases of a plan that are hidden, with the homes that it proposes for them.
    pub(super) fn hidden_in(&self, plan: &Plan) -> Hidden {
        let assigned = plan.assignments.iter();
        let assigned = assigned.filter(|line| self.hides(line.household_id));
        let others = plan.unhoused.iter();
        let others = others.filter(|line| self.hides(line.household_id));
        Hidden {
            homes: assigned
                .clone()
                .map(|line| (line.application_id, line.dwelling_id))
                .collect(),
            places: assigned
                .map(|line| line.place)
                .chain(others.map(|line| line.place))
                .collect(),
        }
    }
}

/// What of a plan is hidden.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    homes: BTreeMap<ApplicationId, DwellingId>,
    places: BTreeSet<usize>,
}

impl Hidden {
    /// Whether anything is.
    pub(super) fn is_nothing(&self) -> bool {
        self.places.is_empty()
    }

    /// The cases for which it proposes a home.
    pub(super) fn cases(&self) -> Vec<ApplicationId> {
        self.homes.keys().copied().collect()
    }

    /// A place in the order of priority, counted without the hidden.
    pub(super) fn place(&self, place: usize) -> usize {
        place - self.places.range(..place).count()
    }

    /// Leaves the hidden and the homes that they hold out of a certificate.
    pub(super) fn take_from(&self, certificate: &mut Certificate) {
        let holders = &mut certificate.holders;
        holders.retain(|holder, _| !self.homes.contains_key(holder));
        let left: BTreeSet<DwellingId> = holders.values().copied().collect();
        // A home of two places may have another holder, who is told.
        let is_hidden =
            |home: &DwellingId| self.homes.values().any(|it| it == home) && !left.contains(home);
        certificate.fitting_homes.retain(|home| !is_hidden(home));
        certificate.homes_by_swaps.retain(|home| !is_hidden(home));
    }
}
