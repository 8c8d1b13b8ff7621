//! Homes over HTTP: registered, described anew, moved through their lives.

use std::sync::Arc;

use rettbolig::auth::{Caller, Role};
use rettbolig::db::Tx;
use rettbolig::housing::{self, Dwelling, Move};
use rettbolig::problem::Problem;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::given::home;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// The home with these members instead of its own.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the members are written in place at the call"
)]
pub(crate) fn with(mut home: Value, others: Value) -> Value {
    let members = home.as_object_mut().unwrap();
    members.extend(others.as_object().unwrap().clone());
    home
}

/// Does this in a transaction of its own, as another slice would.
pub(crate) async fn write<T: Send + 'static>(
    town: &Town,
    work: impl Fn(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let caller = Arc::new(Caller::system(STJORDAL));
    town.db.write(&caller, work).await
}

/// Does one act to a home that was just answered.
async fn act(manager: &Actor, seen: &Answer, name: &str, body: Value) -> Answer {
    let path = format!("/dwellings/{}/{name}", seen.id());
    manager.act(&path, seen.version(), &body).await
}

async fn a_home_is_registered_under_one_way_to_write_its_unit(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let said = with(home(2, 7), json!({"cadastralId": "5035-0083/0007/0/0"}));
    let made = manager.post("/dwellings", &said).await.ok();
    let path = format!("/dwellings/{}", made.id());
    assert_eq!(made.status, 201);
    assert_eq!(made.header("location"), Some(&*format!("/api/v1{path}")));
    assert_eq!(made.body["cadastralId"], "5035-83/7");
    assert_eq!(made.body["state"], "AVAILABLE");
    assert_eq!(made.body["stateSince"], "2026-03-02");
    assert_eq!(made.body["clearedForProtected"], false);
    let read = town.actor(Role::Caseworker).await.get(&path).await.ok();
    assert_eq!((&read.body, read.version()), (&made.body, 1));
}

async fn every_faulty_field_is_named_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let misshapen = json!({
        "rentOre": -1, "capacity": 0, "category": "CASTLE", "area": " ", "state": "GONE",
        "features": ["LIFT", "LIFT"], "bathrooms": 2,
    });
    let answer = manager
        .post("/dwellings", &with(home(2, 1), misshapen))
        .await;
    answer.faults(&[
        ("/area", "wrong_format"),
        ("/bathrooms", "unknown_field"),
        ("/capacity", "too_small"),
        ("/category", "unknown_code"),
        ("/features", "not_unique"),
        ("/rentOre", "too_small"),
        ("/state", "unknown_code"),
    ]);
    let wrong = json!({
        "cadastralId": "5035-83", "unitNumber": "H0101", "floor": 2, "postalCode": "0000",
        "minAge": 30, "maxAge": 25, "inspectedOn": "2026-03-03", "state": "OCCUPIED",
        "measureId": "01900000-0000-7000-8000-000000000001",
    });
    let expected = [
        ("/cadastralId", "cadastral_title"),
        ("/floor", "not_the_unit_floor"),
        ("/inspectedOn", "in_the_future"),
        ("/maxAge", "age_window_empty"),
        ("/measureId", "not_found"),
        ("/postalCode", "postal_code"),
    ];
    let answer = manager
        .post("/dwellings", &with(home(2, 1), wrong.clone()))
        .await;
    answer.faults(&[&expected[..], &[("/state", "not_a_first_state")]].concat());
    let id = town.home(2, 1).await;
    let mut wrong = with(home(2, 1), wrong);
    wrong.as_object_mut().unwrap().remove("state");
    let answer = manager.put(&format!("/dwellings/{id}"), 1, &wrong).await;
    answer.faults(&expected);
}

async fn a_unit_stands_in_the_stock_once(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    manager.post("/dwellings", &home(2, 1)).await.ok();
    let again = manager.post("/dwellings", &home(1, 1)).await;
    let again = again.refused(409, "unit_exists");
    assert_eq!(again.body["errors"][0]["pointer"], "/unitNumber");
    let room = with(home(1, 1), json!({"extraReference": "Rom 2"}));
    let room = manager.post("/dwellings", &room).await.ok();
    let path = format!("/dwellings/{}", room.id());
    manager
        .put(&path, 1, &home(1, 1))
        .await
        .refused(409, "unit_exists");
    // What another municipality has registered is none of this one's business.
    let stranger = town.stranger(Role::HousingManager).await;
    stranger.post("/dwellings", &home(2, 1)).await.ok();
}

async fn a_home_is_described_anew_by_whoever_saw_it_last(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let path = format!("/dwellings/{}", town.home(2, 1).await);
    let second_floor = json!({"unitNumber": "H0201", "floor": 2});
    let adapted = with(home(2, 1), second_floor.clone());
    let adapted = with(adapted, json!({"features": ["WHEELCHAIR"]}));
    let changed = manager.put(&path, 1, &adapted).await.ok();
    assert_eq!(changed.version(), 2);
    assert_eq!(changed.body["state"], "AVAILABLE");
    assert_eq!(
        changed.body["features"],
        json!(["STEP_FREE", "WHEELCHAIR", "LIFT"])
    );
    manager.put(&path, 1, &adapted).await.refused(412, "stale");
    let request = manager.request(reqwest::Method::PUT, &path).json(&adapted);
    manager.send(request).await.refused(428, "if_match_missing");
    let with_state = with(adapted, json!({"state": "BLOCKED"}));
    let answer = manager.put(&path, 2, &with_state).await;
    answer.faults(&[("/state", "unknown_field")]);
    let plain = with(home(2, 1), second_floor);
    let changed = manager.put(&path, 2, &plain).await.ok();
    assert_eq!(changed.body["features"], json!([]));
    assert_eq!(manager.get(&path).await.ok().body, changed.body);
}

async fn a_home_lives_from_its_plan_to_its_end(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let planned = with(home(2, 1), json!({"state": "PLANNED"}));
    let mut seen = manager.post("/dwellings", &planned).await.ok();
    town.wait_days(1);
    // The sign-in is shorter than a day.
    let manager = town.actor(Role::HousingManager).await;
    for (name, body, state) in [
        ("start-construction", json!({}), "UNDER_CONSTRUCTION"),
        ("make-available", json!({}), "AVAILABLE"),
        (
            "start-repair",
            json!({"reason": "INSPECTION"}),
            "UNDER_REPAIR",
        ),
        ("block", json!({"reason": "FIRE_SAFETY"}), "BLOCKED"),
        ("unblock", json!({}), "TURNOVER"),
        (
            "plan-demolition",
            json!({"demolitionFrom": "2027-01-01"}),
            "DEMOLITION_PLANNED",
        ),
        ("cancel-demolition", json!({}), "TURNOVER"),
        ("dispose", json!({"reason": "SOLD"}), "DISPOSED"),
    ] {
        let version = seen.version();
        seen = act(&manager, &seen, name, body).await.ok();
        assert_eq!(
            (seen.body["state"].as_str(), seen.version()),
            (Some(state), version + 1)
        );
        assert_eq!(seen.body["stateSince"], "2026-03-03");
        let demolition = (state == "DEMOLITION_PLANNED").then_some("2027-01-01");
        assert_eq!(seen.body["demolitionFrom"].as_str(), demolition);
    }
    let again = act(&manager, &seen, "dispose", json!({"reason": "SOLD"})).await;
    assert_eq!(
        again.refused(409, "forbidden_move").body["state"],
        "DISPOSED"
    );

    let auditor = town.actor(Role::Auditor).await;
    let query = format!("/audit/entries?dwellingId={}", seen.id());
    let entries = auditor.get(&query).await.ok();
    let told: Vec<_> = entries.items().iter().map(|it| &it["entry"]).collect();
    let actions: Vec<_> = told
        .iter()
        .map(|it| it["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions.len(), 9);
    assert_eq!(actions[0], "dwelling.registered");
    assert_eq!(actions[8], "dwelling.disposed");
    let blocked = json!({"reason": "FIRE_SAFETY", "before": "UNDER_REPAIR", "after": "BLOCKED"});
    assert_eq!(told[4]["facts"], blocked);
}

async fn an_act_needs_its_reason_and_the_right_moment(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let seen = manager.post("/dwellings", &home(2, 1)).await.ok();
    let answer = act(&manager, &seen, "block", json!({})).await;
    answer.faults(&[("/reason", "missing")]);
    let answer = act(&manager, &seen, "block", json!({"reason": "BECAUSE"})).await;
    answer.faults(&[("/reason", "unknown_code")]);
    let answer = act(&manager, &seen, "unblock", json!({})).await;
    assert_eq!(
        answer.refused(409, "forbidden_move").body["state"],
        "AVAILABLE"
    );
    let answer = act(&manager, &seen, "dispose", json!({"reason": "GIVEN_UP"})).await;
    answer.refused(409, "not_given_up");
    let yesterday = json!({"demolitionFrom": "2026-03-01"});
    let answer = act(&manager, &seen, "plan-demolition", yesterday).await;
    answer.faults(&[("/demolitionFrom", "in_the_past")]);
    let later = json!({"demolitionFrom": "2026-09-01"});
    let seen = act(&manager, &seen, "plan-demolition", later).await.ok();
    let path = format!("/dwellings/{}", seen.id());
    let answer = manager.put(&path, seen.version(), &home(2, 1)).await;
    answer.refused(409, "demolition_still_planned");
    let act = format!("{path}/cancel-demolition");
    manager.act(&act, 1, &json!({})).await.refused(412, "stale");
}

async fn a_home_that_is_held_is_moved_by_its_case_alone_and_once(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let id = town.home(2, 1).await.parse().unwrap();
    let seen: Dwelling = write(&town, move |tx| {
        let home = housing::find_dwelling(tx, id)?.unwrap();
        housing::advance(tx, &home, Move::Reserve)?;
        Ok(home)
    })
    .await
    .unwrap();
    // Somebody who read the home when it was still free comes too late.
    let late = write(&town, move |tx| housing::advance(tx, &seen, Move::Reserve)).await;
    assert_eq!(late.unwrap_err().kind.code, "conflict");
    let held = manager.get(&format!("/dwellings/{id}")).await.ok();
    assert_eq!(held.body["state"], "RESERVED");
    let answer = act(&manager, &held, "block", json!({"reason": "DAMAGE"})).await;
    assert_eq!(
        answer.refused(409, "forbidden_move").body["state"],
        "RESERVED"
    );
    let answer = act(&manager, &held, "allocate", json!({})).await;
    answer.refused(404, "not_found");
    let answer = act(&manager, &held, "dispose", json!({"reason": "SOLD"})).await;
    assert_eq!(
        answer.refused(409, "dwelling_in_use").body["state"],
        "RESERVED"
    );
    let vacant = write(&town, |tx| {
        tx.change_nothing();
        housing::vacant(tx)
    });
    assert_eq!(vacant.await.unwrap(), []);
}

async fn only_the_housing_manager_changes_the_stock(bench: Bench) {
    let town = Town::open(bench).await;
    let id = town.home(2, 1).await;
    let path = format!("/dwellings/{id}");
    for role in [
        Role::Caseworker,
        Role::DecisionMaker,
        Role::Statistician,
        Role::Admin,
    ] {
        let somebody = town.actor(role).await;
        let answer = somebody.post("/dwellings", &home(1, 2)).await;
        answer.refused(403, "forbidden");
        let answer = somebody.put(&path, 1, &home(1, 1)).await;
        answer.refused(403, "forbidden");
        let answer = somebody
            .act(&format!("{path}/unblock"), 1, &json!({}))
            .await;
        answer.refused(403, "forbidden");
    }
    for role in [Role::Statistician, Role::NavAdvisor, Role::Admin] {
        let answer = town.actor(role).await.get(&path).await;
        answer.refused(403, "forbidden");
    }
    let answer = town.nobody().get("/dwellings").await;
    answer.refused(401, "unauthenticated");
}

async fn a_home_of_another_municipality_does_not_exist(bench: Bench) {
    let town = Town::open(bench).await;
    let path = format!("/dwellings/{}", town.home(2, 1).await);
    let stranger = town.stranger(Role::HousingManager).await;
    stranger.get(&path).await.refused(404, "not_found");
    let answer = stranger.put(&path, 1, &home(2, 1)).await;
    answer.refused(404, "not_found");
    let answer = stranger
        .act(&format!("{path}/unblock"), 1, &json!({}))
        .await;
    answer.refused(404, "not_found");
    assert!(stranger.get("/dwellings").await.ok().items().is_empty());
    assert_eq!(
        stranger.get("/dwellings/counts").await.ok().body["total"],
        0
    );
    stranger
        .get("/dwellings/none")
        .await
        .refused(404, "not_found");
}

cases::cases![
    a_home_is_registered_under_one_way_to_write_its_unit,
    every_faulty_field_is_named_at_once,
    a_unit_stands_in_the_stock_once,
    a_home_is_described_anew_by_whoever_saw_it_last,
    a_home_lives_from_its_plan_to_its_end,
    an_act_needs_its_reason_and_the_right_moment,
    a_home_that_is_held_is_moved_by_its_case_alone_and_once,
    only_the_housing_manager_changes_the_stock,
    a_home_of_another_municipality_does_not_exist,
];
