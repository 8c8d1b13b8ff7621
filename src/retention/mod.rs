//! How long what is known of people is kept, what keeps it longer, and how it is erased.
//!
//! **Invariants.** A person is erased on a legal ground and with the approval of two different employees (`erasure_by_two`), never
//! while a case is open, a home is lived in or a legal hold lasts. Erasing destroys the person's key, blind indexes and the segments
//! that the log holds, and takes back what was answered under idempotency keys; entries, hashes and proofs stay as they are, and
//! nobody else of the household loses anything. Only a carried-out erasure lets the database give up a segment.
//!
//! **What stays.** Codes and numbers of decisions, needs and situations, as the archive law demands, which from then on name nobody.
//! Copies of the database that were made before live as long as they are kept: backups of keys shall expire within 30 days.
//!
//! **Not here.** How a person is erased: [`people`](crate::people) does.

mod acts;
mod clean_up;
mod duties;
mod model;
mod propose;
mod routes;
mod rules;
mod shipped;
mod shown;
mod store;

pub use acts::adopt_rule;
pub use clean_up::{CleanUpFault, clean_up};
pub use duties::duties;
pub use model::*;
pub(crate) use propose::keep_proposing;
pub use propose::propose_all;
pub use routes::endpoints;
pub use rules::Refusal;
