//! The nouns of the municipality's own numbers.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::codes;
use crate::ids::PolicyId;

codes! {
    /// What the numbers are about.
    pub enum PolicyKind {
        /// How homes are inspected, and on which terms agreements are made.
        Stock = "STOCK",
        /// Within which days work is done.
        TaskTerms = "TASK_TERMS",
    }
}

/// Numbers of one kind.
pub trait Policy: Serialize + DeserializeOwned + 'static {
    /// What they are about.
    const KIND: PolicyKind;
    /// What the log is told when they are adopted.
    fn adopted() -> Entry;

    /// What holds as long as the municipality has said nothing.
    fn example() -> Self;
}

/// Numbers, from a day on.
#[derive(Debug)]
pub struct Version<P> {
    /// Which version.
    pub id: PolicyId,
    /// What it says.
    pub said: P,
    /// The first day on which it holds.
    pub valid_from: Day,
    /// The first day on which it no longer holds.
    pub valid_until: Option<Day>,
    /// When it was adopted.
    pub created_at: Instant,
}
