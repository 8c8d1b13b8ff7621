//! Properties and the measures of the housing plan, as they are said and said anew.

use rettbolig::auth::Role;
use serde_json::json;

use crate::housing::with;
use crate::support::given::{home, measure, property};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_property_is_registered_once_and_counts_its_homes(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let made = manager.post("/properties", &property(7)).await.ok();
    manager
        .post("/properties", &property(7))
        .await
        .refused(409, "property_exists");
    let inside = with(home(1, 1), json!({"cadastralId": "5035-84/7"}));
    manager.post("/dwellings", &inside).await.ok();
    // Another building of the same property counts its units anew.
    let other = with(inside.clone(), json!({"buildingNumber": "182345678"}));
    manager.post("/dwellings", &other).await.ok();
    manager
        .post("/dwellings", &inside)
        .await
        .refused(409, "unit_exists");
    let path = format!("/properties/{}", made.id());
    assert_eq!(manager.get(&path).await.ok().body["dwellings"], 2);
    let sold = json!({"cadastralId": "5035-84/7", "ownerKind": "HOUSING_COOPERATIVE", "ownerName": "Prøve borettslag", "ownerNumber": "991825827"});
    let changed = manager.put(&path, 1, &sold).await.ok();
    assert_eq!(changed.body["ownerNumber"], "991825827");
    assert_eq!(changed.body["buildings"], json!([]));
    manager.put(&path, 1, &sold).await.refused(412, "stale");
    assert_eq!(manager.get("/properties").await.ok().items().len(), 1);
}

async fn nobody_is_named_as_a_private_owner(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let private = json!({"cadastralId": "5035-x/7", "ownerKind": "PRIVATE_PERSON", "ownerName": "Prøve Testesen", "ownerNumber": "939851735"});
    let answer = manager.post("/properties", &private).await;
    assert!(!answer.text.contains("Testesen"));
    answer.faults(&[
        ("/cadastralId", "cadastral_farm"),
        ("/ownerName", "private_owner_named"),
        ("/ownerNumber", "private_owner_named"),
        ("/ownerNumber", "organisation_number"),
    ]);
}

async fn a_measure_is_worded_anew_as_the_plan_is_revised(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let made = manager.post("/plan-measures", &measure(1)).await.ok();
    assert_eq!(made.body["missing"], 10);
    manager
        .post("/plan-measures", &measure(1))
        .await
        .refused(409, "measure_exists");
    let path = format!("/plan-measures/{}", made.id());
    let larger = with(measure(1), json!({"unitCount": 12}));
    let changed = manager.put(&path, 1, &larger).await.ok();
    assert_eq!(
        (&changed.body["unitCount"], changed.version()),
        (&json!(12), 2)
    );
    manager.put(&path, 1, &larger).await.refused(412, "stale");
    let wrong = with(
        measure(2),
        json!({"number": "9 2", "unitCount": 0, "dueYear": 99}),
    );
    manager.post("/plan-measures", &wrong).await.faults(&[
        ("/dueYear", "too_small"),
        ("/number", "wrong_format"),
        ("/unitCount", "too_small"),
    ]);
    let kari = town.actor(Role::Caseworker).await;
    kari.put(&path, 2, &larger).await.refused(403, "forbidden");
}

async fn planned_homes_count_in_the_year_they_are_expected_and_in_the_one_they_came(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let made = manager.post("/plan-measures", &measure(1)).await.ok();
    let planned = |number, expected: Option<&str>| {
        let details = expected.map_or(json!({}), |day| json!({"expectedOn": day}));
        let link = json!({"state": "PLANNED", "measureId": made.id(), "details": details});
        with(home(1, number), link)
    };
    let early = manager
        .post("/dwellings", &planned(1, Some("2027-06-01")))
        .await
        .ok();
    manager.post("/dwellings", &planned(2, None)).await.ok();
    let path = format!("/dwellings/{}/make-available", early.id());
    manager.act(&path, 1, &json!({})).await.ok();
    let progress = manager.get("/plan-measures/progress").await.ok();
    let told: Vec<_> = progress
        .items()
        .iter()
        .map(|it| ["year", "planned", "delivered"].map(|name| it[name].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [[2026, 0, 1], [2027, 1, 0], [2028, 1, 0]]);
}

cases::cases![
    a_property_is_registered_once_and_counts_its_homes,
    nobody_is_named_as_a_private_owner,
    a_measure_is_worded_anew_as_the_plan_is_revised,
    planned_homes_count_in_the_year_they_are_expected_and_in_the_one_they_came,
];
