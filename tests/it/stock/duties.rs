//! What the service finds out by itself about the stock: each inspection and each agreement is a task once, however many instances run.

use futures_util::future::join_all;
use rettbolig::auth::Role;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::housing::with;
use crate::support::actor::Actor;
use crate::support::given::home;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Four instances look at once. Gives how many duties were done, in two municipalities.
async fn morning(town: &Town) -> usize {
    let instances = (0..4).map(|_| {
        let instance = Scheduler::new(town.db.clone(), rettbolig::housing::duties());
        async move { instance.run_due().await.unwrap() }
    });
    join_all(instances).await.into_iter().sum()
}

/// What waits for this employee: of which kind, and until when.
async fn work(by: &Actor) -> Vec<(String, String)> {
    let text = |task: &Value, field: &str| task[field].as_str().unwrap().to_owned();
    let work = by.get("/my-work").await.ok();
    let tasks = work.items().iter();
    tasks
        .map(|task| (text(task, "kind"), text(task, "dueOn")))
        .collect()
}

fn told(kind: &str, due_on: &str) -> (String, String) {
    (kind.to_owned(), due_on.to_owned())
}

async fn what_comes_due_is_a_task_once_and_ends_when_it_is_seen_to(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    manager.post("/dwellings", &home(1, 1)).await.ok();
    let soon = with(home(1, 2), json!({"inspectedOn": "2025-03-10"}));
    let soon = manager.post("/dwellings", &soon).await.ok();
    let never = with(home(1, 3), json!({"inspectedOn": null}));
    let never = manager.post("/dwellings", &never).await.ok();
    let lease = json!({"kind": "LEASE_IN", "name": "Innleie", "startsOn": "2024-06-01", "endsOn": "2026-06-01", "units": 1});
    let agreement = manager.post("/agreements", &lease).await.ok();
    let far = json!({"kind": "LEASE_IN", "name": "Lenge", "startsOn": "2024-06-01", "endsOn": "2028-06-01", "units": 1});
    manager.post("/agreements", &far).await.ok();

    let expected = [
        told("INSPECT_HOME", "2026-03-02"),
        told("INSPECT_HOME", "2026-03-10"),
        told("AGREEMENT_ENDS", "2026-05-29"),
    ];
    assert_eq!(morning(&town).await, 2 * 2);
    assert_eq!(work(&manager).await, expected);
    // The task names its home; whoever handles cases has no part in it.
    let first = manager.get("/my-work").await.ok();
    assert_eq!(first.items()[0]["subjectId"], json!(never.id()));
    let kari = town.actor(Role::Caseworker).await;
    assert!(work(&kari).await.is_empty());
    // The morning after they are the same, and no more.
    town.wait_days(1);
    assert_eq!(morning(&town).await, 2 * 2);
    let manager = town.actor(Role::HousingManager).await;
    assert_eq!(work(&manager).await, expected);

    // An inspection is made, and the contract prolonged: nothing is left to do, then or on any morning after.
    for seen in [&soon, &never] {
        let made = json!({"kind": "FIRE_SAFETY", "performedOn": "2026-03-03"});
        let path = format!("/dwellings/{}/inspections", seen.id());
        manager.post(&path, &made).await.ok();
    }
    let path = format!("/agreements/{}", agreement.id());
    let prolonged = with(lease, json!({"endsOn": "2029-06-01"}));
    manager.put(&path, 1, &prolonged).await.ok();
    assert!(work(&manager).await.is_empty());
    town.wait_days(1);
    morning(&town).await;
    let manager = town.actor(Role::HousingManager).await;
    assert!(work(&manager).await.is_empty());

    // A year later they come due again, and the far contract warns.
    town.wait_days(700);
    morning(&town).await;
    let manager = town.actor(Role::HousingManager).await;
    let again: Vec<String> = work(&manager)
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(
        again,
        [
            "INSPECT_HOME",
            "INSPECT_HOME",
            "INSPECT_HOME",
            "AGREEMENT_ENDS"
        ]
    );
}

cases::cases![what_comes_due_is_a_task_once_and_ends_when_it_is_seen_to];
