//! The feed of events: each change once, in an order that never changes, and nothing about anybody.

use std::collections::BTreeSet;

use rettbolig::auth::Role;
use rettbolig::events::Placing;
use serde_json::{Value, json};

use crate::faults::at_once;
use crate::support::actor::Actor;
use crate::support::given::{FAMILY, SINGLE};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Reads a feed from a place to its end, in pages of this size.
pub(crate) async fn read(
    by: &Actor,
    path: &str,
    from: Option<&str>,
    limit: u16,
) -> (Vec<Value>, String) {
    let (mut events, mut cursor) = (Vec::new(), from.map(str::to_owned));
    loop {
        let from = cursor.map_or(String::new(), |it| format!("&cursor={it}"));
        let page = by.get(&format!("{path}?limit={limit}{from}")).await.ok();
        events.extend_from_slice(page.items());
        let next = page.body["nextCursor"].as_str().unwrap().to_owned();
        if page.body["hasMore"] == json!(false) {
            return (events, next);
        }
        cursor = Some(next);
    }
}

pub(crate) async fn place(town: &Town) -> usize {
    Placing::new(town.db.clone()).place_waiting().await.unwrap()
}

async fn a_change_is_told_once_it_is_committed(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let household = town.household(&kari, &FAMILY, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let request = kari
        .request(reqwest::Method::POST, "/applications")
        .json(&body);
    let request = request
        .header("Idempotency-Key", "k1")
        .header("Nav-Call-Id", "call-77");
    let case = kari.send(request).await.ok();
    let (before, cursor) = read(&nav, "/nav/events", None, 50).await;
    assert!(before.is_empty(), "told before its place was given");
    assert_eq!(place(&town).await, 1);
    let (events, _) = read(&nav, "/nav/events", Some(&cursor), 50).await;
    let id = case.id();
    assert_eq!(
        events,
        [json!({
            "specversion": "1.0",
            "id": events[0]["id"],
            "source": "urn:rettbolig:municipality:5035",
            "type": "no.rettbolig.application.received.v1",
            "subject": format!("applications/{id}"),
            "time": "2026-03-02T11:00:00Z",
            "datacontenttype": "application/json",
            "sequence": "0000000000000000001",
            "correlationid": "call-77",
            "data": {"resource": "applications", "id": id},
        })]
    );
    // The auditor finds the very entry.
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor
        .get(&format!("/applications/{id}/history"))
        .await
        .ok();
    assert_eq!(history.items()[0]["id"], events[0]["id"]);
    let nothing = kari.post("/applications", &body).await;
    assert_eq!(nothing.status, 409, "a household has one open case");
    assert_eq!(place(&town).await, 0, "a refused change was told");
}

async fn readers_on_the_way_miss_nothing_and_see_one_order(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let writing = |number: u16| {
        let (town, manager) = (&town, manager.clone());
        async move {
            for step in 0..10 {
                let home = crate::support::given::home(1, number * 100 + step);
                manager.post("/dwellings", &home).await.ok();
                if step % 3 == 0 {
                    place(town).await;
                }
            }
        }
    };
    let reading = async {
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        while seen.len() < 80 {
            place(&town).await;
            let (events, next) = read(&manager, "/facilities/events", cursor.as_deref(), 7).await;
            seen.extend(events);
            cursor = Some(next);
        }
        seen
    };
    let (seen, ..) = tokio::join!(
        reading,
        writing(1),
        writing(2),
        writing(3),
        writing(4),
        writing(5),
        writing(6),
        writing(7),
        writing(8),
    );
    let (again, _) = read(&manager, "/facilities/events", None, 200).await;
    assert_eq!(seen, again, "another order when read again");
    let places: Vec<&str> = seen
        .iter()
        .map(|it| it["sequence"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = (1..=80).map(|it| format!("{it:019}")).collect();
    assert_eq!(places, expected);
    let ids: BTreeSet<&str> = seen.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 80);
}

async fn instances_that_place_at_once_place_each_event_once(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    for number in 1..=30 {
        let home = crate::support::given::home(1, number);
        manager.post("/dwellings", &home).await.ok();
    }
    let placing = [(); 6].map(|()| {
        let db = town.db.clone();
        async move { Placing::new(db).place_waiting().await.unwrap() }
    });
    let placed: usize = at_once(placing).await.into_iter().sum();
    place(&town).await;
    assert!(placed <= 30);
    let (events, _) = read(&manager, "/facilities/events", None, 200).await;
    assert_eq!(events.len(), 30);
}

async fn each_audience_is_told_its_own_and_no_town_another_s(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let household = town.household(&kari, &SINGLE, 1).await;
    town.home(1, 1).await;
    town.case_before_team(&kari, &household).await;
    place(&town).await;
    let (of_nav, _) = read(&nav, "/nav/events", None, 50).await;
    assert!(
        of_nav
            .iter()
            .all(|it| it["data"]["resource"] != "dwellings")
    );
    let manager = town.actor(Role::HousingManager).await;
    let (of_homes, _) = read(&manager, "/facilities/events", None, 50).await;
    assert!(!of_homes.is_empty());
    assert!(
        of_homes
            .iter()
            .all(|it| it["data"]["resource"] == "dwellings")
    );
    let stranger = town.stranger(Role::NavAdvisor).await;
    assert!(read(&stranger, "/nav/events", None, 50).await.0.is_empty());
    manager.get("/nav/events").await.refused(403, "forbidden");
    nav.get("/facilities/events")
        .await
        .refused(403, "forbidden");
}

async fn a_cursor_that_is_none_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    for cursor in ["x", "e", "e-1", "e%2B1", "e99999999999999999999", "1"] {
        let answer = nav.get(&format!("/nav/events?cursor={cursor}")).await;
        answer.refused(400, "bad_cursor");
    }
    let far = nav
        .get("/nav/events?cursor=e9223372036854775807")
        .await
        .ok();
    assert_eq!(far.body["nextCursor"], "e9223372036854775807");
    nav.get("/nav/events?limit=0")
        .await
        .refused(400, "invalid_fields");
}

cases::cases![
    a_change_is_told_once_it_is_committed,
    readers_on_the_way_miss_nothing_and_see_one_order,
    instances_that_place_at_once_place_each_event_once,
    each_audience_is_told_its_own_and_no_town_another_s,
    a_cursor_that_is_none_is_refused,
];
