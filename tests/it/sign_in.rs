//! Signing in: who gets in, who is thrown out, and how fast.

use rettbolig::auth::Role;
use rettbolig::http::{Proxies, Quotas, RateLimits};
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::faults::at_once;
use crate::faults::invariants::column;
use crate::support::actor::Answer;
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

/// Signs in by a password alone.
async fn log_in(town: &Town, role: Role) -> Answer {
    let body = json!({"username": username("stjordal", role, 1), "password": PASSWORD});
    town.nobody().post("/auth/login", &body).await
}

async fn renew(town: &Town, token: &Value) -> Answer {
    let body = json!({ "refreshToken": token });
    town.nobody().post("/auth/refresh", &body).await
}

fn wait(town: &Town, seconds: i64) {
    town.clock.advance(jiff::SignedDuration::from_secs(seconds));
}

async fn a_refresh_token_works_once_and_a_later_use_ends_the_sign_in(bench: Bench) {
    let town = Town::open(bench).await;
    let first = log_in(&town, Role::Caseworker).await.ok();
    let other = log_in(&town, Role::Caseworker).await.ok();
    let second = renew(&town, &first.body["refreshToken"]).await.ok();
    let renewed = town.bearer(second.body["accessToken"].as_str().unwrap());
    renewed.get("/auth/me").await.ok();
    wait(&town, 11);
    let stolen = renew(&town, &first.body["refreshToken"]).await;
    stolen.refused(401, "unauthenticated");
    renewed
        .get("/auth/me")
        .await
        .refused(401, "unauthenticated");
    let successor = renew(&town, &second.body["refreshToken"]).await;
    successor.refused(401, "unauthenticated");
    // Another sign-in of the same person goes on, and the log says what happened.
    town.bearer(other.body["accessToken"].as_str().unwrap())
        .get("/auth/me")
        .await
        .ok();
    let auditor = town.actor(Role::Auditor).await;
    let log = auditor
        .get("/audit/entries?action=session.token_reused")
        .await
        .ok();
    assert_eq!(log.items().len(), 1);
}

async fn a_lost_answer_to_a_renewal_is_given_again_for_ten_seconds(bench: Bench) {
    let town = Town::open(bench).await;
    let first = log_in(&town, Role::Caseworker).await.ok();
    let (one, two) = futures_util::future::join(
        renew(&town, &first.body["refreshToken"]),
        renew(&town, &first.body["refreshToken"]),
    )
    .await;
    let (one, two) = (one.ok(), two.ok());
    assert_eq!(
        one.body["refreshToken"], two.body["refreshToken"],
        "one successor, however often"
    );
    wait(&town, 10);
    let again = renew(&town, &first.body["refreshToken"]).await.ok();
    assert_eq!(again.body["refreshToken"], one.body["refreshToken"]);
    // Once the successor is in use, nobody lost an answer.
    renew(&town, &one.body["refreshToken"]).await.ok();
    let stolen = renew(&town, &first.body["refreshToken"]).await;
    stolen.refused(401, "unauthenticated");
}

async fn a_sign_in_ends_when_it_rests_and_when_it_is_old(bench: Bench) {
    let town = Town::open(bench).await;
    let mut token = log_in(&town, Role::Caseworker).await.ok().body["refreshToken"].clone();
    wait(&town, 30 * 60);
    token = renew(&town, &token).await.ok().body["refreshToken"].clone();
    wait(&town, 30 * 60 + 1);
    renew(&town, &token).await.refused(401, "unauthenticated");
    token = log_in(&town, Role::Caseworker).await.ok().body["refreshToken"].clone();
    for _ in 0..23 {
        wait(&town, 30 * 60);
        token = renew(&town, &token).await.ok().body["refreshToken"].clone();
    }
    wait(&town, 30 * 60);
    renew(&town, &token).await.refused(401, "unauthenticated");
}

async fn one_sees_and_ends_ones_own_sign_ins(bench: Bench) {
    let town = Town::open(bench).await;
    let (here, there) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::Caseworker).await,
    );
    let running = here.get("/auth/sessions").await.ok();
    assert_eq!(running.items().len(), 2);
    let newest = running.items()[0]["id"].as_str().unwrap().to_owned();
    let stranger = town.another(Role::Caseworker).await;
    let path = format!("/auth/sessions/{newest}/end");
    stranger
        .post(&path, &json!({}))
        .await
        .refused(404, "not_found");
    here.post(&path, &json!({})).await.ok();
    there.get("/auth/me").await.refused(401, "unauthenticated");
    assert_eq!(here.get("/auth/sessions").await.ok().items().len(), 1);
    // An administrator sees and ends those of others.
    let admin = town.actor(Role::Admin).await;
    let id = here.get("/auth/me").await.ok().id();
    let seen = admin.get(&format!("/users/{id}/sessions")).await.ok();
    assert_eq!(seen.items().len(), 1);
    admin
        .act(&format!("/users/{id}/end-sessions"), 1, &json!({}))
        .await
        .ok();
    here.get("/auth/me").await.refused(401, "unauthenticated");
}

async fn guessing_is_slowed_down_alike_for_known_and_unknown(bench: Bench) {
    let town = Town::open(bench).await;
    let known = username("stjordal", Role::Caseworker, 1);
    for username in [known.as_str(), "nobody@stjordal.example"] {
        let body = json!({"username": username, "password": "wrong horse"});
        for _ in 0..5 {
            let answer = town.nobody().post("/auth/login", &body).await;
            answer.refused(401, "bad_credentials");
        }
        let answer = town.nobody().post("/auth/login", &body).await;
        assert_eq!(answer.header("retry-after"), Some("1"));
        answer.refused(429, "too_many_attempts");
    }
    wait(&town, 1);
    log_in(&town, Role::Caseworker).await.ok();
}

async fn guesses_are_counted_by_all_instances_and_after_a_restart(bench: Bench) {
    let known = username("stjordal", Role::Caseworker, 1);
    let wrong = json!({"username": known, "password": "wrong horse"});
    let here = Town::open(bench.clone()).await;
    let there = Town::open(bench.clone()).await;
    for town in [&here, &there, &here, &there, &here] {
        let answer = town.nobody().post("/auth/login", &wrong).await;
        answer.refused(401, "bad_credentials");
    }
    let later = Town::open(bench).await;
    for town in [&there, &later] {
        let answer = town.nobody().post("/auth/login", &wrong).await;
        answer.refused(429, "too_many_attempts");
    }
    // The right password after the wait makes up for them, also elsewhere.
    for town in [&here, &there, &later] {
        wait(town, 1);
    }
    log_in(&later, Role::Caseworker).await.ok();
    let answer = here.nobody().post("/auth/login", &wrong).await;
    answer.refused(401, "bad_credentials");
    // What is kept tells neither who it was nor from where.
    let kept = column(&here.bench, "SELECT count(*) || '' FROM sign_in_try");
    assert_eq!(kept, ["3"]);
}

async fn many_guesses_at_once_do_not_slip_through(bench: Bench) {
    let here = Town::open(bench.clone()).await;
    let there = Town::open(bench).await;
    let wrong = json!({"username": "nobody@stjordal.example", "password": "wrong horse"});
    let guesses = (0..20).map(|number| {
        let by = if number % 2 == 0 { &here } else { &there };
        let (by, wrong) = (by.nobody(), wrong.clone());
        async move { by.post("/auth/login", &wrong).await }
    });
    let answers = at_once(guesses).await;
    let tried = answers.iter().filter(|answer| answer.status == 401);
    assert_eq!(tried.count(), 5);
    assert!(answers.iter().all(|it| matches!(it.status, 401 | 429)));
}

async fn a_stranger_does_not_slow_down_whoever_signed_in_there_before(bench: Bench) {
    let proxies = Proxies(vec!["127.0.0.0/8".parse().unwrap()]);
    let town = Town::open_limited(bench, RateLimits::new(Quotas::NONE, proxies)).await;
    let known = username("stjordal", Role::Caseworker, 1);
    let from = async |address: &str, password: &str| {
        let nobody = town.nobody();
        let body = json!({"username": known, "password": password});
        let request = nobody.request(reqwest::Method::POST, "/auth/login");
        let request = request.header("X-Forwarded-For", address).json(&body);
        nobody.send(request).await
    };
    from("192.0.2.1", PASSWORD).await.ok();
    for last in 2..=6 {
        let guess = from(&format!("192.0.2.{last}"), "wrong horse").await;
        guess.refused(401, "bad_credentials");
    }
    let guess = from("192.0.2.7", "wrong horse").await;
    guess.refused(429, "too_many_attempts");
    from("192.0.2.1", PASSWORD).await.ok();
}

async fn sign_ins_that_were_over_long_ago_are_forgotten(bench: Bench) {
    let town = Town::open(bench).await;
    let count = |town: &Town| {
        let both =
            "SELECT (SELECT count(*) FROM session) || ' ' || (SELECT count(*) FROM refresh_token)";
        column(&town.bench, both)[0].clone()
    };
    let scheduler = Scheduler::new(town.db.clone(), server::duties());
    scheduler.run_due().await.unwrap();
    let first = log_in(&town, Role::Caseworker).await.ok();
    renew(&town, &first.body["refreshToken"]).await.ok();
    log_in(&town, Role::NavAdvisor).await.ok();
    assert_eq!(count(&town), "2 3");
    // Three months, as long as the municipality has not said otherwise.
    town.wait_days(80);
    scheduler.run_due().await.unwrap();
    assert_eq!(count(&town), "2 3");
    let rule = json!({
        "concern": "SIGN_IN", "months": 1, "legalBasis": "personvernforordningen art. 5",
        "validFrom": "2026-06-01",
    });
    let officer = town.actor(Role::PrivacyOfficer).await;
    officer.post("/retention-rules", &rule).await.ok();
    scheduler.run_due().await.unwrap();
    assert_eq!(count(&town), "3 4", "it holds from its day on");
    town.wait_days(13);
    scheduler.run_due().await.unwrap();
    assert_eq!(count(&town), "1 1", "the officer's own is of today");
    let auditor = town.actor(Role::Auditor).await;
    let log = auditor.get("/audit/entries?action=session.forgotten").await;
    assert_eq!(log.ok().items()[0]["entry"]["facts"]["sessions"], 2);
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
    a_refresh_token_works_once_and_a_later_use_ends_the_sign_in,
    a_lost_answer_to_a_renewal_is_given_again_for_ten_seconds,
    a_sign_in_ends_when_it_rests_and_when_it_is_old,
    one_sees_and_ends_ones_own_sign_ins,
    guessing_is_slowed_down_alike_for_known_and_unknown,
    guesses_are_counted_by_all_instances_and_after_a_restart,
    many_guesses_at_once_do_not_slip_through,
    a_stranger_does_not_slow_down_whoever_signed_in_there_before,
    sign_ins_that_were_over_long_ago_are_forgotten,
    a_sign_in_ends_after_its_longest_time,
    a_user_of_another_municipality_does_not_exist,
];
