//! What happened to a home stays known, with its days and reasons, and how long it stood empty is reckoned from it.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::housing::with;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, granted, home};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn act(manager: &Actor, seen: &Answer, name: &str, body: Value) -> Answer {
    let path = format!("/dwellings/{}/{name}", seen.id());
    manager.act(&path, seen.version(), &body).await
}

async fn every_change_is_told_with_its_day_and_reason(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let planned = with(home(2, 1), json!({"state": "PLANNED"}));
    let seen = manager.post("/dwellings", &planned).await.ok();
    town.wait_days(10);
    let manager = town.actor(Role::HousingManager).await;
    let seen = act(
        &manager,
        &seen,
        "make-available",
        json!({"on": "2026-03-05"}),
    )
    .await
    .ok();
    assert_eq!(seen.body["stateSince"], "2026-03-05");
    let repair = json!({"reason": "ADAPTATION", "on": "2026-03-10"});
    let seen = act(&manager, &seen, "start-repair", repair).await.ok();
    let dearer = with(home(2, 1), json!({"rentOre": 900_000}));
    let path = format!("/dwellings/{}", seen.id());
    manager.put(&path, seen.version(), &dearer).await.ok();

    let history = manager.get(&format!("{path}/history")).await.ok();
    let told: Vec<_> = history
        .items()
        .iter()
        .map(|it| {
            [
                "version", "kind", "step", "reason", "state", "on", "rentOre",
            ]
            .map(|name| it[name].clone())
        })
        .collect();
    let line = |version: i32, rest: [Value; 6]| {
        let mut line = vec![json!(version)];
        line.extend(rest);
        line
    };
    assert_eq!(
        told.iter().map(|it| it.to_vec()).collect::<Vec<_>>(),
        [
            line(
                4,
                [
                    "DESCRIBED".into(),
                    json!(null),
                    json!(null),
                    "UNDER_REPAIR".into(),
                    "2026-03-12".into(),
                    json!(900_000)
                ]
            ),
            line(
                3,
                [
                    "MOVED".into(),
                    "START_REPAIR".into(),
                    "ADAPTATION".into(),
                    "UNDER_REPAIR".into(),
                    "2026-03-10".into(),
                    json!(850_000)
                ]
            ),
            line(
                2,
                [
                    "MOVED".into(),
                    "MAKE_AVAILABLE".into(),
                    json!(null),
                    "AVAILABLE".into(),
                    "2026-03-05".into(),
                    json!(850_000)
                ]
            ),
            line(
                1,
                [
                    "REGISTERED".into(),
                    json!(null),
                    json!(null),
                    "PLANNED".into(),
                    "2026-03-02".into(),
                    json!(850_000)
                ]
            ),
        ]
    );
    assert_eq!(history.items()[0]["description"]["rentOre"], 900_000);
    assert_eq!(history.items()[1]["description"], json!(null));
    let first = manager.get(&format!("{path}/history?limit=3")).await.ok();
    let cursor = first.body["nextCursor"].as_str().unwrap().to_owned();
    let rest = manager
        .get(&format!("{path}/history?limit=3&cursor={cursor}"))
        .await
        .ok();
    assert_eq!((first.items().len(), rest.items().len()), (3, 1));
    assert_eq!(rest.items()[0]["version"], 1);

    let period = "from=2026-03-01&until=2026-03-13";
    let vacancy = manager.get(&format!("{path}/vacancy?{period}")).await.ok();
    assert_eq!(vacancy.body["days"], 8);
    let by_state = json!([
        {"state": "AVAILABLE", "days": 5, "lostRentOre": 139_726},
        // Two days at the old rent and one at the new.
        {"state": "UNDER_REPAIR", "days": 3, "lostRentOre": 55_890 + 29_589},
    ]);
    assert_eq!(vacancy.body["byState"], by_state);
    assert_eq!(vacancy.body["lostRentOre"], 139_726 + 55_890 + 29_589);
    let each = manager
        .get(&format!("/dwellings/vacancies?{period}"))
        .await
        .ok();
    assert_eq!(each.items().len(), 1);
    assert_eq!(each.items()[0]["days"], 8);
    let somebody = town.actor(Role::Statistician).await;
    let totals = somebody
        .get(&format!("/dwellings/vacancies/totals?{period}"))
        .await
        .ok();
    assert_eq!(totals.body["lostRentOre"], vacancy.body["lostRentOre"]);
    let category = &totals.items()[0];
    assert_eq!(
        [&category["category"], &category["homes"], &category["days"]],
        [&json!("ORDINARY"), &json!(1), &json!(8)]
    );
    somebody
        .get(&format!("/dwellings/vacancies?{period}"))
        .await
        .refused(403, "forbidden");
}

async fn a_move_cannot_lie_ahead_or_before_the_last_one(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let seen = manager.post("/dwellings", &home(2, 1)).await.ok();
    let wear = |on: &str| json!({"reason": "WEAR", "on": on});
    let answer = act(&manager, &seen, "start-repair", wear("2026-03-03")).await;
    answer.faults(&[("/on", "in_the_future")]);
    let answer = act(&manager, &seen, "start-repair", wear("2026-03-01")).await;
    answer.faults(&[("/on", "before_last_move")]);
    let path = format!("/dwellings/{}/vacancy", seen.id());
    let answer = manager
        .get(&format!("{path}?from=2026-03-01&until=2026-03-01"))
        .await;
    answer.faults(&[("/query/until", "period_empty")]);
    let answer = manager
        .get(&format!("{path}?from=2026-03-01&until=2027-03-01"))
        .await;
    answer.faults(&[("/query/until", "in_the_future")]);
}

async fn a_tenancy_ends_the_vacancy_on_its_first_day_and_begins_another_on_its_last(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let home = town.home(1, 1).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let path = format!("/offers/{offer}/accept");
    let accepted = kari
        .act(&path, 1, &json!({"startsOn": "2026-03-10"}))
        .await
        .ok();
    let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
    town.wait_days(30);
    let manager = town.actor(Role::HousingManager).await;
    let path = format!("/tenancies/{tenancy}/end");
    manager
        .act(&path, 1, &json!({"endedOn": "2026-03-22"}))
        .await
        .ok();
    let path = format!("/dwellings/{home}/vacancy?from=2026-03-01&until=2026-04-02");
    let vacancy = manager.get(&path).await.ok();
    let days: Vec<_> = vacancy.body["byState"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["state"].clone(), it["days"].clone()))
        .collect();
    assert_eq!(
        days,
        [
            (json!("ALLOCATED"), json!(8)),
            (json!("TURNOVER"), json!(11))
        ]
    );
}

cases::cases![
    every_change_is_told_with_its_day_and_reason,
    a_move_cannot_lie_ahead_or_before_the_last_one,
    a_tenancy_ends_the_vacancy_on_its_first_day_and_begins_another_on_its_last,
];
