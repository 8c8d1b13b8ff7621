//! What the suite knows not to hold yet: shown as ignored, named here, and run by `cargo test -- --ignored`. This list only shrinks.

use libtest_mimic::Trial;

/// Names of trials, without the database.
const NOT_YET: &[&str] = &[
    "access::addresses::nothing_tells_whoever_is_not_cleared_where_somebody_lives",
    "guards::callers::whoever_is_partial_finds_nothing_by_any_operation",
];

/// The trial, ignored if it is known not to hold yet.
pub(crate) fn marked(trial: Trial) -> Trial {
    let is_known = NOT_YET.iter().any(|name| trial.name().starts_with(name));
    trial.with_ignored_flag(is_known)
}
