//! The table of changes, read: one home's history, and what the reckoning of vacancies needs of many.

use diesel::prelude::*;

use super::change::Change;
use super::model::{Category, DwellingState};
use super::vacancy::Trace;
use crate::clock::Day;
use crate::db::Tx;
use crate::db::schema::{dwelling, dwelling_change};
use crate::ids::DwellingId;
use crate::problem::Problem;

/// Homes of which the changes are read at once.
const BATCH: i64 = 2_000;

/// The changes of a home before a version, the latest first, at most `limit`.
pub(super) fn of_home(
    tx: &mut Tx<'_>,
    home: DwellingId,
    before: i32,
    limit: i64,
) -> Result<Vec<Change>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling_change::table
        .filter(dwelling_change::municipality_id.eq(municipality))
        .filter(dwelling_change::dwelling_id.eq(home))
        .filter(dwelling_change::version.lt(before))
        .order(dwelling_change::version.desc())
        .limit(limit)
        .select(Change::as_select())
        .load(tx.conn())?)
}

/// What moved a home last.
pub(super) fn last_move(tx: &mut Tx<'_>, home: DwellingId) -> Result<Option<Change>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling_change::table
        .filter(dwelling_change::municipality_id.eq(municipality))
        .filter(dwelling_change::dwelling_id.eq(home))
        .filter(dwelling_change::step.is_not_null())
        .order(dwelling_change::version.desc())
        .select(Change::as_select())
        .first(tx.conn())
        .optional()?)
}

/// The ids of homes after `after`, at most `limit`.
pub(super) fn ids_after(
    tx: &mut Tx<'_>,
    after: Option<DwellingId>,
    limit: i64,
) -> Result<Vec<DwellingId>, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::id.gt(after.unwrap_or(DwellingId::NIL)))
        .order(dwelling::id)
        .limit(limit)
        .select(dwelling::id)
        .load(tx.conn())?)
}

type Row = (DwellingId, DwellingState, Day, i64);

/// What these homes' changes say, home by home in the order in which they were made.
pub(super) fn of_homes(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(DwellingId, Trace)>, Problem> {
    let municipality = tx.municipality();
    let rows: Vec<Row> = dwelling_change::table
        .filter(dwelling_change::municipality_id.eq(municipality))
        .filter(dwelling_change::dwelling_id.eq_any(homes.to_vec()))
        .order((dwelling_change::dwelling_id, dwelling_change::version))
        .select((
            dwelling_change::dwelling_id,
            dwelling_change::state,
            dwelling_change::on_day,
            dwelling_change::rent_ore,
        ))
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, state, on, rent_ore)| {
            let trace = Trace {
                state,
                on,
                rent_ore,
            };
            (id, trace)
        })
        .collect())
}

/// Shows each home with its category and traces to `look`, in batches, so that the whole stock is never in memory.
pub(super) fn each_home(
    tx: &mut Tx<'_>,
    look: &mut dyn FnMut(DwellingId, Category, Vec<Trace>),
) -> Result<(), Problem> {
    let municipality = tx.municipality();
    let mut after = DwellingId::NIL;
    loop {
        let homes: Vec<(DwellingId, Category)> = dwelling::table
            .filter(dwelling::municipality_id.eq(municipality))
            .filter(dwelling::id.gt(after))
            .order(dwelling::id)
            .limit(BATCH)
            .select((dwelling::id, dwelling::category))
            .load(tx.conn())?;
        let Some((last, _)) = homes.last() else {
            return Ok(());
        };
        after = *last;
        let ids: Vec<DwellingId> = homes.iter().map(|(id, _)| *id).collect();
        let traces = of_homes(tx, &ids)?;
        let mut rest = traces.as_slice();
        for (id, category) in &homes {
            let mine = rest.iter().take_while(|(home, _)| home == id).count();
            let (own, others) = rest.split_at(mine);
            rest = others;
            let own = own.iter().map(|(_, trace)| *trace).collect();
            look(*id, *category, own);
        }
    }
}
