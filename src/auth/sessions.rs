//! Sign-ins that run, the one-time tokens that renew them, and how much each is worth.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::policy::Role;
use crate::clock::Instant;
use crate::codes;
use crate::db::Tx;
use crate::db::schema::{refresh_token, session, user_account, user_role};
use crate::db::types::Json;
use crate::each;
use crate::ids::{MunicipalityId, SessionId, UserId};
use crate::problem::Problem;

codes! {
    /// How somebody showed who they are (`amr`, RFC 8176).
    pub enum Method {
        /// A password.
        Password = "pwd",
        /// A one-time code.
        Code = "otp",
        /// The municipality's own issuer vouched.
        Federated = "fed",
        /// The process itself vouched: demonstration and test.
        House = "house",
    }
}

/// How somebody was found to be who they are, and whether that was by two factors.
#[derive(Debug, Clone)]
pub struct Proof {
    /// By what.
    pub methods: Vec<Method>,
    /// Whether a second factor was among it, here or at the issuer that vouched.
    pub is_strong: bool,
    /// When.
    pub at: Instant,
}

/// A sign-in, as the employee and administrators see it.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    id: SessionId,
    started_at: Instant,
    /// When the employee last showed who they are.
    authenticated_at: Instant,
    /// When it was last renewed.
    renewed_at: Instant,
    /// When it ends whatever happens.
    expires_at: Instant,
    /// Whether a second factor was shown.
    is_strong: bool,
}

/// A running sign-in, as every request is checked by it.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) user: UserId,
    pub(super) authenticated_at: Instant,
    pub(super) is_strong: bool,
    /// All roles that the user holds, also those that need more than was shown.
    pub(super) roles: Vec<Role>,
}

/// Begins a sign-in.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: SessionId,
    user: UserId,
    proof: &Proof,
    expires_at: Instant,
) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    diesel::insert_into(session::table)
        .values((
            session::municipality_id.eq(municipality),
            session::id.eq(id),
            session::user_id.eq(user),
            session::started_at.eq(now),
            session::authenticated_at.eq(proof.at),
            session::renewed_at.eq(now),
            session::expires_at.eq(expires_at),
            session::methods.eq(Json(proof.methods.clone())),
            session::is_strong.eq(proof.is_strong),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps that somebody has just shown again who they are, by this method, within a running sign-in.
pub(super) fn strengthen(
    tx: &mut Tx<'_>,
    id: SessionId,
    method: Method,
) -> Result<Option<Proof>, Problem> {
    let Some((user, mut proof)) = find_proof(tx, id)? else {
        return Ok(None);
    };
    if !proof.methods.contains(&method) {
        proof.methods.push(method);
    }
    (proof.at, proof.is_strong) = (tx.now(), true);
    let (key, now) = ((tx.municipality(), id), tx.now());
    diesel::update(session::table.find(key))
        .filter(session::user_id.eq(user))
        .set((
            session::authenticated_at.eq(now),
            session::is_strong.eq(true),
            session::methods.eq(Json(proof.methods.clone())),
        ))
        .execute(tx.conn())?;
    Ok(Some(proof))
}

/// Ends a sign-in; a second time changes nothing.
pub(super) fn end(tx: &mut Tx<'_>, id: SessionId) -> Result<(), Problem> {
    let (key, now) = ((tx.municipality(), id), tx.now());
    diesel::update(session::table.find(key))
        .filter(session::ended_at.is_null())
        .set(session::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends all sign-ins of a user; tells how many ran.
pub(super) fn end_all(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    Ok(diesel::update(session::table)
        .filter(session::municipality_id.eq(municipality))
        .filter(session::user_id.eq(user))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .set(session::ended_at.eq(now))
        .execute(tx.conn())?)
}

/// The running sign-ins of a user, the newest first.
pub(super) fn running_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Session>, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    Ok(session::table
        .filter(session::municipality_id.eq(municipality))
        .filter(session::user_id.eq(user))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .order(session::id.desc())
        .limit(SESSIONS_SHOWN_MAX)
        .select((
            session::id,
            session::started_at,
            session::authenticated_at,
            session::renewed_at,
            session::expires_at,
            session::is_strong,
        ))
        .load(tx.conn())?)
}

/// Sign-ins of one user that are shown.
const SESSIONS_SHOWN_MAX: i64 = 100;

/// Whether a running sign-in is this user's.
pub(super) fn is_of(tx: &mut Tx<'_>, id: SessionId, user: UserId) -> Result<bool, Problem> {
    Ok(find_running(tx, id)?.is_some_and(|standing| standing.user == user))
}

/// How the user of a running sign-in was found to be who they are.
pub(super) fn find_proof(
    tx: &mut Tx<'_>,
    id: SessionId,
) -> Result<Option<(UserId, Proof)>, Problem> {
    let key = (tx.municipality(), id);
    let found: Option<(UserId, Instant, Json<Vec<Method>>, bool)> = session::table
        .find(key)
        .filter(session::ended_at.is_null())
        .select((
            session::user_id,
            session::authenticated_at,
            session::methods,
            session::is_strong,
        ))
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|(user, at, Json(methods), is_strong)| {
        let proof = Proof {
            methods,
            is_strong,
            at,
        };
        (user, proof)
    }))
}

/// The user of a sign-in that is running now, with all roles: what every request is checked by.
pub(super) fn find_running(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Standing>, Problem> {
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
        .select((
            session::user_id,
            session::authenticated_at,
            session::is_strong,
            user_role::role.nullable(),
        ));
    let rows: Vec<(UserId, Instant, bool, Option<Role>)> = each!(tx.conn(), c => mine.load(c))?;
    let Some((user, authenticated_at, is_strong, _)) = rows.first().copied() else {
        return Ok(None);
    };
    Ok(Some(Standing {
        user,
        authenticated_at,
        is_strong,
        roles: rows.iter().filter_map(|(.., role)| *role).collect(),
    }))
}

/// Forgets sign-ins that were over before a moment, at most so many, with the tokens that renewed them; tells how many.
pub fn forget_ended(tx: &mut Tx<'_>, before: Instant, at_most: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let over = session::table
        .filter(session::municipality_id.eq(municipality))
        .filter(
            session::expires_at
                .lt(before)
                .or(session::ended_at.assume_not_null().lt(before)),
        )
        .limit(at_most)
        .select(session::id);
    let over: Vec<SessionId> = over.load(tx.conn())?;
    diesel::delete(refresh_token::table)
        .filter(refresh_token::municipality_id.eq(municipality))
        .filter(refresh_token::session_id.eq_any(&over))
        .execute(tx.conn())?;
    Ok(diesel::delete(session::table)
        .filter(session::municipality_id.eq(municipality))
        .filter(session::id.eq_any(&over))
        .execute(tx.conn())?)
}

/// A one-time token, as it is kept: never itself, only its digest.
#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = refresh_token, treat_none_as_default_value = false)]
pub(super) struct Refresh {
    pub(super) municipality_id: MunicipalityId,
    pub(super) digest: Vec<u8>,
    pub(super) session_id: SessionId,
    pub(super) issued_at: Instant,
    pub(super) used_at: Option<Instant>,
    /// The secret that followed it, readable only to whoever has the token itself.
    pub(super) successor: Option<Vec<u8>>,
}

/// Keeps the digest of a new one-time token.
pub(super) fn insert_refresh(
    tx: &mut Tx<'_>,
    digest: &[u8],
    session_id: SessionId,
) -> Result<(), Problem> {
    let row = Refresh {
        municipality_id: tx.municipality(),
        digest: digest.to_vec(),
        session_id,
        issued_at: tx.now(),
        used_at: None,
        successor: None,
    };
    diesel::insert_into(refresh_token::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// Uses a one-time token, unless it was used before; of two at once, one is first.
pub(super) fn use_refresh(
    tx: &mut Tx<'_>,
    digest: &[u8],
    successor: &[u8],
) -> Result<bool, Problem> {
    let (key, now) = ((tx.municipality(), digest), tx.now());
    let first = diesel::update(refresh_token::table.find(key))
        .filter(refresh_token::used_at.is_null())
        .set((
            refresh_token::used_at.eq(now),
            refresh_token::successor.eq(successor),
        ))
        .execute(tx.conn())?;
    Ok(first == 1)
}

/// A one-time token by its digest.
pub(super) fn find_refresh(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<Refresh>, Problem> {
    let key = (tx.municipality(), digest);
    let found = refresh_token::table
        .find(key)
        .select(refresh_token::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Keeps that a sign-in was renewed now.
pub(super) fn renewed(tx: &mut Tx<'_>, id: SessionId) -> Result<(), Problem> {
    let (key, now) = ((tx.municipality(), id), tx.now());
    diesel::update(session::table.find(key))
        .set(session::renewed_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}
