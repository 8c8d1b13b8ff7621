//! An export as a table, for people and spreadsheets. It proves nothing by itself: each row names the hash by which the entry
//! is found in the export that does.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::canonical::leaf_hash;
use super::exporting::{Asked, gather};
use crate::db::Tx;
use crate::http::{Call, Csv};
use crate::problem::Problem;

/// `subjects` are `KIND:id`, separated by spaces; `facts` are JSON; times are UTC.
const COLUMNS: [&str; 13] = [
    "index",
    "id",
    "recordedAt",
    "kind",
    "action",
    "actorId",
    "role",
    "correlation",
    "caseId",
    "caseSeq",
    "subjects",
    "facts",
    "hash",
];

/// What of an entry has a column.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: String,
    recorded_at: String,
    kind: String,
    action: String,
    actor: Actor,
    role: Option<String>,
    correlation: String,
    case: Option<Case>,
    subjects: Vec<Concerned>,
    facts: Value,
}

#[derive(Deserialize)]
struct Actor {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    seq: u64,
}

#[derive(Deserialize)]
struct Concerned {
    kind: String,
    id: String,
}

/// The same entries as those of the export.
pub(super) fn export_csv(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Csv, Problem> {
    let mut table = Csv::new(&COLUMNS);
    for entry in gather(tx, asked)?.export.entries {
        table.push(&cells(entry.index, &entry.entry)?);
    }
    Ok(table)
}

fn cells(index: u64, entry: &RawValue) -> Result<[String; COLUMNS.len()], Problem> {
    let row: Row = serde_json::from_str(entry.get())
        .map_err(|_| Problem::internal("an entry is not of this log's form"))?;
    let subjects = row.subjects.iter();
    let subjects: Vec<String> = subjects
        .map(|it| format!("{}:{}", it.kind, it.id))
        .collect();
    let (case_id, case_seq) = row
        .case
        .map_or_else(Default::default, |case| (case.id, case.seq.to_string()));
    Ok([
        index.to_string(),
        row.id,
        row.recorded_at,
        row.kind,
        row.action,
        row.actor.id.unwrap_or_default(),
        row.role.unwrap_or_default(),
        row.correlation,
        case_id,
        case_seq,
        subjects.join(" "),
        row.facts.to_string(),
        leaf_hash(entry.get().as_bytes()).to_hex(),
    ])
}
