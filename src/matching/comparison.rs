//! What priority costs, and what planning gains: the plan beside two others that nobody proposes.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assignment::{Costs, cheapest};
use super::board::{Board, UNFIT, quota_left};
use super::housed::Holding;
use super::suitability::FULL;

/// The plan beside two others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// This plan.
    pub plan: Outcome,
    /// The most suitability that any plan could reach, if nobody had priority and nobody had to be kept apart from another who waits. The
    /// difference is the price of priority.
    pub without_priority: Outcome,
    /// What comes of letting one home after another, each to the first on its own ranking. The difference is the gain of
    /// planning.
    pub one_home_at_a_time: Outcome,
}

/// What a plan comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanOutcome)]
pub struct Outcome {
    /// Households that are housed.
    pub housed: usize,
    /// The sum of their points.
    pub points: u64,
    /// How many of each priority group are housed, in the order of priority.
    pub by_group: Vec<GroupCount>,
}

/// How many of a priority group are housed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupCount {
    /// The priority group.
    #[schema(value_type = String)]
    pub priority_group: Arc<str>,
    /// Households of this group that wait.
    pub waiting: usize,
    /// Those of them that are housed.
    pub housed: usize,
}

/// Sets a plan beside the others.
pub(super) fn compare(board: &Board<'_>, plan: &Holding) -> Comparison {
    let held = plan.column_of.iter().take(board.households()).enumerate();
    let held = held.filter_map(|(household, column)| Some((household, (*column)?)));
    Comparison {
        plan: outcome(board, held),
        without_priority: outcome(board, without_priority(board).into_iter()),
        one_home_at_a_time: outcome(board, one_home_at_a_time(board).into_iter()),
    }
}

fn outcome(board: &Board<'_>, housed: impl Iterator<Item = (usize, usize)>) -> Outcome {
    let mut by_group: Vec<GroupCount> = board
        .pool
        .group_codes
        .iter()
        .map(|code| GroupCount {
            priority_group: code.clone(),
            waiting: 0,
            housed: 0,
        })
        .collect();
    for standing in &board.pool.standings {
        if let Some(group) = by_group.get_mut(standing.group()) {
            group.waiting += 1;
        }
    }
    let (mut count, mut points) = (0, 0);
    for (household, column) in housed {
        count += 1;
        points += u64::try_from(board.points_in(household, column)).unwrap_or(0);
        let group = board
            .pool
            .standings
            .get(household)
            .and_then(|s| by_group.get_mut(s.group()));
        if let Some(group) = group {
            group.housed += 1;
        }
    }
    Outcome {
        housed: count,
        points,
        by_group,
    }
}

/// The pairs with the greatest sum of points.
///
/// A pair that does not fit costs as much as going without, and whoever is given one goes without. A stand-in is worth two full
/// scores: to do without one place can cost no more than one, so every stand-in is served.
fn without_priority(board: &Board<'_>) -> Vec<(usize, usize)> {
    let (claimants, columns) = (board.options.len(), board.columns.len());
    let full = i16::try_from(FULL).unwrap_or(i16::MAX);
    let worth = |(claimant, column): (usize, usize)| {
        if claimant < board.households() {
            return board.points_in(claimant, column);
        }
        let is_option = board
            .options
            .get(claimant)
            .is_some_and(|options| options.contains(column));
        if is_option { 2 * full } else { UNFIT }
    };
    let places_are_fewer = columns <= claimants;
    let (rows, width) = if places_are_fewer {
        (columns, claimants)
    } else {
        (claimants, columns)
    };
    let pair = |row, at| {
        if places_are_fewer {
            (at, row)
        } else {
            (row, at)
        }
    };
    let table: Vec<i16> = (0..rows)
        .flat_map(|row| (0..width).map(move |at| worth(pair(row, at))))
        .collect();
    let found = cheapest(&Costs {
        rows,
        columns: width,
        values: |row| {
            table
                .get(row * width..(row + 1) * width)
                .unwrap_or_default()
        },
        cost: |worth: i16| i32::from(FULL) - i32::from(worth.max(0)),
    });
    let pairs = found.into_iter().enumerate().map(|(row, at)| pair(row, at));
    pairs
        .filter(|(claimant, column)| board.points_in(*claimant, *column) != UNFIT)
        .collect()
}

/// Each place in turn to the first who still waits, by priority and then by points.
fn one_home_at_a_time(board: &Board<'_>) -> Vec<(usize, usize)> {
    let rules = &board.pool.rules;
    let mut quota: BTreeMap<_, _> = board
        .homes
        .iter()
        .filter_map(|home| quota_left(home, rules))
        .collect();
    let mut is_housed = vec![false; board.households()];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (column, at) in board.columns.iter().enumerate() {
        let agreement = board
            .homes
            .get(*at)
            .and_then(|home| quota_left(home, rules));
        let left = agreement.and_then(|(agreement, _)| quota.get_mut(&agreement));
        if left.as_ref().is_some_and(|left| **left == 0) {
            continue;
        }
        let points = board
            .points
            .get(*at)
            .into_iter()
            .flatten()
            .zip(&board.pool.standings);
        let building = board.building_of(column);
        let neighbours = pairs
            .iter()
            .filter(|(_, at)| board.building_of(*at) == building);
        let rivals: Vec<usize> = neighbours
            .flat_map(|(household, _)| board.apart.from(*household))
            .collect();
        let waiting = points.zip(&is_housed).enumerate();
        let first = waiting
            .filter(|(_, ((points, _), is_housed))| **points != UNFIT && !**is_housed)
            .filter(|(household, _)| !rivals.contains(household))
            .min_by_key(|(household, ((points, standing), _))| {
                (standing.class, Reverse(**points), *household)
            });
        if let Some((household, _)) = first {
            pairs.push((household, column));
            if let Some(is_housed) = is_housed.get_mut(household) {
                *is_housed = true;
            }
            if let Some(left) = left {
                *left -= 1;
            }
        }
    }
    pairs
}
