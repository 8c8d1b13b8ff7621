//! Makes people findable by other index keys when one takes over from another.
//!
//! By the first key the national id stands in its own column; by the others among the words of the name, so that a person is found by
//! whichever key is first next. Whoever is interrupted begins anew and loses nothing.

use diesel::prelude::*;

use super::acts::{index_key, opened};
use super::store::{PersonRow, find_by_national_id, name_rows};
use crate::crypto::BlindIndex;
use crate::db::Tx;
use crate::db::schema::{person, person_name};
use crate::each;
use crate::ids::PersonId;
use crate::problem::{CONFLICT, Problem};

/// Makes up to `limit` people after this one findable by exactly the keys in the settings; tells the last of them and how many there were.
pub fn reindex(
    tx: &mut Tx<'_>,
    after: PersonId,
    limit: i64,
) -> Result<Option<(PersonId, usize)>, Problem> {
    let (municipality, keys) = (tx.municipality(), index_key(tx));
    let rows = people_after(tx, after, limit)?;
    let last = rows.last().map(|row| (row.id, rows.len()));
    for row in rows {
        // Whoever was erased has no key, and is found by nothing.
        if row.sealed_key.is_empty() {
            continue;
        }
        let (row, particulars) = opened(tx, row)?;
        let digits = &particulars.national_id;
        let words = keys.kept(digits, &particulars.name.whole());
        let digest = keys.national_id(digits).as_bytes().to_vec();
        let kept = diesel::update(person::table.find((municipality, row.id)))
            .filter(person::version.eq(row.version))
            .set(person::national_id_index.eq(digest))
            .execute(tx.conn())?;
        if kept == 0 {
            // Changed or erased meanwhile: the transaction is tried again, and reads what is there now.
            return Err(Problem {
                is_retryable: true,
                ..Problem::new(&CONFLICT)
            });
        }
        let old = person_name::table
            .filter(person_name::municipality_id.eq(municipality))
            .filter(person_name::person_id.eq(row.id));
        diesel::delete(old).execute(tx.conn())?;
        let rows: Vec<_> = name_rows(&row, &words).collect();
        each!(tx.conn(), c => diesel::insert_into(person_name::table).values(rows).execute(c))?;
    }
    Ok(last)
}

/// The person who is kept under this digest beside the national id's own.
pub(super) fn find_by_word(
    tx: &mut Tx<'_>,
    index: &BlindIndex,
) -> Result<Option<PersonRow>, Problem> {
    let municipality = tx.municipality();
    let kept = person_name::table
        .filter(person_name::municipality_id.eq(municipality))
        .filter(person_name::token.eq(index.as_bytes().to_vec()))
        .select(person_name::person_id);
    Ok(person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(person::id.eq_any(kept))
        .select(person::all_columns)
        .first(tx.conn())
        .optional()?)
}

/// Whether somebody's national id is kept by one of these digests: in its own column, or beside it.
pub(super) fn is_known_by(tx: &mut Tx<'_>, digests: &[BlindIndex]) -> Result<bool, Problem> {
    for digest in digests {
        if find_by_national_id(tx, digest)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// People in order of id, after this one.
fn people_after(tx: &mut Tx<'_>, after: PersonId, limit: i64) -> Result<Vec<PersonRow>, Problem> {
    let municipality = tx.municipality();
    Ok(person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(person::id.gt(after))
        .order(person::id)
        .limit(limit)
        .select(person::all_columns)
        .load(tx.conn())?)
}
