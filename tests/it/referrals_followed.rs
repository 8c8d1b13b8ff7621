//! What becomes of a referral, as far as NAV is told; and what NAV may ask.

use rettbolig::auth::{Role, Scope};
use serde_json::{Value, json};

use crate::referrals::{accept, referral, with};
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn nav_is_told_what_its_legal_basis_allows(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let consent = json!({"givenOn": "2026-03-01", "validUntil": "2026-03-31"});
    let by_consent = with(
        with(
            referral("C", "1990-05-17", 1),
            "/legalBasis",
            json!("CONSENT"),
        ),
        "/consent",
        consent,
    );
    let by_necessity = with(
        referral("N", "1990-05-17", 2),
        "/legalBasis",
        json!("NECESSITY"),
    );
    town.adopt_rules().await;
    let mut ids = Vec::new();
    for sent in [by_consent, by_necessity, referral("S", "1990-05-17", 3)] {
        let id = nav.post("/nav/referrals", &sent).await.ok().id();
        let case = accept(&kari, &id).await["applicationId"]
            .as_str()
            .unwrap()
            .to_owned();
        refuse(&town, &kari, &case).await;
        ids.push(id);
    }
    let status = async |id: &str| {
        let body = nav.get(&format!("/nav/referrals/{id}")).await.ok().body;
        (body["progress"].clone(), body["outcome"].clone())
    };
    assert_eq!(status(&ids[0]).await, (json!("ENDED"), json!("REFUSED")));
    assert_eq!(status(&ids[1]).await, (Value::Null, Value::Null));
    assert_eq!(status(&ids[2]).await, (json!("ENDED"), Value::Null));
    town.wait_days(40);
    let nav = town.actor(Role::NavAdvisor).await;
    let expired = nav.get(&format!("/nav/referrals/{}", ids[0])).await.ok();
    assert!(
        expired.body.get("progress").is_none(),
        "the consent has run out"
    );
}

/// Brings a case the whole way to its refusal.
async fn refuse(town: &Town, kari: &Actor, case: &str) {
    let needs = ordinary_needs();
    let path = format!("/applications/{case}");
    let version = kari.get(&path).await.ok().version();
    let mut version = kari
        .put(&format!("{path}/needs"), version, &needs)
        .await
        .ok()
        .version();
    let me = kari.get("/auth/me").await.ok().id();
    for (act, body) in [
        ("assign", json!({"assigneeId": me})),
        ("start-assessment", json!({})),
        ("submit-to-team", json!({})),
    ] {
        version = kari
            .act(&format!("{path}/{act}"), version, &body)
            .await
            .ok()
            .version();
    }
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let ola = town.actor(Role::DecisionMaker).await;
    decide(kari, &ola, case, &proposal).await;
}

async fn an_open_case_is_joined_and_no_second_one_made(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let first = nav
        .post("/nav/referrals", &referral("1", "1990-05-17", 1))
        .await
        .ok()
        .id();
    let second = nav
        .post("/nav/referrals", &referral("2", "1990-05-17", 1))
        .await
        .ok()
        .id();
    let content = kari
        .get(&format!("/nav/referrals/{first}/content"))
        .await
        .ok();
    assert_eq!(content.body["otherReferrals"], 1);
    let case = accept(&kari, &first).await["applicationId"].clone();
    let path = format!("/nav/referrals/{second}/accept");
    let refused = kari
        .act(&path, 1, &json!({}))
        .await
        .refused(409, "case_open");
    assert_eq!(refused.body["openApplicationId"], case);
    let household = town.household(&kari, &SINGLE, 9).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let foreign = kari.post("/applications", &body).await.ok().id();
    kari.act(&path, 1, &json!({"applicationId": foreign}))
        .await
        .refused(422, "case_of_somebody_else");
    let joined = kari
        .act(&path, 1, &json!({"applicationId": case}))
        .await
        .ok();
    assert_eq!(joined.body["applicationId"], case);
}

async fn what_is_returned_or_taken_back_is_told(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let id = nav
        .post("/nav/referrals", &referral("1", "1990-05-17", 1))
        .await
        .ok()
        .id();
    let reason = json!({"reason": "INFORMATION_MISSING"});
    kari.act(&format!("/nav/referrals/{id}/return"), 1, &reason)
        .await
        .ok();
    let status = nav.get(&format!("/nav/referrals/{id}")).await.ok();
    assert_eq!(status.body["state"], "RETURNED");
    assert_eq!(status.body["returnReason"], "INFORMATION_MISSING");
    nav.act(&format!("/nav/referrals/{id}/withdraw"), 2, &json!({}))
        .await
        .refused(409, "referral_concluded");
    let other = nav
        .post("/nav/referrals", &referral("2", "1990-05-17", 2))
        .await
        .ok()
        .id();
    let withdrawn = nav
        .act(&format!("/nav/referrals/{other}/withdraw"), 1, &json!({}))
        .await
        .ok();
    assert_eq!(withdrawn.body["state"], "WITHDRAWN");
}

async fn nav_asks_what_it_needs_and_every_look_is_on_record(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, kari) = (
        town.actor(Role::NavAdvisor).await,
        town.actor(Role::Caseworker).await,
    );
    let sent = referral("1", "1990-05-17", 1);
    let id = nav.post("/nav/referrals", &sent).await.ok().id();
    let case = accept(&kari, &id).await["applicationId"]
        .as_str()
        .unwrap()
        .to_owned();
    let ask = async |purpose: &str| {
        let body = json!({"nationalId": sent["person"]["nationalId"], "purpose": purpose});
        nav.post("/nav/lookups/housing", &body).await.ok().body
    };
    assert_eq!(
        ask("FINDING_HOME").await,
        json!({"hasOpenCase": true, "hasDecision": false, "hasHome": false})
    );
    assert_eq!(ask("FINANCIAL_ASSISTANCE").await, json!({"hasHome": false}));
    let code = json!({"nationalId": sent["person"]["nationalId"], "on": "2026-02-15"});
    let answer = nav.post("/nav/lookups/housing-code", &code).await.ok();
    assert_eq!(
        answer.body,
        json!({"code": "4"}),
        "with friends is without a home"
    );
    let before = json!({"nationalId": sent["person"]["nationalId"], "on": "2020-01-01"});
    assert_eq!(
        nav.post("/nav/lookups/housing-code", &before)
            .await
            .ok()
            .body,
        json!({})
    );
    let ahead = json!({"nationalId": sent["person"]["nationalId"], "on": "2030-01-01"});
    nav.post("/nav/lookups/housing-code", &ahead)
        .await
        .faults(&[("/on", "in_future")]);
    let wrong = json!({"nationalId": "17059012345", "purpose": "FINDING_HOME"});
    nav.post("/nav/lookups/housing", &wrong)
        .await
        .faults(&[("/nationalId", "national_id_check_digits")]);
    let person = kari.get(&format!("/applications/{case}")).await.ok().body["applicantId"].clone();
    let officer = town.actor(Role::PrivacyOfficer).await;
    let path = format!("/people/{}/access-log", person.as_str().unwrap());
    let looks = officer.get(&path).await.ok();
    let asked: Vec<&Value> = looks
        .items()
        .iter()
        .filter(|it| it["entry"]["action"] == "nav.housing_asked")
        .map(|it| &it["entry"]["facts"]["legalBasis"])
        .collect();
    assert_eq!(
        asked,
        [
            "sosialtjenesteloven § 15",
            "sosialtjenesteloven §§ 18 og 43"
        ]
    );
}

async fn a_program_of_nav_refers_and_follows_within_its_scope(bench: Bench) {
    let town = Town::open(bench).await;
    let program = town.machine(Scope::NavWrite).await;
    let sent = program
        .post("/nav/referrals", &referral("P-1", "1990-05-17", 1))
        .await
        .ok();
    let path = format!("/nav/referrals/{}", sent.id());
    assert_eq!(program.get(&path).await.ok().body["state"], "RECEIVED");
    for outside in ["/nav/events".to_owned(), format!("{path}/content")] {
        program
            .get(&outside)
            .await
            .refused(403, "insufficient_scope");
    }
    let withdrawn = program
        .act(&format!("{path}/withdraw"), 1, &json!({}))
        .await
        .ok();
    assert_eq!(withdrawn.body["state"], "WITHDRAWN");
}

cases::cases![
    a_program_of_nav_refers_and_follows_within_its_scope,
    nav_is_told_what_its_legal_basis_allows,
    an_open_case_is_joined_and_no_second_one_made,
    what_is_returned_or_taken_back_is_told,
    nav_asks_what_it_needs_and_every_look_is_on_record,
];
