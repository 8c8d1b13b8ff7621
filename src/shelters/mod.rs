//! Temporary accommodation ("midlertidig botilbud") under sosialtjenesteloven § 27: who offers it, who is granted it, and the ledger of stays.
//!
//! **Invariants.** A stay rests on a decision of its own kind, within its period; it is no allocation of a home and does not answer an application for one.
//! A household stays in one place at a time (`shelter_stay_one_ongoing`). Children are placed only where it was found fit for children
//! within a year, and never in a night shelter. What a night costs is written down when the stay begins. A household is counted once a year, however often
//! it moves; night shelters are counted apart (KOSTRA). What is warned of falls to somebody as a task.
//! A decision here is made at once, by one person, because the night comes; where there is time it is made in the housing case by the same law, with
//! proposal, letter and appeal, and is named here. What was made at once is confirmed so within days, which somebody has as a task until it
//! is done. Law, body of appeal and term are the same data for both.
//!
//! **Not here.** The way to a lasting home: that is the housing case which a decision names.

mod acts;
mod confirming;
mod following;
mod kept;
mod model;
mod offering;
mod providers;
mod reports;
mod routes;
mod rules;
mod store;

pub use following::duties;
pub use kept::{KeptShelter, KeptStay, kept_of};
pub use model::{CheckOutcome, ProviderKind, ShelterOutcome, Warning};
pub use routes::endpoints;
pub use rules::Refusal;
