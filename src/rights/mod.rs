//! The rights of those whom the data is about: everything that is kept of a person, handed out in one machine-readable answer
//! (personvernforordningen art. 15 and 20).
//!
//! **Invariants.** Handed out by the data protection officer alone, after a step-up, and on the record. What is kept of others in the
//! same household is not in it (art. 15 no. 4). Of somebody with a protected address only an officer who is cleared hands it out.
//!
//! Who is corrected, or not, is told by letter, within the term of the law (art. 16 and 12).
//!
//! **Not here.** Who has looked at the data: `people`, as a letter. Erasure: it would change nothing of the log.

mod case;
mod correcting;
mod dossier;
mod of_household;
mod routes;
mod rules;

pub use routes::endpoints;
pub use rules::Refusal;
