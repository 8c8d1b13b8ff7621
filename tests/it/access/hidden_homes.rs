//! The home of a protected household in the stock itself: blocked without a reason in every list, count and file, for whoever is not
//! cleared.

use rettbolig::auth::Role;
use serde_json::json;

use super::addresses::hide;
use super::user;
use crate::housing::with;
use crate::stock::files::{CSV, send};
use crate::support::actor::Actor;
use crate::support::given;
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
    let refused = refused.refused(409, "residents_without_home");
    assert_eq!(refused.body["residents"], 0);
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

cases::cases![
    no_list_and_no_count_of_the_stock_betrays_a_hidden_home,
    a_file_of_the_stock_says_and_learns_no_more_of_a_hidden_home,
    a_hidden_home_stands_empty_by_every_reckoning,
];
