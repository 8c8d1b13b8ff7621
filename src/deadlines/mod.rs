//! The clock of a case: a decision or an interim reply within the time that the rules give, a notice before a promised day slips, an
//! answer to the request for help, the assessment of leases that end, and what is to be settled when somebody has died.
//!
//! **Invariants.** What is due follows from the cases, the decisions and the replies that were sent, every morning anew; nothing is
//! due because somebody once thought so. Asking for documents does not stop the clock.
//!
//! **Not here.** How a letter is written and sent, and the calendar.

mod acts;
mod deaths;
mod duties;
mod letter;
mod model;
mod routes;
mod rules;
mod store;

pub use duties::duties;
pub use model::{DelayReason, ReplyKind};
pub use routes::endpoints;
pub use rules::Refusal;
