//! A witness cosigns what only grew, and auditors see that it did; whatever the witness does, the service goes on.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rettbolig::audit::{Note, Outlet as _, Trusted, WitnessAddress, WitnessClient, verify_file};
use rettbolig::auth::Role;
use tempfile::TempDir;

use super::outside;
use super::watcher::Watcher;
use crate::audit::{checkpoint, connect, count, execute, record};
use crate::audit_owned::{id, set_back, unprotected};
use crate::support::actor::Actor;
use crate::support::town::{STJORDAL, Town, log_verifier, trusted};
use crate::support::{Bench, cases};

const PERIOD: &str = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z";

async fn what_a_witness_cosigned_is_told_to_auditors(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let folder = TempDir::new().unwrap();
    let watcher = Watcher::start(folder.path());
    let witnessed = Trusted {
        witnesses: vec![watcher.key.clone()],
        ..trusted()
    };
    // An empty log has nothing to show.
    town.seal().await;
    auditor
        .get("/audit/checkpoint?cosigned=true")
        .await
        .refused(404, "not_found");
    for _ in 0..3 {
        record(&town, 30).await;
        town.seal().await;
        watcher.show(&town).await.unwrap();
        let head = checkpoint(&auditor).await;
        let told = auditor.get("/audit/checkpoint?cosigned=true").await.ok();
        assert_eq!(told.body["size"], head.size);
        let note = Note::parse(told.body["note"].as_str().unwrap()).unwrap();
        assert!(watcher.key.find_time(&note).unwrap().is_some());
    }
    // The log grows on. What is cosigned can still be had, and what is not is told to be missing.
    record(&town, 5).await;
    town.seal().await;
    let export = auditor.get(PERIOD).await.ok().text;
    let finding = verify_file(&export, &witnessed, None).unwrap_err();
    assert!(!finding.is_tampered, "{finding}");
    let cosigned = format!("{PERIOD}&cosigned=true");
    let export = auditor.get(&cosigned).await.ok().text;
    let sound = verify_file(&export, &witnessed, None).unwrap();
    assert!(sound.witnessed_at.is_some());
    // Who knows no witness is content with the log's word, also in a proof file.
    verify_file(&export, &trusted(), None).unwrap();
    let page = auditor.get("/audit/entries?limit=1").await.ok();
    let path = format!(
        "/audit/proofs/inclusion?entryId={}&size={}",
        page.items()[0]["id"].as_str().unwrap(),
        sound.head.size
    );
    let proof = auditor.get(&path).await.ok().body["tlogProof"].clone();
    verify_file(proof.as_str().unwrap(), &witnessed, None).unwrap();
    // A cosignature that was changed is false.
    let name = watcher.key.name();
    let place = export.find(name).unwrap() + name.len() + 20;
    let mut changed = export.into_bytes();
    changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    assert!(
        verify_file(&changed, &witnessed, None)
            .unwrap_err()
            .is_tampered
    );
}

async fn an_idle_log_is_shown_again_every_day(bench: Bench) {
    let town = Town::open(bench).await;
    let folder = TempDir::new().unwrap();
    let watcher = Watcher::start(folder.path());
    record(&town, 5).await;
    town.seal().await;
    for _ in 0..3 {
        watcher.show(&town).await.unwrap();
    }
    assert_eq!(cosignatures(&town), 1);
    town.wait_days(1);
    // The witness counts whole seconds.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for _ in 0..3 {
        watcher.show(&town).await.unwrap();
    }
    assert_eq!(cosignatures(&town), 2);
    // Of the two, the later is what auditors are given.
    let auditor = town.actor(Role::Auditor).await;
    let told = auditor.get("/audit/checkpoint?cosigned=true").await.ok();
    let note = told.body["note"].as_str().unwrap();
    assert_eq!(note.matches(watcher.key.name()).count(), 1);
}

async fn a_witness_that_dies_is_caught_up_and_remembers(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let folder = TempDir::new().unwrap();
    let mut watcher = Watcher::start(folder.path());
    record(&town, 5).await;
    town.seal().await;
    watcher.show(&town).await.unwrap();
    let key = watcher.key.clone();
    for _ in 0..3 {
        watcher.kill();
        record(&town, 5).await;
        town.seal().await;
        let why = outside(watcher.show(&town).await);
        assert!(why.contains("cannot be reached"), "{why}");
        checkpoint(&auditor).await;
        watcher = Watcher::start(folder.path());
        assert_eq!(watcher.key, key);
        watcher.show(&town).await.unwrap();
    }
    let head = checkpoint(&auditor).await;
    let told = auditor.get("/audit/checkpoint?cosigned=true").await.ok();
    assert_eq!(told.body["size"], head.size);
    // The database forgot what the witness said: the witness tells where it is, and goes on from there.
    let forget = "DELETE FROM audit_cosignature";
    execute(&mut unprotected(&town), forget).unwrap();
    record(&town, 5).await;
    town.seal().await;
    watcher.show(&town).await.unwrap();
    assert_eq!(cosignatures(&town), 1);
}

async fn a_forked_or_set_back_log_is_not_cosigned(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let folder = TempDir::new().unwrap();
    let watcher = Watcher::start(folder.path());
    town.seal().await;
    let old = checkpoint(&auditor).await;
    watcher.show(&town).await.unwrap();
    record(&town, 40).await;
    town.seal().await;
    watcher.show(&town).await.unwrap();
    let seen = checkpoint(&auditor).await;
    // An old copy is restored, and a little is written.
    set_back(&town, old.size);
    record(&town, 5).await;
    town.seal().await;
    let why = outside(watcher.show(&town).await);
    assert!(why.contains("set back"), "{why}");
    // As much, and then more, is written as there was.
    let now = checkpoint(&auditor).await;
    record(&town, usize::try_from(seen.size - now.size).unwrap()).await;
    town.seal().await;
    let why = outside(watcher.show(&town).await);
    assert!(why.contains("forked"), "{why}");
    record(&town, 20).await;
    town.seal().await;
    let why = outside(watcher.show(&town).await);
    assert!(why.contains("forked"), "{why}");
    assert_eq!(cosignatures(&town), 1);
    // The service itself goes on: a witness is no reason to refuse anything.
    town.db.takes_changes().unwrap();
}

async fn two_instances_show_one_log(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let folder = TempDir::new().unwrap();
    let watcher = Watcher::start(folder.path());
    for _ in 0..5 {
        record(&town, 7).await;
        let both = (town.seal(), watcher.show(&town), watcher.show(&town));
        // Whoever is overtaken by the other tries again in its next round.
        drop(tokio::join!(both.0, both.1, both.2));
    }
    watcher.show(&town).await.unwrap();
    let head = checkpoint(&auditor).await;
    let told = auditor.get("/audit/checkpoint?cosigned=true").await.ok();
    assert_eq!(told.body["size"], head.size);
}

async fn garbage_is_no_cosignature(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    record(&town, 5).await;
    town.seal().await;
    let folder = TempDir::new().unwrap();
    let watcher = Watcher::start(folder.path());
    let line = "\u{2014} revisjon.example/witness AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
    let ok = |body: &str| answer("200 OK", "text/plain", body);
    let size = |body: &str| answer("409 Conflict", "text/x.tlog.size", body);
    let answers = [
        ok(""),
        ok("garbage\n"),
        ok(line),
        ok(&line.repeat(40)),
        ok(&"x".repeat(1_000_000)),
        size(""),
        size("-1\n"),
        size("1"),
        size("0\n"),
        size("99999999999999999999\n"),
        size("1000000\n"),
        answer("409 Conflict", "text/plain", "3\n"),
        answer(
            "302 Found\r\nLocation: http://127.0.0.1:1/",
            "text/plain",
            "",
        ),
        answer("500 Internal Server Error", "text/plain", ""),
        b"not HTTP at all\r\n\r\n".to_vec(),
        Vec::new(),
    ];
    for given in answers {
        let address = serve(given.clone());
        let witness: WitnessAddress = format!("{address} {}", watcher.key).parse().unwrap();
        let begun = Instant::now();
        let why = outside(WitnessClient::new(town.db.clone(), witness).deliver().await);
        let given = String::from_utf8_lossy(&given[..given.len().min(80)]).into_owned();
        assert!(begun.elapsed() < Duration::from_secs(9), "{given}");
        assert!(!why.is_empty() && why.len() < 400, "{given}: {why}");
    }
    assert_eq!(cosignatures(&town), 0);
    head_is_plain(&auditor).await;
}

/// An answer as it goes over the wire.
fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

/// Gives everybody who calls the same answer.
fn serve(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            // Whoever hangs up early has read enough.
            drop(stream.read(&mut asked));
            drop(stream.write_all(&answer));
        }
    });
    address
}

async fn head_is_plain(auditor: &Actor) {
    let told = auditor.get("/audit/checkpoint").await.ok().body;
    let note = Note::parse(told["note"].as_str().unwrap()).unwrap();
    assert_eq!(note.open(&[log_verifier()]).unwrap().signed_by.len(), 1);
    assert!(!told["note"].as_str().unwrap().contains("revisjon"));
}

fn cosignatures(town: &Town) -> i64 {
    let own = id(town, STJORDAL.uuid());
    let of = format!("audit_cosignature WHERE municipality_id = {own}");
    count(&mut connect(&town.bench.database_url), &of)
}

cases::cases![
    what_a_witness_cosigned_is_told_to_auditors,
    an_idle_log_is_shown_again_every_day,
    a_witness_that_dies_is_caught_up_and_remembers,
    a_forked_or_set_back_log_is_not_cosigned,
    two_instances_show_one_log,
    garbage_is_no_cosignature,
];
