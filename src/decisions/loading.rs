//! Where a decision is loaded for a caller, and what of it depends on who asks.

use super::store::{self, Decision};
use crate::access;
use crate::auth::Role;
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::{ApplicationId, DecisionId};
use crate::problem::{NOT_FOUND, Problem};

/// A decision that must exist, in a case that the caller may see.
pub fn load(tx: &mut Tx<'_>, id: DecisionId) -> Result<Decision, Problem> {
    let found = store::find(tx, id)?;
    visible(tx, found)
}

/// A decision as it was at a moment at which it must have existed. Whether the caller may see it is decided by its case today.
pub(super) fn load_as_of(
    tx: &mut Tx<'_>,
    id: DecisionId,
    at: Instant,
) -> Result<Decision, Problem> {
    let found = store::find_as_of(tx, id, at)?;
    visible(tx, found)
}

/// A decision that must exist, for whoever replays it: what is told of it then is digests alone.
pub(super) fn load_to_replay(tx: &mut Tx<'_>, id: DecisionId) -> Result<Decision, Problem> {
    if tx.caller().roles.contains(&Role::Auditor) {
        return reload(tx, id);
    }
    load(tx, id)
}

/// The same look-ups are made for a decision that does not exist as for one in a case that is hidden.
fn visible(tx: &mut Tx<'_>, found: Option<Decision>) -> Result<Decision, Problem> {
    let case = found.as_ref().map(|decision| decision.application_id);
    access::must_see_case(tx, case.unwrap_or(ApplicationId::NIL))?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// A decision, whoever asks: for a slice that says itself to whom it tells of it.
pub fn look_up(tx: &mut Tx<'_>, id: DecisionId) -> Result<Decision, Problem> {
    reload(tx, id)
}

/// A decision that was loaded before in this transaction, as it stands now.
pub(super) fn reload(tx: &mut Tx<'_>, id: DecisionId) -> Result<Decision, Problem> {
    store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
