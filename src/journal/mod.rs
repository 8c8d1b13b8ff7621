//! The journal of what comes in: an application or an appeal is filed in the archive as an incoming document (Noark's kind I), as letters are
//! as outgoing ones (arkivforskrifta § 9, offentleglova § 10).
//!
//! **Invariants.** What is received is put into the outbox with its receipt, in the same transaction, so none is forgotten. What the public
//! journal shows of it names nobody. What the archive will not take becomes a task.
//!
//! **Not here.** What the archive tells of a record afterwards: [`letters`](crate::letters) asks for all of them.

mod acts;
mod delivery;
mod words;

pub use delivery::Journal;
