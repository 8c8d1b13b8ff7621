//! Signing in and out, and the accounts of employees.

use std::sync::Arc;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::policy::{Action, Role};
use super::rules;
use super::store::{self, User, UserRow};
use super::token::ACCESS_SECONDS;
use crate::audit::Entry;
use crate::correlation::Correlation;
use crate::db::Tx;
use crate::http::{Call, Done, Endpoint, Kernel, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::{MunicipalityId, UserId};
use crate::municipality;
use crate::problem::{NOT_FOUND, Problem, UNAUTHENTICATED};

/// The operations of sign-in and user accounts.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    use Action::{ManageUsers, OwnSession, ReadUsers};
    let own = vec![
        Endpoint::open(
            "/auth/login",
            Action::SignIn,
            "Sign in with user name and password",
            log_in,
        ),
        Endpoint::open(
            "/auth/refresh",
            Action::SignIn,
            "Renew a sign-in with its one-time token",
            refresh,
        ),
        Endpoint::sign(
            "/auth/logout",
            OwnSession,
            "End one's own sign-in at once",
            log_out,
        ),
        Endpoint::get(
            "/auth/me",
            OwnSession,
            "Who is signed in, where, with which roles",
            me,
        ),
        Endpoint::get("/users", ReadUsers, "The employees' accounts", list),
        Endpoint::get("/users/{id}", ReadUsers, "An employee's account", show),
        Endpoint::act(
            "/users/{id}/disable",
            ManageUsers,
            "Close an account; its sessions end at once",
            disable,
        ),
    ];
    [own, super::machines::endpoints()].concat()
}

/// User name and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogIn {
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    #[schema(min_length = 1, max_length = 256, format = Password)]
    password: String,
}

/// A one-time refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refresh {
    #[schema(min_length = 1, max_length = 200)]
    refresh_token: String,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SignedIn {
    access_token: String,
    refresh_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token lives.
    expires_in: i64,
}

impl From<super::sign_in::Pass> for SignedIn {
    fn from(pass: super::sign_in::Pass) -> Self {
        Self {
            access_token: pass.access,
            refresh_token: pass.refresh,
            token_type: "Bearer",
            expires_in: ACCESS_SECONDS,
        }
    }
}

async fn log_in(
    kernel: Arc<Kernel>,
    correlation: Correlation,
    asked: LogIn,
) -> Result<Shown<SignedIn>, Problem> {
    let password = SecretString::from(asked.password);
    let pass = kernel
        .sign_in
        .log_in(&kernel.db, asked.username, password, correlation)
        .await?;
    Ok(Shown::plain(pass.into()))
}

async fn refresh(
    kernel: Arc<Kernel>,
    correlation: Correlation,
    asked: Refresh,
) -> Result<Shown<SignedIn>, Problem> {
    let pass = kernel
        .sign_in
        .refresh(&kernel.db, asked.refresh_token, correlation)
        .await?;
    Ok(Shown::plain(pass.into()))
}

fn log_out(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Done, Problem> {
    let caller = Arc::clone(tx.caller());
    let session = caller
        .session
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    store::end_session(tx, session)?;
    tx.record(Entry::change("session.ended").about_all(caller.actor.user()));
    Ok(Done)
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: UserId,
    username: String,
    display_name: String,
    roles: Vec<Role>,
    municipality_id: MunicipalityId,
    municipality_number: String,
    municipality_name: String,
}

fn me(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Me>, Problem> {
    let caller = Arc::clone(tx.caller());
    let user = caller
        .actor
        .user()
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    let account = must_exist(store::find_user(tx, user)?)?;
    let (municipality_number, municipality_name) = municipality::load(tx)?;
    Ok(Shown::plain(Me {
        id: user,
        username: account.username,
        display_name: account.display_name,
        roles: caller.roles.clone(),
        municipality_id: tx.municipality(),
        municipality_number,
        municipality_name,
    }))
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<User>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page_of_users(tx, paging.after()?, limit + 1)?;
    let users = rows
        .into_iter()
        .map(|row| told(tx, row))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::of(users, limit, |user| user.id))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = must_exist(store::find_user(tx, call.id()?)?)?;
    Ok(Shown::at_version(account.version, told(tx, account)?))
}

fn disable(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<User>, Problem> {
    let account = must_exist(store::find_user(tx, call.id()?)?)?;
    call.has_seen(account.version)?;
    rules::may_disable(account.id, account.disabled_at.is_some(), tx.caller().actor)?;
    must_be_current(store::disable_user(tx, account.id, account.version)?)?;
    tx.record(Entry::change("user.disabled").about(account.id));
    let account = must_exist(store::find_user(tx, account.id)?)?;
    Ok(Shown::at_version(account.version, told(tx, account)?))
}

fn must_exist(account: Option<UserRow>) -> Result<UserRow, Problem> {
    account.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn told(tx: &mut Tx<'_>, account: UserRow) -> Result<User, Problem> {
    Ok(User {
        roles: store::roles_of(tx, account.id)?,
        id: account.id,
        username: account.username,
        display_name: account.display_name,
        disabled_at: account.disabled_at,
        version: account.version,
    })
}
