//! Whether a home may be let: what an inspection found, what is overridden, and what an agreement allows, also to many at once.

use futures_util::future::join_all;
use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::housing::with;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, home, inspection, referral_agreement};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn act(manager: &Actor, seen: &Answer, name: &str, body: Value) -> Answer {
    let path = format!("/dwellings/{}/{name}", seen.id());
    manager.act(&path, seen.version(), &body).await
}

async fn a_finding_that_bars_letting_blocks_the_home_until_it_is_cleared(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let seen = manager.post("/dwellings", &home(2, 1)).await.ok();
    let path = format!("/dwellings/{}", seen.id());
    let made = manager
        .post(&format!("{path}/inspections"), &inspection())
        .await
        .ok();
    assert_eq!(made.body["nextDueOn"], "2027-03-02");
    let blocked = manager.get(&path).await.ok();
    assert_eq!(
        (&blocked.body["state"], &blocked.body["inspectedOn"]),
        (&json!("BLOCKED"), &json!("2026-03-02"))
    );
    assert_eq!(blocked.body["details"]["conditionClass"], "TG2");
    let letting = manager.get(&format!("{path}/letting")).await.ok();
    assert_eq!(letting.body["barredBy"], json!(["BLOCKING_FINDING"]));
    assert_eq!(letting.body["mayBeLet"], false);
    let turnover = act(&manager, &blocked, "unblock", json!({})).await.ok();
    let refused = act(&manager, &turnover, "make-available", json!({})).await;
    refused.refused(409, "blocking_finding");
    let open = manager
        .get("/inspection-findings?severity=BLOCKING")
        .await
        .ok();
    let finding = open.items()[0]["id"].as_str().unwrap().to_owned();
    let clear = format!("/inspection-findings/{finding}/clear");
    let future = json!({"how": "REPLACED", "on": "2026-03-03"});
    manager
        .act(&clear, 1, &future)
        .await
        .faults(&[("/on", "out_of_range")]);
    manager
        .act(&clear, 1, &json!({"how": "REPLACED"}))
        .await
        .ok();
    let again = manager.act(&clear, 2, &json!({"how": "REPLACED"})).await;
    again.refused(409, "finding_cleared");
    act(&manager, &turnover, "make-available", json!({}))
        .await
        .ok();
    let letting = manager.get(&format!("{path}/letting")).await.ok();
    assert_eq!(letting.body["mayBeLet"], true);
    let history = manager.get(&format!("{path}/inspections")).await.ok();
    assert_eq!(history.items()[0]["findings"][0]["clearedHow"], "REPLACED");
}

async fn an_overdue_inspection_bars_letting_unless_it_is_overridden_for_a_while(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let late = with(home(2, 1), json!({"inspectedOn": "2025-02-01"}));
    let seen = manager.post("/dwellings", &late).await.ok();
    manager.post("/dwellings", &home(2, 2)).await.ok();
    let hold = json!({"reason": "SHOWING"});
    let refused = act(&manager, &seen, "reserve", hold.clone()).await;
    refused.refused(409, "inspection_overdue");
    let due = manager.get("/inspections/due").await.ok();
    assert_eq!(due.items().len(), 1);
    assert_eq!(due.items()[0]["nextDueOn"], "2026-02-01");
    let later = manager.get("/inspections/due?before=2027-01-01").await.ok();
    assert_eq!(later.items().len(), 2);
    let path = format!("/dwellings/{}/overrides", seen.id());
    let told = |obstacle: &str, until: &str| json!({"obstacle": obstacle, "reason": "INSPECTION_ORDERED", "validUntil": until});
    let answer = manager
        .post(&path, &told("BLOCKING_FINDING", "2026-04-01"))
        .await;
    answer.refused(409, "nothing_to_override");
    let answer = manager
        .post(&path, &told("INSPECTION_OVERDUE", "2027-04-01"))
        .await;
    answer.faults(&[("/validUntil", "out_of_range")]);
    manager
        .post(&path, &told("INSPECTION_OVERDUE", "2026-04-01"))
        .await
        .ok();
    let shown = act(&manager, &seen, "reserve", hold).await.ok();
    assert_eq!(shown.body["state"], "RESERVED");
    let free = act(&manager, &shown, "release", json!({})).await.ok();
    assert_eq!(free.body["state"], "AVAILABLE");
    let auditor = town.actor(Role::Auditor).await;
    let path = format!("/audit/entries?dwellingId={}", seen.id());
    let entries = auditor.get(&path).await.ok();
    let told = entries.items().iter().any(|it| {
        it["entry"]["action"] == "dwelling.obstacle_overridden"
            && it["entry"]["facts"]["reason"] == "INSPECTION_ORDERED"
    });
    assert!(told);
}

async fn an_explanation_tells_what_bars_letting(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let found = async |home: Value| {
        let home = manager.post("/dwellings", &home).await.ok().id();
        let explain = async || {
            let path = format!("/matching/explain?applicationId={case}&dwellingId={home}");
            let explained = kari.get(&path).await.ok();
            let checks = explained.body["explanation"]["checks"]
                .as_array()
                .unwrap()
                .clone();
            let check = checks
                .iter()
                .find(|it| it["constraint"] == "INSPECTION")
                .unwrap();
            (check["holds"].clone(), check["found"]["en"].clone())
        };
        let before = explain().await;
        let path = format!("/dwellings/{home}/inspections");
        manager.post(&path, &inspection()).await.ok();
        (before, explain().await)
    };
    let finding = (
        json!(false),
        json!("a finding that bars letting: smoke alarm"),
    );
    let inspected = found(home(1, 1)).await;
    assert_eq!(
        inspected,
        ((json!(true), json!("2025-12-01")), finding.clone())
    );
    let late = with(home(1, 2), json!({"inspectedOn": "2025-02-01"}));
    assert_eq!(
        found(late).await,
        ((json!(false), json!("2025-02-01")), finding.clone())
    );
    let never = with(home(1, 3), json!({"inspectedOn": null}));
    assert_eq!(
        found(never).await,
        ((json!(false), json!("never")), finding)
    );
}

/// So many homes under a referral agreement of which 40 % may be used. Gives the agreement's answer and the homes'.
async fn under_agreement(manager: &Actor, homes: u16) -> (Answer, Vec<Answer>) {
    let terms = with(referral_agreement(1), json!({"units": homes}));
    let made = manager.post("/agreements", &terms).await.ok();
    let mut seen = Vec::new();
    for number in 1..=homes {
        let leased = with(home(1, number), json!({"tenure": "PRIVATE_WITH_RIGHT"}));
        seen.push(manager.post("/dwellings", &leased).await.ok());
    }
    let ids: Vec<String> = seen.iter().map(Answer::id).collect();
    let path = format!("/agreements/{}/add-homes", made.id());
    let added = manager
        .act(&path, 1, &json!({"dwellingIds": ids}))
        .await
        .ok();
    (added, seen)
}

async fn the_quota_holds_however_many_reserve_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let (agreement, homes) = under_agreement(&manager, 6).await;
    assert_eq!(agreement.body["usable"], 2);
    let reserve = |seen: &Answer| {
        let (manager, path, version) = (
            manager.clone(),
            format!("/dwellings/{}/reserve", seen.id()),
            seen.version(),
        );
        async move {
            manager
                .act(&path, version, &json!({"reason": "SHOWING"}))
                .await
        }
    };
    let answers = join_all(homes.iter().map(reserve)).await;
    let held: Vec<&Answer> = answers.iter().filter(|it| it.status == 200).collect();
    assert_eq!(held.len(), 2);
    for refused in answers.iter().filter(|it| it.status != 200) {
        assert_eq!((refused.status, refused.code()), (409, "quota_full"));
    }
    let path = format!("/agreements/{}", agreement.id());
    assert_eq!(manager.get(&path).await.ok().body["inUse"], 2);
    act(&manager, held[0], "release", json!({})).await.ok();
    assert_eq!(manager.get(&path).await.ok().body["inUse"], 1);
    let free = homes
        .iter()
        .zip(&answers)
        .find(|(_, answer)| answer.status != 200);
    reserve(free.unwrap().0).await.ok();
    assert_eq!(manager.get(&path).await.ok().body["inUse"], 2);
    let letting = format!("/dwellings/{}/letting", homes[5].id());
    let letting = manager.get(&letting).await.ok();
    assert_eq!(letting.body["agreementId"], agreement.id());
}

async fn an_agreement_takes_only_what_it_has_room_for(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let (agreement, homes) = under_agreement(&manager, 5).await;
    let path = format!("/agreements/{}", agreement.id());
    let one = json!({"dwellingIds": [homes[0].id()]});
    let answer = manager
        .act(&format!("{path}/add-homes"), agreement.version(), &one)
        .await;
    answer.refused(409, "under_another_agreement");
    let own = manager.post("/dwellings", &home(1, 9)).await.ok();
    let wrong =
        json!({"dwellingIds": [own.id(), homes[0].id(), homes[0].id(), uuid::Uuid::now_v7()]});
    let answer = manager
        .act(&format!("{path}/add-homes"), agreement.version(), &wrong)
        .await;
    answer.faults(&[
        ("/dwellingIds/2", "not_unique"),
        ("/dwellingIds/3", "not_found"),
    ]);
    let own = json!({"dwellingIds": [own.id()]});
    let answer = manager
        .act(&format!("{path}/add-homes"), agreement.version(), &own)
        .await;
    answer.faults(&[("/dwellingIds/0", "own_home")]);
    let fewer = with(referral_agreement(1), json!({"units": 4}));
    let answer = manager.put(&path, agreement.version(), &fewer).await;
    answer.refused(409, "fewer_units_than_homes");
    let lease = json!({"kind": "LEASE_IN", "name": "Innleie", "startsOn": "2025-01-01", "units": 1, "counterpartyNumber": "939851735"});
    let answer = manager.post("/agreements", &lease).await;
    answer.faults(&[
        ("/counterpartyNumber", "organisation_number"),
        ("/endsOn", "missing"),
    ]);
    let ending = json!({"kind": "LEASE_IN", "name": "Innleie", "startsOn": "2025-01-01", "endsOn": "2026-03-02", "units": 1});
    let made = manager.post("/agreements", &ending).await.ok();
    assert_eq!(made.body["warns"], true);
    let leased = with(home(1, 20), json!({"tenure": "LEASED_IN"}));
    let leased = manager.post("/dwellings", &leased).await.ok();
    let add = format!("/agreements/{}/add-homes", made.id());
    let homes = json!({"dwellingIds": [leased.id()]});
    manager.act(&add, 1, &homes).await.ok();
    let answer = act(&manager, &leased, "reserve", json!({"reason": "OWN_USE"})).await;
    answer.refused(409, "agreement_not_in_force");
    let listed = manager.get("/agreements?endsBefore=2026-04-01").await.ok();
    assert_eq!(listed.items().len(), 1);
}

cases::cases![
    an_explanation_tells_what_bars_letting,
    a_finding_that_bars_letting_blocks_the_home_until_it_is_cleared,
    an_overdue_inspection_bars_letting_unless_it_is_overridden_for_a_while,
    the_quota_holds_however_many_reserve_at_once,
    an_agreement_takes_only_what_it_has_room_for,
];
