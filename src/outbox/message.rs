//! One thing that must leave the house, by reference.

use diesel::prelude::*;
use uuid::Uuid;

use crate::clock::Instant;
use crate::codes;
use crate::ids::{Id, MessageId, MunicipalityId};

codes! {
    /// What kind of thing leaves the house; each has one deliverer.
    pub enum Topic {
        /// A letter to a resident.
        Letter = "LETTER",
        /// A record for the archive.
        Archive = "ARCHIVE",
        /// What came in, for the archive too: an application or an appeal.
        Incoming = "INCOMING",
        /// An event for a subscriber.
        Webhook = "WEBHOOK",
    }
}

codes! {
    /// Whether a message is still on its way.
    pub enum State {
        /// To be delivered, now or when it is due again.
        Waiting = "WAITING",
        /// Given up; a person must look at it.
        Dead = "DEAD",
    }
}

/// The kind of an id that may name a lane, a stream or what a message refers to.
#[derive(Debug)]
pub enum Any {}

/// A message to be put: ids only.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    pub(super) topic: Topic,
    pub(super) lane: Uuid,
    pub(super) stream: Uuid,
    pub(super) reference: Uuid,
}

impl Outgoing {
    /// A message about `reference`, in order with the others of the same `stream`, for the topic's one receiver.
    #[must_use]
    pub const fn new<S, R>(topic: Topic, stream: Id<S>, reference: Id<R>) -> Self {
        Self {
            topic,
            lane: Uuid::nil(),
            stream: stream.uuid(),
            reference: reference.uuid(),
        }
    }

    /// For this receiver among the topic's several.
    #[must_use]
    pub const fn to<L>(mut self, lane: Id<L>) -> Self {
        self.lane = lane.uuid();
        self
    }
}

/// A message on its way.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = crate::db::schema::outbox_message)]
pub struct Message {
    /// Whose it is.
    pub municipality_id: MunicipalityId,
    pub(super) seq: i64,
    /// The same at every attempt: by it a receiver knows what it has got already.
    pub id: MessageId,
    /// Which deliverer it is for.
    pub topic: Topic,
    /// Which receiver it is for; nil where the topic has only one.
    pub lane_id: Id<Any>,
    /// With which others it keeps order.
    pub stream_id: Id<Any>,
    /// What it is about.
    pub reference_id: Id<Any>,
    /// The request that caused it, to be passed on.
    pub correlation_id: String,
    /// Whether it is still on its way.
    pub state: State,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// Why the last attempt failed, as a code.
    pub fault: Option<String>,
    /// Since when it waits.
    pub put_at: Instant,
    /// When it is to be tried next.
    pub due_at: Instant,
}

impl Message {
    /// What it is about, as the id that its topic refers by.
    #[must_use]
    pub const fn reference<K>(&self) -> Id<K> {
        Id::from_uuid(self.reference_id.uuid())
    }

    /// Its receiver, as the id that its topic knows receivers by.
    #[must_use]
    pub const fn lane<K>(&self) -> Id<K> {
        Id::from_uuid(self.lane_id.uuid())
    }
}
