//! Referrals when another key takes over: their keys are wrapped anew, and the people in them found by the index key that is first.

use diesel::prelude::*;

use super::content;
use super::store::{self, Referral};
use crate::crypto;
use crate::db::Tx;
use crate::db::schema::referral;
use crate::ids::ReferralId;
use crate::problem::Problem;

/// Wraps up to `limit` keys anew that an older key-encryption key wraps; tells how many.
pub fn rewrap_referrals(tx: &mut Tx<'_>, limit: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let current = format!("{}%", crypto::prefix_of_active(&tx.kit().keys));
    let old: Vec<(ReferralId, String)> = referral::table
        .filter(referral::municipality_id.eq(municipality))
        .filter(referral::sealed_key.like("v1.%"))
        .filter(referral::sealed_key.not_like(current))
        .order(referral::id)
        .limit(limit)
        .select((referral::id, referral::sealed_key))
        .load(tx.conn())?;
    for (id, wrapped) in &old {
        let anew = content::rewrapped(tx, *id, wrapped)?;
        diesel::update(referral::table.find((municipality, *id)))
            .filter(referral::sealed_key.eq(wrapped))
            .set(referral::sealed_key.eq(anew))
            .execute(tx.conn())?;
    }
    Ok(old.len())
}

/// Makes up to `limit` referrals after this one findable by the index key that is first; tells the last of them and how many there were.
pub fn reindex_referrals(
    tx: &mut Tx<'_>,
    after: ReferralId,
    limit: i64,
) -> Result<Option<(ReferralId, usize)>, Problem> {
    let municipality = tx.municipality();
    let rows = store::page(tx, None, Some(after), limit)?;
    for row in &rows {
        let digest = digest_of(tx, row)?;
        diesel::update(referral::table.find((municipality, row.id)))
            .set(referral::person_index.eq(digest))
            .execute(tx.conn())?;
    }
    Ok(rows.last().map(|row| (row.id, rows.len())))
}

fn digest_of(tx: &Tx<'_>, row: &Referral) -> Result<Vec<u8>, Problem> {
    let sealed = content::Sealed {
        key: row.sealed_key.clone(),
        content: row.sealed.clone(),
    };
    let said = content::open(tx, row.id, &sealed)?;
    let digest = content::person_index(tx, &said.person.national_id);
    Ok(digest.as_bytes().to_vec())
}
