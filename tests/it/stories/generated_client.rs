//! A client made from `openapi.json` by a public generator tells the story of a referral: whoever integrates needs nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::faults::process::Program;
use crate::guards::snapshot::project;
use crate::support::residents::national_id;
use crate::support::{Bench, cases, find_setting};

/// Where the generator is: a folder with its programs, or the search path. `required` makes its absence a failure.
const SETTING: &str = "RETTBOLIG_TEST_OPENAPI_CLIENT";
const GENERATOR: &str = "openapi-python-client";
const BORN_ON: &str = "1990-05-17";

async fn a_generated_client_refers_a_person(bench: Bench) {
    let setting = find_setting(SETTING);
    let Some(programs) = find_programs(setting.as_deref()) else {
        assert_ne!(
            setting.as_deref(),
            Some("required"),
            "{GENERATOR} is required and not installed"
        );
        println!(
            "left out: {GENERATOR} is not installed (pip install {GENERATOR}), so no client was generated"
        );
        return;
    };
    let folder = TempDir::new().unwrap();
    generate(&programs, folder.path());
    let program = Program::start(&bench).await;
    let id = national_id(BORN_ON, 0);
    let told = Command::new(programs.join("python"))
        .arg(project().join("tests/it/client/story.py"))
        .args([&program.address, folder.path().to_str().unwrap()])
        .args([id.expose_digits(), BORN_ON])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.status.success(), "{said}");
    assert_eq!(String::from_utf8_lossy(&told.stdout).trim(), "told");
}

fn generate(programs: &Path, folder: &Path) {
    let made = Command::new(programs.join(GENERATOR))
        .args(["generate", "--meta", "none", "--path"])
        .arg(project().join("openapi/openapi.json"))
        .arg("--output-path")
        .arg(folder.join("rettbolig_client"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{said}");
    // What the generator does not understand it leaves out and goes on.
    let rules = folder.join("rettbolig_client/models/rule_set.py");
    assert!(rules.is_file(), "rule sets are left out: {said}");
}

/// The folder in which both the generator and its Python are.
fn find_programs(setting: Option<&str>) -> Option<PathBuf> {
    let path = find_setting("PATH").unwrap_or_default();
    let given = setting.filter(|it| *it != "required").map(PathBuf::from);
    let folders = given.into_iter().chain(std::env::split_paths(&path));
    let mut fitting = folders.filter(|folder| {
        let has = |name: &str| folder.join(name).is_file();
        has(GENERATOR) && has("python")
    });
    fitting.next()
}

cases::cases![a_generated_client_refers_a_person];
