//! The plan held against oracles that are too slow to use but too simple to be wrong.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::town::{Dice, rules, town};
use super::{
    Barred, CertificateFault, HomeFacts, HouseholdFacts, Objective, Plan, Pool, Snapshot, assign,
    certify, explain_pair,
};
use crate::applications::Urgency;
use crate::housing::Category;
use crate::ids::ApplicationId;
use crate::situations::SituationReason;

/// Every way to house households, one after the other in the order of priority, with the quota of agreements.
#[derive(Clone)]
struct Enumeration<'a> {
    households: Vec<&'a HouseholdFacts>,
    homes: Vec<&'a HomeFacts>,
    points: Vec<Vec<Option<u16>>>,
    /// The home of each household so far.
    held: Vec<Option<usize>>,
    /// The best by (who is housed, points).
    best: (u64, u32),
    most_points: u32,
}

impl<'a> Enumeration<'a> {
    fn of(town: &'a Snapshot) -> Self {
        let order = Pool::of(town, &rules()).ids;
        let households: Vec<_> = order
            .iter()
            .map(|(id, _)| town.find_household(*id).unwrap())
            .collect();
        let homes: Vec<_> = town.homes.iter().collect();
        let points = |household, home| {
            explain_pair(household, home, &rules(), town.as_of)
                .suitability
                .map(|s| s.points)
        };
        let points = households
            .iter()
            .map(|h| homes.iter().map(|home| points(h, home)).collect())
            .collect();
        Self {
            held: vec![None; households.len()],
            households,
            homes,
            points,
            best: (0, 0),
            most_points: 0,
        }
        .walked()
    }

    /// The same when one household can have one home only.
    fn pinned(&self, household: usize, home: usize) -> Self {
        let mut pinned = Self {
            best: (0, 0),
            most_points: 0,
            ..self.clone()
        };
        let others = pinned.points[household].iter_mut().enumerate();
        others
            .filter(|(other, _)| *other != home)
            .for_each(|(_, points)| *points = None);
        pinned.walked()
    }

    fn walked(mut self) -> Self {
        let mut taken = vec![0; self.homes.len()];
        self.walk(0, &mut taken, 0, 0);
        self
    }

    fn walk(&mut self, household: usize, taken: &mut [u16], housed: u64, points: u32) {
        if household == self.households.len() {
            self.best = self.best.max((housed, points));
            self.most_points = self.most_points.max(points);
            return;
        }
        self.walk(household + 1, taken, housed << 1, points);
        for home in 0..self.homes.len() {
            let Some(gain) = self.points[household][home] else {
                continue;
            };
            if self.has_room(home, taken) && !self.is_near_a_rival(household, home) {
                taken[home] += 1;
                self.held[household] = Some(home);
                self.walk(
                    household + 1,
                    taken,
                    housed << 1 | 1,
                    points + u32::from(gain),
                );
                taken[home] -= 1;
                self.held[household] = None;
            }
        }
    }

    fn is_near_a_rival(&self, household: usize, home: usize) -> bool {
        let excludes = |one: usize, other: usize| {
            let excluded = &self.households[one].needs.excluded_households;
            excluded.contains(&self.households[other].household_id)
        };
        let building = self.homes[home].building();
        let mut held = self.held.iter().enumerate().filter_map(|(other, held)| {
            let held = self.homes[(*held)?];
            (held.building() == building).then_some(other)
        });
        held.any(|other| excludes(household, other) || excludes(other, household))
    }

    fn has_room(&self, home: usize, taken: &[u16]) -> bool {
        let facts = self.homes[home];
        let within_quota = facts.referral.is_none_or(|referral| {
            let sharing = self.homes.iter().zip(taken);
            let used: u16 = sharing
                .filter(|(h, _)| {
                    h.referral
                        .is_some_and(|r| r.agreement_id == referral.agreement_id)
                })
                .map(|(_, taken)| *taken)
                .sum();
            referral.units_in_use + used < rules().referral.usable_units(referral.units)
        });
        taken[home] < u16::from(facts.places) && within_quota
    }
}

/// A small town in which most things fit, places are several and quotas bind.
fn crowded(seed: u64) -> Snapshot {
    let mut dice = Dice(seed);
    let mut town = town(seed, 2 + dice.roll(5), 1 + dice.roll(4));
    for facts in &mut town.households {
        facts.needs.categories.push(Category::Ordinary);
        facts.members.truncate(2);
    }
    for facts in &mut town.homes {
        if !dice.once_in(3) {
            (facts.category, facts.age_window) = (Category::Ordinary, None);
        }
        facts.places = 1 + u8::try_from(dice.roll(2)).unwrap();
        if let Some(referral) = &mut facts.referral {
            referral.units_in_use = 7;
        }
    }
    town
}

/// The same, where some who wait must not be neighbours and most homes lie in two buildings.
fn with_feuds(seed: u64) -> Snapshot {
    let (mut town, mut dice) = (crowded(seed), Dice(!seed));
    let ids: Vec<_> = town.households.iter().map(|it| it.household_id).collect();
    for facts in &mut town.households {
        if dice.once_in(2) {
            facts.needs.excluded_households.push(dice.pick(&ids));
        }
    }
    let ids: Vec<_> = town.homes.iter().map(|it| it.dwelling_id).collect();
    for facts in &mut town.homes {
        let ends = [ids[0], ids[ids.len() - 1]];
        facts.building = (!dice.once_in(4)).then(|| dice.pick(&ends));
    }
    town
}

fn points_of(plan: &Plan) -> u32 {
    plan.assignments
        .iter()
        .map(|assignment| u32::from(assignment.points))
        .sum()
}

fn housed(plan: &Plan) -> Vec<ApplicationId> {
    plan.assignments
        .iter()
        .map(|assignment| assignment.application_id)
        .collect()
}

#[test]
fn the_plan_is_the_best_of_all_that_could_be_made() {
    let (mut bound_by_quota, mut kept_apart) = (0, 0);
    for seed in 0..2000 {
        let town = if seed % 2 == 0 {
            crowded(seed)
        } else {
            with_feuds(seed)
        };
        let all = Enumeration::of(&town);
        let plan = assign(&town, &rules(), Objective::Suitability);
        let is_housed = |facts: &&HouseholdFacts| housed(&plan).contains(&facts.application_id);
        let set = all
            .households
            .iter()
            .fold(0, |set, facts| set << 1 | u64::from(is_housed(facts)));
        assert_eq!((set, points_of(&plan)), all.best, "seed {seed}");
        let without_priority = plan.comparison.without_priority;
        let exclusions = plan.exclusions;
        assert!(exclusions.as_ref().is_none_or(|it| it.is_best));
        kept_apart += usize::from(exclusions.is_some());
        // Without priority nobody is kept apart, so it is a bound where some would have to be.
        let most = u64::from(all.most_points);
        assert!(without_priority.points >= most, "seed {seed}");
        assert!(
            seed % 2 == 1 || without_priority.points == most,
            "seed {seed}"
        );
        bound_by_quota += usize::from(town.homes.iter().any(|home| home.referral.is_some()));
    }
    assert!(bound_by_quota > 100 && kept_apart > 100, "{kept_apart}");
}

#[test]
fn each_in_turn_has_the_home_it_likes_best_and_nobody_loses_a_home_by_it() {
    for seed in 0..1000 {
        let town = if seed % 2 == 0 {
            crowded(seed)
        } else {
            with_feuds(seed)
        };
        let plan = assign(&town, &rules(), Objective::OwnWishes);
        assert_eq!(
            housed(&plan),
            housed(&assign(&town, &rules(), Objective::Suitability))
        );
        let mut all = Enumeration::of(&town);
        let set = all.best.0;
        for assignment in &plan.assignments {
            let household = assignment.place - 1;
            let needs = all.households[household].needs.clone();
            let liking = |home: &HomeFacts, points: Option<u16>| {
                let area = needs
                    .wished_areas
                    .iter()
                    .position(|area| *area == home.area);
                let kind = needs
                    .categories
                    .iter()
                    .position(|kind| *kind == home.category);
                (area.unwrap_or(99), kind, Reverse(points))
            };
            // The oracle asks of each home whether the same households could be housed if this one had it.
            let could_have = |home: &usize| all.pinned(household, *home).best.0 == set;
            let choices = (0..town.homes.len()).filter(could_have);
            let of = |home: usize| liking(all.homes[home], all.points[household][home]);
            let has = town
                .homes
                .iter()
                .position(|h| h.dwelling_id == assignment.dwelling_id);
            assert_eq!(choices.map(of).min(), has.map(of), "seed {seed}");
            all = all.pinned(household, has.unwrap());
        }
    }
}

#[test]
fn as_many_of_each_group_are_housed_as_by_the_weighted_formulation() {
    for seed in 0..60 {
        let mut town = town(seed, 60, 25);
        town.homes
            .iter_mut()
            .for_each(|home| (home.referral, home.places) = (None, 1));
        let plan = assign(&town, &rules(), Objective::Suitability);
        let pool = Pool::of(&town, &rules());
        let groups = i64::try_from(pool.group_codes.len()).unwrap();
        let mut weights = vec![vec![0_i64; pool.len()]; town.homes.len()];
        for (home, row) in town.homes.iter().zip(&mut weights) {
            for (household, points) in pool.fitting(home) {
                let group = i64::try_from(pool.standings[household].group()).unwrap();
                row[household] = 1_000_000 * (groups - group) + i64::from(points);
            }
        }
        let (_, chosen) = kuhn_munkres(&Matrix::from_rows(weights.clone()).unwrap());
        let mut counts = vec![0; pool.group_codes.len()];
        for (row, household) in weights.iter().zip(chosen) {
            counts[pool.standings[household].group()] += usize::from(row[household] > 0);
        }
        let by_group: Vec<usize> = plan
            .comparison
            .plan
            .by_group
            .iter()
            .map(|group| group.housed)
            .collect();
        assert_eq!(by_group, counts, "seed {seed}");
    }
}

#[test]
fn whoever_is_housed_stays_housed_when_its_need_grows() {
    for seed in 0..40 {
        let town = town(seed, 40, 12);
        let before = assign(&town, &rules(), Objective::Suitability);
        for application in housed(&before) {
            let mut worse = town.clone();
            let facts = worse
                .households
                .iter_mut()
                .find(|f| f.application_id == application);
            let facts = facts.unwrap();
            facts.needs.urgency = Urgency::Acute;
            facts.situations.push(SituationReason::SleepingOut);
            let after = assign(&worse, &rules(), Objective::Suitability);
            assert!(housed(&after).contains(&application), "seed {seed}");
        }
    }
}

#[test]
fn the_order_of_the_snapshot_changes_no_plan() {
    for seed in 0..20 {
        let town = town(seed, 80, 30);
        let mut turned = town.clone();
        turned.households.reverse();
        turned.homes.reverse();
        for objective in [Objective::Suitability, Objective::OwnWishes] {
            let plan = assign(&town, &rules(), objective);
            assert_eq!(plan, assign(&turned, &rules(), objective), "seed {seed}");
            let text = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
        }
    }
}

#[test]
fn everybody_who_is_left_out_has_a_proof_and_no_false_proof_passes() {
    let (mut proofs, mut refusals) = (0, BTreeMap::new());
    for seed in 0..150 {
        let town = match seed % 3 {
            0 => crowded(seed),
            1 => with_feuds(seed),
            _ => town(seed, 40, 12),
        };
        let plan = assign(&town, &rules(), Objective::Suitability);
        for unhoused in &plan.unhoused {
            let proof = certify(&town, &rules(), &plan, unhoused.application_id).unwrap();
            assert_eq!(proof.check(&town, &rules(), &plan), Ok(()), "seed {seed}");
            let has_none = proof.fitting_homes.is_empty();
            assert_eq!(
                has_none && proof.barred.is_empty(),
                !unhoused.fits_some_home
            );
            proofs += 1;
            let mut false_proofs = vec![proof.clone(); 4];
            for home in &town.homes {
                false_proofs[3].barred.insert(Barred {
                    application_id: unhoused.application_id,
                    building: home.building(),
                });
            }
            if false_proofs[3].barred != proof.barred {
                let fault = false_proofs[3].check(&town, &rules(), &plan);
                assert_eq!(fault, Err(CertificateFault::NotApart));
            }
            let first = false_proofs[0].fitting_homes.pop_first();
            if first.is_some_and(|home| !proof.homes_by_swaps.contains(&home)) {
                let fault = false_proofs[0].check(&town, &rules(), &plan).unwrap_err();
                *refusals.entry(fault).or_insert(0) += 1;
            }
            if false_proofs[1].holders.pop_first().is_some() {
                let fault = false_proofs[1].check(&town, &rules(), &plan).unwrap_err();
                *refusals.entry(fault).or_insert(0) += 1;
            }
            if let Some(first) = plan.assignments.first() {
                false_proofs[2].application_id = first.application_id;
                let fault = false_proofs[2].check(&town, &rules(), &plan);
                assert_eq!(fault, Err(CertificateFault::Housed));
            }
        }
        for assignment in &plan.assignments {
            assert_eq!(
                certify(&town, &rules(), &plan, assignment.application_id),
                None
            );
        }
    }
    assert!(
        proofs > 1000 && refusals.len() >= 2,
        "{proofs} {refusals:?}"
    );
}
