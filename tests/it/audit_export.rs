//! Exports and proof files, checked offline: sound ones hold, and every attack on them is noticed.

use std::io::Write as _;
use std::process::Command;

use rettbolig::audit::{Checkpoint, Finding, Hash, TreeHead, verify_file};
use rettbolig::auth::Role;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::audit::{checkpoint, record};
use crate::support::exported::{Exported, export};
use crate::support::given::{FAMILY, person};
use crate::support::town::{Town, find_secret, log_verifier, secrets, trusted};
use crate::support::{Bench, cases};

/// All that the town's tests record.
const PERIOD: &str = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z";

async fn a_case_and_a_period_are_exported_and_hold_offline(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let family = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let head = checkpoint(&auditor).await;

    let of_case = export(&auditor, &format!("/audit/export?applicationId={case}")).await;
    let sound = verify_file(&of_case.text(), &trusted(), Some(&head)).unwrap();
    assert!(sound.entries >= 4 && sound.head == head, "{sound:?}");
    let of_all = export(&auditor, PERIOD).await;
    let sound = verify_file(&of_all.text(), &trusted(), None).unwrap();
    assert_eq!(sound.entries.to_string(), head.size.to_string());

    // The log grew since, and shows how.
    town.seal().await;
    let later = format!("/audit/export?applicationId={case}");
    let silent = export(&auditor, &later).await.text();
    let finding = verify_file(&silent, &trusted(), Some(&head)).unwrap_err();
    assert!(!finding.is_tampered, "{finding}");
    let grown = export(&auditor, &format!("{later}&since={}", head.size)).await;
    verify_file(&grown.text(), &trusted(), Some(&head)).unwrap();

    // A case's history without one of its entries is not whole, though each entry left has its place.
    let mut shortened = of_case.clone();
    let second = |entry: &Value| entry["entry"]["case"]["seq"] == json!(2);
    let place = shortened.entries.iter().position(second).unwrap();
    shortened.entries.remove(place);
    shortened.count_anew();
    let finding = found(&shortened);
    assert!(!finding.is_tampered, "{finding}");
    // Nor is it another case's history.
    let mut renamed = of_case;
    renamed.manifest["applicationId"] = json!("01900000-0000-7000-8000-000000000000");
    assert!(found(&renamed).is_tampered);
}

async fn every_attack_on_an_export_is_noticed(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    record(&town, 5).await;
    town.seal().await;
    let whole = export(&auditor, PERIOD).await;
    assert!(verify_file(&whole.text(), &trusted(), None).is_ok());
    let tampered = |index: u64, change: &dyn Fn(&mut Vec<Value>)| {
        let mut changed = whole.clone();
        change(&mut changed.entries);
        changed.count_anew();
        let finding = found(&changed);
        assert_eq!(finding.index, Some(index), "{finding}");
        finding.is_tampered
    };
    assert!(!tampered(3, &|entries| drop(entries.remove(3))));
    assert!(tampered(3, &|entries| entries.swap(3, 4)));
    assert!(tampered(3, &|entries| {
        let other = entries[4]["entry"].clone();
        entries[3]["entry"] = other;
    }));
    assert!(tampered(3, &|entries| entries[3]["entry"]["action"] = json!("other")));
    assert!(tampered(3, &|entries| entries.insert(3, entries[3].clone())));
    assert!(tampered(3, &|entries| drop(
        entries[3]["hashes"].as_array_mut().unwrap().pop()
    )));

    // The last line is missing; the file ends too early; the count is silent about what follows.
    let mut without_last = whole.clone();
    without_last.entries.pop();
    assert!(!found(&without_last).is_tampered);
    let text = whole.text();
    for length in [1, 100, text.len() / 2, text.len() - 1] {
        let finding = verify_file(&text[..length], &trusted(), None).unwrap_err();
        assert!(!finding.is_tampered, "{finding}");
    }
}

async fn a_flipped_bit_anywhere_is_noticed(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let text = export(&auditor, PERIOD).await.text();
    let page = auditor.get("/audit/entries?limit=1").await.ok();
    let path = format!(
        "/audit/proofs/inclusion?entryId={}",
        page.items()[0]["id"].as_str().unwrap()
    );
    let proof = auditor.get(&path).await.ok().body["tlogProof"].clone();
    for sound in [text.as_str(), proof.as_str().unwrap()] {
        verify_file(sound, &trusted(), None).unwrap();
        for place in (0..sound.len()).step_by(53) {
            let mut bytes = sound.as_bytes().to_vec();
            bytes[place] ^= 1 << (place % 7);
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let outcome = verify_file(&changed, &trusted(), None);
            assert!(
                outcome.is_err(),
                "{place}: {}",
                &sound[place.saturating_sub(30)..=place]
            );
        }
    }
}

async fn a_log_that_was_rebuilt_forked_or_cut_short_breaks_with_the_kept_checkpoint(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let kept = checkpoint(&auditor).await;
    record(&town, 3).await;
    town.seal().await;
    let head = checkpoint(&auditor).await;
    let since = format!("{PERIOD}&since={}", kept.size);
    let grown = export(&auditor, &since).await.text();
    verify_file(&grown, &trusted(), Some(&kept)).unwrap();
    // Whoever has the log's key can sign another history, but not one that continues what was signed before.
    let other = Hash::from_hex(&"ab".repeat(32)).unwrap();
    let rebuilt = TreeHead {
        root: other,
        ..kept
    };
    assert!(
        verify_file(&grown, &trusted(), Some(&rebuilt))
            .unwrap_err()
            .is_tampered
    );
    let forked = TreeHead {
        root: other,
        ..head
    };
    assert!(
        verify_file(&grown, &trusted(), Some(&forked))
            .unwrap_err()
            .is_tampered
    );
    let longer = TreeHead {
        size: head.size + 4,
        root: other,
    };
    let finding = verify_file(&grown, &trusted(), Some(&longer)).unwrap_err();
    assert_eq!(finding.index, Some(head.size), "{finding}");
    // Another key's log is not this log.
    let stranger = secrets().log_key.signers("0301").unwrap().remove(0);
    assert!(
        verify_file(&grown, &stranger.verifier().clone().into(), None)
            .unwrap_err()
            .is_tampered
    );
    let swapped = |note: String| {
        let mut export = Exported::read(&grown);
        export.manifest["checkpoint"] = json!(note);
        found(&export).is_tampered
    };
    let signed = |head| {
        let signer = secrets().log_key.signers("5035").unwrap().remove(0);
        let checkpoint = Checkpoint::new(signer.verifier().name(), head).unwrap();
        checkpoint.sign(&[&signer]).unwrap().to_string()
    };
    assert!(swapped(signed(forked)));
    assert!(swapped(signed(kept)));
}

async fn the_command_line_tells_by_its_exit_status(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let sound = export(&auditor, PERIOD).await;
    let note = auditor.get("/audit/checkpoint").await.ok().body["note"].clone();
    let note = file(note.as_str().unwrap());
    let (status, key) = rettbolig(&["audit", "key", "--municipality", "5035"]);
    assert_eq!(
        (status, key.trim()),
        (0, log_verifier().to_string().as_str())
    );
    let key = key.trim();
    let verify = |text: &str| {
        let export = file(text);
        let path = export.path().to_str().unwrap();
        let kept = note.path().to_str().unwrap();
        rettbolig(&["audit", "verify", path, "--key", key, "--checkpoint", kept])
    };
    let (status, told) = verify(&sound.text());
    assert_eq!(status, 0, "{told}");
    assert!(told.starts_with("SOUND: "), "{told}");
    let mut changed = sound.clone();
    changed.entries[2]["entry"]["kind"] = json!("ACCESS");
    let (status, told) = verify(&changed.text());
    assert_eq!(status, 1);
    assert!(told.starts_with("TAMPERED WITH at index 2: "), "{told}");
    let text = sound.text();
    let (status, told) = verify(&text[..text.len() - 3]);
    assert_eq!(status, 3, "{told}");
    assert_eq!(
        rettbolig(&["audit", "verify", "/nowhere", "--key", key]).0,
        2
    );
    assert_eq!(rettbolig(&["audit", "verify", "/nowhere"]).0, 2);
}

async fn an_export_is_of_a_case_or_of_a_period(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    auditor.get(PERIOD).await.refused(409, "not_sealed");
    town.seal().await;
    for neither in ["/audit/export", "/audit/export?from=2026-01-01T00:00:00Z"] {
        let answer = auditor.get(neither).await;
        answer.faults(&[("/query/applicationId", "wrong_choice")]);
    }
    let beyond = auditor.get(&format!("{PERIOD}&since=1000000")).await;
    beyond.faults(&[("/query/since", "out_of_range")]);
    record(&town, 10_000).await;
    town.seal().await;
    auditor.get(PERIOD).await.refused(422, "export_too_large");
    let kari = town.actor(Role::Caseworker).await;
    kari.get(PERIOD).await.refused(403, "forbidden");
    // Whoever takes a copy is on the record.
    let none = "/audit/export?from=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z";
    assert!(export(&auditor, none).await.entries.is_empty());
    let page = auditor
        .get("/audit/entries?action=audit.exported")
        .await
        .ok();
    assert_eq!(page.items().len(), 1);
}

async fn an_export_is_a_table_as_well(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let request = kari
        .request(reqwest::Method::POST, "/people")
        .json(&person("1990-05-17", 1));
    // Whatever a client calls its call: no spreadsheet computes it.
    let request = request
        .header("Idempotency-Key", "one")
        .header("Nav-Call-Id", "-A1-B2");
    kari.send(request).await.ok();
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let whole = export(&auditor, PERIOD).await;
    let table = auditor
        .get(&PERIOD.replace("export?", "export.csv?"))
        .await
        .ok();
    assert!(
        table
            .header("content-type")
            .unwrap()
            .starts_with("text/csv")
    );
    let rows: Vec<&str> = table.text.split_terminator("\r\n").collect();
    let entries = &whole.entries;
    assert_eq!(rows.len(), entries.len() + 1);
    assert!(
        rows[0].starts_with("\"index\",\"id\",\"recordedAt\""),
        "{}",
        rows[0]
    );
    for (row, entry) in rows[1..].iter().zip(entries) {
        let start = format!("\"{}\",{},", entry["index"], entry["entry"]["id"]);
        assert!(row.starts_with(&start), "{row}");
    }
    let registered = rows.iter().find(|row| row.contains("person.registered"));
    assert!(
        registered.unwrap().contains(",\"'-A1-B2\","),
        "{registered:?}"
    );
    kari.get("/audit/export.csv")
        .await
        .refused(403, "forbidden");
    let neither = auditor.get("/audit/export.csv").await;
    neither.faults(&[("/query/applicationId", "wrong_choice")]);
}

#[track_caller]
fn found(export: &Exported) -> Finding {
    verify_file(&export.text(), &trusted(), None).unwrap_err()
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// Runs the program as an auditor does: without a database.
fn rettbolig(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
        .args(arguments)
        .env(
            "RETTBOLIG_LOG_KEY",
            find_secret("RETTBOLIG_LOG_KEY").unwrap(),
        )
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), told)
}

cases::cases![
    a_case_and_a_period_are_exported_and_hold_offline,
    every_attack_on_an_export_is_noticed,
    a_flipped_bit_anywhere_is_noticed,
    a_log_that_was_rebuilt_forked_or_cut_short_breaks_with_the_kept_checkpoint,
    the_command_line_tells_by_its_exit_status,
    an_export_is_of_a_case_or_of_a_period,
    an_export_is_a_table_as_well,
];
