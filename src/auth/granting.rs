//! Roles and clearances by four eyes: a role that decides, administers or audits, and the right to know where protected people are, are
//! asked for by an administrator and held once another has approved.
//!
//! **Invariants.** Neither of the two is the employee concerned, nor the same person as the other behind another account. Whoever gives an
//! account another password, takes its second factor or links it to another identity could sign in by it: so its weighty roles and its
//! clearance rest until a second administrator has approved them anew.

use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::must_exist;
use super::granting_store::{self as requests, RequestRow};
use super::policy::{Action, Role};
use super::rules;
use super::store;
use crate::access::{self, Clearance};
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

/// What takes two administrators to give ("fullmakt").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    /// To act.
    Role(Role),
    /// To know where people are.
    Clearance(Clearance),
}

impl RequestRow {
    /// What was asked for.
    fn power(&self) -> Result<Power, Problem> {
        let role = self.role.map(Power::Role);
        let power = role.or(self.clearance.map(Power::Clearance));
        power.ok_or_else(|| Problem::internal("a request asks for nothing"))
    }
}

/// The operations on roles and clearances that were asked for.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{ApproveRoles, ManageUsers, ReadUsers};
    vec![
        Endpoint::get(
            "/role-requests",
            ReadUsers,
            "Roles and clearances that were asked for, oldest first",
            list,
        ),
        Endpoint::get(
            "/role-requests/{id}",
            ReadUsers,
            "A role or clearance that was asked for",
            show,
        ),
        Endpoint::decide(
            "/role-requests/{id}/approve",
            ApproveRoles,
            "Give an employee a role or clearance that another administrator asked for; works at once",
            approve,
        ),
        Endpoint::act(
            "/role-requests/{id}/decline",
            ManageUsers,
            "Turn down a role or clearance that was asked for, or give up asking for it",
            decline,
        ),
    ]
}

/// That an employee be given a role, or a clearance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleRequest {
    id: RoleRequestId,
    version: i32,
    /// Who is to have it.
    user_id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// Up to which grade the employee is to be let locate people.
    #[serde(skip_serializing_if = "Option::is_none")]
    clearance: Option<Clearance>,
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
    let entry = match request.power()? {
        Power::Role(role) => {
            store::give_role(tx, request.user_id, role)?;
            let account = must_exist(store::find_user(tx, request.user_id)?)?;
            must_be_current(store::touch(tx, account.id, account.version)?)?;
            note("role.approved", &request)
        }
        Power::Clearance(clearance) => {
            access::clear(tx, request.user_id, Some(clearance))?;
            note("clearance.approved", &request)
        }
    };
    tx.record(entry.about(request.requested_by));
    Ok(shown(approved))
}

fn decline(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RoleRequest>, Problem> {
    let request = seen(tx, call)?;
    rules::may_manage(request.user_id, tx.caller().actor)?;
    let declined = settle(tx, &request, RoleRequestState::Declined)?;
    tx.record(match request.power()? {
        Power::Role(_) => note("role.declined", &request),
        Power::Clearance(_) => note("clearance.declined", &request),
    });
    Ok(shown(declined))
}

/// Asks that an employee be given these of the roles that take two; tells those that take one.
pub(super) fn ask_for(tx: &mut Tx<'_>, user: UserId, roles: &[Role]) -> Result<Vec<Role>, Problem> {
    let held = store::roles_of(tx, user)?;
    let asked_for = open_of(tx, user)?;
    let (weighty, mut at_once): (Vec<Role>, Vec<Role>) =
        roles.iter().partition(|role| role.needs_second_factor());
    for role in weighty {
        if held.contains(&role) {
            at_once.push(role);
        } else if !asked_for.contains(&role) {
            ask(tx, user, Power::Role(role))?;
        }
    }
    Ok(at_once)
}

fn ask(tx: &mut Tx<'_>, user: UserId, power: Power) -> Result<(), Problem> {
    let (action, role, clearance) = match power {
        Power::Role(role) => ("role.requested", Some(role), None),
        Power::Clearance(clearance) => ("clearance.requested", None, Some(clearance)),
    };
    let request = RequestRow {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        user_id: user,
        role,
        clearance,
        state: RoleRequestState::Open,
        requested_by: tx.user()?,
        requested_at: tx.now(),
        decided_by: None,
        decided_at: None,
    };
    requests::insert(tx, &request)?;
    tx.record(note(action, &request));
    Ok(())
}

/// Asks that an employee be let locate people up to this grade, where that is more than is held; tells what holds at once. Whatever else
/// was asked for is given up.
pub fn ask_for_clearance(
    tx: &mut Tx<'_>,
    user: UserId,
    (held, wanted): (Option<Clearance>, Option<Clearance>),
) -> Result<Option<Clearance>, Problem> {
    let is_more = wanted > held;
    let mut is_asked_for = false;
    for request in requests::open_of(tx, user)? {
        match request.power()? {
            Power::Clearance(asked) if is_more && Some(asked) == wanted => is_asked_for = true,
            Power::Clearance(_) => {
                settle(tx, &request, RoleRequestState::Withdrawn)?;
                tx.record(note("clearance.withdrawn", &request));
            }
            Power::Role(_) => {}
        }
    }
    match wanted {
        Some(more) if is_more => {
            if !is_asked_for {
                ask(tx, user, Power::Clearance(more))?;
            }
            Ok(held)
        }
        _ => Ok(wanted),
    }
}

/// The clearance of an employee that waits for another administrator.
pub fn requested_clearance(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Clearance>, Problem> {
    let open = requests::open_of(tx, user)?;
    Ok(open.into_iter().find_map(|request| request.clearance))
}

/// Gives up what was asked for of an employee and is not among these roles.
pub(super) fn withdraw_others(
    tx: &mut Tx<'_>,
    user: UserId,
    roles: &[Role],
) -> Result<(), Problem> {
    for request in requests::open_of(tx, user)? {
        if request.role.is_some_and(|role| !roles.contains(&role)) {
            settle(tx, &request, RoleRequestState::Withdrawn)?;
            tx.record(note("role.withdrawn", &request));
        }
    }
    Ok(())
}

/// Lets the roles of an account that take two rest, and its clearance, until another administrator has approved them anew; tells which
/// roles.
pub(super) fn suspend(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Role>, Problem> {
    let held = store::roles_of(tx, user)?;
    let (weighty, others): (Vec<Role>, Vec<Role>) =
        held.iter().partition(|role| role.needs_second_factor());
    if !weighty.is_empty() {
        store::set_roles(tx, user, &others)?;
        ask_for(tx, user, &weighty)?;
    }
    let (_, post) = access::post_of(tx, user)?;
    if let Some(cleared) = post.clearance {
        access::clear(tx, user, None)?;
        tx.record(Entry::change("clearance.suspended").about(user));
        // Who was to be cleared further is asked for already.
        if requested_clearance(tx, user)?.is_none() {
            ask(tx, user, Power::Clearance(cleared))?;
        }
    }
    Ok(weighty)
}

/// The roles that wait for another administrator.
pub(super) fn open_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Role>, Problem> {
    let open = requests::open_of(tx, user)?;
    Ok(open
        .into_iter()
        .filter_map(|request| request.role)
        .collect())
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
    let entry = Entry::change(action)
        .about(request.user_id)
        .about(Subject::policy(request.id));
    match (request.role, request.clearance) {
        (Some(role), _) => entry.fact("role", role.code()),
        (None, clearance) => entry.fact("clearance", clearance.map(Clearance::code)),
    }
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
        clearance: row.clearance,
        state: row.state,
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    }
}
