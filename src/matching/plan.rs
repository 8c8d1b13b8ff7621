//! One plan for all vacant homes: the best set of households by priority, each in the home that suits best.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ENGINE_VERSION;
use super::apart::{Apart, Exclusions, Worth, keep_apart};
use super::assignment::{Costs, NEVER, cheapest};
use super::board::{Board, UNFIT};
use super::comparison::{Comparison, compare};
use super::housed::{Holding, house_by_priority};
use super::model::Snapshot;
use super::own_wishes::{choose_in_turn, likings};
use super::suitability::FULL;
use crate::clock::Day;
use crate::codes;
use crate::ids::{ApplicationId, DwellingId, HouseholdId};
use crate::rulesets::RuleSet;

codes! {
    /// Who gets which home among those who are housed. Both house the same households.
    pub enum Objective {
        /// The homes suit the households best, taken together.
        Suitability = "SUITABILITY",
        /// Each household in turn has the home that it wishes for most.
        OwnWishes = "OWN_WISHES",
    }
}

/// A proposal for all vacant homes. People decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The version of the engine that made it.
    pub engine_version: String,
    /// The day on which it was made.
    pub as_of: Day,
    /// What it strives for among those who are housed.
    pub objective: Objective,
    /// Who is housed where, in the order of priority.
    pub assignments: Vec<Assignment>,
    /// Who is not housed, in the order of priority. A certificate tells each of them why.
    pub unhoused: Vec<Unhoused>,
    /// What it meant that some who wait must not become neighbours; absent where it meant nothing, and in plans of engines before 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusions: Option<Exclusions>,
    /// What priority costs in suitability, and what planning gains over one home at a time.
    pub comparison: Comparison,
}

/// A household and the home that is proposed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The household's place in the order of priority, 1 first.
    pub place: usize,
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its priority group.
    #[schema(value_type = String)]
    pub priority_group: Arc<str>,
    /// The home.
    pub dwelling_id: DwellingId,
    /// How well it suits, of 1000.
    pub points: u16,
}

/// A household for which there is no home in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unhoused {
    /// The household's place in the order of priority, 1 first.
    pub place: usize,
    /// The case.
    pub application_id: ApplicationId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its priority group.
    #[schema(value_type = String)]
    pub priority_group: Arc<str>,
    /// Whether it may have any of the vacant homes at all.
    pub fits_some_home: bool,
}

impl Plan {
    /// The home of everybody who is housed.
    #[must_use]
    pub fn homes(&self) -> BTreeMap<ApplicationId, DwellingId> {
        self.assignments
            .iter()
            .map(|one| (one.application_id, one.dwelling_id))
            .collect()
    }
}

/// Plans for all vacant homes of a snapshot at once.
///
/// First it houses the best set of households by priority, which is also as many as can be housed. Only then it chooses, among all
/// ways to house exactly these, by the objective. So nobody loses a home because another household suits it better. No two
/// become neighbours of whom one must not live near the other; see [`Exclusions`].
#[must_use]
pub fn assign(snapshot: &Snapshot, rules: &RuleSet, objective: Objective) -> Plan {
    assign_on(Board::of(snapshot, rules), snapshot, objective)
}

/// The same, where those who wait are not kept apart from each other, only from those who live somewhere.
pub(super) fn assign_together(snapshot: &Snapshot, rules: &RuleSet, objective: Objective) -> Plan {
    let board = Board {
        apart: Apart::default(),
        ..Board::of(snapshot, rules)
    };
    assign_on(board, snapshot, objective)
}

fn assign_on(mut board: Board<'_>, snapshot: &Snapshot, objective: Objective) -> Plan {
    let (holding, exclusions) =
        keep_apart(&mut board, |board| share_out(board, snapshot, objective));
    let (mut assignments, mut unhoused) = (Vec::new(), Vec::new());
    let waiting = board
        .pool
        .ids
        .iter()
        .zip(&board.pool.standings)
        .zip(&board.options);
    for (i, ((&(application_id, household_id), standing), options)) in waiting.enumerate() {
        let place = i + 1;
        let group = board.pool.group_codes.get(standing.group());
        let priority_group = group.cloned().unwrap_or_else(|| Arc::from(""));
        let column = holding.column_of.get(i).copied().flatten();
        let home = column.and_then(|column| board.columns.get(column));
        if let Some((column, home)) = column.zip(home.and_then(|home| board.homes.get(*home))) {
            assignments.push(Assignment {
                place,
                application_id,
                household_id,
                priority_group,
                dwelling_id: home.dwelling_id,
                points: u16::try_from(board.points_in(i, column)).unwrap_or(0),
            });
        } else {
            let fits_some_home = options.iter().next().is_some();
            unhoused.push(Unhoused {
                place,
                application_id,
                household_id,
                priority_group,
                fits_some_home,
            });
        }
    }
    Plan {
        engine_version: ENGINE_VERSION.to_owned(),
        as_of: snapshot.as_of,
        objective,
        assignments,
        unhoused,
        exclusions,
        comparison: compare(&board, &holding),
    }
}

/// Shares out the places of a board, and tells how good that is.
fn share_out(board: &Board<'_>, snapshot: &Snapshot, objective: Objective) -> (Holding, Worth) {
    let housed = house_by_priority(board);
    let holding = match objective {
        Objective::Suitability => suit_best(board, &housed),
        Objective::OwnWishes => choose_in_turn(board, snapshot, housed),
    };
    let held = holding.column_of.iter().take(board.households());
    let points = held.clone().enumerate().filter_map(|(household, column)| {
        u64::try_from(board.points_in(household, (*column)?)).ok()
    });
    let worth = Worth {
        housed: held.map(Option::is_some).collect(),
        points: match objective {
            Objective::Suitability => points.sum(),
            Objective::OwnWishes => 0,
        },
        likings: match objective {
            Objective::Suitability => Vec::new(),
            Objective::OwnWishes => likings(board, snapshot, &holding),
        },
    };
    (holding, worth)
}

/// Gives those who are housed the places in which the sum of points is the greatest.
fn suit_best(board: &Board<'_>, housed: &Holding) -> Holding {
    let claimants = housed.holders();
    let columns = board.columns.len();
    let table: Vec<i16> = claimants
        .iter()
        .flat_map(|&claimant| {
            let options = board.options.get(claimant);
            (0..columns).map(move |column| {
                // A stand-in has no points: it takes any place of its agreement alike.
                if claimant < board.households() {
                    board.points_in(claimant, column)
                } else if options.is_some_and(|options| options.contains(column)) {
                    0
                } else {
                    UNFIT
                }
            })
        })
        .collect();
    let found = cheapest(&Costs {
        rows: claimants.len(),
        columns,
        values: |row| {
            table
                .get(row * columns..(row + 1) * columns)
                .unwrap_or_default()
        },
        cost: |points| {
            if points < 0 {
                NEVER
            } else {
                i32::from(FULL) - i32::from(points)
            }
        },
    });
    let mut holding = Holding::none(board);
    claimants
        .iter()
        .zip(found)
        .for_each(|(claimant, column)| holding.give(*claimant, column));
    holding
}
