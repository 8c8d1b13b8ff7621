//! What must leave the house: letters, records for the archive, webhooks. Written with the change, delivered after it.
//!
//! **Invariants.** A message is [`put`] in the transaction of the change that causes it: it exists exactly if that commits. It
//! carries ids and codes, never a person's data; what is to be sent is read when it is sent, so that a protection that came
//! meanwhile still counts. A message is delivered *at least* once: it is taken off only after its [`Deliverer`] has said that it
//! is done, so a deliverer knows by the message's id what it did before. Messages of one stream (a case, a letter) are delivered one
//! after the other in the order in which they were put. No transaction is open while something is sent.
//!
//! **Lanes.** Each receiver has a lane of its own, and one [`Worker`] at a time holds a lane by a lease. A receiver that hangs,
//! fails or asks for peace delays its own lane and no other; a worker that dies loses its lease, and another goes on.
//!
//! **Faults.** What fails is tried again on the [`schedule`] of Standard Webhooks with jitter, ten times within about four days. Then
//! the message is dead: it stays, is shown, and can be put back by hand. Those behind it in its stream go on.
//!
//! **To send something new**: a [`Topic`], a [`Deliverer`] for it in the list `server::deliverers`, and [`put`] in the act.
//!
//! **Not here.** What is sent and how; the slices' deliverers know.

mod books;
mod deliverer;
mod message;
mod routes;
mod schedule;
mod store;
mod worker;

pub use books::Bookkeeping;
pub use deliverer::{Deliverer, Delivering, Undelivered, Verdict};
pub use message::{Message, Outgoing, State, Topic};
pub use routes::endpoints;
pub use schedule::{ATTEMPTS_MAX, delay_after};
pub use store::{close_lane, forward, put};
pub use worker::{Worker, Working};
