//! A signed token as it came, before anything in it is believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::clock::Instant;

/// Longest token that is looked at.
pub(in crate::auth) const TOKEN_BYTES_MAX: usize = 8192;
/// Longest id of a key.
const KEY_ID_BYTES_MAX: usize = 200;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 5;

/// A token whose header is harmless and whose claims can be read. Its signature is not verified yet.
pub(in crate::auth) struct Jose {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: String,
    claims: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    // Whatever would let the token choose its own key, or change the meaning of the header.
    jku: Option<IgnoredAny>,
    jwk: Option<IgnoredAny>,
    x5u: Option<IgnoredAny>,
    x5c: Option<IgnoredAny>,
    crit: Option<IgnoredAny>,
    enc: Option<IgnoredAny>,
    zip: Option<IgnoredAny>,
}

impl Header {
    const fn brings_something(&self) -> bool {
        self.jku.is_some()
            || self.jwk.is_some()
            || self.x5u.is_some()
            || self.x5c.is_some()
            || self.crit.is_some()
            || self.enc.is_some()
            || self.zip.is_some()
    }
}

/// The claims by which a token is found to be ours to judge, and timely.
#[derive(Deserialize)]
struct Frame {
    iss: String,
    aud: Option<Audience>,
    exp: i64,
    nbf: Option<i64>,
    iat: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Named {
    iss: String,
    aud: Option<Audience>,
}

/// Who says that they issued the token, if it says so.
pub(in crate::auth) fn issuer_of(token: &str) -> Option<String> {
    let (_, claims) = parts(token)?;
    let named: Named = serde_json::from_slice(&claims).ok()?;
    Some(named.iss)
}

/// Who says that they issued the token, and for whom, if it says so.
pub(in crate::auth) fn issuer_and_audiences_of(token: &str) -> Option<(String, Vec<String>)> {
    let (_, claims) = parts(token)?;
    let named: Named = serde_json::from_slice(&claims).ok()?;
    let audiences = match named.aud? {
        Audience::One(one) => vec![one],
        Audience::Many(many) => many,
    };
    Some((named.iss, audiences))
}

impl Jose {
    /// Reads a token, if its header is one that we let choose a key.
    pub(in crate::auth) fn find(token: &str) -> Option<Self> {
        let (header, claims) = parts(token)?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        if header.brings_something() {
            return None;
        }
        let key_id = header
            .kid
            .filter(|id| (1..=KEY_ID_BYTES_MAX).contains(&id.len()))?;
        Some(Self {
            algorithm: header.alg.parse().ok()?,
            key_id,
            claims,
        })
    }

    /// Whether the token says to be of this issuer, for this audience, and now.
    pub(super) fn is_meant(&self, issuer: &str, audience: &str, now: Instant) -> bool {
        let Some(frame) = self.claims::<Frame>() else {
            return false;
        };
        let for_us = match frame.aud {
            None => false,
            Some(Audience::One(one)) => one == audience,
            Some(Audience::Many(many)) => many.iter().any(|one| one == audience),
        };
        let now = now.timestamp().as_second();
        let begins = frame.nbf.into_iter().chain(frame.iat).max();
        frame.iss == issuer
            && for_us
            && frame.exp > now - LEEWAY
            && begins.is_none_or(|begins| begins <= now + LEEWAY)
    }

    /// The claims, if they have this form.
    pub(super) fn claims<C: DeserializeOwned>(&self) -> Option<C> {
        serde_json::from_slice(&self.claims).ok()
    }
}

/// Header and claims, decoded.
fn parts(token: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let mut parts = token.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let decoded = |part| URL_SAFE_NO_PAD.decode(part).ok();
    Some((decoded(header)?, decoded(claims)?))
}
