//! Registering, reading and finding people.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::residents::{looks, member, national_id, person, resident, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_person_is_registered_and_shown(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let body = whole_person("UNGRADED");
    let registered = nav.post("/people", &body).await.ok();
    let id = registered.id();
    assert_eq!(registered.body, json!({"id": id, "version": 1}));
    let path = format!("/people/{id}");
    assert_eq!(
        registered.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    // The adviser's own client, and nobody else's.
    nav.get(&path).await.ok();
    let other = town.another(Role::NavAdvisor).await;
    other.get(&path).await.refused(404, "not_found");

    let shown = town.actor(Role::Caseworker).await.get(&path).await.ok();
    assert_eq!(shown.version(), 1);
    let digits = body["nationalId"].as_str().unwrap();
    assert_eq!(
        shown.body,
        json!({
            "id": id,
            "version": 1,
            "nationalIdMasked": format!("{}*****", digits.get(..6).unwrap()),
            "givenName": "Ønskebjørn",
            "familyName": "Strandvoll",
            "bornOn": "1955-11-10",
            "phone": body["phone"],
            "email": body["email"],
            "address": body["address"],
        })
    );
    assert!(looks(&town, &id).await.contains(&"person.read".to_owned()));
}

async fn every_faulty_field_of_a_person_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let with = |changes: &[(&str, Value)]| {
        let mut body = whole_person("UNGRADED");
        for (field, value) in changes {
            body[*field] = value.clone();
        }
        body
    };
    let text = |value: &str| json!(value);
    let malformed = with(&[
        ("givenName", text(" Kari")),
        ("familyName", text("–")),
        ("phone", text("call me")),
        ("email", text("nowhere")),
        ("addressProtection", text("SECRET")),
        (
            "address",
            json!({"street": "", "postalCode": "75", "postalPlace": "Stjørdal"}),
        ),
        ("nickname", text("K")),
    ]);
    kari.post("/people", &malformed).await.faults(&[
        ("/givenName", "wrong_format"),
        ("/familyName", "wrong_format"),
        ("/phone", "wrong_format"),
        ("/email", "wrong_format"),
        ("/addressProtection", "unknown_code"),
        ("/address/street", "too_short"),
        ("/address/postalCode", "wrong_format"),
        ("/nickname", "unknown_field"),
    ]);
    // The test vectors of the population register's own validator.
    for (digits, code) in [
        ("1091559678", "national_id_not_eleven_digits"),
        ("99999999999", "national_id_no_such_date"),
        ("10915596785", "national_id_check_digits"),
        ("30108299939", "national_id_series_2032_refused"),
        ("30108299920", "national_id_real_refused"),
    ] {
        let body = with(&[("nationalId", text(digits)), ("bornOn", text("2026-03-03"))]);
        let expected = [("/nationalId", code), ("/bornOn", "born_in_future")];
        let refused = kari.post("/people", &body).await.faults(&expected);
        assert!(!refused.text.contains(digits), "the value is echoed");
    }
    let other_birth = with(&[("bornOn", text("1855-11-11"))]);
    kari.post("/people", &other_birth).await.faults(&[
        ("/bornOn", "born_too_long_ago"),
        ("/bornOn", "born_on_not_of_national_id"),
    ]);
}

async fn a_person_is_registered_once_in_a_municipality(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let body = whole_person("UNGRADED");
    let both = futures_util::future::join(kari.post("/people", &body), nav.post("/people", &body));
    let (one, other) = both.await;
    let (first, second) = if one.status == 201 {
        (one, other)
    } else {
        (other, one)
    };
    first.ok();
    let refused = second.refused(409, "person_exists");
    assert_eq!(refused.body["errors"][0]["pointer"], "/nationalId");
    let stranger = town.stranger(Role::Caseworker).await;
    stranger.post("/people", &body).await.ok();
}

async fn what_locates_a_protected_person_is_absent(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("STRICTLY_CONFIDENTIAL");
    let id = kari.post("/people", &body).await.ok().id();
    let shown = kari.get(&format!("/people/{id}")).await.ok();
    let mut fields: Vec<&String> = shown.body.as_object().unwrap().keys().collect();
    fields.sort();
    let expected = [
        "bornOn",
        "familyName",
        "givenName",
        "id",
        "nationalIdMasked",
        "version",
    ];
    assert_eq!(fields, expected);
    assert!(!shown.text.contains("CONFIDENTIAL"));

    let by_name = json!({"name": "Ønskebjørn Strandvoll", "bornOn": "1955-11-10"});
    let found = kari.post("/people/search", &by_name).await.ok();
    assert_eq!(found.body, json!({"items": [], "hasMore": false}));
    let by_number = json!({"nationalId": body["nationalId"]});
    let found = kari.post("/people/search", &by_number).await.ok();
    assert_eq!(found.items()[0]["id"], json!(id));
}

async fn people_are_found_by_name_or_number(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne-Lise", "1980-01-01").await;
    let other = person(&kari, "Anne", "1981-02-02").await;
    let ask = async |question: Value| {
        let found = kari.post("/people/search", &question).await.ok();
        let ids = found
            .items()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let both = ask(json!({"name": "PRØVELAND, anne"})).await;
    assert_eq!(both, [anne.as_str(), other.as_str()]);
    assert_eq!(
        ask(json!({"name": "lise anne prøveland"})).await,
        [anne.as_str()]
    );
    let by_birth = json!({"name": "Anne", "bornOn": "1981-02-02"});
    assert_eq!(ask(by_birth).await, [other.as_str()]);
    assert!(ask(json!({"name": "Anne Prøve"})).await.is_empty());
    let by_number = json!({"nationalId": national_id("1980-01-01", 0).expose_digits()});
    assert_eq!(ask(by_number.clone()).await, [anne.as_str()]);
    assert_eq!(looks(&town, &anne).await, ["person.found"; 3]);
    assert_eq!(looks(&town, &other).await, ["person.found"; 2]);

    let stranger = town.stranger(Role::Caseworker).await;
    let found = stranger.post("/people/search", &by_number).await.ok();
    assert!(found.items().is_empty());
    let refused = async |question: Value, pointer: &str, code: &str| {
        let answer = kari.post("/people/search", &question).await;
        answer.faults(&[(pointer, code)]);
    };
    refused(json!({"name": "Anne"}), "/name", "too_wide").await;
    refused(json!({}), "", "one_way_only").await;
    let mistyped = json!({"nationalId": "10915596785"});
    refused(mistyped, "/nationalId", "national_id_check_digits").await;
}

async fn a_search_shows_twenty_people_at_most(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for nth in 0..21 {
        let body = resident("Ola", "1990-05-05", nth);
        kari.post("/people", &body).await.ok();
    }
    let question = json!({"name": "Ola", "bornOn": "1990-05-05"});
    let found = kari.post("/people/search", &question).await.ok();
    assert_eq!(found.items().len(), 20);
    assert_eq!(found.body["hasMore"], json!(true));
}

async fn another_municipality_sees_nobody(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let stranger = town.stranger(Role::Caseworker).await;
    let path = format!("/people/{anne}");
    stranger.get(&path).await.refused(404, "not_found");
    let body = json!({"members": [member(&anne, "APPLICANT")]});
    let answer = stranger.post("/households", &body).await;
    answer.faults(&[("/members/0/personId", "not_found")]);
}

async fn the_same_request_sent_again_registers_one_person(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("UNGRADED");
    let first = kari.post_once("/people", "one", &body).await.ok();
    let again = kari.post_once("/people", "one", &body).await.ok();
    assert_eq!(again.id(), first.id());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

cases::cases![
    a_person_is_registered_and_shown,
    every_faulty_field_of_a_person_is_named,
    a_person_is_registered_once_in_a_municipality,
    what_locates_a_protected_person_is_absent,
    people_are_found_by_name_or_number,
    a_search_shows_twenty_people_at_most,
    another_municipality_sees_nobody,
    the_same_request_sent_again_registers_one_person,
];
