//! Holds the index by which the log is asked against the entries: it must have what follows from them, and nothing else.
//!
//! Two sums are compared, over the digests of each key with each of its places: one as the entries say, one as the index has it. The
//! digests are made with a secret of this check alone, so nobody can choose what to leave out and what to add for the sums to agree.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::finding::Finding;
use super::keys::{Key, Keys};
use super::recheck::RecheckFault;
use super::told::Told;
use super::{postings, tree};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::problem::Problem;

/// Blocks that are read in one transaction.
const STEP: i64 = 8_000;

/// What the index must have of the log's first entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    index: Index,
    keys: Keys,
}

impl Expected {
    /// Of so many entries nothing was taken in yet.
    pub(super) fn of(size: u64) -> Self {
        let index = Index {
            size,
            ..Index::default()
        };
        Self {
            index,
            keys: Keys::default(),
        }
    }

    /// Takes in all that another of this check has taken in.
    pub(super) const fn add_all_of(&mut self, other: &Self) {
        self.index.sum = self.index.sum.wrapping_add(other.index.sum);
    }

    /// Takes in an entry of the log.
    pub(super) fn add(&mut self, place: u64, told: &Told<'_>) {
        for key in self.keys.of(told) {
            self.index.add(key, place);
        }
    }

    /// What there is to be read of the index, to be compared in the end.
    pub(super) fn index(&self) -> Index {
        Index {
            sum: 0,
            ..self.index.clone()
        }
    }

    /// Compares what the index must have with what it has.
    pub(super) fn compare(&self, kept: &Index) -> Result<(), Finding> {
        if kept.sum == self.index.sum {
            Ok(())
        } else {
            Err(damaged("it is not that of the entries"))
        }
    }
}

/// The sum over an index, as far as it concerns the log's first entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    secret: RandomState,
    size: u64,
    sum: u64,
}

impl Index {
    /// Takes in that an entry is found by a key. What was sealed since the check began is not compared.
    fn add(&mut self, key: Key, place: u64) {
        if place < self.size {
            let digest = self.secret.hash_one((key.uuid().as_u128(), place));
            self.sum = self.sum.wrapping_add(digest);
        }
    }

    /// Reads all that is kept of the index.
    pub(super) async fn read(self, db: &Db, caller: &Arc<Caller>) -> Result<Self, RecheckFault> {
        let mut walk = Walk {
            index: self,
            last: (Key::NIL, -1),
            place: None,
        };
        loop {
            let before = walk.last;
            walk = db.read(caller, move |tx| walk.clone().step(tx)).await??;
            if walk.last == before {
                return Ok(walk.index);
            }
        }
    }
}

/// How far the index was read.
#[derive(Clone)]
struct Walk {
    index: Index,
    /// The last block, and the last place in the blocks of its key.
    last: (Key, i64),
    place: Option<u64>,
}

impl Walk {
    /// Reads the next blocks; none is left when it does not move. A block that is filled meanwhile moves on in the order, behind what
    /// was read of its key or with it: what stood there when the walk began is met once.
    fn step(mut self, tx: &mut Tx<'_>) -> Result<Result<Self, Finding>, Problem> {
        let municipality = tx.municipality();
        let sealed = tree::find_latest(tx.conn(), municipality)?.map_or(0, |last| last.head.size);
        for block in postings::blocks_after(tx.conn(), municipality, self.last, STEP)? {
            if block.key != self.last.0 {
                self.place = None;
            }
            for place in block.places() {
                if self.place.is_some_and(|before| before >= place) {
                    return Ok(Err(damaged("its places do not ascend")));
                }
                if place >= sealed {
                    return Ok(Err(damaged("it names places that the log does not have")));
                }
                self.index.add(block.key, place);
                self.place = Some(place);
            }
            self.last = (block.key, block.upto);
        }
        Ok(Ok(self))
    }
}

fn damaged(what: &str) -> Finding {
    let why = format!(
        "the index by which the log is asked is damaged, {what}; the entries are sound, and it can be made anew from them \
         (`rettbolig audit reindex`)"
    );
    Finding::tampered(None, why)
}
