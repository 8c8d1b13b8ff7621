//! The hard constraints at the speed of memory: one narrow column for each fact, one pass over it for each constraint.
//!
//! This is the fast path, which says only *which* constraints fail; `checks` says why. A test holds them to the same answer.

use std::collections::BTreeMap;

use super::constraints::{Constraint, ConstraintSet, has_feature, has_service};
use super::model::{HomeFacts, HouseholdFacts};
use super::norm::Measures;
use super::suitability::bits;
use crate::applications::AreaCode;
use crate::clock::Day;
use crate::housing::{Category, DwellingState, Feature, Service};
use crate::ids::HouseholdId;
use crate::rulesets::RuleSet;

/// What the constraints ask about households, a column for each fact.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    persons: Vec<u8>,
    bedrooms: Vec<u8>,
    bedrooms_in_one_room: Vec<u8>,
    features: Vec<u16>,
    highest_floors: Vec<i16>,
    categories: Vec<u16>,
    youngest: Vec<u8>,
    oldest: Vec<u8>,
    services: Vec<u16>,
    is_protected: Vec<bool>,
    has_children: Vec<bool>,
    lower_steps_tried: Vec<bool>,
    /// Few households exclude a given area, so these are kept apart: the places of those who do.
    excluded_by: BTreeMap<AreaCode, Vec<usize>>,
    /// The places of those who must not live near a given household.
    kept_from: BTreeMap<HouseholdId, Vec<usize>>,
}

impl Columns {
    /// Whether the address of anybody in the household at this place is protected, by whichever grade.
    pub(super) fn is_protected(&self, household: usize) -> bool {
        self.is_protected.get(household).copied().unwrap_or(true)
    }

    /// Adds a household at the end of every column.
    pub(super) fn push(&mut self, household: &HouseholdFacts, measures: Measures) {
        let needs = &household.needs;
        for area in &needs.excluded_areas {
            self.excluded_by
                .entry(area.clone())
                .or_default()
                .push(self.persons.len());
        }
        for excluded in &needs.excluded_households {
            let places = self.kept_from.entry(*excluded).or_default();
            places.push(self.persons.len());
        }
        self.persons.push(measures.persons);
        self.bedrooms.push(measures.bedrooms);
        self.bedrooms_in_one_room
            .push(measures.bedrooms_in_one_room);
        self.features
            .push(bits(Feature::ALL, |word| needs.features.contains(word)));
        self.highest_floors
            .push(needs.highest_floor_without_lift.unwrap_or(i16::MAX));
        self.categories
            .push(bits(Category::ALL, |word| needs.categories.contains(word)));
        self.youngest.push(measures.youngest_applicant);
        self.oldest.push(measures.oldest_applicant);
        self.services
            .push(bits(Service::ALL, |word| needs.services.contains(word)));
        self.is_protected.push(household.protection.is_protected());
        self.has_children.push(measures.has_children);
        self.lower_steps_tried.push(needs.lower_steps_tried);
    }

    /// What fails for each household in this home.
    ///
    /// A constraint that the home meets for everybody needs no pass.
    pub(super) fn failures(
        &self,
        home: &HomeFacts,
        rules: &RuleSet,
        as_of: Day,
    ) -> Vec<ConstraintSet> {
        let mut failures = vec![home_failures(home, rules, as_of); self.persons.len()];
        let to = failures.as_mut_slice();
        mark(to, &self.persons, Constraint::Capacity, |persons| {
            persons > home.capacity
        });
        let sleeps_in_living_room = rules
            .bedrooms
            .no_bedroom_for_one_in
            .contains(&home.category);
        let bedrooms = if sleeps_in_living_room {
            &self.bedrooms_in_one_room
        } else {
            &self.bedrooms
        };
        mark(to, bedrooms, Constraint::Bedrooms, |bedrooms| {
            bedrooms > home.bedrooms
        });
        let category = bits(Category::ALL, |word| *word == home.category);
        mark(to, &self.categories, Constraint::Category, |asked| {
            asked & category == 0
        });
        self.mark_equipment(to, home);
        self.mark_protection(to, home, rules);
        failures
    }

    fn mark_equipment(&self, to: &mut [ConstraintSet], home: &HomeFacts) {
        let features = bits(Feature::ALL, |word| has_feature(home, *word));
        mark(to, &self.features, Constraint::Features, |needed| {
            needed & !features != 0
        });
        let services = bits(Service::ALL, |word| has_service(home, *word));
        mark(to, &self.services, Constraint::Services, |needed| {
            needed & !services != 0
        });
        if !has_feature(home, Feature::Lift) {
            let floors = &self.highest_floors;
            mark(to, floors, Constraint::FloorWithoutLift, |highest| {
                home.floor > highest
            });
        }
    }

    fn mark_protection(&self, to: &mut [ConstraintSet], home: &HomeFacts, rules: &RuleSet) {
        if let Some(window) = home.age_window {
            mark(to, &self.youngest, Constraint::AgeWindow, |age| {
                age < window.youngest
            });
            mark(to, &self.oldest, Constraint::AgeWindow, |age| {
                age > window.oldest
            });
        }
        if !home.cleared_for_protected {
            mark(to, &self.is_protected, Constraint::ProtectedAddress, |is| {
                is
            });
        }
        if rules.placement.no_children_in.contains(&home.category) {
            mark(
                to,
                &self.has_children,
                Constraint::NoChildrenInRobust,
                |has| has,
            );
        }
        if rules
            .placement
            .lower_steps_first_for
            .contains(&home.category)
        {
            mark(
                to,
                &self.lower_steps_tried,
                Constraint::LowerStepsFirst,
                |tried| !tried,
            );
        }
        let excluding = self.excluded_by.get(&home.area);
        mark_at(to, excluding, Constraint::ExcludedArea);
        for resident in &home.residents {
            let kept_away = self.kept_from.get(resident);
            mark_at(to, kept_away, Constraint::ExcludedNeighbour);
        }
    }
}

/// What fails for everybody, because of the home itself.
pub(super) fn home_failures(home: &HomeFacts, rules: &RuleSet, as_of: Day) -> ConstraintSet {
    let mut failed = ConstraintSet::default();
    failed.add_if(
        home.state != DwellingState::Available,
        Constraint::NotVacant,
    );
    let valid_months = i32::from(rules.inspection_valid_months);
    let is_inspected = home
        .last_inspected_on
        .is_some_and(|last| as_of < last.plus_months(valid_months));
    failed.add_if(!is_inspected, Constraint::Inspection);
    let is_full = home
        .referral
        .is_some_and(|referral| referral.units_in_use >= referral.usable(&rules.referral));
    failed.add_if(is_full, Constraint::ReferralQuota);
    let lease_until = as_of.plus_months(i32::from(rules.lease.months_in(home.category)));
    let falls_before = home.demolition_from.is_some_and(|from| from < lease_until);
    failed.add_if(falls_before, Constraint::DemolitionWindow);
    failed
}

fn mark_at(to: &mut [ConstraintSet], places: Option<&Vec<usize>>, constraint: Constraint) {
    for &place in places.into_iter().flatten() {
        if let Some(set) = to.get_mut(place) {
            set.add_if(true, constraint);
        }
    }
}

fn mark<T: Copy>(
    to: &mut [ConstraintSet],
    column: &[T],
    constraint: Constraint,
    fails: impl Fn(T) -> bool,
) {
    for (set, value) in to.iter_mut().zip(column) {
        // Without a branch, so that one instruction serves many households.
        set.0 |= if fails(*value) { constraint.bit() } else { 0 };
    }
}
