//! Who is known to have died, and what of that is kept. What follows is for people to decide: see [`deadlines`](crate::deadlines).

use std::collections::BTreeMap;

use super::model::Member;
use super::{acts, deaths_store, erasing_store, store};
use crate::audit::Entry;
use crate::db::Tx;
use crate::ids::{HouseholdId, PersonId};
use crate::problem::Problem;

/// Keeps whether the population register says that a person has died: since now, where that is news.
pub(super) fn learn(tx: &mut Tx<'_>, id: PersonId, has_died: bool) -> Result<(), Problem> {
    if deaths_store::set_has_died(tx, id, has_died)? {
        let action = if has_died {
            "person.death_learnt"
        } else {
            "person.death_taken_back"
        };
        tx.record(Entry::change(action).about(id));
    }
    Ok(())
}

/// Whether a person is known to have died.
pub fn has_died(tx: &mut Tx<'_>, id: PersonId) -> Result<bool, Problem> {
    let row = store::find_person(tx, id)?;
    Ok(row.is_some_and(|row| row.death_known_at.is_some()))
}

/// The households to which somebody belongs who is known to have died and has not been erased, with all their members.
pub fn bereaved(tx: &mut Tx<'_>) -> Result<BTreeMap<HouseholdId, Vec<Member>>, Problem> {
    let dead = deaths_store::dead(tx)?;
    let households = erasing_store::households_of(tx, &dead)?;
    acts::members_of(tx, &households)
}
