//! Holds the chains of the cases against the entries: each case numbers its entries without a gap and gives no number twice, each entry
//! names the one before it, and the chain's row names the last.
//!
//! Then every entry is named once, by the next of its case or by the row. So two sums are compared: over the digests of what the
//! entries are (case, number, hash), and over those of what is named. The digests are made with a secret of this check alone, so nobody
//! can choose what to change for the sums to agree; and it does not matter in which order the entries come.

use std::hash::{BuildHasher as _, RandomState};

use super::canonical::{Hash, leaf_hash};
use super::finding::Finding;
use super::told::Told;
use super::{chains, spans, store, tree, waiting};
use crate::db::Tx;
use crate::ids::{ApplicationId, EntryId};
use crate::problem::Problem;

/// What the entries seen so far are, and what they name.
#[derive(Debug, Clone, Default)]
pub(super) struct Chained {
    secret: RandomState,
    are: u64,
    named: u64,
}

impl Chained {
    /// Takes in all that another of this check has taken in.
    pub(super) const fn add_all_of(&mut self, other: &Self) {
        self.are = self.are.wrapping_add(other.are);
        self.named = self.named.wrapping_add(other.named);
    }

    /// Takes in an entry with its hash.
    pub(super) fn add(&mut self, told: &Told<'_>, hash: Hash) {
        let Some(link) = &told.case else { return };
        self.are = self.are.wrapping_add(self.digest(link.id, link.seq, hash));
        // A name that is none is of no entry.
        let previous = link.previous.and_then(|it| Hash::from_hex(it).ok());
        if let Some(previous) = previous {
            self.name(link.id, link.seq.wrapping_sub(1), previous);
        }
    }

    fn name(&mut self, case: ApplicationId, number: u64, hash: Hash) {
        self.named = self.named.wrapping_add(self.digest(case, number, hash));
    }

    fn digest(&self, case: ApplicationId, number: u64, hash: Hash) -> u64 {
        self.secret
            .hash_one((case.uuid().as_u128(), number, hash.0))
    }

    /// Takes in what came after the first `size` entries, sealed or waiting, and the rows; all of one moment.
    pub(super) fn compare(
        mut self,
        tx: &mut Tx<'_>,
        size: u64,
    ) -> Result<Result<(), Finding>, Problem> {
        let municipality = tx.municipality();
        let sealed = tree::find_latest(tx.conn(), municipality)?.map_or(size, |it| it.head.size);
        let later = spans::leaves(tx.conn(), municipality, size..sealed)?;
        let later: Vec<EntryId> = later.into_iter().map(|leaf| leaf.entry).collect();
        self.add_all(tx, &later)?;
        let mut last = EntryId::NIL;
        loop {
            let more = waiting::behind(tx.conn(), municipality, last, waiting::BATCH)?;
            let Some(id) = more.last() else { break };
            last = *id;
            self.add_all(tx, &more)?;
        }
        let mut last = ApplicationId::NIL;
        loop {
            let more = chains::after(tx.conn(), municipality, last)?;
            let Some((case, ..)) = more.last() else { break };
            last = *case;
            for (case, length, head) in more {
                self.name(case, length, head);
            }
        }
        Ok(if self.are == self.named {
            Ok(())
        } else {
            let why = "the entries of a case do not make one chain: a number is missing or given twice, or an entry does not continue \
                       the one before it";
            Err(Finding::tampered(None, why))
        })
    }

    fn add_all(&mut self, tx: &mut Tx<'_>, ids: &[EntryId]) -> Result<(), Problem> {
        let municipality = tx.municipality();
        for (_, body) in store::bodies(tx.conn(), municipality, ids)? {
            self.add(&Told::read(&body)?, leaf_hash(body.as_bytes()));
        }
        Ok(())
    }
}
