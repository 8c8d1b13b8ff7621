//! Who is known to have died, and what of that is kept. What follows is for people to decide: see [`deadlines`](crate::deadlines).
//!
//! That somebody has died, and since when it is known here, stands in the clear, for rules ask it of many at once. The day itself is the
//! person's, sealed with name and address under the person's own key, and goes with them when the person is erased.

use std::collections::BTreeMap;

use serde_json::json;

use super::disclosure::segment_under;
use super::model::Member;
use super::{acts, deaths_store, erasing_store, seal, store};
use crate::audit::{Entry, Segment};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{HouseholdId, PersonId};
use crate::problem::Problem;
use crate::registers::Death;

/// Keeps what the population register says of a person's death: since now, where that is news, and the day, where it tells one. Says whether
/// anything became different.
pub(super) fn learn(tx: &mut Tx<'_>, id: PersonId, death: Option<Death>) -> Result<bool, Problem> {
    if death.is_some() {
        erasing_store::hold(tx, id)?;
    }
    let is_news = deaths_store::set_has_died(tx, id, death.is_some())?;
    let day = match death {
        None if !is_news => None,
        _ => keep_day(tx, id, death)?,
    };
    let action = match (is_news, death) {
        (true, Some(_)) => "person.death_learnt",
        (true, None) => "person.death_taken_back",
        (false, _) if day.is_some() => "person.day_of_death_learnt",
        (false, _) => return Ok(false),
    };
    let entry = Entry::change(action);
    tx.record(match day {
        Some(said) => entry.saying(said),
        None => entry.about(id),
    });
    Ok(true)
}

/// Seals the day on which a person died among what is known of the person. Gives what the log says of it, where it is another than before.
fn keep_day(
    tx: &mut Tx<'_>,
    id: PersonId,
    death: Option<Death>,
) -> Result<Option<Segment>, Problem> {
    let found = store::find_person(tx, id)?.filter(|row| row.erased_at.is_none());
    let Some(row) = found else {
        return Ok(None);
    };
    let (row, mut particulars) = acts::opened(tx, row)?;
    let today = tx.today();
    let day = match death {
        None => None,
        // A register that tells of the death alone takes no day back, and one that lies ahead is no day of death.
        Some(death) => death.on.filter(|on| *on <= today).or(particulars.died_on),
    };
    if day == particulars.died_on {
        return Ok(None);
    }
    particulars.died_on = day;
    let key = seal::load_key(tx, id)?;
    let sealed = seal::seal_particulars(tx, id, &key, &particulars)?;
    must_be_current(deaths_store::reseal(tx, &row, &sealed)?)?;
    segment_under(tx, &key, id, &json!({ "diedOn": day })).map(Some)
}

/// Whether a person is known to have died.
pub fn has_died(tx: &mut Tx<'_>, id: PersonId) -> Result<bool, Problem> {
    let row = store::find_person(tx, id)?;
    Ok(row.is_some_and(|row| row.death_known_at.is_some()))
}

/// On which day each of these people died, of whom the register has told it and who have not been erased.
pub fn days_of_death(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, Day>, Problem> {
    let mut rows = store::people(tx, ids)?;
    rows.retain(|row| row.death_known_at.is_some() && row.erased_at.is_none());
    let mut days = BTreeMap::new();
    for row in rows {
        let (row, particulars) = acts::opened(tx, row)?;
        days.extend(particulars.died_on.map(|day| (row.id, day)));
    }
    Ok(days)
}

/// The households to which somebody belongs who is known to have died and has not been erased, with all their members.
pub fn bereaved(tx: &mut Tx<'_>) -> Result<BTreeMap<HouseholdId, Vec<Member>>, Problem> {
    let dead = deaths_store::dead(tx)?;
    let households = erasing_store::households_of(tx, &dead)?;
    acts::members_of(tx, &households)
}
