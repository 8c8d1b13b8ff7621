//! An issuer's published keys (RFC 7517): those that can verify something we accept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// RSA keys shorter than this verify nothing (NIST SP 800-131A): 2048 bits.
const RSA_BYTES_MIN: usize = 256;
/// Longer ones only cost time: 8192 bits.
const RSA_BYTES_MAX: usize = 1024;
/// Keys of an issuer that are looked at.
const KEYS_MAX: usize = 50;

const RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// A public key and what it may verify.
pub(super) struct Key {
    id: String,
    algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
}

impl Key {
    /// Whether the key has this id and may verify signatures of this algorithm.
    pub(super) fn fits(&self, id: &str, algorithm: Algorithm) -> bool {
        self.id == id && self.algorithms.contains(&algorithm)
    }
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys in a JWKS document. One that we cannot use is passed over; a document that is none has no keys.
pub(super) fn read(document: &[u8]) -> Vec<Key> {
    let Ok(published) = serde_json::from_slice::<Published>(document) else {
        return Vec::new();
    };
    let jwks = published.keys.into_iter().take(KEYS_MAX);
    jwks.filter_map(|jwk| find_key(serde_json::from_value(jwk).ok()?))
        .collect()
}

fn find_key(jwk: Jwk) -> Option<Key> {
    if jwk.purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let (decoding, known) = match jwk.kty.as_str() {
        "RSA" => {
            let (modulus, exponent) = (jwk.n?, jwk.e?);
            let length = URL_SAFE_NO_PAD.decode(&modulus).ok()?.len();
            if !(RSA_BYTES_MIN..=RSA_BYTES_MAX).contains(&length) {
                return None;
            }
            let key = DecodingKey::from_rsa_components(&modulus, &exponent).ok()?;
            (key, RSA.to_vec())
        }
        "EC" if jwk.crv.as_deref() == Some("P-256") => {
            let key = DecodingKey::from_ec_components(&jwk.x?, &jwk.y?).ok()?;
            (key, vec![Algorithm::ES256])
        }
        _ => return None,
    };
    let algorithms = match jwk.alg {
        None => known,
        Some(alg) => {
            let only = alg.parse().ok()?;
            known.into_iter().filter(|it| *it == only).collect()
        }
    };
    Some(Key {
        id: jwk.kid?,
        algorithms,
        decoding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_sign_what_we_accept_are_taken() {
        let long = URL_SAFE_NO_PAD.encode([0xc5; 256]);
        let short = URL_SAFE_NO_PAD.encode([0xc5; 128]);
        let document = serde_json::json!({"keys": [
            {"kty": "RSA", "kid": "good", "n": long, "e": "AQAB"},
            {"kty": "RSA", "kid": "named", "alg": "RS256", "use": "sig", "n": long, "e": "AQAB"},
            {"kty": "RSA", "kid": "short", "n": short, "e": "AQAB"},
            {"kty": "RSA", "kid": "for-encryption", "use": "enc", "n": long, "e": "AQAB"},
            {"kty": "RSA", "n": long, "e": "AQAB"},
            {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
            {"kty": "EC", "kid": "other-curve", "crv": "P-521", "x": "AA", "y": "AA"},
            {"kid": "nothing"}, 7
        ]});
        let keys = read(document.to_string().as_bytes());
        let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, ["good", "named"]);
        assert!(keys[0].fits("good", Algorithm::PS256));
        assert!(!keys[0].fits("good", Algorithm::ES256));
        assert!(!keys[1].fits("named", Algorithm::PS256));
        assert!(read(b"<html>").is_empty());
    }
}
