//! The running service's worker: finds lanes in which something is due, and works each by itself.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::rt::task::JoinHandle;
use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::sync::watch;
use uuid::Uuid;

use super::books::{Claim, Fate, Settle, next_attempt};
use super::deliverer::{Deliverer, Undelivered};
use super::message::Any;
use super::store::{self, Lane};
use super::{Message, State, Topic};
use crate::auth::Caller;
use crate::db::Db;
use crate::ids::{Id, MunicipalityId};
use crate::problem::Problem;

/// How soon something new is noticed.
const PAUSE: Duration = Duration::from_millis(200);
/// How long the worker rests when the database cannot be asked.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(5);
/// Lanes that are worked at once. Each waits for its own receiver only.
const LANES_AT_ONCE: usize = 64;
/// Streams of one lane that are delivered at once.
const STREAMS_AT_ONCE: usize = 8;
/// After this long a batch is settled, whatever is left of it, so that the lease is never outlived.
const BATCH_PATIENCE: Duration = Duration::from_secs(5);
/// What a lease holds beyond a batch and one delivery.
const LEASE_MARGIN: Duration = Duration::from_secs(5);
/// How long a stop waits for what is under way; what is not settled then is delivered again after the next start.
const LAST_PATIENCE: Duration = Duration::from_secs(10);
/// How often the messages are counted for the metrics.
const COUNT_EVERY: Duration = Duration::from_secs(10);

/// Delivers what waits.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Worker {
    db: Db,
    deliverers: Rc<BTreeMap<Topic, Box<dyn Deliverer>>>,
    name: Uuid,
    running: Rc<RefCell<BTreeSet<Lane>>>,
    stop: watch::Sender<bool>,
}

/// A worker at work.
#[expect(missing_debug_implementations, reason = "a task has nothing to show")]
pub struct Working {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Working {
    /// Waits for what is under way, and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(LAST_PATIENCE, self.task)
            .await
            .is_err()
        {
            tracing::warn!("deliveries were cut off; they are made again after the next start");
        }
    }
}

impl Worker {
    /// A worker for these topics.
    #[must_use]
    pub fn new(db: Db, deliverers: Vec<Box<dyn Deliverer>>) -> Self {
        let deliverers = deliverers.into_iter().map(|it| (it.topic(), it));
        Self {
            db,
            deliverers: Rc::new(deliverers.collect()),
            name: Id::<Any>::new().uuid(),
            running: Rc::default(),
            stop: watch::Sender::new(false),
        }
    }

    /// Begins to work until told to stop.
    #[must_use]
    pub fn start(self) -> Working {
        let stop = self.stop.clone();
        let task = actix_web::rt::spawn(self.run());
        Working { stop, task }
    }

    async fn run(self) {
        let mut stop = self.stop.subscribe();
        let mut lanes: Vec<JoinHandle<()>> = Vec::new();
        let mut counted: Option<Instant> = None;
        while !*stop.borrow() && self.db.takes_changes().is_ok() {
            if counted.is_none_or(|at| at.elapsed() > COUNT_EVERY) {
                counted = Some(Instant::now());
                self.count().await;
            }
            let pause = match self.find_lanes().await {
                Ok(free) => {
                    lanes.retain(|it| !it.is_finished());
                    lanes.extend(free.into_iter().map(|lane| {
                        let worker = self.clone();
                        actix_web::rt::spawn(async move { worker.work(lane).await })
                    }));
                    PAUSE
                }
                Err(problem) => {
                    tell(&problem, "the outbox could not be read");
                    PAUSE_AFTER_FAULT
                }
            };
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        join_all(lanes).await;
    }

    /// Delivers all that is due now, and returns when nothing is: for tests and for whoever drives the clock.
    pub async fn deliver_due(&self) -> Result<(), Problem> {
        loop {
            let lanes = self.find_lanes().await?;
            if lanes.is_empty() {
                return Ok(());
            }
            join_all(lanes.into_iter().map(|lane| self.work(lane))).await;
        }
    }

    /// The lanes that somebody should work on, and that nobody does in this process.
    async fn find_lanes(&self) -> Result<Vec<Lane>, Problem> {
        let topics: Vec<Topic> = self.deliverers.keys().copied().collect();
        let room = LANES_AT_ONCE.saturating_sub(self.running.borrow().len());
        if topics.is_empty() || room == 0 {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(room).unwrap_or(1);
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let find = move |tx: &mut crate::db::Tx<'_>| store::free_lanes(tx, &topics, limit);
        let mut lanes = self.db.read(&nobody, find).await?;
        lanes.retain(|lane| self.running.borrow_mut().insert(*lane));
        Ok(lanes)
    }

    /// Works a lane until nothing is due in it, its receiver is out of order, or somebody else holds it.
    async fn work(&self, lane: Lane) {
        if let Err(problem) = self.work_through(lane).await {
            tell(&problem, "a lane of the outbox could not be worked");
        }
        self.running.borrow_mut().remove(&lane);
    }

    async fn work_through(&self, lane: Lane) -> Result<(), Problem> {
        let Some(deliverer) = self.deliverers.get(&lane.topic) else {
            return Ok(());
        };
        let lease = BATCH_PATIENCE + deliverer.patience() + LEASE_MARGIN;
        let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::from_mins(1));
        let worker = self.name;
        let claim = Claim {
            lane,
            worker,
            lease,
        };
        let mut batch = self.db.keep_books(lane.municipality_id, claim).await?;
        while !batch.is_empty() {
            let fates = self.deliver(deliverer.as_ref(), batch).await;
            let settle = Settle {
                lane,
                worker,
                lease,
                fates,
                goes_on: !*self.stop.borrow(),
                random: getrandom::u32().unwrap_or(0) / 2,
            };
            batch = self.db.keep_books(lane.municipality_id, settle).await?;
        }
        Ok(())
    }

    /// Delivers a batch: streams beside each other, the messages of a stream one after the other until one fails.
    async fn deliver(&self, deliverer: &dyn Deliverer, batch: Vec<Message>) -> Vec<Fate> {
        let mut streams: BTreeMap<Id<Any>, Vec<Message>> = BTreeMap::new();
        for message in batch {
            streams.entry(message.stream_id).or_default().push(message);
        }
        let waiting = RefCell::new(streams.into_values());
        let end = Instant::now() + BATCH_PATIENCE;
        let hand = || async {
            let mut fates = Vec::new();
            while Instant::now() < end {
                let Some(stream) = waiting.borrow_mut().next() else {
                    break;
                };
                for message in stream {
                    let outcome = self.attempt(deliverer, &message).await;
                    let failed = outcome.is_err();
                    fates.push(Fate { message, outcome });
                    if failed || Instant::now() >= end {
                        break;
                    }
                }
            }
            fates
        };
        let hands = join_all((0..STREAMS_AT_ONCE).map(|_| hand())).await;
        hands.into_iter().flatten().collect()
    }

    async fn attempt(
        &self,
        deliverer: &dyn Deliverer,
        message: &Message,
    ) -> Result<(), Undelivered> {
        let delivering = deliverer.deliver(&self.db, message);
        let outcome = tokio::time::timeout(deliverer.patience(), delivering)
            .await
            .unwrap_or_else(|_| Err(Undelivered::down("timeout")));
        let topic = message.topic.code();
        let Err(fault) = &outcome else {
            metrics::counter!("outbox_delivered_total", "topic" => topic).increment(1);
            return outcome;
        };
        metrics::counter!("outbox_failed_total", "topic" => topic).increment(1);
        let (id, cause) = (message.id.to_string(), fault.fault.as_ref());
        let now = self.db.kit().clock.now();
        if next_attempt(message, fault, now, 0).is_none() {
            tracing::error!(topic, message.id = id, cause, "a message was given up");
            deliverer.gave_up(&self.db, message).await?;
        } else {
            tracing::warn!(topic, message.id = id, cause, "a delivery failed");
        }
        outcome
    }

    async fn count(&self) {
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        match self.db.read(&nobody, store::counts).await {
            Ok(counts) => {
                for topic in Topic::ALL {
                    for state in State::ALL {
                        let found = counts.iter().find(|it| (it.0, it.1) == (*topic, *state));
                        let count = found.map_or(0, |it| u32::try_from(it.2).unwrap_or(u32::MAX));
                        metrics::gauge!("outbox_messages", "topic" => topic.code(), "state" => state.code())
                            .set(f64::from(count));
                    }
                }
            }
            Err(problem) => tell(&problem, "the outbox could not be counted"),
        }
    }
}

fn tell(problem: &Problem, what: &str) {
    tracing::error!(
        code = problem.kind.code,
        cause = problem.cause,
        "{what}; it is tried again"
    );
}
