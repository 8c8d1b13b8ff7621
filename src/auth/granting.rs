//! Roles by four eyes: one that decides, administers or audits is asked for by an administrator and held once another has approved.
//!
//! **Invariants.** Neither of the two is the employee concerned, nor the same person as the other behind another account. Whoever gives an
//! account another password, takes its second factor or links it to another identity could sign in by it: so its weighty roles rest
//! until a second administrator has approved them anew.

use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::must_exist;
use super::granting_store::{self as requests, RequestRow};
use super::policy::{Action, Role};
use super::rules;
use super::store;
use crate::access;
use crate::audit::{Entry, Subject};
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::{RoleRequestId, UserId};
use crate::problem::{NOT_FOUND, Problem};

codes! {
    /// Where a role that was asked for stands.
    pub enum RoleRequestState {
        /// Another administrator has to look at it.
        Open = "OPEN",
        /// The employee was given the role.
        Approved = "APPROVED",
        /// An administrator turned it down.
        Declined = "DECLINED",
        /// The employee's roles were said anew without it.
        Withdrawn = "WITHDRAWN",
    }
}

/// The operations on roles that were asked for.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{ApproveRoles, ManageUsers, ReadUsers};
    vec![
        Endpoint::get(
            "/role-requests",
            ReadUsers,
            "Roles that were asked for, oldest first",
            list,
        ),
        Endpoint::get(
            "/role-requests/{id}",
            ReadUsers,
            "A role that was asked for",
            show,
        ),
        Endpoint::decide(
            "/role-requests/{id}/approve",
            ApproveRoles,
            "Give an employee a role that another administrator asked for; works at once",
            approve,
        ),
        Endpoint::act(
            "/role-requests/{id}/decline",
            ManageUsers,
            "Turn down a role that was asked for, or give up asking for it",
            decline,
        ),
    ]
}

/// That an employee be given a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleRequest {
    id: RoleRequestId,
    version: i32,
    /// Who is to have it.
    user_id: UserId,
    role: Role,
    state: RoleRequestState,
    requested_by: UserId,
    requested_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<RoleRequest>, Problem> {
    let limit = paging.limit()?;
    let rows = requests::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(told))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RoleRequest>, Problem> {
    Ok(shown(load(tx, call.id()?)?))
}

fn approve(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RoleRequest>, Problem> {
    let request = seen(tx, call)?;
    let by = tx.user()?;
    let is_own = access::is_same_person(tx, by, request.user_id)?;
    let is_same = access::is_same_person(tx, by, request.requested_by)?;
    rules::may_approve_role(is_own, is_same)?;
    let approved = settle(tx, &request, RoleRequestState::Approved)?;
    store::give_role(tx, request.user_id, request.role)?;
    let account = must_exist(store::find_user(tx, request.user_id)?)?;
    must_be_current(store::touch(tx, account.id, account.version)?)?;
    let entry = note("role.approved", &request);
    tx.record(entry.about(request.requested_by));
    Ok(shown(approved))
}

fn decline(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RoleRequest>, Problem> {
    let request = seen(tx, call)?;
    rules::may_manage(request.user_id, tx.caller().actor)?;
    let declined = settle(tx, &request, RoleRequestState::Declined)?;
    tx.record(note("role.declined", &request));
    Ok(shown(declined))
}

/// Asks that an employee be given these of the roles that take two; tells those that take one.
pub(super) fn ask_for(tx: &mut Tx<'_>, user: UserId, roles: &[Role]) -> Result<Vec<Role>, Problem> {
    let held = store::roles_of(tx, user)?;
    let asked_for = open_of(tx, user)?;
    let by = tx.user()?;
    let (weighty, mut at_once): (Vec<Role>, Vec<Role>) =
        roles.iter().partition(|role| role.needs_second_factor());
    for role in weighty {
        if held.contains(&role) {
            at_once.push(role);
        } else if !asked_for.contains(&role) {
            let request = RequestRow {
                municipality_id: tx.municipality(),
                id: tx.new_id(),
                version: 1,
                user_id: user,
                role,
                state: RoleRequestState::Open,
                requested_by: by,
                requested_at: tx.now(),
                decided_by: None,
                decided_at: None,
            };
            requests::insert(tx, &request)?;
            tx.record(note("role.requested", &request));
        }
    }
    Ok(at_once)
}

/// Gives up what was asked for of an employee and is not among these roles.
pub(super) fn withdraw_others(
    tx: &mut Tx<'_>,
    user: UserId,
    roles: &[Role],
) -> Result<(), Problem> {
    for request in requests::open_of(tx, user)? {
        if !roles.contains(&request.role) {
            settle(tx, &request, RoleRequestState::Withdrawn)?;
            tx.record(note("role.withdrawn", &request));
        }
    }
    Ok(())
}

/// Lets the roles of an account that take two rest until another administrator has approved them anew; tells which.
pub(super) fn suspend(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Role>, Problem> {
    let held = store::roles_of(tx, user)?;
    let (weighty, others): (Vec<Role>, Vec<Role>) =
        held.iter().partition(|role| role.needs_second_factor());
    if !weighty.is_empty() {
        store::set_roles(tx, user, &others)?;
        ask_for(tx, user, &weighty)?;
    }
    Ok(weighty)
}

/// The roles that wait for another administrator.
pub(super) fn open_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Role>, Problem> {
    let open = requests::open_of(tx, user)?;
    Ok(open.into_iter().map(|request| request.role).collect())
}

fn settle(
    tx: &mut Tx<'_>,
    request: &RequestRow,
    to: RoleRequestState,
) -> Result<RequestRow, Problem> {
    let settled = RequestRow {
        version: request.version + 1,
        state: to,
        decided_by: Some(tx.user()?),
        decided_at: Some(tx.now()),
        ..request.clone()
    };
    must_be_current(requests::settle(tx, &settled)?)?;
    Ok(settled)
}

fn note(action: &'static str, request: &RequestRow) -> Entry {
    Entry::change(action)
        .about(request.user_id)
        .about(Subject::policy(request.id))
        .fact("role", request.role.code())
}

fn load(tx: &mut Tx<'_>, id: RoleRequestId) -> Result<RequestRow, Problem> {
    requests::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The request in the path, at the version that the caller has seen and still open.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<RequestRow, Problem> {
    let request = load(tx, call.id()?)?;
    call.has_seen(request.version)?;
    rules::must_be_open(request.state)?;
    Ok(request)
}

fn shown(row: RequestRow) -> Shown<RoleRequest> {
    Shown::at_version(row.version, told(row))
}

fn told(row: RequestRow) -> RoleRequest {
    RoleRequest {
        id: row.id,
        version: row.version,
        user_id: row.user_id,
        role: row.role,
        state: row.state,
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    }
}
