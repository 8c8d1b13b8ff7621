//! The log as it was sealed: each leaf with its entry, read along the leaves in one query.

use std::ops::Range;

use diesel::prelude::*;

use super::canonical::{Hash, leaf_hash};
use super::store::stored_hash;
use crate::db::Tx;
use crate::db::schema::{audit_entry, audit_leaf};
use crate::ids::EntryId;
use crate::problem::Problem;

/// A leaf and the entry that it seals.
#[derive(Debug)]
pub(super) struct SealedEntry {
    pub(super) index: u64,
    pub(super) id: EntryId,
    /// What the tree holds.
    pub(super) hash: Hash,
    /// What the entry says of its own hash, and its text; none when it is gone.
    pub(super) entry: Option<(Hash, String)>,
}

type Row = (i64, EntryId, Vec<u8>, Option<String>);

/// The leaves of a part of the log, in order.
pub(super) fn sealed_entries(
    tx: &mut Tx<'_>,
    part: Range<u64>,
) -> Result<Vec<SealedEntry>, Problem> {
    let municipality = tx.municipality();
    let of_entry = audit_entry::municipality_id
        .eq(audit_leaf::municipality_id)
        .and(audit_entry::id.eq(audit_leaf::entry_id));
    let rows: Vec<Row> = audit_leaf::table
        .left_join(audit_entry::table.on(of_entry))
        .filter(audit_leaf::municipality_id.eq(municipality))
        .filter(audit_leaf::leaf_index.ge(part.start.cast_signed()))
        .filter(audit_leaf::leaf_index.lt(part.end.cast_signed()))
        .order(audit_leaf::leaf_index)
        .select((
            audit_leaf::leaf_index,
            audit_leaf::entry_id,
            audit_leaf::hash,
            audit_entry::body.nullable(),
        ))
        .load(tx.conn())?;
    let sealed = |(index, id, hash, entry): Row| {
        let entry = entry.map(|body| (leaf_hash(body.as_bytes()), body));
        Ok(SealedEntry {
            index: index.cast_unsigned(),
            id,
            hash: stored_hash(&hash)?,
            entry,
        })
    };
    rows.into_iter().map(sealed).collect()
}
