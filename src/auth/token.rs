//! Access tokens: JWT after RFC 9068 (`typ: at+jwt`), signed with Ed25519, short-lived and strictly checked.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::verified::Verified;
use crate::audit::sha256;
use crate::clock::Instant;
use crate::ids::{Id, MunicipalityId, SessionId, UserId, kind};
use crate::problem::{Problem, UNAUTHENTICATED};

/// How long an access token lives.
pub const ACCESS_SECONDS: i64 = 600;
/// How far clocks may differ.
const LEEWAY_SECONDS: i64 = 5;
/// Longest token that is looked at.
const TOKEN_BYTES_MAX: usize = 4096;
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "rettbolig";

/// What a token says. Roles are deliberately not in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub sub: UserId,
    /// The sign-in.
    pub sid: SessionId,
    /// The municipality.
    pub mun: MunicipalityId,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Id<kind::Correlation>,
}

/// Issues and checks access tokens.
pub struct Tokens {
    issuer: String,
    key_id: String,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    verified: Verified<Claims>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tokens({})", self.key_id)
    }
}

impl Tokens {
    /// Tokens of this issuer, signed with this key.
    pub fn new(issuer: String, key: &SigningKey) -> Result<Self, Problem> {
        let private = key
            .to_pkcs8_der()
            .map_err(|error| Problem::internal(error.to_string()))?;
        let public = key.verifying_key();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The times are checked below against the clock of the house.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            issuer,
            key_id: sha256(public.as_bytes())
                .to_hex()
                .chars()
                .take(16)
                .collect(),
            signing: EncodingKey::from_ed_der(private.as_bytes()),
            checking: DecodingKey::from_ed_der(public.as_bytes()),
            validation,
            verified: Verified::new(),
        })
    }

    /// A token for a sign-in.
    pub fn issue(
        &self,
        municipality: MunicipalityId,
        user: UserId,
        session: SessionId,
        now: Instant,
    ) -> Result<String, Problem> {
        let seconds = now.timestamp().as_second();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            mun: municipality,
            iat: seconds,
            nbf: seconds,
            exp: seconds + ACCESS_SECONDS,
            jti: Id::new(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|error| Problem::internal(error.to_string()))
    }

    /// What a token says, if all of it holds: our key, type, algorithm, issuer, audience, and times.
    pub fn check(&self, token: &str, now: Instant) -> Result<Arc<Claims>, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        if token.len() > TOKEN_BYTES_MAX {
            return Err(refused());
        }
        let claims = self.verified.claims(token, || self.verify(token))?;
        let leeway = SignedDuration::from_secs(LEEWAY_SECONDS);
        let (early, late) = (now.plus(-leeway), now.plus(leeway));
        let in_time = claims.exp > early.timestamp().as_second()
            && claims.nbf <= late.timestamp().as_second();
        if in_time { Ok(claims) } else { Err(refused()) }
    }

    /// What a token says, if we made it for this service, whatever the time.
    fn verify(&self, token: &str) -> Result<Claims, Problem> {
        let refused = || Problem::new(&UNAUTHENTICATED);
        let data = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| refused())?;
        let ours = data.header.typ.as_deref() == Some(TYPE)
            && data.header.kid.as_deref() == Some(self.key_id.as_str());
        if ours {
            Ok(data.claims)
        } else {
            Err(refused())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(seed: u8) -> Tokens {
        Tokens::new(
            "https://a.example".into(),
            &SigningKey::from_bytes(&[seed; 32]),
        )
        .unwrap()
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_token_holds_for_its_ten_minutes_only() {
        let tokens = tokens(1);
        let token = tokens
            .issue(Id::new(), Id::new(), Id::new(), at(1_000_000))
            .unwrap();
        assert!(tokens.check(&token, at(1_000_000 - 5)).is_ok());
        assert!(tokens.check(&token, at(1_000_000 - 6)).is_err());
        assert!(
            tokens
                .check(&token, at(1_000_000 + ACCESS_SECONDS + 4))
                .is_ok()
        );
        assert!(
            tokens
                .check(&token, at(1_000_000 + ACCESS_SECONDS + 6))
                .is_err()
        );
    }

    #[test]
    fn another_key_another_issuer_and_any_change_are_refused() {
        let ours = tokens(1);
        let now = at(1_000_000);
        let foreign = tokens(2)
            .issue(Id::new(), Id::new(), Id::new(), now)
            .unwrap();
        assert!(ours.check(&foreign, now).is_err());
        let elsewhere = Tokens::new(
            "https://b.example".into(),
            &SigningKey::from_bytes(&[1; 32]),
        );
        let token = elsewhere
            .unwrap()
            .issue(Id::new(), Id::new(), Id::new(), now)
            .unwrap();
        assert!(ours.check(&token, now).is_err());
        let token = ours.issue(Id::new(), Id::new(), Id::new(), now).unwrap();
        let changed = token.replacen('.', ".e", 1);
        assert!(ours.check(&changed, now).is_err());
        let (head, _) = token.rsplit_once('.').unwrap();
        assert!(ours.check(&format!("{head}."), now).is_err());
    }
}
