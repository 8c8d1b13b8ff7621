//! The tables of employees' accounts.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::policy::Role;
use super::rules::Refusal;
use crate::clock::Instant;
use crate::db::schema::{sign_in_name, user_account, user_role};
use crate::db::{Db, OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{MunicipalityId, UserId};
use crate::problem::Problem;

const USERNAME: Unique = Unique {
    name: "sign_in_name_pkey",
    columns: "sign_in_name.username",
};

const USERNAME_IN_TOWN: Unique = Unique {
    name: "user_account_username",
    columns: "user_account.municipality_id, user_account.username",
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
    /// The digest of an invitation that is not taken up yet.
    pub(super) invitation: Option<Vec<u8>>,
    pub(super) invited_until: Option<Instant>,
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
    /// Roles that were asked for and are held once another administrator has approved.
    pub requested_roles: Vec<Role>,
    /// Whether nobody has taken up the account's invitation yet.
    pub is_invited: bool,
    /// Whether the employee has a second factor that works.
    pub has_second_factor: bool,
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
        .execute(tx.conn())
        .or_refuse(&USERNAME_IN_TOWN, Refusal::UsernameTaken)?;
    diesel::insert_into(sign_in_name::table)
        .values((
            sign_in_name::username.eq(&user.username),
            sign_in_name::municipality_id.eq(user.municipality_id),
            sign_in_name::user_id.eq(user.id),
        ))
        .execute(tx.conn())
        .or_refuse(&USERNAME, Refusal::UsernameTaken)?;
    insert_roles(tx, user.id, roles)
}

/// Closes or opens an account, if it is still at this version.
pub(super) fn set_disabled(
    tx: &mut Tx<'_>,
    user: UserId,
    version: i32,
    disabled_at: Option<Instant>,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), user);
    Ok(diesel::update(user_account::table.find(key))
        .filter(user_account::version.eq(version))
        .set((
            user_account::disabled_at.eq(disabled_at),
            user_account::version.eq(version + 1),
        ))
        .execute(tx.conn())?)
}

/// Raises an account's version, if it is still at this one: something that belongs to it changes.
pub(super) fn touch(tx: &mut Tx<'_>, user: UserId, version: i32) -> Result<usize, Problem> {
    let key = (tx.municipality(), user);
    Ok(diesel::update(user_account::table.find(key))
        .filter(user_account::version.eq(version))
        .set(user_account::version.eq(version + 1))
        .execute(tx.conn())?)
}

/// Keeps an invitation, if the account is still at this version. The password that there was no longer fits.
pub(super) fn invite(
    tx: &mut Tx<'_>,
    user: UserId,
    version: i32,
    invitation: &[u8],
    until: Instant,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), user);
    Ok(diesel::update(user_account::table.find(key))
        .filter(user_account::version.eq(version))
        .set((
            user_account::invitation.eq(invitation),
            user_account::invited_until.eq(until),
            user_account::password_hash.eq(""),
            user_account::version.eq(version + 1),
        ))
        .execute(tx.conn())?)
}

/// Gives an account a password; an invitation is used up by it.
pub(super) fn set_password(tx: &mut Tx<'_>, user: UserId, hash: &str) -> Result<(), Problem> {
    let key = (tx.municipality(), user);
    diesel::update(user_account::table.find(key))
        .set((
            user_account::password_hash.eq(hash),
            user_account::invitation.eq(None::<Vec<u8>>),
            user_account::invited_until.eq(None::<Instant>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps the same password's hash of another pepper or cost.
pub(super) fn rehash(tx: &mut Tx<'_>, user: UserId, hash: &str) -> Result<(), Problem> {
    let key = (tx.municipality(), user);
    diesel::update(user_account::table.find(key))
        .set(user_account::password_hash.eq(hash))
        .execute(tx.conn())?;
    Ok(())
}

/// The roles that a user holds from now on.
pub(super) fn set_roles(tx: &mut Tx<'_>, user: UserId, roles: &[Role]) -> Result<(), Problem> {
    let municipality = tx.municipality();
    diesel::delete(user_role::table)
        .filter(user_role::municipality_id.eq(municipality))
        .filter(user_role::user_id.eq(user))
        .filter(user_role::role.ne_all(roles.to_vec()))
        .execute(tx.conn())?;
    insert_roles(tx, user, roles)
}

/// Gives a user one role more.
pub(super) fn give_role(tx: &mut Tx<'_>, user: UserId, role: Role) -> Result<(), Problem> {
    insert_roles(tx, user, &[role])
}

fn insert_roles(tx: &mut Tx<'_>, user: UserId, roles: &[Role]) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let rows: Vec<_> = roles
        .iter()
        .map(|role| {
            (
                user_role::municipality_id.eq(municipality),
                user_role::user_id.eq(user),
                user_role::role.eq(*role),
                user_role::granted_at.eq(now),
            )
        })
        .collect();
    each!(tx.conn(), c => diesel::insert_into(user_role::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// The ids of the peppers that some password's hash still needs, over all municipalities.
pub async fn peppers_in_use(db: &Db) -> Result<Vec<String>, Problem> {
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let mut ids = BTreeSet::new();
    for (town, _) in db.read(&nobody, crate::municipality::all).await? {
        let of_town = move |tx: &mut Tx<'_>| {
            let hashes = user_account::table
                .filter(user_account::municipality_id.eq(tx.municipality()))
                .filter(user_account::password_hash.ne(""))
                .select(user_account::password_hash)
                .load::<String>(tx.conn())?;
            let ids = hashes
                .iter()
                .filter_map(|hash| Some(hash.split_once('$')?.0.to_owned()));
            Ok(ids.collect::<BTreeSet<_>>())
        };
        ids.extend(db.read(&Arc::new(Caller::system(town)), of_town).await?);
    }
    Ok(ids.into_iter().collect())
}
