//! An export of the log as a file of JSON Lines: what it is, some of the log's entries with all it takes to check them offline,
//! the entries that tell what was erased of them, and a last line over all that stands before it.
//!
//! ```text
//! {"format":"rettbolig-audit-export/3", …}                  the manifest, with the signed checkpoint
//! {"index":17,"entry":{…},"hashes":[…],"segments":[…]}      `entryCount` entries, in the order of the log
//! {"index":92,"entry":{…},"hashes":[…]}                     `erasureCount` entries of erasures that the segments above refer to
//! {"end":{"lines":12,"sha256":"…"}}                         how many lines come before, and their digest
//! ```
//!
//! The `hashes` of a line are the proof of its entry's place. Where the entry stands in the log directly behind that of the line before,
//! the two ways to the root soon meet, and the line leaves out what it shares with the line before: so many hashes as are missing are
//! the last ones of that proof.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::canonical::sha256;
use super::segment::Opened;
use crate::clock::Instant;
use crate::http::JsonLines;
use crate::ids::ApplicationId;
use crate::problem::Problem;

/// Names the form of the file.
pub(super) const FORMAT: &str = "rettbolig-audit-export/3";

/// What the file is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: String,
    /// The case whose entries these are. Without one, no entry is left out between the first and the last.
    pub(super) application_id: Option<ApplicationId>,
    /// The period that was asked for.
    pub(super) from: Option<Instant>,
    pub(super) until: Option<Instant>,
    /// Whether what entries say of people was asked for.
    pub(super) disclosed: bool,
    pub(super) entry_count: usize,
    pub(super) erasure_count: usize,
    /// The signed checkpoint that the proofs lead to (c2sp.org/tlog-checkpoint).
    pub(super) checkpoint: String,
    /// The proof that the log continues the checkpoint that was asked for with `since`.
    pub(super) growth: Option<Growth>,
}

/// The proof that the log only grew since an earlier checkpoint.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Growth {
    /// The size of the log in that checkpoint.
    pub(super) since: u64,
    /// The proof (RFC 9162 section 2.1.4), lower-case hexadecimal.
    pub(super) hashes: Vec<String>,
}

/// An entry with the proof of its place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportedEntry {
    /// The place of the entry in the log, from 0.
    pub(super) index: u64,
    /// The entry, byte for byte as it was hashed (canonical JSON, RFC 8785).
    pub(super) entry: Box<RawValue>,
    /// The proof (RFC 9162 section 2.1.3), lower-case hexadecimal, from the sibling of the leaf upwards, without what it shares with the
    /// line before.
    pub(super) hashes: Vec<String>,
    /// What the entry says of people, in the order of its commitments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) segments: Vec<ExportedSegment>,
}

/// The same as it is read: from the text of the file, without a copy.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReadEntry<'t> {
    pub(super) index: u64,
    #[serde(borrow)]
    pub(super) entry: &'t RawValue,
    #[serde(borrow)]
    pub(super) hashes: Vec<&'t str>,
    #[serde(default)]
    pub(super) segments: Vec<ExportedSegment>,
}

/// What an entry says of a person, or why the export does not tell.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ExportedSegment {
    /// The salt and the text that were committed to.
    Opened(Opened),
    /// It was not asked for, or may not leave the house because the person's address is protected.
    Withheld,
    /// The person was erased by the entry with this id, which stands among the erasures.
    Erased(Uuid),
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LastLine {
    end: End,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    lines: usize,
    sha256: String,
}

/// An export, line by line.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) manifest: Manifest,
    pub(super) entries: Vec<ExportedEntry>,
    /// The entries of the erasures that the segments refer to.
    pub(super) erasures: Vec<ExportedEntry>,
}

/// An export as it is read.
#[derive(Debug)]
pub(super) struct ReadExport<'t> {
    pub(super) manifest: Manifest,
    pub(super) entries: Vec<ReadEntry<'t>>,
    pub(super) erasures: Vec<ReadEntry<'t>>,
    /// Whether the digest of the file is the one in its last line.
    pub(super) is_as_written: bool,
}

/// Why a file cannot be read as an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It ends too early.
    CutShort,
    /// It is something else.
    NoExport(String),
}

impl Export {
    /// The file.
    pub(super) fn write(&self) -> Result<JsonLines, Problem> {
        let unwritten = |fault: serde_json::Error| Problem::internal(fault.to_string());
        let mut text = serde_json::to_string(&self.manifest).map_err(unwritten)?;
        text.push('\n');
        for entry in self.entries.iter().chain(&self.erasures) {
            text.push_str(&serde_json::to_string(entry).map_err(unwritten)?);
            text.push('\n');
        }
        let end = End {
            lines: 1 + self.entries.len() + self.erasures.len(),
            sha256: sha256(text.as_bytes()).to_hex(),
        };
        text.push_str(&serde_json::to_string(&LastLine { end }).map_err(unwritten)?);
        text.push('\n');
        Ok(JsonLines::new(text))
    }
}

impl<'t> ReadExport<'t> {
    /// Reads the file.
    pub(super) fn read(text: &'t str) -> Result<Self, Unreadable> {
        let whole = text.strip_suffix('\n').ok_or(Unreadable::CutShort)?;
        let (body, last) = whole.rsplit_once('\n').ok_or(Unreadable::CutShort)?;
        let Ok(LastLine { end }) = serde_json::from_str(last) else {
            return Err(Unreadable::CutShort);
        };
        let mut lines = body.split('\n');
        let manifest: Manifest = lines
            .next()
            .map(read_line)
            .transpose()?
            .ok_or(Unreadable::CutShort)?;
        if manifest.format != FORMAT {
            let why = "the file is no export of this form".to_owned();
            return Err(Unreadable::NoExport(why));
        }
        let mut entries: Vec<ReadEntry<'t>> = lines.map(read_line).collect::<Result<_, _>>()?;
        let told = manifest.entry_count.checked_add(manifest.erasure_count);
        if end.lines != entries.len() + 1 || told != Some(entries.len()) {
            return Err(Unreadable::CutShort);
        }
        let erasures = entries.split_off(manifest.entry_count);
        // With the end of the last of those lines.
        let digested = whole.get(..=body.len()).unwrap_or(body);
        let is_as_written = sha256(digested.as_bytes()).to_hex() == end.sha256;
        Ok(Self {
            manifest,
            entries,
            erasures,
            is_as_written,
        })
    }
}

fn read_line<'l, T: Deserialize<'l>>(line: &'l str) -> Result<T, Unreadable> {
    serde_json::from_str(line)
        .map_err(|fault| Unreadable::NoExport(format!("the file is no export: {fault}")))
}
