//! The project's own text, as the guards read it.

use std::path::Path;

use super::snapshot::project;

/// A file of the project.
pub(crate) struct Source {
    /// Below the project's folder.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 2] = ["target", ".git"];

/// Every Rust file below this folder.
pub(crate) fn rust(folder: &str) -> Vec<Source> {
    below(folder)
        .into_iter()
        .filter(|source| {
            Path::new(&source.path)
                .extension()
                .is_some_and(|it| it == "rs")
        })
        .collect()
}

/// Every file of text below this folder, in order.
pub(crate) fn below(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&project().join(folder), &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "nothing was read below {folder:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !FOREIGN.contains(&name) {
                collect(&path, found);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let below = path.strip_prefix(project()).unwrap();
            found.push(Source {
                path: below.to_str().unwrap().to_owned(),
                text,
            });
        }
    }
}

impl Source {
    /// The module of `lib.rs` to which it belongs: `people` for both `src/people.rs` and `src/people/store.rs`.
    pub(crate) fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The file's own name.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    /// The text without its comments.
    pub(crate) fn code(&self) -> String {
        let lines = self.text.lines();
        let code = lines.filter(|line| !line.trim_start().starts_with("//"));
        code.flat_map(|line| [line, "\n"]).collect()
    }

    /// Every path that begins with `crate::`, the crate's own names in `use {…}` spelled out: `people::Member`.
    pub(crate) fn crate_paths(&self) -> Vec<String> {
        let code = self.code().replace("rettbolig::", "crate::");
        let mut paths = Vec::new();
        for (at, root) in code.match_indices("crate::") {
            spell_out("", &code[at + root.len()..], &mut paths);
        }
        paths
    }
}

/// Reads one path, or a list of them in braces, and returns what follows it.
fn spell_out<'t>(prefix: &str, text: &'t str, paths: &mut Vec<String>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches([',', ' ', '\n']);
            if let Some(rest) = rest.strip_prefix('}') {
                return rest;
            }
            let after = spell_out(prefix, rest, paths);
            // Something that is no path at all: nothing of ours.
            if after.len() == rest.len() {
                return rest;
            }
            rest = after;
        }
    }
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_' && it != '*');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let path = if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}::{name}")
    };
    match rest.strip_prefix("::") {
        Some(below) if !name.is_empty() => spell_out(&path, below, paths),
        _ => {
            paths.push(path.trim_end_matches("::self").to_owned());
            // A renamed import: `as _`.
            let renamed = rest.strip_prefix(" as ");
            renamed.map_or(rest, |it| {
                it.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
            })
        }
    }
}
