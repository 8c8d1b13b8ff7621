//! Signing in: who gets in, who is thrown out, and how fast.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::town::{PASSWORD, Town, username};
use crate::support::{Bench, cases};

async fn an_employee_signs_in_and_out(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let me = kari.get("/auth/me").await.ok();
    assert_eq!(me.body["roles"], json!(["CASEWORKER"]));
    assert_eq!(me.body["municipalityNumber"], "5035");
    kari.post("/auth/logout", &json!({})).await.ok();
    kari.get("/auth/me").await.refused(401, "unauthenticated");
}

async fn an_unknown_user_and_a_wrong_password_are_answered_alike(bench: Bench) {
    let town = Town::open(bench).await;
    let known = username("stjordal", Role::Caseworker, 1);
    let mut told = Vec::new();
    for username in [known.as_str(), "nobody@stjordal.example"] {
        let body = json!({"username": username, "password": "wrong horse"});
        let answer = town.nobody().post("/auth/login", &body).await;
        let mut body = answer.refused(401, "bad_credentials").body;
        body["instance"] = json!(null);
        told.push(body);
    }
    assert_eq!(told[0], told[1]);
}

async fn disabling_an_employee_works_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let (admin, kari) = (
        town.actor(Role::Admin).await,
        town.actor(Role::Caseworker).await,
    );
    let id = kari.get("/auth/me").await.ok().id();
    let seen = admin.get(&format!("/users/{id}")).await.ok().version();
    admin
        .act(&format!("/users/{id}/disable"), seen, &json!({}))
        .await
        .ok();
    kari.get("/auth/me").await.refused(401, "unauthenticated");
    let body = json!({"username": username("stjordal", Role::Caseworker, 1), "password": PASSWORD});
    town.nobody()
        .post("/auth/login", &body)
        .await
        .refused(401, "bad_credentials");
    let path = format!("/users/{id}/disable");
    admin
        .act(&path, seen, &json!({}))
        .await
        .refused(412, "stale");
    admin
        .act(&path, seen + 1, &json!({}))
        .await
        .refused(409, "already_disabled");
}

async fn a_refresh_token_works_once_and_a_second_use_ends_the_sign_in(bench: Bench) {
    let town = Town::open(bench).await;
    let body = json!({"username": username("stjordal", Role::Auditor, 1), "password": PASSWORD});
    let first = town.nobody().post("/auth/login", &body).await.ok();
    let renew = json!({"refreshToken": first.body["refreshToken"]});
    let second = town.nobody().post("/auth/refresh", &renew).await.ok();
    let renewed = town.bearer(second.body["accessToken"].as_str().unwrap());
    renewed.get("/auth/me").await.ok();
    town.nobody()
        .post("/auth/refresh", &renew)
        .await
        .refused(401, "unauthenticated");
    renewed
        .get("/auth/me")
        .await
        .refused(401, "unauthenticated");
}

async fn a_sign_in_ends_after_its_longest_time(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    town.clock.advance(jiff::SignedDuration::from_secs(599));
    kari.get("/auth/me").await.ok();
    town.clock.advance(jiff::SignedDuration::from_secs(10));
    kari.get("/auth/me").await.refused(401, "unauthenticated");
}

async fn a_user_of_another_municipality_does_not_exist(bench: Bench) {
    let town = Town::open(bench).await;
    let id = town
        .actor(Role::Caseworker)
        .await
        .get("/auth/me")
        .await
        .ok()
        .id();
    let stranger = town.stranger(Role::Admin).await;
    stranger
        .get(&format!("/users/{id}"))
        .await
        .refused(404, "not_found");
    stranger
        .get("/users/not-an-id")
        .await
        .refused(404, "not_found");
}

cases::cases![
    an_employee_signs_in_and_out,
    an_unknown_user_and_a_wrong_password_are_answered_alike,
    disabling_an_employee_works_at_once,
    a_refresh_token_works_once_and_a_second_use_ends_the_sign_in,
    a_sign_in_ends_after_its_longest_time,
    a_user_of_another_municipality_does_not_exist,
];
