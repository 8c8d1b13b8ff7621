//! Intake ("mottak"): what is not received yet, what was known at receipt, what is lacking, and whether the same was applied for before.
//!
//! **Invariants.** A draft is no case: it may lack anything, starts no clock and stands in no list of cases. What was known at receipt
//! is written once (`application_receipt` only grows). A case goes on in an older one of which somebody is in both households, and
//! stays on record itself.

mod acts;
mod documents;
mod draft_routes;
mod drafts;
mod duplicates;
mod duties;
mod kept;
mod model;
mod routes;
mod rules;
mod store;

pub(super) use acts::freeze;
pub use documents::lacking;
pub(super) use documents::{ask_for, is_no_longer_asked};
pub(super) use duplicates::point_out;
pub use duties::duties;
pub use kept::{
    KeptOfDocument, KeptOfReceipt, ReceivedApplication, as_received, documents_of, receipt_of,
};
pub use model::{Document, MergeReason};

use crate::http::Endpoint;

/// The operations of intake.
pub(super) fn endpoints() -> Vec<Endpoint> {
    [routes::endpoints(), draft_routes::endpoints()].concat()
}
