//! A family's way through the system, read like prose.
pub(crate) mod demolition;
pub(crate) mod main_job;
