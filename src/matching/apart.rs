//! Who must not become neighbours: no plan houses two who wait in one building where one of them must not live near the other.
//!
//! To find the best plan under such exclusions is NP-hard: with buildings for colours, to house everybody is to colour a graph. But
//! exclusions are few, and a plan made without them seldom breaks one. So the plan is made without them first. Where it puts two
//! together, it is made twice more: once the later of the two may not have that building, once the earlier may not. Every plan
//! that keeps them apart is among the plans of the one or of the other, and none of these is better than the plan that was made. So, going
//! on from the best plan every time, the first that keeps all apart is the best of all ("branch and bound").
//!
//! The search ends after so many plans as the size of the problem allows ([`plans_max`]), the same on every machine. From then on a rule
//! decides instead, from the beginning: whoever comes later in the order of priority gives way wherever a plan puts two together, until
//! none does. Nobody ever gives way to somebody who comes later; but it may have given way in more buildings than would have been
//! needed, so a better plan may exist. The plan says which of the two it was.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::board::Board;
use super::housed::Holding;
use super::model::{HomeFacts, Snapshot};
use super::own_wishes::Liking;
use super::pool::Pool;
use crate::ids::{ApplicationId, DwellingId, HouseholdId};

/// How many pairs of claimants and places the plans of one search may look at together.
const PAIRS_MAX: usize = 40_000_000;
/// So many plans are made in any case, however large the town.
const PLANS_MIN: usize = 8;
/// More plans are not made, however small the town.
const PLANS_MAX: usize = 1_000;

/// What it meant for a plan that some must not become neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exclusions {
    /// Who was not given a home in which building, and because of whom.
    pub kept_apart: Vec<KeptApart>,
    /// Whether no plan that keeps them apart is better. Otherwise those who come later in the order of priority gave way, without a
    /// proof that nothing better could be found.
    pub is_best: bool,
}

/// A household that was not given a home in a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptApart {
    /// The case.
    pub application_id: ApplicationId,
    /// The home that stands for the building.
    pub building: DwellingId,
    /// The case of the household that waits too and near which it must not live, or which must not live near it.
    pub from: ApplicationId,
}

impl HomeFacts {
    /// The home that stands for the building.
    pub(super) fn building(&self) -> DwellingId {
        self.building.unwrap_or(self.dwelling_id)
    }
}

/// The households of a pool that must not become neighbours, by their places in the order of priority.
#[derive(Debug, Clone, Default)]
pub(super) struct Apart {
    rivals: BTreeMap<usize, BTreeSet<usize>>,
}

impl Apart {
    /// Those among whom one must not live near the other, whichever of them it is.
    pub(super) fn of(snapshot: &Snapshot, pool: &Pool) -> Self {
        let excluding = snapshot.households.iter();
        let excluding = excluding.filter(|it| !it.needs.excluded_households.is_empty());
        let excluding: BTreeMap<HouseholdId, &[HouseholdId]> = excluding
            .map(|it| (it.household_id, it.needs.excluded_households.as_slice()))
            .collect();
        if excluding.is_empty() {
            return Self::default();
        }
        let named: BTreeSet<HouseholdId> = excluding
            .iter()
            .flat_map(|(id, excluded)| excluded.iter().chain([id]))
            .copied()
            .collect();
        let places: BTreeMap<HouseholdId, usize> = pool
            .ids
            .iter()
            .enumerate()
            .filter(|(_, (_, household))| named.contains(household))
            .map(|(place, (_, household))| (*household, place))
            .collect();
        let mut rivals: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (household, excluded) in excluding {
            let own = places.get(&household).copied();
            for other in excluded.iter().filter_map(|it| places.get(it).copied()) {
                if let Some(own) = own.filter(|own| *own != other) {
                    rivals.entry(own).or_default().insert(other);
                    rivals.entry(other).or_default().insert(own);
                }
            }
        }
        Self { rivals }
    }

    /// Those who must be kept apart from a household.
    pub(super) fn from(&self, household: usize) -> impl Iterator<Item = usize> {
        self.rivals.get(&household).into_iter().flatten().copied()
    }

    /// The pairs that hold places in one building, the later first, in the order of the earlier.
    fn together(&self, board: &Board<'_>, holding: &Holding) -> Vec<Bar> {
        let building_of = |household: usize| {
            let column = holding.column_of.get(household).copied().flatten()?;
            board.building_of(column)
        };
        let pairs = self.rivals.iter().flat_map(|(earlier, rivals)| {
            let later = rivals.iter().filter(move |later| *later > earlier);
            later.map(move |later| (*earlier, *later))
        });
        pairs
            .filter_map(|(earlier, later)| {
                let building = building_of(earlier)?;
                (building_of(later)? == building).then_some(Bar {
                    household: later,
                    building,
                    from: earlier,
                })
            })
            .collect()
    }
}

/// A household that may not have a home in a building, because another may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bar {
    pub(super) household: usize,
    pub(super) building: DwellingId,
    from: usize,
}

impl Bar {
    /// The other of the two gives way.
    const fn turned(self) -> Self {
        Self {
            household: self.from,
            building: self.building,
            from: self.household,
        }
    }
}

/// How good a plan is: first who is housed, in the order of priority, then by what it strives for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worth {
    pub(super) housed: Vec<bool>,
    pub(super) points: u64,
    pub(super) likings: Vec<Reverse<Liking>>,
}

/// A plan under some bars.
struct Found {
    bars: BTreeSet<Bar>,
    holding: Holding,
}

/// The best plan that keeps apart who must be, made by `share_out` from boards on which some are barred from some buildings.
pub(super) fn keep_apart(
    board: &mut Board<'_>,
    share_out: impl Fn(&Board<'_>) -> (Holding, Worth),
) -> (Holding, Option<Exclusions>) {
    let apart = board.apart.clone();
    let made_under = |board: &mut Board<'_>, bars: BTreeSet<Bar>| {
        let lifted = board.bar(&bars);
        let (holding, worth) = share_out(board);
        board.lift(lifted);
        (worth, Found { bars, holding })
    };
    let (mut made, mut seen) = (0, BTreeSet::new());
    let mut open = BTreeMap::new();
    let mut wanted = vec![BTreeSet::new()];
    loop {
        for bars in std::mem::take(&mut wanted) {
            if seen.insert(bars.clone()) {
                let (worth, found) = made_under(board, bars);
                // Of equal plans the one that was made first, in which the later of two gives way.
                open.insert((worth, Reverse(made)), found);
                made += 1;
            }
        }
        let Some((_, best)) = open.pop_last() else {
            // Does not come to pass: what puts two together leads on to two others, and the last of them houses nobody.
            return (Holding::none(board), None);
        };
        let together = apart.together(board, &best.holding);
        let Some(first) = together.first().copied() else {
            return told(board, best, true);
        };
        if made >= plans_max(board) {
            return give_way(board, &apart, made_under);
        }
        for bar in [first, first.turned()] {
            let mut bars = best.bars.clone();
            bars.insert(bar);
            wanted.push(bars);
        }
    }
}

/// Lets the later of two give way wherever they are together, until nobody is.
fn give_way<'a>(
    board: &mut Board<'a>,
    apart: &Apart,
    made_under: impl Fn(&mut Board<'a>, BTreeSet<Bar>) -> (Worth, Found),
) -> (Holding, Option<Exclusions>) {
    let mut bars = BTreeSet::new();
    loop {
        let (_, found) = made_under(board, bars);
        let together = apart.together(board, &found.holding);
        if together.is_empty() {
            return told(board, found, false);
        }
        bars = found.bars;
        bars.extend(together);
    }
}

/// After how many plans the search for the best one ends.
fn plans_max(board: &Board<'_>) -> usize {
    let pairs = board.options.len() * board.columns.len();
    (PAIRS_MAX / pairs.max(1)).clamp(PLANS_MIN, PLANS_MAX)
}

fn told(board: &Board<'_>, found: Found, is_best: bool) -> (Holding, Option<Exclusions>) {
    let case = |household: usize| board.pool.ids.get(household).map(|(case, _)| *case);
    let told = |bar: &Bar| {
        Some(KeptApart {
            application_id: case(bar.household)?,
            building: bar.building,
            from: case(bar.from)?,
        })
    };
    let kept_apart: Vec<KeptApart> = found.bars.iter().filter_map(told).collect();
    let exclusions = (!kept_apart.is_empty()).then_some(Exclusions {
        kept_apart,
        is_best,
    });
    (found.holding, exclusions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{home, household, rules, today};
    use crate::matching::{Objective, Plan, assign, certify};

    /// So many households of which each excludes all others, and homes in three buildings.
    fn at_odds(households: u64) -> Snapshot {
        let mut snapshot = Snapshot {
            as_of: today(),
            households: (1..=households).map(household).collect(),
            homes: (1..=households).map(home).collect(),
        };
        let ids: Vec<_> = snapshot
            .households
            .iter()
            .map(|it| it.household_id)
            .collect();
        for (facts, own) in snapshot.households.iter_mut().zip(&ids) {
            let others = ids.iter().filter(|it| *it != own);
            facts.needs.excluded_households = others.copied().collect();
        }
        let buildings = [1, 2, 3].map(|number| home(number).dwelling_id);
        for (facts, building) in snapshot.homes.iter_mut().zip(buildings.iter().cycle()) {
            facts.building = Some(*building);
        }
        snapshot
    }

    /// Nobody is together in a plan, and whoever is left has a proof.
    fn must_be_sound(snapshot: &Snapshot, plan: &Plan) {
        let buildings: BTreeSet<_> = plan
            .assignments
            .iter()
            .filter_map(|it| Some(snapshot.find_home(it.dwelling_id)?.building()))
            .collect();
        assert_eq!(buildings.len(), plan.assignments.len());
        for left in &plan.unhoused {
            let proof = certify(snapshot, &rules(), plan, left.application_id).unwrap();
            assert_eq!(proof.check(snapshot, &rules(), plan), Ok(()));
        }
    }

    #[test]
    fn one_who_is_at_odds_with_the_others_lives_in_each_building() {
        let snapshot = at_odds(4);
        for objective in [Objective::Suitability, Objective::OwnWishes] {
            let plan = assign(&snapshot, &rules(), objective);
            let places: Vec<_> = plan.assignments.iter().map(|it| it.place).collect();
            assert_eq!(places, [1, 2, 3]);
            assert_eq!(plan.exclusions.as_ref().map(|it| it.is_best), Some(true));
            must_be_sound(&snapshot, &plan);
        }
    }

    #[test]
    fn whoever_comes_later_gives_way_where_there_is_too_much_to_try() {
        let snapshot = at_odds(24);
        let plan = assign(&snapshot, &rules(), Objective::Suitability);
        let exclusions = plan.exclusions.as_ref().unwrap();
        assert!(!exclusions.is_best);
        let order = Pool::of(&snapshot, &rules()).ids;
        let place = |case: ApplicationId| order.iter().position(|(id, _)| *id == case);
        let mut apart = exclusions.kept_apart.iter();
        assert!(apart.all(|it| place(it.from) < place(it.application_id)));
        assert_eq!(plan.assignments.first().map(|it| it.place), Some(1));
        must_be_sound(&snapshot, &plan);
    }

    #[test]
    fn whether_the_one_or_the_other_excludes_makes_no_difference() {
        let mut snapshot = at_odds(2);
        for facts in &mut snapshot.homes {
            facts.building = Some(home(1).dwelling_id);
        }
        let both = assign(&snapshot, &rules(), Objective::Suitability);
        assert_eq!(both.assignments.len(), 1);
        for silent in 0..2 {
            let mut one = snapshot.clone();
            one.households[silent].needs.excluded_households.clear();
            assert_eq!(assign(&one, &rules(), Objective::Suitability), both);
        }
    }
}
