//! Writes what was corrected of a person into the person's row and among the words by which the person is found.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::store::{PersonRow, name_rows};
use crate::crypto::BlindIndex;
use crate::db::Tx;
use crate::db::schema::{person, person_name};
use crate::each;
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
