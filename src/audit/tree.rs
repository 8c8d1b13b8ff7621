//! The sealed tree: its checkpoints, and how it grows. Places stand in [`spans`], hashes in [`tiles`].

use std::collections::BTreeMap;
use std::ops::Range;

use diesel::prelude::*;

use super::canonical::Hash;
use super::merkle::{Edge, NodeId};
use super::proof::TreeHead;
pub(super) use super::spans::{Leaf, leaves, places};
use super::store::stored_hash;
pub(super) use super::tiles::nodes;
use super::{spans, tiles};
use crate::clock::Instant;
use crate::db::Conn;
use crate::db::schema::audit_checkpoint;
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// A signed head of the tree, as it was published.
#[derive(Debug, Clone)]
pub(super) struct SealedHead {
    pub(super) head: TreeHead,
    pub(super) note: String,
    pub(super) sealed_at: Instant,
}

/// The last checkpoint; none before the first seal.
pub(super) fn find_latest(
    conn: &mut Conn,
    municipality: MunicipalityId,
) -> Result<Option<SealedHead>, Problem> {
    let row: Option<HeadRow> = audit_checkpoint::table
        .filter(audit_checkpoint::municipality_id.eq(municipality))
        .order(audit_checkpoint::size.desc())
        .select(HEAD_COLUMNS)
        .first(conn)
        .optional()?;
    row.map(sealed_head).transpose()
}

/// The checkpoint of a tree of this size, if one was published.
pub(super) fn find_at_size(
    conn: &mut Conn,
    municipality: MunicipalityId,
    size: u64,
) -> Result<Option<SealedHead>, Problem> {
    let Ok(size) = i64::try_from(size) else {
        return Ok(None);
    };
    let row: Option<HeadRow> = audit_checkpoint::table
        .find((municipality, size))
        .select(HEAD_COLUMNS)
        .first(conn)
        .optional()?;
    row.map(sealed_head).transpose()
}

/// The checkpoints of larger trees than of this size, the smallest first.
pub(super) fn checkpoints_after(
    conn: &mut Conn,
    municipality: MunicipalityId,
    size: u64,
    limit: i64,
) -> Result<Vec<SealedHead>, Problem> {
    let rows: Vec<HeadRow> = audit_checkpoint::table
        .filter(audit_checkpoint::municipality_id.eq(municipality))
        .filter(audit_checkpoint::size.gt(size.cast_signed()))
        .order(audit_checkpoint::size)
        .limit(limit)
        .select(HEAD_COLUMNS)
        .load(conn)?;
    rows.into_iter().map(sealed_head).collect()
}

/// The checkpoints of the log at these sizes, by size.
pub(super) fn checkpoints(
    conn: &mut Conn,
    municipality: MunicipalityId,
    sizes: Range<u64>,
) -> Result<BTreeMap<u64, SealedHead>, Problem> {
    let rows: Vec<HeadRow> = audit_checkpoint::table
        .filter(audit_checkpoint::municipality_id.eq(municipality))
        .filter(audit_checkpoint::size.ge(sizes.start.cast_signed()))
        .filter(audit_checkpoint::size.lt(sizes.end.cast_signed()))
        .select(HEAD_COLUMNS)
        .load(conn)?;
    rows.into_iter()
        .map(|row| sealed_head(row).map(|sealed| (sealed.head.size, sealed)))
        .collect()
}

type HeadRow = (i64, Vec<u8>, String, Instant);

const HEAD_COLUMNS: (
    audit_checkpoint::size,
    audit_checkpoint::root,
    audit_checkpoint::note,
    audit_checkpoint::sealed_at,
) = (
    audit_checkpoint::size,
    audit_checkpoint::root,
    audit_checkpoint::note,
    audit_checkpoint::sealed_at,
);

fn sealed_head((size, root, note, sealed_at): HeadRow) -> Result<SealedHead, Problem> {
    // Sizes and indices are not negative: the columns' constraints say so.
    let (size, root) = (size.cast_unsigned(), stored_hash(&root)?);
    Ok(SealedHead {
        head: TreeHead { size, root },
        note,
        sealed_at,
    })
}

/// Keeps a checkpoint. Fails when there is one of the same size: then somebody else has sealed meanwhile.
pub(super) fn keep_checkpoint(
    conn: &mut Conn,
    municipality: MunicipalityId,
    sealed: &SealedHead,
) -> Result<(), Problem> {
    let row = (
        audit_checkpoint::municipality_id.eq(municipality),
        audit_checkpoint::size.eq(sealed.head.size.cast_signed()),
        audit_checkpoint::root.eq(sealed.head.root.0.to_vec()),
        audit_checkpoint::note.eq(&sealed.note),
        audit_checkpoint::sealed_at.eq(sealed.sealed_at),
    );
    diesel::insert_into(audit_checkpoint::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// An entry on its way to its place in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) id: EntryId,
    pub(super) hash: Hash,
    pub(super) recorded_at: Instant,
}

/// Gives new entries their places, the first at `first`, and keeps the nodes that they created.
pub(super) fn append(
    conn: &mut Conn,
    municipality: MunicipalityId,
    first: u64,
    entries: &[Placed],
    created: &[(NodeId, Hash)],
) -> Result<(), Problem> {
    spans::append(conn, municipality, first, entries)?;
    tiles::append(conn, municipality, created)
}

/// The edge of the tree at a size that the log has reached.
pub(super) fn edge(
    conn: &mut Conn,
    municipality: MunicipalityId,
    size: u64,
) -> Result<Edge, Problem> {
    let nodes = nodes(conn, municipality, Edge::nodes(size))?;
    Edge::load(size, &nodes).map_err(|missing| Problem::internal(missing.to_string()))
}
