//! The waiting households in columns, so that a home is held against all of them at the speed of memory.
//!
//! Each constraint is one pass over one narrow column, and a pass that a home satisfies for everybody is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::constraints::{Constraint, ConstraintSet, has_feature, has_service};
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::norm::Measures;
use super::priority::{Standing, group_codes};
use super::suitability::{Offer, Scale, Wishes, bits, school_stability};
use crate::applications::AreaCode;
use crate::clock::Day;
use crate::housing::{Category, DwellingState, Feature, Service};
use crate::ids::{ApplicationId, HouseholdId};
use crate::rulesets::RuleSet;

/// The households of a snapshot under one rule set, on one day. Made once, it ranks any number of homes.
#[derive(Debug, Clone)]
pub struct Pool {
    pub(super) rules: RuleSet,
    pub(super) as_of: Day,
    /// In the order of application id; all columns keep this order.
    pub(super) ids: Vec<(ApplicationId, HouseholdId)>,
    pub(super) standings: Vec<Standing>,
    pub(super) group_codes: Vec<Arc<str>>,
    scale: Scale,
    wishes: Vec<Wishes>,
    /// The weighted sum for an area of which the household says nothing.
    other_area_sums: Vec<u32>,
    areas: BTreeMap<AreaCode, AreaWords>,
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
}

/// What households say of one area. Few say anything of a given area, so this is kept apart from the columns.
#[derive(Debug, Clone, Default)]
struct AreaWords {
    excluded_by: Vec<usize>,
    sums: Vec<(usize, u32)>,
}

impl Pool {
    /// Puts the households into columns.
    #[must_use]
    pub fn new(households: &[HouseholdFacts], as_of: Day, rules: &RuleSet) -> Self {
        let mut sorted: Vec<&HouseholdFacts> = households.iter().collect();
        sorted.sort_unstable_by_key(|facts| facts.application_id);
        let scale = Scale::of(rules);
        let measures: Vec<Measures> = sorted
            .iter()
            .map(|facts| Measures::of(facts, rules, as_of))
            .collect();
        let pairs = || sorted.iter().copied().zip(measures.iter().copied());
        let column =
            |value: fn(&HouseholdFacts) -> u16| sorted.iter().map(|facts| value(facts)).collect();
        Self {
            as_of,
            ids: sorted
                .iter()
                .map(|facts| (facts.application_id, facts.household_id))
                .collect(),
            standings: pairs()
                .map(|(facts, measures)| Standing::of(facts, measures.has_children, rules))
                .collect(),
            group_codes: group_codes(rules),
            wishes: pairs()
                .map(|(facts, measures)| Wishes::of(facts, measures, rules))
                .collect(),
            other_area_sums: sorted
                .iter()
                .map(|facts| other_area_sum(facts, &scale))
                .collect(),
            areas: areas(&sorted, &scale),
            persons: measures.iter().map(|measures| measures.persons).collect(),
            bedrooms: measures.iter().map(|measures| measures.bedrooms).collect(),
            bedrooms_in_one_room: measures.iter().map(|m| m.bedrooms_in_one_room).collect(),
            features: column(|facts| {
                bits(Feature::ALL, |word| facts.needs.features.contains(word))
            }),
            highest_floors: sorted
                .iter()
                .map(|facts| facts.needs.highest_floor_without_lift.unwrap_or(i16::MAX))
                .collect(),
            categories: column(|facts| {
                bits(Category::ALL, |word| facts.needs.categories.contains(word))
            }),
            youngest: measures
                .iter()
                .map(|measures| measures.youngest_applicant)
                .collect(),
            oldest: measures
                .iter()
                .map(|measures| measures.oldest_applicant)
                .collect(),
            services: column(|facts| {
                bits(Service::ALL, |word| facts.needs.services.contains(word))
            }),
            is_protected: sorted
                .iter()
                .map(|facts| facts.protection.is_protected())
                .collect(),
            has_children: measures
                .iter()
                .map(|measures| measures.has_children)
                .collect(),
            lower_steps_tried: sorted
                .iter()
                .map(|facts| facts.needs.lower_steps_tried)
                .collect(),
            scale,
            rules: rules.clone(),
        }
    }

    /// The households of a snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot, rules: &RuleSet) -> Self {
        Self::new(&snapshot.households, snapshot.as_of, rules)
    }

    /// How many households wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The households that may have a home, by their place in the order of application id, with their points.
    #[must_use]
    pub fn fitting(&self, home: &HomeFacts) -> Vec<(usize, u16)> {
        self.points(home, &self.failures(home))
    }

    /// What fails for each household in this home. The fast path; `checks` says why.
    pub(super) fn failures(&self, home: &HomeFacts) -> Vec<ConstraintSet> {
        let rules = &self.rules;
        let placement = &rules.placement;
        let mut failed = vec![home_failures(home, rules, self.as_of); self.len()];
        let set = failed.as_mut_slice();
        mark(set, &self.persons, Constraint::Capacity, |persons| {
            persons > home.capacity
        });
        let bedrooms = if rules
            .bedrooms
            .no_bedroom_for_one_in
            .contains(&home.category)
        {
            &self.bedrooms_in_one_room
        } else {
            &self.bedrooms
        };
        mark(set, bedrooms, Constraint::Bedrooms, |bedrooms| {
            bedrooms > home.bedrooms
        });
        let features = bits(Feature::ALL, |word| has_feature(home, *word));
        mark(set, &self.features, Constraint::Features, |needed| {
            needed & !features != 0
        });
        if !has_feature(home, Feature::Lift) {
            mark(
                set,
                &self.highest_floors,
                Constraint::FloorWithoutLift,
                |highest| home.floor > highest,
            );
        }
        let category = bits(Category::ALL, |word| *word == home.category);
        mark(set, &self.categories, Constraint::Category, |asked| {
            asked & category == 0
        });
        if let Some(window) = home.age_window {
            mark(set, &self.youngest, Constraint::AgeWindow, |age| {
                age < window.youngest
            });
            mark(set, &self.oldest, Constraint::AgeWindow, |age| {
                age > window.oldest
            });
        }
        let services = bits(Service::ALL, |word| has_service(home, *word));
        mark(set, &self.services, Constraint::Services, |needed| {
            needed & !services != 0
        });
        if !home.cleared_for_protected {
            mark(
                set,
                &self.is_protected,
                Constraint::ProtectedAddress,
                |is_protected| is_protected,
            );
        }
        if placement.no_children_in.contains(&home.category) {
            mark(
                set,
                &self.has_children,
                Constraint::NoChildrenInRobust,
                |has_children| has_children,
            );
        }
        if placement.lower_steps_first_for.contains(&home.category) {
            mark(
                set,
                &self.lower_steps_tried,
                Constraint::LowerStepsFirst,
                |tried| !tried,
            );
        }
        for &excluding in self
            .areas
            .get(&home.area)
            .iter()
            .flat_map(|words| &words.excluded_by)
        {
            if let Some(set) = failed.get_mut(excluding) {
                set.add_if(true, Constraint::ExcludedArea);
            }
        }
        failed
    }

    /// The points of each household for which nothing fails, with its place in the columns.
    pub(super) fn points(&self, home: &HomeFacts, failed: &[ConstraintSet]) -> Vec<(usize, u16)> {
        let offer = Offer::of(home, &self.rules);
        let mut area_sums = self.other_area_sums.clone();
        for &(place, sum) in self
            .areas
            .get(&home.area)
            .iter()
            .flat_map(|words| &words.sums)
        {
            if let Some(slot) = area_sums.get_mut(place) {
                *slot = sum;
            }
        }
        let rows = failed.iter().zip(&self.wishes).zip(&area_sums).enumerate();
        rows.filter(|(_, ((failed, _), _))| failed.is_empty())
            .map(|(place, ((_, wishes), sum))| (place, self.scale.points(wishes, &offer, *sum)))
            .collect()
    }
}

/// What fails for everybody, because of the home itself.
pub(super) fn home_failures(home: &HomeFacts, rules: &RuleSet, as_of: Day) -> ConstraintSet {
    let mut failed = ConstraintSet::default();
    failed.add_if(
        home.state != DwellingState::Available,
        Constraint::NotVacant,
    );
    let inspection_months = i32::from(rules.inspection_valid_months);
    let is_inspected = home
        .last_inspected_on
        .is_some_and(|last| as_of < last.plus_months(inspection_months));
    failed.add_if(!is_inspected, Constraint::Inspection);
    let is_full = home.referral.is_some_and(|referral| {
        referral.units_in_use >= rules.referral.usable_units(referral.units)
    });
    failed.add_if(is_full, Constraint::ReferralQuota);
    let lease_until = as_of.plus_months(i32::from(rules.lease.months_in(home.category)));
    let falls = home.demolition_from.is_some_and(|from| from < lease_until);
    failed.add_if(falls, Constraint::DemolitionWindow);
    failed
}

fn mark<T: Copy>(
    failed: &mut [ConstraintSet],
    column: &[T],
    constraint: Constraint,
    fails: impl Fn(T) -> bool,
) {
    for (set, value) in failed.iter_mut().zip(column) {
        // Without a branch, so that the compiler makes one instruction serve many households.
        set.0 |= if fails(*value) { constraint.bit() } else { 0 };
    }
}

fn other_area_sum(facts: &HouseholdFacts, scale: &Scale) -> u32 {
    let needs = &facts.needs;
    let wished = scale.wished_area(!needs.wished_areas.is_empty(), None);
    scale.area_sum(
        wished,
        school_stability(needs.school_area.as_ref().map(|_| false)),
    )
}

fn areas(sorted: &[&HouseholdFacts], scale: &Scale) -> BTreeMap<AreaCode, AreaWords> {
    let mut areas: BTreeMap<AreaCode, AreaWords> = BTreeMap::new();
    for (place, facts) in sorted.iter().enumerate() {
        let needs = &facts.needs;
        for area in &needs.excluded_areas {
            areas
                .entry(area.clone())
                .or_default()
                .excluded_by
                .push(place);
        }
        for area in needs.wished_areas.iter().chain(&needs.school_area) {
            let wish = needs.wished_areas.iter().position(|wish| wish == area);
            let school = needs.school_area.as_ref().map(|school| school == area);
            let wished = scale.wished_area(!needs.wished_areas.is_empty(), wish);
            let sum = scale.area_sum(wished, school_stability(school));
            areas
                .entry(area.clone())
                .or_default()
                .sums
                .push((place, sum));
        }
    }
    areas
}
