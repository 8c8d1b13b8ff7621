//! The assignment of rows to columns at the least cost, exactly: Jonker and Volgenant's algorithm on a dense matrix.
//!
//! Shortest augmenting paths over reduced costs, in whole numbers. Costs tie often here (many households are alike), so columns
//! at equal distance are scanned together. Ties are broken by the order of rows and columns alone, hence the result is the
//! same on every machine. R. Jonker and A. Volgenant, Computing 38 (1987), 325–340.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is a row or a column of the matrix; checks in the innermost loop would hide the algorithm"
)]

/// A pair that may not be assigned, as a cost. It outweighs every path that avoids it.
pub(super) const NEVER: i32 = 1 << 29;

/// Costs of rows and columns; there are at least as many columns as rows.
pub(super) struct Costs<R, C> {
    /// Rows.
    pub(super) rows: usize,
    /// Columns.
    pub(super) columns: usize,
    /// The values of a row, one a column.
    pub(super) values: R,
    /// The cost of a value.
    pub(super) cost: C,
}

/// The column of each row, so that the sum of costs is the least.
///
/// Where the rows can be assigned without a pair that costs [`NEVER`], none is used.
pub(super) fn cheapest<'a, R, C>(costs: &Costs<R, C>) -> Vec<usize>
where
    R: Fn(usize) -> &'a [i16],
    C: Fn(i16) -> i32,
{
    let mut solver = Solver {
        costs,
        prices: vec![0; costs.columns],
        row_of: vec![None; costs.columns],
        column_of: vec![None; costs.rows],
    };
    let mut free: Vec<usize> = (0..costs.rows).collect();
    for _ in 0..2 {
        free = solver.bid(free);
    }
    let mut search = Search::new(costs.columns);
    for row in free {
        solver.augment(row, &mut search);
    }
    solver.column_of.into_iter().flatten().collect()
}

struct Solver<'c, R, C> {
    costs: &'c Costs<R, C>,
    prices: Vec<i32>,
    row_of: Vec<Option<usize>>,
    column_of: Vec<Option<usize>>,
}

/// The working space of one search, kept between searches.
struct Search {
    distances: Vec<i32>,
    from: Vec<usize>,
    /// The columns: first those that are done, then those at the least distance, then the rest.
    order: Vec<usize>,
}

impl Search {
    fn new(columns: usize) -> Self {
        Self {
            distances: vec![0; columns],
            from: vec![0; columns],
            order: (0..columns).collect(),
        }
    }
}

impl<'a, R, C> Solver<'_, R, C>
where
    R: Fn(usize) -> &'a [i16],
    C: Fn(i16) -> i32,
{
    /// Lets each free row take its best column and raise that column's price as far as its second best allows ("augmenting row
    /// reduction"). Gives the rows that are still free.
    fn bid(&mut self, mut free: Vec<usize>) -> Vec<usize> {
        free.reverse();
        let mut still_free = Vec::new();
        // With tied whole numbers prices can rise by ones for very long; the searches that follow are better at that.
        let mut bids_left = 4 * self.costs.rows;
        while let Some(row) = free.pop() {
            if bids_left == 0 {
                still_free.push(row);
                continue;
            }
            bids_left -= 1;
            let Some((best, second)) = self.two_best(row) else {
                still_free.push(row);
                continue;
            };
            let mut column = best.1;
            let is_strict = best.0 < second.0;
            if is_strict {
                self.prices[column] -= second.0 - best.0;
            } else if self.row_of[column].is_some() {
                column = second.1;
            }
            let evicted = self.row_of[column].replace(row);
            self.column_of[row] = Some(column);
            if let Some(evicted) = evicted {
                self.column_of[evicted] = None;
                let to = if is_strict {
                    &mut free
                } else {
                    &mut still_free
                };
                to.push(evicted);
            }
        }
        still_free
    }

    /// The least and the second least reduced cost of a row, with their columns, among pairs that may be assigned.
    fn two_best(&self, row: usize) -> Option<((i32, usize), (i32, usize))> {
        let (mut best, mut second) = ((NEVER, 0), (NEVER, 0));
        for (column, value) in (self.costs.values)(row).iter().enumerate() {
            let cost = (self.costs.cost)(*value);
            let reduced = cost - self.prices[column];
            if cost < NEVER && reduced < second.0 {
                second = (reduced, column);
                if second.0 < best.0 {
                    std::mem::swap(&mut best, &mut second);
                }
            }
        }
        // A row with one column only must not raise its price without bound: it goes to the searches.
        (second.0 < NEVER).then_some((best, second))
    }

    /// Assigns one more row along a shortest path.
    fn augment(&mut self, start: usize, search: &mut Search) {
        let Search {
            distances,
            from,
            order,
        } = search;
        from.fill(start);
        for (column, value) in (self.costs.values)(start).iter().enumerate() {
            distances[column] = (self.costs.cost)(*value) - self.prices[column];
        }
        let (mut done, mut reached, mut least) = (0, 0, 0);
        let mut settled = 0;
        let end = 'search: loop {
            if done == reached {
                settled = done;
                (reached, least) = gather_nearest(order, distances, done);
                let nearest = order[done..reached].iter().copied();
                if let Some(free) = nearest.into_iter().find(|&c| self.row_of[c].is_none()) {
                    break free;
                }
            }
            if done == order.len() {
                return;
            }
            let column = order[done];
            done += 1;
            let Some(row) = self.row_of[column] else {
                break column;
            };
            let values = (self.costs.values)(row);
            let base = (self.costs.cost)(values[column]) - self.prices[column] - least;
            let mut at = reached;
            while at < order.len() {
                let to = order[at];
                let distance = (self.costs.cost)(values[to]) - self.prices[to] - base;
                if distance < distances[to] {
                    (distances[to], from[to]) = (distance, row);
                    if distance == least {
                        if self.row_of[to].is_none() {
                            break 'search to;
                        }
                        order.swap(at, reached);
                        reached += 1;
                    }
                }
                at += 1;
            }
        };
        for &column in &order[..settled] {
            self.prices[column] += distances[column] - least;
        }
        self.walk_back(start, end, from);
    }

    fn walk_back(&mut self, start: usize, end: usize, from: &[usize]) {
        let mut column = end;
        loop {
            let row = from[column];
            self.row_of[column] = Some(row);
            let left = self.column_of[row].replace(column);
            match left {
                Some(left) if row != start => column = left,
                _ => return,
            }
        }
    }
}

/// Moves the nearest columns that are not done to the front of the rest; gives where they end and how near they are.
fn gather_nearest(order: &mut [usize], distances: &[i32], done: usize) -> (usize, i32) {
    let (mut reached, mut least) = (done, i32::MAX);
    for at in done..order.len() {
        let distance = distances[order[at]];
        if distance < least {
            (reached, least) = (done, distance);
        }
        if distance == least {
            order.swap(at, reached);
            reached += 1;
        }
    }
    (reached, least)
}

#[cfg(test)]
mod tests {
    use pathfinding::kuhn_munkres::kuhn_munkres;
    use pathfinding::matrix::Matrix;

    use super::*;
    use crate::matching::town::Dice;

    #[test]
    fn the_sum_is_that_of_kuhn_and_munkres_on_thousands_of_tied_matrices() {
        for seed in 0..4000 {
            let mut dice = Dice(seed);
            let rows = 1 + usize::try_from(dice.roll(9)).unwrap();
            let columns = rows + usize::try_from(dice.roll(5)).unwrap();
            let sides = [2, 5, 1000][usize::try_from(dice.roll(3)).unwrap()];
            // One in three pairs may not be assigned; the last pair of every row always may.
            let values: Vec<Vec<i16>> = (0..rows)
                .map(|row| {
                    (0..columns)
                        .map(|column| match dice.roll(3) {
                            0 if column != row => -1,
                            _ => i16::try_from(dice.roll(sides)).unwrap(),
                        })
                        .collect()
                })
                .collect();
            let cost = |value: i16| if value < 0 { NEVER } else { i32::from(value) };
            let found = cheapest(&Costs {
                rows,
                columns,
                values: |row: usize| values[row].as_slice(),
                cost,
            });
            let sum: i64 = found
                .iter()
                .enumerate()
                .map(|(row, c)| i64::from(cost(values[row][*c])))
                .sum();
            let gains = values
                .iter()
                .map(|row| row.iter().map(|v| -i64::from(cost(*v))));
            let (gain, _) = kuhn_munkres(&Matrix::from_rows(gains).unwrap());
            assert_eq!(sum, -gain, "seed {seed}");
            let mut taken = found.clone();
            taken.sort_unstable();
            taken.dedup();
            assert_eq!(taken.len(), rows, "seed {seed}");
        }
    }
}
