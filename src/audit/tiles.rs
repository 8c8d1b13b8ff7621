//! The hashes of the sealed tree, in tiles as c2sp.org/tlog-tiles lays them out: 256 leaf hashes a tile, above them tiles of the roots
//! of 256 full tiles each, and so on. What stands between two levels of tiles is hashed anew when it is needed.
//!
//! Tiles are added and grow at their end; no hash in them changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::canonical::{Hash, node_hash};
use super::merkle::{NodeId, Nodes};
use crate::db::schema::audit_tile;
use crate::db::{Conn, Prepared, load_listed};
use crate::each;
use crate::ids::MunicipalityId;
use crate::problem::Problem;

/// How many heights of the tree a tile spans, and how many hashes it has when it is full.
pub(super) const HEIGHT: u32 = 8;
pub(super) const WIDTH: u64 = 1 << HEIGHT;
/// More levels than the largest tree has.
pub(super) const LEVELS: u32 = u64::BITS / HEIGHT;
/// Tiles that one query asks for: some 500 kB.
const TILES_A_QUERY: usize = 64;
/// The bytes of a hash.
const HASH: u64 = 32;

/// Where a tile stands: the level of tiles from the leaves on, and its place on it.
pub(super) type TileId = (u32, u64);

/// Tiles by where they stand.
pub(super) type Tiles = BTreeMap<TileId, Vec<Hash>>;

/// The tile in which a node's hash can be found or made, how high it stands above the tile's hashes, and its place at that height.
const fn within(id: NodeId) -> (TileId, u32, u64) {
    let height = id.level % HEIGHT;
    let width = HEIGHT - height;
    let tile = (id.level / HEIGHT, id.index >> width);
    (tile, height, id.index & ((1 << width) - 1))
}

/// The tiles whose hashes make up the tree's nodes from `first` on up to `end` leaves, level by level.
pub(super) fn between(part: &Range<u64>) -> Vec<TileId> {
    let mut tiles = Vec::new();
    for level in 0..LEVELS {
        let (first, end) = (part.start >> (level * HEIGHT), part.end >> (level * HEIGHT));
        if first == end {
            break;
        }
        tiles.extend((first / WIDTH..end.div_ceil(WIDTH)).map(|tile| (level, tile)));
    }
    tiles
}

/// How many hashes the tiles of a level have under a tree of this size.
pub(super) const fn expected(level: u32, size: u64) -> u64 {
    size >> (level * HEIGHT)
}

/// Keeps the new nodes of a tree that grew; those that stand within tiles follow from the others.
pub(super) fn append(
    conn: &mut Conn,
    municipality: MunicipalityId,
    created: &[(NodeId, Hash)],
) -> Result<(), Problem> {
    let mut grown: BTreeMap<TileId, Vec<(u64, Hash)>> = BTreeMap::new();
    for (id, hash) in created {
        if let (tile, 0, place) = within(*id) {
            grown.entry(tile).or_default().push((place, *hash));
        }
    }
    let begun: BTreeSet<TileId> = grown
        .iter()
        .filter(|(_, added)| added.first().is_some_and(|(place, _)| *place > 0))
        .map(|(tile, _)| *tile)
        .collect();
    let mut kept = load(conn, municipality, &begun)?;
    for (tile, added) in grown {
        let mut hashes = kept.remove(&tile).unwrap_or_default();
        let is_kept = !hashes.is_empty();
        for (place, hash) in added {
            if u64::try_from(hashes.len()) != Ok(place) {
                return Err(Problem::internal("a tile of the sealed tree is cut"));
            }
            hashes.push(hash);
        }
        keep(conn, municipality, tile, &hashes, is_kept)?;
    }
    Ok(())
}

fn keep(
    conn: &mut Conn,
    municipality: MunicipalityId,
    (level, index): TileId,
    hashes: &[Hash],
    is_kept: bool,
) -> Result<(), Problem> {
    let (level, index) = (level.cast_signed(), index.cast_signed());
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    if is_kept {
        let tile = audit_tile::table.find((municipality, level, index));
        let update = diesel::update(tile).set(audit_tile::hashes.eq(bytes));
        let update = Prepared(update.returning(audit_tile::tile_index));
        let _: Vec<i64> = each!(conn, c => update.load(c))?;
    } else {
        let row = (
            audit_tile::municipality_id.eq(municipality),
            audit_tile::level.eq(level),
            audit_tile::tile_index.eq(index),
            audit_tile::hashes.eq(bytes),
        );
        let insert = diesel::insert_into(audit_tile::table).values(row);
        each!(conn, c => insert.execute(c))?;
    }
    Ok(())
}

/// Those of these tiles that are kept.
pub(super) fn load(
    conn: &mut Conn,
    municipality: MunicipalityId,
    wanted: &BTreeSet<TileId>,
) -> Result<Tiles, Problem> {
    let mut by_level: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for (level, index) in wanted {
        let of_level = by_level.entry(*level).or_default();
        of_level.push(index.cast_signed());
    }
    let mut tiles = Tiles::new();
    for (level, indices) in by_level {
        let query = audit_tile::table
            .filter(audit_tile::municipality_id.eq(municipality))
            .filter(audit_tile::level.eq(level.cast_signed()))
            .filter(audit_tile::tile_index.eq_any(&indices))
            .select((audit_tile::tile_index, audit_tile::hashes));
        let rows: Vec<(i64, Vec<u8>)> = load_listed(query, indices.len(), conn)?;
        for (index, bytes) in rows {
            let (hashes, _) = bytes.as_chunks();
            let hashes = hashes.iter().copied().map(Hash).collect();
            tiles.insert((level, index.cast_unsigned()), hashes);
        }
    }
    Ok(tiles)
}

/// Those of the wanted nodes that are kept, or follow from what is kept.
pub(super) fn nodes(
    conn: &mut Conn,
    municipality: MunicipalityId,
    wanted: impl IntoIterator<Item = NodeId>,
) -> Result<Nodes, Problem> {
    let mut by_tile: BTreeMap<TileId, BTreeSet<NodeId>> = BTreeMap::new();
    for id in wanted {
        by_tile.entry(within(id).0).or_default().insert(id);
    }
    let mut found = Nodes::new();
    let all: Vec<TileId> = by_tile.keys().copied().collect();
    for part in all.chunks(TILES_A_QUERY) {
        let tiles = load(conn, municipality, &part.iter().copied().collect())?;
        for (tile, hashes) in tiles {
            let wanted = by_tile.remove(&tile).unwrap_or_default();
            found.extend(nodes_of(hashes, wanted));
        }
    }
    Ok(found)
}

/// Those of the wanted nodes of a tile that its hashes suffice for.
fn nodes_of(hashes: Vec<Hash>, wanted: BTreeSet<NodeId>) -> Vec<(NodeId, Hash)> {
    let heights = heights(hashes);
    let find = |id: NodeId| {
        let (_, height, place) = within(id);
        let at_height = heights.get(usize::try_from(height).ok()?)?;
        Some((id, *at_height.get(usize::try_from(place).ok()?)?))
    };
    wanted.into_iter().filter_map(find).collect()
}

/// The hashes of a tile, and those of all complete subtrees over them, by height.
fn heights(hashes: Vec<Hash>) -> Vec<Vec<Hash>> {
    let mut heights = vec![hashes];
    while let Some(last) = heights.last()
        && last.len() > 1
    {
        let (pairs, _) = last.as_chunks();
        let above = pairs.iter().map(|[left, right]| node_hash(left, right));
        heights.push(above.collect());
    }
    heights
}

/// How many hashes are kept at each level of tiles that there are any of.
pub(super) fn count(
    conn: &mut Conn,
    municipality: MunicipalityId,
) -> Result<BTreeMap<u32, u64>, Problem> {
    let bytes = sql::<BigInt>("CAST(sum(length(hashes)) AS bigint)");
    let rows: Vec<(i32, i64)> = audit_tile::table
        .filter(audit_tile::municipality_id.eq(municipality))
        .group_by(audit_tile::level)
        .select((audit_tile::level, bytes))
        .load(conn)?;
    let counted = |(level, bytes): (i32, i64)| {
        let hashes = bytes.cast_unsigned() / HASH;
        (level.cast_unsigned(), hashes)
    };
    Ok(rows.into_iter().map(counted).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::merkle::Edge;
    use super::super::merkle::tests::leaves;
    use super::*;

    /// Enough for three levels of tiles: more than 256 full tiles.
    const LEAVES: u64 = 66_100;

    fn stored() -> &'static Nodes {
        static STORED: std::sync::LazyLock<Nodes> = std::sync::LazyLock::new(|| {
            let created = Edge::default().append(&leaves(LEAVES));
            created.into_iter().collect()
        });
        &STORED
    }

    /// The tiles of a tree of this size, as sealing it in one go leaves them.
    fn tiles(size: u64) -> Tiles {
        let mut tiles = Tiles::new();
        for (id, hash) in stored() {
            if let (tile, 0, _) = within(*id)
                && (id.index + 1) << id.level <= size
            {
                tiles.entry(tile).or_default().push(*hash);
            }
        }
        tiles
    }

    #[test]
    fn every_node_of_a_tree_is_found_in_its_tiles_or_follows_from_them() {
        for size in [1, 2, 255, 256, 257, 5_000, 65_535, 65_536, LEAVES] {
            let tiles = tiles(size);
            let mut wanted: BTreeMap<TileId, BTreeSet<NodeId>> = BTreeMap::new();
            let complete = stored()
                .keys()
                .filter(|id| (id.index + 1) << id.level <= size);
            for id in complete {
                wanted.entry(within(*id).0).or_default().insert(*id);
            }
            for (tile, ids) in wanted {
                let found = nodes_of(tiles[&tile].clone(), ids.clone());
                assert_eq!(found.len(), ids.len(), "{tile:?} of {size}");
                assert!(found.iter().all(|(id, hash)| stored()[id] == *hash));
            }
            for (level, count) in [0, 1, 2].map(|level| (level, expected(level, size))) {
                let hashes = tiles.iter().filter(|(tile, _)| tile.0 == level);
                let hashes: usize = hashes.map(|(_, hashes)| hashes.len()).sum();
                assert_eq!(u64::try_from(hashes), Ok(count));
            }
        }
    }

    proptest! {
        #[test]
        fn what_a_part_of_the_log_creates_stands_in_the_tiles_between(
            first in 0..LEAVES, length in 1_u64..3_000,
        ) {
            let part = first..(first + length).min(LEAVES);
            let between: BTreeSet<TileId> = between(&part).into_iter().collect();
            let ends = |id: &NodeId| (id.index + 1) << id.level;
            let created = stored().keys().filter(|id| part.start < ends(id) && ends(id) <= part.end);
            let tiles: BTreeSet<TileId> = created
                .filter(|id| within(**id).1 == 0)
                .map(|id| within(*id).0)
                .collect();
            prop_assert_eq!(between, tiles);
        }

        #[test]
        fn no_node_follows_from_a_tile_that_is_cut(size in 1_u64..600, cut in 0_u64..600) {
            let hashes = leaves(size.min(WIDTH));
            let kept = hashes[..usize::try_from(cut % size.min(WIDTH)).unwrap()].to_vec();
            let all: BTreeSet<NodeId> = stored()
                .keys()
                .filter(|id| id.level < HEIGHT && (id.index + 1) << id.level <= size.min(WIDTH))
                .copied()
                .collect();
            let there: Vec<NodeId> = nodes_of(kept, all.clone()).into_iter().map(|(id, _)| id).collect();
            let end = cut % size.min(WIDTH);
            let expected: Vec<NodeId> =
                all.into_iter().filter(|id| (id.index + 1) << id.level <= end).collect();
            prop_assert_eq!(there, expected);
        }
    }
}
