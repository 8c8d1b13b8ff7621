//! Ids that are sent beside the path, in a query or a body: each is classified, and those that name people are tried with something hidden.

use std::collections::BTreeSet;

use rettbolig::auth::Role;
use rettbolig::{http, server};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::Scene;
use crate::support::given::{SINGLE, ordinary_needs};
use crate::support::{Bench, cases};

/// Ids in queries and bodies that name cases or people: each is tried below with something hidden.
const NAMES_PEOPLE: &[(&str, &str)] = &[
    ("GET /applications", "householdId"),
    ("GET /tenancies", "householdId"),
    ("GET /matching/explain", "applicationId"),
    ("GET /matching/runs/{id}/certificate", "applicationId"),
    ("POST /applications", "householdId"),
    ("POST /applications/{id}/merge", "intoId"),
    ("POST /application-drafts", "householdId"),
    ("PUT /application-drafts/{id}", "excludedHouseholds"),
    ("POST /applications", "excludedHouseholds"),
    ("PUT /applications/{id}/needs", "excludedHouseholds"),
    (
        "POST /applications/{id}/correct-needs",
        "excludedHouseholds",
    ),
    ("POST /households/{id}/correct-member", "personId"),
    ("POST /matching/what-if", "applicationId"),
    ("POST /matching/what-if", "excludedHouseholds"),
    ("POST /matching/what-if", "residents"),
    ("POST /households", "personId"),
    ("POST /emergency-accesses", "applicationId"),
    ("POST /meetings/{id}/items", "applicationId"),
    ("POST /nav/referrals/{id}/accept", "applicationId"),
    ("POST /eviction-notices", "tenancyId"),
    ("POST /shelters/decisions", "householdId"),
    ("POST /shelters/decisions", "applicationId"),
    ("POST /shelters/decisions", "decisionId"),
    ("POST /shelters/decisions/{id}/confirm", "decisionId"),
];

/// Ids that name homes, employees, units and rules, or ask the log by those who may ask it: nothing is hidden behind them.
const NAMES_NOBODY: &[&str] = &[
    "dwellingId",
    "assignedTo",
    "assigneeId",
    "unitIds",
    "leaderId",
    "userId",
    "actorId",
    "ruleSetId",
    "measureId",
    "providerId",
    "absent",
    "against",
    "dwellingIds",
    "homesWithdrawn",
    "bodyId",
    "building",
];

/// Ids of what belongs to the case in the path: whoever may not see the case gets no further, and what is of another case is refused.
const NAMES_OWN: &[&str] = &[
    "newDecisionId",
    "recommendationId",
    "replaces",
    "representativeId",
    "appellantId",
    "answeredBy",
];

fn every_id_that_is_sent_beside_the_path_is_classified() {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    let document = http::document(&server::endpoints()).to_json().unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    for endpoint in server::endpoints() {
        let name = format!("{endpoint:?}");
        let method = endpoint.method.name().to_ascii_lowercase();
        let path = format!("/api/v1{}", endpoint.path);
        let operation = [path.as_str(), endpoint.path]
            .iter()
            .map(|path| &document["paths"][*path][&method])
            .find(|it| !it.is_null())
            .unwrap_or_else(|| panic!("{name} is not in the document"));
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let is_id = parameter["schema"].to_string().contains("uuid");
            if parameter["in"] == "query" && is_id {
                let id = parameter["name"].as_str().unwrap().to_owned();
                found.insert((name.clone(), id));
            }
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        for id in ids_in(&document, body, 0) {
            found.insert((name.clone(), id));
        }
    }
    // The log is asked by those who may read all of it.
    found.retain(|(name, id)| {
        let is_elsewhere = NAMES_NOBODY.contains(&id.as_str()) || NAMES_OWN.contains(&id.as_str());
        !is_elsewhere && !name.starts_with("GET /audit/")
    });
    let listed: BTreeSet<(String, String)> = NAMES_PEOPLE
        .iter()
        .map(|(name, id)| ((*name).to_owned(), (*id).to_owned()))
        .collect();
    assert_eq!(
        found, listed,
        "ids that are sent beside the path (left) and those that are tried with something hidden (right) differ: \
         list them in tests/it/guards/beside_path.rs, and try them there"
    );
}

/// The names of the members that hold an id, at any depth of a body.
fn ids_in(document: &Value, schema: &Value, depth: u8) -> Vec<String> {
    let mut found = Vec::new();
    if depth > 6 {
        return found;
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return ids_in(
            document,
            &document["components"]["schemas"][name],
            depth + 1,
        );
    }
    for part in ["allOf", "oneOf", "anyOf"] {
        for schema in schema[part].as_array().into_iter().flatten() {
            found.extend(ids_in(document, schema, depth + 1));
        }
    }
    if schema["items"].is_object() {
        found.extend(ids_in(document, &schema["items"], depth + 1));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let text = member.to_string();
        if text.contains("schemas/Id\"") || text.contains("\"uuid\"") {
            found.push(name.clone());
        } else {
            found.extend(ids_in(document, member, depth + 1));
        }
    }
    found
}

async fn what_is_hidden_is_not_found_by_ids_beside_the_path(bench: Bench) {
    let scene = Scene::open(bench).await;
    let per = scene.town.another(Role::Caseworker).await;
    let unit = scene.town.unit("Velferd").await;
    let id = scene.user(&per).await;
    scene.town.place(&id, &json!({"unitIds": [unit]})).await;
    let plan = scene.plan().await;
    let case = scene.case_before_team().await;
    let shown = scene
        .town
        .actor(Role::Caseworker)
        .await
        .get(&format!("/applications/{}", case.id))
        .await
        .ok();
    let household = shown.body["householdId"].as_str().unwrap();
    let person = shown.body["applicantId"].clone();
    let home = scene.home("AVAILABLE").await.id;
    for list in ["applications", "tenancies"] {
        let asked = format!("/{list}?householdId={household}");
        assert!(per.get(&asked).await.ok().items().is_empty(), "{asked}");
    }
    let explain = format!(
        "/matching/explain?applicationId={}&dwellingId={home}",
        case.id
    );
    per.get(&explain).await.refused(404, "not_found");
    let certificate = format!("/matching/runs/{}/certificate{}", plan.id, plan.query);
    per.get(&certificate).await.refused(404, "not_found");
    let received = json!({
        "householdId": shown.body["householdId"], "type": "NEW", "receivedOn": "2026-02-20",
    });
    per.post("/applications", &received)
        .await
        .faults(&[("/householdId", "not_found")]);
    let members = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    per.post("/households", &members)
        .await
        .faults(&[("/members/0/personId", "not_found")]);
    // An emergency opens what is another team's, but not what does not exist.
    let mut emergency = json!({
        "applicationId": Uuid::now_v7(), "ground": "NO_SHELTER_TONIGHT",
        "reason": "Familien står uten tak over hodet i natt.",
    });
    per.post("/emergency-accesses", &emergency)
        .await
        .refused(404, "not_found");
    emergency["applicationId"] = json!(case.id);
    per.post("/emergency-accesses", &emergency).await.ok();
}

/// A household or case of another team is answered as one that does not exist, and who was named before stays named.
async fn whoever_is_hidden_is_not_found_by_being_named_in_needs(bench: Bench) {
    let scene = Scene::open(bench).await;
    let kari = scene.town.actor(Role::Caseworker).await;
    let per = scene.town.another(Role::Caseworker).await;
    let unit = scene.town.unit("Velferd").await;
    let id = scene.user(&per).await;
    let admin = scene.town.actor(Role::Admin).await;
    let post = admin.get(&format!("/users/{id}/post")).await.ok();
    let intake = post.body["unitIds"][0].clone();
    scene.town.place(&id, &json!({"unitIds": [unit]})).await;
    let hidden = scene.case_before_team().await;
    let shown = kari.get(&format!("/applications/{}", hidden.id)).await.ok();
    let household = shown.body["householdId"].clone();
    let own = scene.town.household(&per, &SINGLE, 3).await;
    let seen = scene.town.household(&per, &SINGLE, 4).await;
    let body = json!({"householdId": own, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = per.post("/applications", &body).await.ok();
    let path = format!("/applications/{}", case.id());
    for named in [household.clone(), json!(Uuid::now_v7())] {
        let mut needs = ordinary_needs();
        needs["excludedHouseholds"] = json!([seen, named]);
        per.put(&format!("{path}/needs"), case.version(), &needs)
            .await
            .faults(&[("/excludedHouseholds/1", "not_found")]);
        let received = json!({
            "householdId": own, "type": "NEW", "receivedOn": "2026-02-20", "needs": needs,
        });
        per.post("/applications", &received)
            .await
            .faults(&[("/needs/excludedHouseholds/1", "not_found")]);
        let draft = json!({"householdId": own, "content": {"needs": needs}});
        per.post("/application-drafts", &draft)
            .await
            .faults(&[("/content/needs/excludedHouseholds/1", "not_found")]);
        let begun = json!({"householdId": own});
        let begun = per.post("/application-drafts", &begun).await.ok();
        let draft = format!("/application-drafts/{}", begun.id());
        per.put(&draft, 1, &json!({"needs": needs}))
            .await
            .faults(&[("/needs/excludedHouseholds/1", "not_found")]);
        let strangers = json!({"householdId": named});
        per.post("/application-drafts", &strangers)
            .await
            .faults(&[("/householdId", "not_found")]);
        let what_if = json!({
            "objective": "SUITABILITY",
            "homesAdded": [home_with(&named)],
            "needsChanged": [{"applicationId": case.id(), "needs": needs}],
        });
        per.post("/matching/what-if", &what_if).await.faults(&[
            ("/homesAdded/0/residents/0", "not_found"),
            ("/needsChanged/0/needs/excludedHouseholds/1", "not_found"),
            ("/needsChanged/0/applicationId", "not_waiting"),
        ]);
    }
    for named in [hidden.id.clone(), Uuid::now_v7().to_string()] {
        let into = json!({"intoId": named, "reason": "SAME_REQUEST"});
        per.act(&format!("{path}/merge"), case.version(), &into)
            .await
            .faults(&[("/intoId", "not_found")]);
        let changed = json!([{"applicationId": named, "needs": ordinary_needs()}]);
        let what_if = json!({"objective": "SUITABILITY", "needsChanged": changed});
        per.post("/matching/what-if", &what_if)
            .await
            .faults(&[("/needsChanged/0/applicationId", "not_waiting")]);
    }
    // What somebody who may see them has named, stays: the next caseworker need not know more than the case says.
    let both = json!({"unitIds": [unit, intake]});
    scene.town.place(&id, &both).await;
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([household]);
    let path = format!("{path}/needs");
    let version = per.put(&path, case.version(), &needs).await.ok().version();
    scene.town.place(&id, &json!({"unitIds": [unit]})).await;
    needs["urgency"] = json!("NORMAL");
    let version = per.put(&path, version, &needs).await.ok().version();
    // Nor is anybody found by a correction.
    let other = scene.case_before_team().await;
    let shown = kari.get(&format!("/applications/{}", other.id)).await.ok();
    let said = json!({"reason": "WRONG", "why": "Ble sagt på telefon."});
    for (named, person) in [
        (
            shown.body["householdId"].clone(),
            shown.body["applicantId"].clone(),
        ),
        (json!(Uuid::now_v7()), json!(Uuid::now_v7())),
    ] {
        let mut body = said.clone();
        body["needs"] = needs.clone();
        body["needs"]["excludedHouseholds"] = json!([household, named]);
        let path = format!("/applications/{}/correct-needs", case.id());
        per.act(&path, version, &body)
            .await
            .faults(&[("/needs/excludedHouseholds/1", "not_found")]);
        let mut body = said.clone();
        body["personId"] = person;
        let path = format!("/households/{own}");
        let version = per.get(&path).await.ok().version();
        per.act(&format!("{path}/correct-member"), version, &body)
            .await
            .faults(&[("/personId", "not_found")]);
    }
}

fn home_with(resident: &Value) -> Value {
    json!({
        "dwellingId": Uuid::now_v7(), "state": "PLANNED", "category": "ORDINARY",
        "bedrooms": 1, "capacity": 2, "places": 1, "floor": 1, "features": [], "services": [],
        "area": "SENTRUM", "rentOre": 800_000, "lastInspectedOn": "2026-02-01",
        "clearedForProtected": false, "residents": [resident],
    })
}

cases::plain![every_id_that_is_sent_beside_the_path_is_classified];
cases::cases![
    what_is_hidden_is_not_found_by_ids_beside_the_path,
    whoever_is_hidden_is_not_found_by_being_named_in_needs,
];
