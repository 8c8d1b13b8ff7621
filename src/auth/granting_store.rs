//! The table of roles and clearances that were asked for.

use diesel::prelude::*;

use super::granting::RoleRequestState;
use super::policy::Role;
use crate::access::Clearance;
use crate::clock::Instant;
use crate::db::schema::role_request;
use crate::db::{OrRefuse as _, Tx, Unique, violates};
use crate::ids::{MunicipalityId, RoleRequestId, UserId};
use crate::problem::{CONFLICT, Problem};

const ONE_OPEN: Unique = Unique {
    name: "role_request_one_open",
    columns: "role_request.municipality_id, role_request.user_id, role_request.role",
};

const ONE_CLEARANCE: Unique = Unique {
    name: "role_request_one_clearance",
    columns: "role_request.municipality_id, role_request.user_id",
};

/// A role or a clearance that was asked for.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = role_request, treat_none_as_default_value = false)]
pub(super) struct RequestRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: RoleRequestId,
    pub(super) version: i32,
    pub(super) user_id: UserId,
    /// The role; none where a clearance is asked for.
    pub(super) role: Option<Role>,
    pub(super) clearance: Option<Clearance>,
    pub(super) state: RoleRequestState,
    pub(super) requested_by: UserId,
    pub(super) requested_at: Instant,
    pub(super) decided_by: Option<UserId>,
    pub(super) decided_at: Option<Instant>,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &RequestRow) -> Result<(), Problem> {
    let inserted = diesel::insert_into(role_request::table)
        .values(row)
        .execute(tx.conn());
    match inserted {
        Err(error) if violates(&error, &ONE_CLEARANCE) => Err(Problem::new(&CONFLICT)),
        other => {
            other.or_refuse(&ONE_OPEN, Problem::new(&CONFLICT))?;
            Ok(())
        }
    }
}

pub(super) fn find(tx: &mut Tx<'_>, id: RoleRequestId) -> Result<Option<RequestRow>, Problem> {
    let key = (tx.municipality(), id);
    let found = role_request::table
        .find(key)
        .select(RequestRow::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// What was asked for, in order of id, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<RoleRequestId>,
    limit: i64,
) -> Result<Vec<RequestRow>, Problem> {
    let municipality = tx.municipality();
    Ok(role_request::table
        .filter(role_request::municipality_id.eq(municipality))
        .filter(role_request::id.gt(after.unwrap_or(RoleRequestId::NIL)))
        .order(role_request::id)
        .limit(limit)
        .select(RequestRow::as_select())
        .load(tx.conn())?)
}

/// What was asked for of an employee and waits.
pub(super) fn open_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<RequestRow>, Problem> {
    let municipality = tx.municipality();
    Ok(role_request::table
        .filter(role_request::municipality_id.eq(municipality))
        .filter(role_request::user_id.eq(user))
        .filter(role_request::state.eq(RoleRequestState::Open))
        .order((role_request::role, role_request::id))
        .select(RequestRow::as_select())
        .load(tx.conn())?)
}

/// Writes what became of one that waits, if it is still at the version before.
pub(super) fn settle(tx: &mut Tx<'_>, row: &RequestRow) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(role_request::table.find(key))
        .filter(role_request::version.eq(row.version - 1))
        .set((
            role_request::version.eq(row.version),
            role_request::state.eq(row.state),
            role_request::decided_by.eq(row.decided_by),
            role_request::decided_at.eq(row.decided_at),
        ))
        .execute(tx.conn())?)
}
