//! The accounts of employees: how one begins, changes and ends, by an administrator's hand and one's own.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::residents::national_id;
use crate::support::town::{PASSWORD, Town, username};
use crate::support::{Bench, cases};

const CHOSEN: &str = "vindskeiv sildeboks";

async fn add(admin: &Actor, username: &str, roles: &Value) -> Answer {
    let body = json!({"username": username, "displayName": "Ny Ansatt", "roles": roles});
    admin.post("/users", &body).await
}

async fn log_in(town: &Town, username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password});
    town.nobody().post("/auth/login", &body).await
}

async fn an_account_begins_with_an_invitation(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let added = add(&admin, "ny", &json!(["CASEWORKER"])).await.ok();
    assert_eq!(added.body["isInvited"], true);
    log_in(&town, "ny", "").await.refused(400, "invalid_fields");
    log_in(&town, "ny", "nobody's password")
        .await
        .refused(401, "bad_credentials");
    let path = format!("/users/{}/invite", added.id());
    let invited = admin.act(&path, 1, &json!({})).await.ok();
    let code = invited.body["code"].as_str().unwrap();
    let activate = async |username: &str, code: &str, new: &str| {
        let body = json!({"username": username, "invitation": code, "newPassword": new});
        town.nobody().post("/auth/activate", &body).await
    };
    activate("ny", "wrong", CHOSEN)
        .await
        .refused(401, "bad_credentials");
    activate("nobody", code, CHOSEN)
        .await
        .refused(401, "bad_credentials");
    activate("ny", code, "kort")
        .await
        .refused(400, "password_too_short");
    activate("ny", code, "Stjordal kommune 2026")
        .await
        .refused(400, "password_guessable");
    activate("ny", code, CHOSEN).await.ok();
    log_in(&town, "ny", CHOSEN).await.ok();
    // It is used up, and a later one runs out.
    activate("ny", code, CHOSEN)
        .await
        .refused(401, "bad_credentials");
    let late = admin.act(&path, 2, &json!({})).await.ok();
    log_in(&town, "ny", CHOSEN)
        .await
        .refused(401, "bad_credentials");
    town.wait_days(4);
    let late = late.body["code"].as_str().unwrap();
    activate("ny", late, CHOSEN)
        .await
        .refused(401, "bad_credentials");
}

async fn one_changes_ones_own_password_and_signs_in_again(bench: Bench) {
    let town = Town::open(bench).await;
    let name = username("stjordal", Role::Caseworker, 1);
    let kari = town.actor(Role::Caseworker).await;
    let change = async |old: &str, new: &str| {
        let body = json!({"username": name, "password": old, "newPassword": new});
        town.nobody().post("/auth/password", &body).await
    };
    change("wrong horse", CHOSEN)
        .await
        .refused(401, "bad_credentials");
    change(PASSWORD, "passordpassord1")
        .await
        .refused(400, "password_guessable");
    kari.get("/auth/me").await.ok();
    change(PASSWORD, CHOSEN).await.ok();
    kari.get("/auth/me").await.refused(401, "unauthenticated");
    log_in(&town, &name, PASSWORD)
        .await
        .refused(401, "bad_credentials");
    log_in(&town, &name, CHOSEN).await.ok();
}

async fn an_administrator_says_who_holds_which_roles_but_not_their_own(bench: Bench) {
    let town = Town::open(bench).await;
    let (admin, kari) = (
        town.actor(Role::Admin).await,
        town.actor(Role::Caseworker).await,
    );
    let id = kari.get("/auth/me").await.ok().id();
    let path = format!("/users/{id}/roles");
    kari.get("/dwellings").await.ok();
    let roles = json!({"roles": ["STATISTICIAN"]});
    let changed = admin.put(&path, 1, &roles).await.ok();
    assert_eq!(changed.body["roles"], json!(["STATISTICIAN"]));
    kari.get("/dwellings").await.refused(403, "forbidden");
    admin.put(&path, 1, &roles).await.refused(412, "stale");
    let none = admin.put(&path, 2, &json!({"roles": []})).await.ok();
    assert_eq!(none.body["roles"], json!([]));
    let own = admin.get("/auth/me").await.ok().id();
    let raised = admin
        .put(
            &format!("/users/{own}/roles"),
            1,
            &json!({"roles": Role::ALL}),
        )
        .await;
    raised.refused(403, "own_account");
    // Before and after stand in the log.
    let auditor = town.actor(Role::Auditor).await;
    let log = auditor
        .get("/audit/entries?action=user.roles_changed")
        .await
        .ok();
    let of = |name: &str| {
        let entries = log
            .items()
            .iter()
            .map(|item| item["entry"]["facts"][name].clone());
        entries.collect::<Vec<_>>()
    };
    let (caseworker, statistician) = (json!(["CASEWORKER"]), json!(["STATISTICIAN"]));
    assert!(of("before").contains(&caseworker) && of("before").contains(&statistician));
    assert!(of("roles").contains(&statistician) && of("roles").contains(&json!([])));
    // And it is asked for anew who it is.
    town.clock.advance(jiff::SignedDuration::from_secs(301));
    admin
        .put(&path, 3, &roles)
        .await
        .refused(401, "step_up_needed");
}

async fn a_closed_account_is_opened_again(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let name = username("stjordal", Role::Caseworker, 1);
    let id = town
        .actor(Role::Caseworker)
        .await
        .get("/auth/me")
        .await
        .ok()
        .id();
    let path = |act: &str| format!("/users/{id}/{act}");
    admin
        .act(&path("enable"), 1, &json!({}))
        .await
        .refused(409, "not_disabled");
    admin.act(&path("disable"), 1, &json!({})).await.ok();
    log_in(&town, &name, PASSWORD)
        .await
        .refused(401, "bad_credentials");
    admin.act(&path("enable"), 2, &json!({})).await.ok();
    log_in(&town, &name, PASSWORD).await.ok();
}

async fn an_account_says_whose_it_is_without_telling(bench: Bench) {
    let town = Town::open(bench).await;
    let admin = town.actor(Role::Admin).await;
    let digits = national_id("1980-03-04", 1).expose_digits().to_owned();
    let mut body = json!({
        "username": "ny", "displayName": "Ny", "roles": ["CASEWORKER"], "nationalId": digits,
    });
    let added = admin.post("/users", &body).await.ok();
    assert!(!added.text.contains(&digits));
    body["nationalId"] = json!("12345678901");
    body["username"] = json!("nyere");
    let wrong = admin.post("/users", &body).await;
    assert_eq!(
        (wrong.status, wrong.body["errors"][0]["pointer"].as_str()),
        (400, Some("/nationalId"))
    );
    body["nationalId"] = json!(digits);
    body["username"] = json!("ny");
    admin
        .post("/users", &body)
        .await
        .refused(409, "username_taken");
}

cases::cases![
    an_account_begins_with_an_invitation,
    one_changes_ones_own_password_and_signs_in_again,
    an_administrator_says_who_holds_which_roles_but_not_their_own,
    a_closed_account_is_opened_again,
    an_account_says_whose_it_is_without_telling,
];
