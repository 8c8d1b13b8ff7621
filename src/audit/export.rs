//! An export of the log: some of its entries with all it takes to check them offline, as one JSON document.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::canonical::leaf_hash;
use super::finding::{Finding, Sound};
use super::proof::{TreeHead, verify_consistency, verify_inclusion};
use super::trusted::Trusted;
use super::{Hash, NotCanonical};
use crate::ids::ApplicationId;

/// Names the form of the document.
const FORMAT: &str = "rettbolig-audit-export/1";

/// Entries of the log, each with the proof of its place: those of a case, or all within a period.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Export {
    /// `rettbolig-audit-export/1`.
    format: String,
    /// The case whose entries these are. Without one, no entry is left out between the first and the last.
    #[schema(value_type = Option<Uuid>)]
    application_id: Option<ApplicationId>,
    /// How many entries follow, so that a document that was cut short is noticed.
    entry_count: usize,
    /// The signed checkpoint that the proofs lead to (c2sp.org/tlog-checkpoint).
    checkpoint: String,
    /// The proof that the log continues the checkpoint that was asked for with `since`.
    growth: Option<Growth>,
    /// The entries in the order of the log.
    entries: Vec<ExportedEntry>,
}

/// The proof that the log only grew since an earlier checkpoint.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Growth {
    /// The size of the log in that checkpoint.
    pub(super) since: u64,
    /// The proof (RFC 9162 section 2.1.4), lower-case hexadecimal.
    pub(super) hashes: Vec<String>,
}

/// An entry with the proof of its place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportedEntry {
    /// The place of the entry in the log, from 0.
    pub(super) index: u64,
    /// The entry, byte for byte as it was hashed (canonical JSON, RFC 8785).
    #[schema(value_type = Object)]
    pub(super) entry: Box<RawValue>,
    /// The proof (RFC 9162 section 2.1.3), lower-case hexadecimal, from the sibling of the leaf upwards.
    pub(super) hashes: Vec<String>,
}

impl Export {
    pub(super) fn new(
        application_id: Option<ApplicationId>,
        checkpoint: String,
        growth: Option<Growth>,
        entries: Vec<ExportedEntry>,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            application_id,
            entry_count: entries.len(),
            checkpoint,
            growth,
            entries,
        }
    }

    /// The entries in the order of the log.
    pub(super) fn entries(&self) -> &[ExportedEntry] {
        &self.entries
    }
}

/// Checks an export with nothing but the trusted keys and, where there is one, a checkpoint that was kept from earlier.
pub(super) fn verify_export(
    text: &str,
    trusted: &Trusted,
    kept: Option<&TreeHead>,
) -> Result<Sound, Finding> {
    let export: Export = serde_json::from_str(text).map_err(|fault| {
        if fault.is_eof() {
            Finding::incomplete(None, "the file ends too early")
        } else {
            Finding::tampered(None, format!("the file is no export: {fault}"))
        }
    })?;
    if export.format != FORMAT {
        return Err(Finding::tampered(
            None,
            "the file is no export of this form",
        ));
    }
    let (checkpoint, witnessed_at) = trusted.open(&export.checkpoint)?;
    let head = *checkpoint.head();
    let hashes = check_places(&export.entries, &head)?;
    if export.entries.len() != export.entry_count {
        let why = format!(
            "the export has {} entries and says {}",
            export.entries.len(),
            export.entry_count
        );
        return Err(Finding::incomplete(None, why));
    }
    match export.application_id {
        Some(case) => check_chain(case, &export.entries, &hashes)?,
        None => check_gaps(&export.entries)?,
    }
    if let Some(kept) = kept {
        check_growth(kept, &head, export.growth.as_ref())?;
    }
    Ok(Sound {
        entries: export.entries.len(),
        head,
        witnessed_at,
    })
}

/// Each entry stands where the export says, and none stands twice.
fn check_places(entries: &[ExportedEntry], head: &TreeHead) -> Result<Vec<Hash>, Finding> {
    let (mut next, mut hashes) = (0, Vec::with_capacity(entries.len()));
    for ExportedEntry {
        index,
        entry,
        hashes: proof,
    } in entries
    {
        let at = Some(*index);
        if *index < next {
            return Err(Finding::tampered(at, "the entries are not in order"));
        }
        let proof = read_hashes(proof)
            .map_err(|_| Finding::tampered(at, "the proof is not written as it must be"))?;
        let hash = leaf_hash(entry.get().as_bytes());
        verify_inclusion(&hash, *index, head, &proof)
            .map_err(|fault| Finding::tampered(at, fault.to_string()))?;
        hashes.push(hash);
        next = index.saturating_add(1);
    }
    Ok(hashes)
}

fn read_hashes(hashes: &[String]) -> Result<Vec<Hash>, NotCanonical> {
    hashes.iter().map(|hash| Hash::from_hex(hash)).collect()
}

/// Nothing is left out between the first and the last entry.
fn check_gaps(entries: &[ExportedEntry]) -> Result<(), Finding> {
    let first = entries.first().map_or(0, |entry| entry.index);
    let missing = (first..)
        .zip(entries)
        .find(|(index, entry)| *index != entry.index);
    match missing {
        Some((index, _)) => Err(Finding::incomplete(Some(index), "an entry is missing")),
        None => Ok(()),
    }
}

/// What an entry says of a case.
#[derive(Deserialize)]
struct OfCase {
    case: Option<Link>,
    subjects: Vec<Concerned>,
}

#[derive(Deserialize)]
struct Concerned {
    id: Uuid,
}

#[derive(Deserialize)]
struct Link {
    id: ApplicationId,
    seq: u64,
    previous: Option<String>,
}

/// Every entry concerns the case, whose chain is whole: numbered from 1, each entry naming the one before. How long the chain
/// was in the end, only the log itself knows.
fn check_chain(
    case: ApplicationId,
    entries: &[ExportedEntry],
    hashes: &[Hash],
) -> Result<(), Finding> {
    let mut chain = Vec::new();
    for (entry, hash) in entries.iter().zip(hashes) {
        let at = Some(entry.index);
        let told: OfCase = serde_json::from_str(entry.entry.get())
            .map_err(|_| Finding::tampered(at, "the entry is not one of this log's form"))?;
        if !told.subjects.iter().any(|it| it.id == case.uuid()) {
            return Err(Finding::tampered(at, "the entry is not of this case"));
        }
        if let Some(link) = told.case.filter(|link| link.id == case) {
            chain.push((link.seq, entry.index, link.previous, hash.to_hex()));
        }
    }
    chain.sort();
    let mut last: Option<String> = None;
    for (expected, (number, index, previous, hash)) in (1..).zip(chain) {
        if number != expected {
            let why = format!("entry number {expected} of the case is missing");
            return Err(Finding::incomplete(None, why));
        }
        if previous != last {
            let why = "the entry does not continue the one before it in the case";
            return Err(Finding::tampered(Some(index), why));
        }
        last = Some(hash);
    }
    Ok(())
}

/// The log still holds all that a kept checkpoint vouched for.
fn check_growth(kept: &TreeHead, head: &TreeHead, growth: Option<&Growth>) -> Result<(), Finding> {
    if kept.size > head.size {
        let why = format!(
            "the log has {} entries here, and had {} in the kept checkpoint: ask for it anew",
            head.size, kept.size
        );
        return Err(Finding::incomplete(Some(head.size), why));
    }
    let proof = match growth.filter(|growth| growth.since == kept.size) {
        Some(growth) => read_hashes(&growth.hashes)
            .map_err(|_| Finding::tampered(None, "the growth is not written as it must be"))?,
        None if kept.size == head.size => Vec::new(),
        None => {
            let why = format!(
                "it does not show how the log grew since the kept checkpoint: ask for it with since={}",
                kept.size
            );
            return Err(Finding::incomplete(None, why));
        }
    };
    verify_consistency(kept, head, &proof).map_err(|fault| {
        let why = format!("the log does not continue the kept checkpoint: {fault}");
        Finding::tampered(None, why)
    })
}
