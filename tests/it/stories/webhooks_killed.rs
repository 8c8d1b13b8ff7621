//! The process dies while it tells: whoever subscribed gets all of it all the same, in order, and nothing that is not in the feed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use rettbolig::auth::Role;
use serde_json::json;

use crate::events::read;
use crate::faults::process::Program;
use crate::receiver::{Receiver, Reply};
use crate::support::given::home;
use crate::support::{Bench, cases};

const SETTINGS: [(&str, &str); 1] = [("RETTBOLIG_WEBHOOK_NETWORKS", "127.0.0.0/8")];
const HOMES: u16 = 60;
/// A lane that was held by who died is taken up after its lease.
const PATIENCE: Duration = Duration::from_mins(1);

async fn what_was_to_be_told_is_told_after_a_kill(bench: Bench) {
    let receiver = Receiver::open().await;
    // Every third answer fails, so that some wait for another attempt when the end comes.
    let mut count = 0;
    receiver.answers(move |_| {
        count += 1;
        Reply::Status(if count % 3 == 0 { 500 } else { 200 }, "")
    });
    let mut program = Program::start_with(&bench, &SETTINGS).await;
    let admin = program.actor(Role::Admin).await;
    let hook = json!({"name": "FDV", "url": receiver.url, "audience": "FACILITIES"});
    admin.post("/webhooks", &hook).await.ok();
    let manager = program.actor(Role::HousingManager).await;
    for number in 1..=HOMES {
        manager.post("/dwellings", &home(1, number)).await.ok();
    }
    while receiver.got.lock().unwrap().len() < 5 {
        sleep(Duration::from_millis(5)).await;
    }
    program.kill();
    let again = Program::start_with(&bench, &SETTINGS).await;
    let manager = again.actor(Role::HousingManager).await;
    manager.post("/dwellings", &home(1, HOMES + 1)).await.ok();
    let begun = Instant::now();
    let got = loop {
        let got = receiver.got.lock().unwrap().clone();
        let ids: BTreeSet<String> = got
            .iter()
            .map(|it| it.header("webhook-id").to_owned())
            .collect();
        if ids.len() == usize::from(HOMES) + 1 {
            break got;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "lost: only {} arrived",
            ids.len()
        );
        sleep(Duration::from_millis(50)).await;
    };
    let (feed, _) = read(&manager, "/facilities/events", None, 200).await;
    let told: BTreeMap<&str, &str> = feed
        .iter()
        .map(|it| (it["id"].as_str().unwrap(), it["sequence"].as_str().unwrap()))
        .collect();
    assert_eq!(told.len(), usize::from(HOMES) + 1);
    for one in got {
        let sequence = told.get(one.header("webhook-id")).copied();
        assert_eq!(
            sequence,
            one.json()["sequence"].as_str(),
            "told of what did not happen"
        );
    }
}

cases::cases![what_was_to_be_told_is_told_after_a_kill];
