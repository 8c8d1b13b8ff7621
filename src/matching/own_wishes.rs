//! The second way to share out the homes: each household in turn has the one it wishes for most.
//!
//! In the order of priority each takes the home that it likes best among those with which everybody who is housed can still be housed.
//! Nobody gains by stating other wishes than the true ones, and no two could both gain by swapping. The wishes are those in the needs:
//! first the area, then the kind of home; where these say nothing, the points decide.
#![expect(
    clippy::indexing_slicing,
    reason = "claimants and columns are made by the board together with the lists that they index"
)]

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::board::Board;
use super::housed::Holding;
use super::model::{HouseholdFacts, Snapshot};
use super::places::PlaceSet;
use crate::ids::ApplicationId;

/// How much a household likes a place, the less the more: by the wished area, the kind, the points, and at last the place.
pub(super) type Liking = (usize, usize, Reverse<i16>, usize);

/// How each of those who are housed likes its place, in the order of priority.
pub(super) fn likings(
    board: &Board<'_>,
    snapshot: &Snapshot,
    holding: &Holding,
) -> Vec<Reverse<Liking>> {
    let facts = facts_of(snapshot);
    let held = holding
        .column_of
        .iter()
        .take(board.households())
        .enumerate();
    held.filter_map(|(household, column)| {
        let facts = facts.get(&board.pool.ids[household].0)?;
        Some(Reverse(liking(board, facts, household, (*column)?)))
    })
    .collect()
}

fn facts_of(snapshot: &Snapshot) -> BTreeMap<ApplicationId, &HouseholdFacts> {
    let all = snapshot.households.iter();
    all.map(|facts| (facts.application_id, facts)).collect()
}

/// Lets everybody who is housed choose in turn.
pub(super) fn choose_in_turn(
    board: &Board<'_>,
    snapshot: &Snapshot,
    mut holding: Holding,
) -> Holding {
    let facts = facts_of(snapshot);
    let mut movable = PlaceSet::none(board.options.len());
    holding
        .holders()
        .into_iter()
        .for_each(|claimant| movable.insert(claimant));
    let wanted_by = wanted_by(board, &movable);
    for household in 0..board.households() {
        let Some(held) = holding.column_of[household] else {
            continue;
        };
        let Some(facts) = facts.get(&board.pool.ids[household].0) else {
            continue;
        };
        movable.remove(household);
        let (can_be_vacated, moves_to) = vacatable(&holding, &movable, &wanted_by, held);
        let choices = can_be_vacated
            .iter()
            .filter(|c| board.options[household].contains(*c));
        let best = choices.min_by_key(|column| liking(board, facts, household, *column));
        if let Some(best) = best.filter(|best| *best != held) {
            move_in(&mut holding, household, held, best, &moves_to);
        }
    }
    holding
}

/// For each place, those who are housed and may have it.
fn wanted_by(board: &Board<'_>, housed: &PlaceSet) -> Vec<PlaceSet> {
    let mut wanted_by = vec![PlaceSet::none(board.options.len()); board.columns.len()];
    for claimant in housed.iter() {
        board.options[claimant]
            .iter()
            .for_each(|column| wanted_by[column].insert(claimant));
    }
    wanted_by
}

/// The places that can be made free for somebody who leaves `held`, and where their holders would go: back from the places that
/// are free, through those who have not chosen yet.
fn vacatable(
    holding: &Holding,
    movable: &PlaceSet,
    wanted_by: &[PlaceSet],
    held: usize,
) -> (PlaceSet, Vec<usize>) {
    let mut can_be_vacated = PlaceSet::none(wanted_by.len());
    let mut moves_to = vec![held; wanted_by.len()];
    let mut queue: Vec<usize> = vec![held];
    queue.extend((0..wanted_by.len()).filter(|column| holding.holder_of[*column].is_none()));
    for column in &queue {
        can_be_vacated.insert(*column);
    }
    let mut unseen = movable.clone();
    let mut next = 0;
    while let Some(&to) = queue.get(next) {
        next += 1;
        for claimant in unseen.drain_common(&wanted_by[to]) {
            if let Some(from) = holding.column_of[claimant].filter(|c| !can_be_vacated.contains(*c))
            {
                can_be_vacated.insert(from);
                moves_to[from] = to;
                queue.push(from);
            }
        }
    }
    (can_be_vacated, moves_to)
}

fn liking(board: &Board<'_>, facts: &HouseholdFacts, household: usize, column: usize) -> Liking {
    let home = board.homes[board.columns[column]];
    let needs = &facts.needs;
    let area = needs
        .wished_areas
        .iter()
        .position(|area| *area == home.area);
    let category = needs
        .categories
        .iter()
        .position(|category| *category == home.category);
    let last = usize::MAX;
    let points = board.points_in(household, column);
    (
        area.unwrap_or(last),
        category.unwrap_or(last),
        Reverse(points),
        column,
    )
}

fn move_in(holding: &mut Holding, household: usize, held: usize, best: usize, moves_to: &[usize]) {
    holding.holder_of[held] = None;
    let (mut mover, mut to) = (household, best);
    loop {
        let displaced = holding.holder_of[to];
        holding.give(mover, to);
        let Some(displaced) = displaced else { return };
        (mover, to) = (displaced, moves_to[to]);
    }
}
