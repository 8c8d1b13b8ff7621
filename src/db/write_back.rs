//! Carries `SQLite`'s write-ahead log over into the database's file, in a thread of its own, so that nobody who writes waits for it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;

use super::Conn;
use super::target::{ConnectFault, Purpose, Target};

/// How long is waited after a commit: what many commits write is carried over once.
const PAUSE: Duration = Duration::from_millis(500);

/// Pages of 4 kB after which the writer itself carries the log over: only so does it begin anew while somebody always writes. Most of it
/// has been carried over by then.
pub(super) const WRITER_CARRIES_OVER: &str = "PRAGMA wal_autocheckpoint = 16384";

/// The way to the thread, which ends with it.
pub(super) struct WriteBack(SyncSender<()>);

impl WriteBack {
    /// Opens the thread's connection and starts it.
    pub(super) fn start(target: &Target) -> Result<Self, ConnectFault> {
        let conn = target.connect(Purpose::Serve)?;
        let (commits, told) = sync_channel(1);
        std::thread::Builder::new()
            .name("sqlite-write-back".into())
            .spawn(move || work(conn, &told))
            .map_err(ConnectFault::NoThread)?;
        Ok(Self(commits))
    }

    /// Tells that something was committed.
    pub(super) fn committed(&self) {
        // Who has been told already need not be told again; if the thread has ended, the writer carries over what there is.
        let _ = self.0.try_send(());
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
