//! An issuer that vouches for a municipality's employees: how it is named, closed, and linked to an account.

use super::store;
pub(super) use super::store::Provider;
use crate::audit::{Entry, Subject};
use crate::auth::issuer::IssuerAddress;
use crate::auth::rules::Refusal;
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::must_be_current;
use crate::ids::{IdentityProviderId, UserId};
use crate::problem::Problem;

/// Takes an issuer into use for tokens of this audience.
pub(super) fn name(
    tx: &mut Tx<'_>,
    issuer: &str,
    audience: &str,
    strong_acr: Vec<String>,
) -> Result<IdentityProviderId, Problem> {
    if issuer.parse::<IssuerAddress>().is_err() {
        return Err(Refusal::IssuerUnsafe.into());
    }
    let provider = Provider {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        issuer: issuer.to_owned(),
        audience: audience.to_owned(),
        strong_acr: Json(strong_acr),
        created_at: tx.now(),
        closed_at: None,
    };
    store::insert(tx, &provider)?;
    let entry = Entry::change("identity_provider.named").about(Subject::policy(provider.id));
    tx.record(entry.fact("issuer", issuer).fact("audience", audience));
    Ok(provider.id)
}

/// Takes an issuer out of use: from now on nobody signs in by it. Sign-ins that run go on.
pub(super) fn close(tx: &mut Tx<'_>, provider: &Provider) -> Result<(), Problem> {
    if provider.closed_at.is_some() {
        return Err(Refusal::ProviderClosed.into());
    }
    must_be_current(store::close(tx, provider)?)?;
    let entry = Entry::change("identity_provider.closed").about(Subject::policy(provider.id));
    tx.record(entry.fact("issuer", provider.issuer.as_str()));
    Ok(())
}

/// Says which account belongs to whom the issuer knows by this subject.
pub(super) fn link(
    tx: &mut Tx<'_>,
    user: UserId,
    provider: &Provider,
    subject: &str,
) -> Result<(), Problem> {
    store::link(tx, user, &provider.issuer, subject)?;
    let entry = Entry::change("user.identity_linked").about(user);
    tx.record(entry.about(Subject::policy(provider.id)));
    Ok(())
}
