//! Derives the sealed log anew from the entries in the database, and compares it with what is kept and was signed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

use super::canonical::{Hash, leaf_hash};
use super::checkpoint::Checkpoint;
use super::exporting::erasure_of;
use super::finding::{Disclosures, Finding, Sound};
use super::merkle::Edge;
use super::note::Note;
use super::note_key::Verifier;
use super::proof::TreeHead;
use super::sealed_entries::{SealedEntry, sealed_entries};
use super::segment::Committed;
use super::tree::SealedHead;
use super::{segments, store, tree, waiting};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// Entries that are checked in one transaction.
const STEP: u64 = 1000;
/// The height from which on subtrees are counted at start: few enough at ten million entries, and each stands for 64 entries and more.
const LEVEL_COUNTED: u32 = 6;

/// Why a check did not end well.
#[derive(Debug)]
pub enum RecheckFault {
    /// The log is not what it was.
    Found(Finding),
    /// The database could not be read.
    Unread(Problem),
}

impl From<Finding> for RecheckFault {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

impl From<Problem> for RecheckFault {
    fn from(problem: Problem) -> Self {
        Self::Unread(problem)
    }
}

/// Checks a municipality's whole log: every entry against its leaf, every leaf against the tree, every checkpoint against both
/// and its signature, and the checkpoint that was `kept` elsewhere, if there is one. `tell` learns how far it has come.
pub async fn recheck(
    db: &Db,
    municipality: MunicipalityId,
    trusted: &[Verifier],
    kept: Option<TreeHead>,
    tell: impl Fn(u64),
) -> Result<Sound, RecheckFault> {
    let walk = Walk {
        edge: Edge::default(),
        trusted: trusted.into(),
        kept,
    };
    walk_to_the_end(db, municipality, walk, tell).await
}

/// Checks the last entries of a municipality's log, at least so many, in the same way.
pub async fn recheck_last(
    db: &Db,
    municipality: MunicipalityId,
    trusted: &[Verifier],
    entries: u64,
) -> Result<Sound, RecheckFault> {
    let begin = move |tx: &mut Tx<'_>| take_up(tx, entries);
    let caller = Arc::new(Caller::system(municipality));
    let walk = Walk {
        edge: db.read(&caller, begin).await??,
        trusted: trusted.into(),
        kept: None,
    };
    walk_to_the_end(db, municipality, walk, |_| ()).await
}

/// The edge of the tree before its last entries. What is older is not derived anew, but its larger subtrees are counted: without
/// them nothing could be proved of what they hold.
fn take_up(tx: &mut Tx<'_>, entries: u64) -> Result<Result<Edge, Finding>, Problem> {
    let municipality = tx.municipality();
    let sealed = tree::find_latest(tx.conn(), municipality)?;
    let size = sealed.map_or(0, |sealed| sealed.head.size);
    let begun = size.saturating_sub(entries);
    let nodes = tree::nodes(tx.conn(), municipality, Edge::nodes(begun))?;
    let edge = match Edge::load(begun, &nodes) {
        Ok(edge) => edge,
        Err(missing) => return Ok(Err(Finding::missing(missing))),
    };
    let wanted: u64 = (LEVEL_COUNTED..u64::BITS).map(|level| size >> level).sum();
    let counted = tree::count_nodes(tx.conn(), municipality, LEVEL_COUNTED)?;
    if counted < wanted {
        let why = format!("{} nodes of the kept tree are gone", wanted - counted);
        return Ok(Err(Finding::tampered(None, why)));
    }
    Ok(Ok(edge))
}

async fn walk_to_the_end(
    db: &Db,
    municipality: MunicipalityId,
    mut walk: Walk,
    tell: impl Fn(u64),
) -> Result<Sound, RecheckFault> {
    let caller = Arc::new(Caller::system(municipality));
    let (begun, kept) = (walk.edge.head().size, walk.kept);
    loop {
        let before = walk.edge.head().size;
        let from_here = walk.clone();
        walk = db
            .read(&caller, move |tx| from_here.clone().step(tx))
            .await??;
        let after = walk.edge.head().size;
        if after == before {
            break;
        }
        tell(after);
    }
    let head = walk.edge.head();
    db.read(&caller, move |tx| check_end(tx, &head)).await??;
    if kept.is_some_and(|kept| kept.size > head.size) {
        let why = "the log is shorter than the kept checkpoint says";
        return Err(Finding::tampered(Some(head.size), why).into());
    }
    Ok(Sound {
        entries: usize::try_from(head.size - begun).unwrap_or(usize::MAX),
        head,
        witnessed_at: None,
        disclosures: Disclosures::default(),
    })
}

/// How far a check has come.
#[derive(Clone)]
struct Walk {
    edge: Edge,
    trusted: Arc<[Verifier]>,
    kept: Option<TreeHead>,
}

impl Walk {
    /// Checks the next leaves; nothing is left when the edge did not move.
    fn step(mut self, tx: &mut Tx<'_>) -> Result<Result<Self, Finding>, Problem> {
        let municipality = tx.municipality();
        let first = self.edge.head().size;
        let range = first..first.saturating_add(STEP);
        let leaves = sealed_entries(tx, range)?;
        if let Err(finding) = check_leaves(first, &leaves) {
            return Ok(Err(finding));
        }
        if let Err(finding) = check_segments(tx, &leaves)? {
            return Ok(Err(finding));
        }
        let end = first.saturating_add(u64::try_from(leaves.len()).unwrap_or(STEP));
        let sealed = tree::checkpoints(tx.conn(), municipality, first + 1..end + 1)?;
        let mut created = Vec::new();
        let mut hashes = leaves.iter().map(|leaf| leaf.hash);
        let mut reached = first;
        for stop in self.stops(&sealed, first..end) {
            let count = usize::try_from(stop - reached).unwrap_or(usize::MAX);
            let part: Vec<Hash> = hashes.by_ref().take(count).collect();
            created.extend(self.edge.append(&part));
            reached = stop;
            if let Err(finding) = self.check_stop(sealed.get(&stop)) {
                return Ok(Err(finding));
            }
        }
        // The leaves among them were held against their entries above.
        created.retain(|(id, _)| id.level > 0);
        let nodes = tree::nodes(tx.conn(), municipality, created.iter().map(|(id, _)| *id))?;
        let changed = created
            .iter()
            .find(|(id, hash)| nodes.get(id) != Some(hash));
        Ok(match changed {
            None => Ok(self),
            Some((id, _)) => Err(Finding::tampered(
                Some(id.index << id.level),
                "the kept tree is not that of the entries",
            )),
        })
    }

    /// Where the tree is looked at on the way: at every checkpoint, at the kept one, and at the end of the step.
    fn stops(&self, sealed: &BTreeMap<u64, SealedHead>, part: Range<u64>) -> Vec<u64> {
        let kept = self.kept.map(|kept| kept.size);
        let kept = kept.filter(|size| (part.start + 1..part.end).contains(size));
        let mut stops: Vec<u64> = sealed
            .keys()
            .copied()
            .chain(kept)
            .chain([part.end])
            .collect();
        stops.sort_unstable();
        stops.dedup();
        stops
    }

    fn check_stop(&self, sealed: Option<&SealedHead>) -> Result<(), Finding> {
        let head = self.edge.head();
        let last = head.size.checked_sub(1);
        if let Some(kept) = self.kept.filter(|kept| kept.size == head.size)
            && kept.root != head.root
        {
            let why = "the entries up to here are not those of the kept checkpoint";
            return Err(Finding::tampered(last, why));
        }
        let Some(sealed) = sealed else {
            return Ok(());
        };
        if sealed.head != head {
            let why = "the entries up to here are not those of the checkpoint that was signed";
            return Err(Finding::tampered(last, why));
        }
        let note = Note::parse(&sealed.note).map_err(Finding::of_checkpoint)?;
        let signed = Checkpoint::open(&note, &self.trusted);
        let signed = signed.map_err(Finding::of_checkpoint)?;
        if signed.head() == &head {
            Ok(())
        } else {
            let why = "the signed checkpoint says something else than its row";
            Err(Finding::tampered(last, why))
        }
    }
}

/// Every leaf is there, and each is the hash of its entry.
fn check_leaves(first: u64, leaves: &[SealedEntry]) -> Result<(), Finding> {
    for (expected, leaf) in (first..).zip(leaves) {
        if leaf.index != expected {
            return Err(Finding::tampered(Some(expected), "a leaf is gone"));
        }
        let at = Some(leaf.index);
        let Some((told, body)) = &leaf.entry else {
            return Err(Finding::tampered(at, "the entry is gone"));
        };
        if leaf_hash(body.as_bytes()) != leaf.hash || *told != leaf.hash {
            return Err(Finding::tampered(
                at,
                "the entry is not the one that was sealed",
            ));
        }
    }
    Ok(())
}

/// What an entry says of its segments, and an erasure of whom it erased.
#[derive(Deserialize)]
struct OfSegments {
    #[serde(default)]
    segments: Vec<Committed>,
}

/// Each commitment has its sealed text, or its person was erased. What the text says, only the person's key can tell.
fn check_segments(tx: &mut Tx<'_>, leaves: &[SealedEntry]) -> Result<Result<(), Finding>, Problem> {
    let mut committing = Vec::new();
    for leaf in leaves {
        let text = leaf.entry.as_ref().map(|(_, body)| body);
        let text = text.filter(|text| text.contains("\"segments\":"));
        let told = text.and_then(|text| serde_json::from_str::<OfSegments>(text).ok());
        committing.extend(told.map(|told| (leaf, told.segments)));
    }
    let ids: Vec<EntryId> = committing.iter().map(|(leaf, _)| leaf.id).collect();
    let kept = segments::of_entries(tx, &ids)?;
    for (leaf, committed) in committing {
        for (place, committed) in (0..).zip(committed) {
            let is_there = match kept.get(&(leaf.id, place)) {
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

/// Nothing was signed beyond the end, nothing stands there unsigned, and every entry is sealed or waits for its seal.
fn check_end(tx: &mut Tx<'_>, head: &TreeHead) -> Result<Result<(), Finding>, Problem> {
    let municipality = tx.municipality();
    // In this order, so that what is recorded or sealed meanwhile is not taken for lost.
    let entries = store::count(tx)?;
    let waiting = waiting::count(tx)?;
    let sealed = tree::find_latest(tx.conn(), municipality)?.map_or(0, |last| last.head.size);
    if sealed < head.size {
        let why = "there are leaves that no checkpoint covers";
        return Ok(Err(Finding::tampered(Some(sealed), why)));
    }
    let leaves = tree::count_leaves(tx.conn(), municipality)?;
    if leaves < sealed {
        let why = "leaves are gone that a checkpoint covers";
        return Ok(Err(Finding::tampered(Some(head.size), why)));
    }
    let lost = entries.saturating_sub(leaves.saturating_add(waiting));
    if lost > 0 {
        let why = format!("{lost} entries have no place in the log and do not wait for one");
        return Ok(Err(Finding::tampered(None, why)));
    }
    Ok(Ok(()))
}
