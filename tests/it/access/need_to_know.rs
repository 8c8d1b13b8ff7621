//! Each role sees the cases that it needs to know of, and to everybody else they do not exist.

use rettbolig::access::Stage;
use rettbolig::applications::ApplicationState;
use rettbolig::auth::Role;
use serde_json::json;

use super::{is_as_if_absent, user};
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, reasons};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// The ids of the cases that somebody is shown in the queue.
async fn queue(actor: &Actor) -> Vec<String> {
    let page = actor.get("/applications?limit=200").await.ok();
    let id = |case: &serde_json::Value| case["id"].as_str().unwrap().to_owned();
    page.items().iter().map(id).collect()
}

/// A case that was received and nothing more.
async fn received(by: &Actor, household: &str) -> String {
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    by.post("/applications", &body).await.ok().id()
}

async fn another_team_does_not_know_of_a_case_until_it_is_given_to_it(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let shown = kari.get(&format!("/households/{household}")).await.ok();
    let person = shown.body["members"][0]["personId"]
        .as_str()
        .unwrap()
        .to_owned();
    // In the same unit they see the same.
    assert_eq!(queue(&per).await, [case.as_str()]);

    let velferd = town.unit("Velferd").await;
    let pers_id = user(&per).await;
    town.place(&pers_id, &json!({"unitIds": [velferd]})).await;
    for path in ["", "/history", "/decisions", "/offers", "/obstacles"] {
        is_as_if_absent(&per, &format!("/applications/{case}{path}"), &case).await;
    }
    let explain = format!("/matching/explain?applicationId={case}&dwellingId={home}");
    is_as_if_absent(&per, &explain, &case).await;
    for path in ["", "/situations"] {
        is_as_if_absent(&per, &format!("/households/{household}{path}"), &household).await;
    }
    is_as_if_absent(&per, &format!("/people/{person}"), &person).await;
    assert!(queue(&per).await.is_empty());
    for question in [
        json!({"nationalId": national_id("1990-05-17", 20).expose_digits()}),
        json!({"name": "Prøve Testesen20"}),
    ] {
        assert_eq!(
            kari.post("/people/search", &question)
                .await
                .ok()
                .items()
                .len(),
            1
        );
        assert!(
            per.post("/people/search", &question)
                .await
                .ok()
                .items()
                .is_empty()
        );
    }
    let situation = json!({
        "reason": "OVERCROWDED", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    per.post(&format!("/households/{household}/situations"), &situation)
        .await
        .refused(404, "not_found");
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    per.post("/applications", &body)
        .await
        .faults(&[("/householdId", "not_found")]);
    let body = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    per.post("/households", &body)
        .await
        .faults(&[("/members/0/personId", "not_found")]);
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    per.post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .refused(404, "not_found");
    per.act(
        &format!("/applications/{case}/withdraw"),
        4,
        &json!({"by": "APPLICANT"}),
    )
    .await
    .refused(404, "not_found");

    // Given to somebody of the other unit, the case is that unit's.
    let assign = json!({"assigneeId": pers_id});
    kari.act(&format!("/applications/{case}/assign"), 4, &assign)
        .await
        .ok();
    per.get(&format!("/applications/{case}")).await.ok();
    per.get(&format!("/people/{person}")).await.ok();
    assert_eq!(queue(&per).await, [case.as_str()]);
    is_as_if_absent(&kari, &format!("/applications/{case}"), &case).await;
    assert!(queue(&kari).await.is_empty());
}

async fn a_cursor_shows_no_more_than_may_be_seen_when_it_is_used(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let mut cases = Vec::new();
    for serial in 1..=3 {
        let household = town.household(&kari, &SINGLE, serial).await;
        cases.push(received(&kari, &household).await);
    }
    let page = per.get("/applications?limit=1").await.ok();
    let cursor = page.body["nextCursor"].as_str().unwrap();
    let next = format!("/applications?limit=1&cursor={cursor}");
    assert_eq!(per.get(&next).await.ok().items()[0]["id"], json!(cases[1]));

    let pers_id = user(&per).await;
    let velferd = town.unit("Velferd").await;
    town.place(&pers_id, &json!({"unitIds": [velferd]})).await;
    assert!(per.get(&next).await.ok().items().is_empty());
    // One case is given over, and stands where it stood: pages go on over what is hidden.
    let assign = json!({"assigneeId": pers_id});
    kari.act(&format!("/applications/{}/assign", cases[2]), 1, &assign)
        .await
        .ok();
    let page = per.get(&next).await.ok();
    assert_eq!(page.items()[0]["id"], json!(cases[2]));
    assert!(page.body["nextCursor"].is_null());
    // Filters narrow what may be seen and widen nothing.
    assert_eq!(
        per.get("/applications?state=SUBMITTED")
            .await
            .ok()
            .items()
            .len(),
        0
    );
    assert_eq!(
        per.get("/applications?state=ASSIGNED")
            .await
            .ok()
            .items()
            .len(),
        1
    );
}

async fn the_team_sees_a_case_when_it_is_before_it(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let early = received(&kari, &household).await;
    let other = town.household(&kari, &SINGLE, 2).await;
    let before_team = town.case_before_team(&kari, &other).await;
    for role in [Role::TeamMember, Role::DecisionMaker] {
        let member = town.actor(role).await;
        is_as_if_absent(&member, &format!("/applications/{early}"), &early).await;
        is_as_if_absent(&member, &format!("/households/{household}"), &household).await;
        member
            .get(&format!("/applications/{before_team}"))
            .await
            .ok();
        member.get(&format!("/households/{other}")).await.ok();
        assert_eq!(queue(&member).await, [before_team.as_str()]);
    }
    let appeals = town.actor(Role::AppealsOfficer).await;
    assert!(queue(&appeals).await.is_empty());
}

async fn an_adviser_sees_own_clients_alone(bench: Bench) {
    let town = Town::open(bench).await;
    let (nav, other) = (
        town.actor(Role::NavAdvisor).await,
        town.another(Role::NavAdvisor).await,
    );
    let kari = town.actor(Role::Caseworker).await;
    let body = crate::support::residents::resident("Anne", "1980-01-01", 0);
    let person = nav.post("/people", &body).await.ok().id();
    let body = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    let household = nav.post("/households", &body).await.ok().id();
    let case = received(&kari, &household).await;
    let strangers = town.household(&kari, &SINGLE, 2).await;
    received(&kari, &strangers).await;

    nav.get(&format!("/people/{person}")).await.ok();
    nav.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(queue(&nav).await, [case.as_str()]);
    is_as_if_absent(&other, &format!("/people/{person}"), &person).await;
    is_as_if_absent(&other, &format!("/applications/{case}"), &case).await;
    assert!(queue(&other).await.is_empty());
    // To see is not to do.
    nav.act(
        &format!("/applications/{case}/withdraw"),
        1,
        &json!({"by": "APPLICANT"}),
    )
    .await
    .refused(403, "forbidden");
}

async fn an_employee_is_placed_by_somebody_else_and_in_what_exists(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let (own, kari) = (
        user(&admin).await,
        user(&town.actor(Role::Caseworker).await).await,
    );
    let unit = town.unit("Velferd").await;
    let again = admin.post("/units", &json!({"name": "Velferd"})).await;
    again.refused(409, "unit_name_taken");
    let put = async |user: &str, body: serde_json::Value| {
        admin.put(&format!("/users/{user}/post"), 1, &body).await
    };
    put(
        &own,
        json!({"unitIds": [unit], "clearance": "CONFIDENTIAL"}),
    )
    .await
    .refused(403, "own_standing");
    put(&kari, json!({"unitIds": [unit], "leaderId": kari}))
        .await
        .refused(409, "own_leader");
    put(&kari, json!({"unitIds": []}))
        .await
        .refused(409, "unit_is_last");
    let nowhere = uuid::Uuid::now_v7();
    put(
        &kari,
        json!({"unitIds": [unit, nowhere], "leaderId": nowhere}),
    )
    .await
    .faults(&[("/leaderId", "not_found"), ("/unitIds/1", "not_found")]);
    let placed = put(&kari, json!({"unitIds": [unit], "leaderId": own}))
        .await
        .ok();
    assert_eq!(placed.body, json!({"unitIds": [unit], "leaderId": own}));
    put(&kari, json!({"unitIds": [unit]}))
        .await
        .refused(412, "stale");
}

fn every_state_of_a_case_has_a_stage() {
    for state in ApplicationState::ALL {
        assert!(
            Stage::find(state.code()).is_some(),
            "who needs to know of a case that is {state}? Say it in STAGES in src/access/model.rs"
        );
    }
}

cases::plain![every_state_of_a_case_has_a_stage];
cases::cases![
    another_team_does_not_know_of_a_case_until_it_is_given_to_it,
    a_cursor_shows_no_more_than_may_be_seen_when_it_is_used,
    the_team_sees_a_case_when_it_is_before_it,
    an_adviser_sees_own_clients_alone,
    an_employee_is_placed_by_somebody_else_and_in_what_exists,
];
