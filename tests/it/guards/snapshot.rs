//! Reviewed documents: what the code makes is compared with what somebody has read and checked in.

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

/// The lines between the first and the last that differ, on both sides.
fn difference(reviewed: &str, made: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (reviewed.lines().collect(), made.lines().collect());
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let side = |sign: char, lines: &[&str]| -> String {
        let changed = &lines[..lines.len() - tail];
        let shown = changed.iter().take(SHOWN_LINES);
        let mut text: String = shown.map(|line| format!("{sign}{line}\n")).collect();
        if changed.len() > SHOWN_LINES {
            text += &format!("{sign}… {} more\n", changed.len() - SHOWN_LINES);
        }
        text
    };
    format!(
        "from line {}:\n{}{}",
        head + 1,
        side('-', old),
        side('+', new)
    )
}
