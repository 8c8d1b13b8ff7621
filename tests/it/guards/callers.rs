//! Every operation, tried by everybody who must not get through it: with tokens that do not hold, from another team, partial.
//!
//! What roles may do and what another municipality sees is tried in `permissions`; here are those whose role would do.

use ed25519_dalek::SigningKey;
use rettbolig::auth::{Permitted, Role};
use rettbolig::http::Endpoint;
use rettbolig::server;
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

cases::cases![
    no_operation_takes_a_token_that_does_not_hold,
    another_team_finds_nothing_by_any_operation,
    whoever_is_partial_finds_nothing_by_any_operation,
    nobody_gets_an_answer_by_somebody_elses_key,
];
