//! What the world outside is told, as reviewed: every act that the code records, with the event that tells of it or none.

use std::collections::BTreeSet;

use rettbolig::events::EventType;

use super::snapshot::assert_reviewed;
use super::sources;

/// An act that is new stands in this list as told to nobody, until somebody decides otherwise.
fn what_is_told_of_each_act_is_as_reviewed() {
    let mut lines = vec![
        "# What the world outside is told of what happens here\n".to_owned(),
        "| Act | Event | Names | Told to |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    let acts = acts();
    for act in &acts {
        lines.push(match EventType::of(act) {
            Some(kind) => format!(
                "| `{act}` | `{kind}` | {} | {} |",
                kind.noun(),
                kind.audience()
            ),
            None => format!("| `{act}` | – | | |"),
        });
    }
    assert_reviewed("tests/it/snapshots/events.md", &(lines.join("\n") + "\n"));
    for kind in EventType::ALL {
        assert!(
            acts.contains(kind.action()),
            "{kind} tells of `{}`, which no code records: mend src/events/told.rs",
            kind.action()
        );
    }
}

/// Every text that is recorded as a change: given to an entry, or named by an act or a table of moves.
fn acts() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources::rust("src") {
        let mut openings = vec!["change(\"", "entry_of(\""];
        if ["acts.rs", "lifecycle.rs"].contains(&source.name()) {
            openings.extend(["=> \"", ", \""]);
        }
        for opening in openings {
            for (at, _) in source.text.match_indices(opening) {
                let rest = &source.text[at + opening.len()..];
                let text = rest.split('"').next().unwrap_or_default();
                let is_word = |it: &str| {
                    it.len() > 2 && it.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                };
                if text
                    .split_once('.')
                    .is_some_and(|it| is_word(it.0) && is_word(it.1))
                {
                    found.insert(text.to_owned());
                }
            }
        }
    }
    found
}

crate::support::cases::plain![what_is_told_of_each_act_is_as_reviewed];
