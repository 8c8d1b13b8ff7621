//! Every operation, tried by everybody who must not get through it: with tokens that do not hold, from another team, partial.
//!
//! What roles may do and what another municipality sees is tried in `permissions`; here are those whose role would do.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use rettbolig::auth::{Permitted, Role};
use rettbolig::http::Endpoint;
use rettbolig::{http, server};
use serde_json::{Value, json};
use uuid::Uuid;

use super::acts::ACTS;
use super::permissions::something_of;
use super::scene::{Scene, Target, request};
use crate::faults::tokens::Forge;
use crate::support::actor::{Actor, Answer};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn no_operation_takes_a_token_that_does_not_hold(bench: Bench) {
    let town = Town::open(bench).await;
    let statistician = town.actor(Role::Statistician).await;
    let forged = Forge::of(&statistician).claim("aud", json!("another-service"));
    let other_key = Forge::of(&statistician).signed_with(&SigningKey::from_bytes(&[7; 32]));
    let disabled = town.another(Role::NavAdvisor).await;
    let admin = town.actor(Role::Admin).await;
    let id = disabled.get("/auth/me").await.ok().id();
    admin
        .act(&format!("/users/{id}/disable"), 1, &json!({}))
        .await
        .ok();
    let ended = town.another(Role::Caseworker).await;
    ended.post("/auth/logout", &json!({})).await.ok();
    let mut callers = vec![
        ("wrong audience", town.bearer(&forged.token())),
        ("wrong key", town.bearer(&other_key.token())),
        ("malformed", town.bearer("a.b.c")),
        ("disabled", disabled),
        ("signed out", ended),
    ];
    refuses_all(&callers).await;
    // Ten minutes live access tokens.
    town.clock.advance(jiff::SignedDuration::from_mins(11));
    callers.clear();
    callers.push(("expired", statistician));
    refuses_all(&callers).await;
}

async fn refuses_all(callers: &[(&str, Actor)]) {
    for endpoint in server::endpoints() {
        if endpoint.action.permitted() == Permitted::Anyone {
            continue;
        }
        for (what, caller) in callers {
            let nowhere = Target {
                id: Uuid::now_v7().to_string(),
                ..Target::new(json!({}))
            };
            let answer = caller.send(request(caller, &endpoint, &nowhere)).await;
            assert_eq!(
                (answer.status, answer.code()),
                (401, "unauthenticated"),
                "{endpoint:?} answers a caller whose token is {what}: {}",
                answer.text
            );
        }
    }
}

/// Roles that see cases only by being related to them, or lose sight of them by being partial.
const CASE_ROLES: [Role; 4] = [
    Role::Caseworker,
    Role::TeamMember,
    Role::DecisionMaker,
    Role::AppealsOfficer,
];

/// Operations on cases and people by an id in their path, with a role that could do them.
fn on_cases() -> Vec<(Endpoint, Role)> {
    let tags = [
        "applications",
        "decisions",
        "households",
        "offers",
        "people",
    ];
    server::endpoints()
        .into_iter()
        .filter(|it| it.path.contains("{id}") && tags.contains(&it.tag()))
        .filter_map(|it| {
            let permitted = |role: &&Role| it.action.is_permitted_to(&[**role]);
            let role = CASE_ROLES.iter().find(permitted)?;
            Some((it.clone(), *role))
        })
        .collect()
}

/// Something that the operation could be done to by whoever may.
async fn target_of(scene: &Scene, endpoint: &Endpoint) -> Target {
    let name = format!("{endpoint:?}");
    let target = match ACTS.iter().find(|act| act.name == name) {
        Some(act) => (act.given)(scene).await,
        None => something_of(scene, endpoint).await,
    };
    // Of people of whom there is no case yet every caseworker knows: that is how a case begins.
    let member = match endpoint.tag() {
        "people" => "applicantId",
        "households" => "householdId",
        _ => return target,
    };
    let case = format!("/applications/{}", scene.case().await.id);
    let shown = scene.caseworker.get(&case).await.ok();
    Target {
        id: shown.body[member].as_str().unwrap().to_owned(),
        ..target
    }
}

/// The answer is that of something that does not exist, whatever version is claimed to be seen.
async fn is_hidden(who: &str, actor: &Actor, endpoint: &Endpoint, target: &Target) {
    let absent = Target {
        id: Uuid::now_v7().to_string(),
        ..target.clone()
    };
    let expected = told(&actor.send(request(actor, endpoint, &absent)).await);
    assert_eq!(expected.0, 404, "{endpoint:?} {}", expected.1);
    for version in [target.version, 999] {
        let target = Target {
            version,
            ..target.clone()
        };
        let answer = actor.send(request(actor, endpoint, &target)).await;
        assert_eq!(
            told(&answer),
            expected,
            "{endpoint:?} tells {who} of what is hidden from them: load it through what asks `access`"
        );
    }
}

fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.body.clone();
    body["instance"] = Value::Null;
    (answer.status, body)
}

async fn another_team_finds_nothing_by_any_operation(bench: Bench) {
    let scene = Scene::open(bench).await;
    let per = scene.town.another(Role::Caseworker).await;
    let unit = scene.town.unit("Velferd").await;
    let id = scene.user(&per).await;
    scene.town.place(&id, &json!({"unitIds": [unit]})).await;
    let mut tried = 0;
    for (endpoint, role) in on_cases() {
        if role == Role::Caseworker {
            let target = target_of(&scene, &endpoint).await;
            // Given to that very colleague the case would be theirs.
            is_hidden("another team", &per, &endpoint, &target).await;
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

async fn whoever_is_partial_finds_nothing_by_any_operation(bench: Bench) {
    let scene = Scene::open(bench).await;
    // A leader who is too close to everybody that this scene will ever make; and whoever answers to the leader is, too.
    let leader = scene.town.another(Role::Statistician).await;
    let id = scene.user(&leader).await;
    let first: jiff::civil::Date = "1980-01-01".parse().unwrap();
    for days in 1..=450_i64 {
        let born = first
            .checked_add(jiff::SignedDuration::from_hours(24 * days))
            .unwrap();
        let digits = national_id(&born.to_string(), 0);
        let body = json!({"nationalId": digits.expose_digits(), "kind": "OTHER"});
        leader
            .post(&format!("/users/{id}/relations"), &body)
            .await
            .ok();
    }
    for (endpoint, role) in on_cases() {
        let target = target_of(&scene, &endpoint).await;
        // The scene's own people go on handling: the first caseworker and the second decision maker.
        let partial = match role {
            Role::Caseworker => scene.town.another(role).await,
            _ => scene.town.actor(role).await,
        };
        let user = scene.user(&partial).await;
        scene.town.place(&user, &json!({"leaderId": id})).await;
        is_hidden("somebody partial", &partial, &endpoint, &target).await;
        scene.town.place(&user, &json!({"leaderId": null})).await;
    }
    assert!(
        scene.serial() < 450,
        "more people than the leader is close to"
    );
}

/// Ids in queries and bodies that name cases or people: each is tried below with something hidden.
const NAMES_PEOPLE: &[(&str, &str)] = &[
    ("GET /applications", "householdId"),
    ("GET /tenancies", "householdId"),
    ("GET /matching/explain", "applicationId"),
    ("GET /matching/runs/{id}/certificate", "applicationId"),
    ("POST /applications", "householdId"),
    ("POST /households", "personId"),
    ("POST /emergency-accesses", "applicationId"),
    ("POST /meetings/{id}/items", "applicationId"),
    ("POST /nav/referrals/{id}/accept", "applicationId"),
    ("POST /eviction-notices", "tenancyId"),
    ("POST /shelters/decisions", "householdId"),
    ("POST /shelters/decisions", "applicationId"),
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
         list them in tests/it/guards/callers.rs, and try them there"
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

async fn nobody_gets_an_answer_by_somebody_elses_key(bench: Bench) {
    let scene = Scene::open(bench).await;
    let kari = scene.town.actor(Role::Caseworker).await;
    let per = scene.town.another(Role::Caseworker).await;
    let case = scene.case_before_team().await;
    let path = format!("/applications/{}/decisions", case.id);
    let body = json!({"outcome": "REFUSED", "reasons": crate::support::given::reasons()});
    kari.post_once(&path, "one", &body).await.ok();
    let unit = scene.town.unit("Velferd").await;
    let id = scene.user(&per).await;
    scene.town.place(&id, &json!({"unitIds": [unit]})).await;
    per.post_once(&path, "one", &body)
        .await
        .refused(404, "not_found");
    let again = kari.post_once(&path, "one", &body).await.ok();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

cases::plain![every_id_that_is_sent_beside_the_path_is_classified];
cases::cases![
    no_operation_takes_a_token_that_does_not_hold,
    another_team_finds_nothing_by_any_operation,
    whoever_is_partial_finds_nothing_by_any_operation,
    what_is_hidden_is_not_found_by_ids_beside_the_path,
    nobody_gets_an_answer_by_somebody_elses_key,
];
