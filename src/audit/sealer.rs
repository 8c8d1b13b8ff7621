//! The running service's sealer: seals what waits, a few times a second, until it is stopped.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::seal::Seal;
use super::waiting::BATCH;
use super::{Entry, KeyFault, LogKey, RecheckFault, recheck_last, tree, waiting};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::problem::Problem;

/// How long an entry waits for its seal at most, when nothing is in the way.
const PAUSE: Duration = Duration::from_millis(250);
/// Entries that are checked before serving: some seconds' work.
const ENTRIES_CHECKED: u64 = 10_000;
/// How long a log may be silent.
const SILENCE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How often is looked whether one is.
const ROUND: Duration = Duration::from_mins(10);
/// How long the sealer rests after a fault, so that it does not fill the log with one message.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(10);

/// Seals every municipality's log.
///
/// A checkpoint carries no time, so a log to which nothing was added has nothing new to sign. A log that was idle for a day is
/// therefore given an entry that says only that it is alive: who waits for its checkpoints sees that they still come.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Sealer {
    db: Db,
    key: LogKey,
}

impl Sealer {
    /// A sealer over this database that signs with this key.
    #[must_use]
    pub const fn new(db: Db, key: LogKey) -> Self {
        Self { db, key }
    }

    /// Checks the end of every log against its seals. Where they do not agree, the database may only be read from now on:
    /// whatever was done to it must be looked into before it is covered by more.
    pub async fn check_before_serving(&self) -> Result<(), Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        for (id, number) in self.db.read(&nobody, municipality::all).await? {
            let trusted = self.key.verifiers(&number).map_err(no_name)?;
            match recheck_last(&self.db, id, &trusted, ENTRIES_CHECKED).await {
                Ok(sound) => tracing::info!(number, entries = sound.entries, "the log is sound"),
                Err(RecheckFault::Unread(problem)) => return Err(problem),
                Err(RecheckFault::Found(finding)) => {
                    tracing::error!(number, %finding, "the log is not sound: changes are refused");
                    self.db.become_read_only();
                }
            }
        }
        Ok(())
    }

    /// Seals until told to stop, and then once more.
    pub async fn run(self, stop: oneshot::Receiver<()>) {
        if self.db.takes_changes().is_err() {
            return;
        }
        let mut stop = pin!(stop);
        let mut looked_at = None;
        loop {
            if looked_at.is_none_or(|at: Instant| at.elapsed() >= ROUND) {
                looked_at = Some(Instant::now());
                if let Err(problem) = self.keep_alive().await {
                    let code = problem.kind.code;
                    tracing::error!(
                        code,
                        cause = problem.cause,
                        "an idle log was not kept alive"
                    );
                }
            }
            let pause = if self.seal_or_tell().await {
                PAUSE
            } else {
                PAUSE_AFTER_FAULT
            };
            tokio::select! {
                // The sender is dropped or sends: either way it is over.
                _ = &mut stop => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.seal_or_tell().await;
    }

    async fn seal_or_tell(&self) -> bool {
        match self.seal_waiting().await {
            Ok(entries) => {
                if entries > 0 {
                    tracing::debug!(entries, "sealed");
                }
                true
            }
            Err(problem) => {
                let code = problem.kind.code;
                tracing::error!(code, cause = problem.cause, "the log could not be sealed");
                false
            }
        }
    }

    /// Gives each log that has been silent for a day an entry, and tells how many those were.
    pub async fn keep_alive(&self) -> Result<usize, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let mut silent = 0;
        for (id, _) in self.db.read(&nobody, municipality::all).await? {
            let its_own = Arc::new(Caller::system(id));
            if self.db.read(&its_own, is_silent).await? {
                let alive = |tx: &mut Tx<'_>| {
                    tx.record(Entry::change("log.alive"));
                    Ok(())
                };
                self.db.write(&its_own, alive).await?;
                silent += 1;
            }
        }
        Ok(silent)
    }

    /// Seals all that waits now, and tells how many entries that were. A log that cannot be sealed holds up no other.
    pub async fn seal_waiting(&self) -> Result<usize, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let (mut entries, mut fault) = (0, None);
        for id in self.db.read(&nobody, waiting::logs).await? {
            match self.seal_log(id).await {
                Ok(sealed) => entries += sealed,
                Err(problem) => fault = Some(problem),
            }
        }
        fault.map_or(Ok(entries), Err)
    }

    async fn seal_log(&self, id: MunicipalityId) -> Result<usize, Problem> {
        let its_own = Arc::new(Caller::system(id));
        let (number, _) = self.db.read(&its_own, municipality::load).await?;
        let signers: Arc<[_]> = self.key.signers(&number).map_err(no_name)?.into();
        let mut entries = 0;
        while let Some(seal) = self.db.seal(id, Arc::clone(&signers)).await? {
            entries += seal.entries;
            if is_last(&seal) {
                break;
            }
        }
        Ok(entries)
    }
}

/// Whether nothing was sealed for so long that somebody may wonder.
fn is_silent(tx: &mut Tx<'_>) -> Result<bool, Problem> {
    let (municipality, now) = (tx.municipality(), tx.now());
    let last = tree::find_latest(tx.conn(), municipality)?;
    Ok(last.is_some_and(|last| last.sealed_at.plus(SILENCE_MAX) <= now))
}

/// A municipality whose number cannot stand in the name of a log.
fn no_name(fault: KeyFault) -> Problem {
    Problem::internal(fault.to_string())
}

/// Whether a seal took all that waited.
fn is_last(seal: &Seal) -> bool {
    i64::try_from(seal.entries).is_ok_and(|entries| entries < BATCH)
}
