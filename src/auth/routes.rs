//! Signing in and out, and what belongs to one's own sign-in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::{Sessions, must_exist};
use super::federation;
use super::policy::{Action, Role};
use super::second_factor;
use super::sessions;
use super::sign_in::Credentials;
use super::stepping_up;
use super::store;
use super::token::ACCESS_SECONDS;
use super::visitor::Visitor;
use crate::audit::Entry;
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Done, Endpoint, Kernel, Nothing, Shown};
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::municipality;
use crate::problem::{NOT_FOUND, Problem, UNAUTHENTICATED};

/// The operations of sign-in and user accounts.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let own = [open_endpoints(), own_endpoints(), stepping_up::endpoints()].concat();
    [
        own,
        super::accounts::endpoints(),
        super::granting::endpoints(),
        federation::endpoints(),
        super::machines::endpoints(),
    ]
    .concat()
}

fn open_endpoints() -> Vec<Endpoint> {
    use Action::SignIn;
    vec![
        Endpoint::open(
            "/auth/login",
            SignIn,
            "Sign in with user name, password and code",
            log_in,
        ),
        Endpoint::open(
            "/auth/refresh",
            SignIn,
            "Renew a sign-in with its one-time token",
            refresh,
        ),
        Endpoint::open(
            "/auth/exchange",
            SignIn,
            "Sign in with an ID token of the municipality's own issuer",
            federation::exchange,
        ),
        Endpoint::open(
            "/auth/activate",
            SignIn,
            "Take up an invitation: choose a password with the code that an administrator handed over",
            activate,
        ),
        Endpoint::open(
            "/auth/password",
            SignIn,
            "Change one's password; every sign-in ends",
            change_password,
        ),
    ]
}

fn own_endpoints() -> Vec<Endpoint> {
    use Action::OwnSession;
    vec![
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
        Endpoint::get(
            "/auth/sessions",
            OwnSession,
            "One's own running sign-ins",
            list_sessions,
        ),
        Endpoint::sign(
            "/auth/sessions/{id}/end",
            OwnSession,
            "End one of one's own sign-ins at once",
            end_session,
        ),
    ]
}

/// User name and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogIn {
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    #[schema(min_length = 1, max_length = 256, format = Password)]
    password: String,
    /// Six digits, where the account has a second factor.
    #[schema(pattern = "^[0-9]{6}$")]
    code: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangePassword {
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    #[schema(min_length = 1, max_length = 256, format = Password)]
    password: String,
    #[schema(pattern = "^[0-9]{6}$")]
    code: Option<String>,
    /// At least 15 characters, 8 with a second factor.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    new_password: String,
}

/// An invitation taken up.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Activate {
    #[schema(min_length = 1, max_length = 100)]
    username: String,
    /// What the administrator handed over.
    #[schema(min_length = 1, max_length = 100)]
    invitation: String,
    /// At least 15 characters.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    new_password: String,
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
pub(super) struct SignedIn {
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
    visitor: Visitor,
    asked: LogIn,
) -> Result<Shown<SignedIn>, Problem> {
    let credentials = Credentials {
        username: asked.username,
        password: asked.password.into(),
        code: asked.code,
    };
    let pass = kernel
        .sign_in
        .log_in(&kernel.db, credentials, &visitor)
        .await?;
    Ok(Shown::plain(pass.into()))
}

async fn refresh(
    kernel: Arc<Kernel>,
    visitor: Visitor,
    asked: Refresh,
) -> Result<Shown<SignedIn>, Problem> {
    let pass = kernel
        .sign_in
        .refresh(&kernel.db, asked.refresh_token, &visitor)
        .await?;
    Ok(Shown::plain(pass.into()))
}

async fn activate(kernel: Arc<Kernel>, visitor: Visitor, asked: Activate) -> Result<Done, Problem> {
    let credentials = Credentials {
        username: asked.username,
        password: asked.invitation.into(),
        code: None,
    };
    let new = asked.new_password.into();
    kernel
        .sign_in
        .activate(&kernel.db, credentials, new, &visitor)
        .await?;
    Ok(Done)
}

async fn change_password(
    kernel: Arc<Kernel>,
    visitor: Visitor,
    asked: ChangePassword,
) -> Result<Done, Problem> {
    let credentials = Credentials {
        username: asked.username,
        password: asked.password.into(),
        code: asked.code,
    };
    let new = asked.new_password.into();
    kernel
        .sign_in
        .change_password(&kernel.db, credentials, new, &visitor)
        .await?;
    Ok(Done)
}

fn log_out(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Done, Problem> {
    let (user, session) = signed_in(tx)?;
    sessions::end(tx, session)?;
    tx.record(Entry::change("session.ended").about(user));
    Ok(Done)
}

fn list_sessions(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Sessions>, Problem> {
    let (user, _) = signed_in(tx)?;
    let items = sessions::running_of(tx, user)?;
    Ok(Shown::plain(Sessions { items }))
}

fn end_session(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Done, Problem> {
    let (user, _) = signed_in(tx)?;
    let session: SessionId = call.id()?;
    if !sessions::is_of(tx, session, user)? {
        return Err(Problem::new(&NOT_FOUND));
    }
    sessions::end(tx, session)?;
    tx.record(Entry::change("session.ended").about(user));
    Ok(Done)
}

/// The employee who calls, and the sign-in by which.
pub(super) fn signed_in(tx: &Tx<'_>) -> Result<(UserId, SessionId), Problem> {
    let caller = tx.caller();
    let both = caller.actor.user().zip(caller.session);
    both.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: UserId,
    username: String,
    display_name: String,
    /// The roles held. Those that decide, administer or audit count only in a sign-in with a second factor.
    roles: Vec<Role>,
    /// Whether one of the roles asks for a second factor.
    needs_second_factor: bool,
    /// Whether there is one that works.
    has_second_factor: bool,
    /// Whether it was shown in this sign-in.
    is_strong: bool,
    /// When one last showed who one is.
    authenticated_at: Instant,
    municipality_id: MunicipalityId,
    municipality_number: String,
    municipality_name: String,
}

fn me(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Me>, Problem> {
    let (user, session) = signed_in(tx)?;
    let account = must_exist(store::find_user(tx, user)?)?;
    let standing = sessions::find_running(tx, session)?;
    let standing = standing.ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    let factor = second_factor::find(tx, user)?;
    let (municipality_number, municipality_name) = municipality::load(tx)?;
    Ok(Shown::plain(Me {
        id: user,
        username: account.username,
        display_name: account.display_name,
        needs_second_factor: standing.roles.iter().any(|role| role.needs_second_factor()),
        has_second_factor: factor.is_some_and(|factor| factor.is_confirmed),
        is_strong: standing.is_strong,
        authenticated_at: standing.authenticated_at,
        roles: standing.roles,
        municipality_id: tx.municipality(),
        municipality_number,
        municipality_name,
    }))
}
