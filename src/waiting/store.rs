//! The tables of pauses and of precedence.

use diesel::prelude::*;

use super::model::{PauseReason, PrecedenceGround};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{precedence, waiting_pause};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{AppealId, ApplicationId, MunicipalityId, PauseId, PrecedenceId, UserId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "waiting_pause_one_open",
    columns: "waiting_pause.municipality_id, waiting_pause.application_id",
};

/// A household that stands aside for a while.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = waiting_pause, treat_none_as_default_value = false)]
pub(super) struct Pause {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: PauseId,
    pub(super) version: i32,
    pub(super) application_id: ApplicationId,
    pub(super) reason: PauseReason,
    pub(super) paused_at: Instant,
    pub(super) review_on: Option<Day>,
    pub(super) resumed_at: Option<Instant>,
    pub(super) paused_by: UserId,
}

/// A priority group that a household was given by an outcome.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = precedence, treat_none_as_default_value = false)]
pub(super) struct Precedence {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: PrecedenceId,
    pub(super) application_id: ApplicationId,
    pub(super) group_code: String,
    pub(super) ground: PrecedenceGround,
    pub(super) source_id: AppealId,
    pub(super) given_at: Instant,
    pub(super) given_by: UserId,
}

pub(super) fn insert_pause(tx: &mut Tx<'_>, row: &Pause) -> Result<(), Problem> {
    diesel::insert_into(waiting_pause::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_OPEN, Refusal::AlreadyAside)?;
    Ok(())
}

pub(super) fn find_pause(tx: &mut Tx<'_>, id: PauseId) -> Result<Option<Pause>, Problem> {
    let key = (tx.municipality(), id);
    let found = waiting_pause::table
        .find(key)
        .select(waiting_pause::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn pauses_of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Pause>, Problem> {
    let municipality = tx.municipality();
    Ok(waiting_pause::table
        .filter(waiting_pause::municipality_id.eq(municipality))
        .filter(waiting_pause::application_id.eq(case))
        .order(waiting_pause::id)
        .select(waiting_pause::all_columns)
        .load(tx.conn())?)
}

/// Every pause that had begun by a moment.
pub(super) fn pauses_begun_by(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<Pause>, Problem> {
    let municipality = tx.municipality();
    Ok(waiting_pause::table
        .filter(waiting_pause::municipality_id.eq(municipality))
        .filter(waiting_pause::paused_at.le(at))
        .select(waiting_pause::all_columns)
        .load(tx.conn())?)
}

/// Ends a pause, if it is still at the version that was read.
pub(super) fn resume(tx: &mut Tx<'_>, of: &Pause) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(waiting_pause::table.find(key))
        .filter(waiting_pause::version.eq(of.version))
        .filter(waiting_pause::resumed_at.is_null())
        .set((
            waiting_pause::resumed_at.eq(now.max(of.paused_at)),
            waiting_pause::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_precedence(tx: &mut Tx<'_>, row: &Precedence) -> Result<(), Problem> {
    diesel::insert_into(precedence::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Every precedence that had been given by a moment, oldest first.
pub(super) fn precedence_given_by(
    tx: &mut Tx<'_>,
    at: Instant,
) -> Result<Vec<Precedence>, Problem> {
    let municipality = tx.municipality();
    Ok(precedence::table
        .filter(precedence::municipality_id.eq(municipality))
        .filter(precedence::given_at.le(at))
        .order(precedence::id)
        .select(precedence::all_columns)
        .load(tx.conn())?)
}
