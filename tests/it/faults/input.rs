//! Requests that cannot be understood: each refused as a problem that says where and never repeats what.

use reqwest::{Method, RequestBuilder};
use rettbolig::auth::Role;
use rettbolig::http::BODY_BYTES_MAX;
use serde_json::json;
use uuid::Uuid;

use super::invariants;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{home, person};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

fn post(by: &Actor, path: &str) -> RequestBuilder {
    let key = Uuid::now_v7().to_string();
    by.request(Method::POST, path)
        .header("Idempotency-Key", key)
}

async fn post_text(by: &Actor, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = post(by, path).header("Content-Type", "application/json");
    by.send(request.body(body)).await
}

/// A whole problem: two languages, the status again, and the call that it belongs to.
#[track_caller]
fn is_whole(answer: &Answer) {
    let (body, call) = (&answer.body, answer.header("nav-call-id").unwrap_or("-"));
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{}",
        answer.text
    );
    assert_eq!(body["status"], answer.status, "{}", answer.text);
    assert_eq!(body["instance"], format!("urn:rettbolig:call:{call}"));
    assert_eq!(
        body["type"],
        format!("urn:rettbolig:problem:{}", answer.code())
    );
    for name in ["code", "title", "titleNb"] {
        assert!(!body[name].as_str().unwrap().is_empty(), "{name}");
    }
    assert_eq!(answer.header("x-correlation-id"), Some(call));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

async fn what_is_not_json_is_malformed(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for body in [
        "{",
        "nul",
        "{}{}",
        "{\"nationalId\":}",
        "{'nationalId':1}",
        "\u{feff}{}",
        "{\"nationalId\":\"\\ud800\"}",
        "{\"nationalId\":NaN}",
        "{\"nationalId\":1e999}",
    ] {
        let answer = post_text(&kari, "/people", body).await;
        is_whole(&answer);
        answer.refused(400, "malformed_json");
    }
    let not_utf8 = vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}'];
    let answer = post_text(&kari, "/people", not_utf8).await;
    answer.refused(400, "malformed_json");
}

async fn every_fault_of_a_body_is_named_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for (body, faults) in [
        (
            r#"{"members":[{"personId":"x","role":"KING","residenceDays":99,"extra":1}],"more":2}"#,
            &[
                ("/members/0/extra", "unknown_field"),
                ("/members/0/personId", "wrong_format"),
                ("/members/0/residenceDays", "too_large"),
                ("/members/0/role", "unknown_code"),
                ("/more", "unknown_field"),
            ][..],
        ),
        (
            r#"{"members":[],"members":[],"a":"\u0000"}"#,
            &[("/a", "nul_character"), ("/members", "duplicate_field")],
        ),
        ("[]", &[("", "wrong_type")]),
        ("null", &[("", "wrong_type")]),
        ("{}", &[("/members", "missing")]),
        (r#"{"members":{}}"#, &[("/members", "wrong_type")]),
        (r#"{"members":[1]}"#, &[("/members/0", "wrong_type")]),
    ] {
        let answer = post_text(&kari, "/households", body).await;
        is_whole(&answer);
        answer.refused(400, "invalid_fields").faults(faults);
    }
    let deep = format!("{{\"members\":{}{}}}", "[".repeat(60), "]".repeat(60));
    let answer = post_text(&kari, "/households", deep).await;
    assert_eq!(answer.body["errors"][0]["code"], "too_deep");
    let deeper = "[".repeat(200_000);
    let answer = post_text(&kari, "/households", deeper).await;
    answer.refused(400, "invalid_fields");
    // Nothing at all is an object without fields.
    let empty = kari.send(post(&kari, "/households")).await;
    empty.faults(&[("/members", "missing")]);
}

async fn a_body_that_is_too_large_or_of_another_kind_is_not_read(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let large = "x".repeat(BODY_BYTES_MAX + 1);
    let answer = post_text(&kari, "/people", large.clone()).await;
    is_whole(&answer);
    let answer = answer.refused(413, "body_too_large");
    assert_eq!(answer.body["bytesMax"], BODY_BYTES_MAX);
    let status = chunked(&town, &kari, "/api/v1/people", &large);
    assert!(status.starts_with("HTTP/1.1 413 "), "{status}");
    // Just within the limit it is read, and found wanting.
    let within = format!("\"{}\"", "x".repeat(BODY_BYTES_MAX - 2));
    let answer = post_text(&kari, "/people", within).await;
    answer.refused(400, "invalid_fields");
    for kind in [
        "text/plain",
        "application/xml",
        "application/jsonx",
        "x",
        "",
    ] {
        let request = post(&kari, "/people").header("Content-Type", kind);
        let answer = kari.send(request.body("{}")).await;
        is_whole(&answer);
        answer.refused(415, "unsupported_media_type");
    }
    let request = post(&kari, "/people").header("Content-Type", "Application/JSON; charset=utf-8");
    let body = person("1990-05-17", 1).to_string();
    kari.send(request.body(body)).await.ok();
}

/// Sends a body in pieces without telling its length, and gives the answer's first line.
fn chunked(town: &Town, by: &Actor, path: &str, body: &str) -> String {
    use std::io::{BufRead as _, BufReader, Write as _};
    let address = town.address.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let token = by.token.as_deref().unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .unwrap();
    let pieces = body.as_bytes().chunks(10_000);
    for piece in pieces.chain([&[][..]]) {
        // The service may have answered and closed before all of it is sent.
        let sent = write!(stream, "{:x}\r\n", piece.len())
            .and_then(|()| stream.write_all(piece))
            .and_then(|()| stream.write_all(b"\r\n"));
        if sent.is_err() {
            break;
        }
    }
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line
}

async fn wrong_methods_and_addresses_are_told_as_such(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for (method, path, allow) in [
        (Method::DELETE, "/people", "POST"),
        (Method::PATCH, "/dwellings", "GET, POST"),
        (Method::POST, "/auth/me", "GET"),
        (Method::OPTIONS, "/auth/login", "POST"),
        // A fixed path goes before one with an id in it, however its letters are written.
        (Method::GET, "/people/search", "POST"),
        (Method::DELETE, "/%70eople", "POST"),
    ] {
        let answer = kari.send(kari.request(method, path)).await;
        is_whole(&answer);
        let answer = answer.refused(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
    for path in [
        "/nothing",
        "/people/",
        "//people",
        "/people//",
        "/applications/x/y/z",
        "/applications//history",
        "/people/%00",
        "/people/%7Bid%7D",
        "/%7Bid%7D",
    ] {
        let answer = kari.get(path).await;
        is_whole(&answer);
        answer.refused(404, "not_found");
    }
    let long = "x".repeat(8_000);
    for path in [format!("/{long}"), format!("/dwellings?cursor={long}")] {
        let answer = kari.get(&path).await;
        is_whole(&answer);
        answer.refused(414, "uri_too_long");
    }
}

async fn the_query_is_read_as_strictly_as_a_body(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for (query, faults) in [
        ("limit=0", &[("/query/limit", "out_of_range")][..]),
        ("limit=201", &[("/query/limit", "out_of_range")]),
        ("limit=-1", &[("/query/limit", "wrong_format")]),
        ("limit=", &[("/query/limit", "wrong_format")]),
        ("limit=1&limit=2", &[("/query/limit", "duplicate_field")]),
        ("offset=3", &[("/query/offset", "unknown_field")]),
        (
            "state=X&householdId=Y&nope=1",
            &[
                ("/query/householdId", "wrong_format"),
                ("/query/nope", "unknown_field"),
                ("/query/state", "wrong_format"),
            ],
        ),
        (
            "state=X&householdId=Y",
            &[
                ("/query/householdId", "wrong_format"),
                ("/query/state", "wrong_format"),
            ],
        ),
    ] {
        let answer = kari.get(&format!("/applications?{query}")).await;
        is_whole(&answer);
        answer.refused(400, "invalid_fields").faults(faults);
    }
    let (gone, wrong) = (
        ("/query/dwellingId", "missing"),
        ("/query/applicationId", "wrong_format"),
    );
    for (query, faults) in [
        ("", &[("/query/applicationId", "missing"), gone][..]),
        ("applicationId=Y", &[wrong, gone]),
    ] {
        let answer = kari.get(&format!("/matching/explain?{query}")).await;
        is_whole(&answer);
        answer.refused(400, "invalid_fields").faults(faults);
    }
    for cursor in ["x", "", "AAAA", "%00", "ø", "' OR 1=1"] {
        let answer = kari.get(&format!("/applications?cursor={cursor}")).await;
        is_whole(&answer);
        answer.refused(400, "bad_cursor");
    }
}

async fn a_change_says_what_it_has_seen(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let id = manager.post("/dwellings", &home(1, 1)).await.ok().id();
    let path = format!("/dwellings/{id}/start-repair");
    let repair = json!({"reason": "WEAR"});
    let missing = manager.send(manager.request(Method::POST, &path)).await;
    is_whole(&missing);
    missing.refused(428, "if_match_missing");
    for tag in [
        "*",
        "W/\"1\"",
        "1",
        "\"\"",
        "\"x\"",
        "\"1\", \"2\"",
        "\"99999999999\"",
    ] {
        let request = manager.request(Method::POST, &path);
        let answer = manager.send(request.header("If-Match", tag)).await;
        is_whole(&answer);
        answer.refused(400, "bad_header");
    }
    let stale = manager.act(&path, 2, &repair).await;
    is_whole(&stale);
    stale.refused(412, "stale");
    manager.act(&path, 1, &repair).await.ok();
    let again = manager.act(&path, 1, &repair).await;
    again.refused(412, "stale");
    let path = format!("/dwellings/{id}");
    let stale = manager.put(&path, 1, &home(2, 1)).await;
    stale.refused(412, "stale");
}

async fn a_callers_own_name_for_the_call_is_kept(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let taken: [(&[(&str, &str)], &str); 4] = [
        (&[("Nav-Call-Id", "case-1:a.b_c")], "case-1:a.b_c"),
        (&[("X-Correlation-ID", "other-2")], "other-2"),
        (&[("traceparent", &parent)], trace),
        (
            &[("Nav-Call-Id", "first-1"), ("traceparent", &parent)],
            "first-1",
        ),
    ];
    for (number, (headers, expected)) in (1..).zip(taken) {
        let mut request = post(&manager, "/dwellings");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = manager.send(request.json(&home(1, number))).await.ok();
        assert_eq!(answer.header("nav-call-id"), Some(expected));
        assert_eq!(answer.header("x-correlation-id"), Some(expected));
        let echoed = headers.iter().find(|(name, _)| *name == "traceparent");
        assert_eq!(
            answer.header("traceparent"),
            echoed.map(|(_, value)| *value)
        );
        let of_call = [("action", "dwelling.registered"), ("correlation", expected)];
        assert_eq!(invariants::recorded(&town.bench, &of_call), 1, "{expected}");
    }
}

async fn a_name_for_the_call_that_could_be_a_person_is_not_kept(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let number = national_id("1990-05-17", 1).expose_digits().to_owned();
    let spaced = format!("{} {}", &number[..6], &number[6..]);
    let long = "x".repeat(65);
    let within = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{number}-01");
    for (name, value) in [
        ("Nav-Call-Id", number.as_str()),
        ("X-Correlation-ID", &number),
        ("traceparent", &number),
        ("traceparent", &within),
        ("Nav-Call-Id", &spaced),
        ("Nav-Call-Id", &long),
        ("Nav-Call-Id", "a b"),
        ("Nav-Call-Id", "ø"),
    ] {
        for path in ["/auth/me", "/nothing"] {
            let request = manager.request(Method::GET, path);
            let answer = manager.send(request.header(name, value.as_bytes())).await;
            let call = answer.header("nav-call-id").unwrap();
            assert!(Uuid::parse_str(call).is_ok(), "{name}: {call}");
            assert_eq!(answer.header("traceparent"), None);
            assert!(!answer.text.contains(value));
        }
    }
}

cases::cases![
    what_is_not_json_is_malformed,
    every_fault_of_a_body_is_named_at_once,
    a_body_that_is_too_large_or_of_another_kind_is_not_read,
    wrong_methods_and_addresses_are_told_as_such,
    the_query_is_read_as_strictly_as_a_body,
    a_change_says_what_it_has_seen,
    a_callers_own_name_for_the_call_is_kept,
    a_name_for_the_call_that_could_be_a_person_is_not_kept,
];
