//! The home of a protected household in the stock itself: blocked without a reason in every list, count and file, for whoever is not
//! cleared.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::addresses::hide;
use super::user;
use crate::housing::with;
use crate::stock::files::{CSV, send};
use crate::support::actor::{Actor, Answer};
use crate::support::given::{self, SINGLE};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Whoever is not cleared, and whoever is: both manage homes.
async fn managers(town: &Town) -> [Actor; 2] {
    let cleared = town.another(Role::HousingManager).await;
    let clearance = json!({"clearance": "STRICTLY_CONFIDENTIAL"});
    town.place(&user(&cleared).await, &clearance).await;
    [town.actor(Role::HousingManager).await, cleared]
}

async fn no_list_and_no_count_of_the_stock_betrays_a_hidden_home(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    let [manager, cleared] = managers(&town).await;
    // The agreement whose only unit it is.
    let terms = with(given::referral_agreement(1), json!({"units": 1}));
    let agreement = manager.post("/agreements", &terms).await.ok().id();
    let path = format!("/agreements/{agreement}");
    let homes = json!({"dwellingIds": [it.home]});
    let added = manager.act(&format!("{path}/add-homes"), 1, &homes).await;
    assert_eq!(added.ok().body["inUse"], 0);
    for (reader, in_use) in [(&manager, 0), (&cleared, 1)] {
        assert_eq!(reader.get(&path).await.ok().body["inUse"], in_use);
        let all = reader.get("/agreements").await.ok();
        assert_eq!(all.items()[0]["inUse"], in_use);
        let letting = format!("/dwellings/{}/letting", it.home);
        let letting = reader.get(&letting).await.ok();
        assert_eq!(letting.body["mayBeLet"], false);
        assert_eq!(letting.body["quotaFull"], false);
        assert_eq!(letting.body["barredBy"], json!([]));
    }
    // A plan to demolish it.
    let plan = given::demolition(1, std::slice::from_ref(&it.home));
    let planned = manager.post("/demolition-plans", &plan).await.ok();
    let plan = format!("/demolition-plans/{}", planned.id());
    assert_eq!(
        (&planned.body["inUse"], &planned.body["withoutHome"]),
        (&json!(0), &json!(0))
    );
    let told = cleared.get(&plan).await.ok();
    assert_eq!(
        (&told.body["inUse"], &told.body["withoutHome"]),
        (&json!(1), &json!(1))
    );
    let carry_out = format!("{plan}/carry-out");
    let refused = manager.act(&carry_out, 1, &json!({})).await;
    refused.refused(409, "demolition_not_cleared");
    let refused = cleared.act(&carry_out, 1, &json!({})).await;
    let refused = refused.refused(409, "residents_without_home");
    assert_eq!(refused.body["residents"], 1);
    let kari = town.actor(Role::Caseworker).await;
    let residents = format!("{plan}/residents");
    assert!(kari.get(&residents).await.ok().items().is_empty());
    let other = town.another(Role::Caseworker).await;
    let clearance = json!({"clearance": "STRICTLY_CONFIDENTIAL"});
    town.place(&user(&other).await, &clearance).await;
    let told = other.get(&residents).await.ok();
    assert_eq!(told.items()[0]["householdId"], json!(it.household));
}

async fn a_file_of_the_stock_says_and_learns_no_more_of_a_hidden_home(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    let [manager, cleared] = managers(&town).await;
    let seen = cleared.get(&format!("/dwellings/{}", it.home)).await.ok();
    let mut named = given::home(1, 1);
    for (field, value) in named.as_object_mut().unwrap() {
        *value = seen.body[field].clone();
    }
    named["supplierId"] = json!("FDV-1");
    named["clearedForProtected"] = json!(true);
    let path = format!("/dwellings/{}", it.home);
    cleared.put(&path, seen.version(), &named).await.ok();
    for (reader, state, other) in [
        (&manager, "BLOCKED", "OCCUPIED"),
        (&cleared, "OCCUPIED", "BLOCKED"),
    ] {
        let file = reader.get("/dwellings/export.csv").await.ok().text;
        assert!(file.contains(state) && !file.contains(other), "{file}");
        let again = send(reader, "?dryRun=true", CSV, file.clone().into_bytes())
            .await
            .ok();
        assert_eq!(again.body["unchanged"], 1, "{}", again.text);
        let guess = file.replace(state, other).into_bytes();
        let guess = send(reader, "?dryRun=true", CSV, guess).await.ok();
        assert_eq!(
            guess.body["faults"][0]["code"], "state_differs",
            "{}",
            guess.text
        );
    }
}

async fn a_hidden_home_stands_empty_by_every_reckoning(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    town.home(1, 2).await;
    town.wait_days(10);
    let [manager, cleared] = managers(&town).await;
    let period = "from=2026-03-01&until=2026-03-13";
    // Both homes stand in the list, and the totals are their sum, so that nothing is left over that would tell.
    for (reader, expected) in [(&manager, [11, 11]), (&cleared, [0, 11])] {
        let rows = reader
            .get(&format!("/dwellings/vacancies?{period}"))
            .await
            .ok();
        let mut days: Vec<i64> = rows
            .items()
            .iter()
            .map(|row| row["days"].as_i64().unwrap())
            .collect();
        days.sort_unstable();
        assert_eq!(days, expected);
        let totals = reader
            .get(&format!("/dwellings/vacancies/totals?{period}"))
            .await
            .ok();
        assert_eq!(totals.body["days"], json!(expected.iter().sum::<i64>()));
    }
    let own = format!("/dwellings/{}/vacancy?{period}", it.home);
    let own = manager.get(&own).await.ok();
    let state = &own.body["byState"][0]["state"];
    assert_eq!((&own.body["days"], state), (&json!(11), &json!("BLOCKED")));
}

/// A vacant home that a private owner lets.
async fn leased(manager: &Actor, number: u16) -> Answer {
    let home = with(
        given::home(1, number),
        json!({"tenure": "PRIVATE_WITH_RIGHT"}),
    );
    manager.post("/dwellings", &home).await.ok()
}

/// All that a manager learns who puts this home and two vacant ones under an agreement for five, and then wants to use both.
async fn learnt_from_quota(town: &Town, manager: &Actor, home: &str, number: u16) -> Vec<Value> {
    let terms = with(given::referral_agreement(number), json!({"units": 5}));
    let agreement = manager.post("/agreements", &terms).await.ok().id();
    let path = format!("/agreements/{agreement}");
    let (one, other) = (
        leased(manager, 10 * number).await,
        leased(manager, 10 * number + 1).await,
    );
    let homes = json!({"dwellingIds": [home, one.id(), other.id()]});
    let add = format!("{path}/add-homes");
    let added = manager.act(&add, 1, &homes).await.ok();
    let mut learnt = vec![added.body["inUse"].clone(), added.body["blocked"].clone()];
    let why = json!({"reason": "SHOWING"});
    for seen in [&one, &other] {
        let path = format!("/dwellings/{}/reserve", seen.id());
        let held = manager.act(&path, seen.version(), &why).await;
        for told in ["code", "usable", "units", "state"] {
            learnt.push(held.body[told].clone());
        }
    }
    let told = manager.get(&path).await.ok();
    learnt.extend(["inUse", "blocked"].map(|it| told.body[it].clone()));
    let letting = format!("/dwellings/{}/letting", other.id());
    learnt.push(manager.get(&letting).await.ok().body["quotaFull"].clone());
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, number).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!(
        "/matching/explain?applicationId={case}&dwellingId={}",
        other.id()
    );
    let explained = kari.get(&path).await.ok();
    let checks = explained.body["explanation"]["checks"].as_array().unwrap();
    let quota = checks
        .iter()
        .find(|it| it["constraint"] == "REFERRAL_QUOTA");
    learnt.push(quota.unwrap().clone());
    learnt
}

/// All that a manager learns who plans to demolish this home without giving anybody another, and then wants to.
async fn learnt_from_demolition(manager: &Actor, home: &str, number: u16) -> Vec<Value> {
    let ids = [home.to_owned()];
    let plan = with(
        given::demolition(number, &ids),
        json!({"rehousesResidents": false}),
    );
    let planned = manager.post("/demolition-plans", &plan).await.ok();
    let path = format!("/demolition-plans/{}", planned.id());
    let close = manager
        .act(&format!("{path}/close-vacated"), 1, &json!({}))
        .await
        .ok();
    let refused = manager
        .act(&format!("{path}/carry-out"), 2, &json!({}))
        .await;
    let seen = manager.get(&format!("/dwellings/{home}")).await.ok();
    let mut learnt = Vec::new();
    for (answer, told) in [
        (&planned, "inUse"),
        (&planned, "withoutHome"),
        (&close, "inUse"),
        (&refused, "code"),
        (&refused, "residents"),
        (&refused, "homes"),
        (&seen, "state"),
        (&seen, "demolitionFrom"),
    ] {
        learnt.push(answer.body[told].clone());
    }
    learnt
}

async fn a_hidden_home_is_refused_like_a_blocked_one(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    let [manager, cleared] = managers(&town).await;
    let blocked = leased(&manager, 2).await;
    let block = format!("/dwellings/{}/block", blocked.id());
    let why = json!({"reason": "HEALTH_HAZARD"});
    manager.act(&block, blocked.version(), &why).await.ok();
    let of_hidden = learnt_from_quota(&town, &manager, &it.home, 1).await;
    let of_blocked = learnt_from_quota(&town, &manager, &blocked.id(), 2).await;
    assert_eq!(of_hidden, of_blocked);
    assert_eq!(of_hidden[6], "quota_full", "{of_hidden:?}");
    let of_hidden = learnt_from_demolition(&manager, &it.home, 1).await;
    let of_blocked = learnt_from_demolition(&manager, &blocked.id(), 2).await;
    assert_eq!(of_hidden, of_blocked);
    assert_eq!(of_hidden[3], "demolition_not_cleared", "{of_hidden:?}");
    // Whose lease outlasts the home unseen has the right all the same, and whoever is cleared sees it.
    let plans = cleared.get("/demolition-plans").await.ok();
    let plan = plans.items()[0]["id"].as_str().unwrap();
    let told = cleared.get(&format!("/demolition-plans/{plan}")).await.ok();
    assert_eq!(told.body["withoutHome"], 1);
}

cases::cases![
    a_hidden_home_is_refused_like_a_blocked_one,
    no_list_and_no_count_of_the_stock_betrays_a_hidden_home,
    a_file_of_the_stock_says_and_learns_no_more_of_a_hidden_home,
    a_hidden_home_stands_empty_by_every_reckoning,
];
