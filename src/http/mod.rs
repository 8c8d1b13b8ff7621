//! The HTTP kernel: one table of endpoints, strict input, one shape of answers and problems.
//!
//! **Invariants.** Every operation is an [`Endpoint`] with an action, an effect and typed input and output; router, permission
//! matrix and `OpenAPI` are made from that table. A token is checked before the body is read, and what is wrong
//! with a request is told only to whoever is permitted to make it. Input values are never echoed.
//!
//! **Not here.** What the operations do: that is in the slices' `routes.rs`, which see a transaction and a [`Call`], never a socket.

mod answer;
mod as_of;
mod call;
mod clearing;
mod content;
mod csv;
mod document;
mod effect;
mod endpoint;
mod even;
mod idempotency;
mod incoming;
mod json_lines;
mod limits;
mod looking;
mod many;
mod openapi;
mod outside;
mod paging;
mod problem;
mod query;
mod refused;
mod route;
mod serve;
mod shape;
mod strict_json;
mod upload;

pub use answer::{Answer, Created, Done, Reply, Shown};
pub use as_of::AsOf;
pub use call::{Call, Nothing, must_be_current};
pub use clearing::clear_all;
pub(crate) use clearing::keep_clear;
pub use content::Content;
pub use csv::Csv;
pub use document::{Html, Pdf};
pub use effect::{Effect, Method};
pub use endpoint::{Before, Endpoint};
pub use idempotency::{InFlight, Lifetimes, take_back};
pub use incoming::{BODY_BYTES_MAX, FILE_BYTES_MAX};
pub use json_lines::JsonLines;
pub use limits::{Proxies, ProxyNet, Quotas, RateLimits};
pub use many::Many;
pub use openapi::{document, named_schemas};
pub use paging::{Page, Paging, bad_cursor, cursor_of};
pub use problem::respond;
pub use query::{Query, parameters_of};
pub use route::Routes;
pub(crate) use route::{BASE, pattern_of};
pub use serve::{Kernel, answer, nowhere};
pub(crate) use serve::{correlation_of, echo};
pub use shape::Shape;
pub use shape::ShapeOf;
