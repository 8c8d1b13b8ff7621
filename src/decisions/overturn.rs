//! A decision that holds no longer because the body of appeal decided otherwise.

use super::store::{self, Decision};
use super::trace::entry_of;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::problem::Problem;

/// The decision holds no longer. What it said stays, as it was told to the party.
pub fn overturn(tx: &mut Tx<'_>, decision: &Decision) -> Result<(), Problem> {
    must_be_current(store::replace(tx, decision)?)?;
    tx.record(entry_of("decision.overturned", decision));
    Ok(())
}
