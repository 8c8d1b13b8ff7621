//! An export of the log, taken apart and put together again as somebody would who tampers with it.

use rettbolig::audit::sha256;
use serde_json::{Value, json};

use super::actor::Actor;

/// An export by its lines.
#[derive(Debug, Clone)]
pub(crate) struct Exported {
    pub(crate) manifest: Value,
    pub(crate) entries: Vec<Value>,
    pub(crate) erasures: Vec<Value>,
}

impl Exported {
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        let mut lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect(line))
            .collect();
        assert!(lines.pop().unwrap()["end"].is_object(), "{text}");
        let manifest = lines.remove(0);
        let count = usize::try_from(manifest["entryCount"].as_u64().unwrap()).unwrap();
        let erasures = lines.split_off(count);
        Self {
            manifest,
            entries: lines,
            erasures,
        }
    }

    /// The file, with a last line that fits.
    pub(crate) fn text(&self) -> String {
        let lines = std::iter::once(&self.manifest)
            .chain(&self.entries)
            .chain(&self.erasures);
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        let count = 1 + self.entries.len() + self.erasures.len();
        let end = json!({"lines": count, "sha256": sha256(text.as_bytes()).to_hex()});
        format!("{text}{}\n", json!({ "end": end }))
    }

    /// Makes the manifest tell how many entries there are now.
    pub(crate) fn count_anew(&mut self) {
        self.manifest["entryCount"] = json!(self.entries.len());
        self.manifest["erasureCount"] = json!(self.erasures.len());
    }
}

/// Takes an export.
pub(crate) async fn export(auditor: &Actor, path: &str) -> Exported {
    let answer = auditor.get(path).await.ok();
    assert_eq!(answer.header("content-type"), Some("application/jsonl"));
    let exported = Exported::read(&answer.text);
    // What the tests put together is what the service writes.
    assert_eq!(exported.text().len(), answer.text.len());
    exported
}
