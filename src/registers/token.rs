//! Tokens from Maskinporten, by which registers know who calls (RFC 7523, as docs.digdir.no describes it).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use super::fault::RegisterFault;
use crate::clock::Clock;
use crate::ids::Id;
use crate::outward;

/// How long a grant is good: Maskinporten takes two minutes at most.
const GRANT_SECONDS: i64 = 100;
/// A token is renewed this long before it runs out.
const MARGIN: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);

/// Where tokens of one scope come from. Cheap to clone; all clones share the token.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    endpoint: Url,
    audience: String,
    client_id: String,
    scope: String,
    key_id: String,
    key: EncodingKey,
    clock: Clock,
    client: Client,
    held: Mutex<Option<(String, Instant)>>,
}

impl std::fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenSource({})", self.0.scope)
    }
}

/// Who asks for tokens.
pub struct Grantee {
    /// The client's id in Maskinporten.
    pub client_id: String,
    /// The id of its key.
    pub key_id: String,
    /// The key, RSA in PEM.
    pub key: EncodingKey,
    /// Maskinporten: its address is what a grant is for.
    pub issuer: Url,
}

impl std::fmt::Debug for Grantee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grantee({})", self.client_id)
    }
}

#[derive(Serialize)]
struct Grant<'g> {
    aud: &'g str,
    iss: &'g str,
    scope: &'g str,
    iat: i64,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
}

impl TokenSource {
    /// Tokens of this scope for this client.
    pub fn new(grantee: &Grantee, scope: &str, clock: Clock) -> reqwest::Result<Self> {
        let issuer = grantee.issuer.as_str();
        let endpoint = grantee
            .issuer
            .join("token")
            .unwrap_or_else(|_| grantee.issuer.clone());
        Ok(Self(Arc::new(Inner {
            endpoint,
            audience: issuer.to_owned(),
            client_id: grantee.client_id.clone(),
            scope: scope.to_owned(),
            key_id: grantee.key_id.clone(),
            key: grantee.key.clone(),
            clock,
            client: outward::builder(PATIENCE).build()?,
            held: Mutex::default(),
        })))
    }

    /// A token that is good for a while yet.
    pub(super) async fn get(&self) -> Result<String, RegisterFault> {
        let held = self
            .0
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((token, until)) = held
            && Instant::now() < until
        {
            return Ok(token);
        }
        let granted = self.ask().await?;
        let good = Duration::from_secs(granted.expires_in).saturating_sub(MARGIN);
        let fresh = (granted.access_token.clone(), Instant::now() + good);
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(granted.access_token)
    }

    async fn ask(&self) -> Result<Granted, RegisterFault> {
        let inner = &self.0;
        let now = inner.clock.now().timestamp().as_second();
        let grant = Grant {
            aud: &inner.audience,
            iss: &inner.client_id,
            scope: &inner.scope,
            iat: now,
            exp: now + GRANT_SECONDS,
            jti: Id::<Self>::new().to_string(),
        };
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(inner.key_id.clone());
        let assertion = jsonwebtoken::encode(&header, &grant, &inner.key)
            .map_err(|_| RegisterFault::NotConnected)?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
            .append_pair("assertion", &assertion)
            .finish();
        let request = inner
            .client
            .post(inner.endpoint.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let response = request.send().await.map_err(|_| RegisterFault::NoAnswer)?;
        let status = response.status().as_u16();
        let bytes = outward::read(response, 64 * 1024)
            .await
            .map_err(|_| RegisterFault::NoAnswer)?;
        if status != 200 {
            return Err(RegisterFault::Status(status));
        }
        serde_json::from_slice(&bytes).map_err(|_| RegisterFault::Nonsense)
    }
}
