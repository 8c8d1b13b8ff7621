//! What auditors and residents ask of the log.

use std::collections::BTreeSet;

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::audit::record;
use crate::guards::sources;
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, reasons};
use crate::support::residents::person;
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn asked(auditor: &Actor, question: &str) -> Vec<Value> {
    let path = format!("/audit/entries?limit=200&{question}");
    auditor.get(&path).await.ok().items().to_vec()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["entry"]["action"].as_str().unwrap())
        .collect()
}

async fn decisions_are_found_by_rules_refusal_and_deviation(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, auditor) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::Auditor).await,
    );
    let (first, second) = (
        town.household(&kari, &SINGLE, 1).await,
        town.household(&kari, &SINGLE, 2).await,
    );
    for household in [&first, &second] {
        town.case_before_team(&kari, household).await;
    }
    let home = town.home(1, 1).await;
    let candidates = format!("/dwellings/{home}/candidates");
    let fits = kari.get(&candidates).await.ok();
    let behind = &fits.body["candidates"][1];
    assert_eq!(behind["rank"], 2);
    let case = behind["applicationId"].as_str().unwrap();
    let mut reasons = reasons();
    reasons["deviation"] = json!("Husstanden trenger nettopp denne boligen.");
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons});
    let liv = town.actor(Role::DecisionMaker).await;
    let path = format!("/applications/{case}/decisions");
    let proposed = liv.post(&path, &proposal).await.ok();
    let approve = format!("/decisions/{}/approve", proposed.id());
    liv.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_hands");

    let rules = kari.get("/rule-sets").await.ok().items()[0].clone();
    let by_rules = format!("ruleSetId={}", rules["id"].as_str().unwrap());
    let found = asked(&auditor, &by_rules).await;
    assert!(actions(&found).contains(&"decision.proposed"));
    let refused = asked(&auditor, "refusal=same_hands").await;
    assert_eq!(actions(&refused), ["decision.decide"]);
    assert_eq!(asked(&auditor, "kind=REFUSED").await, refused);
    assert_eq!(
        asked(&auditor, "mark=REFUSED&role=DECISION_MAKER").await,
        refused
    );
    assert!(asked(&auditor, "refusal=stale").await.is_empty());
    let of_decision = format!("decisionId={}&refusal=same_hands", proposed.id());
    assert_eq!(asked(&auditor, &of_decision).await, refused);
    let of_other = format!("{by_rules}&refusal=same_hands");
    assert!(asked(&auditor, &of_other).await.is_empty());

    let deviations = asked(&auditor, "mark=DEVIATION").await;
    assert_eq!(actions(&deviations), ["decision.proposed"]);
    let entry = &deviations[0]["entry"];
    assert_eq!(entry["v"], 3);
    assert_eq!(
        (&entry["purpose"], &entry["legalBasis"]),
        (&json!("ALLOCATION"), &json!("GDPR_6_1_E"))
    );
    assert_eq!(entry["facts"]["ruleSet"], rules["number"]);
    assert!(entry["facts"]["matchingEngine"].is_string());
}

async fn looks_that_name_no_case_are_found(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, auditor) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::Auditor).await,
    );
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    kari.get(&format!("/applications/{case}")).await.ok();
    let anne = person(&kari, "Anne", "1980-01-01").await;
    kari.get(&format!("/people/{anne}")).await.ok();
    kari.get(&format!("/households/{household}")).await.ok();
    let found = asked(&auditor, "mark=UNRELATED").await;
    assert_eq!(actions(&found), ["person.read", "household.read"]);
    let of_anne = asked(&auditor, &format!("mark=UNRELATED&personId={anne}")).await;
    assert_eq!(actions(&of_anne)[0], "person.read");

    let me = kari.get("/auth/me").await.ok().id();
    let looked = asked(&auditor, &format!("actorId={me}&kind=ACCESS")).await;
    assert_eq!(
        actions(&looked),
        ["application.read", "person.read", "household.read"]
    );
    let seen_by = asked(&auditor, &format!("personId={anne}&kind=ACCESS")).await;
    assert_eq!(actions(&seen_by)[0], "person.read");
}

async fn every_question_goes_on_where_its_page_ended(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    // More than one step of what is walked along, and all of one moment.
    record(&town, 600).await;
    for question in [
        "action=test",
        "from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&action=test",
    ] {
        assert_eq!(paged(&auditor, question).await, 600, "{question}");
    }
    let all = paged(&auditor, "from=2026-01-01T00:00:00Z").await;
    assert!(all > 600, "{all}");
    assert_eq!(paged(&auditor, "until=2026-01-01T00:00:00Z").await, 0);
    let unknown = "from=2026-01-01T00:00:00Z&cursor=AZAAAAAAcACAAAAAAAAAAA";
    let answer = auditor.get(&format!("/audit/entries?{unknown}")).await;
    answer.refused(400, "bad_cursor");
}

/// How many different entries the pages of a question hold together.
async fn paged(auditor: &Actor, question: &str) -> usize {
    let (mut ids, mut cursor) = (BTreeSet::new(), String::new());
    // Each page is itself recorded, so a question about everything has no natural end.
    for _ in 0..12 {
        let path = format!("/audit/entries?limit=100&{question}{cursor}");
        let page = auditor.get(&path).await.ok();
        for entry in page.items() {
            assert!(ids.insert(entry["id"].as_str().unwrap().to_owned()));
        }
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ids.len()
}

async fn a_resident_is_told_in_plain_norwegian_who_looked(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    kari.get(&format!("/people/{anne}")).await.ok();
    let officer = town.actor(Role::PrivacyOfficer).await;
    let path = format!("/people/{anne}/access-log/extract");
    let told = officer.get(&path).await.ok();
    assert_eq!(
        told.items(),
        [json!({
            "at": "2026-03-02T11:00:00Z",
            "when": "2. mars 2026 kl. 12.00",
            "who": "Saksbehandler i Boligtjenesten",
            "what": "Så på personopplysningene dine.",
            "why": "Saksbehandling og tildeling av kommunal bolig.",
        })]
    );
    // The letter names no employee; that it was made stands in the next one.
    let me = kari.get("/auth/me").await.ok();
    for hidden in ["id", "username", "displayName"] {
        let hidden = me.body[hidden].as_str().unwrap_or("caseworker1");
        assert!(!told.text.contains(hidden), "{hidden}");
    }
    let again = officer.get(&format!("{path}?limit=1")).await.ok();
    let next = again.body["nextCursor"].as_str().unwrap();
    let rest = officer.get(&format!("{path}?cursor={next}")).await.ok();
    assert_eq!(rest.items()[0]["who"], "Personvernombudet");
    kari.get(&path).await.refused(403, "forbidden");
    let stranger = town.stranger(Role::PrivacyOfficer).await;
    stranger.get(&path).await.refused(404, "not_found");
}

fn every_look_that_is_recorded_has_a_sentence() {
    let letter = sources::rust("src")
        .into_iter()
        .find(|source| source.path == "src/people/extract.rs")
        .unwrap();
    for source in sources::rust("src") {
        let code = source.code().replace(char::is_whitespace, "");
        for after in code.split("Entry::access(\"").skip(1) {
            let action = after.split('"').next().unwrap();
            assert!(
                letter.text.contains(&format!("\"{action}\"")),
                "{}: a resident must be told what {action} is: say it in src/people/extract.rs",
                source.path
            );
        }
    }
}

cases::cases![
    decisions_are_found_by_rules_refusal_and_deviation,
    looks_that_name_no_case_are_found,
    every_question_goes_on_where_its_page_ended,
    a_resident_is_told_in_plain_norwegian_who_looked,
];
cases::plain![every_look_that_is_recorded_has_a_sentence];
