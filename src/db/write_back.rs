//! Carries `SQLite`'s write-ahead log over into the database's file, in a thread of its own, so that nobody who writes waits for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;

use super::Conn;
use super::target::{ConnectFault, Purpose, Target};

/// How long is waited after a commit: what many commits write is carried over once.
const PAUSE: Duration = Duration::from_millis(500);

/// Pages of 4 kB after which the writer itself carries the log over: only so does it begin anew while somebody always writes. Most of it
/// has been carried over by then.
pub(super) const WRITER_CARRIES_OVER: &str = "PRAGMA wal_autocheckpoint = 16384";

/// The thread. Dropping this ends it and waits until its connection is closed: whoever closes the database after that is the last one,
/// and leaves no log behind.
pub(super) struct WriteBack {
    commits: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl WriteBack {
    /// Opens the thread's connection and starts it.
    pub(super) fn start(target: &Target) -> Result<Self, ConnectFault> {
        let conn = target.connect(Purpose::Serve)?;
        let (commits, told) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("sqlite-write-back".into())
            .spawn(move || work(conn, &told))
            .map_err(ConnectFault::NoThread)?;
        Ok(Self {
            commits: Some(commits),
            thread: Some(thread),
        })
    }

    /// Tells that something was committed.
    pub(super) fn committed(&self) {
        // Who has been told already need not be told again; if the thread has ended, the writer carries over what there is.
        if let Some(commits) = &self.commits {
            let _ = commits.try_send(());
        }
    }
}

impl Drop for WriteBack {
    fn drop(&mut self) {
        drop(self.commits.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn work(mut conn: Conn, commits: &Receiver<()>) {
    while commits.recv().is_ok() {
        let begun = Instant::now();
        while let Some(rest) = PAUSE.checked_sub(begun.elapsed()) {
            if commits.recv_timeout(rest) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
        if let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "the write-ahead log was not carried over");
        }
    }
}
