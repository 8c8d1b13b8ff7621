//! The tables of issuers, of whom they know, and of their tokens that were spent.

use diesel::prelude::*;

use super::exchange::SpentToken;
use crate::auth::rules::Refusal;
use crate::clock::Instant;
use crate::db::schema::{exchanged_token, federated_identity, identity_provider, issuer_audience};
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{IdentityProviderId, MunicipalityId, UserId};
use crate::problem::{Problem, UNAUTHENTICATED};

const ONE_MUNICIPALITY: Unique = Unique {
    name: "issuer_audience_pkey",
    columns: "issuer_audience.issuer, issuer_audience.audience",
};
const ONE_ACCOUNT: Unique = Unique {
    name: "federated_identity_pkey",
    columns: "federated_identity.municipality_id, federated_identity.issuer, federated_identity.subject",
};

/// An issuer that vouches for a municipality's employees.
#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = identity_provider, treat_none_as_default_value = false)]
pub(super) struct Provider {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: IdentityProviderId,
    pub(super) version: i32,
    pub(super) issuer: String,
    /// For whom its tokens are: the client that the municipality registered there.
    pub(super) audience: String,
    /// Values of `acr` or `amr` that say that a second factor was shown.
    pub(super) strong_acr: Json<Vec<String>>,
    pub(super) created_at: Instant,
    pub(super) closed_at: Option<Instant>,
}

pub(super) fn insert(tx: &mut Tx<'_>, provider: &Provider) -> Result<(), Problem> {
    diesel::insert_into(identity_provider::table)
        .values(provider)
        .execute(tx.conn())?;
    diesel::insert_into(issuer_audience::table)
        .values((
            issuer_audience::issuer.eq(&provider.issuer),
            issuer_audience::audience.eq(&provider.audience),
            issuer_audience::municipality_id.eq(provider.municipality_id),
            issuer_audience::provider_id.eq(provider.id),
        ))
        .execute(tx.conn())
        .or_refuse(&ONE_MUNICIPALITY, Refusal::IssuerTaken)?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: IdentityProviderId) -> Result<Option<Provider>, Problem> {
    let key = (tx.municipality(), id);
    let found = identity_provider::table
        .find(key)
        .select(identity_provider::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Providers in order of id, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<IdentityProviderId>,
    limit: i64,
) -> Result<Vec<Provider>, Problem> {
    let municipality = tx.municipality();
    Ok(identity_provider::table
        .filter(identity_provider::municipality_id.eq(municipality))
        .filter(identity_provider::id.gt(after.unwrap_or(IdentityProviderId::NIL)))
        .order(identity_provider::id)
        .limit(limit)
        .select(identity_provider::all_columns)
        .load(tx.conn())?)
}

/// Closes a provider, if it is still at this version; its issuer and audience may be named anew.
pub(super) fn close(tx: &mut Tx<'_>, provider: &Provider) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), provider.id), tx.now());
    let closed = diesel::update(identity_provider::table.find(key))
        .filter(identity_provider::version.eq(provider.version))
        .set((
            identity_provider::closed_at.eq(now),
            identity_provider::version.eq(provider.version + 1),
        ))
        .execute(tx.conn())?;
    diesel::delete(issuer_audience::table.find((&provider.issuer, &provider.audience)))
        .filter(issuer_audience::provider_id.eq(provider.id))
        .execute(tx.conn())?;
    Ok(closed)
}

/// Which municipality has named this issuer with one of these audiences; read before a municipality is known.
pub(super) fn find_audience(
    tx: &mut Tx<'_>,
    issuer: &str,
    audiences: &[String],
) -> Result<Option<(MunicipalityId, IdentityProviderId)>, Problem> {
    let found = issuer_audience::table
        .filter(issuer_audience::issuer.eq(issuer))
        .filter(issuer_audience::audience.eq_any(audiences.to_vec()))
        .select((
            issuer_audience::municipality_id,
            issuer_audience::provider_id,
        ))
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The account of whom an issuer knows by this subject.
pub(super) fn find_user(
    tx: &mut Tx<'_>,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, Problem> {
    let found = federated_identity::table
        .find((tx.municipality(), issuer, subject))
        .select(federated_identity::user_id)
        .first(tx.conn());
    let user: Option<UserId> = found.optional()?;
    match user {
        Some(user) if crate::auth::is_active_user(tx, user)? => Ok(Some(user)),
        _ => Ok(None),
    }
}

pub(super) fn link(
    tx: &mut Tx<'_>,
    user: UserId,
    issuer: &str,
    subject: &str,
) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    diesel::insert_into(federated_identity::table)
        .values((
            federated_identity::municipality_id.eq(municipality),
            federated_identity::issuer.eq(issuer),
            federated_identity::subject.eq(subject),
            federated_identity::user_id.eq(user),
            federated_identity::linked_at.eq(now),
        ))
        .execute(tx.conn())
        .or_refuse(&ONE_ACCOUNT, Refusal::IdentityTaken)?;
    Ok(())
}

/// Spends a token; one that was spent is refused. What is too old to be shown again is forgotten.
pub(in crate::auth) fn spend(tx: &mut Tx<'_>, token: &SpentToken) -> Result<(), Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    diesel::delete(exchanged_token::table)
        .filter(exchanged_token::municipality_id.eq(municipality))
        .filter(exchanged_token::expires_at.lt(now))
        .execute(tx.conn())?;
    let spent = Unique {
        name: "exchanged_token_pkey",
        columns: "exchanged_token.municipality_id, exchanged_token.digest",
    };
    diesel::insert_into(exchanged_token::table)
        .values((
            exchanged_token::municipality_id.eq(municipality),
            exchanged_token::digest.eq(token.digest.as_slice()),
            exchanged_token::expires_at.eq(token.until),
        ))
        .execute(tx.conn())
        .or_refuse(&spent, Problem::new(&UNAUTHENTICATED))?;
    Ok(())
}
