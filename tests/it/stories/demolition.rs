//! A block of flats is demolished, and its 21 residents get permanent homes first.

use rettbolig::auth::Role;
use rettbolig::clock::Day;
use rettbolig::housing::{self, DwellingState, NewDwelling};
use rettbolig::tenancies::{self, TakenOver};
use serde_json::json;

use crate::housing::{with, write};
use crate::support::given::{Family, SINGLE, granted, home};
use crate::support::residents::looks;
use crate::support::town::Town;
use crate::support::{Bench, cases};

const RESIDENTS: u16 = 21;

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

async fn a_block_is_demolished_and_its_21_residents_get_permanent_homes_first(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.another(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;

    // The block, and who lives there: taken over from before, as a municipality does when it begins.
    let mut households = Vec::new();
    for number in 1..=RESIDENTS {
        // Each day has only so many national ids.
        let born = format!("1980-01-{number:02}");
        let single = Family {
            adults: &[&born],
            children: &[],
        };
        households.push(town.household(&kari, &single, 0).await);
    }
    let lived_in: Vec<_> = households.iter().map(|id| id.parse().unwrap()).collect();
    let block: Vec<String> = write(&town, move |tx| {
        let homes: Vec<NewDwelling> = (0..RESIDENTS)
            .map(|at| {
                let unit = format!("H{:02}{:02}", at / 7 + 1, at % 7 + 1);
                let of = json!({"cadastralId": "5035-95/6", "unitNumber": unit, "floor": at / 7 + 1, "streetAddress": "Yrkesvegen 6"});
                NewDwelling {
                    state: DwellingState::Occupied,
                    state_since: day("2025-01-01"),
                    description: serde_json::from_value(with(home(1, 1), of)).unwrap(),
                }
            })
            .collect();
        let homes = housing::insert_many(tx, &homes)?;
        let taken: Vec<TakenOver> = homes
            .iter()
            .zip(&lived_in)
            .map(|(home, household)| TakenOver {
                dwelling: home.id,
                household: *household,
                starts_on: day("2025-01-01"),
                agreed_until: day("2028-01-01"),
                ended_on: None,
                rent_ore: 850_000,
            })
            .collect();
        tenancies::take_over(tx, &taken)?;
        Ok(homes.iter().map(|home| home.id.to_string()).collect())
    })
    .await
    .unwrap();

    // Their leases run longer than the block will stand, so the plan must give them homes elsewhere.
    let plan = |rehouses: bool| {
        json!({
            "name": "Yrkesvegen 6", "vacateBy": "2026-03-20", "demolishFrom": "2026-03-20",
            "dwellingIds": block, "rehousesResidents": rehouses,
        })
    };
    let refused = manager.post("/demolition-plans", &plan(false)).await;
    refused.refused(409, "lease_outlasts_demolition");
    let planned = manager.post("/demolition-plans", &plan(true)).await.ok();
    assert_eq!(planned.body["withoutHome"], RESIDENTS);
    let path = format!("/demolition-plans/{}", planned.id());
    let carry_out = format!("{path}/carry-out");
    let early = manager.act(&carry_out, 1, &json!({})).await;
    assert_eq!(
        early.refused(409, "residents_without_home").body["residents"],
        RESIDENTS
    );

    // Somebody else has waited longer, and needs a home too.
    let waiting = town.household(&kari, &SINGLE, 0).await;
    let others_case = town.case_before_team(&kari, &waiting).await;
    for at in 0..RESIDENTS {
        let household = &households[usize::from(at)];
        let case = town
            .case_of_type_before_team(&kari, household, "REPLACEMENT")
            .await;
        let replacement = town.home(1, 200 + at).await;
        let candidates = kari
            .get(&format!("/dwellings/{replacement}/candidates?limit=5"))
            .await
            .ok();
        let first = &candidates.body["candidates"][0]["applicationId"];
        assert_eq!(first, &json!(case), "a displaced household comes first");
        assert_ne!(first, &json!(others_case));
        let mut offer = granted(&kari, &ola, &case, &replacement).await;
        if at == 0 {
            // Whoever says no keeps the former home until there is another.
            let declined = json!({"reason": "LOCATION"});
            kari.act(&format!("/offers/{offer}/decline"), 1, &declined)
                .await
                .ok();
            assert_eq!(manager.get(&path).await.ok().body["withoutHome"], RESIDENTS);
            offer = granted(&kari, &ola, &case, &replacement).await;
        }
        accept(&kari, &offer).await;
        let query = format!(
            "/tenancies?dwellingId={}&state=ACTIVE",
            block[usize::from(at)]
        );
        let old = manager.get(&query).await.ok();
        let end = format!("/tenancies/{}/end", old.items()[0]["id"].as_str().unwrap());
        manager
            .act(&end, 1, &json!({"endedOn": "2026-03-02"}))
            .await
            .ok();
        let without = kari
            .get(&format!("{path}/residents?withoutHome=true&limit=100"))
            .await
            .ok();
        assert_eq!(without.items().len(), usize::from(RESIDENTS - at - 1));
    }
    // Whoever is on such a list finds the look in their own log.
    let last = format!("/households/{}", households[usize::from(RESIDENTS - 1)]);
    let last = kari.get(&last).await.ok();
    let person = last.body["members"][0]["personId"].as_str().unwrap();
    let looks = looks(&town, person).await;
    assert!(looks.iter().any(|it| it == "demolition.residents_read"));

    // The homes stand empty and are made ready for nobody; on its day the block is gone.
    let closed = manager
        .act(&format!("{path}/close-vacated"), 1, &json!({}))
        .await
        .ok();
    let first = manager.get(&format!("/dwellings/{}", block[0])).await.ok();
    assert_eq!(first.body["state"], "DEMOLITION_PLANNED");
    let early = manager.act(&carry_out, closed.version(), &json!({})).await;
    early.refused(409, "demolition_too_early");
    town.wait_days(20);
    let manager = town.actor(Role::HousingManager).await;
    let gone = manager
        .act(&carry_out, closed.version(), &json!({}))
        .await
        .ok();
    assert_eq!(gone.body["state"], "CARRIED_OUT");
    for id in &block {
        let home = manager.get(&format!("/dwellings/{id}")).await.ok();
        assert_eq!(home.body["state"], "DISPOSED");
    }
    let again = manager.act(&carry_out, gone.version(), &json!({})).await;
    again.refused(409, "demolition_plan_ended");
}

async fn accept(kari: &crate::support::actor::Actor, offer: &str) {
    let starts = json!({"startsOn": "2026-03-02"});
    kari.act(&format!("/offers/{offer}/accept"), 1, &starts)
        .await
        .ok();
}

async fn a_plan_names_homes_that_stand_and_days_that_follow(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let standing = town.home(1, 1).await;
    let planned = with(home(1, 2), json!({"state": "PLANNED"}));
    let planned = manager.post("/dwellings", &planned).await.ok().id();
    let wrong = json!({
        "name": "Plan", "vacateBy": "2026-03-01", "demolishFrom": "2026-02-01", "rehousesResidents": true,
        "dwellingIds": [standing, standing, planned, uuid::Uuid::now_v7()],
    });
    manager.post("/demolition-plans", &wrong).await.faults(&[
        ("/demolishFrom", "before_it_is_vacated"),
        ("/dwellingIds/1", "not_unique"),
        ("/dwellingIds/2", "does_not_stand"),
        ("/dwellingIds/3", "not_found"),
        ("/vacateBy", "in_the_past"),
    ]);
    let right = json!({
        "name": "Plan", "vacateBy": "2026-06-01", "demolishFrom": "2026-09-01", "rehousesResidents": true,
        "dwellingIds": [standing],
    });
    let made = manager.post("/demolition-plans", &right).await.ok();
    manager
        .post("/demolition-plans", &right)
        .await
        .refused(409, "demolition_plan_exists");
    let other = with(right, json!({"name": "Another"}));
    manager
        .post("/demolition-plans", &other)
        .await
        .refused(409, "in_another_demolition_plan");
    let path = format!("/demolition-plans/{}", made.id());
    let later = json!({"vacateBy": "2026-10-01", "demolishFrom": "2026-12-01"});
    let moved = manager
        .act(&format!("{path}/move-dates"), 1, &later)
        .await
        .ok();
    let home = manager.get(&format!("/dwellings/{standing}")).await.ok();
    assert_eq!(
        (&home.body["state"], &home.body["demolitionFrom"]),
        (&json!("DEMOLITION_PLANNED"), &json!("2026-12-01"))
    );
    let cancelled = manager
        .act(&format!("{path}/cancel"), moved.version(), &json!({}))
        .await
        .ok();
    assert_eq!(cancelled.body["state"], "CANCELLED");
    let home = manager.get(&format!("/dwellings/{standing}")).await.ok();
    assert_eq!(
        (&home.body["state"], &home.body["demolitionFrom"]),
        (&json!("TURNOVER"), &json!(null))
    );
    manager.post("/demolition-plans", &other).await.ok();
}

cases::cases![
    a_block_is_demolished_and_its_21_residents_get_permanent_homes_first,
    a_plan_names_homes_that_stand_and_days_that_follow,
];
