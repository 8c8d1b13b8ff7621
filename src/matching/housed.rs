//! Who is housed: the best set of households by priority, found by serving each in turn and letting those before it move over.
//!
//! The sets of households that can be housed together form a matroid (a transversal one), so serving them in the order of priority,
//! with augmenting paths, gives the set that is best for *every* weighting that respects the order, and houses as many as can be
//! housed at all. When a search fails, every place that it saw is held by somebody served earlier who can only move among
//! these places: they are closed for good.
#![expect(
    clippy::indexing_slicing,
    reason = "claimants and columns are made by the board together with the lists that they index"
)]

use super::board::Board;
use super::places::PlaceSet;

/// Who holds which place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holding {
    /// The place of each claimant.
    pub(super) column_of: Vec<Option<usize>>,
    /// The claimant in each place.
    pub(super) holder_of: Vec<Option<usize>>,
}

impl Holding {
    /// Nobody holds anything.
    pub(super) fn none(board: &Board<'_>) -> Self {
        Self {
            column_of: vec![None; board.options.len()],
            holder_of: vec![None; board.columns.len()],
        }
    }

    /// Gives a place to a claimant.
    pub(super) fn give(&mut self, claimant: usize, column: usize) {
        self.column_of[claimant] = Some(column);
        self.holder_of[column] = Some(claimant);
    }

    /// The claimants who hold a place, in ascending order.
    pub(super) fn holders(&self) -> Vec<usize> {
        let held = self.column_of.iter().enumerate();
        held.filter(|(_, column)| column.is_some())
            .map(|(claimant, _)| claimant)
            .collect()
    }
}

/// Houses the best set of households by priority, in some places that they may have.
pub(super) fn house_by_priority(board: &Board<'_>) -> Holding {
    let mut holding = Holding::none(board);
    let mut open = PlaceSet::all(board.columns.len());
    let mut free = open.clone();
    let mut came_from = vec![0; board.columns.len()];
    for claimant in board.order() {
        let mut unseen = open.clone();
        match find_free(
            board,
            claimant,
            &holding,
            &free,
            &mut unseen,
            &mut came_from,
        ) {
            Some(column) => {
                free.remove(column);
                move_over(&mut holding, claimant, column, &came_from);
            }
            None => open = unseen,
        }
    }
    holding
}

/// Searches for a free place that can be reached by letting holders move over; leaves in `unseen` the places not seen.
fn find_free(
    board: &Board<'_>,
    start: usize,
    holding: &Holding,
    free: &PlaceSet,
    unseen: &mut PlaceSet,
    came_from: &mut [usize],
) -> Option<usize> {
    let mut queue = vec![start];
    let mut next = 0;
    while let Some(&claimant) = queue.get(next) {
        next += 1;
        let options = &board.options[claimant];
        if let Some(column) = options.find_common(free) {
            came_from[column] = claimant;
            return Some(column);
        }
        for column in unseen.drain_common(options) {
            came_from[column] = claimant;
            queue.extend(holding.holder_of[column]);
        }
    }
    None
}

fn move_over(holding: &mut Holding, start: usize, free: usize, came_from: &[usize]) {
    let mut column = free;
    loop {
        let claimant = came_from[column];
        let left = holding.column_of[claimant];
        holding.give(claimant, column);
        match left {
            Some(left) if claimant != start => column = left,
            _ => return,
        }
    }
}
