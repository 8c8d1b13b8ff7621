//! A family's way through the system, read like prose.
pub(crate) mod appeal;
pub(crate) mod main_job;
pub(crate) mod offer;
