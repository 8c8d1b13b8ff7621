//! Signing in by a municipality's own issuer: whom it means, for how much it counts, and what it is not believed.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::role_requests::approve_all;
use crate::support::actor::{Actor, Answer};
use crate::support::issuer::{SigningKey, TestIssuer};
use crate::support::town::{Town, username};
use crate::support::{Bench, cases};

const CLIENT: &str = "stjordal-client";
const SUBJECT: &str = "a9f1c2";

/// A town whose first auditor the tests' issuer knows.
async fn open(bench: Bench) -> Town {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let provider = name(&town, &admin, CLIENT).await.ok();
    let auditor = town
        .actor(Role::Auditor)
        .await
        .get("/auth/me")
        .await
        .ok()
        .id();
    let linked = link(&admin, &auditor, &provider.id(), SUBJECT).await.ok();
    assert_eq!(linked.body["requestedRoles"], json!(["AUDITOR"]));
    approve_all(&town).await;
    town
}

async fn name(town: &Town, admin: &Actor, audience: &str) -> Answer {
    let body =
        json!({"issuer": town.issuer.url, "audience": audience, "strongAcr": ["mfa", "high"]});
    admin.post("/identity-providers", &body).await
}

async fn link(admin: &Actor, user: &str, provider: &str, subject: &str) -> Answer {
    let body = json!({"providerId": provider, "subject": subject});
    let version = admin.get(&format!("/users/{user}")).await.ok().version();
    admin
        .act(&format!("/users/{user}/link-identity"), version, &body)
        .await
}

fn signed(town: &Town, claims: &Value) -> String {
    town.issuer.sign(&town.issuer.header(), claims)
}

async fn exchange(town: &Town, token: &str) -> Answer {
    town.nobody()
        .post("/auth/exchange", &json!({"idToken": token}))
        .await
}

async fn an_employee_signs_in_by_the_municipalitys_own_issuer(bench: Bench) {
    let town = open(bench).await;
    let token = signed(&town, &town.issuer.identity(CLIENT, SUBJECT));
    let answer = exchange(&town, &token).await.ok();
    let auditor = town.bearer(answer.body["accessToken"].as_str().unwrap());
    let me = auditor.get("/auth/me").await.ok();
    assert_eq!(me.body["username"], username("stjordal", Role::Auditor, 1));
    assert_eq!(me.body["isStrong"], true);
    auditor.get("/audit/entries").await.ok();
    let renew = json!({"refreshToken": answer.body["refreshToken"]});
    town.nobody().post("/auth/refresh", &renew).await.ok();
    // The token works once.
    exchange(&town, &token)
        .await
        .refused(401, "unauthenticated");
}

async fn an_issuer_that_saw_one_factor_vouches_for_no_more(bench: Bench) {
    let town = open(bench).await;
    let mut claims = town.issuer.identity(CLIENT, SUBJECT);
    claims["amr"] = json!(["pwd"]);
    let answer = exchange(&town, &signed(&town, &claims)).await.ok();
    let auditor = town.bearer(answer.body["accessToken"].as_str().unwrap());
    auditor
        .get("/audit/entries")
        .await
        .refused(403, "second_factor_needed");
    // Nor does one that saw somebody long ago vouch for now.
    let mut claims = town.issuer.identity(CLIENT, SUBJECT);
    claims["auth_time"] = json!(claims["iat"].as_i64().unwrap() - 301);
    claims["acr"] = json!("high");
    let answer = exchange(&town, &signed(&town, &claims)).await.ok();
    let auditor = town.bearer(answer.body["accessToken"].as_str().unwrap());
    auditor.get("/audit/entries").await.ok();
    let export = auditor
        .get("/audit/export.csv?from=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z")
        .await;
    export.refused(401, "step_up_needed");
}

async fn whom_nobody_linked_does_not_get_in(bench: Bench) {
    let town = open(bench).await;
    let stranger = signed(&town, &town.issuer.identity(CLIENT, "another"));
    exchange(&town, &stranger)
        .await
        .refused(403, "identity_not_linked");
    // A name or an address in the token makes nobody an employee.
    let mut claims = town.issuer.identity(CLIENT, "another");
    claims["email"] = json!(username("stjordal", Role::Auditor, 1));
    claims["preferred_username"] = claims["email"].clone();
    let stranger = signed(&town, &claims);
    exchange(&town, &stranger)
        .await
        .refused(403, "identity_not_linked");
    // A closed account or a closed issuer lets nobody in.
    let admin = town.actor(Role::Admin).await;
    let auditor = town
        .actor(Role::Auditor)
        .await
        .get("/auth/me")
        .await
        .ok()
        .id();
    let version = admin.get(&format!("/users/{auditor}")).await.ok().version();
    admin
        .act(&format!("/users/{auditor}/disable"), version, &json!({}))
        .await
        .ok();
    let token = signed(&town, &town.issuer.identity(CLIENT, SUBJECT));
    exchange(&town, &token)
        .await
        .refused(403, "identity_not_linked");
    let provider = admin.get("/identity-providers").await.ok().items()[0]["id"].clone();
    let path = format!("/identity-providers/{}/close", provider.as_str().unwrap());
    admin.act(&path, 1, &json!({})).await.ok();
    admin
        .act(&path, 2, &json!({}))
        .await
        .refused(409, "provider_closed");
    exchange(&town, &token)
        .await
        .refused(401, "unauthenticated");
}

async fn an_issuer_and_a_subject_belong_to_one(bench: Bench) {
    let town = open(bench).await;
    let (admin, stranger) = (
        town.actor(Role::Admin).await,
        town.stranger(Role::Admin).await,
    );
    name(&town, &admin, CLIENT)
        .await
        .refused(409, "issuer_taken");
    name(&town, &stranger, CLIENT)
        .await
        .refused(409, "issuer_taken");
    let provider = admin.get("/identity-providers").await.ok().items()[0]["id"].clone();
    let kari = town
        .actor(Role::Caseworker)
        .await
        .get("/auth/me")
        .await
        .ok()
        .id();
    let taken = link(&admin, &kari, provider.as_str().unwrap(), SUBJECT).await;
    taken.refused(409, "identity_taken");
    let unknown = link(&admin, &kari, &kari, "x").await;
    assert_eq!((unknown.status, unknown.code()), (400, "invalid_fields"));
    let body = json!({"issuer": "http://login.example", "audience": "x", "strongAcr": []});
    let unsafe_one = admin.post("/identity-providers", &body).await;
    unsafe_one.refused(400, "issuer_unsafe");
    // Another municipality sees nothing of it.
    assert_eq!(
        stranger.get("/identity-providers").await.ok().items().len(),
        0
    );
}

async fn a_token_that_is_not_for_us_now_and_whole_is_refused(bench: Bench) {
    let town = open(bench).await;
    let evil = TestIssuer::start(town.clock.clone());
    let good = town.issuer.identity(CLIENT, SUBJECT);
    let now = good["iat"].as_i64().unwrap();
    for (name, value) in [
        ("iss", json!("https://other.example")),
        ("iss", json!(evil.url)),
        ("aud", json!("another-client")),
        ("aud", json!([])),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("exp", json!(now - 6)),
        ("exp", json!(1e300)),
        ("iat", json!(now - 301)),
        ("iat", json!(now + 60)),
        ("iat", json!(i64::MAX)),
        ("nonce", json!("of somebody else's sign-in")),
        ("auth_time", json!("yesterday")),
        ("pad", json!("x".repeat(9_000))),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        let answer = exchange(&town, &signed(&town, &claims)).await;
        assert!(
            matches!(answer.status, 400 | 401),
            "{name}: {}",
            answer.text
        );
    }
    for name in ["iss", "aud", "sub", "exp", "iat"] {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        let answer = exchange(&town, &signed(&town, &claims)).await;
        answer.refused(401, "unauthenticated");
    }
    let own = SigningKey::p256("mine");
    let mut headers = Vec::new();
    for changes in [
        json!({"jwk": own.jwk()}),
        json!({"jku": format!("{}jwks", evil.url)}),
        json!({"x5u": format!("{}jwks", evil.url)}),
        json!({"x5c": ["MIIB"]}),
        json!({"crit": ["exp"]}),
        json!({"kid": "../../dev/null"}),
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
    ] {
        let mut header = town.issuer.header();
        for (name, value) in changes.as_object().unwrap() {
            header[name] = value.clone();
        }
        headers.push(header);
    }
    for header in headers {
        let answer = exchange(&town, &town.issuer.sign(&header, &good)).await;
        answer.refused(401, "unauthenticated");
    }
    assert_eq!(evil.asked(), 0, "the service called where a token pointed");
    // An access token of ours or of Maskinporten's is no ID token, nor the other way round.
    let id_token = signed(&town, &good);
    town.bearer(&id_token)
        .get("/auth/me")
        .await
        .refused(401, "unauthenticated");
    let machine = town.issuer.token("889640782", "rettbolig:nav.read");
    exchange(&town, &machine)
        .await
        .refused(401, "unauthenticated");
    exchange(&town, &id_token).await.ok();
}

async fn a_nonce_binds_a_token_to_the_sign_in_that_asked_for_it(bench: Bench) {
    let town = open(bench).await;
    let mut claims = town.issuer.identity(CLIENT, SUBJECT);
    claims["nonce"] = json!("n-0S6");
    let token = signed(&town, &claims);
    let with = |nonce: &str| json!({"idToken": token, "nonce": nonce});
    let nobody = town.nobody();
    exchange(&town, &token)
        .await
        .refused(401, "unauthenticated");
    let wrong = nobody.post("/auth/exchange", &with("other")).await;
    wrong.refused(401, "unauthenticated");
    nobody.post("/auth/exchange", &with("n-0S6")).await.ok();
}

cases::cases![
    an_employee_signs_in_by_the_municipalitys_own_issuer,
    an_issuer_that_saw_one_factor_vouches_for_no_more,
    whom_nobody_linked_does_not_get_in,
    an_issuer_and_a_subject_belong_to_one,
    a_token_that_is_not_for_us_now_and_whole_is_refused,
    a_nonce_binds_a_token_to_the_sign_in_that_asked_for_it,
];
