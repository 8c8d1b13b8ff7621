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
const STEP: i64 = 2_000;

/// What the index must have.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    secret: RandomState,
    keys: Keys,
    sum: u64,
}

impl Expected {
    /// Takes in the next entry of the log.
    pub(super) fn add(&mut self, place: u64, told: &Told<'_>) {
        for key in self.keys.of(told) {
            self.sum = self.sum.wrapping_add(digest(&self.secret, key, place));
        }
    }

    /// Reads the whole index, and compares what it has of the first `size` entries.
    pub(super) async fn compare(
        self,
        db: &Db,
        caller: &Arc<Caller>,
        size: u64,
    ) -> Result<(), RecheckFault> {
        let mut walk = Walk {
            secret: self.secret,
            size,
            sum: 0,
            last: (Key::NIL, -1),
            place: None,
        };
        loop {
            let before = walk.last;
            let from_here = walk.clone();
            walk = db
                .read(caller, move |tx| from_here.clone().step(tx))
                .await??;
            if walk.last == before {
                break;
            }
        }
        if walk.sum == self.sum {
            Ok(())
        } else {
            Err(damaged("it is not that of the entries").into())
        }
    }
}

/// How far the index was read.
#[derive(Clone)]
struct Walk {
    secret: RandomState,
    size: u64,
    sum: u64,
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
            for place in block.leaves {
                if self.place.is_some_and(|before| before >= place) {
                    return Ok(Err(damaged("its places do not ascend")));
                }
                if place >= sealed {
                    return Ok(Err(damaged("it names places that the log does not have")));
                }
                // What was sealed since the entries were read is not compared.
                if place < self.size {
                    let digest = digest(&self.secret, block.key, place);
                    self.sum = self.sum.wrapping_add(digest);
                }
                self.place = Some(place);
            }
            self.last = (block.key, block.upto);
        }
        Ok(Ok(self))
    }
}

fn digest(secret: &RandomState, key: Key, place: u64) -> u64 {
    secret.hash_one((key.uuid().as_u128(), place))
}

fn damaged(what: &str) -> Finding {
    let why = format!(
        "the index by which the log is asked is damaged, {what}; the entries are sound, and it can be made anew from them \
         (`rettbolig audit reindex`)"
    );
    Finding::tampered(None, why)
}
