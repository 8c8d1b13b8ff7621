//! A family's way through the system, read like prose.
pub(crate) mod a_month_without_a_decision;
pub(crate) mod appeal;
pub(crate) mod demolition;
pub(crate) mod evictions;
pub(crate) mod generated_client;
pub(crate) mod main_job;
pub(crate) mod offer;
pub(crate) mod registers;
pub(crate) mod registers_used;
pub(crate) mod rules_and_exceptions;
pub(crate) mod webhooks_killed;
