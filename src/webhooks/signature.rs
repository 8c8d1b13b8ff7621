//! Signatures of Standard Webhooks: `v1` by a shared secret, `v1a` by a key pair.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::secrets::Secrets;

/// How far a receiver's clock and the sender's may differ, in seconds: what the specification recommends.
const TOLERANCE_SECONDS: i64 = 5 * 60;

/// Why a signature is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The time is too far off: an old request sent again, or a wrong clock.
    #[error("the time of the request is too far from now")]
    OutOfTime,
    /// None of the signatures was made by a known key over this content.
    #[error("no signature fits")]
    NoneFits,
}

/// The value of `webhook-signature`: by each of these secrets both ways, separated by spaces.
#[must_use]
pub fn sign(secrets: &[Secrets], id: &str, timestamp: i64, body: &str) -> String {
    let content = content(id, timestamp, body);
    let signatures = secrets.iter().flat_map(|secrets| {
        let shared = STANDARD.encode(mac(secrets, &content));
        let paired = STANDARD.encode(secrets.signing_key().sign(content.as_bytes()).to_bytes());
        [format!("v1,{shared}"), format!("v1a,{paired}")]
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// Holds a request to its signatures, as a receiver who knows only the public key does.
pub fn verify(
    key: &VerifyingKey,
    id: &str,
    timestamp: i64,
    now: i64,
    body: &str,
    signatures: &str,
) -> Result<(), SignatureFault> {
    if now.abs_diff(timestamp) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(SignatureFault::OutOfTime);
    }
    let content = content(id, timestamp, body);
    let fits = signatures
        .split(' ')
        .filter_map(|it| it.strip_prefix("v1a,"))
        .filter_map(|it| STANDARD.decode(it).ok())
        .filter_map(|it| Signature::from_slice(&it).ok())
        .any(|it| key.verify_strict(content.as_bytes(), &it).is_ok());
    if fits {
        Ok(())
    } else {
        Err(SignatureFault::NoneFits)
    }
}

fn content(id: &str, timestamp: i64, body: &str) -> String {
    format!("{id}.{timestamp}.{body}")
}

fn mac(secrets: &Secrets, content: &str) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secrets.shared()) else {
        return Vec::new();
    };
    mac.update(content.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;

    #[test]
    fn the_shared_signature_is_that_of_the_specification() {
        // The example of the specification's own libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secrets = Secrets::of(&secret, [7; 32]);
        let signatures = sign(&[secrets], ID, 1_614_265_330, BODY);
        let first = signatures.split(' ').next().unwrap();
        assert_eq!(first, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_changed_old_or_foreign_request_is_refused() {
        let (secrets, other) = (
            Secrets::of(&[1; 32], [2; 32]),
            Secrets::of(&[1; 32], [3; 32]),
        );
        let signatures = sign(&[other.clone(), secrets.clone()], ID, 1000, BODY);
        let check = |id, time, now, body| {
            let key = secrets.signing_key().verifying_key();
            verify(&key, id, time, now, body, &signatures)
        };
        assert_eq!(check(ID, 1000, 1299, BODY), Ok(()));
        assert_eq!(check(ID, 1000, 701, BODY), Ok(()));
        assert_eq!(check(ID, 1000, 1301, BODY), Err(SignatureFault::OutOfTime));
        assert_eq!(check(ID, 1000, 1000, "{}"), Err(SignatureFault::NoneFits));
        assert_eq!(
            check("msg_2", 1000, 1000, BODY),
            Err(SignatureFault::NoneFits)
        );
        assert_eq!(check(ID, 1001, 1001, BODY), Err(SignatureFault::NoneFits));
        let alone = sign(&[other], ID, 1000, BODY);
        let key = secrets.signing_key().verifying_key();
        assert!(verify(&key, ID, 1000, 1000, BODY, &alone).is_err());
    }
}
