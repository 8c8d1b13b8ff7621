//! Whom of those who wait a caller may be told of: asked of `access`, for the pure [`Veil`] and for lists of cases.

use std::collections::BTreeSet;

use super::veil::Veil;
use super::waiting::Waiting;
use crate::access;
use crate::db::Tx;
use crate::ids::{ApplicationId, HouseholdId};
use crate::problem::Problem;

/// Whom the caller may not locate of those who wait, and of `others`. The few who wait and are protected are known with the pool:
/// to ask for all in the municipality, call by call, would cost more than the ranking.
pub(super) fn veil_over(
    tx: &mut Tx<'_>,
    waiting: &Waiting,
    others: impl IntoIterator<Item = HouseholdId>,
) -> Result<Veil, Problem> {
    let mut hidden = waiting.beyond(access::locating(tx)?);
    let others = others.into_iter().filter(|it| !waiting.waits(*it));
    hidden.extend(access::unlocatable(tx, &others.collect::<Vec<_>>())?);
    Ok(Veil::over(hidden))
}

/// Whom the caller may not locate, whether they wait or not.
pub(super) fn veil(tx: &mut Tx<'_>) -> Result<Veil, Problem> {
    Ok(Veil::over(access::beyond_reach(tx)?))
}

/// Those of these cases that the caller may be shown: within sight, and of people who may be located. Ranks stay what they are.
pub(super) fn shown(
    tx: &mut Tx<'_>,
    waiting: &[(ApplicationId, HouseholdId)],
) -> Result<BTreeSet<ApplicationId>, Problem> {
    let cases: Vec<ApplicationId> = waiting.iter().map(|(case, _)| *case).collect();
    let mut shown = access::visible_cases(tx, &cases)?;
    let households: Vec<HouseholdId> = waiting.iter().map(|(_, it)| *it).collect();
    let unlocatable = access::unlocatable(tx, &households)?;
    for (case, household) in waiting {
        if unlocatable.contains(household) {
            shown.remove(case);
        }
    }
    Ok(shown)
}
