//! Who may do what: the whole table as reviewed, and every cell of it tried on a running service.

use rettbolig::access::Stage;
use rettbolig::auth::{Permitted, Resource, Role, SIGHTS, Scope};
use rettbolig::http::{Effect, Endpoint};
use rettbolig::server;
use serde_json::json;
use uuid::Uuid;

use super::acts::ACTS;
use super::scene::{Scene, Target, request};
use super::snapshot::assert_reviewed;
use crate::support::actor::{Actor, Answer};
use crate::support::town::{ORGANISATION, STJORDAL, Town, username};
use crate::support::{Bench, cases};

fn the_permission_matrix_is_as_reviewed() {
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
    let scopes: Vec<&str> = Scope::ALL.iter().map(|scope| scope.code()).collect();
    let mut lines = vec![
        "# Who may do what\n".to_owned(),
        "Of what is done to a case or to people the table tells by which relations a role sees them; all other resources are seen by".to_owned(),
        "whoever may do something to them. Below it stands how far a case must have come for each relation.\n".to_owned(),
        format!(
            "| Operation | Action | Resource | Effect | anyone | signed in | {} | {} |",
            roles.join(" | "),
            scopes.join(" | ")
        ),
        format!("|{}", "---|".repeat(6 + roles.len() + scopes.len())),
    ];
    lines.extend(server::endpoints().iter().map(row));
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.code()).collect();
    lines.push("\n# Which cases a role sees\n".to_owned());
    lines.push(format!("| Role | {} |", stages.join(" | ")));
    lines.push(format!("|{}", "---|".repeat(1 + stages.len())));
    lines.extend(Role::ALL.iter().map(|role| {
        let cells: Vec<String> = Stage::ALL
            .iter()
            .map(|stage| relations(*role, Some(*stage)))
            .collect();
        format!("| {role} | {} |", cells.join(" | "))
    }));
    assert_reviewed(
        "tests/it/snapshots/permissions.md",
        &(lines.join("\n") + "\n"),
    );
}

fn row(endpoint: &Endpoint) -> String {
    let permitted = endpoint.action.permitted();
    let cells = [
        permitted == Permitted::Anyone,
        permitted == Permitted::SignedIn,
    ];
    let mut cells: Vec<String> = cells
        .iter()
        .map(|is_so| if *is_so { "yes" } else { "" }.to_owned())
        .collect();
    let (action, effect) = (endpoint.action, endpoint.effect);
    let resource = action.resource();
    cells.extend(Role::ALL.iter().map(|role| match permitted {
        Permitted::Roles(roles) if roles.contains(role) && resource == Resource::Case => {
            let relations = relations(*role, None);
            assert!(
                !relations.is_empty(),
                "{role} may do {action} and sees no case to do it to"
            );
            relations
        }
        Permitted::Roles(roles) if roles.contains(role) => "yes".to_owned(),
        _ => String::new(),
    }));
    let scopes = action.scopes();
    cells.extend(Scope::ALL.iter().map(|scope| {
        let is_so = scopes.contains(scope);
        if is_so { "yes" } else { "" }.to_owned()
    }));
    format!(
        "| `{endpoint:?}` | {action} | {resource} | {effect} | {} |",
        cells.join(" | ")
    )
}

/// The relations by which a role sees cases, at a stage or at any.
fn relations(role: Role, at: Option<Stage>) -> String {
    let mut found: Vec<String> = SIGHTS
        .iter()
        .filter(|(sees, _, stages, _)| *sees == role && at.is_none_or(|at| stages.contains(&at)))
        .map(|(_, relation, ..)| relation.code().to_ascii_lowercase())
        .collect();
    found.sort_unstable();
    found.dedup();
    found.join(", ")
}

async fn nobody_gets_in_without_a_valid_token(bench: Bench) {
    let town = Town::open(bench).await;
    let strangers = [
        town.nobody(),
        town.bearer("no.token.at-all"),
        town.bearer(""),
    ];
    for endpoint in server::endpoints() {
        if endpoint.action.permitted() == Permitted::Anyone {
            continue;
        }
        for stranger in &strangers {
            let answer = try_it(stranger, &endpoint, &nowhere()).await;
            assert_eq!(
                (answer.status, answer.code()),
                (401, "unauthenticated"),
                "{endpoint:?} answers somebody who is not signed in: {}",
                answer.text
            );
        }
    }
}

async fn every_role_may_do_what_the_table_says_and_nothing_else(bench: Bench) {
    let town = Town::open(bench).await;
    let mut actors = Vec::new();
    for role in Role::ALL {
        actors.push((*role, town.actor(*role).await));
    }
    for endpoint in server::endpoints() {
        for (role, actor) in &actors {
            // Whoever signs out is a stranger afterwards, so that needs a sign-in of its own.
            let once = match endpoint.effect {
                Effect::Signs => town.actor(*role).await,
                _ => actor.clone(),
            };
            let answer = try_it(&once, &endpoint, &nowhere()).await;
            assert_permission(&endpoint, *role, &answer);
        }
    }
}

fn assert_permission(endpoint: &Endpoint, role: Role, answer: &Answer) {
    let found = (answer.status, answer.code());
    let said = &answer.text;
    assert!(found.0 < 500, "{endpoint:?} fails for {role}: {said}");
    if endpoint.action.is_permitted_to(&[role]) {
        let is_refused = found.0 == 401 || found == (403, "forbidden");
        assert!(
            !is_refused,
            "{endpoint:?} is permitted to {role} by the table in auth/policy.rs, and refused: {said}"
        );
    } else {
        assert_eq!(
            found,
            (403, "forbidden"),
            "{endpoint:?} is not permitted to {role} by the table in auth/policy.rs, and answered: {said}"
        );
    }
}

async fn every_scope_opens_what_the_table_says_and_nothing_else(bench: Bench) {
    let town = Town::open(bench).await;
    town.agree(STJORDAL, ORGANISATION, Scope::ALL).await;
    for scope in Scope::ALL {
        let program = town.bearer(&town.issuer.token(ORGANISATION, scope.code()));
        for endpoint in server::endpoints() {
            let answer = try_it(&program, &endpoint, &nowhere()).await;
            let found = (answer.status, answer.code());
            let said = &answer.text;
            assert!(found.0 < 500, "{endpoint:?} fails for {scope}: {said}");
            let is_open = endpoint.action.permitted() == Permitted::Anyone;
            if is_open || endpoint.action.scopes().contains(scope) {
                assert!(
                    is_open || !matches!(found.0, 401 | 403),
                    "{endpoint:?} is open to {scope} by the table in auth/policy.rs, and refused: {said}"
                );
            } else {
                assert_eq!(
                    found,
                    (403, "insufficient_scope"),
                    "{endpoint:?} is not open to {scope} by the table in auth/policy.rs, and answered: {said}"
                );
            }
        }
    }
}

async fn what_does_not_exist_or_belongs_to_another_municipality_is_not_found(bench: Bench) {
    let scene = Scene::open(bench).await;
    for act in ACTS.iter().filter(|act| act.name.contains("{id}")) {
        let endpoint = act.find_endpoint().expect(act.name);
        let target = (act.given)(&scene).await;
        is_hidden(&scene, &endpoint, act.role, &target).await;
    }
    for endpoint in server::endpoints() {
        if endpoint.effect == Effect::Reads && endpoint.path.contains("{id}") {
            let target = something_of(&scene, &endpoint).await;
            let Some(role) = Role::ALL
                .iter()
                .find(|role| endpoint.action.is_permitted_to(&[**role]))
            else {
                panic!(
                    "{endpoint:?} is permitted to nobody: give its action a role in auth/policy.rs"
                );
            };
            is_hidden(&scene, &endpoint, *role, &target).await;
            // It is there for those whose it is: otherwise the above would prove nothing.
            try_it(&scene.town.actor(*role).await, &endpoint, &target)
                .await
                .ok();
        }
    }
}

async fn is_hidden(scene: &Scene, endpoint: &Endpoint, role: Role, target: &Target) {
    let nothing = Target {
        id: nowhere().id,
        ..target.clone()
    };
    let own = try_it(&scene.town.actor(role).await, endpoint, &nothing).await;
    let foreign = try_it(&scene.town.stranger(role).await, endpoint, target).await;
    for (who, answer) in [
        ("its own municipality", own),
        ("another municipality", foreign),
    ] {
        assert_eq!(
            (answer.status, answer.code()),
            (404, "not_found"),
            "{endpoint:?} of a thing that does not exist in {who} must say so, and nothing else, before anything of it is looked at: {}",
            answer.text
        );
    }
}

/// Something of ours that an operation with this path can show.
pub(super) async fn something_of(scene: &Scene, endpoint: &Endpoint) -> Target {
    match endpoint.tag() {
        "agenda-items" => scene.motion().await,
        "appeals" if endpoint.path.ends_with("/package") => {
            scene.appeal(&["check", "admit", "forward"]).await
        }
        "appeals" => scene.appeal(&[]).await,
        "applications" if endpoint.path.ends_with("/standing") => scene.case_that_waits().await,
        "application-drafts" => scene.draft().await,
        "applications" => scene.case().await,
        "identity-providers" => scene.provider().await,
        "data-agreements" => scene.agreement().await,
        "decisions" => scene.proposal().await,
        "dwellings" if endpoint.path.ends_with("/vacancy") => Target {
            query: "?from=2026-01-01&until=2026-03-01".to_owned(),
            ..scene.home("AVAILABLE").await
        },
        "dwellings" => scene.home("AVAILABLE").await,
        "plan-measures" => scene.measure().await,
        "properties" => scene.property().await,
        "agreements" => scene.letting_agreement().await,
        "inspections" => scene.inspection().await,
        "inspection-findings" => scene.finding().await,
        "demolition-plans" => scene.demolition().await,
        "matching" if endpoint.path.ends_with("/certificate") => scene.plan().await,
        "matching" if endpoint.path.contains("/proposals/{id}") => scene.line_of_plan().await,
        "matching" => Target {
            query: String::new(),
            ..scene.plan().await
        },
        "erasures" => scene.erasure().await,
        "emergency-accesses" => scene.emergency().await,
        "households" => scene.household().await,
        "nav" if endpoint.path.contains("eviction") => scene.eviction_notice().await,
        "eviction-notices" => scene.eviction_notice().await,
        "letters" => scene.letter().await,
        "meetings" => scene.meeting().await,
        "pauses" => scene.pause().await,
        "representations" => scene.represented().await,
        "nav" => scene.referral().await,
        "offers" => scene.offer().await,
        "outbox" => scene.dead_letter().await,
        "people" => scene.person().await,
        "restrictions" => scene.restriction().await,
        "receiving-bodies" => scene.receiving_body().await,
        "webhooks" => scene.webhook().await,
        "role-requests" => scene.role_request().await,
        "rule-sets" => scene.rule_set().await,
        "tasks" => scene.task().await,
        "shelters" if endpoint.path.contains("/providers") => scene.shelter_provider().await,
        "shelters" if endpoint.path.contains("/decisions") => scene.shelter_decision().await,
        "shelters" => scene.stay().await,
        "tenancies" => scene.tenancy().await,
        "users" if endpoint.path.ends_with("/relations") => scene.relations().await,
        "users" => scene.account().await,
        tag => panic!("what is one of /{tag}? Say it in tests/it/guards/permissions.rs"),
    }
}

async fn two_towns_have_the_same_people(bench: Bench) {
    // What the guard of isolation relies on: the strangers are as well signed in as the others.
    let town = Town::open(bench).await;
    for role in Role::ALL {
        let me = town.stranger(*role).await.get("/auth/me").await.ok();
        assert_eq!(me.body["username"], json!(username("oslo", *role, 1)));
        assert_eq!(me.body["municipalityName"], "oslo");
    }
}

async fn try_it(actor: &Actor, endpoint: &Endpoint, target: &Target) -> Answer {
    actor.send(request(actor, endpoint, target)).await
}

fn nowhere() -> Target {
    Target {
        id: Uuid::now_v7().to_string(),
        ..Target::new(json!({}))
    }
}

cases::plain![the_permission_matrix_is_as_reviewed];
cases::cases![
    nobody_gets_in_without_a_valid_token,
    every_role_may_do_what_the_table_says_and_nothing_else,
    every_scope_opens_what_the_table_says_and_nothing_else,
    what_does_not_exist_or_belongs_to_another_municipality_is_not_found,
    two_towns_have_the_same_people,
];
