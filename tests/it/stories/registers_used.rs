//! Registers in the work of a day: protection before somebody is shown, income, and where a home lies; and the same by hand when they are down.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use rettbolig::registers::{Grade, Mood};
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{FAMILY, home, person};
use crate::support::residents::{looks, member};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// For how long the register's word is good in these tests.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// Whoever asks signs in anew: the clock runs, and tokens run out.
async fn shown(town: &Town, path: &str) -> Value {
    let kari = town.actor(Role::Caseworker).await;
    kari.get(path).await.ok().body
}

async fn registered(kari: &Actor) -> (String, String) {
    let mut body = person("1990-05-17", 1);
    body["phone"] = json!("400 00 000");
    let number = body["nationalId"].as_str().unwrap().to_owned();
    (number, kari.post("/people", &body).await.ok().id())
}

async fn nobody_is_shown_by_an_old_word_of_the_register(bench: Bench) {
    let town = Town::open_asking(bench, LASTS).await;
    let kari = town.actor(Role::Caseworker).await;
    let (number, id) = registered(&kari).await;
    let path = format!("/people/{id}");
    let first = shown(&town, &path).await;
    assert_eq!(first["phone"], "400 00 000");
    assert_eq!(first["protectionCheckedAt"], "2026-03-02T11:00:00Z");
    let asked = town.registers.asked();
    town.registers.grade(&number, Grade::Confidential);
    assert!(shown(&town, &path).await.get("phone").is_some());
    assert_eq!(town.registers.asked(), asked, "it was told of just now");
    town.clock.advance(LASTS);
    let hidden = shown(&town, &path).await;
    assert!(hidden.get("phone").is_none());
    assert_eq!(hidden["protectionCheckedAt"], "2026-03-02T11:10:00Z");
    let looks = looks(&town, &id).await;
    let asked = looks.iter().filter(|it| *it == "person.registers_asked");
    assert_eq!(asked.count(), 2);
    // Whoever does not see the person does not make the register be asked.
    let asked = town.registers.asked();
    town.clock.advance(LASTS);
    let stranger = town.stranger(Role::Caseworker).await;
    stranger.get(&path).await.refused(404, "not_found");
    town.nobody()
        .get(&path)
        .await
        .refused(401, "unauthenticated");
    assert_eq!(town.registers.asked(), asked);
}

async fn while_the_register_is_down_the_strictest_that_is_known_stands(bench: Bench) {
    let town = Town::open_asking(bench, LASTS).await;
    let kari = town.actor(Role::Caseworker).await;
    let (number, id) = registered(&kari).await;
    let path = format!("/people/{id}");
    town.registers.grade(&number, Grade::StrictlyConfidential);
    assert!(shown(&town, &path).await.get("phone").is_none());
    for mood in [Mood::Down, Mood::Html, Mood::Huge, Mood::Slow] {
        town.registers.be(mood);
        town.clock.advance(LASTS);
        let begun = std::time::Instant::now();
        let still = shown(&town, &path).await;
        assert!(still.get("phone").is_none(), "{mood:?}");
        assert_eq!(
            still["protectionCheckedAt"], "2026-03-02T11:00:00Z",
            "{mood:?}"
        );
        assert!(
            begun.elapsed().as_secs() < 5,
            "{mood:?} keeps whoever asks waiting"
        );
    }
    // What is asked on the way makes stricter only; the feed, or whoever checks, lifts a protection.
    town.registers.be(Mood::Well);
    town.registers.grade(&number, Grade::Ungraded);
    town.clock.advance(SignedDuration::from_mins(30));
    assert!(shown(&town, &path).await.get("phone").is_none());
    town.follow_registers().await;
    assert!(shown(&town, &path).await.get("phone").is_some());
}

async fn every_member_of_a_household_is_asked_about_before_it_is_shown(bench: Bench) {
    let town = Town::open_asking(bench, LASTS).await;
    let kari = town.actor(Role::Caseworker).await;
    let (number, id) = registered(&kari).await;
    let members = json!({"members": [member(&id, "APPLICANT")]});
    let household = kari.post("/households", &members).await.ok().id();
    town.registers.grade(&number, Grade::Confidential);
    kari.get(&format!("/households/{household}")).await.ok();
    // By now it is known, without the register being asked again.
    let asked = town.registers.asked();
    assert!(
        shown(&town, &format!("/people/{id}"))
            .await
            .get("phone")
            .is_none()
    );
    assert_eq!(town.registers.asked(), asked);
}

async fn income_comes_from_the_register_and_by_which_right_is_on_record(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let couple = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &couple).await;
    let (path, known) = (
        format!("/applications/{case}/income-check"),
        format!("/applications/{case}/circumstances"),
    );
    let debt = json!({"arrearsOre": 1_000});
    kari.put(&known, 0, &debt).await.ok();
    let ask = json!({"year": 2024, "legalBasis": "CONSENT"});
    let checked = kari.post(&path, &ask).await.ok();
    assert_eq!(
        (&checked.body["counted"], &checked.body["isFinal"]),
        (&json!(2), &json!(true))
    );
    assert!(
        !checked.text.contains("62400000"),
        "income is read with the circumstances"
    );
    let recorded = kari.get(&known).await.ok().body;
    assert_eq!(
        (&recorded["grossIncomeOre"], &recorded["incomeYear"]),
        (&json!(62_400_000), &json!(2024))
    );
    assert_eq!(
        (&recorded["arrearsOre"], &recorded["source"]),
        (&json!(1_000), &json!("REGISTER"))
    );
    let auditor = town.actor(Role::Auditor).await;
    let asked = auditor.get("/audit/entries?action=income.asked").await.ok();
    assert_eq!(asked.items().len(), 2);
    assert!(asked.text.contains("CONSENT"));
    kari.post(&path, &json!({"year": 2026, "legalBasis": "CONSENT"}))
        .await
        .faults(&[("/year", "in_the_future")]);
    kari.post(&path, &json!({"year": 2024}))
        .await
        .faults(&[("/legalBasis", "missing")]);
    for mood in [Mood::Down, Mood::Html, Mood::Huge] {
        town.registers.be(mood);
        kari.post(&path, &ask)
            .await
            .refused(503, "register_unavailable");
    }
    // By hand.
    let by_hand = json!({"grossIncomeOre": 1, "incomeYear": 2025, "source": "APPLICANT"});
    kari.put(&known, 2, &by_hand).await.ok();
}

async fn the_cadastre_tells_where_it_knows_a_home_otherwise(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let register = async |change: Value, number: u16| {
        let mut body = home(1, number);
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        manager.post("/dwellings", &body).await.ok().id()
    };
    let as_known =
        json!({"unitNumber": "H0101", "streetAddress": "PRØVEGATA  9", "cadastralId": "5035-83/1"});
    let as_known = register(as_known, 1).await;
    let other = json!({"unitNumber": "H0101", "postalCode": "7501", "cadastralId": "5035-83/2", "usableAreaM2": 60});
    let other = register(other, 2).await;
    let nowhere = register(
        json!({"unitNumber": "H0102", "cadastralId": "5035-83/3"}),
        3,
    )
    .await;
    let check = async |home: &str| {
        let path = format!("/dwellings/{home}/cadastre-check");
        manager.post(&path, &json!({})).await
    };
    let unchecked = async || {
        let found = manager.get("/dwellings?cadastreUnchecked=true").await.ok();
        found.items().len()
    };
    assert_eq!(unchecked().await, 3);
    assert_eq!(check(&as_known).await.ok().body["result"], "AGREES");
    assert_eq!(unchecked().await, 2);
    // Registered otherwise, it is unchecked again.
    let path = format!("/dwellings/{as_known}");
    let seen = manager.get(&path).await.ok();
    assert_eq!(seen.body["details"]["cadastreAgreedOn"], "2026-03-02");
    let mut moved = home(1, 1);
    for (field, value) in moved.as_object_mut().unwrap() {
        *value = seen.body[field].clone();
    }
    moved["details"] = seen.body["details"].clone();
    moved["streetAddress"] = json!("Prøvegata 10");
    let moved = manager.put(&path, seen.version(), &moved).await.ok();
    assert!(moved.body["details"].get("cadastreAgreedOn").is_none());
    assert_eq!(unchecked().await, 3);
    let differs = check(&other).await.ok();
    assert_eq!(differs.body["result"], "DIFFERS");
    for field in ["streetAddress", "postalCode", "usableAreaM2"] {
        assert!(differs.text.contains(field), "{field}: {}", differs.text);
    }
    assert_eq!(check(&nowhere).await.ok().body["result"], "NO_SUCH_UNIT");
    town.registers.be(Mood::Down);
    let down = check(&other).await.refused(503, "register_unavailable");
    assert!(down.body["titleNb"].as_str().unwrap().contains("manuelt"));
}

cases::cases![
    nobody_is_shown_by_an_old_word_of_the_register,
    while_the_register_is_down_the_strictest_that_is_known_stands,
    every_member_of_a_household_is_asked_about_before_it_is_shown,
    income_comes_from_the_register_and_by_which_right_is_on_record,
    the_cadastre_tells_where_it_knows_a_home_otherwise,
];
