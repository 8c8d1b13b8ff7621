//! Wraps people's keys anew when another key-encryption key takes over. What they seal is not touched.

use diesel::prelude::*;

use super::seal::{KEY, fault, in_person};
use crate::crypto;
use crate::db::Tx;
use crate::db::schema::person;
use crate::ids::PersonId;
use crate::problem::Problem;

/// Wraps up to `limit` keys anew that an older key-encryption key wraps; tells how many.
///
/// Each call stands for itself: whoever is interrupted goes on where it was. Erased people have no key and are passed over.
pub fn rewrap_keys(tx: &mut Tx<'_>, limit: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let current = format!("{}%", crypto::prefix_of_active(&tx.kit().keys));
    let old: Vec<(PersonId, String)> = person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(person::sealed_key.like("v1.%"))
        .filter(person::sealed_key.not_like(current))
        .order(person::id)
        .limit(limit)
        .select((person::id, person::sealed_key))
        .load(tx.conn())?;
    for (id, wrapped) in &old {
        let place = in_person(tx, *id, KEY);
        let key = crypto::unwrap_key(&tx.kit().keys, place, wrapped).map_err(fault)?;
        let anew = crypto::wrap_key(&tx.kit().keys, place, &key).map_err(fault)?;
        diesel::update(person::table.find((municipality, *id)))
            .filter(person::sealed_key.eq(wrapped))
            .set(person::sealed_key.eq(anew))
            .execute(tx.conn())?;
    }
    Ok(old.len())
}
