//! Sealing: gives committed entries their places in the Merkle tree, files what they are found by, and signs the tree's new head.
//!
//! **Which entries, in which order.** Neither an entry's id nor its time says when it committed: on `PostgreSQL` an entry may
//! commit after a later one, and a clock may be set back. So nothing is inferred from them. The database itself puts each new
//! entry on the list `audit_unsealed`, in the entry's own transaction; what a seal sees on the list has committed, and what
//! commits later is on the list then. A seal takes its entries off the list in the transaction that gives them their places:
//! none is skipped, none is placed twice, and places once given never change. (Whoever takes an entry off the list by other
//! means leaves an entry without a place, which the check of the whole database finds.)
//!
//! **Thought out first.** What a seal writes is read and reckoned in a reading transaction ([`Draft`]), so that on `SQLite` the one
//! writer is held only while it is written. A draft is good as long as nobody has sealed since: only a seal changes what it rests on.
//!
//! **One sealer.** Instances keep apart by an advisory lock on `PostgreSQL` and by the one writer on `SQLite`. Should that
//! fail, the primary keys of leaf and checkpoint let only one of two commit: the log cannot fork. A log also never signs a
//! head that does not continue the one it signed before: the tree that is kept must lead to the last checkpoint's root.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::canonical::{Hash, leaf_hash};
use super::checkpoint::Checkpoint;
use super::keys::Keys;
use super::merkle::NodeId;
use super::note_key::Signer;
use super::postings::{self, Filing, Growth};
use super::proof::TreeHead;
use super::told::Told;
use super::tree::{self, Placed, SealedHead};
use super::{store, waiting};
use crate::clock::Instant;
use crate::db::{Conn, Tx};
use crate::ids::{EntryId, MunicipalityId};
use crate::problem::Problem;

/// A seal over new entries, with the checkpoint that was published with it.
#[derive(Debug, Clone)]
pub struct Seal {
    /// How many entries it gave a place.
    pub entries: usize,
    /// The size of the tree since.
    pub size: u64,
    /// The signed checkpoint.
    pub note: String,
}

/// A seal that is thought out: all that it will write.
#[derive(Debug)]
pub struct Draft {
    /// What was sealed when it was thought out.
    before: Option<TreeHead>,
    /// What it takes off the list.
    ids: Vec<EntryId>,
    leaves: Vec<Placed>,
    created: Vec<(NodeId, Hash)>,
    growth: Growth,
    head: TreeHead,
    note: String,
}

/// Thinks out the seal over the entries that wait, at most [`waiting::BATCH`]; none when nothing waits.
pub fn draft(tx: &mut Tx<'_>, signers: &[Signer]) -> Result<Option<Draft>, Problem> {
    let (municipality, conn) = (tx.municipality(), tx.conn());
    let ids = waiting::first(conn, municipality)?;
    if ids.is_empty() {
        return Ok(None);
    }
    let before = tree::find_latest(conn, municipality)?.map(|last| last.head);
    let first = before.map_or(0, |head| head.size);
    let mut edge = tree::edge(conn, municipality, first)?;
    if before.is_some_and(|head| head != edge.head()) {
        return Err(Problem::internal(
            "the sealed tree does not lead to its last checkpoint",
        ));
    }
    let bodies = store::bodies(conn, municipality, &ids)?;
    let entries = (first..).zip(&bodies);
    let (leaves, filing) = read(entries.map(|(place, (id, body))| (place, *id, body.as_str())))?;
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf.hash).collect();
    let created = edge.append(&hashes);
    let head = edge.head();
    let name = signers.first().map(|signer| signer.verifier().name());
    let note = Checkpoint::new(name.unwrap_or_default(), head)
        .and_then(|checkpoint| checkpoint.sign(&signers.iter().collect::<Vec<_>>()))
        .map_err(|fault| Problem::internal(fault.to_string()))?;
    Ok(Some(Draft {
        before,
        ids,
        leaves,
        created,
        growth: postings::plan(conn, municipality, &filing)?,
        head,
        note: note.to_string(),
    }))
}

/// Seals as it was thought out; not at all when another instance is sealing, or has sealed since.
pub fn seal(
    conn: &mut Conn,
    now: Instant,
    municipality: MunicipalityId,
    draft: &Draft,
) -> Result<Option<Seal>, Problem> {
    if !takes_turn(conn, municipality)? {
        return Ok(None);
    }
    let last = tree::find_latest(conn, municipality)?.map(|last| last.head);
    if last != draft.before {
        return Ok(None);
    }
    let first = last.map_or(0, |head| head.size);
    tree::append(conn, municipality, first, &draft.leaves, &draft.created)?;
    postings::file(conn, municipality, &draft.growth)?;
    waiting::take_off(conn, municipality, &draft.ids)?;
    let sealed = SealedHead {
        head: draft.head,
        note: draft.note.clone(),
        sealed_at: now,
    };
    tree::keep_checkpoint(conn, municipality, &sealed)?;
    Ok(Some(Seal {
        entries: draft.leaves.len(),
        size: draft.head.size,
        note: sealed.note,
    }))
}

/// What is placed of these entries, each with its place, and which places each key gets of them.
pub(super) fn read<'b>(
    entries: impl Iterator<Item = (u64, EntryId, &'b str)>,
) -> Result<(Vec<Placed>, Filing), Problem> {
    let (mut leaves, mut filing, mut keys) = (Vec::new(), Filing::new(), Keys::default());
    for (place, id, body) in entries {
        let told = Told::read(body)?;
        for key in keys.of(&told) {
            filing.entry(key).or_default().push(place);
        }
        leaves.push(Placed {
            id,
            hash: leaf_hash(body.as_bytes()),
            recorded_at: told.recorded_at,
        });
    }
    Ok((leaves, filing))
}

/// The number under which the sealers of a log take turns on `PostgreSQL`.
pub(super) fn turn(municipality: MunicipalityId) -> i64 {
    // The lower half of the id is random enough; two logs under one number would only wait for each other.
    let (_, number) = municipality.uuid().as_u64_pair();
    number.cast_signed()
}

/// Whether no other instance is sealing this log. The lock is gone with the transaction.
fn takes_turn(conn: &mut Conn, municipality: MunicipalityId) -> Result<bool, Problem> {
    let Conn::Pg(conn) = conn else {
        return Ok(true);
    };
    let lock = sql::<Bool>("pg_try_advisory_xact_lock(")
        .bind::<BigInt, _>(turn(municipality))
        .sql(")");
    Ok(diesel::select(lock).get_result(conn)?)
}
