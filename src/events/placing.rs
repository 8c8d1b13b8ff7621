//! Gives committed events their places, and puts them into the outbox for whoever wants to be told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use tokio::sync::watch;

use super::store;
use super::told::Audience;
use crate::auth::Caller;
use crate::clock::Instant;
use crate::db::{Conn, Db};
use crate::ids::MunicipalityId;
use crate::outbox::{self, Bookkeeping, Outgoing, Topic};
use crate::problem::Problem;
use crate::webhooks;

/// How soon a new event gets its place.
const PAUSE: Duration = Duration::from_millis(200);
/// How long to rest when the database cannot be asked.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(5);
/// Events that get their places in one transaction, so that writers on `SQLite` do not wait for long.
const BATCH: i64 = 200;

/// Places what waits in one municipality; tells how many events that were.
#[derive(Debug)]
struct Place;

impl Bookkeeping for Place {
    type Kept = usize;

    fn keep(
        &self,
        conn: &mut Conn,
        now: Instant,
        municipality: MunicipalityId,
    ) -> Result<usize, Problem> {
        if !takes_turn(conn, municipality)? {
            return Ok(0);
        }
        let events = store::unplaced(conn, municipality, BATCH)?;
        if events.is_empty() {
            return Ok(0);
        }
        let receivers = webhooks::receivers(conn, municipality)?;
        let mut last: BTreeMap<Audience, i64> = BTreeMap::new();
        for (_, event) in &events {
            let audience = event.kind.audience();
            let position = match last.get(&audience) {
                Some(position) => position + 1,
                None => store::last_position(conn, municipality, audience)? + 1,
            };
            last.insert(audience, position);
            store::place(conn, event, position)?;
            for receiver in receivers.iter().filter(|it| it.wants(event.kind)) {
                let message =
                    Outgoing::new(Topic::Webhook, event.stream_id, event.id).to(receiver.id);
                outbox::forward(conn, municipality, now, message, &event.correlation_id)?;
            }
        }
        let count = events.len();
        let numbers = events.into_iter().map(|(number, _)| number).collect();
        store::take_off(conn, municipality, numbers)?;
        Ok(count)
    }
}

/// Whether no other instance is placing this municipality's events. The lock is gone with the transaction; should it fail, the primary key lets
/// only one of two commit.
fn takes_turn(conn: &mut Conn, municipality: MunicipalityId) -> Result<bool, Problem> {
    let Conn::Pg(conn) = conn else {
        return Ok(true);
    };
    // Another number than the sealer's, which locks by the lower half of the id.
    let (high, low) = municipality.uuid().as_u64_pair();
    let lock = sql::<Bool>("pg_try_advisory_xact_lock(")
        .bind::<BigInt, _>((high.rotate_left(17) ^ !low).cast_signed())
        .sql(")");
    Ok(diesel::select(lock).get_result(conn)?)
}

/// Gives places to the events of all municipalities.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Placing {
    db: Db,
}

/// A placing at work.
#[expect(missing_debug_implementations, reason = "a task has nothing to show")]
pub struct PlacingWork {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl PlacingWork {
    /// Places what waits once more, and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "placing events did not end as it should");
        }
    }
}

impl Placing {
    /// Over this database.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Begins to place until told to stop.
    #[must_use]
    pub fn start(self) -> PlacingWork {
        let (stop, until) = watch::channel(false);
        let task = actix_web::rt::spawn(self.run(until));
        PlacingWork { stop, task }
    }

    async fn run(self, mut stop: watch::Receiver<bool>) {
        while self.db.takes_changes().is_ok() {
            let is_last = *stop.borrow();
            let pause = match self.place_waiting().await {
                Ok(_) => PAUSE,
                Err(problem) => {
                    let (code, cause) = (problem.kind.code, problem.cause);
                    tracing::error!(code, cause, "events could not be given their places");
                    PAUSE_AFTER_FAULT
                }
            };
            if is_last {
                return;
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Places all that waits now, and tells how many events that were.
    pub async fn place_waiting(&self) -> Result<usize, Problem> {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let mut placed = 0;
        for municipality in self.db.read(&nobody, store::waiting).await? {
            loop {
                let count = self.db.keep_books(municipality, Place).await?;
                placed += count;
                if i64::try_from(count).is_ok_and(|count| count < BATCH) {
                    break;
                }
            }
        }
        Ok(placed)
    }
}
