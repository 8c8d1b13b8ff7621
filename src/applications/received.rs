//! What reports ask of cases: those that were received in a period.

use diesel::prelude::*;

use super::store::Application;
use crate::clock::Day;
use crate::db::Tx;
use crate::db::schema::application;
use crate::problem::Problem;

/// Every case that was received in a period, whose last day is not in it.
pub fn received_between(
    tx: &mut Tx<'_>,
    from: Day,
    until: Day,
) -> Result<Vec<Application>, Problem> {
    let municipality = tx.municipality();
    Ok(application::table
        .filter(application::municipality_id.eq(municipality))
        .filter(application::received_on.ge(from))
        .filter(application::received_on.lt(until))
        .order(application::id)
        .select(application::all_columns)
        .load(tx.conn())?)
}
