//! After the clean-up the database's files hold nothing of whom it has forgotten.

use std::process::Command;

use rettbolig::retention::clean_up;

use crate::faults::invariants;
use crate::retention::Couple;
use crate::support::town::Town;
use crate::support::{Backend, Bench, cases};

async fn the_disk_holds_nothing_of_whom_it_has_forgotten(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    let of = |column: &str| {
        format!(
            "SELECT {column} FROM person WHERE {}",
            named(town, &couple.applicant)
        )
    };
    let mut canaries = invariants::column(&town.bench, &of("sealed_key"));
    canaries.extend(invariants::column(&town.bench, &of("sealed")));
    let of_person = format!(
        "SELECT sealed FROM audit_segment WHERE person_{}",
        named(town, &couple.applicant)
    );
    canaries.extend(invariants::column(&town.bench, &of_person));
    assert_eq!(canaries.len(), 4);
    let answered = "SELECT body FROM idempotency_record WHERE key = 'the-first-request'";
    canaries.extend(invariants::column(&town.bench, answered));
    let others = invariants::column(&town.bench, "SELECT sealed_key FROM person ORDER BY id");
    assert!(
        canaries.iter().all(|it| is_on_disk(town, it)),
        "nothing would be shown"
    );
    let reader = begin_to_read(town);
    couple.erase().await;
    let (status, told) = command(town, &["retention", "clean-up"]);
    assert_eq!(status, 0, "{told}");
    reader.join().unwrap();
    for canary in &canaries {
        assert!(!is_on_disk(town, canary), "{canary}");
    }
    assert!(
        is_on_disk(town, &others[1]),
        "the partner's key is as it was"
    );
    // A name stood there at no time.
    for name in ["Kanarifugl", "Nattergal"] {
        assert!(!is_on_disk(town, name), "{name}");
    }
    clean_up(&town.bench.database_url.parse().unwrap()).unwrap();
}

/// Somebody who reads the state of now for a while: they are waited for.
fn begin_to_read(town: &Town) -> std::thread::JoinHandle<()> {
    let mut conn = invariants::connect(&town.bench);
    let is_postgres = town.bench.backend == Backend::Postgres;
    if is_postgres {
        for statement in [
            "BEGIN ISOLATION LEVEL REPEATABLE READ",
            "LOCK TABLE municipality IN ACCESS SHARE MODE",
            "DO 'BEGIN PERFORM 1 FROM municipality; END'",
        ] {
            crate::audit::execute(&mut conn, statement).unwrap();
        }
    }
    std::thread::spawn(move || {
        if is_postgres {
            std::thread::sleep(std::time::Duration::from_secs(2));
            crate::audit::execute(&mut conn, "COMMIT").unwrap();
        }
    })
}

fn named(town: &Town, id: &str) -> String {
    format!("id = {}", crate::audit_owned::id(town, id.parse().unwrap()))
}

/// Whether these bytes stand anywhere in the database's files; on `PostgreSQL`, in those of the tables that hold what is sealed.
fn is_on_disk(town: &Town, text: &str) -> bool {
    match town.bench.backend {
        Backend::Sqlite => {
            let file = town.bench.database_url.strip_prefix("sqlite:").unwrap();
            let folder = std::path::Path::new(file).parent().unwrap();
            let files = std::fs::read_dir(folder).unwrap();
            files
                .map(|file| std::fs::read(file.unwrap().path()).unwrap())
                .any(|bytes| {
                    bytes
                        .windows(text.len())
                        .any(|window| window == text.as_bytes())
                })
        }
        Backend::Postgres => {
            let mut conn = invariants::connect(&town.bench);
            crate::audit::execute(&mut conn, "CHECKPOINT").unwrap();
            let tables = [
                "person",
                "person_name",
                "audit_segment",
                "idempotency_record",
            ];
            tables.iter().any(|table| {
                let question = format!(
                    "SELECT position(convert_to('{text}', 'UTF8') in pg_read_binary_file(pg_relation_filepath('{table}')))::text"
                );
                invariants::column(&town.bench, &question) != ["0"]
            })
        }
    }
}

/// Runs a command of the program on this database. Gives its status and what it says.
pub(crate) fn command(town: &Town, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
        .args(arguments)
        .env("DATABASE_URL", &town.bench.database_url)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), told + &why)
}

cases::cases![the_disk_holds_nothing_of_whom_it_has_forgotten];
