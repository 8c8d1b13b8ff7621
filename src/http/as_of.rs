//! `?asOf=`: what a thing said at a moment that has passed.

use jiff::SignedDuration;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::clock::Instant;
use crate::problem::{FieldFault, Problem};

/// How long ago a moment must be. A change carries the moment at which its transaction began, and a transaction may take a while
/// to commit: nearer to now, the answer could still become another one.
const SETTLED: SignedDuration = SignedDuration::from_secs(30);

/// As of when a thing is asked for.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct AsOf {
    /// What it said at this moment, at least 30 seconds ago; what it says now when not given.
    #[param(value_type = Option<Instant>)]
    as_of: Option<Instant>,
}

crate::query!(AsOf);

impl AsOf {
    /// As of this moment, or now.
    #[must_use]
    pub const fn at(as_of: Option<Instant>) -> Self {
        Self { as_of }
    }

    /// The moment that is asked for, if any. From then on what is said of it never changes.
    pub fn moment(self, now: Instant) -> Result<Option<Instant>, Problem> {
        match self.as_of {
            Some(at) if at.plus(SETTLED) > now => Err(Problem::invalid(vec![FieldFault::new(
                "/query/asOf",
                "not_settled",
                "Må ligge minst 30 sekunder tilbake i tid.",
                "Must lie at least 30 seconds in the past.",
            )])),
            at => Ok(at),
        }
    }
}
