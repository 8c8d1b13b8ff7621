//! The homes that the rows of a file may be, found many at a time, and the whole stock in batches.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::dwelling;
use crate::housing::Dwelling;
use crate::ids::DwellingId;
use crate::problem::Problem;

/// Homes of which the stock is read at once.
const BATCH: i64 = 1_000;

/// The homes that bear these supplier ids.
pub(super) fn by_supplier_ids(
    tx: &mut Tx<'_>,
    ids: Vec<String>,
) -> Result<BTreeMap<String, Dwelling>, Problem> {
    let municipality = tx.municipality();
    let homes: Vec<Dwelling> = dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::supplier_id.eq_any(ids))
        .select(Dwelling::as_select())
        .load(tx.conn())?;
    let named = |home: Dwelling| Some((home.description.supplier_id.clone()?, home));
    Ok(homes.into_iter().filter_map(named).collect())
}

/// The homes in these units of the cadastre.
pub(super) fn in_units(tx: &mut Tx<'_>, units: Vec<String>) -> Result<Vec<Dwelling>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::cadastral_id.eq_any(units))
        .select(Dwelling::as_select())
        .load(tx.conn())?)
}

/// The next homes of the whole stock; none at its end.
pub(super) fn next_homes(tx: &mut Tx<'_>, after: DwellingId) -> Result<Vec<Dwelling>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::id.gt(after))
        .order(dwelling::id)
        .limit(BATCH)
        .select(Dwelling::as_select())
        .load(tx.conn())?)
}
