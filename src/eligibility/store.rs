//! The tables of circumstances and of exceptions that were assessed.

use diesel::prelude::*;

use super::model::ExceptionConclusion;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{circumstance, exception_assessment};
use crate::each;
use crate::ids::{ApplicationId, CriterionExceptionId, MunicipalityId, RuleSetId, UserId};
use crate::problem::Problem;

/// What is known of a household in a case, sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = circumstance, treat_none_as_default_value = false)]
pub(super) struct CircumstanceRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) version: i32,
    pub(super) sealed: String,
    pub(super) recorded_by: Option<UserId>,
    pub(super) recorded_at: Instant,
}

/// An exception that was assessed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = exception_assessment, treat_none_as_default_value = false)]
pub(super) struct ExceptionRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: CriterionExceptionId,
    pub(super) application_id: ApplicationId,
    pub(super) criterion: String,
    pub(super) rule_set_id: RuleSetId,
    pub(super) conclusion: ExceptionConclusion,
    pub(super) sealed_why: String,
    pub(super) assessed_by: UserId,
    pub(super) assessed_at: Instant,
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Option<CircumstanceRow>, Problem> {
    let key = (tx.municipality(), case);
    let found = circumstance::table
        .find(key)
        .select(circumstance::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Keeps what is known: anew, or in the place of what was read at the version before.
pub(super) fn keep(tx: &mut Tx<'_>, row: &CircumstanceRow) -> Result<usize, Problem> {
    if row.version == 1 {
        let insert = diesel::insert_into(circumstance::table).values(row);
        return Ok(each!(tx.conn(), c => insert.execute(c))?);
    }
    let key = (tx.municipality(), row.application_id);
    Ok(diesel::update(circumstance::table.find(key))
        .filter(circumstance::version.eq(row.version - 1))
        .set((
            circumstance::version.eq(row.version),
            circumstance::sealed.eq(row.sealed.clone()),
            circumstance::recorded_by.eq(row.recorded_by),
            circumstance::recorded_at.eq(row.recorded_at),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_exception(tx: &mut Tx<'_>, row: &ExceptionRow) -> Result<(), Problem> {
    diesel::insert_into(exception_assessment::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The exceptions that were assessed in a case, oldest first.
pub(super) fn exceptions(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Vec<ExceptionRow>, Problem> {
    let municipality = tx.municipality();
    Ok(exception_assessment::table
        .filter(exception_assessment::municipality_id.eq(municipality))
        .filter(exception_assessment::application_id.eq(case))
        .order(exception_assessment::id)
        .select(exception_assessment::all_columns)
        .load(tx.conn())?)
}
