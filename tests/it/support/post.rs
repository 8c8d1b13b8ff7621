//! The post: letters are dispatched, fetched from the folder, and shown to have arrived.

use std::path::Path;

use rettbolig::letters::{FileDrop, LetterDelivery};
use rettbolig::outbox::Worker;
use serde_json::{Value, json};

use super::actor::Actor;
use super::town::Town;

/// Delivers what waits in the outbox into a folder. Gives how many letters came.
pub(crate) async fn deliver(town: &Town) -> usize {
    let folder = tempfile::tempdir().unwrap();
    deliver_to(town, folder.path()).await;
    let letters = walk(folder.path());
    let is_slip = |name: &&String| Path::new(name).extension().is_some_and(|it| it == "json");
    letters.iter().filter(is_slip).count()
}

/// Delivers what waits in the outbox into this folder.
pub(crate) async fn deliver_to(town: &Town, folder: &Path) {
    let carrier = LetterDelivery::new(FileDrop::new(folder.to_owned()));
    let worker = Worker::new(town.db.clone(), vec![Box::new(carrier)]);
    worker.deliver_due().await.unwrap();
}

/// The names of all files below a folder.
pub(crate) fn walk(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(walk(&path));
        } else {
            names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    names.sort();
    names
}

/// Writes the letters that this path writes, sends them, and has the first read. Gives its id.
pub(crate) async fn notified(town: &Town, by: &Actor, path: &str, language: &str) -> String {
    let written = by.post(path, &json!({"language": language})).await.ok();
    let mut first: Option<String> = None;
    for letter in written.items() {
        let id = letter["id"].as_str().unwrap().to_owned();
        let dispatch = format!("/letters/{id}/dispatch");
        by.act(&dispatch, 1, &json!({"channel": "DIGITAL"}))
            .await
            .ok();
        first.get_or_insert(id);
    }
    deliver(town).await;
    let first = first.unwrap();
    read(by, &first).await;
    first
}

/// A letter is opened in the digital mailbox.
pub(crate) async fn read(by: &Actor, letter: &str) -> Value {
    let seen = by.get(&format!("/letters/{letter}")).await.ok();
    let proof = json!({"proof": "READ_DIGITALLY"});
    let path = format!("/letters/{letter}/receipt");
    by.act(&path, seen.version(), &proof).await.ok().body
}
