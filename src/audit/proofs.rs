//! Checkpoints and proofs over HTTP: what an auditor keeps, and holds the log to later.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::canonical::Hash;
use super::merkle::{Nodes, ProofPlan};
use super::proof::{ProofFault, TreeHead};
use super::proof_file::ProofFile;
use super::tree::{self, SealedHead};
use super::{Entry, Refusal, cosigned, store, waiting};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Shown};
use crate::ids::EntryId;
use crate::problem::{FieldFault, NOT_FOUND, Problem};

/// The size of a log's tree and the hash over all its entries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Head {
    /// The number of sealed entries.
    size: u64,
    /// Lower-case hexadecimal root hash (RFC 6962).
    root: String,
}

impl From<TreeHead> for Head {
    fn from(head: TreeHead) -> Self {
        Self {
            size: head.size,
            root: head.root.to_hex(),
        }
    }
}

/// The last signed head of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckpointShown {
    /// The number of sealed entries.
    size: u64,
    /// Lower-case hexadecimal root hash (RFC 6962).
    root: String,
    /// The checkpoint as the log signed it (c2sp.org/tlog-checkpoint), with the cosignatures of the witnesses that saw it. Keep it:
    /// whatever comes later must continue it.
    note: String,
    /// When it was signed.
    sealed_at: Instant,
    /// Every entry that was recorded before this moment, and can be read now, is sealed.
    sealed_up_to: Instant,
}

/// Which checkpoint is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckpointAsked {
    /// The last one that a witness has cosigned, instead of the last of all.
    cosigned: Option<bool>,
}

pub(super) fn checkpoint(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &CheckpointAsked,
) -> Result<Shown<CheckpointShown>, Problem> {
    let municipality = tx.municipality();
    let sealed = find_sealed(tx, asked.cosigned == Some(true))?;
    let sealed = sealed.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let note = cosigned::note_of(tx.conn(), municipality, &sealed)?;
    let Head { size, root } = sealed.head.into();
    Ok(Shown::plain(CheckpointShown {
        size,
        root,
        note: note.to_string(),
        sealed_at: sealed.sealed_at,
        sealed_up_to: waiting::sealed_up_to(tx)?,
    }))
}

/// The last checkpoint of all, or the last that a witness has cosigned.
pub(super) fn find_sealed(tx: &mut Tx<'_>, cosigned: bool) -> Result<Option<SealedHead>, Problem> {
    let (municipality, conn) = (tx.municipality(), tx.conn());
    if !cosigned {
        return tree::find_latest(conn, municipality);
    }
    match cosigned::find_last_size(conn, municipality)? {
        Some(size) => tree::find_at_size(conn, municipality, size),
        None => Ok(None),
    }
}

/// Which entry is to be shown to stand in the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct InclusionAsked {
    /// The entry.
    #[param(value_type = uuid::Uuid)]
    entry_id: EntryId,
    /// The size of an earlier checkpoint to prove it against; the last one when not given.
    size: Option<u64>,
}

/// The proof that an entry stands in the log at an index.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InclusionProof {
    entry_id: EntryId,
    /// Lower-case hexadecimal RFC 6962 leaf hash of the entry.
    leaf_hash: String,
    /// The place of the entry in the log, from 0.
    index: u64,
    /// The head that the proof leads to.
    head: Head,
    /// The proof (RFC 9162 section 2.1.3), lower-case hexadecimal, from the sibling of the leaf upwards.
    hashes: Vec<String>,
    /// The same as a file that stands by itself (c2sp.org/tlog-proof): with the signed checkpoint, and the entry as `extra`.
    /// `rettbolig audit verify` checks it offline.
    tlog_proof: String,
}

pub(super) fn inclusion(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &InclusionAsked,
) -> Result<Shown<InclusionProof>, Problem> {
    let municipality = tx.municipality();
    let recorded = store::find_all(tx, &[asked.entry_id])?.pop();
    let recorded = recorded.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let conn = tx.conn();
    let place = tree::places(conn, municipality, &[recorded.id])?.pop_first();
    let (index, _) = place.ok_or(Refusal::NotSealed)?;
    let sealed = match asked.size {
        None => tree::find_latest(conn, municipality)?.ok_or(Refusal::NotSealed)?,
        Some(size) => tree::find_at_size(conn, municipality, size)?.ok_or_else(no_checkpoint)?,
    };
    let plan = ProofPlan::inclusion(index, sealed.head.size).map_err(|fault| match fault {
        ProofFault::IndexOutsideTree => out_of_range("size"),
        other => Problem::internal(other.to_string()),
    })?;
    let nodes = tree::nodes(conn, municipality, plan.nodes())?;
    let hashes = assembled(&plan, &nodes)?;
    let file = ProofFile {
        extra: recorded.entry.get().as_bytes().to_vec(),
        index,
        hashes,
        checkpoint: cosigned::note_of(conn, municipality, &sealed)?,
    };
    tx.record(Entry::access("audit.read").fact("entries", 1));
    Ok(Shown::plain(InclusionProof {
        entry_id: recorded.id,
        leaf_hash: recorded.hash,
        index,
        head: sealed.head.into(),
        hashes: in_hex(&file.hashes),
        tlog_proof: file.to_string(),
    }))
}

/// Which two sizes of the log are to be compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ConsistencyAsked {
    /// The size of the log in the checkpoint that was kept.
    first: u64,
    /// The size of the log in a later checkpoint.
    second: u64,
}

/// The proof that the log only grew from the first size to the second.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsistencyProof {
    first: Head,
    second: Head,
    /// The proof (RFC 9162 section 2.1.4), lower-case hexadecimal.
    hashes: Vec<String>,
}

pub(super) fn consistency(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &ConsistencyAsked,
) -> Result<Shown<ConsistencyProof>, Problem> {
    let (municipality, conn) = (tx.municipality(), tx.conn());
    let latest = tree::find_latest(conn, municipality)?;
    if asked.second > latest.map_or(0, |latest| latest.head.size) {
        return Err(out_of_range("second"));
    }
    let plan = ProofPlan::consistency(asked.first, asked.second);
    let plan = plan.map_err(|_| out_of_range("first"))?;
    let nodes = tree::nodes(conn, municipality, plan.nodes())?;
    let hashes = assembled(&plan, &nodes)?;
    Ok(Shown::plain(ConsistencyProof {
        first: tree::edge(conn, municipality, asked.first)?.head().into(),
        second: tree::edge(conn, municipality, asked.second)?.head().into(),
        hashes: in_hex(&hashes),
    }))
}

/// Makes a planned proof from nodes that were fetched for it.
pub(super) fn assembled(plan: &ProofPlan, nodes: &Nodes) -> Result<Vec<Hash>, Problem> {
    plan.assemble(nodes)
        .map_err(|missing| Problem::internal(missing.to_string()))
}

/// The hashes of a proof as the API writes them.
pub(super) fn in_hex(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hash.to_hex()).collect()
}

fn no_checkpoint() -> Problem {
    Problem::invalid(vec![FieldFault::new(
        "/query/size",
        "not_found",
        "Loggen har ikke noe sjekkpunkt av denne størrelsen.",
        "The log has no checkpoint of this size.",
    )])
}

pub(super) fn out_of_range(parameter: &str) -> Problem {
    Problem::invalid(vec![FieldFault::new(
        format!("/query/{parameter}"),
        "out_of_range",
        "Loggen hadde ikke denne størrelsen.",
        "The log was not of this size.",
    )])
}

crate::query!(CheckpointAsked, InclusionAsked, ConsistencyAsked);
