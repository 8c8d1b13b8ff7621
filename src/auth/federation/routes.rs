//! The issuers of a municipality and whom they know, for its administrators.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provider::{self, Provider};
use super::store;
use crate::auth::policy::Action;
use crate::auth::store as accounts;
use crate::auth::store::User;
use crate::auth::{accounts as own_accounts, granting, rules};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::IdentityProviderId;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// The operations on issuers.
pub(in crate::auth) fn endpoints() -> Vec<Endpoint> {
    use Action::{ManageProviders, ManageUsers, ReadProviders};
    vec![
        Endpoint::get(
            "/identity-providers",
            ReadProviders,
            "The issuers by which employees sign in",
            list,
        ),
        Endpoint::get(
            "/identity-providers/{id}",
            ReadProviders,
            "An issuer by which employees sign in",
            show,
        ),
        Endpoint::create(
            "/identity-providers",
            ManageProviders,
            "Take an issuer into use (Entra ID, ID-porten, Ansattporten)",
            name,
        ),
        Endpoint::act(
            "/identity-providers/{id}/close",
            ManageProviders,
            "Take an issuer out of use; nobody signs in by it any more",
            close,
        ),
        Endpoint::act(
            "/users/{id}/link-identity",
            ManageUsers,
            "Say that an account belongs to whom an issuer knows by this subject",
            link,
        ),
    ]
}

/// An issuer to be taken into use.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NameProvider {
    /// Exactly as its tokens name it; its metadata is found below it.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "https://login.microsoftonline.com/TENANT/v2.0"
    )]
    issuer: String,
    /// The client that the municipality registered there: `aud` of its ID tokens.
    #[schema(min_length = 1, max_length = 200)]
    audience: String,
    /// Values of `acr` or `amr` that say that a second factor was shown, such as `mfa` or `idporten-loa-high`.
    #[schema(max_items = 20)]
    strong_acr: Vec<String>,
}

/// Whom an issuer knows.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LinkIdentity {
    provider_id: IdentityProviderId,
    /// `sub` of the issuer's tokens.
    #[schema(min_length = 1, max_length = 255)]
    subject: String,
}

/// An issuer by which employees sign in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IdentityProvider {
    id: IdentityProviderId,
    version: i32,
    issuer: String,
    audience: String,
    strong_acr: Vec<String>,
    /// Since when nobody signs in by it, if so.
    closed_at: Option<Instant>,
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<IdentityProvider>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(told))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<IdentityProvider>, Problem> {
    shown(tx, call.id()?)
}

fn name(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &NameProvider,
) -> Result<Created<IdentityProvider>, Problem> {
    let id = provider::name(tx, &asked.issuer, &asked.audience, asked.strong_acr.clone())?;
    let named = must_exist(store::find(tx, id)?)?;
    Ok(Created {
        location: format!("/identity-providers/{id}"),
        version: Some(named.version),
        body: told(named),
    })
}

fn close(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<IdentityProvider>, Problem> {
    let provider = must_exist(store::find(tx, call.id()?)?)?;
    call.has_seen(provider.version)?;
    provider::close(tx, &provider)?;
    shown(tx, provider.id)
}

fn link(tx: &mut Tx<'_>, call: &Call, asked: &LinkIdentity) -> Result<Shown<User>, Problem> {
    let account = own_accounts::must_exist(accounts::find_user(tx, call.id()?)?)?;
    call.has_seen(account.version)?;
    rules::may_manage(account.id, tx.caller().actor)?;
    let provider = store::find(tx, asked.provider_id)?;
    let provider = provider
        .filter(|it| it.closed_at.is_none())
        .ok_or_else(|| {
            Problem::invalid(vec![FieldFault::new(
                "/providerId",
                "unknown",
                "Utstederen finnes ikke.",
                "There is no such issuer.",
            )])
        })?;
    must_be_current(accounts::touch(tx, account.id, account.version)?)?;
    provider::link(tx, account.id, &provider, &asked.subject)?;
    granting::suspend(tx, account.id)?;
    own_accounts::shown(tx, account.id)
}

fn shown(tx: &mut Tx<'_>, id: IdentityProviderId) -> Result<Shown<IdentityProvider>, Problem> {
    let provider = must_exist(store::find(tx, id)?)?;
    Ok(Shown::at_version(provider.version, told(provider)))
}

fn must_exist(provider: Option<Provider>) -> Result<Provider, Problem> {
    provider.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn told(provider: Provider) -> IdentityProvider {
    IdentityProvider {
        id: provider.id,
        version: provider.version,
        issuer: provider.issuer,
        audience: provider.audience,
        strong_acr: provider.strong_acr.0,
        closed_at: provider.closed_at,
    }
}
