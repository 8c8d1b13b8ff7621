//! Everybody held against one home: who may have it, in which order, and what stands in the way of the others.

use std::cmp::Reverse;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ENGINE_VERSION;
use super::constraints::{Constraint, ConstraintSet};
use super::model::{HomeFacts, Snapshot};
use super::pool::Pool;
use super::priority::{Class, DecidedBy};
use super::suitability::FULL;
use crate::clock::Day;
use crate::ids::{ApplicationId, DwellingId, HouseholdId};
use crate::rulesets::RuleSet;

/// The order of all who wait, for one home. Total and deterministic: the same facts give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ranking {
    /// The version of the engine that made it.
    pub engine_version: String,
    /// The day on which it was made.
    pub as_of: Day,
    /// The home.
    pub dwelling_id: DwellingId,
    /// Those who may have the home, the first first.
    pub candidates: Vec<Candidate>,
    /// Those who may not, in the order of priority, with every constraint that fails.
    pub ineligible: Vec<Ineligible>,
}

/// A household that may have the home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its place, 1 first.
    pub rank: usize,
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its priority group.
    #[schema(value_type = String)]
    pub priority_group: Arc<str>,
    /// How well the home suits it, of 1000.
    pub points: u16,
    /// What sets it apart from the one above; absent for the first.
    pub distance_to_above: Option<Distance>,
}

/// What sets a household apart from the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Distance {
    /// What decided.
    pub decided_by: DecidedBy,
    /// The points of the one above minus its own; negative when priority outweighed suitability.
    pub points: i32,
}

/// A household that may not have the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ineligible {
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// What fails.
    pub failed: ConstraintSet,
}

/// What stands between one household and the vacant homes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Obstacles {
    /// Homes that are vacant.
    pub vacant_homes: usize,
    /// Those among them that the household may have.
    pub fitting_homes: usize,
    /// What fails and how often, the most frequent first.
    pub obstacles: Vec<Obstacle>,
}

impl Obstacles {
    /// The same, silent about protected addresses.
    #[must_use]
    pub fn without_protection(mut self) -> Self {
        self.obstacles
            .retain(|obstacle| obstacle.constraint != Constraint::ProtectedAddress);
        self
    }

    /// The same, silent about who lives in the buildings of the homes.
    #[must_use]
    pub fn without_neighbours(mut self) -> Self {
        self.obstacles
            .retain(|obstacle| obstacle.constraint != Constraint::ExcludedNeighbour);
        self
    }
}

/// How often one constraint stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Obstacle {
    /// The constraint.
    pub constraint: Constraint,
    /// In how many vacant homes it fails.
    pub homes: usize,
    /// In how many of them nothing else fails.
    pub alone: usize,
}

/// Ranks all households of a snapshot for one of its homes; `None` when the snapshot has no such home.
#[must_use]
pub fn rank(snapshot: &Snapshot, rules: &RuleSet, home: DwellingId) -> Option<Ranking> {
    let home = snapshot.find_home(home)?;
    Some(Pool::of(snapshot, rules).rank(home))
}

/// Counts what stands between a household and the vacant homes; `None` when the snapshot has no such application.
#[must_use]
pub fn obstacles(snapshot: &Snapshot, rules: &RuleSet, of: ApplicationId) -> Option<Obstacles> {
    let household = snapshot.find_household(of)?;
    let pool = Pool::new([household], snapshot.as_of, rules);
    let failures = snapshot.homes.iter().flat_map(|home| pool.failures(home));
    let vacant: Vec<ConstraintSet> = failures
        .filter(|failed| !failed.contains(Constraint::NotVacant))
        .collect();
    let count = |constraint| {
        let failing = vacant.iter().filter(|failed| failed.contains(constraint));
        let alone = failing.clone().filter(|failed| failed.len() == 1).count();
        Obstacle {
            constraint,
            homes: failing.count(),
            alone,
        }
    };
    let mut obstacles: Vec<Obstacle> = Constraint::ALL
        .iter()
        .map(|&constraint| count(constraint))
        .collect();
    obstacles.retain(|obstacle| obstacle.homes > 0);
    obstacles.sort_by_key(|obstacle| Reverse(obstacle.homes));
    Some(Obstacles {
        vacant_homes: vacant.len(),
        fitting_homes: vacant.iter().filter(|failed| failed.is_empty()).count(),
        obstacles,
    })
}

impl Pool {
    /// Ranks all households for a home.
    ///
    /// Priority group and need come first, then suitability, then waiting time where the rule set names it, and at last the
    /// lot.
    #[must_use]
    pub fn rank(&self, home: &HomeFacts) -> Ranking {
        let failures = self.failures(home);
        let mut eligible = self.eligible(home, &failures);
        eligible.sort_unstable();
        let mut ineligible = Vec::with_capacity(failures.len() - eligible.len());
        let waiting = self.ids.iter().zip(&failures);
        ineligible.extend(waiting.filter(|(_, failed)| !failed.is_empty()).map(
            |(&(application_id, household_id), &failed)| Ineligible {
                application_id,
                household_id,
                failed,
            },
        ));
        Ranking {
            engine_version: ENGINE_VERSION.to_owned(),
            as_of: self.as_of,
            dwelling_id: home.dwelling_id,
            candidates: self.candidates(&eligible),
            ineligible,
        }
    }

    /// The candidates at these places, which are the first in order or stand next to each other.
    pub(super) fn candidates(&self, eligible: &[Place]) -> Vec<Candidate> {
        let above = std::iter::once(None).chain(eligible.iter().map(Some));
        let places = eligible.iter().zip(above).enumerate();
        places
            .filter_map(|(i, (place, above))| {
                let &(application_id, household_id) = self.ids.get(place.household)?;
                let standing = self.standings.get(place.household)?;
                Some(Candidate {
                    rank: i + 1,
                    application_id,
                    household_id,
                    priority_group: self.group_codes.get(standing.group())?.clone(),
                    points: FULL - place.lost,
                    distance_to_above: above.and_then(|above| self.distance(above, place)),
                })
            })
            .collect()
    }

    /// What sets a household apart from one above it.
    pub(super) fn distance(&self, above: &Place, place: &Place) -> Option<Distance> {
        let first = self.standings.get(above.household)?;
        let second = self.standings.get(place.household)?;
        let decided_by = first.decided_by(second, &self.rules).unwrap_or({
            if above.lost != place.lost {
                DecidedBy::Suitability
            } else if first.received_on != second.received_on {
                DecidedBy::ReceivedOn
            } else {
                DecidedBy::Lot
            }
        });
        Some(Distance {
            decided_by,
            points: i32::from(place.lost) - i32::from(above.lost),
        })
    }
}

/// What orders the candidates for one home. The pool stands in the order of priority, so the place of a household in it is
/// what decides at last: by waiting time where the rule set names it, then by lot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) class: Class,
    pub(super) lost: u16,
    pub(super) household: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::explain_pair;
    use crate::matching::town::{day, home, household, rules, today, town};

    fn snapshot_of(numbers: std::ops::Range<u64>) -> Snapshot {
        Snapshot {
            as_of: today(),
            households: numbers.map(household).collect(),
            homes: vec![home(1)],
        }
    }

    #[test]
    fn the_fast_path_and_the_explaining_path_agree_on_every_pair() {
        for seed in 0..20 {
            let town = town(seed, 60, 30);
            for home in &town.homes {
                let ranking = Pool::of(&town, &rules()).rank(home);
                assert_eq!(ranking.candidates.len() + ranking.ineligible.len(), 60);
                for Ineligible {
                    application_id,
                    failed,
                    ..
                } in ranking.ineligible
                {
                    let household = town.find_household(application_id).unwrap();
                    let checks = explain_pair(household, home, &rules(), today()).checks;
                    let failing = checks.iter().filter(|check| !check.holds);
                    assert_eq!(
                        failing
                            .map(|check| check.constraint)
                            .collect::<ConstraintSet>(),
                        failed
                    );
                }
                for candidate in ranking.candidates {
                    let household = town.find_household(candidate.application_id).unwrap();
                    let explained = explain_pair(household, home, &rules(), today());
                    assert!(explained.fits);
                    assert_eq!(explained.suitability.unwrap().points, candidate.points);
                    assert_eq!(*explained.priority.group_code, *candidate.priority_group);
                }
            }
        }
    }

    #[test]
    fn every_constraint_can_fail_and_can_hold() {
        let (mut failed, mut held) = (ConstraintSet::default(), ConstraintSet::default());
        let mut town = town(7, 300, 200);
        town.households[0]
            .needs
            .categories
            .push(crate::housing::Category::RoundTheClockCare);
        town.homes[0].category = crate::housing::Category::RoundTheClockCare;
        town.homes[1].referral = Some(crate::matching::ReferralFacts {
            agreement_id: crate::ids::Id::from_uuid(uuid::Uuid::nil()),
            units: 10,
            units_in_use: 4,
            usable_units: None,
        });
        let pool = Pool::of(&town, &rules());
        for set in town.homes.iter().flat_map(|home| pool.failures(home)) {
            for &constraint in Constraint::ALL {
                let side = if set.contains(constraint) {
                    &mut failed
                } else {
                    &mut held
                };
                side.add_if(true, constraint);
            }
        }
        assert_eq!([failed.len(), held.len()], [16, 16], "{failed:?} {held:?}");
    }

    #[test]
    fn the_order_in_which_the_snapshot_lists_them_changes_nothing() {
        let town = town(3, 200, 5);
        let mut turned = town.clone();
        turned.households.reverse();
        turned.homes.reverse();
        for home in &town.homes {
            let there = rank(&town, &rules(), home.dwelling_id);
            assert_eq!(there, rank(&turned, &rules(), home.dwelling_id));
        }
    }

    #[test]
    fn priority_outweighs_suitability_and_suitability_outweighs_time() {
        let mut town = snapshot_of(1..4);
        let [urgent, early, suited] = town.households.as_mut_slice() else {
            unreachable!()
        };
        urgent.needs.urgency = crate::applications::Urgency::High;
        urgent.needs.wished_areas = vec![crate::applications::AreaCode("ELSEWHERE".to_owned())];
        early.received_on = day(2020, 1, 1);
        suited.needs.wished_areas = vec![home(1).area];
        let wanted = [urgent, suited, early].map(|facts| facts.application_id);
        let ranking = rank(&town, &rules(), home(1).dwelling_id).unwrap();
        let candidates = ranking.candidates;
        assert_eq!(
            candidates
                .iter()
                .map(|c| c.application_id)
                .collect::<Vec<_>>(),
            wanted
        );
        let decided = candidates
            .iter()
            .map(|c| c.distance_to_above.map(|d| d.decided_by));
        let wanted = [None, Some(DecidedBy::Urgency), Some(DecidedBy::Suitability)];
        assert_eq!(decided.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_household_is_told_what_stands_in_its_way() {
        let mut town = snapshot_of(1..2);
        town.homes = (1..4).map(home).collect();
        town.homes[1].last_inspected_on = None;
        town.homes[2].last_inspected_on = None;
        town.homes[2].category = crate::housing::Category::Care;
        let told = obstacles(&town, &rules(), household(1).application_id).unwrap();
        assert_eq!((told.vacant_homes, told.fitting_homes), (3, 1));
        let wanted = [
            Obstacle {
                constraint: Constraint::Inspection,
                homes: 2,
                alone: 1,
            },
            Obstacle {
                constraint: Constraint::Category,
                homes: 1,
                alone: 0,
            },
        ];
        assert_eq!(told.obstacles, wanted);
    }
}
