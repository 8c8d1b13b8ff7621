//! The running program with all its outlets: they are kept up, survive a kill, and a database that was set back is noticed at start.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl as _;
use rettbolig::auth::Role;
use serde_json::Value;
use tempfile::TempDir;

use super::watcher::Watcher;
use crate::audit::connect;
use crate::faults::process::Program;
use crate::support::actor::Actor;
use crate::support::given::person;
use crate::support::town::STJORDAL;
use crate::support::{Backend, Bench, cases};

async fn what_leaves_the_house_is_kept_up_over_a_kill(bench: Bench) {
    let home = TempDir::new().unwrap();
    let share = home.path().join("share");
    fs::create_dir(&share).unwrap();
    let cef = home.path().join("cef.log");
    let mut watcher = Watcher::start(&home.path().join("witness"));
    let witness = watcher.setting();
    let settings = [
        ("RETTBOLIG_CHECKPOINT_DIR", share.to_str().unwrap()),
        ("RETTBOLIG_WITNESSES", witness.as_str()),
        ("RETTBOLIG_CEF_FILE", cef.to_str().unwrap()),
    ];
    let mut program = Program::start_with(&bench, &settings).await;
    let kari = program.actor(Role::Caseworker).await;
    let id = kari
        .post("/people", &person("1990-05-17", 1))
        .await
        .ok()
        .id();
    kari.get(&format!("/people/{id}")).await.ok();
    until("the look is told", || looks(&cef) == 1).await;
    until_cosigned(&program.actor(Role::Auditor).await).await;
    let metrics = Actor::at(&program.address, None).get("/metrics").await.text;
    assert!(
        metrics.contains("audit_outlet_up{outlet=\"checkpoint-folder\"} 1"),
        "{metrics}"
    );

    // Without witness, and killed at once after a look: nothing is lost, and all is caught up.
    watcher.kill();
    for _ in 0..3 {
        kari.get(&format!("/people/{id}")).await.ok();
    }
    program.kill();
    drop(program);
    let watcher = Watcher::start(&home.path().join("witness"));
    let witness = watcher.setting();
    let settings = [settings[0], ("RETTBOLIG_WITNESSES", &witness), settings[2]];
    let mut program = Program::start_with(&bench, &settings).await;
    until("all looks are told", || looks(&cef) >= 4).await;
    let auditor = program.actor(Role::Auditor).await;
    until_cosigned(&auditor).await;
    // It stops in order, and what it did last has left the house.
    program.terminate();
    assert!(program.end(Duration::from_secs(20)).await.success());
    let head = latest(&bench);
    let published = fs::read_to_string(share.join("5035/latest")).unwrap();
    assert_eq!(published.lines().nth(1), Some(head.to_string().as_str()));
}

pub(super) async fn until_cosigned(auditor: &Actor) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let told = auditor.get("/audit/checkpoint?cosigned=true").await;
        if told.status == 200 {
            let last = auditor.get("/audit/checkpoint").await.ok().body;
            if told.body["size"] != Value::Null && last["size"] == told.body["size"] {
                return;
            }
        }
        assert!(Instant::now() < deadline, "{}", told.text);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn looks(file: &Path) -> usize {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.matches(" act=person.read ").count()
}

/// The size of Stjørdal's log.
fn latest(bench: &Bench) -> i64 {
    let own = match bench.backend {
        Backend::Postgres => format!("'{STJORDAL}'"),
        Backend::Sqlite => format!("X'{}'", STJORDAL.uuid().simple()),
    };
    let size = format!("(SELECT max(size) FROM audit_checkpoint WHERE municipality_id = {own})");
    let size = diesel::dsl::sql::<diesel::sql_types::BigInt>(&size);
    diesel::select(size)
        .get_result(&mut connect(&bench.database_url))
        .unwrap()
}

cases::cases![what_leaves_the_house_is_kept_up_over_a_kill];
