//! The folder of checkpoints outside the database: complete, caught up, and held against the database at start.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rettbolig::audit::{CheckpointFolder, Outlet as _, Publisher};
use rettbolig::auth::Role;
use tempfile::TempDir;

use super::{outside, unsound};
use crate::audit::{checkpoint, record};
use crate::audit_owned::set_back;
use crate::support::town::{Town, secrets};
use crate::support::{Bench, cases};

async fn every_checkpoint_leaves_the_database_and_is_caught_up(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let home = TempDir::new().unwrap();
    let share = home.path().join("share");
    let mut publisher = publisher(&town, &share);
    let mut notes = BTreeMap::new();
    // The share is not there: the service goes on, and nothing is written beside it.
    for _ in 0..3 {
        record(&town, 2).await;
        town.seal().await;
        assert!(!outside(publisher.deliver().await).is_empty());
        keep_note(&auditor, &mut notes).await;
    }
    assert!(!share.exists());
    publisher.check_before_serving().await.unwrap();
    town.db.takes_changes().unwrap();
    fs::create_dir(&share).unwrap();
    publisher.deliver().await.unwrap();
    assert_eq!(kept(&share), notes);

    // Another instance writes to the same folder, and both go on.
    let mut other = self::publisher(&town, &share);
    other.check_before_serving().await.unwrap();
    for _ in 0..3 {
        record(&town, 2).await;
        town.seal().await;
        keep_note(&auditor, &mut notes).await;
        other.deliver().await.unwrap();
        publisher.deliver().await.unwrap();
    }
    assert_eq!(kept(&share), notes);
    let latest = fs::read_to_string(share.join("5035/latest")).unwrap();
    assert_eq!(Some(&latest), notes.values().last());

    // What is lost with the share is written anew.
    fs::remove_dir_all(share.join("5035")).unwrap();
    self::publisher(&town, &share).deliver().await.unwrap();
    assert_eq!(kept(&share), notes);
}

async fn a_database_that_was_set_back_takes_no_changes(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let share = TempDir::new().unwrap();
    town.seal().await;
    let old = checkpoint(&auditor).await;
    record(&town, 40).await;
    town.seal().await;
    let mut running = publisher(&town, share.path());
    running.deliver().await.unwrap();
    set_back(&town, old.size);
    // A running service notices it …
    let why = unsound(running.deliver().await);
    assert!(why.contains("TAMPERED"), "{why}");
    // … one that is started notices it, though nothing inside the database shows it …
    let mut started = publisher(&town, share.path());
    town.db.takes_changes().unwrap();
    started.check_before_serving().await.unwrap();
    assert!(town.db.takes_changes().is_err());
}

async fn a_database_that_was_forked_takes_no_changes(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let share = TempDir::new().unwrap();
    town.seal().await;
    let old = checkpoint(&auditor).await;
    record(&town, 40).await;
    town.seal().await;
    publisher(&town, share.path()).deliver().await.unwrap();
    set_back(&town, old.size);
    record(&town, 60).await;
    town.seal().await;
    unsound(publisher(&town, share.path()).deliver().await);
    publisher(&town, share.path())
        .check_before_serving()
        .await
        .unwrap();
    town.nobody()
        .get("/isready")
        .await
        .refused(503, "history_unsound");
}

async fn a_folder_that_holds_something_else_is_not_believed(bench: Bench) {
    let town = Town::open(bench).await;
    let share = TempDir::new().unwrap();
    record(&town, 5).await;
    town.seal().await;
    publisher(&town, share.path()).deliver().await.unwrap();
    let path = share.path().join("5035/0");
    let last = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
    let note = fs::read_to_string(&last).unwrap();
    let mut flipped = note.clone().into_bytes();
    flipped[20] ^= 1;
    let cut = note.as_bytes()[..note.len() / 2].to_vec();
    for garbage in [Vec::new(), b"garbage\n".to_vec(), cut, flipped] {
        fs::write(&last, &garbage).unwrap();
        let outcome = publisher(&town, share.path()).deliver().await;
        assert!(outcome.is_err(), "{garbage:?}");
    }
    // A checkpoint under another size's name is of another size.
    fs::write(&last, &note).unwrap();
    fs::write(path.join("9999"), &note).unwrap();
    unsound(publisher(&town, share.path()).deliver().await);
}

fn publisher(town: &Town, folder: &Path) -> Publisher {
    let folder = CheckpointFolder::new(folder.to_owned());
    Publisher::new(town.db.clone(), secrets().log_key, folder)
}

async fn keep_note(auditor: &crate::support::actor::Actor, notes: &mut BTreeMap<u64, String>) {
    let told = auditor.get("/audit/checkpoint").await.ok().body;
    let note = told["note"].as_str().unwrap().to_owned();
    notes.insert(told["size"].as_u64().unwrap(), note);
}

/// Stjørdal's checkpoints in the folder, by size.
fn kept(share: &Path) -> BTreeMap<u64, String> {
    let folder = fs::read_dir(share.join("5035/0")).unwrap();
    folder
        .map(|file| {
            let file = file.unwrap();
            let size = file.file_name().to_str().unwrap().parse().unwrap();
            (size, fs::read_to_string(file.path()).unwrap())
        })
        .collect()
}

cases::cases![
    every_checkpoint_leaves_the_database_and_is_caught_up,
    a_database_that_was_set_back_takes_no_changes,
    a_database_that_was_forked_takes_no_changes,
    a_folder_that_holds_something_else_is_not_believed,
];
