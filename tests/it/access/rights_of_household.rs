//! What somebody is in a household and what it needs is corrected, or is not; either is told by letter (personvernforordningen art. 16).

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{FAMILY, SINGLE, ordinary_needs};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn what_somebody_is_in_a_household_is_corrected_and_that_person_is_told(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    town.case_before_team(&kari, &household).await;
    let path = format!("/households/{household}");
    let correct = format!("{path}/correct-member");
    let shown = kari.get(&path).await.ok();
    let with_role = |role: &str| {
        let members = shown.body["members"].as_array().unwrap();
        let found = members.iter().find(|it| it["role"] == role).unwrap();
        found["personId"].clone()
    };
    let (applicant, spouse, child) = (
        with_role("APPLICANT"),
        with_role("CO_APPLICANT"),
        with_role("CHILD"),
    );
    let change = |person: &Value, change: Value| {
        let mut body =
            json!({"personId": person, "reason": "WRONG", "why": "Bostedsavtalen ble vist."});
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    let version = shown.version();
    for (person, wrong, fault) in [
        (&child, json!({}), ("", "unchanged")),
        (&child, json!({"residenceDays": 14}), ("", "unchanged")),
        (
            &child,
            json!({"role": "OTHER_ADULT"}),
            ("/role", "adult_under_age"),
        ),
        (&spouse, json!({"role": "CHILD"}), ("/role", "child_of_age")),
        (
            &spouse,
            json!({"role": "APPLICANT"}),
            ("/role", "applicant_stays"),
        ),
        (
            &applicant,
            json!({"role": "OTHER_ADULT"}),
            ("/role", "applicant_stays"),
        ),
        (
            &json!(household),
            json!({"role": "CHILD"}),
            ("/personId", "not_found"),
        ),
    ] {
        kari.act(&correct, version, &change(person, wrong))
            .await
            .faults(&[fault]);
    }
    let half = change(&child, json!({"residenceDays": 7, "askedOn": "2026-02-27"}));
    kari.act(&correct, version - 1, &half)
        .await
        .refused(412, "stale");
    let corrected = kari.act(&correct, version, &half).await.ok();
    assert_eq!(corrected.body["dueOn"], "2026-03-27");
    let now = kari.get(&path).await.ok();
    assert_eq!(now.version(), corrected.version());
    let members = now.body["members"].as_array().unwrap();
    let is_child = |it: &&Value| it["personId"] == child;
    assert_eq!(members.iter().find(is_child).unwrap()["residenceDays"], 7);
    // Of a child those are told who receive the letters; an adult is told alone.
    let other = change(&spouse, json!({"role": "OTHER_ADULT"}));
    let of_spouse = kari.act(&correct, corrected.version(), &other).await.ok();
    for (told, to) in [(&corrected, &applicant), (&of_spouse, &spouse)] {
        let letter = told.body["letterIds"][0].as_str().unwrap();
        let shown = kari.get(&format!("/letters/{letter}")).await.ok();
        assert_eq!(&shown.body["recipientId"], to);
        let html = kari.get(&format!("/letters/{letter}/html")).await.text;
        assert!(html.contains("Rollen i husstanden") && !html.contains("Bostedsavtalen"));
    }
    // What it was, what it is and why is sealed into the log.
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let entries = "/audit/entries?action=household.member_corrected";
    let entries = auditor.get(entries).await.ok();
    assert_eq!(entries.items().len(), 2);
    assert!(!entries.text.contains("Bostedsavtalen"));
    let export = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&disclose=true";
    let export = auditor.get(export).await.ok();
    assert!(export.text.contains("Bostedsavtalen ble vist."));
}

async fn needs_are_corrected_however_the_case_stands(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}");
    let correct = format!("{path}/correct-needs");
    let version = kari.get(&path).await.ok().version();
    // Before the team they are not recorded anew; they are corrected.
    kari.put(&format!("{path}/needs"), version, &ordinary_needs())
        .await
        .refused(409, "forbidden_step");
    let mut body = json!({
        "needs": ordinary_needs(), "reason": "INCOMPLETE", "why": "Assistent om natten.",
        "language": "NN",
    });
    kari.act(&correct, version, &body)
        .await
        .faults(&[("/needs", "unchanged")]);
    body["needs"]["wishedAreas"] = json!(["SENTRUM"]);
    body["needs"]["excludedAreas"] = json!(["SENTRUM"]);
    kari.act(&correct, version, &body)
        .await
        .faults(&[("/needs/wishedAreas/0", "contradiction")]);
    body["needs"] = ordinary_needs();
    body["needs"]["extraBedrooms"] = json!(1);
    let corrected = kari.act(&correct, version, &body).await.ok();
    let now = kari.get(&path).await.ok();
    assert_eq!(now.body["needs"]["extraBedrooms"], 1);
    assert_eq!(now.body["state"], "TEAM_REVIEW");
    assert_eq!(now.version(), corrected.version());
    let letter = corrected.body["letterIds"][0].as_str().unwrap();
    let html = kari.get(&format!("/letters/{letter}/html")).await.text;
    assert!(html.contains("Bustadbehovet") && html.contains("Noko mangla."));
    assert!(!html.contains("Assistent"));
    // Also once the case has ended.
    let withdraw = format!("{path}/withdraw");
    kari.act(&withdraw, corrected.version(), &json!({"by": "APPLICANT"}))
        .await
        .ok();
    let version = kari.get(&path).await.ok().version();
    body["needs"] = ordinary_needs();
    kari.act(&correct, version, &body).await.ok();
    let bare = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-27"});
    let bare = kari.post("/applications", &bare).await.ok().id();
    kari.act(&format!("/applications/{bare}/correct-needs"), 1, &body)
        .await
        .refused(409, "needs_missing");
}

async fn that_situation_role_or_needs_stand_is_told_with_where_to_complain(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let case = kari.get(&format!("/applications/{case}")).await.ok();
    let person = case.body["applicantId"].as_str().unwrap();
    let path = format!("/people/{person}");
    let version = kari.get(&path).await.ok().version();
    let refusal = json!({
        "fields": ["SITUATION", "MEMBERSHIP", "NEEDS"], "askedOn": "2026-03-02",
        "why": "Det er slik det er vist i leieavtalen.",
    });
    let refuse = format!("{path}/refuse-correction");
    let refused = kari.act(&refuse, version, &refusal).await.ok();
    let letter = refused.body["letterIds"][0].as_str().unwrap();
    let html = kari.get(&format!("/letters/{letter}/html")).await.text;
    for told in [
        "Boligsituasjonen",
        "Rollen i husstanden",
        "Boligbehovet",
        "Datatilsynet",
    ] {
        assert!(html.contains(told), "{told}");
    }
}

/// What is open for a caseworker because something was corrected after the assessment: about which case, and by when.
async fn to_be_weighed(by: &Actor) -> Vec<Value> {
    let work = by.get("/my-work?limit=200").await.ok();
    let is_it = |it: &&Value| it["kind"] == "WEIGH_CORRECTION";
    work.items().iter().filter(is_it).cloned().collect()
}

async fn a_correction_in_a_case_that_was_assessed_is_weighed_by_its_caseworker(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}");
    let mut body = json!({
        "needs": ordinary_needs(), "reason": "INCOMPLETE", "why": "Assistent om natten.",
    });
    body["needs"]["extraBedrooms"] = json!(1);
    let correct = format!("{path}/correct-needs");
    let version = kari.get(&path).await.ok().version();
    kari.act(&correct, version, &body).await.ok();
    let tasks = to_be_weighed(&kari).await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["applicationId"], json!(case));
    assert_eq!(
        tasks[0]["assignedTo"],
        kari.get(&path).await.ok().body["assignedTo"]
    );
    // Twice is one task, and to assess the case again is the answer to it.
    body["needs"] = ordinary_needs();
    let version = kari.get(&path).await.ok().version();
    let version = kari.act(&correct, version, &body).await.ok().version();
    assert_eq!(to_be_weighed(&kari).await.len(), 1);
    let again = json!({"reason": "SITUATION_CHANGED"});
    kari.act(&format!("{path}/return-to-assessment"), version, &again)
        .await
        .ok();
    assert!(to_be_weighed(&kari).await.is_empty());
    // While it is assessed nobody is asked besides.
    let version = kari.get(&path).await.ok().version();
    body["needs"]["extraBedrooms"] = json!(2);
    let version = kari.act(&correct, version, &body).await.ok().version();
    assert!(to_be_weighed(&kari).await.is_empty());
    kari.act(&format!("{path}/submit-to-team"), version, &json!({}))
        .await
        .ok();
    // What a situation was is weighed just so, until the case has ended.
    let situations = format!("/households/{household}/situations");
    let situation = kari.get(&situations).await.ok().items()[0]["id"].clone();
    let shown = kari.get(&format!("/households/{household}")).await.ok();
    let correct = format!("/situations/{}/correct", situation.as_str().unwrap());
    let wrong = json!({"reason": "WRONG", "why": "Leieavtalen løper videre."});
    kari.act(&correct, shown.version(), &wrong).await.ok();
    assert_eq!(to_be_weighed(&kari).await.len(), 1);
    let version = kari.get(&path).await.ok().version();
    kari.act(
        &format!("{path}/withdraw"),
        version,
        &json!({"by": "APPLICANT"}),
    )
    .await
    .ok();
    assert!(to_be_weighed(&kari).await.is_empty());
}

cases::cases![
    a_correction_in_a_case_that_was_assessed_is_weighed_by_its_caseworker,
    what_somebody_is_in_a_household_is_corrected_and_that_person_is_told,
    needs_are_corrected_however_the_case_stands,
    that_situation_role_or_needs_stand_is_told_with_where_to_complain,
];
