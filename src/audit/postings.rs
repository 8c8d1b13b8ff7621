//! The index by which the log is asked: for each key the places of the entries that have it, in blocks of ascending places.
//!
//! It is filed by the sealer, in the order of the log, and proves nothing: it follows from the entries, and the check of the whole
//! database holds it to them. A full block is named after its last place; the last block of a list is open and grows.

use std::collections::BTreeMap;
use std::ops::Range;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary};

use super::joined::{Block, Lists};
use super::keys::Key;
use super::spans;
use crate::clock::Instant;
use crate::db::schema::audit_posting;
use crate::db::types::UuidSql;
use crate::db::{Conn, Prepared};
use crate::each;
use crate::ids::MunicipalityId;
use crate::problem::Problem;

/// Places of a full block. A block is written anew with each place that it gets, so it is kept small: `SQLite` keeps rows of this size
/// within their page, and `PostgreSQL` leaves little behind of the one before.
const PLACES_A_BLOCK: usize = 64;
/// Stands in the place of an open block's last place.
const OPEN: i64 = i64::MAX;

/// The places that keys get, ascending.
pub(super) type Filing = BTreeMap<Key, Vec<u64>>;

/// A block as it is kept.
#[derive(Debug, Clone, Queryable, QueryableByName)]
struct Row {
    #[diesel(sql_type = UuidSql)]
    key: Key,
    #[diesel(sql_type = BigInt)]
    upto: i64,
    #[diesel(sql_type = Binary)]
    leaves: Vec<u8>,
}

/// A block that is begun.
#[derive(Insertable)]
#[diesel(table_name = audit_posting, treat_none_as_default_value = false)]
struct New<'r> {
    municipality_id: MunicipalityId,
    key: Key,
    upto: i64,
    leaves: &'r [u8],
}

impl<'r> New<'r> {
    fn of(municipality_id: MunicipalityId, row: &'r Row) -> Self {
        Self {
            municipality_id,
            key: row.key,
            upto: row.upto,
            leaves: &row.leaves,
        }
    }
}

type Columns = (
    audit_posting::key,
    audit_posting::upto,
    audit_posting::leaves,
);
const COLUMNS: Columns = (
    audit_posting::key,
    audit_posting::upto,
    audit_posting::leaves,
);

impl Row {
    fn push(&mut self, leaf: u64) {
        self.leaves.extend_from_slice(&leaf.to_be_bytes());
        if self.leaves.len() == PLACES_A_BLOCK * size_of::<u64>() {
            self.upto = leaf.cast_signed();
        }
    }

    fn places(&self) -> Vec<u64> {
        let (places, _) = self.leaves.as_chunks();
        places.iter().map(|it| u64::from_be_bytes(*it)).collect()
    }
}

/// What filing writes: open blocks that grow, and blocks that are begun.
#[derive(Debug, Default)]
pub(super) struct Growth {
    grown: Vec<Row>,
    begun: Vec<Row>,
}

/// Thinks out how new places are filed, all behind those that are filed already.
pub(super) fn plan(
    conn: &mut Conn,
    municipality: MunicipalityId,
    filing: &Filing,
) -> Result<Growth, Problem> {
    let mut open = open_blocks(conn, municipality, filing)?;
    let mut growth = Growth::default();
    for (key, leaves) in filing {
        let mut leaves = leaves.iter();
        if let Some(mut row) = open.remove(key) {
            while row.upto == OPEN
                && let Some(leaf) = leaves.next()
            {
                row.push(*leaf);
            }
            growth.grown.push(row);
        }
        for block in leaves.as_slice().chunks(PLACES_A_BLOCK) {
            let mut row = Row {
                key: *key,
                upto: OPEN,
                leaves: Vec::new(),
            };
            for leaf in block {
                row.push(*leaf);
            }
            growth.begun.push(row);
        }
    }
    Ok(growth)
}

/// Files as it was thought out. What stands in the index is never written over: the database itself lets a block only grow.
pub(super) fn file(
    conn: &mut Conn,
    municipality: MunicipalityId,
    growth: &Growth,
) -> Result<(), Problem> {
    let one_by_one = matches!(conn, Conn::Sqlite(_));
    let is_single = |row: &&Row| one_by_one || row.upto != OPEN;
    let (single, open): (Vec<&Row>, Vec<&Row>) = growth.grown.iter().partition(is_single);
    for row in single {
        grow(conn, municipality, row)?;
    }
    match conn {
        Conn::Pg(conn) => {
            let rows: Vec<&Row> = open.into_iter().chain(&growth.begun).collect();
            keep_together(conn, municipality, &rows)
        }
        Conn::Sqlite(conn) => {
            for row in &growth.begun {
                let new = New::of(municipality, row);
                let insert = diesel::insert_into(audit_posting::table).values(&new);
                insert.execute(conn)?;
            }
            Ok(())
        }
    }
}

/// The open blocks of these keys.
fn open_blocks(
    conn: &mut Conn,
    municipality: MunicipalityId,
    filing: &Filing,
) -> Result<BTreeMap<Key, Row>, Problem> {
    let rows: Vec<Row> = match conn {
        Conn::Pg(conn) => {
            // The way to each block is down the primary key, also where the server knows nothing yet of a table that grew a moment ago.
            let keys: Vec<Key> = filing.keys().copied().collect();
            let statement = "SELECT n.key, p.upto, p.leaves FROM unnest($2) n (key) CROSS JOIN LATERAL \
                 (SELECT upto, leaves FROM audit_posting \
                 WHERE municipality_id = $1 AND key = n.key AND upto = $3 OFFSET 0) p";
            diesel::sql_query(statement)
                .bind::<UuidSql, _>(municipality)
                .bind::<Array<UuidSql>, _>(keys)
                .bind::<BigInt, _>(OPEN)
                .load(conn)?
        }
        // One statement that is prepared already, where there is no way to go.
        Conn::Sqlite(conn) => {
            let one = |key: &Key| {
                let one = audit_posting::table.find((municipality, *key, OPEN));
                one.select(COLUMNS).first(conn).optional().transpose()
            };
            filing.keys().filter_map(one).collect::<Result<_, _>>()?
        }
    };
    Ok(rows.into_iter().map(|row| (row.key, row)).collect())
}

/// Writes an open block anew, under its last place once it is full.
fn grow(conn: &mut Conn, municipality: MunicipalityId, row: &Row) -> Result<(), Problem> {
    let kept = audit_posting::table.find((municipality, row.key, OPEN));
    let set = (
        audit_posting::upto.eq(row.upto),
        audit_posting::leaves.eq(&row.leaves),
    );
    let update = diesel::update(kept).set(set);
    let update = Prepared(update.returning(audit_posting::upto));
    let met: Vec<i64> = each!(conn, c => update.load(c))?;
    if met.is_empty() {
        return Err(Problem::internal("a block of the index is gone"));
    }
    Ok(())
}

/// Keeps blocks that stay open and blocks that are begun: their columns travel as lists. Where a block is met by its primary key it grows,
/// whatever the server knows of the table.
fn keep_together(
    conn: &mut PgConnection,
    municipality: MunicipalityId,
    rows: &[&Row],
) -> Result<(), Problem> {
    let keys: Vec<Key> = rows.iter().map(|row| row.key).collect();
    let upto: Vec<i64> = rows.iter().map(|row| row.upto).collect();
    let leaves: Vec<&[u8]> = rows.iter().map(|row| row.leaves.as_slice()).collect();
    let statement = "INSERT INTO audit_posting (municipality_id, key, upto, leaves) \
         SELECT $1, n.* FROM unnest($2, $3, $4) n \
         ON CONFLICT (municipality_id, key, upto) DO UPDATE SET leaves = excluded.leaves";
    diesel::sql_query(statement)
        .bind::<UuidSql, _>(municipality)
        .bind::<Array<UuidSql>, _>(keys)
        .bind::<Array<BigInt>, _>(upto)
        .bind::<Array<Binary>, _>(leaves)
        .execute(conn)?;
    Ok(())
}

/// The lists of one log, and where a period stands in it.
pub(super) struct Filed<'c> {
    pub(super) conn: &'c mut Conn,
    pub(super) municipality: MunicipalityId,
    pub(super) from: Option<Instant>,
    pub(super) until: Option<Instant>,
}

impl Lists for Filed<'_> {
    fn block(&mut self, key: Key, from: u64) -> Result<Option<Block>, Problem> {
        let query = audit_posting::table
            .filter(audit_posting::municipality_id.eq(self.municipality))
            .filter(audit_posting::key.eq(key))
            .filter(audit_posting::upto.ge(from.cast_signed()))
            .order(audit_posting::upto)
            .select(COLUMNS);
        let row: Option<Row> = each!(&mut *self.conn, c => query.first(c)).optional()?;
        Ok(row.map(|row| Block {
            leaves: row.places(),
            is_last: row.upto == OPEN,
        }))
    }

    fn parts(&mut self, from: u64) -> Result<Vec<Range<u64>>, Problem> {
        spans::of_period(self.conn, self.municipality, self.from, self.until, from)
    }
}

/// Deletes all of a log's lists, so that they can be made anew.
pub(super) fn delete_all(conn: &mut Conn, municipality: MunicipalityId) -> QueryResult<()> {
    let all = audit_posting::table.filter(audit_posting::municipality_id.eq(municipality));
    diesel::delete(all).execute(conn)?;
    Ok(())
}

/// A block of the index, as the check reads it.
#[derive(Debug, Queryable)]
pub(super) struct Kept {
    pub(super) key: Key,
    /// Its place among the blocks of its key.
    pub(super) upto: i64,
    leaves: Vec<u8>,
}

impl Kept {
    /// The places that stand in it.
    pub(super) fn places(&self) -> impl Iterator<Item = u64> {
        let (places, _) = self.leaves.as_chunks();
        places.iter().map(|it| u64::from_be_bytes(*it))
    }
}

/// The blocks of the index behind this one, in its order, at most `limit`.
pub(super) fn blocks_after(
    conn: &mut Conn,
    municipality: MunicipalityId,
    (key, upto): (Key, i64),
    limit: i64,
) -> Result<Vec<Kept>, Problem> {
    let query = audit_posting::table
        .filter(audit_posting::municipality_id.eq(municipality))
        .filter(audit_posting::key.ge(key))
        .filter(audit_posting::key.gt(key).or(audit_posting::upto.gt(upto)))
        .order((audit_posting::key, audit_posting::upto))
        .limit(limit)
        .select(COLUMNS);
    Ok(each!(conn, c => query.load(c))?)
}
