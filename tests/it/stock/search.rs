//! The stock is found by whatever a caseworker chooses by, in every order, without gaps or repeats.

use rettbolig::auth::Role;
use rettbolig::clock::Day;
use rettbolig::housing::{self, DwellingState, NewDwelling};
use serde_json::{Value, json};

use crate::housing::{with, write};
use crate::support::actor::Actor;
use crate::support::given::home;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Twelve homes, each in something unlike the others.
async fn stock(town: &Town) {
    let others = [
        json!({"streetAddress": "Åsvegen 2", "details": {"energyClass": "ENERGY_A", "neighbourhood": ["NEAR_SCHOOL"]}}),
        json!({"streetAddress": "Åsvegen 10", "details": {"kind": "ROOM", "conditionClass": "TG2"}}),
        json!({"streetAddress": "Storgata 1", "rentOre": 500_000, "minAge": 15, "maxAge": 25}),
        json!({"streetAddress": "Storgata 1 B", "rentOre": 500_000, "features": ["WHEELCHAIR", "PETS_ALLOWED"]}),
        json!({"services": ["TENANCY_COACH"], "capacity": 9, "usableAreaM2": 200}),
        json!({"supplierId": "FDV 6", "inspectedOn": "2024-01-01"}),
        json!({"demolitionFrom": "2027-01-01", "inspectedOn": null}),
        json!({"unitNumber": "H0401", "floor": 4}),
        json!({"postalCode": "7510"}),
        json!({"tenure": "LEASED_IN"}),
        json!({"category": "BEDSIT", "bedrooms": 0}),
        json!({"category": "ROBUST", "bedrooms": 5}),
    ];
    write(town, move |tx| {
        let homes: Vec<NewDwelling> = (1..)
            .zip(&others)
            .map(|(number, others)| NewDwelling {
                state: if number % 2 == 0 {
                    DwellingState::Occupied
                } else {
                    DwellingState::Available
                },
                state_since: Day("2026-01-01".parse().unwrap()).plus_days(i32::from(number) % 4),
                description: serde_json::from_value(with(home(2, number), others.clone())).unwrap(),
            })
            .collect();
        housing::insert_many(tx, &homes)
    })
    .await
    .unwrap();
}

/// What every row of a list says in this field, page by page.
async fn all(by: &Actor, query: &str, field: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = by
            .get(&format!("/dwellings?limit=5&{query}{cursor}"))
            .await
            .ok();
        found.extend(page.items().iter().map(|it| it[field].clone()));
        let Some(next) = page.body["nextCursor"].as_str() else {
            return found;
        };
        cursor = format!("&cursor={next}");
    }
}

async fn each_filter_finds_what_it_says(bench: Bench) {
    let town = Town::open(bench).await;
    stock(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    for (query, expected) in [
        ("state=AVAILABLE,OCCUPIED", 12),
        ("state=AVAILABLE", 6),
        ("category=BEDSIT,ROBUST", 2),
        ("tenure=LEASED_IN,COOP_SHARE", 1),
        ("feature=STEP_FREE,PETS_ALLOWED", 1),
        ("service=TENANCY_COACH", 1),
        ("neighbourhood=NEAR_SCHOOL", 1),
        ("kind=ROOM", 1),
        ("conditionClass=TG2", 1),
        ("energyClass=ENERGY_A", 1),
        ("address=%C3%A5svegen", 2),
        ("address=Storgata%201", 2),
        ("address=Storgata%201%20B", 1),
        ("postalCode=7510", 1),
        ("cadastralId=5035-83/3", 1),
        ("supplierId=FDV%206", 1),
        ("minBedrooms=5", 1),
        ("maxBedrooms=0", 1),
        ("minCapacity=9", 1),
        ("minAreaM2=200", 1),
        ("maxFloor=1", 11),
        ("maxRentOre=500000", 2),
        ("forAge=40", 11),
        ("forAge=20", 12),
        ("inspectedBefore=2025-01-01", 2),
        ("demolitionBefore=2028-01-01", 1),
        ("state=AVAILABLE&maxRentOre=500000&sort=RENT", 1),
    ] {
        assert_eq!(all(&kari, query, "id").await.len(), expected, "{query}");
    }
    for query in [
        "state=AVAILABLE,",
        "feature=CASTLE",
        "sort=COLOUR",
        "minBedrooms=many",
    ] {
        let answer = kari.get(&format!("/dwellings?{query}")).await;
        answer.refused(400, "invalid_fields");
    }
}

async fn each_order_is_kept_from_page_to_page(bench: Bench) {
    let town = Town::open(bench).await;
    stock(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    for (sort, field) in [
        ("ADDRESS", "streetAddress"),
        ("RENT", "rentOre"),
        ("STATE_SINCE", "stateSince"),
        ("REGISTERED", "id"),
    ] {
        let key = |it: &Value| (it.as_i64(), it.as_str().map(str::to_owned));
        let up = all(&kari, &format!("sort={sort}"), field).await;
        assert_eq!(up.len(), 12);
        assert!(up.is_sorted_by_key(key), "{sort}: {up:?}");
        let ids = all(&kari, &format!("sort={sort}"), "id").await;
        let mut back = all(&kari, &format!("sort={sort}&descending=true"), "id").await;
        back.reverse();
        assert_eq!(ids, back, "{sort}");
        let mut once = ids.clone();
        once.sort_by_key(key);
        once.dedup();
        assert_eq!(once.len(), 12, "{sort}");
    }
    let page = kari.get("/dwellings?limit=5&sort=RENT").await.ok();
    let cursor = page.body["nextCursor"].as_str().unwrap().to_owned();
    let other = kari
        .get(&format!("/dwellings?limit=5&sort=ADDRESS&cursor={cursor}"))
        .await;
    other.refused(400, "bad_cursor");
}

cases::cases![
    each_filter_finds_what_it_says,
    each_order_is_kept_from_page_to_page,
];
