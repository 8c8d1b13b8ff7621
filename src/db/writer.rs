//! `SQLite`'s one writer: a thread that commits what is waiting as one group, each write in its own savepoint.
//!
//! One `fsync` then serves many acknowledged writes, which makes `synchronous=FULL` affordable (the reason: `SQLite` has one writer
//! at a time anyway; contending connections cost seven times the throughput).

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::R2D2Connection as _;
use tokio::sync::oneshot;

use super::Conn;
use super::door::{begin, commit, roll_back};
use super::target::{ConnectFault, Purpose, Target};
use super::write_back::{WRITER_CARRIES_OVER, WriteBack};
use crate::problem::{Problem, STOPPING};

/// Writes that may wait for the writer; beyond that the answer is 503.
const QUEUE: usize = 1024;
/// Writes that share one commit at most.
const GROUP: usize = 64;

/// Does one write and returns what tells its caller once the group's fate is known.
type Job = Box<dyn FnOnce(&mut Conn) -> Finish + Send>;
type Finish = Box<dyn FnOnce(Result<(), &Problem>) + Send>;

/// The way to the writer thread.
pub(super) struct Writer {
    jobs: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Opens the writer's connection and starts its thread.
    pub(super) fn start(target: Target) -> Result<Self, ConnectFault> {
        let conn = connect(&target)?;
        let write_back = WriteBack::start(&target)?;
        let (jobs, waiting) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || work_through(&target, conn, &waiting, &write_back))
            .map_err(ConnectFault::NoThread)?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Hands a write to the thread and waits until it is durable or refused.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| match work(conn) {
            Ok(value) => Box::new(move |fate: Result<(), &Problem>| {
                // Nobody may be waiting any more (the client went away); the write stands all the same.
                drop(answer.send(fate.map(|()| value).map_err(again)));
            }),
            Err(problem) => {
                drop(answer.send(Err(problem)));
                Box::new(|_: Result<(), &Problem>| ())
            }
        });
        self.submit(job)?;
        // A job that was dropped unanswered was never begun.
        answered
            .await
            .unwrap_or_else(|_| Err(Problem::busy("the writer could not begin")))
    }

    fn submit(&self, job: Job) -> Result<(), Problem> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        match jobs.as_ref().map(|jobs| jobs.try_send(job)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => Err(Problem::busy("the writer's queue is full")),
            Some(Err(TrySendError::Disconnected(_))) => Err(Problem::busy("the writer has ended")),
            None => Err(Problem::new(&STOPPING)),
        }
    }

    /// Takes no more writes and waits for those that were taken.
    pub(super) fn close(&self) {
        drop(
            self.jobs
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

/// The same problem for every write of a group that could not be committed.
fn again(problem: &Problem) -> Problem {
    Problem::busy(problem.cause.clone().unwrap_or_default())
}

fn work_through(target: &Target, mut conn: Conn, waiting: &Receiver<Job>, write_back: &WriteBack) {
    while let Ok(first) = waiting.recv() {
        if let Err(problem) = begin(&mut conn, "BEGIN IMMEDIATE") {
            // Another process holds the file (a backup, a migration). Whoever waited meanwhile is refused too: were each to wait for
            // the file in turn, the last of many would wait for minutes.
            tracing::warn!(cause = problem.cause, "the writer could not begin");
            let late: Vec<Job> = std::iter::once(first).chain(waiting.try_iter()).collect();
            drop(late);
            reopen_if_broken(target, &mut conn);
            continue;
        }
        let group = std::iter::once(first).chain(waiting.try_iter().take(GROUP - 1));
        let finishes: Vec<Finish> = group.map(|job| job(&mut conn)).collect();
        let fate = commit(&mut conn);
        if let Err(problem) = &fate {
            tracing::error!(
                cause = problem.cause,
                writes = finishes.len(),
                "a group commit failed"
            );
            roll_back(&mut conn);
        }
        for finish in finishes {
            finish(fate.as_ref().copied());
        }
        write_back.committed();
        reopen_if_broken(target, &mut conn);
    }
}

fn connect(target: &Target) -> Result<Conn, ConnectFault> {
    let mut conn = target.connect(Purpose::Serve)?;
    conn.batch_execute(WRITER_CARRIES_OVER)?;
    Ok(conn)
}

fn reopen_if_broken(target: &Target, conn: &mut Conn) {
    if !conn.is_broken() {
        return;
    }
    match connect(target) {
        Ok(fresh) => *conn = fresh,
        Err(error) => tracing::error!(%error, "the writer could not reopen the database"),
    }
}
