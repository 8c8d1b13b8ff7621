//! The main job: from application to tenancy, provable afterwards.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::given::{FAMILY, SINGLE, granted, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_family_that_loses_its_lease_is_given_the_home_that_fits(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let auditor = town.actor(Role::Auditor).await;

    let family = town.household(&kari, &FAMILY, 1).await;
    let single = town.household(&kari, &SINGLE, 2).await;
    let case = town.case_before_team(&kari, &family).await;
    let other = town.case_before_team(&kari, &single).await;
    let home = town.home(3, 1).await;

    // Who fits the vacant home, and why.
    let fits = kari
        .get(&format!("/dwellings/{home}/candidates"))
        .await
        .ok();
    assert_eq!(fits.body["candidates"][0]["applicationId"], json!(case));
    assert_eq!(fits.body["candidates"][0]["rank"], 1);
    let checks = fits.body["candidates"][0]["explanation"]["checks"]
        .as_array()
        .unwrap();
    assert!(checks.iter().all(|check| check["holds"] == json!(true)));
    let pair = format!("/matching/explain?applicationId={other}&dwellingId={home}");
    kari.get(&pair).await.ok();

    // One person proposes, another decides.
    let offer = granted(&kari, &ola, &case, &home).await;
    let manager = town.actor(Role::HousingManager).await;
    let state = manager.get(&format!("/dwellings/{home}")).await.ok().body["state"].clone();
    assert_eq!(state, "ALLOCATED");

    // The family takes the home.
    let seen = kari.get(&format!("/offers/{offer}")).await.ok().version();
    let accept = json!({"startsOn": "2026-04-01"});
    let accepted = kari
        .act(&format!("/offers/{offer}/accept"), seen, &accept)
        .await
        .ok();
    let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
    let tenancy = manager.get(&format!("/tenancies/{tenancy}")).await.ok();
    assert_eq!(tenancy.body["agreedUntil"], "2029-04-01");
    let state = manager.get(&format!("/dwellings/{home}")).await.ok().body["state"].clone();
    assert_eq!(state, "OCCUPIED");
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "HOUSED"
    );

    // And an auditor reads how it came about.
    let history = auditor
        .get(&format!("/applications/{case}/history"))
        .await
        .ok();
    let actions: Vec<&str> = history
        .items()
        .iter()
        .map(|it| it["entry"]["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "application.received",
            "application.assigned",
            "application.assessment_started",
            "application.submitted_to_team",
            "decision.proposed",
            "decision.approved",
            "offer.made",
            "offer.accepted",
        ]
    );
    let numbers: Vec<i64> = history
        .items()
        .iter()
        .map(|it| it["entry"]["case"]["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<i64>>());
}

async fn whoever_proposed_may_not_approve_even_with_the_right_role(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let proposed = ola
        .post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .ok();
    let path = format!("/decisions/{}/approve", proposed.id());
    ola.act(&path, 1, &json!({}))
        .await
        .refused(403, "same_hands");
    kari.act(&path, 1, &json!({}))
        .await
        .refused(403, "forbidden");
    // Both attempts are on the record.
    let auditor = town.actor(Role::Auditor).await;
    let query = format!("/audit/entries?decisionId={}&kind=REFUSED", proposed.id());
    let entries = auditor.get(&query).await.ok();
    let refusals: Vec<&str> = entries
        .items()
        .iter()
        .map(|it| it["entry"]["facts"]["refusal"].as_str().unwrap())
        .collect();
    assert_eq!(refusals, ["same_hands", "forbidden"]);
    town.another(Role::DecisionMaker)
        .await
        .act(&path, 1, &json!({}))
        .await
        .ok();
}

async fn a_declined_home_is_free_again_and_the_household_waits_on(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let decline = json!({"reason": "LOCATION"});
    kari.act(&format!("/offers/{offer}/decline"), 1, &decline)
        .await
        .ok();
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "WAITING"
    );
    assert_eq!(
        kari.get(&format!("/dwellings/{home}")).await.ok().body["state"],
        "AVAILABLE"
    );
    let again = kari
        .act(&format!("/offers/{offer}/decline"), 2, &decline)
        .await;
    again.refused(409, "offer_answered");
    // The same home can be proposed again.
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    kari.post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .ok();
}

cases::cases![
    a_family_that_loses_its_lease_is_given_the_home_that_fits,
    whoever_proposed_may_not_approve_even_with_the_right_role,
    a_declined_home_is_free_again_and_the_household_waits_on,
];
