//! The stock as a whole: taken in, listed page by page, counted, and held against the housing plan.

use rettbolig::auth::Role;
use rettbolig::clock::Day;
use rettbolig::housing::{self, Category, Description, DwellingState, NewDwelling, NewMeasure};
use serde_json::{Value, json};

use crate::housing::{with, write};
use crate::support::actor::Actor;
use crate::support::given::home;
use crate::support::town::Town;
use crate::support::{Bench, cases};

fn description(of: Value) -> Description {
    serde_json::from_value(of).unwrap()
}

fn new(state: DwellingState, of: Value) -> NewDwelling {
    NewDwelling {
        state,
        state_since: Day("2026-01-15".parse().unwrap()),
        description: description(of),
    }
}

/// More homes than go into one statement: every third for youth, every fifth blocked.
async fn stock(town: &Town, homes: u16) {
    write(town, move |tx| {
        let stock: Vec<_> = (1..=homes).map(one_of_many).collect();
        housing::insert_many(tx, &stock)
    })
    .await
    .unwrap();
}

fn one_of_many(number: u16) -> NewDwelling {
    let of = home(u8::try_from(number % 4).unwrap() + 1, number);
    let youth = json!({"category": "YOUTH_15_25", "minAge": 15, "maxAge": 25, "area": "HALSEN"});
    let adapted = json!({"features": ["WHEELCHAIR"], "tenure": "LEASED_IN"});
    let of = if number.is_multiple_of(3) {
        with(of, youth)
    } else {
        of
    };
    let of = if number.is_multiple_of(2) {
        with(of, adapted)
    } else {
        of
    };
    match number % 5 {
        0 => new(DwellingState::Blocked, of),
        _ => new(DwellingState::Occupied, of),
    }
}

/// All ids of a list, page by page.
async fn ids(by: &Actor, query: &str, limit: usize) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/dwellings?limit={limit}{query}{cursor}");
        let page = by.get(&path).await.ok();
        ids.extend(
            page.items()
                .iter()
                .map(|it| it["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page.body["nextCursor"].as_str() else {
            return ids;
        };
        assert_eq!(page.items().len(), limit);
        cursor = format!("&cursor={next}");
    }
}

async fn a_list_is_paged_without_gaps_or_repeats_and_filtered(bench: Bench) {
    let town = Town::open(bench).await;
    stock(&town, 1_050).await;
    let kari = town.actor(Role::Caseworker).await;
    let all = ids(&kari, "", 200).await;
    assert_eq!(all.len(), 1_050);
    assert!(all.is_sorted_by(|a, b| a < b));
    for (query, expected) in [
        ("&state=BLOCKED", 210),
        ("&category=YOUTH_15_25", 350),
        ("&area=HALSEN", 350),
        ("&area=halsen", 0),
        ("&minBedrooms=4", 262),
        ("&feature=STEP_FREE", 1_050),
        ("&feature=WHEELCHAIR", 525),
        ("&feature=LIFT", 0),
        ("&tenure=LEASED_IN", 525),
        ("&state=BLOCKED&category=YOUTH_15_25&feature=WHEELCHAIR", 35),
    ] {
        assert_eq!(ids(&kari, query, 150).await.len(), expected, "{query}");
    }
    // Exactly full pages: the last one says that nothing follows.
    assert_eq!(ids(&kari, "&state=BLOCKED", 105).await.len(), 210);
    for (query, pointer) in [
        ("state=GONE", "/query/state"),
        ("colour=red", "/query/colour"),
        ("limit=0", "/query/limit"),
    ] {
        let answer = kari.get(&format!("/dwellings?{query}")).await;
        let answer = answer.refused(400, "invalid_fields");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    let bad = kari.get("/dwellings?cursor=next").await;
    bad.refused(400, "bad_cursor");

    let counts = kari.get("/dwellings/counts").await.ok();
    assert_eq!(counts.body["total"], 1_050);
    let blocked = json!({"state": "BLOCKED", "category": "YOUTH_15_25", "dwellings": 70});
    assert!(counts.items().contains(&blocked));
    assert_eq!(counts.items().len(), 4);
}

async fn a_stock_with_a_fault_is_not_taken_in_at_all(bench: Bench) {
    let town = Town::open(bench).await;
    let refused = write(&town, |tx| {
        let faulty = with(home(1, 2), json!({"unitNumber": "H1", "postalCode": "75"}));
        let stock = [home(1, 1), faulty].map(|of| new(DwellingState::Occupied, of));
        housing::insert_many(tx, &stock)
    });
    let faults = refused.await.unwrap_err().errors;
    let pointers: Vec<_> = faults.iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/1/unitNumber", "/1/postalCode"]);
    let twice = write(&town, |tx| {
        let stock = [home(1, 1), home(2, 1)].map(|of| new(DwellingState::Occupied, of));
        housing::insert_many(tx, &stock)
    });
    assert_eq!(twice.await.unwrap_err().kind.code, "unit_exists");
    let kari = town.actor(Role::Caseworker).await;
    assert!(ids(&kari, "", 10).await.is_empty());
}

async fn a_measure_tells_how_many_of_its_homes_are_planned_begun_and_delivered(bench: Bench) {
    let town = Town::open(bench).await;
    let measure = |number: &str, unit_count| NewMeasure {
        number: number.into(),
        title: "Flere robuste boliger".into(),
        unit_count,
        responsible: "Bolig, arbeid og kvalifisering".into(),
        deadline: "planperioden".into(),
        financing: "ØP".into(),
        category: Some(Category::Robust),
        due_year: Some(2026),
    };
    let plan = vec![measure("3.3.1", Some(10)), measure("3.1.1", None)];
    let states = [
        (DwellingState::Planned, 4),
        (DwellingState::UnderConstruction, 2),
        (DwellingState::Available, 1),
        (DwellingState::Occupied, 1),
        (DwellingState::Disposed, 1),
    ];
    write(&town, move |tx| {
        let robust = housing::insert_measures(tx, plan.clone())?[0].id;
        let states = states
            .iter()
            .flat_map(|(state, homes)| vec![*state; *homes]);
        let stock: Vec<_> = (1..)
            .zip(states)
            .map(|(number, state)| new(state, with(home(1, number), json!({"measureId": robust}))))
            .collect();
        housing::insert_many(tx, &stock)
    })
    .await
    .unwrap();
    let page = town
        .actor(Role::Statistician)
        .await
        .get("/plan-measures")
        .await
        .ok();
    let told = |at: usize| {
        let it = &page.items()[at];
        [
            "number",
            "unitCount",
            "planned",
            "underConstruction",
            "delivered",
            "missing",
        ]
        .map(|name| it[name].clone())
    };
    assert_eq!(
        told(0),
        [
            json!("3.3.1"),
            json!(10),
            json!(4),
            json!(2),
            json!(2),
            json!(2)
        ]
    );
    assert_eq!(
        told(1),
        [
            json!("3.1.1"),
            json!(null),
            json!(0),
            json!(0),
            json!(0),
            json!(null)
        ]
    );
    assert_eq!(page.body["nextCursor"], json!(null));
    let years = town
        .actor(Role::Statistician)
        .await
        .get("/plan-measures/progress")
        .await
        .ok();
    let told: Vec<_> = years
        .items()
        .iter()
        .map(|it| [&it["number"], &it["year"], &it["planned"], &it["delivered"]].map(Clone::clone))
        .collect();
    // All nine were to come this year; two stand, and one that left the stock without a history never did.
    assert_eq!(told, [[json!("3.3.1"), json!(2026), json!(9), json!(2)]]);
}

cases::cases![
    a_list_is_paged_without_gaps_or_repeats_and_filtered,
    a_stock_with_a_fault_is_not_taken_in_at_all,
    a_measure_tells_how_many_of_its_homes_are_planned_begun_and_delivered,
];
