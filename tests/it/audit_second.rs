//! A second verifier of exports, in another language and of its own making, agrees with ours on what is sound and what is not.

use std::io::Write as _;
use std::process::{Command, Stdio};

use rettbolig::audit::verify_file;
use rettbolig::auth::Role;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::audit::record;
use crate::support::exported::{Exported, export};
use crate::support::given::{SINGLE, reasons};
use crate::support::town::{Town, log_verifier, trusted};
use crate::support::{Bench, cases, find_setting};

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/support/verify_export.py"
);
const PERIOD: &str = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z";

/// Whether there is a Python; where everything is demanded, there must be one.
pub(crate) fn has_python() -> bool {
    let asked = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let is_there = asked.is_ok_and(|status| status.success());
    let is_required = find_setting("RETTBOLIG_TEST_POSTGRES").is_some_and(|it| it == "required");
    assert!(
        is_there || !is_required,
        "everything is to be tried, and there is no python3"
    );
    if !is_there {
        println!("not tried: the second verifier needs python3");
    }
    is_there
}

/// Whether both say the same of a file; tells the exit status.
#[track_caller]
pub(crate) fn agreed(text: &str) -> i32 {
    let ours = match verify_file(text, &trusted(), None) {
        Ok(_) => 0,
        Err(finding) if finding.is_tampered => 1,
        Err(_) => 3,
    };
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let output = Command::new("python3")
        .arg(SCRIPT)
        .arg(file.path())
        .arg(log_verifier().to_string())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(ours), "{told} {why}");
    ours
}

async fn both_verifiers_agree(bench: Bench) {
    if !has_python() {
        return;
    }
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let auditor = town.actor(Role::Auditor).await;
    let family = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    kari.post(&path, &proposal).await.ok();
    town.seal().await;
    record(&town, 3).await;
    town.seal().await;
    let of_case = format!("/audit/export?applicationId={case}&disclose=true");
    for path in [of_case.as_str(), PERIOD, &format!("{PERIOD}&disclose=true")] {
        let whole = export(&auditor, path).await;
        assert_eq!(agreed(&whole.text()), 0, "{path}");
        attack(&whole);
    }
}

type Attack = fn(&mut Exported);

fn attack(whole: &Exported) {
    let attacks: &[Attack] = &[
        |it| it.entries[2]["entry"]["action"] = json!("other"),
        |it| it.entries.swap(1, 2),
        |it| drop(it.entries.remove(0)),
        |it| drop(it.entries.remove(2)),
        |it| it.entries.push(it.entries[0].clone()),
        |it| drop(it.entries[1]["hashes"].as_array_mut().unwrap().pop()),
        |it| {
            it.entries[1]["hashes"]
                .as_array_mut()
                .unwrap()
                .push(json!("00".repeat(32)));
        },
        |it| it.entries[1]["hashes"][0] = json!("AB".repeat(32)),
        |it| it.entries[1]["index"] = json!(1_000_000),
        |it| it.manifest["format"] = json!("rettbolig-audit-export/2"),
        |it| it.manifest["applicationId"] = json!("01900000-0000-7000-8000-000000000000"),
        |it| it.erasures.push(it.entries[0].clone()),
        |it| segments_of(it)[0] = json!({"opened": {"salt": "00".repeat(32), "data": {}}}),
        |it| segments_of(it)[0] = json!("withheld"),
        |it| segments_of(it)[0] = json!({"erased": "01900000-0000-7000-8000-000000000000"}),
        |it| segments_of(it).push(json!("withheld")),
        |it| {
            let note = it.manifest["checkpoint"].as_str().unwrap().to_owned();
            it.manifest["checkpoint"] = json!(note.replacen('A', "B", 1));
        },
    ];
    for change in attacks {
        let mut changed = whole.clone();
        change(&mut changed);
        changed.count_anew();
        agreed(&changed.text());
    }
    let text = whole.text();
    for length in [1, text.len() / 2, text.len() - 1] {
        assert_eq!(agreed(&text[..length]), 3);
    }
    let (without_last, _) = text.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(agreed(&format!("{without_last}\n")), 3);
    let silent = text.replacen("\"sha256\":\"", "\"sha256\":\"0", 1);
    assert_eq!(agreed(&silent), 1);
}

/// The segments of the first entry that has any.
fn segments_of(export: &mut Exported) -> &mut Vec<Value> {
    let mut entries = export.entries.iter_mut();
    let segments = entries.find_map(|it| it.get_mut("segments"));
    segments.unwrap().as_array_mut().unwrap()
}

cases::cases![both_verifiers_agree];
