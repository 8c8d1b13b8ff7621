//! Tokens that are not ours, not now, or not for this: 401, whatever is wrong with them, and never a fault.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rettbolig::auth::Role;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::actor::Actor;
use crate::support::town::{OSLO, Town, secrets};
use crate::support::{Bench, cases};

/// The parts of a token that was really issued, to be changed one at a time.
#[derive(Clone)]
pub(crate) struct Forge {
    header: Value,
    claims: Value,
    key: SigningKey,
}

impl Forge {
    pub(crate) fn of(actor: &Actor) -> Self {
        let token = actor.token.as_deref().unwrap();
        let parts: Vec<Value> = token
            .split('.')
            .take(2)
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        let [header, claims] = parts.try_into().unwrap();
        let key = secrets().signing_key;
        Self {
            header,
            claims,
            key,
        }
    }

    fn header(&self, name: &str, value: Value) -> Self {
        let mut forge = self.clone();
        forge.header[name] = value;
        forge
    }

    pub(crate) fn claim(&self, name: &str, value: Value) -> Self {
        let mut forge = self.clone();
        forge.claims[name] = value;
        forge
    }

    fn without_claim(&self, name: &str) -> Self {
        let mut forge = self.clone();
        forge.claims.as_object_mut().unwrap().remove(name);
        forge
    }

    pub(crate) fn signed_with(&self, key: &SigningKey) -> Self {
        let key = key.clone();
        Self {
            key,
            ..self.clone()
        }
    }

    /// What is signed.
    fn message(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }

    pub(crate) fn token(&self) -> String {
        let message = self.message();
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signed as if the public key were a shared secret.
    fn token_hs256(&self, secret: &[u8]) -> String {
        let message = self.header("alg", json!("HS256")).message();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        let code = mac.finalize().into_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(code))
    }
}

async fn is_nobody(town: &Town, what: &str, token: &str) {
    let answer = town.bearer(token).get("/auth/me").await;
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    let answer = answer.refused(401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

async fn a_token_changed_in_one_thing_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let ours = Forge::of(&kari);
    // Made by the same hand but unchanged it is taken: so each refusal below is for its one change.
    town.bearer(&ours.token()).get("/auth/me").await.ok();

    let second = |claim: &str, by: i64| json!(ours.claims[claim].as_i64().unwrap() + by);
    let other_key = SigningKey::from_bytes(&[7; 32]);
    let other_public = URL_SAFE_NO_PAD.encode(other_key.verifying_key().as_bytes());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": other_public});
    let changed = [
        ("other key", ours.signed_with(&other_key)),
        (
            "embedded key",
            ours.header("jwk", jwk).signed_with(&other_key),
        ),
        ("other kid", ours.header("kid", json!("0123456789abcdef"))),
        ("kid as a path", ours.header("kid", json!("../../dev/null"))),
        ("no kid", ours.header("kid", Value::Null)),
        ("plain JWT", ours.header("typ", json!("JWT"))),
        ("no type", ours.header("typ", Value::Null)),
        ("ES256", ours.header("alg", json!("ES256"))),
        ("unknown algorithm", ours.header("alg", json!("X"))),
        ("other audience", ours.claim("aud", json!("other"))),
        (
            "other issuer",
            ours.claim("iss", json!("https://other.example")),
        ),
        ("expired", ours.claim("exp", second("iat", -6))),
        ("not yet valid", ours.claim("nbf", second("nbf", 60))),
        ("times as text", ours.claim("exp", json!("tomorrow"))),
        ("another municipality", ours.claim("mun", json!(OSLO))),
        (
            "another user",
            ours.claim("sub", json!(uuid::Uuid::now_v7())),
        ),
        (
            "another session",
            ours.claim("sid", json!(uuid::Uuid::now_v7())),
        ),
        (
            "a user that is no id",
            ours.claim("sub", json!("' OR 1=1 --")),
        ),
        ("huge", ours.claim("pad", json!("x".repeat(5000)))),
    ];
    for (what, forge) in &changed {
        is_nobody(&town, what, &forge.token()).await;
    }
    for claim in ["iss", "aud", "sub", "sid", "mun", "exp", "nbf"] {
        is_nobody(&town, claim, &ours.without_claim(claim).token()).await;
    }
}

async fn a_token_signed_some_other_way_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let ours = Forge::of(&kari);
    let public = ours.key.verifying_key();
    let token = ours.token();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let none = ours.header("alg", json!("none")).message();
    let shared = ours.token_hs256(public.as_bytes());
    let shared_hex = ours.token_hs256(ours.header["kid"].as_str().unwrap().as_bytes());
    let other_claims = ours.claim("roles", json!(["ADMIN"])).message();
    for (what, token) in [
        ("algorithm none", format!("{none}.")),
        ("algorithm none, signed", format!("{none}.{signature}")),
        ("public key as secret", shared),
        ("key id as secret", shared_hex),
        ("no signature", format!("{message}.")),
        ("no dot", message.replace('.', "")),
        ("other claims", format!("{other_claims}.{signature}")),
        ("garbage behind", format!("{token}x")),
        ("a part behind", format!("{token}.e30")),
        ("padding behind", format!("{token}=")),
        ("space within", token.replacen('.', ". ", 1)),
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("not base64", "*.*.*".to_owned()),
        ("long", "a".repeat(60_000)),
        (
            "deep",
            URL_SAFE_NO_PAD.encode("[".repeat(2_000)) + ".e30.e30",
        ),
    ] {
        is_nobody(&town, what, &token).await;
    }
    for scheme in ["Basic a2FyaTprYXJp", "Bearer", "", "Negotiate x", &token] {
        let nobody = town.nobody();
        let request = nobody.request(reqwest::Method::GET, "/auth/me");
        let answer = nobody.send(request.header("Authorization", scheme)).await;
        answer.refused(401, "unauthenticated");
    }
    town.nobody()
        .get("/auth/me")
        .await
        .refused(401, "unauthenticated");
}

async fn a_token_carries_no_rights_of_its_own(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let with_roles = Forge::of(&kari).claim("roles", json!(["ADMIN"])).token();
    let claiming = town.bearer(&with_roles);
    claiming.get("/users").await.refused(403, "forbidden");
    let me = claiming.get("/auth/me").await.ok();
    assert_eq!(me.body["roles"], json!(["CASEWORKER"]));
    // A role without the right is told so before its body is even looked at.
    let manager = town.actor(Role::HousingManager).await;
    manager
        .post("/people", &json!({"nonsense": true}))
        .await
        .refused(403, "forbidden");
    // A wrong refresh token is as little as none.
    let good = format!("{}.{}", OSLO.uuid().simple(), "A".repeat(43));
    for token in [good.as_str(), "", ".", "x.y", &with_roles] {
        let body = json!({"refreshToken": token});
        let answer = town.nobody().post("/auth/refresh", &body).await;
        assert!((400..=401).contains(&answer.status), "{}", answer.text);
    }
}

cases::cases![
    a_token_changed_in_one_thing_is_refused,
    a_token_signed_some_other_way_is_refused,
    a_token_carries_no_rights_of_its_own,
];
