//! Which entry stands at which place of the sealed log: 256 places a row, with the ids and times between which its entries lie.
//!
//! Rows are added and grow; nothing in them changes. An entry's id carries the moment at which it was made, or one a little later, so
//! the ids of a row lie close together and few rows can hold a given one; of times the same is true. Only where a clock was
//! set far ahead or back do rows overlap, and then some more are looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use super::tree::Placed;
use crate::clock::Instant;
use crate::db::schema::audit_span;
use crate::db::{Conn, Prepared};
use crate::each;
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// Places that stand in one row.
pub(super) const SPAN: u64 = 256;
/// Rows of a period that are looked at in one go.
const SPANS_A_QUERY: i64 = 16;
/// The bytes of an id.
const ID: u64 = 16;

/// A sealed entry's place.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) index: u64,
    pub(super) entry: EntryId,
}

/// Some of the log's entries, up to [`SPAN`] that stand side by side.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = audit_span, primary_key(span_index))]
pub(super) struct Span {
    span_index: i64,
    /// Their ids in the order of the log, 16 bytes each.
    entries: Vec<u8>,
    least_id: EntryId,
    greatest_id: EntryId,
    earliest: Instant,
    latest: Instant,
}

const COLUMNS: (
    audit_span::span_index,
    audit_span::entries,
    audit_span::least_id,
    audit_span::greatest_id,
    audit_span::earliest,
    audit_span::latest,
) = (
    audit_span::span_index,
    audit_span::entries,
    audit_span::least_id,
    audit_span::greatest_id,
    audit_span::earliest,
    audit_span::latest,
);

impl Span {
    /// The span that begins with this entry, the first of its row.
    pub(super) fn begin(index: u64, id: EntryId, recorded_at: Instant) -> Self {
        Self {
            span_index: (index / SPAN).cast_signed(),
            entries: id.uuid().as_bytes().to_vec(),
            least_id: id,
            greatest_id: id,
            earliest: recorded_at,
            latest: recorded_at,
        }
    }

    pub(super) fn push(&mut self, id: EntryId, recorded_at: Instant) {
        self.entries.extend_from_slice(id.uuid().as_bytes());
        self.least_id = self.least_id.min(id);
        self.greatest_id = self.greatest_id.max(id);
        self.earliest = self.earliest.min(recorded_at);
        self.latest = self.latest.max(recorded_at);
    }

    /// The place of its first entry.
    pub(super) const fn first(&self) -> u64 {
        // Indices are not negative: the column's constraint says so.
        self.span_index.cast_unsigned() * SPAN
    }

    /// The place behind its last entry.
    pub(super) fn end(&self) -> u64 {
        let bytes = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        self.first() + bytes / ID
    }

    /// Its entries, each at its place.
    pub(super) fn leaves(&self) -> impl Iterator<Item = Leaf> {
        let (ids, _) = self.entries.as_chunks();
        (self.first()..).zip(ids).map(|(index, id)| Leaf {
            index,
            entry: EntryId::from_uuid(Uuid::from_bytes(*id)),
        })
    }
}

/// Gives new entries their places, the first at `first`.
pub(super) fn append(
    conn: &mut Conn,
    municipality: MunicipalityId,
    first: u64,
    entries: &[Placed],
) -> Result<(), Problem> {
    let mut open = match first % SPAN {
        0 => None,
        _ => Some(open_at(conn, municipality, first)?),
    };
    let is_kept = open.is_some();
    let mut grown: Vec<Span> = Vec::new();
    for (index, entry) in (first..).zip(entries) {
        match &mut open {
            Some(span) => span.push(entry.id, entry.recorded_at),
            None => open = Some(Span::begin(index, entry.id, entry.recorded_at)),
        }
        if (index + 1) % SPAN == 0 {
            grown.extend(open.take());
        }
    }
    grown.extend(open);
    let mut grown = grown.iter();
    if is_kept && let Some(span) = grown.next() {
        let kept = audit_span::table.find((municipality, span.span_index));
        let update = diesel::update(kept).set(span);
        let update = Prepared(update.returning(audit_span::span_index));
        let _: Vec<i64> = each!(conn, c => update.load(c))?;
    }
    for span in grown {
        let row = (audit_span::municipality_id.eq(municipality), span);
        let insert = diesel::insert_into(audit_span::table).values(row);
        each!(conn, c => insert.execute(c))?;
    }
    Ok(())
}

/// The row that ends before this place and is not full yet.
fn open_at(conn: &mut Conn, municipality: MunicipalityId, first: u64) -> Result<Span, Problem> {
    let kept = of(conn, municipality, first - 1..first)?.pop();
    kept.filter(|span| span.end() == first)
        .ok_or_else(|| Problem::internal("the last places of the sealed log are gone"))
}

/// The rows that hold a part of the log, in order.
pub(super) fn of(
    conn: &mut Conn,
    municipality: MunicipalityId,
    part: Range<u64>,
) -> Result<Vec<Span>, Problem> {
    let query = audit_span::table
        .filter(audit_span::municipality_id.eq(municipality))
        .filter(audit_span::span_index.ge((part.start / SPAN).cast_signed()))
        .filter(audit_span::span_index.lt(part.end.div_ceil(SPAN).cast_signed()))
        .order(audit_span::span_index)
        .select(COLUMNS);
    Ok(each!(conn, c => query.load(c))?)
}

/// The leaves of a part of the log, in order.
pub(super) fn leaves(
    conn: &mut Conn,
    municipality: MunicipalityId,
    part: Range<u64>,
) -> Result<Vec<Leaf>, Problem> {
    let spans = of(conn, municipality, part.clone())?;
    let leaves = spans.iter().flat_map(Span::leaves);
    Ok(leaves.filter(|leaf| part.contains(&leaf.index)).collect())
}

/// The places of those of these entries that are sealed.
pub(super) fn places(
    conn: &mut Conn,
    municipality: MunicipalityId,
    entries: &[EntryId],
) -> Result<BTreeMap<u64, EntryId>, Problem> {
    let mut wanted: BTreeSet<EntryId> = entries.iter().copied().collect();
    let mut places = BTreeMap::new();
    while let Some(&id) = wanted.first() {
        let mut from = id;
        while wanted.contains(&id)
            && let Some(span) = next_around(conn, municipality, id, from)?
        {
            from = behind(span.greatest_id);
            // Mostly the others that are asked for stand beside it.
            let found = span.leaves().filter(|leaf| wanted.remove(&leaf.entry));
            places.extend(found.map(|leaf| (leaf.index, leaf.entry)));
        }
        wanted.remove(&id);
    }
    Ok(places)
}

/// The next id that there can be.
fn behind(id: EntryId) -> EntryId {
    EntryId::from_uuid(Uuid::from_u128(id.uuid().as_u128().saturating_add(1)))
}

/// Of the rows that can hold an id, the first whose greatest id is `from` or behind it.
fn next_around(
    conn: &mut Conn,
    municipality: MunicipalityId,
    id: EntryId,
    from: EntryId,
) -> Result<Option<Span>, Problem> {
    let query = audit_span::table
        .filter(audit_span::municipality_id.eq(municipality))
        .filter(audit_span::greatest_id.ge(from))
        .filter(audit_span::least_id.le(id))
        .order(audit_span::greatest_id)
        .select(COLUMNS);
    Ok(each!(conn, c => query.first(c)).optional()?)
}

/// The next few parts of the log, from `after` on, that can hold something recorded at or after `from` and before `until`; none when
/// nothing behind `after` can. What stands in between is all recorded at other times. The last may reach beyond the log's end.
pub(super) fn of_period(
    conn: &mut Conn,
    municipality: MunicipalityId,
    from: Option<Instant>,
    until: Option<Instant>,
    after: u64,
) -> Result<Vec<Range<u64>>, Problem> {
    let mut query = audit_span::table
        .filter(audit_span::municipality_id.eq(municipality))
        .filter(audit_span::span_index.ge((after / SPAN).cast_signed()))
        .order(audit_span::span_index)
        .limit(SPANS_A_QUERY)
        .select(audit_span::span_index)
        .into_boxed();
    if let Some(from) = from {
        query = query.filter(audit_span::latest.ge(from));
    }
    if let Some(until) = until {
        query = query.filter(audit_span::earliest.lt(until));
    }
    let spans: Vec<i64> = query.load(conn)?;
    let mut parts: Vec<Range<u64>> = Vec::new();
    for span in spans {
        let first = span.cast_unsigned() * SPAN;
        match parts.last_mut() {
            Some(last) if last.end == first => last.end += SPAN,
            _ => parts.push(first.max(after)..first + SPAN),
        }
    }
    Ok(parts)
}

/// How many entries are sealed.
pub(super) fn count(conn: &mut Conn, municipality: MunicipalityId) -> Result<u64, Problem> {
    let bytes = sql::<BigInt>("CAST(coalesce(sum(length(entries)), 0) AS bigint)");
    let bytes: i64 = audit_span::table
        .filter(audit_span::municipality_id.eq(municipality))
        .select(bytes)
        .get_result(conn)?;
    Ok(bytes.cast_unsigned() / ID)
}

/// The entries that stand at these places, in their order; none for a place that the log does not have.
pub(super) fn entries_at(
    conn: &mut Conn,
    municipality: MunicipalityId,
    places: &[u64],
) -> Result<Vec<EntryId>, Problem> {
    let spans: BTreeSet<i64> = places
        .iter()
        .map(|place| (place / SPAN).cast_signed())
        .collect();
    let spans: Vec<i64> = spans.into_iter().collect();
    let query = audit_span::table
        .filter(audit_span::municipality_id.eq(municipality))
        .filter(audit_span::span_index.eq_any(spans))
        .select(COLUMNS);
    let spans: Vec<Span> = each!(conn, c => query.load(c))?;
    let entries: BTreeMap<u64, EntryId> = spans
        .iter()
        .flat_map(Span::leaves)
        .map(|leaf| (leaf.index, leaf.entry))
        .collect();
    let found = places.iter().filter_map(|place| entries.get(place));
    Ok(found.copied().collect())
}
