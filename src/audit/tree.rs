//! The tables of the sealed tree: leaves, complete subtrees and checkpoints. Rows are added, never changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use diesel::prelude::*;

use super::canonical::Hash;
use super::merkle::{Edge, NodeId, Nodes};
use super::proof::TreeHead;
use super::spans;
pub(super) use super::spans::{Leaf, count as count_leaves, leaves, places};
use super::store::{IDS_A_QUERY, stored_hash};
use crate::clock::Instant;
use crate::db::Conn;
use crate::db::schema::{audit_checkpoint, audit_leaf, audit_node};
use crate::each;
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

/// Keeps new leaves, the first at `first`, and the subtrees that they completed.
pub(super) fn append(
    conn: &mut Conn,
    municipality: MunicipalityId,
    first: u64,
    entries: &[Placed],
    created: &[(NodeId, Hash)],
) -> Result<(), Problem> {
    spans::append(conn, municipality, first, entries)?;
    let leaves: Vec<_> = (first..)
        .zip(entries)
        .map(|(index, entry)| {
            (
                audit_leaf::municipality_id.eq(municipality),
                audit_leaf::leaf_index.eq(index.cast_signed()),
                audit_leaf::entry_id.eq(entry.id),
                audit_leaf::hash.eq(entry.hash.0.to_vec()),
            )
        })
        .collect();
    each!(conn, c => diesel::insert_into(audit_leaf::table).values(&leaves).execute(c))?;
    let nodes: Vec<_> = created
        .iter()
        .filter(|(id, _)| id.level > 0)
        .map(|(id, hash)| {
            (
                audit_node::municipality_id.eq(municipality),
                audit_node::level.eq(id.level.cast_signed()),
                audit_node::node_index.eq(id.index.cast_signed()),
                audit_node::hash.eq(hash.0.to_vec()),
            )
        })
        .collect();
    each!(conn, c => diesel::insert_into(audit_node::table).values(&nodes).execute(c))?;
    Ok(())
}

/// How many subtrees of at least this height are kept.
pub(super) fn count_nodes(
    conn: &mut Conn,
    municipality: MunicipalityId,
    level: u32,
) -> Result<u64, Problem> {
    let count: i64 = audit_node::table
        .filter(audit_node::municipality_id.eq(municipality))
        .filter(audit_node::level.ge(level.cast_signed()))
        .count()
        .get_result(conn)?;
    Ok(count.cast_unsigned())
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

/// Those of the wanted nodes that are kept.
pub(super) fn nodes(
    conn: &mut Conn,
    municipality: MunicipalityId,
    wanted: impl IntoIterator<Item = NodeId>,
) -> Result<Nodes, Problem> {
    let wanted: Vec<NodeId> = BTreeSet::from_iter(wanted).into_iter().collect();
    let mut found = Nodes::new();
    for part in wanted.chunks(IDS_A_QUERY) {
        let mut by_level: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
        for id in part {
            let level = by_level.entry(id.level.cast_signed()).or_default();
            level.push(id.index.cast_signed());
        }
        if let Some(leaves) = by_level.remove(&0) {
            found.extend(leaf_nodes(conn, municipality, leaves)?);
        }
        found.extend(inner_nodes(conn, municipality, by_level)?);
    }
    Ok(found)
}

fn leaf_nodes(
    conn: &mut Conn,
    municipality: MunicipalityId,
    indices: Vec<i64>,
) -> Result<Vec<(NodeId, Hash)>, Problem> {
    let rows: Vec<(i64, Vec<u8>)> = audit_leaf::table
        .filter(audit_leaf::municipality_id.eq(municipality))
        .filter(audit_leaf::leaf_index.eq_any(indices))
        .select((audit_leaf::leaf_index, audit_leaf::hash))
        .load(conn)?;
    rows.into_iter()
        .map(|(index, hash)| node(0, index, &hash))
        .collect()
}

/// One query for all levels: a proof needs a node or two of each.
fn inner_nodes(
    conn: &mut Conn,
    municipality: MunicipalityId,
    by_level: BTreeMap<i32, Vec<i64>>,
) -> Result<Vec<(NodeId, Hash)>, Problem> {
    if by_level.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = audit_node::table
        .select((audit_node::level, audit_node::node_index, audit_node::hash))
        .into_boxed();
    for (level, indices) in by_level {
        // The municipality stands in each alternative, so that each is a look-up by the primary key.
        let of_level = audit_node::municipality_id
            .eq(municipality)
            .and(audit_node::level.eq(level));
        query = match run_of(&indices) {
            Some((first, last)) => {
                query.or_filter(of_level.and(audit_node::node_index.between(first, last)))
            }
            None => query.or_filter(of_level.and(audit_node::node_index.eq_any(indices))),
        };
    }
    let rows: Vec<(i32, i64, Vec<u8>)> = query.load(conn)?;
    rows.into_iter()
        .map(|(level, index, hash)| node(level, index, &hash))
        .collect()
}

/// The ends of indices that stand side by side, as those of a piece of the log do: naming them one by one would cost more than
/// reading them.
fn run_of(indices: &[i64]) -> Option<(i64, i64)> {
    let (first, last) = (*indices.first()?, *indices.last()?);
    let length = usize::try_from(last - first).ok()?.checked_add(1)?;
    (length == indices.len()).then_some((first, last))
}

fn node(level: i32, index: i64, hash: &[u8]) -> Result<(NodeId, Hash), Problem> {
    let id = NodeId {
        level: level.cast_unsigned(),
        index: index.cast_unsigned(),
    };
    Ok((id, stored_hash(hash)?))
}
