//! Access tokens: JWT after RFC 9068 (`typ: at+jwt`), signed with Ed25519, short-lived and strictly checked.

use std::sync::Arc;

use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::sessions::{Method, Proof};
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
    /// When the employee last showed who they are (RFC 9068).
    auth_time: i64,
    /// By one factor or by two.
    acr: String,
    amr: Vec<Method>,
}

/// Issues and checks access tokens.
pub struct Tokens {
    issuer: String,
    key_id: String,
    signing: EncodingKey,
    /// By their ids: the one that signs, and those that signed before it.
    checking: Vec<(String, DecodingKey)>,
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
            key_id: key_id(&public),
            signing: EncodingKey::from_ed_der(private.as_bytes()),
            checking: vec![(key_id(&public), DecodingKey::from_ed_der(public.as_bytes()))],
            validation,
            verified: Verified::new(),
        })
    }

    /// Takes tokens too that these keys signed before another took over.
    #[must_use]
    pub fn taking_also(mut self, retired: &[SigningKey]) -> Self {
        let public = retired.iter().map(SigningKey::verifying_key);
        let keys = public.map(|key| (key_id(&key), DecodingKey::from_ed_der(key.as_bytes())));
        self.checking.extend(keys);
        self
    }

    /// A token for a sign-in.
    pub fn issue(
        &self,
        municipality: MunicipalityId,
        user: UserId,
        session: SessionId,
        proof: &Proof,
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
            auth_time: proof.at.timestamp().as_second(),
            acr: if proof.is_strong { "aal2" } else { "aal1" }.to_owned(),
            amr: proof.methods.clone(),
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
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        if header.typ.as_deref() != Some(TYPE) || brings_something(&header) {
            return Err(refused());
        }
        let named = |(id, _): &&(String, DecodingKey)| header.kid.as_ref() == Some(id);
        let (_, key) = self.checking.iter().find(named).ok_or_else(refused)?;
        let data = jsonwebtoken::decode::<Claims>(token, key, &self.validation);
        Ok(data.map_err(|_| refused())?.claims)
    }
}

/// Whether the header carries what could choose a key or change its meaning: ours never do.
fn brings_something(header: &Header) -> bool {
    header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.crit.is_some()
}

fn key_id(key: &VerifyingKey) -> String {
    sha256(key.as_bytes()).to_hex().chars().take(16).collect()
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

    fn proof() -> Proof {
        Proof {
            methods: vec![Method::Password],
            is_strong: false,
            at: at(1_000_000),
        }
    }

    #[test]
    fn a_retired_key_still_checks_and_no_longer_signs() {
        let now = at(1_000_000);
        let issue = |tokens: &Tokens| {
            let ids = (Id::new(), Id::new(), Id::new());
            tokens.issue(ids.0, ids.1, ids.2, &proof(), now).unwrap()
        };
        let (old, new) = (
            tokens(1),
            tokens(2).taking_also(&[SigningKey::from_bytes(&[1; 32])]),
        );
        assert!(new.check(&issue(&old), now).is_ok());
        assert!(new.check(&issue(&new), now).is_ok());
        assert!(old.check(&issue(&new), now).is_err());
    }

    #[test]
    fn a_token_holds_for_its_ten_minutes_only() {
        let tokens = tokens(1);
        let token = tokens
            .issue(Id::new(), Id::new(), Id::new(), &proof(), at(1_000_000))
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
            .issue(Id::new(), Id::new(), Id::new(), &proof(), now)
            .unwrap();
        assert!(ours.check(&foreign, now).is_err());
        let elsewhere = Tokens::new(
            "https://b.example".into(),
            &SigningKey::from_bytes(&[1; 32]),
        );
        let token = elsewhere
            .unwrap()
            .issue(Id::new(), Id::new(), Id::new(), &proof(), now)
            .unwrap();
        assert!(ours.check(&token, now).is_err());
        let token = ours
            .issue(Id::new(), Id::new(), Id::new(), &proof(), now)
            .unwrap();
        let changed = token.replacen('.', ".e", 1);
        assert!(ours.check(&changed, now).is_err());
        let (head, _) = token.rsplit_once('.').unwrap();
        assert!(ours.check(&format!("{head}."), now).is_err());
    }
}
