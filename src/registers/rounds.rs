//! Asking again and again what registers have to tell: feeds, receipts, states.

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use tokio::sync::watch;

/// Something that is done again and again until told to stop.
#[expect(missing_debug_implementations, reason = "a task has nothing to show")]
pub struct Rounds {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Rounds {
    /// Makes a round at once, and the next ones with this pause between them.
    #[must_use]
    pub fn start<F>(pause: Duration, round: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        let (stop, mut until) = watch::channel(false);
        let task = actix_web::rt::spawn(async move {
            while !*until.borrow() {
                round().await;
                tokio::select! {
                    _ = until.changed() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        });
        Self { stop, task }
    }

    /// Stops after the round that is under way.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "a round did not end as it should");
        }
    }
}
