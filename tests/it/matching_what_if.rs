//! "What if": a plan with other rules, homes or needs. It tells differences and writes nothing.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::audit::{connect, count};
use crate::matching_team::Planned;
use crate::support::given::ordinary_needs;
use crate::support::{Bench, cases};

async fn what_if_tells_differences_and_writes_nothing(bench: Bench) {
    let planned = Planned::open(bench.clone()).await;
    let kari = &planned.kari;
    let kept = || {
        let mut conn = connect(&bench.database_url);
        let tables = [
            "matching_run",
            "matching_snapshot",
            "matching_part",
            "matching_proposal",
        ];
        tables.map(|table| count(&mut conn, table))
    };
    let before = kept();
    let more = json!({
        "objective": "SUITABILITY",
        "homesAdded": [{
            "dwellingId": uuid::Uuid::now_v7(), "state": "PLANNED", "category": "ORDINARY",
            "bedrooms": 1, "capacity": 2, "places": 1, "floor": 1, "features": [], "services": [],
            "area": "SENTRUM", "rentOre": 800_000, "lastInspectedOn": "2026-02-01",
            "clearedForProtected": false,
        }],
    });
    let told = kari.post("/matching/what-if", &more).await.ok().body;
    assert_eq!([&told["now"]["housed"], &told["then"]["housed"]], [2, 3]);
    let households = told["households"].as_array().unwrap();
    assert!(households.iter().any(|it| it.get("now").is_none()));

    let fewer = json!({"objective": "SUITABILITY", "homesWithdrawn": planned.homes});
    let told = kari.post("/matching/what-if", &fewer).await.ok().body;
    assert_eq!(told["then"]["housed"], 0);
    assert_eq!(told["households"].as_array().unwrap().len(), 2);

    let line = &planned.run["plan"]["assignments"][0];
    let mut needs = ordinary_needs();
    needs["excludedAreas"] = json!(["SENTRUM"]);
    let other = json!([{"applicationId": line["applicationId"], "needs": needs}]);
    let elsewhere = json!({"objective": "OWN_WISHES", "needsChanged": other});
    let told = kari.post("/matching/what-if", &elsewhere).await.ok().body;
    let mut households = told["households"].as_array().unwrap().iter();
    let lost = households
        .find(|it| it["applicationId"] == line["applicationId"])
        .unwrap();
    assert!(lost.get("then").is_none() && lost.get("now").is_some());

    let rules = kari.get("/rule-sets").await.ok().items()[0]["id"].clone();
    let same = json!({"objective": "SUITABILITY", "ruleSetId": rules});
    let told = kari.post("/matching/what-if", &same).await.ok().body;
    assert_eq!(told["households"], json!([]));
    assert_eq!(told["poolVersion"], planned.run["poolVersion"]);
    assert_eq!(before, kept());
}

async fn what_cannot_be_is_named_field_by_field(bench: Bench) {
    let planned = Planned::open(bench).await;
    let kari = &planned.kari;
    let asked = |more: Value| {
        let mut body = json!({"objective": "SUITABILITY"});
        let fields = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(fields);
        async move { kari.post("/matching/what-if", &body).await }
    };
    asked(json!({})).await.faults(&[("", "empty")]);
    let nowhere = uuid::Uuid::now_v7();
    asked(json!({"ruleSetId": nowhere, "homesWithdrawn": [nowhere]}))
        .await
        .faults(&[
            ("/ruleSetId", "not_found"),
            ("/homesWithdrawn/0", "not_vacant"),
        ]);
    let mut needs = ordinary_needs();
    needs["wishedAreas"] = json!(["SENTRUM"]);
    needs["excludedAreas"] = json!(["SENTRUM"]);
    let contradiction = json!([{"applicationId": planned.cases[0], "needs": needs}]);
    asked(json!({"needsChanged": contradiction}))
        .await
        .faults(&[("/needsChanged/0/needs/wishedAreas/0", "contradiction")]);
    // Nobody can be kept away from themselves, neither here nor in the case.
    let path = format!("/applications/{}", planned.cases[0]);
    let case = kari.get(&path).await.ok();
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([case.body["householdId"]]);
    let contradiction = json!([{"applicationId": planned.cases[0], "needs": needs}]);
    asked(json!({"needsChanged": contradiction}))
        .await
        .faults(&[(
            "/needsChanged/0/needs/excludedHouseholds/0",
            "contradiction",
        )]);
    let back = json!({"reason": "NEEDS_CHANGED"});
    let back = kari
        .act(
            &format!("{path}/return-to-assessment"),
            case.version(),
            &back,
        )
        .await
        .ok();
    kari.put(&format!("{path}/needs"), back.version(), &needs)
        .await
        .faults(&[("/excludedHouseholds/0", "contradiction")]);
    let unknown = json!([{"applicationId": nowhere, "needs": ordinary_needs()}]);
    asked(json!({"needsChanged": unknown}))
        .await
        .faults(&[("/needsChanged/0/applicationId", "not_waiting")]);
    let rules: Value = serde_json::from_str(rettbolig::rulesets::RuleSet::EXAMPLE_JSON).unwrap();
    for weight in [json!(0), json!(-1), json!(70_000), json!(1001)] {
        let mut faulty = rules.clone();
        faulty["scoring"]["weights"][0]["weight"] = weight.clone();
        let answer = asked(json!({"rules": faulty})).await;
        assert_eq!(answer.status, 400, "{weight}: {}", answer.text);
        let pointer = &answer.body["errors"][0]["pointer"];
        assert_eq!(
            pointer, "/rules/scoring/weights/0/weight",
            "{}",
            answer.text
        );
    }
    // And without rules in force there is no plan.
    let stranger = planned.town.stranger(Role::Caseworker).await;
    let body = json!({"objective": "SUITABILITY"});
    stranger
        .post("/matching/runs", &body)
        .await
        .refused(409, "no_rule_set");
}

cases::cases![
    what_if_tells_differences_and_writes_nothing,
    what_cannot_be_is_named_field_by_field,
];
