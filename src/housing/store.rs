//! The table of homes, and the line of history that each change leaves.

use std::collections::BTreeSet;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::change::{Change, Happening};
use super::dwelling::Dwelling;
use super::model::{Category, DwellingState};
use super::rules::Refusal;
use crate::db::schema::{dwelling, dwelling_change};
use crate::db::{Conn, OrRefuse as _, Tx, Unique, load_listed, violates};
use crate::ids::DwellingId;
use crate::problem::Problem;

/// Rows of one statement, where it takes several: at most 65 535 values in all, and a dwelling has 31.
const BATCH: usize = 500;

const ONE_PER_UNIT: Unique = Unique {
    name: "dwelling_one_per_unit",
    columns: "dwelling.municipality_id, dwelling.cadastral_id, dwelling.building_number, dwelling.unit_number, dwelling.extra_reference",
};
const ONE_PER_SUPPLIER_ID: Unique = Unique {
    name: "dwelling_one_per_supplier_id",
    columns: "dwelling.municipality_id, dwelling.supplier_id",
};

/// A home.
pub fn find_dwelling(tx: &mut Tx<'_>, id: DwellingId) -> Result<Option<Dwelling>, Problem> {
    let key = (tx.municipality(), id);
    Ok(dwelling::table
        .find(key)
        .select(Dwelling::as_select())
        .first(tx.conn())
        .optional()?)
}

/// All homes that may be let today, in order of id.
pub fn vacant(tx: &mut Tx<'_>) -> Result<Vec<Dwelling>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::state.eq(DwellingState::Available))
        .order(dwelling::id)
        .select(Dwelling::as_select())
        .load(tx.conn())?)
}

/// How many homes there are in each state and category.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<Vec<(DwellingState, Category, i64)>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .group_by((dwelling::state, dwelling::category))
        .order((dwelling::state, dwelling::category))
        .select((dwelling::state, dwelling::category, count_star()))
        .load(tx.conn())?)
}

/// Adds homes, and the first line of their history.
pub(super) fn insert(tx: &mut Tx<'_>, homes: &[Dwelling]) -> Result<(), Problem> {
    for batch in homes.chunks(BATCH) {
        let row = |home: &Dwelling| {
            (
                dwelling::municipality_id.eq(home.municipality_id),
                dwelling::id.eq(home.id),
                dwelling::version.eq(home.version),
                dwelling::state.eq(home.state),
                dwelling::state_since.eq(home.state_since),
                dwelling::created_at.eq(home.created_at),
                home.description.clone(),
            )
        };
        let mut rows = batch.iter().map(row);
        let changes = batch.iter().map(Change::registered);
        match tx.conn() {
            // One statement, prepared once: preparing one for hundreds of rows takes longer than running it.
            Conn::Sqlite(conn) => {
                let inserted = rows.try_fold(0, |sum, row| {
                    let insert = diesel::insert_into(dwelling::table).values(row);
                    insert.execute(conn).map(|more| sum + more)
                });
                refuse_twins(inserted)?;
                for change in changes {
                    let insert = diesel::insert_into(dwelling_change::table).values(change);
                    insert.execute(conn)?;
                }
            }
            Conn::Pg(conn) => {
                let rows: Vec<_> = rows.collect();
                let insert = diesel::insert_into(dwelling::table).values(rows);
                refuse_twins(insert.execute(conn))?;
                let changes: Vec<Change> = changes.collect();
                let insert = diesel::insert_into(dwelling_change::table).values(changes);
                insert.execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Describes a home anew, if it is still at the version before.
pub(super) fn describe(tx: &mut Tx<'_>, home: &Dwelling) -> Result<usize, Problem> {
    let key = (tx.municipality(), home.id);
    let updated = diesel::update(dwelling::table.find(key))
        .filter(dwelling::version.eq(home.version - 1))
        .set((home.description.clone(), dwelling::version.eq(home.version)))
        .execute(tx.conn());
    let rows = refuse_twins(updated)?;
    let change = Change::described(home, tx.now());
    keep(tx, rows, &change)
}

/// Moves a home to its new state, if it is still at the version before.
pub(super) fn advance(tx: &mut Tx<'_>, home: &Dwelling, by: &Happening) -> Result<usize, Problem> {
    let key = (tx.municipality(), home.id);
    let rows = diesel::update(dwelling::table.find(key))
        .filter(dwelling::version.eq(home.version - 1))
        .set((
            dwelling::state.eq(home.state),
            dwelling::state_since.eq(home.state_since),
            dwelling::demolition_from.eq(home.description.demolition_from),
            dwelling::version.eq(home.version),
        ))
        .execute(tx.conn())?;
    let change = Change::moved(home, by, tx.now());
    keep(tx, rows, &change)
}

/// Keeps a change that was made; one that came too late was none.
fn keep(tx: &mut Tx<'_>, rows: usize, change: &Change) -> Result<usize, Problem> {
    if rows > 0 {
        diesel::insert_into(dwelling_change::table)
            .values(change)
            .execute(tx.conn())?;
    }
    Ok(rows)
}

fn refuse_twins(done: QueryResult<usize>) -> Result<usize, Problem> {
    match done {
        Err(error) if violates(&error, &ONE_PER_SUPPLIER_ID) => {
            Err(Refusal::SupplierIdExists.into())
        }
        other => other.or_refuse(&ONE_PER_UNIT, Refusal::UnitExists),
    }
}

/// What kind of home each of these is.
pub fn categories_of(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(DwellingId, Category)>, Problem> {
    let municipality = tx.municipality();
    let mut categories = Vec::with_capacity(homes.len());
    for chunk in homes.chunks(BATCH) {
        let rows: Vec<(DwellingId, Category)> = dwelling::table
            .filter(dwelling::municipality_id.eq(municipality))
            .filter(dwelling::id.eq_any(chunk.to_vec()))
            .select((dwelling::id, dwelling::category))
            .load(tx.conn())?;
        categories.extend(rows);
    }
    Ok(categories)
}

/// The homes of the stock on these cadastral units, with their kinds; what was disposed of is no longer there.
pub fn in_buildings(
    tx: &mut Tx<'_>,
    units: &BTreeSet<&str>,
) -> Result<Vec<(String, DwellingId, Category)>, Problem> {
    let municipality = tx.municipality();
    let units: Vec<&str> = units.iter().copied().collect();
    let mut homes = Vec::new();
    for chunk in units.chunks(BATCH) {
        let question = dwelling::table
            .filter(dwelling::municipality_id.eq(municipality))
            .filter(dwelling::cadastral_id.eq_any(chunk.to_vec()))
            .filter(dwelling::state.ne(DwellingState::Disposed))
            .select((dwelling::cadastral_id, dwelling::id, dwelling::category));
        let rows: Vec<(String, DwellingId, Category)> =
            load_listed(question, chunk.len(), tx.conn())?;
        homes.extend(rows);
    }
    Ok(homes)
}
