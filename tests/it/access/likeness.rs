//! Who has the name or the address of somebody in a case is asked how they are related before deciding in it (forvaltningsloven § 6).

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::user;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, reasons};
use crate::support::residents::{member, resident};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const REFUSED_AS: &str = "impartiality_to_be_answered";

async fn propose(by: &Actor, case: &str) -> Answer {
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    by.post(&path, &proposal).await
}

async fn answer(by: &Actor, case: &str, ground: &str) -> Answer {
    let path = format!("/applications/{case}/impartiality-answers");
    by.post(&path, &json!({"ground": ground})).await
}

async fn a_shared_surname_is_a_question_and_no_bar(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    for (employee, name) in [(&kari, "Kari TESTESEN20"), (&ola, "Ola Berg-Testesen20")] {
        town.rename(&user(employee).await, name).await;
    }
    let refused = propose(&kari, &case).await.refused(409, REFUSED_AS);
    assert_eq!(refused.body["likeness"], json!(["SURNAME"]));
    assert!(!refused.text.to_lowercase().contains("testesen"));
    // The case is handled all the same; only deciding waits.
    kari.get(&format!("/applications/{case}")).await.ok();
    let answered = answer(&kari, &case, "COINCIDENCE").await.ok();
    assert_eq!(answered.body["ground"], "COINCIDENCE");
    answer(&kari, &case, "NEIGHBOUR")
        .await
        .refused(409, "impartiality_answered");
    let proposed = propose(&kari, &case).await.ok();
    // Everybody answers alone.
    let approve = format!("/decisions/{}/approve", proposed.id());
    ola.act(&approve, 1, &json!({}))
        .await
        .refused(409, REFUSED_AS);
    answer(&ola, &case, "DISTANT_RELATION").await.ok();
    ola.act(&approve, 1, &json!({})).await.ok();
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor.get(&format!("/applications/{case}/history")).await;
    let history = history.ok();
    let said = |it: &&Value| it["entry"]["action"] == "impartiality.answered";
    assert_eq!(history.items().iter().filter(said).count(), 2);
}

async fn whoever_is_not_impartial_does_not_answer_otherwise(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    town.rename(&user(&kari).await, "Kari Testesen20").await;
    let conflict = json!({"ground": "FAMILY"});
    kari.post(&format!("/applications/{case}/conflicts"), &conflict)
        .await
        .ok();
    answer(&kari, &case, "COINCIDENCE")
        .await
        .refused(409, "conflict_declared");
    propose(&kari, &case)
        .await
        .refused(403, "conflicted_decision");
    answer(&kari, &household, "COINCIDENCE")
        .await
        .refused(404, "not_found");
}

/// Somebody who lives in Prøvegata, written so. Gives what registers them.
fn living_in(name: &str, born_on: &str, street: &str) -> Value {
    let mut body = resident(name, born_on, 0);
    body["address"] = json!({"street": street, "postalCode": "7500", "postalPlace": "Stjørdal"});
    body
}

async fn a_shared_address_is_a_question_unless_it_is_protected(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let neighbour = living_in("Solfrid", "1955-11-10", "Prøvegata 17");
    let person = kari.post("/people", &neighbour).await.ok().id();
    let members = json!({"members": [member(&person, "APPLICANT")]});
    let household = kari.post("/households", &members).await.ok().id();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    kari.post(&path, &situation).await.ok();
    let case = town.case_before_team(&kari, &household).await;
    // Of an employee who is not registered here no address is known, and none is asked for.
    let own = living_in("Per", "1970-02-03", "PRØVEGATA  17");
    kari.post("/people", &own).await.ok();
    let number = own["nationalId"].as_str().unwrap();
    town.identify(&user(&kari).await, number).await;
    let refused = propose(&kari, &case).await.refused(409, REFUSED_AS);
    assert_eq!(refused.body["likeness"], json!(["ADDRESS"]));
    assert!(!refused.text.to_lowercase().contains("prøvegata"));
    // Whose address is protected is not found by it.
    town.protect(&household).await;
    propose(&kari, &case).await.ok();
}

cases::cases![
    a_shared_surname_is_a_question_and_no_bar,
    whoever_is_not_impartial_does_not_answer_otherwise,
    a_shared_address_is_a_question_unless_it_is_protected,
];
