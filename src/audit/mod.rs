//! The provable history: what was done, tried and looked at, by whom, in which role, within which request.
//!
//! **Invariants.** Entries are written in the transaction of the change ([`append`] is called by the one door for writes).
//! An entry's body is canonical JSON (RFC 8785) and all that is kept of it; its hash is the RFC 6962 leaf hash of exactly those
//! bytes. A case's entries form a gap-free chain: each names its number and the hash of the one before. Entries carry ids, codes and
//! digests, never a person's data: what they say of a person is a salted commitment, and the text stands beside, sealed under the
//! person's own key ([`Segment`]). The database refuses to change or delete them. Within a second of its commit an entry is sealed:
//! it has a place in the municipality's Merkle tree (RFC 6962), whose signed checkpoints ([`Sealer`]) auditors keep and hold the log
//! to, and is filed under all that it can be found by.
//!
//! **Not here.** What the acts mean; the slices name their own actions.

mod add_checkpoint;
mod body;
mod canonical;
mod chain_check;
mod chains;
mod checkpoint;
mod cosignature;
mod cosigned;
mod durable;
mod entry;
mod export;
mod export_check;
mod export_csv;
mod exporting;
mod finding;
mod inclusions;
mod index_check;
mod joined;
mod keys;
mod leaf_check;
mod log_key;
mod merkle;
mod note;
mod note_key;
mod offline;
mod outlets;
mod postings;
mod proof;
mod proof_file;
mod proofs;
mod purpose;
mod questions;
mod recheck;
mod refusal;
mod reindex;
mod routes;
mod seal;
mod sealed_entries;
mod sealer;
mod segment;
mod segment_check;
mod segments;
mod spans;
mod store;
mod tiles;
mod told;
mod tree;
mod trusted;
mod waiting;
mod withheld;
mod witness;

pub use add_checkpoint::SIZE_TYPE;
pub use canonical::{CanonicalFault, Hash, NotCanonical, canonical, sha256};
pub use checkpoint::{Checkpoint, CheckpointFault};
pub use cosignature::{Cosigner, WitnessKey};
pub use cosigned::{Cosignature, keep_cosignature};
pub use entry::{Entry, EntryKind, Mark, Subject, SubjectKind};
pub use exporting::{Asked as ExportAsked, Disclosure, Opener, export};
pub use finding::{Disclosures, Finding, Sound};
pub use log_key::{LogKey, LogKeyFault};
pub use note::{Note, NoteFault};
pub use note_key::{KeyFault, Signer, Verifier};
pub use offline::verify_file;
pub use outlets::{
    CefStream, CheckpointFolder, Couriers, Outlet, OutletFault, Outlets, Publisher, WitnessAddress,
    WitnessClient,
};
pub use proof::{ProofFault, TreeHead, verify_consistency, verify_inclusion};
pub use proof_file::{ProofFile, ProofFileFault};
pub use purpose::{LegalGround, Purpose};
pub use questions::{Filter, RecordedEntry};
pub use recheck::{RecheckFault, recheck, recheck_last};
pub use refusal::Refusal;
pub use reindex::{ReindexFault, reindex};
pub use routes::{endpoints, page_of};
pub use seal::{Seal, draft as draft_seal, seal};
pub use sealer::Sealer;
pub use segment::{Opened, SealedSegment, Segment};
pub use segments::erase_segments;
pub use store::append;
pub use trusted::Trusted;
pub use withheld::CLOSED_FACTS;
pub use witness::{Verdict, Witness, WitnessFault};
