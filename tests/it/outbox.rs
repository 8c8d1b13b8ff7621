//! What leaves the house: exactly what was committed, in order, at least once, whatever fails on the way.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rettbolig::audit::Entry;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::Db;
use rettbolig::ids::{ApplicationId, DecisionId, MessageId, PersonId};
use rettbolig::outbox::{
    ATTEMPTS_MAX, Deliverer, Delivering, Message, Outgoing, Topic, Undelivered, Worker, put,
};
use rettbolig::problem::{CONFLICT, Problem};
use serde_json::json;

use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

type Verdicts = Box<dyn Fn(&Message) -> Result<(), Undelivered>>;

/// What was handed over, and what the world outside answers.
#[derive(Clone)]
struct Post {
    sent: Rc<RefCell<Vec<Message>>>,
    answer: Rc<RefCell<Verdicts>>,
    takes: Duration,
}

impl Post {
    fn new() -> Self {
        Self {
            sent: Rc::default(),
            answer: Rc::new(RefCell::new(Box::new(|_| Ok(())))),
            takes: Duration::ZERO,
        }
    }

    fn answers(&self, answer: impl Fn(&Message) -> Result<(), Undelivered> + 'static) {
        *self.answer.borrow_mut() = Box::new(answer);
    }

    fn worker(&self, db: &Db) -> Worker {
        Worker::new(db.clone(), vec![Box::new(self.clone())])
    }

    /// What was handed over of each stream since this was last asked.
    fn take(&self) -> BTreeMap<String, Vec<MessageId>> {
        let mut streams: BTreeMap<String, Vec<MessageId>> = BTreeMap::new();
        for message in self.sent.take() {
            let stream = streams.entry(message.stream_id.to_string()).or_default();
            stream.push(message.id);
        }
        streams
    }
}

impl Deliverer for Post {
    fn topic(&self) -> Topic {
        Topic::Letter
    }

    fn deliver<'d>(&'d self, _: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            let answer = (self.answer.borrow())(message);
            if answer.is_ok() {
                self.sent.borrow_mut().push(message.clone());
            }
            answer
        })
    }
}

/// Puts so many messages of one stream, each in a transaction of its own.
async fn put_many(db: &Db, stream: ApplicationId, count: usize) -> Vec<MessageId> {
    put_in_lane(db, stream, PersonId::NIL, count).await
}

async fn put_in_lane(
    db: &Db,
    stream: ApplicationId,
    lane: PersonId,
    count: usize,
) -> Vec<MessageId> {
    let (mut ids, caller) = (Vec::new(), caller());
    for _ in 0..count {
        let message = Outgoing::new(Topic::Letter, stream, DecisionId::new()).to(lane);
        let id = db.write(&caller, move |tx| {
            tx.record(Entry::change("letter.tried"));
            put(tx, message)
        });
        ids.push(id.await.unwrap());
    }
    ids
}

/// A message that was given up.
pub(crate) async fn dead_letter(town: &Town) -> MessageId {
    let post = Post::new();
    let ids = put_many(&town.db, ApplicationId::new(), 1).await;
    post.answers(|_| Err(Undelivered::never("gone")));
    post.worker(&town.db).deliver_due().await.unwrap();
    ids[0]
}

fn caller() -> Arc<Caller> {
    Arc::new(Caller::system(STJORDAL))
}

async fn what_was_rolled_back_is_never_sent(bench: Bench) {
    let town = Town::open(bench).await;
    let (post, caller) = (Post::new(), caller());
    let refused = town.db.write(&caller, |tx| {
        tx.record(Entry::change("letter.tried"));
        put(
            tx,
            Outgoing::new(Topic::Letter, ApplicationId::new(), DecisionId::new()),
        )?;
        Err::<(), _>(Problem::new(&CONFLICT))
    });
    refused.await.unwrap_err();
    let unrecorded = town.db.write(&caller, |tx| {
        put(
            tx,
            Outgoing::new(Topic::Letter, ApplicationId::new(), DecisionId::new()),
        )
    });
    unrecorded.await.unwrap_err();
    post.worker(&town.db).deliver_due().await.unwrap();
    assert!(post.take().is_empty());
}

async fn each_stream_keeps_its_order(bench: Bench) {
    let town = Town::open(bench).await;
    let post = Post::new();
    let (one, other) = (ApplicationId::new(), ApplicationId::new());
    let mut expected = BTreeMap::new();
    for stream in [one, other, one] {
        let ids = put_many(&town.db, stream, 90).await;
        let all: &mut Vec<_> = expected.entry(stream.to_string()).or_default();
        all.extend(ids);
    }
    let worker = post.worker(&town.db);
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take(), expected);
    worker.deliver_due().await.unwrap();
    assert!(post.take().is_empty(), "delivered twice");
}

async fn what_fails_waits_with_its_stream_and_no_other(bench: Bench) {
    let town = Town::open(bench).await;
    let post = Post::new();
    let (sick, well) = (ApplicationId::new(), ApplicationId::new());
    let mut failing = put_many(&town.db, sick, 3).await;
    let fine = put_many(&town.db, well, 3).await;
    let bad = failing[1];
    post.answers(move |message| {
        if message.id == bad {
            return Err(Undelivered::later("http_500"));
        }
        Ok(())
    });
    let worker = post.worker(&town.db);
    worker.deliver_due().await.unwrap();
    let sent = post.take();
    assert_eq!(sent[&well.to_string()], fine);
    assert_eq!(sent[&sick.to_string()], failing[..1]);
    // Whoever comes later into the stream does not overtake.
    failing.extend(put_many(&town.db, sick, 1).await);
    worker.deliver_due().await.unwrap();
    assert!(post.take().is_empty());
    post.answers(|_| Ok(()));
    town.clock.advance(SignedDuration::from_secs(7));
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take()[&sick.to_string()], failing[1..]);
}

async fn a_receiver_that_is_down_delays_only_its_own_lane(bench: Bench) {
    let town = Town::open(bench).await;
    let post = Post::new();
    let (down, up) = (PersonId::new(), PersonId::new());
    let mut kept = Vec::new();
    for _ in 0..20 {
        kept.extend(put_in_lane(&town.db, ApplicationId::new(), down, 1).await);
    }
    put_in_lane(&town.db, ApplicationId::new(), up, 5).await;
    let tries = Rc::new(RefCell::new(0));
    let counted = Rc::clone(&tries);
    post.answers(move |message| {
        if message.lane::<_>() == down {
            *counted.borrow_mut() += 1;
            return Err(Undelivered::down("timeout").after(Duration::from_mins(1)));
        }
        Ok(())
    });
    let worker = post.worker(&town.db);
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take().into_values().flatten().count(), 5);
    // Now one tries for all, and not before it was asked to.
    tries.replace(0);
    town.clock.advance(SignedDuration::from_secs(30));
    worker.deliver_due().await.unwrap();
    assert_eq!(*tries.borrow(), 0);
    town.clock.advance(SignedDuration::from_secs(31));
    worker.deliver_due().await.unwrap();
    assert_eq!(*tries.borrow(), 1);
    post.answers(|_| Ok(()));
    town.clock.advance(SignedDuration::from_hours(1));
    worker.deliver_due().await.unwrap();
    let mut sent: Vec<_> = post.take().into_values().flatten().collect();
    sent.sort_unstable();
    assert_eq!(sent, kept);
}

async fn what_is_given_up_is_shown_and_can_be_put_back(bench: Bench) {
    let town = Town::open(bench).await;
    let post = Post::new();
    let stream = ApplicationId::new();
    let ids = put_many(&town.db, stream, 2).await;
    let bad = ids[0];
    post.answers(move |message| {
        if message.id == bad {
            return Err(Undelivered::later("http_500"));
        }
        Ok(())
    });
    let worker = post.worker(&town.db);
    for attempt in 1..=ATTEMPTS_MAX {
        assert!(
            post.take().is_empty(),
            "attempt {attempt}: order was not kept"
        );
        worker.deliver_due().await.unwrap();
        town.wait_days(2);
    }
    // Those behind it go on at last.
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take()[&stream.to_string()], ids[1..]);
    let admin = town.actor(Role::Admin).await;
    let listed = admin.get("/outbox/dead-letters?topic=LETTER").await.ok();
    assert_eq!(listed.items().len(), 1);
    assert_eq!(listed.items()[0]["id"], json!(bad));
    assert_eq!(listed.items()[0]["fault"], "http_500");
    let path = format!("/outbox/dead-letters/{bad}");
    let seen = admin.get(&path).await.ok();
    assert_eq!(seen.version(), i64::from(ATTEMPTS_MAX));
    let replay = format!("{path}/replay");
    let stale = admin.act(&replay, 1, &json!({})).await;
    stale.refused(412, "stale");
    admin.act(&replay, seen.version(), &json!({})).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    let gone = admin.act(&replay, seen.version(), &json!({})).await;
    gone.refused(404, "not_found");
    post.answers(|_| Ok(()));
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take()[&stream.to_string()], ids[..1]);
}

async fn what_is_never_taken_is_given_up_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let post = Post::new();
    put_many(&town.db, ApplicationId::new(), 1).await;
    post.answers(|_| Err(Undelivered::never("gone")));
    post.worker(&town.db).deliver_due().await.unwrap();
    let admin = town.actor(Role::Admin).await;
    let listed = admin.get("/outbox/dead-letters").await.ok();
    assert_eq!(listed.items()[0]["attempts"], 1);
    let foreign = town.stranger(Role::Admin).await;
    let listed = foreign.get("/outbox/dead-letters").await.ok();
    assert!(listed.items().is_empty(), "shown to another municipality");
}

async fn two_workers_deliver_each_message_once_and_in_order(bench: Bench) {
    let town = Town::open(bench.clone()).await;
    let again = Db::open(
        &bench.database_url.parse().unwrap(),
        4,
        Arc::clone(town.db.kit()),
    );
    let again = again.unwrap();
    let post = Post {
        takes: Duration::from_millis(1),
        ..Post::new()
    };
    let mut expected = BTreeMap::new();
    for lane in [PersonId::new(), PersonId::new(), PersonId::new()] {
        let stream = ApplicationId::new();
        let ids = put_in_lane(&town.db, stream, lane, 40).await;
        expected.insert(stream.to_string(), ids);
    }
    let (one, other) = (post.worker(&town.db), post.worker(&again));
    let done = tokio::join!(one.deliver_due(), other.deliver_due());
    done.0.and(done.1).unwrap();
    assert_eq!(post.take(), expected);
}

async fn a_worker_that_dies_loses_its_lane_and_nothing_is_lost(bench: Bench) {
    let town = Town::open(bench).await;
    let stream = ApplicationId::new();
    let ids = put_many(&town.db, stream, 3).await;
    let hanging = Post {
        takes: Duration::from_hours(1),
        ..Post::new()
    };
    let dying = hanging.worker(&town.db);
    let cut = tokio::time::timeout(Duration::from_millis(300), dying.deliver_due()).await;
    assert!(cut.is_err(), "it was to be cut off while it delivers");
    let post = Post::new();
    let worker = post.worker(&town.db);
    worker.deliver_due().await.unwrap();
    assert!(
        post.take().is_empty(),
        "the lane is still held by who may be alive"
    );
    town.clock.advance(SignedDuration::from_mins(5));
    worker.deliver_due().await.unwrap();
    assert_eq!(post.take()[&stream.to_string()], ids);
}

cases::cases![
    what_was_rolled_back_is_never_sent,
    each_stream_keeps_its_order,
    what_fails_waits_with_its_stream_and_no_other,
    a_receiver_that_is_down_delays_only_its_own_lane,
    what_is_given_up_is_shown_and_can_be_put_back,
    what_is_never_taken_is_given_up_at_once,
    two_workers_deliver_each_message_once_and_in_order,
    a_worker_that_dies_loses_its_lane_and_nothing_is_lost,
];
