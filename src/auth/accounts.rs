//! The accounts of employees, for the administrators of the municipality.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::granting;
use super::identities;
use super::policy::{Action, Role};
use super::rules::{self, Refusal};
use super::second_factor;
use super::sessions::{self, Session};
use super::store::{self, User, UserRow};
use crate::access;
use crate::audit::{Entry, sha256};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::UserId;
use crate::national_id::NationalId;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// How long an invitation is good.
const INVITED_FOR: SignedDuration = SignedDuration::from_hours(72);
const INVITATION_BYTES: usize = 18;

/// The operations on accounts.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{ManageUsers, ReadUsers};
    vec![
        Endpoint::get("/users", ReadUsers, "The employees' accounts", list),
        Endpoint::get("/users/{id}", ReadUsers, "An employee's account", show),
        Endpoint::get(
            "/users/{id}/sessions",
            ReadUsers,
            "The running sign-ins of an employee",
            list_sessions,
        ),
        Endpoint::create(
            "/users",
            ManageUsers,
            "Add an account; it can sign in once an invitation is taken up",
            add,
        ),
        Endpoint::act(
            "/users/{id}/invite",
            ManageUsers,
            "Give an account a code with which its employee chooses a password; the old one no longer fits, and weighty roles rest until approved anew",
            invite,
        ),
        Endpoint::replace(
            "/users/{id}/roles",
            ManageUsers,
            "Say which roles an employee holds; those that decide, administer or audit wait for another administrator",
            replace_roles,
        ),
        Endpoint::act(
            "/users/{id}/disable",
            ManageUsers,
            "Close an account; its sessions end at once",
            disable,
        ),
        Endpoint::act(
            "/users/{id}/enable",
            ManageUsers,
            "Open a closed account again",
            enable,
        ),
        Endpoint::act(
            "/users/{id}/reset-second-factor",
            ManageUsers,
            "Forget an employee's second factor, which was lost; sessions end, and weighty roles rest until approved anew",
            reset_second_factor,
        ),
        Endpoint::act(
            "/users/{id}/end-sessions",
            ManageUsers,
            "End all sign-ins of an employee at once",
            end_sessions,
        ),
    ]
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddUser {
    /// What the employee signs in with; unique in the installation.
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    /// What colleagues read.
    #[schema(min_length = 1, max_length = 200)]
    display_name: String,
    #[schema(min_items = 1, max_items = 10)]
    roles: BTreeSet<Role>,
    /// "Fødselsnummer" of the employee. Kept sealed and as a keyed digest, by which two accounts of one person are known to be one person's.
    #[schema(max_length = 20)]
    national_id: Option<String>,
}

/// Roles.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplaceRoles {
    #[schema(max_items = 10)]
    roles: BTreeSet<Role>,
}

/// An invitation, to be handed over in person or by another way than the user name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invitation {
    code: String,
    valid_until: Instant,
}

/// Running sign-ins.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sessions {
    /// At most 100, the newest first.
    pub(super) items: Vec<Session>,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<User>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page_of_users(tx, paging.after()?, limit + 1)?;
    let users = rows.into_iter().map(|row| told(tx, row));
    let users = users.collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(users, limit, |user| user.id))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    shown(tx, call.id()?)
}

fn list_sessions(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Sessions>, Problem> {
    let account = must_exist(store::find_user(tx, call.id()?)?)?;
    let items = sessions::running_of(tx, account.id)?;
    Ok(Shown::plain(Sessions { items }))
}

fn add(tx: &mut Tx<'_>, _: &Call, asked: &AddUser) -> Result<Created<User>, Problem> {
    let person_index = match &asked.national_id {
        None => None,
        Some(text) => Some(person_index(tx, text)?),
    };
    let roles: Vec<Role> = asked.roles.iter().copied().collect();
    let at_once: Vec<Role> = roles
        .iter()
        .copied()
        .filter(|role| !role.needs_second_factor())
        .collect();
    let id = add_account(
        tx,
        &asked.username,
        &asked.display_name,
        "",
        person_index,
        &at_once,
    )?;
    granting::ask_for(tx, id, &roles)?;
    let account = must_exist(store::find_user(tx, id)?)?;
    Ok(Created {
        location: format!("/users/{id}"),
        version: Some(account.version),
        body: told(tx, account)?,
    })
}

fn person_index(tx: &mut Tx<'_>, text: &str) -> Result<Vec<u8>, Problem> {
    let id = NationalId::parse(text, tx.kit().national_ids).map_err(|fault| {
        Problem::invalid(vec![FieldFault::new(
            "/nationalId",
            fault.code(),
            "Dette er ikke et gyldig fødselsnummer.",
            "This is no valid national id.",
        )])
    })?;
    Ok(identities::known_as(tx, &id)?.as_bytes().to_vec())
}

fn invite(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Invitation>, Problem> {
    let account = managed(tx, call)?;
    let mut random = [0; INVITATION_BYTES];
    getrandom::fill(&mut random).map_err(|error| Problem::internal(error.to_string()))?;
    let code = URL_SAFE_NO_PAD.encode(random);
    let valid_until = tx.now().plus(INVITED_FOR);
    let digest = sha256(code.as_bytes()).0;
    let kept = store::invite(tx, account.id, account.version, &digest, valid_until)?;
    must_be_current(kept)?;
    sessions::end_all(tx, account.id)?;
    let suspended = granting::suspend(tx, account.id)?;
    let entry = Entry::change("user.invited").about(account.id);
    tx.record(entry.fact("suspended", codes(&suspended)));
    Ok(Shown::at_version(
        account.version + 1,
        Invitation { code, valid_until },
    ))
}

fn replace_roles(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ReplaceRoles,
) -> Result<Shown<User>, Problem> {
    let account = managed(tx, call)?;
    let before = store::roles_of(tx, account.id)?;
    let roles: Vec<Role> = asked.roles.iter().copied().collect();
    must_be_current(store::touch(tx, account.id, account.version)?)?;
    granting::withdraw_others(tx, account.id, &roles)?;
    let at_once = granting::ask_for(tx, account.id, &roles)?;
    store::set_roles(tx, account.id, &at_once)?;
    let entry = Entry::change("user.roles_changed").about(account.id);
    tx.record(
        entry
            .fact("before", codes(&before))
            .fact("roles", codes(&at_once)),
    );
    shown(tx, account.id)
}

fn disable(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = must_exist(store::find_user(tx, call.id()?)?)?;
    call.has_seen(account.version)?;
    rules::may_disable(account.id, account.disabled_at.is_some(), tx.caller().actor)?;
    let now = tx.now();
    must_be_current(store::set_disabled(
        tx,
        account.id,
        account.version,
        Some(now),
    )?)?;
    sessions::end_all(tx, account.id)?;
    tx.record(Entry::change("user.disabled").about(account.id));
    shown(tx, account.id)
}

fn enable(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = managed(tx, call)?;
    if account.disabled_at.is_none() {
        return Err(Refusal::NotDisabled.into());
    }
    must_be_current(store::set_disabled(tx, account.id, account.version, None)?)?;
    tx.record(Entry::change("user.enabled").about(account.id));
    shown(tx, account.id)
}

fn reset_second_factor(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = managed(tx, call)?;
    if !second_factor::forget(tx, account.id)? {
        return Err(Refusal::NoSecondFactor.into());
    }
    must_be_current(store::touch(tx, account.id, account.version)?)?;
    sessions::end_all(tx, account.id)?;
    let suspended = granting::suspend(tx, account.id)?;
    let entry = Entry::change("user.second_factor_reset").about(account.id);
    tx.record(entry.fact("suspended", codes(&suspended)));
    shown(tx, account.id)
}

fn end_sessions(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = managed(tx, call)?;
    let ended = sessions::end_all(tx, account.id)?;
    tx.record(
        Entry::change("user.sessions_ended")
            .about(account.id)
            .fact("ended", ended),
    );
    shown(tx, account.id)
}

/// The account in the path, if the caller has seen its present version and it is another's.
fn managed(tx: &mut Tx<'_>, call: &Call) -> Result<UserRow, Problem> {
    let account = must_exist(store::find_user(tx, call.id()?)?)?;
    call.has_seen(account.version)?;
    rules::may_manage(account.id, tx.caller().actor)?;
    Ok(account)
}

pub(super) fn must_exist(account: Option<UserRow>) -> Result<UserRow, Problem> {
    account.ok_or_else(|| Problem::new(&NOT_FOUND))
}

pub(super) fn shown(tx: &mut Tx<'_>, id: UserId) -> Result<Shown<User>, Problem> {
    let account = must_exist(store::find_user(tx, id)?)?;
    Ok(Shown::at_version(account.version, told(tx, account)?))
}

fn told(tx: &mut Tx<'_>, account: UserRow) -> Result<User, Problem> {
    let factor = second_factor::find(tx, account.id)?;
    Ok(User {
        roles: store::roles_of(tx, account.id)?,
        requested_roles: granting::open_of(tx, account.id)?,
        id: account.id,
        username: account.username,
        display_name: account.display_name,
        is_invited: account.password_hash.is_empty(),
        has_second_factor: factor.is_some_and(|factor| factor.is_confirmed),
        disabled_at: account.disabled_at,
        version: account.version,
    })
}

fn codes(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.code()).collect()
}

fn add_account(
    tx: &mut Tx<'_>,
    username: &str,
    display_name: &str,
    password_hash: &str,
    person_index: Option<Vec<u8>>,
    roles: &[Role],
) -> Result<UserId, Problem> {
    let id: UserId = tx.new_id();
    let row = UserRow {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        username: username.to_owned(),
        display_name: display_name.to_owned(),
        password_hash: password_hash.to_owned(),
        disabled_at: None,
        created_at: tx.now(),
        person_index,
        invitation: None,
        invited_until: None,
    };
    store::insert_user(tx, &row, roles)?;
    access::employ(tx, row.id)?;
    tx.record(
        Entry::change("user.added")
            .about(id)
            .fact("roles", codes(roles)),
    );
    Ok(id)
}

/// Adds an employee's account. The roles are as given; whoever calls has the right to give them.
pub fn add_user(
    tx: &mut Tx<'_>,
    username: &str,
    display_name: &str,
    password_hash: &str,
    roles: &[Role],
) -> Result<UserId, Problem> {
    add_account(tx, username, display_name, password_hash, None, roles)
}

/// What an employee of this municipality is called, if there is such an employee.
pub fn display_name(tx: &mut Tx<'_>, user: UserId) -> Result<Option<String>, Problem> {
    Ok(store::find_user(tx, user)?.map(|account| account.display_name))
}

/// Whether an employee of this municipality has this id and may sign in.
pub fn is_active_user(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Problem> {
    Ok(store::find_user(tx, user)?.is_some_and(|account| account.disabled_at.is_none()))
}
