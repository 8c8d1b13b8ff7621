//! Cases before the decision: receiving, the queue, the steps, and refusals without a home.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::given::{FAMILY, SINGLE, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_household_has_one_open_application(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let first = kari.post("/applications", &body).await.ok();
    kari.post("/applications", &body)
        .await
        .refused(409, "open_application_exists");
    // Withdrawn, it bars nobody any more.
    let path = format!("/applications/{}/withdraw", first.id());
    kari.act(&path, first.version(), &json!({"by": "APPLICANT"}))
        .await
        .ok();
    kari.post("/applications", &body).await.ok();
}

async fn every_fault_of_an_application_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = json!({
        "householdId": "01900000-0000-7000-8000-000000000000", "type": "NEW",
        "receivedOn": "2026-03-03",
        "needs": {"categories": ["ORDINARY", "ORDINARY"], "urgency": "HIGH",
                  "wishedAreas": ["HEGRA"], "excludedAreas": ["HEGRA"]},
    });
    kari.post("/applications", &body).await.faults(&[
        ("/householdId", "not_found"),
        ("/receivedOn", "in_the_future"),
        ("/needs/categories/1", "not_unique"),
        ("/needs/wishedAreas/0", "contradiction"),
    ]);
    let body = json!({"householdId": 5, "type": "CASTLE", "needs": {"categories": []}});
    kari.post("/applications", &body).await.faults(&[
        ("/householdId", "wrong_type"),
        ("/type", "unknown_code"),
        ("/receivedOn", "missing"),
        ("/needs/categories", "too_few"),
        ("/needs/urgency", "missing"),
    ]);
}

async fn a_case_goes_before_the_team_only_when_it_is_known_what_is_needed(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok();
    let path = |act: &str| format!("/applications/{}/{act}", case.id());
    let refused = kari.act(&path("submit-to-team"), 1, &json!({})).await;
    assert_eq!(
        refused.refused(409, "forbidden_step").body["state"],
        "SUBMITTED"
    );
    let me = kari.get("/auth/me").await.ok().id();
    kari.act(&path("assign"), 1, &json!({"assigneeId": me}))
        .await
        .ok();
    kari.act(&path("start-assessment"), 2, &json!({}))
        .await
        .ok();
    kari.act(&path("submit-to-team"), 3, &json!({}))
        .await
        .refused(409, "needs_missing");
    kari.put(&path("needs"), 2, &ordinary_needs())
        .await
        .refused(412, "stale");
    kari.put(&path("needs"), 3, &ordinary_needs()).await.ok();
    kari.act(&path("submit-to-team"), 4, &json!({})).await.ok();
    let whole = kari.get(&format!("/applications/{}", case.id())).await.ok();
    assert_eq!(whole.body["state"], "TEAM_REVIEW");
    assert_eq!(whole.body["householdSize"], 4);
    assert_eq!(whole.body["situations"][0]["kind"], "AT_RISK");
    assert_eq!(whole.body["needs"]["categories"], json!(["ORDINARY"]));
}

async fn the_queue_is_filtered_and_paged_without_gaps(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let mut received = Vec::new();
    for serial in 1..=5 {
        let household = town.household(&kari, &SINGLE, serial).await;
        let body = json!({
            "householdId": household, "type": "NEW", "receivedOn": "2026-02-20",
            "needs": ordinary_needs(),
        });
        received.push(kari.post("/applications", &body).await.ok().id());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/applications?state=SUBMITTED&urgency=HIGH&limit=2{cursor}");
        let page = kari.get(&path).await.ok();
        seen.extend(
            page.items()
                .iter()
                .map(|it| it["id"].as_str().unwrap().to_owned()),
        );
        assert!(
            page.items()
                .iter()
                .all(|it| it.get("applicantName").is_none())
        );
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, received);
    let none = kari
        .get("/applications?state=SUBMITTED&urgency=ACUTE")
        .await
        .ok();
    assert!(none.items().is_empty());
}

async fn a_refusal_needs_reasons_and_says_what_is_best_for_the_children(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let bare = json!({"outcome": "REFUSED",
        "reasons": {"rules": ["§ 3"], "facts": " ", "considerations": "Kan leie privat."}});
    kari.post(&path, &bare).await.faults(&[
        ("/reasons/facts", "missing"),
        ("/reasons/childsBestInterest", "missing"),
    ]);
    let refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let proposed = kari.post(&path, &refusal).await.ok();
    kari.post(&path, &refusal)
        .await
        .refused(409, "proposal_exists");
    let approve = format!("/decisions/{}/approve", proposed.id());
    ola.act(&approve, 1, &json!({})).await.ok();
    ola.act(&approve, 2, &json!({}))
        .await
        .refused(409, "not_proposed");
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "REFUSED"
    );
    let replay = format!("/decisions/{}/replay", proposed.id());
    ola.get(&replay).await.refused(409, "nothing_to_replay");
    kari.post(&path, &refusal)
        .await
        .refused(409, "not_ready_for_decision");
}

async fn a_home_can_be_granted_when_none_is_free(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let granted = json!({"outcome": "GRANTED", "reasons": reasons()});
    let proposed = kari.post(&path, &granted).await.ok();
    let approved = ola
        .act(
            &format!("/decisions/{}/approve", proposed.id()),
            1,
            &json!({}),
        )
        .await;
    assert!(approved.ok().body.get("offerId").is_none());
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "WAITING"
    );
}

async fn whoever_reads_a_case_is_on_the_record(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok();
    let ola = town.another(Role::Caseworker).await;
    let read = ola.get(&format!("/applications/{}", case.id())).await.ok();
    let applicant = read.body["applicantId"].as_str().unwrap().to_owned();
    let officer = town.actor(Role::PrivacyOfficer).await;
    let log = officer
        .get(&format!("/people/{applicant}/access-log"))
        .await
        .ok();
    let reader = ola.get("/auth/me").await.ok().id();
    let reads: Vec<&str> = log
        .items()
        .iter()
        .filter(|it| it["entry"]["actor"]["id"] == json!(reader))
        .map(|it| it["entry"]["action"].as_str().unwrap())
        .collect();
    assert_eq!(reads, ["application.read"]);
    // Another municipality sees neither the case nor its history.
    for role in [Role::Caseworker, Role::DecisionMaker] {
        let stranger = town.stranger(role).await;
        let path = format!("/applications/{}", case.id());
        stranger.get(&path).await.refused(404, "not_found");
        stranger
            .get(&format!("{path}/history"))
            .await
            .refused(404, "not_found");
    }
}

cases::cases![
    a_household_has_one_open_application,
    every_fault_of_an_application_is_named,
    a_case_goes_before_the_team_only_when_it_is_known_what_is_needed,
    the_queue_is_filtered_and_paged_without_gaps,
    a_refusal_needs_reasons_and_says_what_is_best_for_the_children,
    a_home_can_be_granted_when_none_is_free,
    whoever_reads_a_case_is_on_the_record,
];
