//! Telling subscribers of events, by the Standard Webhooks specification (standardwebhooks.com).
//!
//! **Invariants.** What is told is the event as the feed has it, under the event's own id, however often: a receiver knows by `webhook-id` what it
//! has got. Each request is signed twice, by a shared secret (HMAC-SHA256, `v1`) and by a key of the subscription's own (Ed25519, `v1a`), and
//! for a while after a change of secrets by the old ones too. Secrets are sealed in the database. A receiver that says 410 is not told again.
//! Where a request may go is judged by [`Guard`](crate::outward::Guard).
//!
//! **Not here.** What is told: see `events`. When something is tried again, and that no receiver delays another: see `outbox`.

mod acts;
mod deliverer;
mod log;
mod model;
mod routes;
mod secrets;
mod signature;
mod store;

pub use deliverer::WebhookDeliverer;
pub use model::{Receiver, Refusal, WebhookState};
pub use routes::endpoints;
pub use secrets::Secrets;
pub use signature::{SignatureFault, sign, verify};
pub use store::{receivers, rewrap_secrets};
