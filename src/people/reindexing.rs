//! Makes people findable by other index keys when one takes over from another.
//!
//! By the first key the national id stands in its own column; by the others among the words of the name, so that a person is found by
//! whichever key is first next. Whoever is interrupted begins anew and loses nothing.

use diesel::prelude::*;

use super::acts::{index_key, opened};
use super::store::{name_rows, people_after};
use crate::db::Tx;
use crate::db::schema::{person, person_name};
use crate::each;
use crate::ids::PersonId;
use crate::problem::Problem;

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
        diesel::update(person::table.find((municipality, row.id)))
            .set(person::national_id_index.eq(digest))
            .execute(tx.conn())?;
        let old = person_name::table
            .filter(person_name::municipality_id.eq(municipality))
            .filter(person_name::person_id.eq(row.id));
        diesel::delete(old).execute(tx.conn())?;
        let rows: Vec<_> = name_rows(&row, &words).collect();
        each!(tx.conn(), c => diesel::insert_into(person_name::table).values(rows).execute(c))?;
    }
    Ok(last)
}
