//! The version of a municipality's pool: a clock that the database moves with every change of anything that a match depends on.
//!
//! The clock has several hands, and each transaction moves one that nobody else holds, so that no writer waits for another. A
//! hand moves on only when the transaction that moved it before has ended: so whoever sees the same hands sees the same changes, and
//! a number on a hand tells what came later.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{pool_change, pool_clock};
use crate::ids::HouseholdId;
use crate::problem::Problem;

/// Where the hands of the clock stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PoolVersion(BTreeMap<i16, i64>);

impl PoolVersion {
    /// The version as a number, which rises with every change.
    pub(super) fn number(&self) -> i64 {
        self.0.values().sum()
    }

    /// Whether everything that the other one saw is seen here too.
    pub(super) fn has_seen(&self, other: &Self) -> bool {
        let mut hands = other.0.iter();
        hands.all(|(hand, ticks)| self.0.get(hand).is_some_and(|own| own >= ticks))
    }
}

/// Who changed.
#[derive(Debug)]
pub(super) enum Changed {
    /// Perhaps everybody.
    All,
    /// These households.
    These(Vec<HouseholdId>),
}

/// The version that this transaction sees.
pub(super) fn version(tx: &mut Tx<'_>) -> Result<PoolVersion, Problem> {
    let municipality = tx.municipality();
    let hands: Vec<(i16, i64)> = pool_clock::table
        .filter(pool_clock::municipality_id.eq(municipality))
        .select((pool_clock::hand, pool_clock::ticks))
        .load(tx.conn())?;
    Ok(PoolVersion(hands.into_iter().collect()))
}

/// Who changed after `then`, up to `now`.
pub(super) fn changed_since(
    tx: &mut Tx<'_>,
    then: &PoolVersion,
    now: &PoolVersion,
) -> Result<Changed, Problem> {
    let municipality = tx.municipality();
    let mut changed = Vec::new();
    for (hand, ticks) in &now.0 {
        let before = then.0.get(hand).copied().unwrap_or(0);
        if before == *ticks {
            continue;
        }
        let rows: Vec<HouseholdId> = pool_change::table
            .filter(pool_change::municipality_id.eq(municipality))
            .filter(pool_change::hand.eq(hand))
            .filter(pool_change::ticks.gt(before))
            .select(pool_change::household_id)
            .load(tx.conn())?;
        changed.extend(rows);
    }
    // The household of zeros stands for all.
    if changed.contains(&HouseholdId::NIL) {
        return Ok(Changed::All);
    }
    Ok(Changed::These(changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_saw_different_changes_are_not_taken_for_one() {
        let of = |hands: &[(i16, i64)]| PoolVersion(hands.iter().copied().collect());
        let (first, left, right) = (of(&[(0, 4)]), of(&[(0, 5), (1, 1)]), of(&[(0, 4), (1, 2)]));
        assert!(left.has_seen(&first) && right.has_seen(&first) && !first.has_seen(&left));
        assert!(!left.has_seen(&right) && !right.has_seen(&left));
        assert_eq!(left.number(), right.number());
        assert_ne!(left, right);
    }
}
