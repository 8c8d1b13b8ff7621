//! The table of the stock's rules.

use diesel::prelude::*;

use super::model::StockRules;
use crate::clock::{Day, Instant};
use crate::db::schema::stock_rules;
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::housing::rules::Refusal;
use crate::ids::{MunicipalityId, StockRulesId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "stock_rules_one_open",
    columns: "stock_rules.municipality_id",
};

/// A version of the rules.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stock_rules, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: StockRulesId,
    pub(super) content: Json<StockRules>,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) created_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Row) -> Result<(), Problem> {
    diesel::insert_into(stock_rules::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_OPEN, Refusal::StockRulesAdopted)?;
    Ok(())
}

/// All versions, oldest first; there are few.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Row>, Problem> {
    let municipality = tx.municipality();
    Ok(stock_rules::table
        .filter(stock_rules::municipality_id.eq(municipality))
        .order(stock_rules::valid_from)
        .select(stock_rules::all_columns)
        .load(tx.conn())?)
}

/// The version that holds on a day.
pub(super) fn holding(tx: &mut Tx<'_>, day: Day) -> Result<Option<Row>, Problem> {
    let municipality = tx.municipality();
    Ok(stock_rules::table
        .filter(stock_rules::municipality_id.eq(municipality))
        .filter(stock_rules::valid_from.le(day))
        .filter(
            stock_rules::valid_until
                .is_null()
                .or(stock_rules::valid_until.gt(day)),
        )
        .select(stock_rules::all_columns)
        .first(tx.conn())
        .optional()?)
}

/// Ends a version on a day.
pub(super) fn close(tx: &mut Tx<'_>, id: StockRulesId, until: Day) -> Result<(), Problem> {
    let key = (tx.municipality(), id);
    diesel::update(stock_rules::table.find(key))
        .filter(stock_rules::valid_until.is_null())
        .set(stock_rules::valid_until.eq(until))
        .execute(tx.conn())?;
    Ok(())
}
