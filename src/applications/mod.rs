//! Cases: an application, from the day it reached the municipality until somebody moved in, was refused, or withdrew.
//!
//! **Invariants.** A household has at most one open case (`application_one_open`). A case moves only as [`MOVES`] permits, and two
//! who move it at the same time do not both succeed. What is frozen at receipt is never changed.
//!
//! **Not here.** Who is given which home (matching proposes, decisions decide), and offers.

mod acts;
mod holding;
mod intake;
mod lifecycle;
mod model;
mod needs;
mod received;
mod routes;
mod rules;
mod steps;
mod store;

pub use acts::{
    Receipt, TakenOver, advance, applicant_of, candidates, candidates_of, faults_of_named,
    find_open_of, load, load_as_of, load_in_emergency, look_up, of_applicant, of_household,
    of_households, open, open_or_refused, receive, step, take_over, waiting_as_of,
};
pub use holding::hold;
pub use intake::{
    Document, KeptOfDocument, KeptOfReceipt, MergeReason, ReceivedApplication, as_received,
    documents_of, duties, lacking, receipt_of,
};
pub use lifecycle::{ApplicationState, MOVES, Step};
pub use model::{ApplicationType, AreaCode, Needs, OpenNeeds, Urgency};
pub use needs::{correct_needs, must_have_current_needs};
pub use received::received_between;
pub use routes::{QueuedApplication, endpoints, queued};
pub use rules::{Refusal, are_needs_current, fault_of_own, faults_of_needs};
pub use store::Application;
