//! NAV refers people: once, with every fault named, without learning who is known.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::events::{place, read};
use crate::faults::at_once;
use crate::support::actor::Actor;
use crate::support::given::person;
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A referral of somebody who was born on this day, as number `serial` of that day.
pub(crate) fn referral(reference: &str, born_on: &str, serial: u16) -> Value {
    let known = person(born_on, serial);
    json!({
        "reference": reference,
        "person": {
            "nationalId": known["nationalId"], "givenName": "Prøve",
            "familyName": "Henvist", "bornOn": born_on, "phone": "400 00 000",
        },
        "situation": {"reason": "WITH_FRIENDS_OR_RELATIVES", "since": "2026-02-01"},
        "urgency": "HIGH",
        "wishedFrom": "2026-04-01",
        "legalBasis": "SOCIAL_SERVICES_ACT",
        "contact": {"name": "NAV Værnes", "phone": "550 00 000"},
        "summary": "Trenger bolig i nærheten av arbeidet.",
    })
}

pub(crate) fn with(mut referral: Value, pointer: &str, value: Value) -> Value {
    let (at, name) = pointer.rsplit_once('/').unwrap();
    referral.pointer_mut(at).unwrap()[name] = value;
    referral
}

pub(crate) async fn accept(by: &Actor, id: &str) -> Value {
    let path = format!("/nav/referrals/{id}/accept");
    by.act(&path, 1, &json!({})).await.ok().body
}

async fn a_referral_becomes_a_case_and_nav_follows_it(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let child = json!({
        "nationalId": national_id("2018-03-04", 3).expose_digits(), "givenName": "Prøve",
        "familyName": "Henvist", "bornOn": "2018-03-04", "role": "CHILD", "residenceDays": 7,
    });
    let sent = with(
        referral("NAV-1", "1990-05-17", 1),
        "/household",
        json!([child]),
    );
    let received = nav.post("/nav/referrals", &sent).await.ok();
    assert_eq!(received.status, 201);
    assert_eq!(received.body["state"], "RECEIVED");
    let id = received.id();
    // The caseworker sees what NAV says, without the secret part of any number.
    let queue = kari.get("/nav/referrals?state=RECEIVED").await.ok();
    assert_eq!(queue.items()[0]["id"], json!(id));
    assert!(!queue.text.contains("Henvist"));
    let content = kari.get(&format!("/nav/referrals/{id}/content")).await.ok();
    assert_eq!(content.body["content"]["summary"], sent["summary"]);
    let masked = format!(
        "{}*****",
        &sent["person"]["nationalId"].as_str().unwrap()[..6]
    );
    assert_eq!(
        content.body["content"]["person"]["nationalId"],
        json!(masked)
    );
    nav.get(&format!("/nav/referrals/{id}/content"))
        .await
        .refused(403, "forbidden");
    let accepted = accept(&kari, &id).await;
    let case = accepted["applicationId"].as_str().unwrap();
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["type"], "REFERRAL_FROM_SERVICE");
    assert_eq!(whole.body["receivedOn"], "2026-03-02");
    assert_eq!(whole.body["householdSize"], 2);
    assert_eq!(whole.body["situations"][0]["source"], "NAV");
    let status = nav.get(&format!("/nav/referrals/{id}")).await.ok();
    assert_eq!(status.body["progress"], "IN_PROGRESS");
    place(&town).await;
    let (events, _) = read(&nav, "/nav/events", None, 50).await;
    let told: Vec<&str> = events
        .iter()
        .map(|it| it["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "no.rettbolig.referral.received.v1",
            "no.rettbolig.application.received.v1",
            "no.rettbolig.referral.accepted.v1"
        ]
    );
    assert_eq!(events[2]["subject"], json!(format!("nav/referrals/{id}")));
    let again = kari
        .act(&format!("/nav/referrals/{id}/accept"), 2, &json!({}))
        .await;
    again.refused(409, "referral_concluded");
    kari.act(
        &format!("/nav/referrals/{id}/return"),
        1,
        &json!({"reason": "SENT_TWICE"}),
    )
    .await
    .refused(412, "stale");
}

async fn the_answer_does_not_tell_whether_somebody_is_known(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let mut known = person("1990-05-17", 1);
    known["addressProtection"] = json!("STRICTLY_CONFIDENTIAL");
    kari.post("/people", &known).await.ok();
    let of_known = nav
        .post("/nav/referrals", &referral("A", "1990-05-17", 1))
        .await
        .ok();
    let of_stranger = nav
        .post("/nav/referrals", &referral("B", "1990-05-17", 2))
        .await
        .ok();
    let names = |body: &Value| {
        body.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&of_known.body), names(&of_stranger.body));
    for purpose in [
        "FINDING_HOME",
        "TEMPORARY_ACCOMMODATION",
        "FINANCIAL_ASSISTANCE",
    ] {
        let mut texts = Vec::new();
        for serial in [1, 3] {
            let id = national_id("1990-05-17", serial);
            let body = json!({"nationalId": id.expose_digits(), "purpose": purpose});
            texts.push(nav.post("/nav/lookups/housing", &body).await.ok().text);
        }
        assert_eq!(
            texts[0], texts[1],
            "known without a case, or not known at all"
        );
    }
    let accepted = accept(&kari, &of_known.id()).await;
    assert!(
        accepted["applicationId"].is_string(),
        "the person that was known is taken"
    );
}

async fn sent_again_or_by_two_at_once_it_is_one_referral(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let sent = referral("NAV-7", "1990-05-17", 1);
    let at_once = at_once([(); 8].map(|()| {
        let (nav, sent) = (nav.clone(), sent.clone());
        async move { nav.post("/nav/referrals", &sent).await.ok().id() }
    }))
    .await;
    assert!(at_once.iter().all(|id| *id == at_once[0]), "{at_once:?}");
    let other = with(sent, "/urgency", json!("ACUTE"));
    nav.post("/nav/referrals", &other)
        .await
        .refused(409, "reference_reused");
    place(&town).await;
    let (events, _) = read(&nav, "/nav/events", None, 50).await;
    assert_eq!(events.len(), 1, "one referral, one event");
    // Another town's NAV may use the same reference.
    let stranger = town.stranger(Role::NavAdvisor).await;
    let theirs = stranger
        .post("/nav/referrals", &referral("NAV-7", "1990-05-17", 1))
        .await
        .ok();
    assert_ne!(theirs.id(), at_once[0]);
    stranger
        .get(&format!("/nav/referrals/{}", at_once[0]))
        .await
        .refused(404, "not_found");
}

/// What is put where, and which faults that gives.
type Faulty = (&'static str, Value, &'static [(&'static str, &'static str)]);

async fn every_fault_of_a_referral_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let good = referral("NAV-1", "1990-05-17", 1);
    let child = json!({
        "nationalId": good["person"]["nationalId"], "givenName": "A", "familyName": "B",
        "bornOn": "1990-05-17", "role": "CHILD",
    });
    let cases: Vec<Faulty> = vec![
        (
            "/person/nationalId",
            json!("17059012345"),
            &[("/person/nationalId", "national_id_check_digits")],
        ),
        (
            "/person/nationalId",
            json!("1"),
            &[("/person/nationalId", "national_id_not_eleven_digits")],
        ),
        (
            "/person/bornOn",
            json!("1991-05-17"),
            &[("/person/bornOn", "born_on_not_of_national_id")],
        ),
        (
            "/reference",
            json!("17059012345"),
            &[("/reference", "reference_is_national_id")],
        ),
        (
            "/household",
            json!([child]),
            &[
                ("/household/0/nationalId", "member_twice"),
                ("/household/0/role", "child_of_age"),
            ],
        ),
        (
            "/situation/since",
            json!("2027-01-01"),
            &[("/situation/since", "in_future")],
        ),
        ("/legalBasis", json!("CONSENT"), &[("/consent", "missing")]),
        (
            "/consent",
            json!({"givenOn": "2026-01-01", "validUntil": "2026-06-01"}),
            &[("/consent", "not_the_basis")],
        ),
        (
            "/wishedFrom",
            json!("2030-01-01"),
            &[("/wishedFrom", "too_far_ahead")],
        ),
    ];
    for (pointer, value, faults) in cases {
        let sent = with(good.clone(), pointer, value);
        let answer = nav.post("/nav/referrals", &sent).await;
        assert!(!answer.text.contains("17059012345"), "a value is echoed");
        answer.faults(faults);
    }
    let consent = json!({"givenOn": "2026-03-05", "validUntil": "2028-03-01"});
    let sent = with(
        with(good.clone(), "/legalBasis", json!("CONSENT")),
        "/consent",
        consent,
    );
    nav.post("/nav/referrals", &sent).await.faults(&[
        ("/consent/givenOn", "in_future"),
        ("/consent/validUntil", "too_long"),
    ]);
    let unknown = with(good.clone(), "/urgency", json!("SOMETIMES"));
    assert_eq!(nav.post("/nav/referrals", &unknown).await.status, 400);
    let minor = referral("NAV-2", "2012-05-17", 1);
    nav.post("/nav/referrals", &minor)
        .await
        .faults(&[("/guardian", "guardian_missing")]);
    let own = with(minor.clone(), "/guardian", minor["person"].clone());
    nav.post("/nav/referrals", &own).await.faults(&[
        ("/guardian/nationalId", "own_guardian"),
        ("/guardian/bornOn", "guardian_under_age"),
    ]);
    let huge = nav
        .request(reqwest::Method::POST, "/nav/referrals")
        .header("Idempotency-Key", "huge")
        .header("content-type", "application/json")
        .body(vec![b' '; 10 * 1024 * 1024]);
    let answer = huge.send().await;
    // The connection may be cut while the rest is still under way.
    assert!(answer.map_or(true, |it| it.status() == 413));
    let kari = town.actor(Role::Caseworker).await;
    assert!(
        kari.get("/nav/referrals").await.ok().items().is_empty(),
        "half written"
    );
}

async fn rows_of_a_batch_are_answered_by_themselves(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let first = referral("R-0", "1990-05-17", 0);
    nav.post("/nav/referrals", &first).await.ok();
    let bad = with(
        referral("R-2", "1990-05-17", 2),
        "/person/nationalId",
        json!("1"),
    );
    let reused = with(first.clone(), "/urgency", json!("NORMAL"));
    let items = json!([first, referral("R-1", "1990-05-17", 1), bad, {"reference": 5}, {}, reused]);
    let answer = nav
        .post("/nav/referrals/batch", &json!({"items": items}))
        .await
        .ok();
    let outcomes: Vec<&str> = answer
        .items()
        .iter()
        .map(|it| it["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [
            "ALREADY_RECEIVED",
            "RECEIVED",
            "REFUSED",
            "REFUSED",
            "REFUSED",
            "REFUSED"
        ]
    );
    assert_eq!(
        answer.items()[2]["errors"][0]["pointer"],
        "/person/nationalId"
    );
    assert_eq!(answer.items()[5]["code"], "reference_reused");
    let days =
        (1..=28).flat_map(|day| [1980, 1981, 1982, 1983].map(|year| format!("{year}-01-{day:02}")));
    let days = days.flat_map(|day| [0, 1, 2, 3, 4].map(|serial| (day.clone(), serial)));
    let many: Vec<Value> = days
        .take(500)
        .enumerate()
        .map(|(row, (day, serial))| referral(&format!("M-{row}"), &day, serial))
        .collect();
    let answer = nav
        .post("/nav/referrals/batch", &json!({"items": many}))
        .await
        .ok();
    assert_eq!(answer.items().len(), 500);
    assert!(answer.items().iter().all(|it| it["outcome"] == "RECEIVED"));
    let mut more = many;
    more.push(referral("M-500", "1990-05-18", 0));
    let answer = nav
        .post("/nav/referrals/batch", &json!({"items": more}))
        .await;
    assert_eq!(answer.status, 400);
    let none = nav
        .post("/nav/referrals/batch", &json!({"items": [{}]}))
        .await
        .ok();
    assert_eq!(none.items()[0]["outcome"], "REFUSED");
}

cases::cases![
    a_referral_becomes_a_case_and_nav_follows_it,
    the_answer_does_not_tell_whether_somebody_is_known,
    sent_again_or_by_two_at_once_it_is_one_referral,
    every_fault_of_a_referral_is_named,
    rows_of_a_batch_are_answered_by_themselves,
];
