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
    let members = [member(&person, "APPLICANT")];
    let household = town.household_in_need(&kari, &members).await;
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

/// A meeting in which a case is on the agenda. Gives the way to recommend something.
async fn on_the_agenda(chair: &Actor, members: &[&str; 2], case: &str) -> String {
    let meeting = json!({"meetsOn": "2026-03-02", "members": [
        {"userId": members[0], "discipline": "NAV", "isChair": true},
        {"userId": members[1], "discipline": "HOUSING"},
    ]});
    let meeting = chair.post("/meetings", &meeting).await.ok().id();
    let items = format!("/meetings/{meeting}/items");
    let matter = json!({"applicationId": case});
    let item = chair.post(&items, &matter).await.ok().id();
    format!("/agenda-items/{item}/recommend")
}

fn motion(voters: &[&str]) -> Value {
    let cast = voters.iter().map(|it| json!({"userId": it, "vote": "FOR"}));
    let cast: Vec<Value> = cast.collect();
    json!({"advice": "REFUSE", "reasons": "Andre tiltak er nok.", "votes": cast})
}

/// A case before the team, with two who may vote on it.
async fn sitting(bench: Bench) -> (Town, Actor, Actor, String) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let chair = town.actor(Role::TeamMember).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    (town, kari, chair, case)
}

async fn whoever_votes_in_a_meeting_answers_first(bench: Bench) {
    let (town, kari, chair, case) = sitting(bench).await;
    let (kari_id, chair_id) = (user(&kari).await, user(&chair).await);
    let voters = [chair_id.as_str(), kari_id.as_str()];
    let recommend = on_the_agenda(&chair, &voters, &case).await;
    town.rename(&kari_id, "Kari Testesen20").await;
    // Who holds the meeting is told whose answer is missing, and not in what Kari is like somebody.
    let refused = chair.act(&recommend, 1, &motion(&voters)).await;
    let refused = refused.refused(409, "voter_to_answer_impartiality");
    assert_eq!(refused.body["errors"][0]["pointer"], "/votes/1/userId");
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 1);
    assert!(refused.body.get("likeness").is_none());
    assert!(!refused.text.to_lowercase().contains("testesen"));
    // Kari is told when Kari writes it down.
    let by_kari = kari.act(&recommend, 1, &motion(&voters)).await;
    let by_kari = by_kari.refused(409, REFUSED_AS);
    assert_eq!(by_kari.body["likeness"], json!(["SURNAME"]));
    answer(&kari, &case, "COINCIDENCE").await.ok();
    chair.act(&recommend, 1, &motion(&voters)).await.ok();
}

async fn whoever_is_not_impartial_writes_no_recommendation(bench: Bench) {
    let (town, kari, chair, case) = sitting(bench).await;
    let (kari_id, chair_id) = (user(&kari).await, user(&chair).await);
    let recommend = on_the_agenda(&chair, &[&chair_id, &kari_id], &case).await;
    town.rename(&kari_id, "Kari Testesen20").await;
    let conflicts = format!("/applications/{case}/conflicts");
    let ground = json!({"ground": "FAMILY"});
    kari.post(&conflicts, &ground).await.ok();
    let without_kari = motion(&[&chair_id]);
    kari.act(&recommend, 1, &without_kari)
        .await
        .refused(403, "conflicted");
    chair.act(&recommend, 1, &without_kari).await.ok();
}

async fn nobody_answers_who_is_not_asked(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let unasked = answer(&kari, &case, "COINCIDENCE").await;
    unasked.refused(409, "impartiality_not_asked");
    // Nothing was answered beforehand.
    town.rename(&user(&kari).await, "Kari Testesen20").await;
    propose(&kari, &case).await.refused(409, REFUSED_AS);
    answer(&kari, &case, "COINCIDENCE").await.ok();
}

cases::cases![
    whoever_votes_in_a_meeting_answers_first,
    whoever_is_not_impartial_writes_no_recommendation,
    nobody_answers_who_is_not_asked,
    a_shared_surname_is_a_question_and_no_bar,
    whoever_is_not_impartial_does_not_answer_otherwise,
    a_shared_address_is_a_question_unless_it_is_protected,
];
