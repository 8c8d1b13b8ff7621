//! The provable history: what was done, tried and looked at, by whom, in which role, within which request.
//!
//! **Invariants.** Entries are written in the transaction of the change ([`append`] is called by the one door for writes).
//! An entry's body is canonical JSON (RFC 8785) and its hash the RFC 6962 leaf hash of exactly those bytes. A case's entries form
//! a gap-free chain: each names its number and the hash of the one before. Entries carry ids, codes and digests, never a
//! person's data. The database refuses to change or delete them. Within a second of its commit an entry is sealed: it has a place
//! in the municipality's Merkle tree (RFC 6962), whose signed checkpoints ([`Sealer`]) auditors keep and hold the log to.
//!
//! **Not here.** What the acts mean; the slices name their own actions.

mod canonical;
mod checkpoint;
mod entry;
mod export;
mod exporting;
mod finding;
mod log_key;
mod merkle;
mod note;
mod note_key;
mod offline;
mod proof;
mod proof_file;
mod proofs;
mod recheck;
mod refusal;
mod routes;
mod seal;
mod sealer;
mod store;
mod tree;
mod waiting;

pub use canonical::{Hash, NotCanonical, canonical, sha256};
pub use checkpoint::{Checkpoint, CheckpointFault};
pub use entry::{Entry, EntryKind, Subject, SubjectKind};
pub use finding::{Finding, Sound};
pub use log_key::LogKey;
pub use note::{Note, NoteFault};
pub use note_key::{KeyFault, Signer, Verifier};
pub use offline::verify_file;
pub use proof::{ProofFault, TreeHead, verify_consistency, verify_inclusion};
pub use proof_file::{ProofFile, ProofFileFault};
pub use recheck::{RecheckFault, recheck, recheck_last};
pub use refusal::Refusal;
pub use routes::{endpoints, page_of};
pub use seal::{Seal, seal};
pub use sealer::Sealer;
pub use store::{Filter, RecordedEntry, append};
