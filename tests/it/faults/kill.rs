//! The process dies or is asked to stop under load: what was acknowledged is there, and nothing is half done.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use actix_web::rt::{spawn, time::sleep};
use rettbolig::audit::recheck;
use rettbolig::auth::Role;
use rettbolig::db::Db;
use serde_json::json;

use super::load::{Hands, Notes, Sent, lead_cases, send};
use super::process::Program;
use super::{at_once, invariants};
use crate::support::actor::Actor;
use crate::support::given::adopt_rules;
use crate::support::town::{PASSWORD, STJORDAL, kit, log_verifier, username};
use crate::support::{Backend, Bench, cases};

const WRITERS: usize = 6;
const ROUNDS: u16 = 3;
/// Acknowledged writes before the end may come, so that it comes in the middle of things.
const WRITES_MIN: usize = 40;

async fn what_was_acknowledged_survives_a_kill(bench: Bench) {
    prepare(&bench).await;
    for round in 0..ROUNDS {
        let mut program = Program::start(&bench).await;
        let notes = Rc::new(Notes::numbered_from(1000 * round));
        let hands = Hands::of(&program).await;
        let load: Vec<_> = (0..WRITERS)
            .map(|_| spawn(lead_cases(hands.clone(), Rc::clone(&notes))))
            .collect();
        until_busy(&notes).await;
        sleep(Duration::from_millis(u64::from(
            getrandom::u32().unwrap() % 200,
        )))
        .await;
        program.kill();
        for writer in load {
            writer.await.unwrap();
        }
        // Whatever the database has to put right after a kill, the next start does it.
        let again = Program::start(&bench).await;
        is_kept(&bench, &again, &notes).await;
        is_taken_up_again(&again, &notes).await;
        every_entry_is_sealed(&bench).await;
        invariants::hold(&bench);
        if bench.backend == Backend::Sqlite {
            let checked = invariants::column(&bench, "PRAGMA integrity_check");
            assert_eq!(checked, ["ok"]);
        }
    }
}

async fn asked_to_stop_it_finishes_what_it_has_begun(bench: Bench) {
    prepare(&bench).await;
    let mut program = Program::start(&bench).await;
    let notes = Rc::new(Notes::default());
    let hands = Hands::of(&program).await;
    let mut load: Vec<_> = (0..WRITERS)
        .map(|_| spawn(lead_cases(hands.clone(), Rc::clone(&notes))))
        .collect();
    until_busy(&notes).await;
    // Signing in takes tens of milliseconds of work each: some are under way when the signal comes.
    let nobody = Actor::at(&program.address, None);
    for _ in 0..24 {
        let credentials = json!({
            "username": username("stjordal", Role::Auditor, 1), "password": PASSWORD,
        });
        let login = Sent::new(&nobody, "/auth/login", None, credentials);
        let notes = Rc::clone(&notes);
        load.push(spawn(async move {
            send(&login, &notes).await;
        }));
    }
    sleep(Duration::from_millis(100)).await;
    let before = notes.acknowledged.borrow().len();
    program.terminate();
    for task in load {
        task.await.unwrap();
    }
    let after = notes.acknowledged.borrow().len();
    assert!(after > before, "nothing was finished");
    let ended = program.end(Duration::from_secs(20)).await;
    assert!(ended.success(), "{ended}");
    // Whoever got no answer was not begun with: nothing was done in silence.
    let recorded = recorded_calls(&bench);
    for sent in notes.cut.take() {
        assert!(!recorded.contains(sent.call()), "done and not told");
    }
    let again = Program::start(&bench).await;
    is_kept(&bench, &again, &notes).await;
    invariants::hold(&bench);
}

async fn two_instances_share_a_database(bench: Bench) {
    prepare(&bench).await;
    let starting = [bench.clone(), bench.clone()];
    let started = at_once(starting.map(async |bench| Program::start(&bench).await)).await;
    let [one, other] = started.try_into().ok().unwrap();
    let notes = Rc::new(Notes::default());
    let mut load = Vec::new();
    for program in [&one, &other] {
        let hands = Hands::of(program).await;
        load.extend((0..2).map(|_| spawn(lead_cases(hands.clone(), Rc::clone(&notes)))));
    }
    until_busy(&notes).await;
    drop(one);
    sleep(Duration::from_millis(100)).await;
    is_kept(&bench, &other, &notes).await;
    drop(other);
    for writer in load {
        writer.await.unwrap();
    }
    invariants::hold(&bench);
}

/// Puts rules into force, and leaves the database to the service.
async fn prepare(bench: &Bench) {
    let target = bench.database_url.parse().unwrap();
    let db = Db::open(&target, 1, kit()).unwrap();
    adopt_rules(&db).await;
    db.close();
}

async fn until_busy(notes: &Notes) {
    while notes.acknowledged.borrow().len() < WRITES_MIN {
        assert_eq!(*notes.refused.borrow(), Vec::<String>::new());
        sleep(Duration::from_millis(5)).await;
    }
}

/// Every acknowledged write is in the log, and its thing can be read.
async fn is_kept(bench: &Bench, program: &Program, notes: &Notes) {
    assert_eq!(*notes.refused.borrow(), Vec::<String>::new());
    let recorded = recorded_calls(bench);
    for call in &*notes.acknowledged.borrow() {
        assert!(recorded.contains(call), "an acknowledged write is lost");
    }
    let kari = program.actor(Role::Caseworker).await;
    let locations = notes.locations.borrow().clone();
    assert!(locations.len() >= WRITES_MIN / 2);
    for location in locations {
        let path = location.strip_prefix("/api/v1").unwrap();
        kari.get(path).await.ok();
    }
}

/// The calls that left a trace in the log.
fn recorded_calls(bench: &Bench) -> BTreeSet<String> {
    let entries = invariants::entries(bench).into_iter();
    entries
        .map(|entry| entry["correlation"].as_str().unwrap().to_owned())
        .collect()
}

/// What was cut off is sent again under its key: it is done now, or was done then, but not twice.
async fn is_taken_up_again(program: &Program, notes: &Notes) {
    for sent in notes.cut.take() {
        let sent = sent.at(&program.address);
        let (status, body) = send(&sent, notes).await.unwrap();
        // An act without a key that was done already finds its thing changed.
        assert!(status < 300 || status == 412, "{status} {body}");
    }
}

/// What committed before the kill and was not sealed then is sealed now, and the log is whole.
async fn every_entry_is_sealed(bench: &Bench) {
    let target = bench.database_url.parse().unwrap();
    let db = Db::open(&target, 1, kit()).unwrap();
    let waiting = "SELECT CAST(count(*) AS text) FROM audit_unsealed";
    while invariants::column(bench, waiting) != ["0"] {
        sleep(Duration::from_millis(20)).await;
    }
    let checked = recheck(&db, STJORDAL, &[log_verifier()], None, |_| ()).await;
    assert!(checked.is_ok(), "{checked:?}");
    db.close();
}

cases::cases![
    what_was_acknowledged_survives_a_kill,
    asked_to_stop_it_finishes_what_it_has_begun,
    two_instances_share_a_database,
];
