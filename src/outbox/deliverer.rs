//! What a slice provides so that its messages get out.

use std::borrow::Cow;
use std::pin::Pin;
use std::time::Duration;

use super::{Message, Topic};
use crate::db::Db;
use crate::problem::Problem;

/// A delivery under way.
pub type Delivering<'d> = Pin<Box<dyn Future<Output = Result<(), Undelivered>> + 'd>>;

/// Delivers the messages of one topic.
pub trait Deliverer {
    /// Which messages are for it.
    fn topic(&self) -> Topic;

    /// How long one delivery may take; then it counts as failed.
    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// Reads what is to be sent, sends it, and writes down what came of it, each of the three by itself: no transaction is open
    /// while something is sent. May be called again for a message whose delivery was not seen to succeed.
    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d>;

    /// The message will not be tried again unless somebody puts it back.
    fn gave_up<'d>(
        &'d self,
        _: &'d Db,
        _: &'d Message,
    ) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + 'd>> {
        Box::pin(async { Ok(()) })
    }
}

/// Why a message did not get out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// What happened, as a code; no personal data.
    pub fault: Cow<'static, str>,
    /// What follows.
    pub verdict: Verdict,
    /// When to try again, if the receiver said so.
    pub after: Option<Duration>,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// This message is tried again, and those behind it in its stream wait.
    Later,
    /// The receiver is out of order: its whole lane waits a little, then one message tries again for all.
    Down,
    /// It will never be taken: it is dead at once.
    Never,
}

impl Undelivered {
    /// To be tried again.
    #[must_use]
    pub fn later(fault: impl Into<Cow<'static, str>>) -> Self {
        Self::new(fault, Verdict::Later)
    }

    /// The receiver is out of order.
    #[must_use]
    pub fn down(fault: impl Into<Cow<'static, str>>) -> Self {
        Self::new(fault, Verdict::Down)
    }

    /// Never to be tried again.
    #[must_use]
    pub fn never(fault: impl Into<Cow<'static, str>>) -> Self {
        Self::new(fault, Verdict::Never)
    }

    /// Not before this long.
    #[must_use]
    pub const fn after(mut self, wait: Duration) -> Self {
        self.after = Some(wait);
        self
    }

    fn new(fault: impl Into<Cow<'static, str>>, verdict: Verdict) -> Self {
        Self {
            fault: fault.into(),
            verdict,
            after: None,
        }
    }
}

/// The database could not be asked: nothing is said about the receiver.
impl From<Problem> for Undelivered {
    fn from(problem: Problem) -> Self {
        tracing::warn!(
            code = problem.kind.code,
            cause = problem.cause,
            "a delivery could not use the database"
        );
        Self::later("database")
    }
}
