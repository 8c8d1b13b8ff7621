//! The table of what applicants were told while they waited.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{DelayReason, ReplyKind};
use super::rules::Promise;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::interim_reply;
use crate::ids::{ApplicationId, MunicipalityId, ReplyId, UserId};
use crate::problem::Problem;

/// What an applicant was told.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = interim_reply, treat_none_as_default_value = false)]
pub(super) struct Reply {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ReplyId,
    pub(super) application_id: ApplicationId,
    pub(super) kind: ReplyKind,
    pub(super) reason: DelayReason,
    pub(super) expected_by: Day,
    pub(super) due_on: Day,
    pub(super) sent_by: UserId,
    pub(super) sent_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Reply) -> Result<(), Problem> {
    diesel::insert_into(interim_reply::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What an applicant was told, oldest first.
pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Reply>, Problem> {
    let municipality = tx.municipality();
    Ok(interim_reply::table
        .filter(interim_reply::municipality_id.eq(municipality))
        .filter(interim_reply::application_id.eq(case))
        .order(interim_reply::id)
        .select(interim_reply::all_columns)
        .load(tx.conn())?)
}

/// The last promise to each applicant.
pub(super) fn promises(tx: &mut Tx<'_>) -> Result<BTreeMap<ApplicationId, Promise>, Problem> {
    let municipality = tx.municipality();
    let rows: Vec<(ApplicationId, ReplyKind, Day)> = interim_reply::table
        .filter(interim_reply::municipality_id.eq(municipality))
        .order(interim_reply::id)
        .select((
            interim_reply::application_id,
            interim_reply::kind,
            interim_reply::expected_by,
        ))
        .load(tx.conn())?;
    let told = rows.into_iter();
    Ok(told.map(|(case, kind, day)| (case, (kind, day))).collect())
}
