//! Holds the entries of a part of the log against its leaves. What needs no other part is checked here, so that some parts can be checked
//! at once; what parts say together is added up.

use super::canonical::{Hash, leaf_hash};
use super::chain_check::Chained;
use super::finding::Finding;
use super::index_check::Expected;
use super::sealed_entries::Part;
use super::spans::{SPAN, Span};
use super::told::Told;

/// What is found where the log ends too early.
pub(super) const GONE: &str = "leaves are gone that a checkpoint covers";

/// What only a check of the whole log can say: sums, which do not depend on the order of the entries.
#[derive(Clone)]
pub(super) struct Besides {
    /// Whether the entries of each case make one chain.
    pub(super) chains: Chained,
    /// What the index by which the log is asked must have.
    pub(super) index: Expected,
}

impl Besides {
    /// Adds what another has taken in.
    pub(super) fn add(&mut self, other: &Self) {
        self.chains.add_all_of(&other.chains);
        self.index.add_all_of(&other.index);
    }
}

/// A part of the log whose entries are those of its leaves.
pub(super) struct CheckedPart {
    pub(super) part: Part,
    /// The hashes of its entries.
    pub(super) hashes: Vec<Hash>,
    /// What its entries say for the whole log.
    pub(super) besides: Option<Besides>,
    /// Whether what they commit to of people is kept.
    pub(super) segments: Result<(), Finding>,
}

impl CheckedPart {
    /// Checks a part of a log that had this size when the check began.
    pub(super) fn of(
        part: Part,
        size: u64,
        mut besides: Option<Besides>,
        segments: Result<(), Finding>,
    ) -> Result<Self, Finding> {
        let hashes = check(&part, size, besides.as_mut())?;
        Ok(Self {
            part,
            hashes,
            besides,
            segments,
        })
    }
}

/// Every leaf is there, each is the hash of its entry, and its span tells rightly by which id and time it is found.
fn check(part: &Part, size: u64, mut besides: Option<&mut Besides>) -> Result<Vec<Hash>, Finding> {
    let mut hashes = Vec::with_capacity(part.leaves.len());
    let mut leaves = (part.first..).zip(part.leaves.iter().zip(&part.texts));
    for span in &part.spans {
        let mut sealed = part.hashes(0, span.first()).iter();
        let mut derived: Option<Span> = None;
        let count = usize::try_from(span.end() - span.first()).unwrap_or(usize::MAX);
        for (expected, (leaf, text)) in leaves.by_ref().take(count) {
            let at = Some(expected);
            if leaf.index != expected {
                return Err(Finding::tampered(at, "a leaf is gone"));
            }
            let text = text.as_deref();
            let text = text.ok_or_else(|| Finding::tampered(at, "the entry is gone"))?;
            let hash = leaf_hash(text.as_bytes());
            match sealed.next() {
                Some(sealed) if *sealed == hash => hashes.push(hash),
                Some(_) => {
                    let why = "the entry is not the one that was sealed";
                    return Err(Finding::tampered(at, why));
                }
                None => return Err(Finding::tampered(at, "the hash of a leaf is gone")),
            }
            let told = Told::read(text)
                .map_err(|_| Finding::tampered(at, "the entry is not one of this log's form"))?;
            if told.id != leaf.entry {
                return Err(Finding::tampered(at, "the entry stands under another's id"));
            }
            if let Some(besides) = &mut besides {
                besides.chains.add(&told, hash);
                besides.index.add(expected, &told);
            }
            match &mut derived {
                Some(derived) => derived.push(told.id, told.recorded_at),
                None => derived = Some(Span::begin(expected, told.id, told.recorded_at)),
            }
        }
        if derived.as_ref() != Some(span) {
            // Of a span that was cut, the bounds are wrong as well: what is gone is said first.
            if span.end() < size.min(span.first() + SPAN) {
                return Err(Finding::tampered(Some(span.end()), GONE));
            }
            let why = "the ids and times by which entries are found are not theirs";
            return Err(Finding::tampered(Some(span.first()), why));
        }
    }
    Ok(hashes)
}
