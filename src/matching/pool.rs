//! Those who wait, made ready once, so that any number of homes can be held against all of them fast.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::Columns;
use super::constraints::ConstraintSet;
use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::norm::Measures;
use super::places::PlaceSet;
use super::priority::{Standing, group_codes};
use super::suitability::{Offer, Scale, Wishes, school_stability};
use crate::applications::AreaCode;
use crate::clock::Day;
use crate::ids::{ApplicationId, HouseholdId};
use crate::rulesets::RuleSet;

/// The households of a snapshot under one rule set, on one day.
///
/// Everything in it stands in the order of priority; the place of a household is its place in that order.
#[derive(Debug, Clone)]
pub struct Pool {
    pub(super) rules: RuleSet,
    pub(super) as_of: Day,
    pub(super) ids: Vec<(ApplicationId, HouseholdId)>,
    pub(super) standings: Vec<Standing>,
    pub(super) group_codes: Vec<Arc<str>>,
    pub(super) columns: Columns,
    scale: Scale,
    wishes: Vec<Wishes>,
    /// The weighted sum in an area of which the household says nothing.
    other_area_sums: Vec<u32>,
    /// The weighted sums of those who say something of an area.
    area_sums: BTreeMap<AreaCode, Vec<(usize, u32)>>,
}

impl Pool {
    /// The households of a snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot, rules: &RuleSet) -> Self {
        Self::new(&snapshot.households, snapshot.as_of, rules)
    }

    /// These households on this day.
    #[must_use]
    pub fn new<'a>(
        households: impl IntoIterator<Item = &'a HouseholdFacts>,
        as_of: Day,
        rules: &RuleSet,
    ) -> Self {
        let mut waiting: Vec<(Standing, Measures, &HouseholdFacts)> = households
            .into_iter()
            .map(|facts| {
                let measures = Measures::of(facts, rules, as_of);
                (
                    Standing::of(facts, measures.has_children, rules),
                    measures,
                    facts,
                )
            })
            .collect();
        waiting.sort_unstable_by_key(|(standing, ..)| *standing);
        let mut pool = Self {
            rules: rules.clone(),
            as_of,
            ids: Vec::with_capacity(waiting.len()),
            standings: Vec::with_capacity(waiting.len()),
            group_codes: group_codes(rules),
            columns: Columns::default(),
            scale: Scale::of(rules),
            wishes: Vec::with_capacity(waiting.len()),
            other_area_sums: Vec::with_capacity(waiting.len()),
            area_sums: BTreeMap::new(),
        };
        for (standing, measures, facts) in waiting {
            pool.push_area_sums(facts);
            pool.ids.push((facts.application_id, facts.household_id));
            pool.standings.push(standing);
            pool.columns.push(facts, measures);
            pool.wishes.push(Wishes::of(facts, measures, rules));
        }
        pool
    }

    fn push_area_sums(&mut self, facts: &HouseholdFacts) {
        let needs = &facts.needs;
        let sum = |area: Option<&AreaCode>| {
            let wish = needs
                .wished_areas
                .iter()
                .position(|wish| Some(wish) == area);
            let school = needs
                .school_area
                .as_ref()
                .map(|school| Some(school) == area);
            let wished_area = self.scale.wished_area(!needs.wished_areas.is_empty(), wish);
            self.scale.area_sum(wished_area, school_stability(school))
        };
        self.other_area_sums.push(sum(None));
        for area in needs.wished_areas.iter().chain(&needs.school_area) {
            let sums = self.area_sums.entry(area.clone()).or_default();
            sums.push((self.ids.len(), sum(Some(area))));
        }
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

    /// The households that may have a home, by their place in the order of priority, with their points.
    #[must_use]
    pub fn fitting(&self, home: &HomeFacts) -> Vec<(usize, u16)> {
        self.points(home, &self.failures(home))
    }

    /// What fails for each household in a home.
    pub(super) fn failures(&self, home: &HomeFacts) -> Vec<ConstraintSet> {
        self.columns.failures(home, &self.rules, self.as_of)
    }

    /// The points of each household for which nothing failed.
    pub(super) fn points(&self, home: &HomeFacts, failures: &[ConstraintSet]) -> Vec<(usize, u16)> {
        let offer = Offer::of(home, &self.rules);
        let mut area_sums = self.other_area_sums.clone();
        for &(place, sum) in self.area_sums.get(&home.area).into_iter().flatten() {
            if let Some(slot) = area_sums.get_mut(place) {
                *slot = sum;
            }
        }
        let points = |place: usize| {
            let (wishes, sum) = (self.wishes.get(place)?, area_sums.get(place)?);
            Some((place, self.scale.points(wishes, &offer, *sum)))
        };
        let fitting = PlaceSet::of(failures.iter().map(|failed| failed.is_empty()));
        fitting.iter().filter_map(points).collect()
    }
}
