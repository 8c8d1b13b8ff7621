//! Properties ("eiendom"): units of the cadastre with the buildings that stand on them, and to whom they belong.
//!
//! **Invariants.** A cadastral unit stands here once. Nobody who owns as a private person is named.

mod model;
mod property;
mod routes;
mod store;

pub use model::OwnerKind;
pub(super) use routes::endpoints;
