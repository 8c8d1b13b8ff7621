//! What is written without an entry in the log: whose turn it is and what went out. It changes nothing that anybody decides on.

use jiff::SignedDuration;
use uuid::Uuid;

use super::Message;
use super::deliverer::{Undelivered, Verdict};
use super::schedule::delay_after;
use super::store::{self, Lane};
use crate::clock::Instant;
use crate::db::Conn;
use crate::ids::{MessageId, MunicipalityId};
use crate::problem::Problem;

/// A piece of bookkeeping for [`Db::keep_books`](crate::db::Db::keep_books). A guard names those there are.
pub trait Bookkeeping: Send + 'static {
    /// What comes of it.
    type Kept: Send + 'static;

    /// Does it; may be done again when the database rolled it back for concurrency.
    fn keep(
        &self,
        conn: &mut Conn,
        now: Instant,
        municipality: MunicipalityId,
    ) -> Result<Self::Kept, Problem>;
}

/// Messages that a worker takes at a time.
const BATCH: i64 = 128;
/// How long a lane stays quiet at most after its receiver was out of order; then one message tries again for all.
const QUIET_MAX: SignedDuration = SignedDuration::from_mins(5);

/// Takes a lane, if nobody holds it, with the first messages that are due.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) lane: Lane,
    pub(super) worker: Uuid,
    pub(super) lease: SignedDuration,
}

impl Bookkeeping for Claim {
    type Kept = Vec<Message>;

    fn keep(
        &self,
        conn: &mut Conn,
        now: Instant,
        _: MunicipalityId,
    ) -> Result<Vec<Message>, Problem> {
        let until = now.plus(self.lease);
        let Some(is_shy) = store::claim(conn, &self.lane, self.worker, now, until)? else {
            return Ok(Vec::new());
        };
        next(conn, &self.lane, self.worker, now, is_shy)
    }
}

/// What came of a message.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub(super) message: Message,
    pub(super) outcome: Result<(), Undelivered>,
}

/// Writes down what came of a batch, and takes the next one or gives the lane back.
#[derive(Debug, Clone)]
pub(super) struct Settle {
    pub(super) lane: Lane,
    pub(super) worker: Uuid,
    pub(super) lease: SignedDuration,
    pub(super) fates: Vec<Fate>,
    pub(super) goes_on: bool,
    /// Any number, for jitter.
    pub(super) random: u32,
}

impl Bookkeeping for Settle {
    type Kept = Vec<Message>;

    fn keep(
        &self,
        conn: &mut Conn,
        now: Instant,
        _: MunicipalityId,
    ) -> Result<Vec<Message>, Problem> {
        let delivered: Vec<MessageId> = self
            .fates
            .iter()
            .filter(|fate| fate.outcome.is_ok())
            .map(|fate| fate.message.id)
            .collect();
        store::take_off(conn, self.lane.municipality_id, &delivered)?;
        let mut quiet: Option<Instant> = None;
        for (fate, random) in self.fates.iter().zip(self.random..) {
            let Err(fault) = &fate.outcome else { continue };
            let next = next_attempt(&fate.message, fault, now, random);
            store::note_failure(conn, &fate.message, &fault.fault, next)?;
            if let (Verdict::Down, Some(due)) = (fault.verdict, next) {
                // Whoever asks for peace gets it for as long as was asked.
                let wake = match fault.after {
                    Some(_) => due,
                    None => due.min(now.plus(QUIET_MAX)),
                };
                quiet = Some(quiet.map_or(wake, |other| other.max(wake)));
            }
        }
        let until = now.plus(self.lease);
        let holds = store::renew(conn, &self.lane, self.worker, until)?;
        if !holds {
            return Ok(Vec::new());
        }
        if let Some(quiet) = quiet {
            store::give_back(conn, &self.lane, self.worker, Some(quiet))?;
            return Ok(Vec::new());
        }
        if !self.goes_on {
            store::give_back(conn, &self.lane, self.worker, None)?;
            return Ok(Vec::new());
        }
        let is_still_shy = delivered.is_empty() && store::is_shy(conn, &self.lane)?;
        next(conn, &self.lane, self.worker, now, is_still_shy)
    }
}

/// When a message is tried again; none when it is given up.
pub(super) fn next_attempt(
    message: &Message,
    fault: &Undelivered,
    now: Instant,
    random: u32,
) -> Option<Instant> {
    if fault.verdict == Verdict::Never {
        return None;
    }
    let delay = delay_after(message.attempts + 1, random)?;
    let asked = fault.after.and_then(|it| SignedDuration::try_from(it).ok());
    Some(now.plus(asked.map_or(delay, |asked| delay.max(asked))))
}

/// The next messages of a lane that the worker holds; gives it back when there are none.
fn next(
    conn: &mut Conn,
    lane: &Lane,
    worker: Uuid,
    now: Instant,
    is_shy: bool,
) -> Result<Vec<Message>, Problem> {
    let limit = if is_shy { 1 } else { BATCH };
    loop {
        let due = store::due(conn, lane, now, limit)?;
        if due.is_empty() {
            store::give_back(conn, lane, worker, None)?;
            return Ok(due);
        }
        let stuck = store::stuck(conn, lane, now, &due)?;
        let (behind, ready): (Vec<_>, Vec<_>) = due.into_iter().partition(|message| {
            stuck
                .get(&message.stream_id)
                .is_some_and(|(seq, _)| *seq < message.seq)
        });
        // Whoever came into a stream that waits, waits with it, and is not looked at until then.
        for message in &behind {
            if let Some((_, until)) = stuck.get(&message.stream_id) {
                store::postpone(conn, message, *until)?;
            }
        }
        if !ready.is_empty() {
            return Ok(ready);
        }
    }
}
