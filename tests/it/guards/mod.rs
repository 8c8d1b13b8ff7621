//! What nobody may forget, checked against the code itself: each guard says how to mend what it finds.
pub(crate) mod acts;
mod afterwards;
pub(crate) mod audit_coverage;
pub(crate) mod books;
pub(crate) mod callers;
pub(crate) mod events;
pub(crate) mod leftovers;
pub(crate) mod lifecycles;
pub(crate) mod openapi;
mod owners;
pub(crate) mod permissions;
pub(crate) mod problems;
pub(crate) mod scene;
mod scene_access;
pub(crate) mod schema;
pub(crate) mod snapshot;
pub(crate) mod sources;
pub(crate) mod tidy;
