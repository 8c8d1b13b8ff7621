//! Writes what was corrected of a person into the person's row, among the words by which the person is found, and among those of a
//! household.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::model::{Member, NewMember};
use super::store::{PersonRow, name_rows};
use crate::crypto::BlindIndex;
use crate::db::Tx;
use crate::db::schema::{household_member, person, person_name};
use crate::each;
use crate::ids::HouseholdId;
use crate::problem::Problem;

/// Replaces what stands sealed in a row, if it is still at the version that was read.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    row: &PersonRow,
    sealed: &str,
    words: &BTreeSet<BlindIndex>,
) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let replaced = diesel::update(person::table.find((municipality, row.id)))
        .filter(person::version.eq(row.version))
        .set((
            person::sealed.eq(sealed),
            person::version.eq(row.version + 1),
        ))
        .execute(tx.conn())?;
    if replaced == 0 {
        return Ok(0);
    }
    let old = person_name::table
        .filter(person_name::municipality_id.eq(municipality))
        .filter(person_name::person_id.eq(row.id));
    diesel::delete(old).execute(tx.conn())?;
    let rows: Vec<_> = name_rows(row, words).collect();
    each!(tx.conn(), c => diesel::insert_into(person_name::table).values(rows).execute(c))?;
    Ok(replaced)
}

/// Replaces what a member is in a household and how often there, if that is still what was read.
pub(super) fn replace_member(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    before: &Member,
    after: &NewMember,
) -> Result<usize, Problem> {
    let one = household_member::table.find((tx.municipality(), household, before.person_id));
    Ok(diesel::update(one)
        .filter(household_member::role.eq(before.role))
        .filter(household_member::residence_days.eq(before.residence_days))
        .set((
            household_member::role.eq(after.role),
            household_member::residence_days.eq(after.residence_days),
        ))
        .execute(tx.conn())?)
}
