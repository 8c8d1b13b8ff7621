//! Attacks by tokens that say to be Maskinporten's: 401, whatever is wrong, never a fault, and never a call to where the token points.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rettbolig::auth::Scope;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::issuer::{AUDIENCE, SigningKey, TestIssuer};
use crate::support::town::{ORGANISATION, Town};
use crate::support::{Bench, cases};

const HOMES: &str = "rettbolig:facilities.read";

async fn is_nobody(town: &Town, what: &str, token: &str) {
    let answer = town.bearer(token).get("/dwellings").await;
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    answer.refused(401, "unauthenticated");
}

/// A town, and somebody else's issuer to which tokens may point.
async fn open(bench: Bench) -> (Town, TestIssuer) {
    let town = Town::open(bench).await;
    // The one that is changed below is good as it stands.
    town.machine(Scope::FacilitiesRead)
        .await
        .get("/dwellings")
        .await
        .ok();
    let evil = TestIssuer::start(town.clock.clone());
    (town, evil)
}

async fn a_header_that_brings_its_own_key_is_refused_and_leads_nowhere(bench: Bench) {
    let (town, evil) = open(bench).await;
    let own = SigningKey::p256("mine");
    let forged = |header: &Value| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = town.issuer.claims(ORGANISATION, HOMES);
        let message = format!("{}.{}", part(header), part(&claims));
        format!(
            "{message}.{}",
            URL_SAFE_NO_PAD.encode(own.sign(message.as_bytes()))
        )
    };
    let jwks = format!("{}jwks", evil.url);
    let mut headers = vec![
        ("jwk", json!({"jwk": own.jwk()})),
        ("jku", json!({"jku": jwks})),
        ("x5u", json!({"x5u": jwks})),
        ("x5c", json!({"x5c": ["MIIB"]})),
        ("crit", json!({"crit": ["exp"]})),
        ("b64", json!({"b64": false, "crit": ["b64"]})),
        ("no kid", json!({"kid": null})),
        ("empty kid", json!({"kid": ""})),
        ("kid as a path", json!({"kid": "../../../dev/null"})),
        ("kid as SQL", json!({"kid": "first' UNION SELECT 1 --"})),
        ("kid as an address", json!({"kid": jwks})),
        ("kid as a number", json!({"kid": 1})),
        ("huge kid", json!({"kid": "k".repeat(3000)})),
        ("own key under its kid", json!({})),
        ("unknown algorithm", json!({"alg": "XX256"})),
        ("algorithm as a list", json!({"alg": ["ES256"]})),
    ];
    // A good signature does not make up for any of them but the plain one.
    for (what, changes) in headers.drain(..) {
        let mut header = town.issuer.header();
        for (name, value) in changes.as_object().unwrap() {
            header[name] = value.clone();
        }
        is_nobody(&town, what, &forged(&header)).await;
        if what != "own key under its kid" {
            let claims = town.issuer.claims(ORGANISATION, HOMES);
            is_nobody(&town, what, &town.issuer.sign(&header, &claims)).await;
        }
    }
    assert_eq!(evil.asked(), 0, "the service called where a token pointed");
    assert_eq!(
        town.issuer.asked(),
        1,
        "the issuer was asked more than once"
    );
}

async fn another_algorithm_than_the_keys_is_refused(bench: Bench) {
    let (town, _) = open(bench).await;
    let claims = town.issuer.claims(ORGANISATION, HOMES);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let with = |alg: &str| {
        let mut header = town.issuer.header();
        header["alg"] = json!(alg);
        format!("{}.{}", part(&header), part(&claims))
    };
    for alg in ["none", "None", "NONE", ""] {
        is_nobody(&town, alg, &format!("{}.", with(alg))).await;
    }
    let key = town.issuer.published();
    let point = [&key["x"], &key["y"]].map(|it| it.as_str().unwrap().to_owned());
    for secret in [key.to_string(), point.concat(), point[0].clone()] {
        let message = with("HS256");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        is_nobody(
            &town,
            "public key as secret",
            &format!("{message}.{signature}"),
        )
        .await;
    }
    let good = town.issuer.token(ORGANISATION, HOMES);
    let (message, signature) = good.rsplit_once('.').unwrap();
    for alg in ["RS256", "PS256", "ES384", "EdDSA", "HS256"] {
        is_nobody(&town, alg, &format!("{}.{signature}", with(alg))).await;
    }
    for (what, token) in [
        ("no signature", format!("{message}.")),
        (
            "zero signature",
            format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
        ),
        ("a part behind", format!("{good}.e30")),
        ("padding behind", format!("{good}=")),
    ] {
        is_nobody(&town, what, &token).await;
    }
}

async fn claims_that_are_missing_strange_or_huge_are_refused(bench: Bench) {
    let (town, _) = open(bench).await;
    let good = town.issuer.claims(ORGANISATION, HOMES);
    let signed = |claims: &Value| town.issuer.sign(&town.issuer.header(), claims);
    for name in ["aud", "exp", "scope", "consumer"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        is_nobody(&town, name, &signed(&claims)).await;
    }
    let now = good["iat"].as_i64().unwrap();
    let strange = [
        ("iss", json!(format!("{}x", town.issuer.url))),
        ("iss", json!(null)),
        ("aud", json!("https://other.example")),
        ("aud", json!([])),
        ("aud", json!({"a": AUDIENCE})),
        ("exp", json!(now - 6)),
        ("exp", json!("never")),
        ("exp", json!(1e300)),
        ("exp", json!(null)),
        ("iat", json!(now + 60)),
        ("nbf", json!(now + 60)),
        ("scope", json!(["rettbolig:facilities.read"])),
        ("scope", json!(7)),
        ("consumer", json!("0192:889640782")),
        ("consumer", json!({"authority": "iso6523-actorid-upis"})),
        (
            "consumer",
            json!({"authority": "other", "ID": "0192:889640782"}),
        ),
        (
            "consumer",
            json!({"authority": "iso6523-actorid-upis", "ID": "9908:889640782"}),
        ),
        (
            "consumer",
            json!({"authority": "iso6523-actorid-upis", "ID": "0192:889640783"}),
        ),
        (
            "supplier",
            json!({"authority": "iso6523-actorid-upis", "ID": "' OR 1=1"}),
        ),
        ("pad", json!("x".repeat(9000))),
    ];
    for (name, value) in strange {
        let mut claims = good.clone();
        claims[name] = value;
        is_nobody(&town, name, &signed(&claims)).await;
    }
    for claims in [json!(null), json!([]), json!("x"), json!(1)] {
        is_nobody(&town, "no claims", &signed(&claims)).await;
    }
    // Several audiences are well, if ours is among them; and a token may be used again while it lives.
    let mut claims = good.clone();
    claims["aud"] = json!(["https://other.example", AUDIENCE]);
    let token = signed(&claims);
    town.bearer(&token).get("/dwellings").await.ok();
    town.bearer(&token).get("/dwellings").await.ok();
    town.clock.advance(jiff::SignedDuration::from_secs(605));
    is_nobody(&town, "replayed when it is over", &token).await;
}

cases::cases![
    a_header_that_brings_its_own_key_is_refused_and_leads_nowhere,
    another_algorithm_than_the_keys_is_refused,
    claims_that_are_missing_strange_or_huge_are_refused,
];
