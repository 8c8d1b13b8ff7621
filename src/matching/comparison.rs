//! What priority costs, and what planning gains: the plan beside two others that nobody proposes.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assignment::{Costs, cheapest};
use super::board::{Board, UNFIT};
use super::housed::Holding;
use super::suitability::FULL;

/// The plan beside two others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// This plan.
    pub plan: Outcome,
    /// The most suitability that any plan could reach, if nobody had priority. The difference is the price of priority.
    pub without_priority: Outcome,
    /// What comes of letting one home after another, each to the first on its own ranking. The difference is the gain of
    /// planning.
    pub one_home_at_a_time: Outcome,
}

/// What a plan comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
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
        by_group
            .get_mut(standing.group())
            .into_iter()
            .for_each(|group| group.waiting += 1);
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
        group.into_iter().for_each(|group| group.housed += 1);
    }
    Outcome {
        housed: count,
        points,
        by_group,
    }
}

/// The pairs with the greatest sum of points. Whoever the matrix gives a place without being fit for it goes without.
fn without_priority(board: &Board<'_>) -> Vec<(usize, usize)> {
    let (households, columns) = (board.households(), board.columns.len());
    let stand_ins = board.options.len() - households;
    let claimants = households + stand_ins;
    // A place that is missing can cost no more than one full score, so a stand-in that is worth two is always served.
    let stand_in_worth = |claimant: usize, column: usize| {
        let is_option = board
            .options
            .get(claimant)
            .is_some_and(|options| options.contains(column));
        if is_option {
            2 * i16::try_from(FULL).unwrap_or(i16::MAX)
        } else {
            UNFIT
        }
    };
    let cost = |points: i16| i32::from(FULL) - i32::from(points.max(0));
    let worth = |claimant: usize, column: usize| {
        if claimant < households {
            board.points_in(claimant, column)
        } else {
            stand_in_worth(claimant, column)
        }
    };
    let places_are_rows = columns <= claimants;
    let (rows, width) = if places_are_rows {
        (columns, claimants)
    } else {
        (claimants, columns)
    };
    let pair = |row, at| {
        if places_are_rows {
            (at, row)
        } else {
            (row, at)
        }
    };
    let table: Vec<i16> = if places_are_rows && stand_ins == 0 {
        Vec::new()
    } else {
        let cells = (0..rows).flat_map(|row| (0..width).map(move |at| pair(row, at)));
        cells
            .map(|(claimant, column)| worth(claimant, column))
            .collect()
    };
    let found = cheapest(&Costs {
        rows,
        columns: width,
        values: |row| {
            if table.is_empty() {
                let home = board
                    .columns
                    .get(row)
                    .and_then(|home| board.points.get(*home));
                home.map_or(&[][..], Vec::as_slice)
            } else {
                table
                    .get(row * width..(row + 1) * width)
                    .unwrap_or_default()
            }
        },
        cost,
    });
    let pairs = found.into_iter().enumerate().map(|(row, at)| pair(row, at));
    pairs
        .filter(|(claimant, column)| board.points_in(*claimant, *column) != UNFIT)
        .collect()
}

/// Each place in turn to the first who still waits, by priority and then by points.
fn one_home_at_a_time(board: &Board<'_>) -> Vec<(usize, usize)> {
    let mut is_housed = vec![false; board.households()];
    let mut quota = board.quota();
    let mut pairs = Vec::new();
    for (column, at) in board.columns.iter().enumerate() {
        let agreement = board.homes.get(*at).and_then(|home| home.referral);
        let left = agreement.and_then(|referral| quota.get_mut(&referral.agreement_id));
        if left.as_ref().is_some_and(|left| **left == 0) {
            continue;
        }
        let points = board
            .points
            .get(*at)
            .into_iter()
            .flatten()
            .zip(&board.pool.standings);
        let waiting = points
            .zip(&is_housed)
            .enumerate()
            .filter(|(_, ((points, _), is_housed))| **points != UNFIT && !**is_housed);
        let first = waiting.min_by_key(|(household, ((points, standing), _))| {
            (standing.class, Reverse(**points), *household)
        });
        if let Some((household, _)) = first {
            pairs.push((household, column));
            is_housed
                .get_mut(household)
                .into_iter()
                .for_each(|housed| *housed = true);
            left.into_iter().for_each(|left| *left -= 1);
        }
    }
    pairs
}

impl Board<'_> {
    /// How many places each referral agreement has left.
    fn quota(&self) -> BTreeMap<crate::ids::ReferralAgreementId, usize> {
        let referrals = self.homes.iter().filter_map(|home| home.referral);
        referrals
            .map(|referral| {
                let usable = self.pool.rules.referral.usable_units(referral.units);
                let left = usable.saturating_sub(referral.units_in_use);
                (referral.agreement_id, usize::from(left))
            })
            .collect()
    }
}
