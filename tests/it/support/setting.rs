//! The settings of a test run or measurement.

/// A setting of the test run from the environment; an empty one counts as absent.
#[expect(
    clippy::disallowed_methods,
    reason = "the settings of a test run are not the service's, which config::Config reads"
)]
pub(crate) fn find_setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
