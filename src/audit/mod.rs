//! The provable history: what was done, tried and looked at, by whom, in which role, within which request.
//!
//! **Invariants.** Entries are written in the transaction of the change ([`append`] is called by the one door for writes).
//! An entry's body is canonical JSON (RFC 8785) and its hash the RFC 6962 leaf hash of exactly those bytes. A case's entries form
//! a gap-free chain: each names its number and the hash of the one before. Entries carry ids, codes and digests, never a
//! person's data. The database refuses to change or delete them.
//!
//! **Not here.** What the acts mean; the slices name their own actions.

mod canonical;
mod entry;
mod routes;
mod store;

pub use canonical::{Hash, canonical, sha256};
pub use entry::{Entry, EntryKind, Subject, SubjectKind};
pub use routes::{endpoints, page_of};
pub use store::{Filter, RecordedEntry, append};
