//! The HTTP kernel: one table of endpoints, strict input, one shape of answers and problems.
//!
//! **Invariants.** Every operation is an [`Endpoint`] with an action, an effect and typed input and output; router, permission
//! matrix and `OpenAPI` are made from that table. A caller is signed in and permitted before the body is read. Input values
//! are never echoed.
//!
//! **Not here.** What the operations do: that is in the slices' `routes.rs`, which see a transaction and a [`Call`], never a socket.

mod answer;
mod call;
mod csv;
mod endpoint;
mod idempotency;
mod openapi;
mod paging;
mod problem;
mod query;
mod serve;
mod shape;
mod strict_json;

pub use answer::{Answer, Created, Done, Reply, Shown};
pub use call::{Call, Nothing, must_be_current};
pub use csv::Csv;
pub use endpoint::{Effect, Endpoint, Method};
pub use idempotency::InFlight;
pub use openapi::{document, named_schemas};
pub use paging::{Page, Paging, cursor_of};
pub use problem::respond;
pub use query::{Query, parameters_of};
pub use serve::{BODY_BYTES_MAX, Kernel, mount};
pub(crate) use serve::{correlation_of, echo, is_uri_too_long};
