//! Derives the sealed log anew from the entries in the database, and compares it with what is kept and was signed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use tokio::task::spawn_blocking;

use super::canonical::Hash;
use super::chain_check::Chained;
use super::checkpoint::Checkpoint;
use super::finding::{Disclosures, Finding, Sound};
use super::index_check::Expected;
use super::leaf_check::{Besides, CheckedPart, GONE};
use super::merkle::{Edge, NodeId};
use super::note::Note;
use super::note_key::Verifier;
use super::proof::TreeHead;
use super::sealed_entries::{part_end, part_from};
use super::spans::SPAN;
use super::tiles::HEIGHT;
use super::tree::SealedHead;
use super::{segment_check, spans, store, tiles, tree, waiting};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::MunicipalityId;
use crate::problem::Problem;

/// Parts of the log that are in hand at once: read, or checked by themselves, before they are put together.
const PARTS_AT_ONCE: usize = 3;

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
/// and its signature, the checkpoint that was `kept` elsewhere, if there is one, the chains of the cases, and the index by which the log
/// is asked. `tell` learns how far it has come.
pub async fn recheck(
    db: &Db,
    municipality: MunicipalityId,
    trusted: &[Verifier],
    kept: Option<TreeHead>,
    tell: impl Fn(u64),
) -> Result<Sound, RecheckFault> {
    let caller = Arc::new(Caller::system(municipality));
    let size = db.read(&caller, size_of).await?;
    let index = Expected::of(size);
    let kept_index = index.index().read(db, &caller);
    let walk = Walk {
        edge: Edge::default(),
        size,
        trusted: trusted.into(),
        kept,
        besides: Some(Besides {
            chains: Chained::default(),
            index,
        }),
    };
    // Side by side, and what the log itself says comes first.
    let (walked, kept_index) = tokio::join!(walk_to_the_end(db, &caller, walk, tell), kept_index);
    let (sound, besides) = walked?;
    if let Some(besides) = besides {
        besides.index.compare(&kept_index?)?;
    }
    Ok(sound)
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
    let (edge, size) = db.read(&caller, begin).await??;
    let walk = Walk {
        edge,
        size,
        trusted: trusted.into(),
        kept: None,
        besides: None,
    };
    let (sound, _) = walk_to_the_end(db, &caller, walk, |_| ()).await?;
    Ok(sound)
}

fn size_of(tx: &mut Tx<'_>) -> Result<u64, Problem> {
    let municipality = tx.municipality();
    let sealed = tree::find_latest(tx.conn(), municipality)?;
    Ok(sealed.map_or(0, |sealed| sealed.head.size))
}

/// The edge of the tree before its last entries, and its size. What is older is not derived anew.
fn take_up(tx: &mut Tx<'_>, entries: u64) -> Result<Result<(Edge, u64), Finding>, Problem> {
    let municipality = tx.municipality();
    let size = size_of(tx)?;
    let begun = size.saturating_sub(entries) / SPAN * SPAN;
    let nodes = tree::nodes(tx.conn(), municipality, Edge::nodes(begun))?;
    let edge = Edge::load(begun, &nodes).map(|edge| (edge, size));
    Ok(edge.map_err(Finding::missing))
}

async fn walk_to_the_end(
    db: &Db,
    caller: &Arc<Caller>,
    mut walk: Walk,
    tell: impl Fn(u64),
) -> Result<(Sound, Option<Besides>), RecheckFault> {
    let (begun, size, kept) = (walk.edge.head().size, walk.size, walk.kept);
    let firsts = std::iter::successors(Some(begun), |first| Some(part_end(*first)));
    let firsts = firsts.take_while(move |first| *first < size);
    // Nothing is taken in yet: each part begins with the same secrets and sums of nothing.
    let blank = walk.besides.clone();
    let checks = firsts.map(|first| checked(db, caller, (first, size), blank.clone()));
    let mut parts = pin!(stream::iter(checks).buffered(PARTS_AT_ONCE));
    while let Some(next) = parts.next().await {
        let checked = next?;
        let end = checked.part.end();
        walk = unhindered(move || walk.take(checked).map(|()| walk)).await??;
        tell(end);
    }
    let head = walk.edge.head();
    if head.size < size {
        return Err(Finding::tampered(Some(head.size), GONE).into());
    }
    let (ended, chained) = tokio::join!(
        db.read(caller, move |tx| check_end(tx, &head)),
        compare_chains(db, caller, walk.besides.as_ref(), head.size),
    );
    ended??;
    chained?;
    if kept.is_some_and(|kept| kept.size > head.size) {
        let why = "the log is shorter than the kept checkpoint says";
        return Err(Finding::tampered(Some(head.size), why).into());
    }
    let sound = Sound {
        entries: usize::try_from(head.size - begun).unwrap_or(usize::MAX),
        head,
        witnessed_at: None,
        disclosures: Disclosures::default(),
    };
    Ok((sound, walk.besides))
}

/// Holds the chains of the cases against all entries, where all were looked at.
async fn compare_chains(
    db: &Db,
    caller: &Arc<Caller>,
    besides: Option<&Besides>,
    size: u64,
) -> Result<(), RecheckFault> {
    if let Some(Besides { chains, .. }) = besides {
        let chains = chains.clone();
        let compare = move |tx: &mut Tx<'_>| chains.clone().compare(tx, size);
        db.read(caller, compare).await??;
    }
    Ok(())
}

/// Reads a part of the log and checks its entries. The connection is given back before they are checked.
async fn checked(
    db: &Db,
    caller: &Arc<Caller>,
    (first, size): (u64, u64),
    besides: Option<Besides>,
) -> Result<CheckedPart, RecheckFault> {
    let read = move |tx: &mut Tx<'_>| {
        let part = part_from(tx, first)?;
        let segments = segment_check::check(tx, &part)?;
        Ok((part, segments))
    };
    let (part, segments) = db.read(caller, read).await?;
    let check = move || CheckedPart::of(part, size, besides, segments);
    Ok(unhindered(check).await??)
}

/// Works where nobody else is held up.
async fn unhindered<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let working = spawn_blocking(work).await;
    working.map_err(|fault| Problem::internal(fault.to_string()))
}

/// How far a check has come.
struct Walk {
    edge: Edge,
    /// How many entries were sealed when it began: so far it goes at least.
    size: u64,
    trusted: Arc<[Verifier]>,
    kept: Option<TreeHead>,
    besides: Option<Besides>,
}

impl Walk {
    /// Takes in the next part of the log: its tree, its checkpoints, and what its entries say together with all others.
    fn take(&mut self, checked: CheckedPart) -> Result<(), Finding> {
        let CheckedPart {
            part,
            hashes,
            besides,
            segments,
        } = checked;
        let begun = self.edge.head().size;
        if part.first != begun {
            return Err(Finding::tampered(Some(begun), GONE));
        }
        let end = part.end();
        if end == part.first || end < self.size && !end.is_multiple_of(SPAN) {
            return Err(Finding::tampered(Some(end), GONE));
        }
        let mut hashes = hashes.into_iter();
        let mut created = Vec::new();
        for stop in self.stops(&part.checkpoints, part.first..end) {
            let count = usize::try_from(stop - self.edge.head().size).unwrap_or(usize::MAX);
            let leaves: Vec<Hash> = hashes.by_ref().take(count).collect();
            created.extend(self.edge.append(&leaves));
            self.check_stop(part.checkpoints.get(&stop))?;
        }
        // The leaves among them were held against their entries above.
        let is_kept = |id: &NodeId| id.level > 0 && id.level.is_multiple_of(HEIGHT);
        created.retain(|(id, _)| is_kept(id));
        let changed = created
            .iter()
            .find(|(id, hash)| part.hashes(id.level / HEIGHT, id.index).first() != Some(hash));
        if let Some((id, _)) = changed {
            let why = "the kept tree is not that of the entries";
            return Err(Finding::tampered(Some(id.index << id.level), why));
        }
        if let (Some(all), Some(its)) = (&mut self.besides, &besides) {
            all.add(its);
        }
        segments
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

/// Nothing was signed beyond the end, nothing stands there unsigned, and every entry is sealed or waits for its seal.
fn check_end(tx: &mut Tx<'_>, head: &TreeHead) -> Result<Result<(), Finding>, Problem> {
    let municipality = tx.municipality();
    // All in one transaction, so that what is recorded or sealed meanwhile is not taken for lost.
    let entries = store::count(tx)?;
    let waiting = waiting::count(tx)?;
    let sealed = size_of(tx)?;
    let leaves = spans::count(tx.conn(), municipality)?;
    if sealed < head.size.max(leaves) {
        let why = "there are leaves that no checkpoint covers";
        return Ok(Err(Finding::tampered(Some(sealed), why)));
    }
    if leaves < sealed {
        return Ok(Err(Finding::tampered(Some(head.size), GONE)));
    }
    let kept = tiles::count(tx.conn(), municipality)?;
    let is_whole = |level| kept.get(&level).copied().unwrap_or(0) == tiles::expected(level, sealed);
    if !(0..tiles::LEVELS).all(is_whole) {
        let why = "hashes of the kept tree are gone, or there are some of no entries";
        return Ok(Err(Finding::tampered(None, why)));
    }
    let lost = entries.saturating_sub(leaves.saturating_add(waiting));
    if lost > 0 {
        let why = format!("{lost} entries have no place in the log and do not wait for one");
        return Ok(Err(Finding::tampered(None, why)));
    }
    Ok(Ok(()))
}
