//! Answers that there is nothing leave at even times, so that nobody can tell by the clock what is hidden from what is not there.
//!
//! Both are found out by the same look-ups, and yet a row that is read and not shown costs some microseconds that none costs when
//! there is none: over many tries that could be seen.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::problem::{NOT_FOUND, Problem};

/// The distance of even times from the moment at which the request came: far more than the look-ups differ by.
const STEP: Duration = Duration::from_millis(5);

/// Waits for the next even time, where the outcome is that there is nothing.
pub(super) async fn wait<T>(begun: Instant, outcome: &Result<T, Problem>) {
    if outcome.as_ref().is_err_and(|it| it.kind == &NOT_FOUND) {
        let steps = begun.elapsed().as_micros() / STEP.as_micros() + 1;
        let steps = u32::try_from(steps).unwrap_or(1);
        sleep_until(begun + STEP * steps).await;
    }
}
