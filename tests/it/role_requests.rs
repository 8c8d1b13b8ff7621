//! Roles that decide, administer or audit take two administrators.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::access::user;
use crate::faults::{at_once, invariants};
use crate::support::actor::{Actor, Answer};
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// An employee whose roles are said by the first administrator.
async fn asked_for(town: &Town, roles: &Value) -> (Actor, String, Answer) {
    let admin = town.actor(Role::Admin).await;
    let kari = town.actor(Role::Caseworker).await;
    let id = user(&kari).await;
    let seen = admin.get(&format!("/users/{id}")).await.ok().version();
    let path = format!("/users/{id}/roles");
    let changed = admin
        .put(&path, seen, &json!({ "roles": roles }))
        .await
        .ok();
    (kari, id, changed)
}

/// The requests that wait.
async fn open(admin: &Actor) -> Vec<String> {
    let all = admin.get("/role-requests").await.ok();
    let open = all.items().iter().filter(|it| it["state"] == "OPEN");
    open.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The second administrator approves whatever waits.
pub(crate) async fn approve_all(town: &Town) {
    let two = town.another(Role::Admin).await;
    for request in open(&two).await {
        let approve = format!("/role-requests/{request}/approve");
        two.act(&approve, 1, &json!({})).await.ok();
    }
}

async fn a_role_that_decides_is_held_once_a_second_administrator_approves(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, id, changed) =
        asked_for(&town, &json!(["CASEWORKER", "AUDITOR", "STATISTICIAN"])).await;
    assert_eq!(changed.body["roles"], json!(["CASEWORKER", "STATISTICIAN"]));
    assert_eq!(changed.body["requestedRoles"], json!(["AUDITOR"]));
    kari.get("/audit/entries").await.refused(403, "forbidden");
    let (one, two) = (
        town.actor(Role::Admin).await,
        town.another(Role::Admin).await,
    );
    let request = open(&one).await.remove(0);
    let approve = format!("/role-requests/{request}/approve");
    one.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_administrator");
    // Nobody who is no administrator, and not one who showed long ago who it is.
    kari.act(&approve, 1, &json!({}))
        .await
        .refused(403, "forbidden");
    town.clock.advance(jiff::SignedDuration::from_secs(301));
    two.act(&approve, 1, &json!({}))
        .await
        .refused(401, "step_up_needed");
    let two = town.another(Role::Admin).await;
    let approved = two.act(&approve, 1, &json!({})).await.ok();
    assert_eq!(approved.body["state"], "APPROVED");
    assert_eq!(approved.body["decidedBy"], json!(user(&two).await));
    kari.get("/audit/entries").await.ok();
    two.act(&approve, 2, &json!({}))
        .await
        .refused(409, "role_request_over");
    let account = two.get(&format!("/users/{id}")).await.ok();
    assert_eq!(account.body["requestedRoles"], json!([]));
    // Who asked and who approved stands in the log, and who was refused.
    for (entry, facts) in [("role.requested", "AUDITOR"), ("role.approved", "AUDITOR")] {
        let log = kari
            .get(&format!("/audit/entries?action={entry}"))
            .await
            .ok();
        assert_eq!(log.items()[0]["entry"]["facts"]["role"], facts, "{entry}");
    }
    let refused = kari.get("/audit/entries?refusal=same_administrator").await;
    assert_eq!(refused.ok().items().len(), 1);
    // To take it away again takes one.
    let roles = json!({"roles": ["CASEWORKER"]});
    let path = format!("/users/{id}/roles");
    let changed = town.actor(Role::Admin).await;
    changed.put(&path, account.version(), &roles).await.ok();
    kari.get("/audit/entries").await.refused(403, "forbidden");
}

async fn the_second_is_another_person_and_not_the_employee(bench: Bench) {
    let town = Town::open(bench).await;
    let (one, two) = (
        town.actor(Role::Admin).await,
        town.another(Role::Admin).await,
    );
    // The second administrator's own account.
    let own = user(&two).await;
    let path = format!("/users/{own}/roles");
    let roles = json!({"roles": ["ADMIN", "DECISION_MAKER"]});
    let changed = one.put(&path, 1, &roles).await.ok();
    assert_eq!(
        changed.body["roles"],
        json!(["ADMIN"]),
        "what is held is kept"
    );
    let request = open(&one).await.remove(0);
    let path = format!("/role-requests/{request}");
    for act in ["approve", "decline"] {
        let refused = two.act(&format!("{path}/{act}"), 1, &json!({})).await;
        refused.refused(403, "own_account");
    }
    let declined = one.act(&format!("{path}/decline"), 1, &json!({})).await;
    assert_eq!(declined.ok().body["state"], "DECLINED");
    // One person behind two accounts is one person.
    asked_for(&town, &json!(["CASEWORKER", "DECISION_MAKER"])).await;
    let who = national_id("1980-03-04", 1).expose_digits().to_owned();
    town.identify(&user(&one).await, &who).await;
    town.identify(&own, &who).await;
    let request = open(&one).await.remove(0);
    let approve = format!("/role-requests/{request}/approve");
    two.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_administrator");
}

async fn what_is_said_anew_withdraws_what_was_asked_for(bench: Bench) {
    let town = Town::open(bench).await;
    let (_, id, changed) = asked_for(&town, &json!(["CASEWORKER", "AUDITOR", "ADMIN"])).await;
    let admin = town.actor(Role::Admin).await;
    assert_eq!(open(&admin).await.len(), 2);
    let path = format!("/users/{id}/roles");
    let again = json!({"roles": ["CASEWORKER", "ADMIN"]});
    let changed = admin.put(&path, changed.version(), &again).await.ok();
    assert_eq!(changed.body["requestedRoles"], json!(["ADMIN"]));
    assert_eq!(open(&admin).await.len(), 1);
    let all = admin.get("/role-requests").await.ok();
    let withdrawn = all.items().iter().filter(|it| it["state"] == "WITHDRAWN");
    assert_eq!(withdrawn.count(), 1);
    // A new account begins without them, too.
    let body = json!({"username": "ny", "displayName": "Ny", "roles": ["DECISION_MAKER"]});
    let added = admin.post("/users", &body).await.ok();
    assert_eq!(added.body["roles"], json!([]));
    assert_eq!(added.body["requestedRoles"], json!(["DECISION_MAKER"]));
}

async fn whoever_could_take_an_account_over_does_not_get_its_roles(bench: Bench) {
    let town = Town::open(bench).await;
    let (one, two) = (
        town.actor(Role::Admin).await,
        town.another(Role::Admin).await,
    );
    let decider = town.another(Role::DecisionMaker).await;
    let id = user(&decider).await;
    let account = format!("/users/{id}");
    for act in ["invite", "reset-second-factor"] {
        let seen = one.get(&account).await.ok();
        assert_eq!(seen.body["roles"], json!(["DECISION_MAKER"]));
        let path = format!("{account}/{act}");
        one.act(&path, seen.version(), &json!({})).await.ok();
        let rests = one.get(&account).await.ok();
        assert_eq!(rests.body["roles"], json!([]), "{act}");
        assert_eq!(rests.body["requestedRoles"], json!(["DECISION_MAKER"]));
        let request = open(&one).await.remove(0);
        let approve = format!("/role-requests/{request}/approve");
        one.act(&approve, 1, &json!({}))
            .await
            .refused(403, "same_administrator");
        two.act(&approve, 1, &json!({})).await.ok();
    }
}

async fn to_know_where_protected_people_are_takes_two(bench: Bench) {
    let town = Town::open(bench).await;
    let (one, two) = (
        town.actor(Role::Admin).await,
        town.another(Role::Admin).await,
    );
    let kari = town.actor(Role::Caseworker).await;
    let id = user(&kari).await;
    let path = format!("/users/{id}/post");
    let say = async |clearance: Value| {
        let post = one.get(&path).await.ok();
        let body = json!({"unitIds": post.body["unitIds"], "clearance": clearance});
        one.put(&path, post.version(), &body).await.ok().body
    };
    let asked = say(json!("CONFIDENTIAL")).await;
    assert!(asked.get("clearance").is_none());
    assert_eq!(asked["requestedClearance"], "CONFIDENTIAL");
    say(json!("CONFIDENTIAL")).await;
    let request = open(&one).await;
    assert_eq!(request.len(), 1, "said again it is asked for once");
    let approve = format!("/role-requests/{}/approve", request[0]);
    one.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_administrator");
    let approved = two.act(&approve, 1, &json!({})).await.ok();
    assert_eq!(approved.body["clearance"], "CONFIDENTIAL");
    assert!(approved.body.get("role").is_none());
    // More takes two again, less takes one, and gives up what was asked for.
    let asked = say(json!("STRICTLY_CONFIDENTIAL")).await;
    assert_eq!(asked["clearance"], "CONFIDENTIAL");
    let less = say(json!("CLIENT_ADDRESS")).await;
    assert_eq!(less["clearance"], "CLIENT_ADDRESS");
    assert!(less.get("requestedClearance").is_none() && open(&one).await.is_empty());
    // Whoever could take the account over does not get it.
    let account = format!("/users/{id}");
    let seen = one.get(&account).await.ok().version();
    let invite = format!("{account}/invite");
    one.act(&invite, seen, &json!({})).await.ok();
    let rests = one.get(&path).await.ok().body;
    assert!(rests.get("clearance").is_none());
    assert_eq!(rests["requestedClearance"], "CLIENT_ADDRESS");
    let request = open(&one).await.remove(0);
    let approve = format!("/role-requests/{request}/approve");
    one.act(&approve, 1, &json!({}))
        .await
        .refused(403, "same_administrator");
    two.act(&approve, 1, &json!({})).await.ok();
    assert_eq!(
        one.get(&path).await.ok().body["clearance"],
        "CLIENT_ADDRESS"
    );
    let auditor = town.actor(Role::Auditor).await;
    for action in ["requested", "approved", "withdrawn", "suspended"] {
        let asked = format!("/audit/entries?action=clearance.{action}");
        assert!(
            !auditor.get(&asked).await.ok().items().is_empty(),
            "{action}"
        );
    }
}

async fn two_who_deal_with_it_at_once_do_so_once(bench: Bench) {
    let town = Town::open(bench).await;
    asked_for(&town, &json!(["CASEWORKER", "AUDITOR"])).await;
    let two = town.another(Role::Admin).await;
    let request = open(&two).await.remove(0);
    let acts = (0..10).map(|number| {
        let act = if number % 2 == 0 {
            "approve"
        } else {
            "decline"
        };
        let path = format!("/role-requests/{request}/{act}");
        let two = two.clone();
        async move { two.act(&path, 1, &json!({})).await }
    });
    let answers = at_once(acts).await;
    let done = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(done.count(), 1);
    assert!(
        answers
            .iter()
            .all(|it| matches!(it.status, 200 | 409 | 412))
    );
}

async fn the_database_itself_demands_two(bench: Bench) {
    let town = Town::open(bench).await;
    asked_for(&town, &json!(["CASEWORKER", "AUDITOR"])).await;
    let mut conn = invariants::connect(&town.bench);
    for forger in ["requested_by", "user_id"] {
        let forgery = format!(
            "UPDATE role_request SET state = 'APPROVED', decided_by = {forger}, decided_at = requested_at"
        );
        assert!(
            crate::audit::execute(&mut conn, &forgery).is_err(),
            "{forger}"
        );
    }
}

cases::cases![
    a_role_that_decides_is_held_once_a_second_administrator_approves,
    the_second_is_another_person_and_not_the_employee,
    what_is_said_anew_withdraws_what_was_asked_for,
    whoever_could_take_an_account_over_does_not_get_its_roles,
    to_know_where_protected_people_are_takes_two,
    two_who_deal_with_it_at_once_do_so_once,
    the_database_itself_demands_two,
];
