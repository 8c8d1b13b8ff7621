//! The log as it was sealed: a part of it with its entries, hashes and checkpoints, read in few queries.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use diesel::prelude::*;

use super::canonical::Hash;
use super::spans::{self, Leaf, SPAN, Span};
use super::store::IDS_A_QUERY;
use super::tiles::{self, Tiles, WIDTH};
use super::tree::{self, SealedHead};
use crate::db::Tx;
use crate::db::schema::audit_entry;
use crate::each;
use crate::ids::EntryId;
use crate::problem::Problem;

/// Leaves of a part at most: whole spans and tiles, and some megabytes with their entries.
const PART: u64 = 16 * SPAN;

/// A part of the sealed log, as it is kept.
pub(super) struct Part {
    pub(super) first: u64,
    pub(super) leaves: Vec<Leaf>,
    /// The entries of the leaves, in their order; none for one that is gone.
    pub(super) texts: Vec<Option<String>>,
    pub(super) spans: Vec<Span>,
    pub(super) tiles: Tiles,
    /// The checkpoints of the sizes that the log reached in this part.
    pub(super) checkpoints: BTreeMap<u64, SealedHead>,
}

impl Part {
    /// Where the next part begins, if this one is whole.
    pub(super) fn end(&self) -> u64 {
        let count = u64::try_from(self.leaves.len()).unwrap_or(PART);
        self.first.saturating_add(count)
    }

    /// The hashes that stand in a tile of a level from a place on.
    pub(super) fn hashes(&self, level: u32, place: u64) -> &[Hash] {
        let tile = self.tiles.get(&(level, place / WIDTH));
        let behind = usize::try_from(place % WIDTH).unwrap_or(usize::MAX);
        tile.and_then(|tile| tile.get(behind..)).unwrap_or_default()
    }
}

/// Where a part that begins here ends at the latest.
pub(super) const fn part_end(first: u64) -> u64 {
    (first / PART + 1).saturating_mul(PART)
}

/// Reads the log from `first` on, the begin of a span, to the end of a part.
pub(super) fn part_from(tx: &mut Tx<'_>, first: u64) -> Result<Part, Problem> {
    let municipality = tx.municipality();
    let range = first..part_end(first);
    let spans = spans::of(tx.conn(), municipality, range)?;
    let leaves: Vec<Leaf> = spans.iter().flat_map(Span::leaves).collect();
    let texts = texts(tx, &leaves)?;
    let mut part = Part {
        first,
        leaves,
        texts,
        spans,
        tiles: Tiles::new(),
        checkpoints: BTreeMap::new(),
    };
    let end = part.end();
    let wanted = tiles::between(&(first..end)).into_iter().collect();
    part.tiles = tiles::load(tx.conn(), municipality, &wanted)?;
    part.checkpoints = tree::checkpoints(tx.conn(), municipality, first + 1..end + 1)?;
    Ok(part)
}

/// An entry's text under its id, until it is taken.
type Text = (EntryId, Option<String>);

/// The texts of the entries of these leaves, in their order.
fn texts(tx: &mut Tx<'_>, leaves: &[Leaf]) -> Result<Vec<Option<String>>, Problem> {
    let ids = || leaves.iter().map(|leaf| leaf.entry);
    let (Some(least), Some(greatest)) = (ids().min(), ids().max()) else {
        return Ok(Vec::new());
    };
    // Those of a part stand side by side in the table, with few others between them …
    let mut found = side_by_side(tx, least..=greatest, leaves.len())?;
    // … unless a clock was set far back or ahead: then the rest is asked for by name.
    let mut near = Nearby::default();
    let missing: Vec<EntryId> = ids()
        .filter(|id| near.find(&found, *id).is_none())
        .collect();
    if !missing.is_empty() {
        found.extend(by_name(tx, &missing)?);
        found.sort_unstable_by_key(|(id, _)| *id);
    }
    let take = |id| {
        let place = near.find(&found, id)?;
        found.get_mut(place)?.1.take()
    };
    Ok(ids().map(take).collect())
}

/// Finds one entry after the other among those read, in the order of their ids. Mostly each stands behind the last.
#[derive(Default)]
struct Nearby {
    next: usize,
}

impl Nearby {
    fn find(&mut self, found: &[Text], wanted: EntryId) -> Option<usize> {
        let is_next = found.get(self.next).is_some_and(|(id, _)| *id == wanted);
        let place = if is_next {
            self.next
        } else {
            found.binary_search_by_key(&wanted, |(id, _)| *id).ok()?
        };
        self.next = place + 1;
        Some(place)
    }
}

fn side_by_side(
    tx: &mut Tx<'_>,
    ids: RangeInclusive<EntryId>,
    count: usize,
) -> Result<Vec<Text>, Problem> {
    let limit = i64::try_from(count + count / 8).unwrap_or(i64::MAX);
    let query = audit_entry::table
        .filter(audit_entry::municipality_id.eq(tx.municipality()))
        .filter(audit_entry::id.ge(*ids.start()))
        .filter(audit_entry::id.le(*ids.end()))
        .order(audit_entry::id)
        .limit(limit)
        .select((audit_entry::id, audit_entry::body.nullable()));
    Ok(each!(tx.conn(), c => query.load(c))?)
}

fn by_name(tx: &mut Tx<'_>, ids: &[EntryId]) -> Result<Vec<Text>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(IDS_A_QUERY) {
        let query = audit_entry::table
            .filter(audit_entry::municipality_id.eq(tx.municipality()))
            .filter(audit_entry::id.eq_any(part))
            .select((audit_entry::id, audit_entry::body.nullable()));
        found.extend(query.load::<Text>(tx.conn())?);
    }
    Ok(found)
}
