//! Keeps the outlets up with the log, each in a task of its own, until the service stops.

use std::path::PathBuf;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use tokio::sync::watch;

use super::{CefStream, CheckpointFolder, Publisher, WitnessAddress, WitnessClient};
use crate::audit::{Finding, LogKey};
use crate::db::Db;
use crate::problem::Problem;

/// How soon something new is noticed: well within the minute in which it must be published.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause after a fault. Pauses grow up to it, so that a blocked outlet is not pestered and does not fill the log.
const PAUSE_MAX: Duration = Duration::from_mins(1);
/// How long a last delivery may take when the service stops; what is not delivered then is after the next start.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

/// Where things go out, as the settings say.
#[derive(Debug, Clone, Default)]
pub struct Outlets {
    /// The folder for checkpoints.
    pub checkpoints: Option<PathBuf>,
    /// Those who cosign checkpoints.
    pub witnesses: Vec<WitnessAddress>,
    /// The file of looks at personal data.
    pub cef: Option<PathBuf>,
}

/// Why an outlet could not be kept up.
#[derive(Debug)]
pub enum OutletFault {
    /// What is outside does not answer as it should.
    Outside(String),
    /// The database could not be asked.
    Inside(Problem),
    /// What is outside shows that the log is not what it was.
    Unsound(Finding),
}

impl From<Problem> for OutletFault {
    fn from(problem: Problem) -> Self {
        Self::Inside(problem)
    }
}

impl From<Finding> for OutletFault {
    fn from(finding: Finding) -> Self {
        Self::Unsound(finding)
    }
}

impl From<std::io::Error> for OutletFault {
    fn from(error: std::io::Error) -> Self {
        Self::Outside(error.to_string())
    }
}

/// Of two outcomes the one to be told: that the log is unsound before anything else, else the first fault.
pub(super) fn worst(
    one: Result<(), OutletFault>,
    other: Result<(), OutletFault>,
) -> Result<(), OutletFault> {
    if matches!(other, Err(OutletFault::Unsound(_))) {
        return other;
    }
    one.and(other)
}

/// Something outside the database that is kept up with the log.
pub trait Outlet {
    /// Its name in the log and in metrics.
    fn name(&self) -> String;

    /// Delivers all that is new now.
    fn deliver(&mut self) -> impl Future<Output = Result<(), OutletFault>>;
}

/// Does what may block for long, such as a share that hangs, beside the service's work.
pub(super) async fn outside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OutletFault> + Send + 'static,
) -> Result<T, OutletFault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Problem::internal("panic in an outlet").into()))
}

/// The tasks that keep the outlets up.
#[derive(Debug)]
pub struct Couriers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Couriers {
    /// Starts one task for each outlet.
    #[must_use]
    pub fn start(db: &Db, key: &LogKey, outlets: &Outlets) -> Self {
        let (stop, until) = watch::channel(false);
        let mut tasks = Vec::new();
        if let Some(folder) = &outlets.checkpoints {
            let folder = CheckpointFolder::new(folder.clone());
            let publisher = Publisher::new(db.clone(), key.clone(), folder);
            tasks.push(actix_web::rt::spawn(keep_up(
                db.clone(),
                publisher,
                until.clone(),
            )));
        }
        for witness in &outlets.witnesses {
            let client = WitnessClient::new(db.clone(), witness.clone());
            tasks.push(actix_web::rt::spawn(keep_up(
                db.clone(),
                client,
                until.clone(),
            )));
        }
        if let Some(file) = &outlets.cef {
            let stream = CefStream::new(db.clone(), file.clone());
            tasks.push(actix_web::rt::spawn(keep_up(
                db.clone(),
                stream,
                until.clone(),
            )));
        }
        Self { stop, tasks }
    }

    /// Lets each deliver once more, and waits for that.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if tokio::time::timeout(LAST_PATIENCE, task).await.is_err() {
                tracing::warn!(
                    "an outlet did not finish in time; it is caught up after the next start"
                );
            }
        }
    }
}

/// Delivers again and again, until told to stop or until the log is found unsound.
async fn keep_up(db: Db, mut outlet: impl Outlet, mut stop: watch::Receiver<bool>) {
    let name = outlet.name();
    let up = metrics::gauge!("audit_outlet_up", "outlet" => name.clone());
    let mut faults = 0;
    // A log that is not sound is not vouched for to others.
    while db.takes_changes().is_ok() {
        let is_last = *stop.borrow();
        match outlet.deliver().await {
            Ok(()) => {
                if faults > 0 {
                    tracing::info!(outlet = name, "the outlet is caught up");
                }
                faults = 0;
                up.set(1.0);
            }
            Err(fault) => {
                faults += 1;
                up.set(0.0);
                tell(&db, &name, &fault);
            }
        }
        if is_last {
            return;
        }
        tokio::select! {
            // The sender is dropped or sends: either way it is over.
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause_after(faults)) => {}
        }
    }
    up.set(0.0);
}

fn tell(db: &Db, outlet: &str, fault: &OutletFault) {
    match fault {
        OutletFault::Outside(why) => tracing::error!(outlet, why, "the outlet is blocked"),
        OutletFault::Inside(problem) => {
            let (code, cause) = (problem.kind.code, problem.cause.as_deref());
            tracing::error!(
                outlet,
                code,
                cause,
                "the log could not be read for the outlet"
            );
        }
        OutletFault::Unsound(finding) => {
            tracing::error!(outlet, %finding, "the log is not sound: changes are refused");
            db.become_read_only();
        }
    }
}

/// How long to wait after so many faults in a row.
fn pause_after(faults: u32) -> Duration {
    let grown = PAUSE.saturating_mul(1 << faults.min(16));
    grown.min(PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute() {
        let seconds: Vec<u64> = [0, 1, 2, 5, 6, 7, 1000]
            .into_iter()
            .map(|faults| pause_after(faults).as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 32, 60, 60, 60]);
    }
}
