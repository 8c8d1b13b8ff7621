//! Gives a sign-in for an ID token (`OpenID` Connect Core 1.0, 3.1.3.7).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use serde::Deserialize;
use utoipa::ToSchema;

use super::provider::Provider;
use super::store;
use crate::audit::sha256;
use crate::auth::caller::Caller;
use crate::auth::issuer::{Issuer, IssuerAddress, issuer_and_audiences_of};
use crate::auth::routes::SignedIn;
use crate::auth::sessions::{Method, Proof};
use crate::auth::sign_in::{Beginning, Pass, SignIn, acting};
use crate::auth::visitor::Visitor;
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::http::{Kernel, Shown};
use crate::ids::MunicipalityId;
use crate::problem::{IDENTITY_NOT_LINKED, Problem, UNAUTHENTICATED};

/// How old a token may be: it was made for this very sign-in.
const AGE_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Issuers that are remembered with their keys.
const ISSUERS_MAX: usize = 1_000;

/// An ID token of the municipality's own issuer.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::auth) struct Exchange {
    #[schema(min_length = 1, max_length = 8192)]
    id_token: String,
    /// What the client sent along when it asked for the token; needed where the token bears one.
    #[schema(min_length = 1, max_length = 200)]
    nonce: Option<String>,
}

/// What an ID token says of whom.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    nonce: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    auth_time: Option<i64>,
}

impl Claims {
    /// Whether a second factor was shown, in the words that the municipality's issuer has for it.
    fn is_strong(&self, provider: &Provider) -> bool {
        let mut said = self.acr.iter().chain(&self.amr);
        said.any(|word| provider.strong_acr.0.contains(word))
    }
}

/// A token for which a sign-in is given.
#[derive(Debug)]
pub(in crate::auth) struct SpentToken {
    pub(super) digest: [u8; 32],
    pub(super) until: Instant,
}

/// The issuers that were met, with their keys.
#[derive(Debug, Default)]
pub(in crate::auth) struct Providers(Mutex<HashMap<(String, String), Arc<Issuer>>>);

impl Providers {
    fn of(&self, provider: &Provider) -> Result<Arc<Issuer>, Problem> {
        let address = provider.issuer.parse::<IssuerAddress>();
        let address = address.map_err(Problem::internal)?;
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() >= ISSUERS_MAX {
            met.clear();
        }
        let name = (provider.issuer.clone(), provider.audience.clone());
        let issuer = met
            .entry(name)
            .or_insert_with(|| Arc::new(Issuer::of_people(&address, &provider.audience)));
        Ok(Arc::clone(issuer))
    }
}

pub(in crate::auth) async fn exchange(
    kernel: Arc<Kernel>,
    visitor: Visitor,
    asked: Exchange,
) -> Result<Shown<SignedIn>, Problem> {
    let pass = kernel.sign_in.exchange(&kernel.db, asked, &visitor).await?;
    Ok(Shown::plain(pass.into()))
}

impl SignIn {
    async fn exchange(&self, db: &Db, asked: Exchange, visitor: &Visitor) -> Result<Pass, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        let token = asked.id_token;
        let (municipality, provider) = named_in(db, &token).await?.ok_or_else(refused)?;
        let now = db.kit().clock.now();
        let issuer = self.providers.of(&provider)?;
        let claims: Claims = issuer.verify(&token, now).await?;
        let made_at = Instant::from_micros(claims.iat.saturating_mul(1_000_000));
        if made_at.plus(AGE_MAX) < now || claims.nonce != asked.nonce || claims.sub.is_empty() {
            return Err(refused());
        }
        let asking = Arc::new(Caller::system(municipality));
        let (name, subject) = (provider.issuer.clone(), claims.sub.clone());
        let linked = db
            .read(&asking, move |tx| store::find_user(tx, &name, &subject))
            .await?;
        let user = linked.ok_or_else(|| Problem::new(&IDENTITY_NOT_LINKED))?;
        let shown_at = claims
            .auth_time
            .map(|at| Instant::from_micros(at.saturating_mul(1_000_000)));
        let proof = Proof {
            methods: vec![Method::Federated],
            is_strong: claims.is_strong(&provider),
            at: shown_at.unwrap_or(made_at).min(now),
        };
        let beginning = Beginning {
            spent: Some(SpentToken {
                digest: sha256(token.as_bytes()).0,
                until: made_at.plus(AGE_MAX),
            }),
            ..Beginning::by(proof)
        };
        let caller = acting(municipality, user, &visitor.correlation);
        self.begin(db, &caller, beginning).await
    }
}

/// The issuer of a token as a municipality has named it, if one has and still stands by it.
async fn named_in(db: &Db, token: &str) -> Result<Option<(MunicipalityId, Provider)>, Problem> {
    let Some((issuer, audiences)) = issuer_and_audiences_of(token) else {
        return Ok(None);
    };
    let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
    let find = move |tx: &mut Tx<'_>| store::find_audience(tx, &issuer, &audiences);
    let Some((municipality, id)) = db.read(&nobody, find).await? else {
        return Ok(None);
    };
    let asking = Arc::new(Caller::system(municipality));
    let provider = db.read(&asking, move |tx| store::find(tx, id)).await?;
    let open = provider.filter(|provider| provider.closed_at.is_none());
    Ok(open.map(|provider| (municipality, provider)))
}
