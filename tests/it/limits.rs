//! How often somebody may ask, and what is told about it.

use rettbolig::auth::Role;
use rettbolig::http::{Proxies, Quotas, RateLimits};
use serde_json::json;

use crate::support::town::{PASSWORD, Town, username};
use crate::support::{Bench, cases};

async fn a_caller_has_a_quota_of_their_own(bench: Bench) {
    let quotas = Quotas {
        caller: 3,
        ..Quotas::NONE
    };
    let town = Town::open_limited(bench, RateLimits::new(quotas, Proxies::default())).await;
    let (kari, ola) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    for left in ["2", "1", "0"] {
        let answer = kari.get("/auth/me").await.ok();
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"caller\";q=3;w=60")
        );
        let told = answer.header("ratelimit").unwrap();
        assert!(
            told.starts_with(&format!("\"caller\";r={left};t=")),
            "{told}"
        );
    }
    let refused = kari.get("/auth/me").await;
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    refused.refused(429, "quota_exceeded");
    // Another sign-in is the same caller; another person is not.
    town.actor(Role::Caseworker)
        .await
        .get("/auth/me")
        .await
        .refused(429, "quota_exceeded");
    ola.get("/auth/me").await.ok();
}

async fn an_address_has_a_quota_and_only_our_own_proxies_say_which_it_is(bench: Bench) {
    let quotas = Quotas {
        sign_in: 2,
        ..Quotas::NONE
    };
    let believed = Proxies(vec!["127.0.0.0/8".parse().unwrap()]);
    let town = Town::open_limited(bench, RateLimits::new(quotas, believed)).await;
    let nobody = town.nobody();
    let body = json!({"username": username("stjordal", Role::Caseworker, 1), "password": PASSWORD});
    let log_in = async |forwarded: &str| {
        let request = nobody
            .request(reqwest::Method::POST, "/auth/login")
            .json(&body);
        nobody
            .send(request.header("X-Forwarded-For", forwarded))
            .await
    };
    for _ in 0..2 {
        log_in("203.0.113.1").await.ok();
    }
    log_in("203.0.113.1").await.refused(429, "quota_exceeded");
    // What a client writes itself stands before what the proxy saw, and counts for nothing.
    log_in("198.51.100.7, 203.0.113.1")
        .await
        .refused(429, "quota_exceeded");
    log_in("203.0.113.2").await.ok();
}

async fn nobody_but_a_proxy_of_ours_says_where_a_request_comes_from(bench: Bench) {
    let quotas = Quotas {
        address: 2,
        ..Quotas::NONE
    };
    let town = Town::open_limited(bench, RateLimits::new(quotas, Proxies::default())).await;
    let kari = town.actor(Role::Caseworker).await;
    let mut statuses = Vec::new();
    for number in 0..3 {
        let request = kari.request(reqwest::Method::GET, "/auth/me");
        let forwarded = format!("203.0.113.{number}");
        statuses.push(
            kari.send(request.header("X-Forwarded-For", forwarded))
                .await
                .status,
        );
    }
    assert_eq!(statuses, [200, 200, 429]);
}

cases::cases![
    a_caller_has_a_quota_of_their_own,
    an_address_has_a_quota_and_only_our_own_proxies_say_which_it_is,
    nobody_but_a_proxy_of_ours_says_where_a_request_comes_from,
];
