//! An issuer whose tokens we believe, and its keys as they were last seen.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

use jsonwebtoken::Validation;
use serde::de::DeserializeOwned;
use ureq::Agent;

use super::fetch;
use super::jose::Jose;
use super::keys::Key;
use crate::clock::Instant;
use crate::problem::{Problem, UNAUTHENTICATED};

/// Keys are looked up again after this long, so that a withdrawn key dies.
const FRESH: Duration = Duration::from_hours(1);
/// Keys of an issuer that does not answer serve this long.
const STALE_MAX: Duration = Duration::from_hours(24);
/// An unknown key leads to at most one call in this time.
const REFETCH: Duration = Duration::from_secs(30);
/// As long as no keys are known at all, the issuer is asked this often.
const RETRY: Duration = Duration::from_secs(3);

/// Where an issuer is: its name in tokens, exactly, and below which its metadata is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerAddress(String);

impl FromStr for IssuerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if fetch::is_safe(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err("an issuer begins with https:// (http:// only on this machine)".to_owned())
        }
    }
}

/// An issuer whose tokens for one audience we believe.
pub struct Issuer {
    name: String,
    metadata: String,
    audience: String,
    agent: Agent,
    kept: Mutex<Option<Kept>>,
    /// When it was last asked; held while it is asked, so that one asks for all.
    asked: tokio::sync::Mutex<Option<Moment>>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<Vec<Key>>,
    at: Moment,
}

impl Kept {
    fn position(&self, token: &Jose) -> Option<usize> {
        let mut keys = self.keys.iter();
        keys.position(|key| key.fits(&token.key_id, token.algorithm))
    }
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issuer({})", self.name)
    }
}

impl Issuer {
    /// An authorization server such as Maskinporten (RFC 8414).
    #[must_use]
    pub fn of_machines(address: &IssuerAddress, audience: &str) -> Self {
        Self::new(&address.0, "oauth-authorization-server", audience)
    }

    /// A provider of employees' identities (`OpenID` Connect Discovery).
    #[must_use]
    pub fn of_people(address: &IssuerAddress, audience: &str) -> Self {
        Self::new(&address.0, "openid-configuration", audience)
    }

    fn new(name: &str, document: &str, audience: &str) -> Self {
        Self {
            name: name.to_owned(),
            metadata: format!("{}/.well-known/{document}", name.trim_end_matches('/')),
            audience: audience.to_owned(),
            agent: fetch::agent(),
            kept: Mutex::default(),
            asked: tokio::sync::Mutex::default(),
        }
    }

    /// Its name, as its tokens bear it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a token of this issuer claims, if it is signed by it, for us, and now.
    pub(in crate::auth) async fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        now: Instant,
    ) -> Result<C, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        let jose = Jose::find(token).ok_or_else(refused)?;
        // Read before a key is asked for: what is not meant for us, or not of the right form, leads to no call.
        if !jose.is_meant(&self.name, &self.audience, now) || jose.claims::<C>().is_none() {
            return Err(refused());
        }
        let kept = self.keys_for(&jose).await?;
        let key = kept
            .position(&jose)
            .and_then(|place| kept.keys.get(place))
            .ok_or_else(refused)?;
        let mut validation = Validation::new(jose.algorithm);
        // All but the signature is checked above, against the clock of the house.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verified = jsonwebtoken::decode::<C>(token, &key.decoding, &validation);
        Ok(verified.map_err(|_| refused())?.claims)
    }

    /// The issuer's keys, asked for anew when the token's is not among them or they have become old.
    async fn keys_for(&self, token: &Jose) -> Result<Kept, Problem> {
        let known = self.kept();
        let has_key = known
            .as_ref()
            .is_some_and(|it| it.position(token).is_some());
        if let Some(kept) = known.filter(|kept| has_key && kept.at.elapsed() < FRESH) {
            return Ok(kept);
        }
        self.ask_again(has_key).await;
        match self.kept() {
            Some(kept) if kept.at.elapsed() < STALE_MAX => Ok(kept),
            _ => Err(Problem::busy(format!(
                "the keys of {} are not known",
                self.name
            ))),
        }
    }

    /// Asks the issuer, unless that was done a moment ago. Who has a key already does not wait for somebody else's answer.
    async fn ask_again(&self, has_key: bool) {
        let mut asked = match self.asked.try_lock() {
            Ok(asked) => asked,
            Err(_) if has_key => return,
            Err(_) => self.asked.lock().await,
        };
        let pause = if self.kept().is_some() {
            REFETCH
        } else {
            RETRY
        };
        if asked.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        *asked = Some(Moment::now());
        let (agent, name, metadata) =
            (self.agent.clone(), self.name.clone(), self.metadata.clone());
        let fetching =
            tokio::task::spawn_blocking(move || fetch::keys_of(&agent, &name, &metadata));
        match fetching.await {
            Ok(Ok(keys)) => {
                let kept = Kept {
                    keys: Arc::new(keys),
                    at: Moment::now(),
                };
                *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
            }
            Ok(Err(fault)) => {
                tracing::warn!(issuer = self.name, fault, "an issuer's keys cannot be had");
            }
            Err(_) => tracing::error!(issuer = self.name, "panic while fetching keys"),
        }
    }

    fn kept(&self) -> Option<Kept> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }
}
