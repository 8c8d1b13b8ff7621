//! Merging a case in which a home is offered: somebody answers for the home, or takes it back, before the case goes on in another.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::given::{SINGLE, granted};
use crate::support::residents::{household, member};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_case_with_an_open_offer_says_what_to_do_before_it_is_merged(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let first = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": first, "type": "NEW", "receivedOn": "2026-02-02"});
    let older = kari.post("/applications", &body).await.ok().id();
    let shown = kari.get(&format!("/households/{first}")).await.ok();
    let person = shown.body["members"][0]["personId"].as_str().unwrap();
    let again = household(&kari, &[member(person, "APPLICANT")]).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{again}/situations");
    kari.post(&path, &situation).await.ok();
    let newer = town.case_before_team(&kari, &again).await;
    let home = town.home(1, 1).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &newer, &home).await;
    let case = format!("/applications/{newer}");
    let merge = async || {
        let version = kari.get(&case).await.ok().version();
        let into = json!({"intoId": older, "reason": "SAME_REQUEST"});
        kari.act(&format!("{case}/merge"), version, &into).await
    };
    let refused = merge().await.refused(409, "offer_open");
    let told = refused.body["titleNb"].as_str().unwrap();
    assert!(told.contains("trekk tilbudet"), "{told}");
    let still = kari.get(&format!("/offers/{offer}")).await.ok();
    assert_eq!(still.body["state"], "OPEN");
    let back = json!({"reason": "NO_LONGER_SUITABLE"});
    kari.act(&format!("/offers/{offer}/withdraw"), 1, &back)
        .await
        .ok();
    assert_eq!(merge().await.ok().body["state"], "MERGED");
    let manager = town.actor(Role::HousingManager).await;
    let free = manager.get(&format!("/dwellings/{home}")).await.ok();
    assert_eq!(free.body["state"], "AVAILABLE");
}

cases::cases![a_case_with_an_open_offer_says_what_to_do_before_it_is_merged];
