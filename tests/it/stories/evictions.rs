//! Arrears: NAV is told two weeks before a petition, unless the tenant said no; and says that it pays.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::events::{place, read};
use crate::guards::scene::Scene;
use crate::support::{Bench, cases};

async fn notice(scene: &Scene, opted_out: Option<&str>) -> (String, String) {
    let tenancy = scene.tenancy().await.id;
    let manager = scene.town.actor(Role::HousingManager).await;
    let body = json!({"tenancyId": tenancy, "arrearsOre": 1_700_000, "optedOutOn": opted_out});
    let id = manager.post("/eviction-notices", &body).await.ok().id();
    (id, tenancy)
}

async fn nav_is_told_two_weeks_before_a_petition(bench: Bench) {
    let scene = Scene::open(bench).await;
    let town = &scene.town;
    let (id, tenancy) = notice(&scene, None).await;
    let (manager, nav) = (
        town.actor(Role::HousingManager).await,
        town.actor(Role::NavAdvisor).await,
    );
    place(town).await;
    let (events, _) = read(&nav, "/nav/events", None, 200).await;
    let told: Vec<&Value> = events
        .iter()
        .filter(|it| it["type"] == "no.rettbolig.eviction.notified.v1")
        .collect();
    assert_eq!(
        told[0]["subject"],
        json!(format!("nav/eviction-notices/{id}"))
    );
    let whole = nav.get(&format!("/nav/eviction-notices/{id}")).await.ok();
    assert_eq!(whole.body["petitionFrom"], "2026-03-16");
    assert!(
        whole.body["tenantName"]
            .as_str()
            .unwrap()
            .contains("Testesen")
    );
    assert!(!whole.text.contains("Prøvegata"), "never where");
    let petition = format!("/eviction-notices/{id}/petition");
    manager
        .act(&petition, 1, &json!({}))
        .await
        .refused(409, "petition_too_early");
    let again = json!({"tenancyId": tenancy, "arrearsOre": 1});
    manager
        .post("/eviction-notices", &again)
        .await
        .refused(409, "notice_open");
    town.wait_days(14);
    let manager = town.actor(Role::HousingManager).await;
    let sent = manager.act(&petition, 1, &json!({})).await.ok();
    assert_eq!(sent.body["state"], "PETITIONED");
    manager
        .act(&petition, 2, &json!({}))
        .await
        .refused(409, "notice_concluded");
}

async fn who_said_no_in_writing_is_not_told_of(bench: Bench) {
    let scene = Scene::open(bench).await;
    let town = &scene.town;
    let (id, _) = notice(&scene, Some("2026-03-01")).await;
    let nav = town.actor(Role::NavAdvisor).await;
    place(town).await;
    let (events, _) = read(&nav, "/nav/events", None, 200).await;
    assert!(
        events
            .iter()
            .all(|it| !it["type"].as_str().unwrap().contains("eviction"))
    );
    nav.get(&format!("/nav/eviction-notices/{id}"))
        .await
        .refused(404, "not_found");
    assert!(
        nav.get("/nav/eviction-notices")
            .await
            .ok()
            .items()
            .is_empty()
    );
    let manager = town.actor(Role::HousingManager).await;
    let sent = manager
        .act(&format!("/eviction-notices/{id}/petition"), 1, &json!({}))
        .await
        .ok();
    assert_eq!(sent.body["state"], "PETITIONED");
}

async fn no_petition_follows_while_nav_pays(bench: Bench) {
    let scene = Scene::open(bench).await;
    let town = &scene.town;
    let (id, _) = notice(&scene, None).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let pays = json!({"from": "2026-04-01", "monthlyOre": 850_000});
    let paid = nav
        .act(
            &format!("/nav/eviction-notices/{id}/pay-directly"),
            1,
            &pays,
        )
        .await
        .ok();
    assert_eq!(paid.body["directPaymentOre"], 850_000);
    town.wait_days(20);
    let manager = town.actor(Role::HousingManager).await;
    let petition = format!("/eviction-notices/{id}/petition");
    manager
        .act(&petition, 2, &json!({}))
        .await
        .refused(409, "paid_by_nav");
    manager
        .act(&format!("/eviction-notices/{id}/settle"), 2, &json!({}))
        .await
        .ok();
    let faulty =
        json!({"tenancyId": uuid::Uuid::now_v7(), "arrearsOre": 1, "optedOutOn": "2030-01-01"});
    manager
        .post("/eviction-notices", &faulty)
        .await
        .faults(&[("/tenancyId", "not_found"), ("/optedOutOn", "in_future")]);
}

cases::cases![
    nav_is_told_two_weeks_before_a_petition,
    who_said_no_in_writing_is_not_told_of,
    no_petition_follows_while_nav_pays,
];
