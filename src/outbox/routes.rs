//! What could not be delivered, for whoever runs the service: to be seen, and to be put back once the cause is mended.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::store;
use super::{Message, Topic};
use crate::audit::{Entry, Subject};
use crate::auth::Action::{ReadOutbox, ReplayOutbox};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::MessageId;
use crate::problem::{NOT_FOUND, Problem};

/// The operations on what could not be delivered.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/outbox/dead-letters",
            ReadOutbox,
            "Messages that could not be delivered and were given up",
            list,
        ),
        Endpoint::get(
            "/outbox/dead-letters/{id}",
            ReadOutbox,
            "A message that was given up",
            show,
        ),
        Endpoint::act(
            "/outbox/dead-letters/{id}/replay",
            ReplayOutbox,
            "Put a message back, to be delivered now",
            replay,
        ),
    ]
}

/// A message that was given up. It names what it is about by id, and holds no personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeadLetter {
    id: MessageId,
    topic: Topic,
    /// The receiver; the nil id where the topic has only one.
    receiver_id: Uuid,
    /// What it is about: a letter, a record, an event.
    reference_id: Uuid,
    /// How often it was tried.
    attempts: i32,
    /// Why the last attempt failed, as a code.
    fault: Option<String>,
    /// Since when it waits.
    put_at: Instant,
}

/// Which messages are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Of this topic.
    topic: Option<Topic>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<DeadLetter>, Problem> {
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let rows = store::dead(tx, asked.topic, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |message| message.id).map(|message| told(&message)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DeadLetter>, Problem> {
    let message = load(tx, call)?;
    Ok(Shown::at_version(message.attempts, told(&message)))
}

fn replay(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DeadLetter>, Problem> {
    let message = load(tx, call)?;
    call.has_seen(message.attempts)?;
    must_be_current(store::revive(tx, &message)?)?;
    let entry = Entry::change("outbox.replayed").about(Subject::policy(message.id));
    tx.record(entry.fact("topic", message.topic.code()));
    Ok(Shown::at_version(0, told(&message)))
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Message, Problem> {
    store::find_dead(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn told(message: &Message) -> DeadLetter {
    DeadLetter {
        id: message.id,
        topic: message.topic,
        receiver_id: message.lane_id.uuid(),
        reference_id: message.reference_id.uuid(),
        attempts: message.attempts,
        fault: message.fault.clone(),
        put_at: message.put_at,
    }
}
