//! The rule sets of a municipality, as dated and numbered versions.

use diesel::prelude::*;

use super::RuleSet;
use crate::clock::{Day, Instant};
use crate::codes;
use crate::db::Tx;
use crate::db::schema::rule_set;
use crate::db::types::Json;
use crate::ids::{MunicipalityId, RuleSetId, UserId};
use crate::problem::Problem;

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = rule_set, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: RuleSetId,
    pub(super) number: i32,
    pub(super) name: String,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) content: Json<RuleSet>,
    pub(super) sha256: Vec<u8>,
    pub(super) created_at: Instant,
    pub(super) state: RuleSetState,
    pub(super) proposed_by: Option<UserId>,
    pub(super) decided_by: Option<UserId>,
    pub(super) decided_at: Option<Instant>,
    pub(super) version: i32,
}

codes! {
    /// Where a version of the rules stands.
    pub enum RuleSetState {
        /// Proposed, waiting for somebody else to approve.
        Proposed = "PROPOSED",
        /// Approved: in force from its day on.
        Approved = "APPROVED",
        /// Turned down, or taken back.
        Rejected = "REJECTED",
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Row) -> Result<(), Problem> {
    diesel::insert_into(rule_set::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Ends the versions that are open on this day.
pub(super) fn close_open(tx: &mut Tx<'_>, until: Day) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    Ok(diesel::update(rule_set::table)
        .filter(rule_set::municipality_id.eq(municipality))
        .filter(rule_set::state.eq(RuleSetState::Approved))
        .filter(rule_set::valid_until.is_null())
        .filter(rule_set::valid_from.lt(until))
        .set(rule_set::valid_until.eq(until))
        .execute(tx.conn())?)
}

pub(super) fn find(tx: &mut Tx<'_>, id: RuleSetId) -> Result<Option<Row>, Problem> {
    let key = (tx.municipality(), id);
    let found = rule_set::table
        .find(key)
        .select(rule_set::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The version with the highest number of those in force on this day.
pub(super) fn find_in_force(tx: &mut Tx<'_>, day: Day) -> Result<Option<Row>, Problem> {
    let municipality = tx.municipality();
    let found = rule_set::table
        .filter(rule_set::municipality_id.eq(municipality))
        .filter(rule_set::state.eq(RuleSetState::Approved))
        .filter(rule_set::valid_from.le(day))
        .filter(
            rule_set::valid_until
                .is_null()
                .or(rule_set::valid_until.gt(day)),
        )
        .order(rule_set::number.desc())
        .select(rule_set::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The highest number so far.
pub(super) fn last_number(tx: &mut Tx<'_>) -> Result<i32, Problem> {
    let municipality = tx.municipality();
    let last: Option<i32> = rule_set::table
        .filter(rule_set::municipality_id.eq(municipality))
        .select(diesel::dsl::max(rule_set::number))
        .first(tx.conn())?;
    Ok(last.unwrap_or(0))
}

pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<RuleSetId>,
    limit: i64,
) -> Result<Vec<Row>, Problem> {
    let municipality = tx.municipality();
    Ok(rule_set::table
        .filter(rule_set::municipality_id.eq(municipality))
        .filter(rule_set::id.gt(after.unwrap_or(RuleSetId::NIL)))
        .order(rule_set::id)
        .limit(limit)
        .select(rule_set::all_columns)
        .load(tx.conn())?)
}

/// Approves or rejects a proposal, if it is still as it was read.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    of: &Row,
    state: RuleSetState,
    by: UserId,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(rule_set::table.find(key))
        .filter(rule_set::version.eq(of.version))
        .filter(rule_set::state.eq(RuleSetState::Proposed))
        .set((
            rule_set::state.eq(state),
            rule_set::decided_by.eq(by),
            rule_set::decided_at.eq(now),
            rule_set::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
