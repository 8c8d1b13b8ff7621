//! Holds what entries commit to of people against what is kept of it.

use serde::Deserialize;

use super::exporting::erasure_of;
use super::finding::Finding;
use super::sealed_entries::Part;
use super::segment::Committed;
use super::segments;
use crate::db::Tx;
use crate::ids::EntryId;
use crate::problem::Problem;

/// What an entry says of its segments.
#[derive(Deserialize)]
struct OfSegments {
    #[serde(default)]
    segments: Vec<Committed>,
}

/// Each commitment has its sealed text, or its person was erased. What the text says, only the person's key can tell.
pub(super) fn check(tx: &mut Tx<'_>, part: &Part) -> Result<Result<(), Finding>, Problem> {
    let mut committing = Vec::new();
    for (leaf, text) in part.leaves.iter().zip(&part.texts) {
        let text = text.as_deref();
        let text = text.filter(|text| text.contains("\"segments\":"));
        let told = text.and_then(|text| serde_json::from_str::<OfSegments>(text).ok());
        committing.extend(told.map(|told| (leaf, told.segments)));
    }
    let ids: Vec<EntryId> = committing.iter().map(|(leaf, _)| leaf.entry).collect();
    let kept = segments::of_entries(tx, &ids)?;
    for (leaf, committed) in committing {
        for (place, committed) in (0..).zip(committed) {
            let is_there = match kept.get(&(leaf.entry, place)) {
                Some(segment) => segment.person == committed.person,
                None => erasure_of(tx, committed.person)?.is_some(),
            };
            if !is_there {
                let why = "what the entry says of a person is gone, and nobody erased that person";
                return Ok(Err(Finding::tampered(Some(leaf.index), why)));
            }
        }
    }
    Ok(Ok(()))
}
