//! The housing stock beyond single homes: what happened to it, what it cost empty, how it is searched, and files of it.

pub(crate) mod command;
pub(crate) mod duties;
pub(crate) mod facilities;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod letting;
pub(crate) mod properties;
pub(crate) mod reading;
pub(crate) mod search;
pub(crate) mod sheets;
pub(crate) mod terms;
