//! Reviewed documents: what the code makes is compared with what somebody has read and checked in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::find_setting;

/// Lines of a difference that are shown on either side.
const SHOWN_LINES: usize = 60;

/// The document at this path of the project is what the code makes. Rewritten only when `UPDATE_SNAPSHOTS=1` asks for it.
pub(crate) fn assert_reviewed(path: &str, made: &str) {
    let file = project().join(path);
    if find_setting("UPDATE_SNAPSHOTS").is_some_and(|it| it == "1") {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, made).unwrap();
        return;
    }
    let reviewed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        reviewed == made,
        "{path} is not what the code makes:\n{}\nIf that is meant, run `UPDATE_SNAPSHOTS=1 cargo test --test it guards` \
         and read what changed before checking it in.",
        difference(&reviewed, made)
    );
}

/// The folder of the project.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The lines that only one side has.
pub(crate) fn difference(reviewed: &str, made: &str) -> String {
    let side = |sign: char, lines: &str, others: &str| -> String {
        let others: BTreeSet<&str> = others.lines().collect();
        let own = lines.lines().filter(|line| !others.contains(line));
        own.take(SHOWN_LINES).fold(String::new(), |text, line| {
            text + &format!("{sign}{line}\n")
        })
    };
    let (gone, new) = (side('-', reviewed, made), side('+', made, reviewed));
    if gone.is_empty() && new.is_empty() {
        return "the same lines in another order, or another number of times".to_owned();
    }
    gone + &new
}
