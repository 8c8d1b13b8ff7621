//! What erasing asks of the tables of people, and takes out of them.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::store::{AT_ONCE, PersonRow};
use crate::clock::{Day, Instant};
use crate::db::schema::{household, household_member, person, person_name};
use crate::db::{Conn, Tx};
use crate::each;
use crate::http::must_be_current;
use crate::ids::{HouseholdId, PersonId};
use crate::problem::Problem;

/// People with higher ids than this one who have not been erased.
pub(super) fn not_erased_after(
    tx: &mut Tx<'_>,
    after: PersonId,
    limit: i64,
) -> Result<Vec<PersonId>, Problem> {
    Ok(person::table
        .filter(person::municipality_id.eq(tx.municipality()))
        .filter(person::id.gt(after))
        .filter(person::erased_at.is_null())
        .order(person::id)
        .limit(limit)
        .select(person::id)
        .load(tx.conn())?)
}

/// Whether a person has been erased.
pub(super) fn is_erased(tx: &mut Tx<'_>, id: PersonId) -> Result<bool, Problem> {
    let erased = person::table
        .find((tx.municipality(), id))
        .select(person::erased_at);
    let erased: Option<Option<Instant>> = each!(tx.conn(), c => erased.first(c)).optional()?;
    Ok(erased.flatten().is_some())
}

/// Locks the rows to which whatever is written of a person refers. On `SQLite` nobody else writes meanwhile.
pub(super) fn hold(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    let households: Vec<HouseholdId> = households_of(tx, &[id])?.into_iter().collect();
    let municipality = tx.municipality();
    let Conn::Pg(conn) = tx.conn() else {
        return Ok(());
    };
    household::table
        .filter(household::municipality_id.eq(municipality))
        .filter(household::id.eq_any(households))
        .order(household::id)
        .select(household::id)
        .for_update()
        .load::<HouseholdId>(conn)?;
    person::table
        .find((municipality, id))
        .select(person::id)
        .for_update()
        .load::<PersonId>(conn)?;
    Ok(())
}

/// Destroys a person's key and all that it opens, and everything by which the person is found. The place in the index of national
/// ids is taken by the id, which no digest equals.
pub(super) fn erase(tx: &mut Tx<'_>, of: &PersonRow, born_on: Day) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let rows = diesel::update(person::table.find((municipality, of.id)))
        .filter(person::version.eq(of.version))
        .set((
            person::version.eq(of.version + 1),
            person::born_on.eq(born_on),
            person::sealed_key.eq(""),
            person::sealed.eq(""),
            person::national_id_index.eq(of.id.uuid().as_bytes().to_vec()),
            person::erased_at.eq(now),
        ))
        .execute(tx.conn())?;
    must_be_current(rows)?;
    let names = person_name::table
        .filter(person_name::municipality_id.eq(municipality))
        .filter(person_name::person_id.eq(of.id));
    diesel::delete(names).execute(tx.conn())?;
    Ok(())
}

/// The households to which any of these people belong.
pub(super) fn households_of(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<Vec<HouseholdId>, Problem> {
    let municipality = tx.municipality();
    let mut found = BTreeSet::new();
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<HouseholdId> = household_member::table
            .filter(household_member::municipality_id.eq(municipality))
            .filter(household_member::person_id.eq_any(ids))
            .select(household_member::household_id)
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found.into_iter().collect())
}
