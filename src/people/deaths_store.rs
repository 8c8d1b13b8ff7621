//! What of a death stands in the row of whoever died.

use diesel::prelude::*;

use super::store::PersonRow;
use crate::db::Tx;
use crate::db::schema::person;
use crate::ids::PersonId;
use crate::problem::Problem;

/// Says that a person has died, since now, or that the person lives after all; tells whether that is news.
pub(super) fn set_has_died(tx: &mut Tx<'_>, id: PersonId, has_died: bool) -> Result<bool, Problem> {
    let one = person::table.find((tx.municipality(), id));
    let since = has_died.then(|| tx.now());
    let changed = diesel::update(one)
        .filter(person::death_known_at.is_null().eq(has_died))
        .set((
            person::death_known_at.eq(since),
            person::version.eq(person::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(changed > 0)
}

/// Writes what is sealed of a person anew, at the version that was read.
pub(super) fn reseal(tx: &mut Tx<'_>, row: &PersonRow, sealed: &str) -> Result<usize, Problem> {
    let one = person::table.find((tx.municipality(), row.id));
    Ok(diesel::update(one)
        .filter(person::version.eq(row.version))
        .set((
            person::sealed.eq(sealed),
            person::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Who is known to have died and has not been erased.
pub(super) fn dead(tx: &mut Tx<'_>) -> Result<Vec<PersonId>, Problem> {
    Ok(person::table
        .filter(person::municipality_id.eq(tx.municipality()))
        .filter(person::death_known_at.is_not_null())
        .filter(person::erased_at.is_null())
        .order(person::id)
        .select(person::id)
        .load(tx.conn())?)
}
