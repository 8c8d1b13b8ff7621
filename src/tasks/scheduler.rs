//! Does the duties when their time comes, until it is stopped. Every instance runs one; the leases keep them apart.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::duty::{Duty, Progress};
use super::lease;
use crate::audit::Entry;
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::http::must_be_current;
use crate::ids::{InstanceId, MunicipalityId};
use crate::municipality;
use crate::problem::Problem;

/// How soon something that is due is noticed.
const PAUSE: Duration = Duration::from_secs(10);
/// How long the scheduler rests after a fault, so that it does not fill the log with one message.
const PAUSE_AFTER_FAULT: Duration = Duration::from_mins(1);
/// How long an instance keeps a duty between two of its transactions before another may take it over.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Does what is due in every municipality.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Scheduler {
    db: Db,
    duties: Arc<[Duty]>,
    me: InstanceId,
}

/// What came of an attempt at a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// Another instance is about it, or has done it.
    NotMine,
    /// Done for this time.
    Done,
    /// A part is done, under this fence.
    More(i64),
}

impl Scheduler {
    /// A scheduler of these duties over this database.
    #[must_use]
    pub fn new(db: Db, duties: Vec<Duty>) -> Self {
        Self {
            db,
            duties: duties.into(),
            me: InstanceId::new(),
        }
    }

    /// Does what is due again and again, until told to stop.
    pub async fn run(self, stop: oneshot::Receiver<()>) {
        let mut stop = pin!(stop);
        while self.db.takes_changes().is_ok() {
            let pause = match self.run_due().await {
                Ok(done) => {
                    if done > 0 {
                        tracing::debug!(done, "duties done");
                    }
                    PAUSE
                }
                Err(problem) => {
                    let code = problem.kind.code;
                    tracing::error!(code, cause = problem.cause, "a duty could not be done");
                    PAUSE_AFTER_FAULT
                }
            };
            tokio::select! {
                // The sender is dropped or sends: either way it is over.
                _ = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does all that is due now, and tells how many duties this instance did. One that fails does not keep others from being done:
    /// the first fault is told at the end.
    pub async fn run_due(&self) -> Result<usize, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let (mut done, mut fault) = (0, None);
        for (id, _) in self.db.read(&nobody, municipality::all).await? {
            for duty in self.due(id).await? {
                match self.perform(id, duty).await {
                    Ok(true) => done += 1,
                    Ok(false) => {}
                    Err(problem) => {
                        tracing::error!(duty = duty.name, code = problem.kind.code, "failed");
                        fault = fault.or(Some(problem));
                    }
                }
            }
        }
        fault.map_or(Ok(done), Err)
    }

    /// The duties that this instance may do for a municipality now.
    async fn due(&self, municipality: MunicipalityId) -> Result<Vec<Duty>, Problem> {
        let (duties, me) = (Arc::clone(&self.duties), self.me);
        let its_own = Arc::new(Caller::system(municipality));
        self.db
            .read(&its_own, move |tx| {
                let (leases, now) = (lease::all(tx)?, tx.now());
                let is_due = |duty: &&Duty| {
                    let known = leases.iter().find(|lease| lease.name == duty.name);
                    known.is_none_or(|lease| lease.is_free_for(me, now))
                };
                Ok(duties.iter().filter(is_due).copied().collect())
            })
            .await
    }

    /// Does a duty to its end, one transaction after the other. Tells whether this instance did it.
    async fn perform(&self, municipality: MunicipalityId, duty: Duty) -> Result<bool, Problem> {
        let (me, its_own) = (self.me, Arc::new(Caller::system(municipality)));
        let mut held = None;
        loop {
            let attempt = self
                .db
                .write(&its_own, move |tx| attempt(tx, duty, me, held))
                .await?;
            match attempt {
                Attempt::NotMine => return Ok(false),
                Attempt::Done => return Ok(true),
                Attempt::More(fence) => held = Some(fence),
            }
        }
    }
}

/// Takes the lease, does a part of the duty, and says so, all or nothing.
fn attempt(
    tx: &mut Tx<'_>,
    duty: Duty,
    me: InstanceId,
    held: Option<i64>,
) -> Result<Attempt, Problem> {
    let now = tx.now();
    let read = lease::find_or_begin(tx, duty.name)?;
    // Whoever goes on must still be at the fence under which the part before was done.
    let may = read.is_free_for(me, now) && held.is_none_or(|fence| fence == read.fence);
    let taken = if may {
        lease::take(tx, &read, me, now.plus(LEASE))?
    } else {
        None
    };
    let Some(fence) = taken else {
        tx.change_nothing();
        return Ok(Attempt::NotMine);
    };
    let progress = (duty.run)(tx)?;
    let entry = Entry::change("duty.ran").fact("duty", duty.name);
    tx.record(entry.fact("fence", fence));
    Ok(match progress {
        Progress::More => Attempt::More(fence),
        Progress::Done => {
            let next_at = duty.when.next_after(now);
            must_be_current(lease::finish(tx, duty.name, fence, next_at)?)?;
            Attempt::Done
        }
    })
}
