//! Checks an export with nothing but the trusted keys: places, gaps, chains, commitments, erasures.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::NotCanonical;
use super::canonical::{Hash, leaf_hash};
use super::export::{ExportedSegment, Growth, ReadEntry, ReadExport, Unreadable};
use super::finding::{Disclosures, Finding, Sound};
use super::inclusions::Inclusions;
use super::proof::{TreeHead, verify_consistency};
use super::segment::Committed;
use super::trusted::Trusted;
use crate::ids::{ApplicationId, PersonId};

/// Checks an export, and that it continues a checkpoint that was `kept` from earlier, where there is one.
pub(super) fn verify_export(
    text: &str,
    trusted: &Trusted,
    kept: Option<&TreeHead>,
) -> Result<Sound, Finding> {
    let export = ReadExport::read(text).map_err(|fault| match fault {
        Unreadable::CutShort => Finding::incomplete(None, "the file ends too early"),
        Unreadable::NoExport(why) => Finding::tampered(None, why),
    })?;
    let (checkpoint, witnessed_at) = trusted.open(&export.manifest.checkpoint)?;
    let head = *checkpoint.head();
    check_order(&export.entries)?;
    let checked = Checked::all(&export.entries, &head)?;
    match export.manifest.application_id {
        Some(case) => check_case(case, &checked)?,
        None => check_gaps(&export.entries)?,
    }
    check_chains(&checked, export.manifest.application_id)?;
    let erasures = erasures(&export.erasures, &head)?;
    let disclosures = check_segments(&checked, &erasures, export.manifest.disclosed)?;
    if let Some(kept) = kept {
        check_growth(kept, &head, export.manifest.growth.as_ref())?;
    }
    if !export.is_as_written {
        return Err(Finding::tampered(None, "the file is not as it was written"));
    }
    Ok(Sound {
        entries: export.entries.len(),
        head,
        witnessed_at,
        disclosures,
    })
}

/// What an entry says that is checked.
#[derive(Deserialize)]
struct Told<'e> {
    #[serde(borrow)]
    case: Option<Link<'e>>,
    #[serde(borrow)]
    subjects: &'e RawValue,
    #[serde(default)]
    segments: Vec<Committed>,
}

#[derive(Deserialize)]
struct Concerned {
    id: Uuid,
}

#[derive(Deserialize)]
struct Link<'e> {
    id: ApplicationId,
    seq: u64,
    #[serde(borrow)]
    previous: Option<&'e str>,
}

impl Told<'_> {
    fn concerns(&self, case: ApplicationId) -> bool {
        let subjects: Vec<Concerned> =
            serde_json::from_str(self.subjects.get()).unwrap_or_default();
        subjects.iter().any(|it| it.id == case.uuid())
    }
}

/// An entry whose place is proved.
struct Checked<'e> {
    exported: &'e ReadEntry<'e>,
    hash: Hash,
    told: Told<'e>,
}

impl<'e> Checked<'e> {
    fn all(entries: &'e [ReadEntry<'e>], head: &TreeHead) -> Result<Vec<Self>, Finding> {
        let mut places = Inclusions::of(head);
        entries
            .iter()
            .map(|exported| Self::one(exported, &mut places))
            .collect()
    }

    /// The entry stands where the export says.
    fn one(exported: &'e ReadEntry<'e>, places: &mut Inclusions<'_>) -> Result<Self, Finding> {
        let at = Some(exported.index);
        let lower = read_hashes(&exported.hashes)
            .map_err(|_| Finding::tampered(at, "the proof is not written as it must be"))?;
        let text = exported.entry.get();
        let hash = leaf_hash(text.as_bytes());
        let before = exported.index.checked_sub(1);
        let is_behind = before.is_some() && places.last() == before;
        let proof = if is_behind {
            places.complete(exported.index, lower)
        } else if places.is_cut(exported.index, &lower) {
            return Err(Finding::incomplete(before, "an entry is missing"));
        } else {
            Ok(lower)
        };
        proof
            .and_then(|proof| places.verify(&hash, exported.index, proof))
            .map_err(|fault| Finding::tampered(at, fault.to_string()))?;
        let told = serde_json::from_str(text)
            .map_err(|_| Finding::tampered(at, "the entry is not one of this log's form"))?;
        Ok(Self {
            exported,
            hash,
            told,
        })
    }

    const fn at(&self) -> u64 {
        self.exported.index
    }
}

fn read_hashes(hashes: &[impl AsRef<str>]) -> Result<Vec<Hash>, NotCanonical> {
    hashes
        .iter()
        .map(|hash| Hash::from_hex(hash.as_ref()))
        .collect()
}

/// The entries stand in the order of the log, and none twice.
fn check_order(entries: &[ReadEntry<'_>]) -> Result<(), Finding> {
    let pairs = entries.iter().zip(entries.iter().skip(1));
    match pairs
        .into_iter()
        .find(|(one, next)| next.index <= one.index)
    {
        Some((_, entry)) => {
            let why = "the entries are not in order";
            Err(Finding::tampered(Some(entry.index), why))
        }
        None => Ok(()),
    }
}

/// Nothing is left out between the first and the last entry.
fn check_gaps(entries: &[ReadEntry<'_>]) -> Result<(), Finding> {
    let first = entries.first().map_or(0, |entry| entry.index);
    let missing = (first..)
        .zip(entries)
        .find(|(index, entry)| *index != entry.index);
    match missing {
        Some((index, _)) => Err(Finding::incomplete(Some(index), "an entry is missing")),
        None => Ok(()),
    }
}

/// Every entry concerns the case.
fn check_case(case: ApplicationId, entries: &[Checked<'_>]) -> Result<(), Finding> {
    let foreign = entries.iter().find(|entry| !entry.told.concerns(case));
    match foreign {
        Some(entry) => Err(Finding::tampered(
            Some(entry.at()),
            "the entry is not of this case",
        )),
        None => Ok(()),
    }
}

/// The chain of every case is whole as far as it is here: each entry names the one before, and that of the exported `case` is
/// numbered from 1. How long a chain was in the end, only the log itself knows.
fn check_chains(entries: &[Checked<'_>], case: Option<ApplicationId>) -> Result<(), Finding> {
    let linked = entries
        .iter()
        .filter_map(|entry| Some((entry.told.case.as_ref()?, entry)));
    // Another case's entry that concerns the exported one stands alone here.
    let is_wanted = |(link, _): &Linked<'_>| case.is_none_or(|case| case == link.id);
    let mut linked: Vec<Linked<'_>> = linked.filter(is_wanted).collect();
    // Those of one number stay in the order of the log.
    linked.sort_by_key(|(link, _)| (link.id, link.seq));
    let number = |(link, _): &Linked<'_>| (link.id, link.seq);
    let mut pairs = linked.iter().zip(linked.iter().skip(1));
    if let Some((_, (_, entry))) = pairs.find(|(one, other)| number(one) == number(other)) {
        let why = "two entries of the case have one number";
        return Err(Finding::tampered(Some(entry.at()), why));
    }
    for chain in linked.chunk_by(|(one, _), (other, _)| one.id == other.id) {
        let first = chain.first().map_or(1, |(link, _)| link.seq);
        check_chain(chain, case.map_or(first, |_| 1))?;
    }
    Ok(())
}

/// An entry of a case, with its place in the case's chain.
type Linked<'e> = (&'e Link<'e>, &'e Checked<'e>);

fn check_chain(chain: &[Linked<'_>], begin: u64) -> Result<(), Finding> {
    let mut last: Option<Hash> = None;
    for (expected, (link, entry)) in (begin..).zip(chain) {
        if link.seq != expected {
            let why = format!("entry number {expected} of the case is missing");
            return Err(Finding::incomplete(None, why));
        }
        let is_last = match (link.previous, last) {
            (Some(previous), Some(last)) => Hash::from_hex(previous) == Ok(last),
            (previous, last) => previous.is_none() && last.is_none(),
        };
        // Before the first that is here there may be others, but never before number 1.
        if (expected > begin || expected == 1) && !is_last {
            let why = "the entry does not continue the one before it in the case";
            return Err(Finding::tampered(Some(entry.at()), why));
        }
        last = Some(entry.hash);
    }
    Ok(())
}

/// Whom an entry of an erasure erased.
struct Erasure {
    person: PersonId,
    index: u64,
}

/// What the entry of an erasure says of it.
#[derive(Deserialize)]
struct OfErasure<'e> {
    id: Uuid,
    action: &'e str,
    facts: ErasureFacts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErasureFacts {
    person: PersonId,
    ground: String,
    approvers: Vec<Uuid>,
}

/// The action of the entry by which a person is erased.
pub(super) const ERASED: &str = "person.erased";

/// The erasures by their entries' ids: each proved to stand in the log, on a legal ground and approved by two.
fn erasures(
    entries: &[ReadEntry<'_>],
    head: &TreeHead,
) -> Result<BTreeMap<Uuid, Erasure>, Finding> {
    let mut erasures = BTreeMap::new();
    for entry in Checked::all(entries, head)? {
        let at = Some(entry.at());
        let told: Option<OfErasure<'_>> = serde_json::from_str(entry.exported.entry.get()).ok();
        let OfErasure { id, facts, .. } = told
            .filter(|told| told.action == ERASED)
            .ok_or_else(|| Finding::tampered(at, "the entry tells of no erasure"))?;
        let is_by_two = matches!(facts.approvers.as_slice(), [one, other] if one != other);
        if !is_by_two || facts.ground.is_empty() {
            let why = "the erasure was not approved by two on a legal ground";
            return Err(Finding::tampered(at, why));
        }
        let erasure = Erasure {
            person: facts.person,
            index: entry.exported.index,
        };
        erasures.insert(id, erasure);
    }
    Ok(erasures)
}

/// Each commitment is answered for: by the text it was made of, or by the erasure that took it.
fn check_segments(
    entries: &[Checked<'_>],
    erasures: &BTreeMap<Uuid, Erasure>,
    disclosed: bool,
) -> Result<Disclosures, Finding> {
    let mut counted = Disclosures::default();
    for entry in entries {
        let (at, committed) = (Some(entry.at()), &entry.told.segments);
        let segments = &entry.exported.segments;
        if segments.len() != committed.len() {
            let why = format!(
                "the entry commits to {} segments, and there are {}",
                committed.len(),
                segments.len()
            );
            return Err(Finding::incomplete(at, why));
        }
        for (committed, segment) in committed.iter().zip(segments) {
            check_segment(committed, segment, entry.exported.index, erasures)
                .map_err(|why| Finding::tampered(at, why))?;
            match segment {
                ExportedSegment::Opened(_) if !disclosed => {
                    let why = "the manifest says that no segment is disclosed";
                    return Err(Finding::tampered(at, why));
                }
                ExportedSegment::Opened(_) => counted.opened += 1,
                ExportedSegment::Withheld => counted.withheld += 1,
                ExportedSegment::Erased(_) => counted.erased += 1,
            }
        }
    }
    Ok(counted)
}

fn check_segment(
    committed: &Committed,
    segment: &ExportedSegment,
    index: u64,
    erasures: &BTreeMap<Uuid, Erasure>,
) -> Result<(), &'static str> {
    let of_person = |it: &&Erasure| it.person == committed.person && index < it.index;
    match segment {
        ExportedSegment::Opened(opened) if !opened.is_of(committed) => {
            Err("the segment is not the one that was committed to")
        }
        ExportedSegment::Opened(_) if erasures.values().any(|it| it.person == committed.person) => {
            Err("the segment is disclosed, and its person was erased")
        }
        ExportedSegment::Erased(by) if !erasures.get(by).is_some_and(|it| of_person(&it)) => {
            Err("the segment is gone, and no entry here tells of its erasure")
        }
        ExportedSegment::Opened(_) | ExportedSegment::Erased(_) | ExportedSegment::Withheld => {
            Ok(())
        }
    }
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
