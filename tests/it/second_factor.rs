//! The second factor: who needs it, how one begins with it, and when one shows it again.

use rettbolig::auth::{Role, code_at};
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::town::{PASSWORD, Town, username};
use crate::support::{Bench, cases};

async fn log_in(town: &Town, username: &str, code: Option<&str>) -> Answer {
    let mut body = json!({"username": username, "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    town.nobody().post("/auth/login", &body).await
}

fn bearer(town: &Town, answer: &Answer) -> Actor {
    town.bearer(answer.body["accessToken"].as_str().unwrap())
}

fn wait(town: &Town, seconds: i64) {
    town.clock.advance(jiff::SignedDuration::from_secs(seconds));
}

async fn whoever_has_a_second_factor_shows_it_and_each_code_once(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = username("stjordal", Role::Auditor, 1);
    log_in(&town, &auditor, None)
        .await
        .refused(401, "second_factor_missing");
    log_in(&town, &auditor, Some("000000"))
        .await
        .refused(401, "bad_code");
    let code = town.code();
    // Of several at once with the same code, one gets in.
    let tries = [(); 4].map(|()| log_in(&town, &auditor, Some(&code)));
    let answers = futures_util::future::join_all(tries).await;
    let in_by_it: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(in_by_it.len(), 1);
    let me = bearer(&town, in_by_it[0]);
    me.get("/audit/entries").await.ok();
    assert_eq!(me.get("/auth/me").await.ok().body["isStrong"], true);
    log_in(&town, &auditor, Some(&code))
        .await
        .refused(401, "bad_code");
    wait(&town, 30);
    log_in(&town, &auditor, Some(&town.code())).await.ok();
    // A wrong password is told before anything of a code.
    let body = json!({"username": auditor, "password": "wrong horse", "code": town.code()});
    let wrong = town.nobody().post("/auth/login", &body).await;
    wrong.refused(401, "bad_credentials");
}

async fn a_role_that_decides_counts_only_with_a_second_factor(bench: Bench) {
    let town = Town::open(bench).await;
    for (role, path) in [
        (Role::Admin, "/users"),
        (Role::Auditor, "/audit/entries"),
        (Role::PrivacyOfficer, "/audit/entries"),
        (Role::DecisionMaker, "/applications"),
    ] {
        let weak = town.sign_in_weakly(&username("stjordal", role, 1)).await;
        weak.get(path).await.refused(403, "second_factor_needed");
        assert_eq!(
            weak.get("/auth/me").await.ok().body["needsSecondFactor"],
            true
        );
        town.actor(role).await.get(path).await.ok();
    }
    let kari = town
        .sign_in_weakly(&username("stjordal", Role::Caseworker, 1))
        .await;
    kari.get("/applications").await.ok();
}

async fn one_begins_with_a_second_factor_and_an_administrator_resets_a_lost_one(bench: Bench) {
    let town = Town::open(bench).await;
    let (name, admin) = (
        username("stjordal", Role::Auditor, 2),
        town.actor(Role::Admin).await,
    );
    let id = town.sign_in(&name).await.get("/auth/me").await.ok().id();
    let path = format!("/users/{id}/reset-second-factor");
    let reset = admin.act(&path, 1, &json!({})).await.ok();
    assert_eq!(reset.body["hasSecondFactor"], false);
    admin
        .act(&path, 2, &json!({}))
        .await
        .refused(409, "no_second_factor");
    let first = log_in(&town, &name, None).await.ok();
    let auditor = bearer(&town, &first);
    // Whoever takes a second factor could begin with another: the role rests until another administrator has looked at it.
    auditor
        .get("/audit/entries")
        .await
        .refused(403, "forbidden");
    let begun = auditor.post("/auth/second-factor", &json!({})).await.ok();
    let secret = begun.body["secret"].as_str().unwrap().to_owned();
    let uri = begun.body["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/rettbolig:") && uri.contains(&secret),
        "{uri}"
    );
    // As long as no code has come back it counts for nothing.
    log_in(&town, &name, None).await.ok();
    let show = |code: &str| json!({ "code": code });
    let confirm = "/auth/second-factor/confirm";
    auditor
        .post(confirm, &show("000000"))
        .await
        .refused(403, "wrong_code");
    let code = code_at(&secret, town.clock.now()).unwrap();
    let confirmed = auditor.post(confirm, &show(&code)).await.ok();
    let other = town.another(Role::Admin).await;
    let rests = other.get("/role-requests").await.ok();
    let rests = rests.items()[0]["id"].as_str().unwrap();
    let approve = format!("/role-requests/{rests}/approve");
    other.act(&approve, 1, &json!({})).await.ok();
    bearer(&town, &confirmed).get("/audit/entries").await.ok();
    auditor
        .post(confirm, &show(&code))
        .await
        .refused(409, "no_second_factor");
    let again = auditor.post("/auth/second-factor", &json!({})).await;
    again.refused(409, "second_factor_exists");
    log_in(&town, &name, None)
        .await
        .refused(401, "second_factor_missing");
}

async fn some_actions_ask_again_after_five_minutes(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let export = "/audit/export.csv?from=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z";
    auditor.get(export).await.ok();
    wait(&town, 300);
    auditor.get(export).await.ok();
    wait(&town, 1);
    auditor.get("/audit/entries").await.ok();
    let asked = auditor.get(export).await;
    let challenge = asked.header("www-authenticate").unwrap().to_owned();
    asked.refused(401, "step_up_needed");
    assert!(
        challenge.contains("insufficient_user_authentication") && challenge.contains("max_age=300")
    );
    let show = |code: &str| json!({ "code": code });
    auditor
        .post("/auth/step-up", &show("000000"))
        .await
        .refused(403, "wrong_code");
    let code = town.code();
    let stepped = auditor.post("/auth/step-up", &show(&code)).await.ok();
    auditor.get(export).await.ok();
    bearer(&town, &stepped).get(export).await.ok();
    auditor
        .post("/auth/step-up", &show(&code))
        .await
        .refused(403, "wrong_code");
    // Whoever has no second factor signs in again instead.
    let kari = town.actor(Role::Caseworker).await;
    let none = kari.post("/auth/step-up", &show(&code)).await;
    none.refused(409, "no_second_factor");
}

async fn the_token_says_how_and_when_somebody_signed_in(bench: Bench) {
    let town = Town::open(bench).await;
    let name = username("stjordal", Role::Auditor, 1);
    let answer = log_in(&town, &name, Some(&town.code())).await.ok();
    let claims = claims_of(answer.body["accessToken"].as_str().unwrap());
    assert_eq!(
        (&claims["acr"], &claims["amr"]),
        (&json!("aal2"), &json!(["pwd", "otp"]))
    );
    assert_eq!(claims["auth_time"], claims["iat"]);
    let weak = username("stjordal", Role::Caseworker, 1);
    let answer = log_in(&town, &weak, None).await.ok();
    let claims = claims_of(answer.body["accessToken"].as_str().unwrap());
    assert_eq!(
        (&claims["acr"], &claims["amr"]),
        (&json!("aal1"), &json!(["pwd"]))
    );
}

fn claims_of(token: &str) -> Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

cases::cases![
    whoever_has_a_second_factor_shows_it_and_each_code_once,
    a_role_that_decides_counts_only_with_a_second_factor,
    one_begins_with_a_second_factor_and_an_administrator_resets_a_lost_one,
    some_actions_ask_again_after_five_minutes,
    the_token_says_how_and_when_somebody_signed_in,
];
