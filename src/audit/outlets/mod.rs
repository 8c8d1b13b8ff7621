//! What leaves the house: checkpoints for a folder and for witnesses that whoever owns the database does not own, and looks at
//! personal data for the municipality's log collector.
//!
//! **Invariants.** Nothing here happens within a transaction, and nothing here is in the way of a request. The database knows what
//! was published, so an outlet that was blocked is caught up later, in order, and nothing is left out. An outlet that
//! fails is tried again after growing pauses, and is told in the log and by the metrics `audit_outlet_up` and `audit_outlet_behind`
//! (entries of the log that have not gone out yet).
//!
//! **The heartbeat of an idle log.** A checkpoint carries no time, so signing the same head again every day would give the same
//! bytes, which anybody could repeat: it would prove nothing. What does prove that the log is alive, and that nothing more was
//! shown to others, is a witness's cosignature, which carries a time. So witnesses are asked again every day when nothing is new.

mod cef;
mod cef_line;
mod courier;
mod folder;
mod publisher;
mod witness_client;

pub use cef::CefStream;
pub use courier::{Couriers, Outlet, OutletFault, Outlets};
pub use folder::CheckpointFolder;
pub use publisher::Publisher;
pub use witness_client::{WitnessAddress, WitnessClient};
