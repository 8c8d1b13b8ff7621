//! Well-formed input that the house does not take: wrong numbers, members twice, open cases, other people's homes.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, home, person, reasons};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A person with another national id than the given one.
fn numbered(national_id: &str) -> Value {
    let mut body = person("1990-05-17", 1);
    body["nationalId"] = json!(national_id);
    body
}

async fn a_national_id_must_be_one_and_synthetic(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let good = national_id("1990-05-17", 1).expose_digits().to_owned();
    let last = good.as_bytes()[10] - b'0';
    let wrong = format!("{}{}", &good[..10], (last + 1) % 10);
    for (number, code) in [
        (wrong.as_str(), "national_id_check_digits"),
        (&real(), "national_id_real_refused"),
        ("12345", "national_id_not_eleven_digits"),
        ("99999999999", "national_id_no_such_date"),
    ] {
        let answer = kari.post("/people", &numbered(number)).await;
        let answer = answer.refused(400, "invalid_fields");
        assert!(!answer.text.contains(number), "{}", answer.text);
        answer.faults(&[("/nationalId", code)]);
    }
    kari.post("/people", &numbered(&good)).await.ok();
    kari.post("/people", &numbered(&good))
        .await
        .refused(409, "person_exists");
    // A birth date that contradicts the number.
    let mut other = person("1990-05-17", 2);
    other["bornOn"] = json!("1990-05-18");
    kari.post("/people", &other)
        .await
        .refused(400, "invalid_fields");
}

/// Eleven digits of a day in 1900 that fit, without the +80 of synthetic persons; computed, so that no real number stands here.
fn real() -> String {
    let weigh = |digits: &[u32], weights: &[u32]| -> u32 {
        let sum: u32 = digits.iter().zip(weights).map(|(d, w)| d * w).sum();
        (11 - sum % 11) % 11
    };
    (0..500)
        .find_map(|serial: u32| {
            let nine: Vec<u32> = format!("010100{serial:03}")
                .bytes()
                .map(|digit| u32::from(digit - b'0'))
                .collect();
            let first = weigh(&nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2]);
            let ten = [nine.as_slice(), &[first]].concat();
            let second = weigh(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            let fits = first < 10 && second < 10;
            let digits = ten.iter().chain([&second]);
            fits.then(|| digits.map(ToString::to_string).collect())
        })
        .unwrap()
}

async fn nobody_is_in_a_household_twice(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let id = kari
        .post("/people", &person("1990-05-17", 1))
        .await
        .ok()
        .id();
    let twice = json!({"members": [
        {"personId": id, "role": "APPLICANT"},
        {"personId": id, "role": "CO_APPLICANT"},
    ]});
    kari.post("/households", &twice)
        .await
        .faults(&[("/members/1/personId", "member_twice")]);
    let nobody = json!({"members": [{"personId": uuid::Uuid::nil(), "role": "APPLICANT"}]});
    kari.post("/households", &nobody)
        .await
        .faults(&[("/members/0/personId", "not_found")]);
}

async fn a_household_has_one_open_case(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let first = kari.post("/applications", &application).await.ok();
    kari.post("/applications", &application)
        .await
        .refused(409, "open_application_exists");
    let withdraw = format!("/applications/{}/withdraw", first.id());
    let by = json!({"by": "APPLICANT"});
    kari.act(&withdraw, first.version(), &by).await.ok();
    kari.post("/applications", &application).await.ok();
}

async fn what_is_another_municipalitys_does_not_exist(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let oslo = town.stranger(Role::HousingManager).await;
    let theirs = oslo.post("/dwellings", &home(1, 1)).await.ok().id();

    let proposal = json!({"outcome": "GRANTED", "dwellingId": theirs, "reasons": reasons()});
    kari.post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .faults(&[("/dwellingId", "not_found")]);

    let nothing = json!({});
    let (ours, unknown) = (town.actor(Role::HousingManager).await, uuid::Uuid::now_v7());
    for id in [theirs.as_str(), &unknown.to_string()] {
        let candidates = format!("/dwellings/{id}/candidates");
        is_silent(&ours, &format!("/dwellings/{id}")).await;
        is_silent(&kari, &candidates).await;
        ours.act(&format!("/dwellings/{id}/make-available"), 1, &nothing)
            .await
            .refused(404, "not_found");
    }
    let stranger = town.stranger(Role::Caseworker).await;
    for path in [
        format!("/applications/{case}"),
        format!("/households/{household}/situations"),
    ] {
        is_silent(&stranger, &path).await;
    }
    stranger
        .act(
            &format!("/applications/{case}/start-assessment"),
            1,
            &nothing,
        )
        .await
        .refused(404, "not_found");
    let theirs = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    stranger
        .post("/applications", &theirs)
        .await
        .faults(&[("/householdId", "not_found")]);
}

async fn is_silent(actor: &Actor, path: &str) {
    actor.get(path).await.refused(404, "not_found");
}

cases::cases![
    a_national_id_must_be_one_and_synthetic,
    nobody_is_in_a_household_twice,
    a_household_has_one_open_case,
    what_is_another_municipalitys_does_not_exist,
];
