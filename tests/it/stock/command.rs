//! `rettbolig import dwellings`: the same import by the command line, as an operator uses it.

use std::io::Write as _;

use rettbolig::auth::Role;

use super::files::{file, row, total};
use crate::faults::process::Program;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Runs it over this file. Gives its exit status and what it said.
fn import(town: &Town, file: &[u8], options: &[&str]) -> (i32, String) {
    let mut kept = tempfile::NamedTempFile::new().unwrap();
    kept.write_all(file).unwrap();
    let output = Program::command(&town.bench, &[])
        .args(["import", "dwellings"])
        .arg(kept.path())
        .args(["--municipality", "5035"])
        .args(options)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().unwrap(), said)
}

async fn an_operator_takes_a_file_in_after_a_dry_run_has_told_its_faults(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let faulty = file([row(1), row(2).replace(";4;", ";0;")]);
    let (status, said) = import(&town, &faulty, &["--dry-run"]);
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("2 rows: 1 homes would be registered"),
        "{said}"
    );
    assert!(said.contains("line 3, capacity:"), "{said}");
    // One fault keeps the whole file out.
    let (status, said) = import(&town, &faulty, &[]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("/rows/3/capacity"), "{said}");
    assert_eq!(total(&manager).await, 0);
    let sound = file((1..=700).map(row));
    let (status, said) = import(&town, &sound, &["--dry-run"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(total(&manager).await, 0);
    let (status, said) = import(&town, &sound, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("700 homes were registered"), "{said}");
    assert_eq!(total(&manager).await, 700);
    let (_, said) = import(&town, &sound, &[]);
    assert!(said.contains("700 unchanged"), "{said}");
}

cases::cases![an_operator_takes_a_file_in_after_a_dry_run_has_told_its_faults];
