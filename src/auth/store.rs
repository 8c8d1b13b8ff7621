//! Users, sessions and refresh tokens: the tables of sign-in.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::policy::Role;
use super::rules::Refusal;
use crate::clock::Instant;
use crate::db::schema::{refresh_token, session, sign_in_name, user_account, user_role};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::problem::Problem;

const USERNAME: Unique = Unique {
    name: "sign_in_name_pkey",
    columns: "sign_in_name.username",
};

/// An employee who may sign in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = user_account, treat_none_as_default_value = false)]
pub(super) struct UserRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: UserId,
    pub(super) version: i32,
    pub(super) username: String,
    pub(super) display_name: String,
    pub(super) password_hash: String,
    pub(super) disabled_at: Option<Instant>,
    pub(super) created_at: Instant,
    /// The blind index of the employee's national id, where it is known: two accounts of one person have the same.
    pub(super) person_index: Option<Vec<u8>>,
}

/// An employee's account, as administrators see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The account.
    pub id: UserId,
    /// What the employee signs in with.
    pub username: String,
    /// What colleagues read.
    pub display_name: String,
    /// All roles held now.
    pub roles: Vec<Role>,
    /// Since when the account cannot sign in, if so.
    pub disabled_at: Option<Instant>,
    /// The version that `ETag` tells.
    pub version: i32,
}

/// A user that may sign in, and what is checked when it does.
pub(super) struct Credentials {
    pub(super) municipality: MunicipalityId,
    pub(super) user: UserId,
}

/// The account behind a user name, in whichever municipality; read before a municipality is known.
pub(super) fn find_username(
    tx: &mut Tx<'_>,
    username: &str,
) -> Result<Option<Credentials>, Problem> {
    let found: Option<(MunicipalityId, UserId)> = sign_in_name::table
        .find(username)
        .select((sign_in_name::municipality_id, sign_in_name::user_id))
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|(municipality, user)| Credentials { municipality, user }))
}

/// An account.
pub(super) fn find_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<UserRow>, Problem> {
    let key = (tx.municipality(), user);
    Ok(user_account::table
        .find(key)
        .select(user_account::all_columns)
        .first(tx.conn())
        .optional()?)
}

/// Accounts in order of id, after `after`.
pub(super) fn page_of_users(
    tx: &mut Tx<'_>,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserRow>, Problem> {
    let municipality = tx.municipality();
    Ok(user_account::table
        .filter(user_account::municipality_id.eq(municipality))
        .filter(user_account::id.gt(after.unwrap_or(UserId::NIL)))
        .order(user_account::id)
        .limit(limit)
        .select(user_account::all_columns)
        .load(tx.conn())?)
}

/// The roles that a user holds now.
pub(super) fn roles_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Role>, Problem> {
    let municipality = tx.municipality();
    Ok(user_role::table
        .filter(user_role::municipality_id.eq(municipality))
        .filter(user_role::user_id.eq(user))
        .order(user_role::role)
        .select(user_role::role)
        .load(tx.conn())?)
}

/// Adds an account with its roles.
pub(super) fn insert_user(tx: &mut Tx<'_>, user: &UserRow, roles: &[Role]) -> Result<(), Problem> {
    diesel::insert_into(user_account::table)
        .values(user)
        .execute(tx.conn())?;
    diesel::insert_into(sign_in_name::table)
        .values((
            sign_in_name::username.eq(&user.username),
            sign_in_name::municipality_id.eq(user.municipality_id),
            sign_in_name::user_id.eq(user.id),
        ))
        .execute(tx.conn())
        .or_refuse(&USERNAME, Refusal::UsernameTaken)?;
    let rows: Vec<_> = roles
        .iter()
        .map(|role| {
            (
                user_role::municipality_id.eq(user.municipality_id),
                user_role::user_id.eq(user.id),
                user_role::role.eq(*role),
                user_role::granted_at.eq(user.created_at),
            )
        })
        .collect();
    each!(tx.conn(), c => diesel::insert_into(user_role::table).values(&rows).execute(c))?;
    Ok(())
}

/// Closes an account, if it is still at this version; its sessions end with it.
pub(super) fn disable_user(tx: &mut Tx<'_>, user: UserId, version: i32) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), user), tx.now());
    let rows = diesel::update(user_account::table.find(key))
        .filter(user_account::version.eq(version))
        .set((
            user_account::disabled_at.eq(now),
            user_account::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    diesel::update(session::table)
        .filter(session::municipality_id.eq(key.0))
        .filter(session::user_id.eq(user))
        .filter(session::ended_at.is_null())
        .set(session::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(rows)
}

/// Begins a session.
pub(super) fn insert_session(
    tx: &mut Tx<'_>,
    id: SessionId,
    user: UserId,
    expires_at: Instant,
) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    diesel::insert_into(session::table)
        .values((
            session::municipality_id.eq(municipality),
            session::id.eq(id),
            session::user_id.eq(user),
            session::started_at.eq(now),
            session::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends a session; a second time changes nothing.
pub(super) fn end_session(tx: &mut Tx<'_>, id: SessionId) -> Result<(), Problem> {
    let (key, now) = ((tx.municipality(), id), tx.now());
    diesel::update(session::table.find(key))
        .filter(session::ended_at.is_null())
        .set(session::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// The user of a session that is running now, with all roles: what every request is checked by.
pub(super) fn find_running(
    tx: &mut Tx<'_>,
    id: SessionId,
) -> Result<Option<(UserId, Vec<Role>)>, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let mine = session::table
        .inner_join(
            user_account::table.on(user_account::municipality_id
                .eq(session::municipality_id)
                .and(user_account::id.eq(session::user_id))),
        )
        .left_join(
            user_role::table.on(user_role::municipality_id
                .eq(session::municipality_id)
                .and(user_role::user_id.eq(session::user_id))),
        )
        .filter(session::municipality_id.eq(municipality))
        .filter(session::id.eq(id))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .filter(user_account::disabled_at.is_null())
        .select((session::user_id, user_role::role.nullable()));
    let rows: Vec<(UserId, Option<Role>)> = each!(tx.conn(), c => mine.load(c))?;
    let Some((user, _)) = rows.first() else {
        return Ok(None);
    };
    Ok(Some((
        *user,
        rows.iter().filter_map(|(_, role)| *role).collect(),
    )))
}

/// Keeps the digest of a new refresh token.
pub(super) fn insert_refresh(
    tx: &mut Tx<'_>,
    digest: &[u8],
    session: SessionId,
) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::municipality_id.eq(municipality),
            refresh_token::digest.eq(digest),
            refresh_token::session_id.eq(session),
            refresh_token::issued_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The session of a refresh token, and whether this use is its first.
pub(super) fn use_refresh(
    tx: &mut Tx<'_>,
    digest: &[u8],
) -> Result<Option<(SessionId, bool)>, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let key = (municipality, digest);
    let first = diesel::update(refresh_token::table.find(key))
        .filter(refresh_token::used_at.is_null())
        .set(refresh_token::used_at.eq(now))
        .execute(tx.conn())?;
    let session: Option<SessionId> = refresh_token::table
        .find(key)
        .select(refresh_token::session_id)
        .first(tx.conn())
        .optional()?;
    Ok(session.map(|session| (session, first == 1)))
}
