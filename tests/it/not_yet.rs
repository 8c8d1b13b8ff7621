//! What the suite knows not to hold yet: shown as ignored, named here, and run by `cargo test -- --ignored`. This list only shrinks.

use libtest_mimic::Trial;

/// Names of trials, without the database.
const NOT_YET: &[&str] = &[
    "decisions::who_asks_for_help_only_is_helped_without_the_allocation_team",
    "stories::a_month_without_a_decision::an_applicant_who_waits_for_longer_than_a_month_is_told",
];

/// The trial, ignored if it is known not to hold yet.
pub(crate) fn marked(trial: Trial) -> Trial {
    let is_known = NOT_YET.iter().any(|name| trial.name().starts_with(name));
    trial.with_ignored_flag(is_known)
}
