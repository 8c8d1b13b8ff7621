//! Looks at personal data reach the log collector: one line for each person shown, none missing after a crash.

use std::fs;
use std::path::Path;

use rettbolig::audit::{CefStream, Outlet as _};
use rettbolig::auth::Role;
use serde_json::json;
use tempfile::TempDir;

use super::outside;
use crate::audit::record;
use crate::audit_owned::set_back;
use crate::support::given::person;
use crate::support::residents::whole_person;
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn each_look_at_a_person_is_a_line(bench: Bench) {
    let town = Town::open(bench).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cef.log");
    let kari = town.actor(Role::Caseworker).await;
    let (one, other) = (
        kari.post("/people", &person("1990-05-17", 1))
            .await
            .ok()
            .id(),
        kari.post("/people", &person("1990-05-17", 2))
            .await
            .ok()
            .id(),
    );
    for id in [&one, &other, &one] {
        kari.get(&format!("/people/{id}")).await.ok();
    }
    stream(&town, &file).await;
    assert!(lines(&file).is_empty(), "nothing is sealed yet");
    town.seal().await;
    stream(&town, &file).await;
    let read: Vec<String> = lines(&file)
        .into_iter()
        .filter(|line| line.contains(" act=person.read "))
        .collect();
    assert_eq!(read.len(), 3);
    for (line, id) in read.iter().zip([&one, &other, &one]) {
        assert!(
            line.starts_with("CEF:0|rettbolig|audit|1.0|audit:access|"),
            "{line}"
        );
        assert!(line.contains(&format!(" duid={id} ")), "{line}");
        assert!(
            line.contains(" suid=") && line.contains("|end=1772449200000 "),
            "{line}"
        );
        assert!(!line.contains("Testesen"), "{line}");
    }
    // A list shows several people: each has a line under the same call.
    let before = lines(&file).len();
    let asked = json!({"name": "Prøve", "bornOn": "1990-05-17"});
    let found = kari.post("/people/search", &asked).await;
    let expected = found.ok().items().len();
    assert_eq!(expected, 2);
    town.seal().await;
    stream(&town, &file).await;
    assert_eq!(lines(&file).len(), before + expected);
    // Nothing new, nothing written.
    stream(&town, &file).await;
    assert_eq!(lines(&file).len(), before + expected);
    assert!(lines(&file).iter().all(|line| line.contains("|INFO|")));
    // A look at somebody who is protected is a warning.
    let hidden = whole_person("CONFIDENTIAL");
    let hidden = kari.post("/people", &hidden).await.ok().id();
    kari.get(&format!("/people/{hidden}")).await.ok();
    town.seal().await;
    stream(&town, &file).await;
    let last = lines(&file).pop().unwrap();
    assert!(last.contains("|WARN|") && last.contains(&hidden), "{last}");
}

async fn after_a_crash_lines_come_twice_rather_than_never(bench: Bench) {
    let town = Town::open(bench).await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cef.log");
    let position = folder.path().join("cef.log.position");
    let kari = town.actor(Role::Caseworker).await;
    let id = kari
        .post("/people", &person("1990-05-17", 1))
        .await
        .ok()
        .id();
    let look = async || {
        kari.get(&format!("/people/{id}")).await.ok();
        record(&town, 1_200).await;
        town.seal().await;
    };
    look().await;
    stream(&town, &file).await;
    let (first, reached) = (lines(&file), fs::read(&position).unwrap());
    assert_eq!(first.len(), 1);
    look().await;
    stream(&town, &file).await;
    assert_eq!(lines(&file).len(), 2);
    // It died after the lines and before the position, in the middle of the last line.
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() - 10]).unwrap();
    fs::write(&position, reached).unwrap();
    stream(&town, &file).await;
    let now = lines(&file);
    assert_eq!(now.len(), 3);
    assert!(now[2].starts_with(&now[1]));
    // The collector moved the file away.
    fs::rename(&file, folder.path().join("cef.log.1")).unwrap();
    look().await;
    stream(&town, &file).await;
    assert_eq!(lines(&file).len(), 1);
    // A position that is garbage, or beyond the log, is told and not overwritten.
    let reached = fs::read(&position).unwrap();
    fs::write(&position, "garbage").unwrap();
    outside(
        CefStream::new(town.db.clone(), file.clone())
            .deliver()
            .await,
    );
    assert_eq!(fs::read_to_string(&position).unwrap(), "garbage");
    fs::write(&position, reached).unwrap();
    set_back(&town, 10);
    outside(
        CefStream::new(town.db.clone(), file.clone())
            .deliver()
            .await,
    );
}

async fn stream(town: &Town, file: &Path) {
    let mut stream = CefStream::new(town.db.clone(), file.to_owned());
    stream.deliver().await.unwrap();
}

fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

cases::cases![
    each_look_at_a_person_is_a_line,
    after_a_crash_lines_come_twice_rather_than_never,
];
