//! Messages and lanes in the database.

use std::collections::BTreeMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::message::Any;
use super::{Message, Outgoing, State, Topic};
use crate::clock::Instant;
use crate::db::schema::{outbox_lane, outbox_message};
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{Id, MessageId, MunicipalityId};
use crate::problem::Problem;

/// The longest text of a fault that is kept, in characters.
const FAULT_CHARS_MAX: usize = 200;

/// The way to one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable)]
#[diesel(table_name = outbox_lane)]
pub(super) struct Lane {
    pub(super) municipality_id: MunicipalityId,
    pub(super) topic: Topic,
    #[diesel(column_name = lane_id)]
    pub(super) receiver: Id<Any>,
}

/// The kind of an id that names a worker.
#[derive(Debug)]
enum Holder {}

#[derive(Insertable)]
#[diesel(table_name = outbox_message, treat_none_as_default_value = false)]
struct MessageRow {
    municipality_id: MunicipalityId,
    id: MessageId,
    topic: Topic,
    lane_id: Id<Any>,
    stream_id: Id<Any>,
    reference_id: Id<Any>,
    correlation_id: String,
    state: State,
    attempts: i32,
    put_at: Instant,
    due_at: Instant,
}

/// Puts a message into the outbox, to be delivered once the transaction has committed.
pub fn put(tx: &mut Tx<'_>, message: Outgoing) -> Result<MessageId, Problem> {
    let (municipality, now, id) = (tx.municipality(), tx.now(), tx.new_id());
    let correlation = tx.caller().correlation.to_string();
    put_row(tx.conn(), municipality, now, id, message, correlation)?;
    Ok(id)
}

/// The same within bookkeeping, as caused by an earlier request.
pub fn forward(
    conn: &mut Conn,
    municipality: MunicipalityId,
    now: Instant,
    message: Outgoing,
    correlation_id: &str,
) -> Result<(), Problem> {
    let correlation = correlation_id.to_owned();
    put_row(conn, municipality, now, Id::new(), message, correlation)
}

fn put_row(
    conn: &mut Conn,
    municipality: MunicipalityId,
    now: Instant,
    id: MessageId,
    message: Outgoing,
    correlation_id: String,
) -> Result<(), Problem> {
    let lane = (
        outbox_lane::municipality_id.eq(municipality),
        outbox_lane::topic.eq(message.topic),
        outbox_lane::lane_id.eq(Id::<Any>::from_uuid(message.lane)),
    );
    let open = diesel::insert_into(outbox_lane::table).values(lane);
    each!(conn, c => open.on_conflict_do_nothing().execute(c))?;
    let row = MessageRow {
        municipality_id: municipality,
        id,
        topic: message.topic,
        lane_id: Id::from_uuid(message.lane),
        stream_id: Id::from_uuid(message.stream),
        reference_id: Id::from_uuid(message.reference),
        correlation_id,
        state: State::Waiting,
        attempts: 0,
        put_at: now,
        due_at: now,
    };
    let insert = diesel::insert_into(outbox_message::table).values(&row);
    each!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Forgets a receiver with all that waits for it.
pub fn close_lane<L>(tx: &mut Tx<'_>, topic: Topic, lane: Id<L>) -> Result<(), Problem> {
    let (municipality, lane) = (tx.municipality(), Id::<Any>::from_uuid(lane.uuid()));
    let messages = outbox_message::table
        .filter(outbox_message::municipality_id.eq(municipality))
        .filter(outbox_message::topic.eq(topic))
        .filter(outbox_message::lane_id.eq(lane));
    diesel::delete(messages).execute(tx.conn())?;
    diesel::delete(outbox_lane::table.find((municipality, topic, lane))).execute(tx.conn())?;
    Ok(())
}

/// The lanes of these topics in which something is due and nobody is working, over all municipalities.
pub(super) fn free_lanes(
    tx: &mut Tx<'_>,
    topics: &[Topic],
    limit: i64,
) -> Result<Vec<Lane>, Problem> {
    let now = tx.now();
    let due = outbox_message::table
        .filter(outbox_message::municipality_id.eq(outbox_lane::municipality_id))
        .filter(outbox_message::topic.eq(outbox_lane::topic))
        .filter(outbox_message::lane_id.eq(outbox_lane::lane_id))
        .filter(outbox_message::state.eq(State::Waiting.named()))
        .filter(outbox_message::due_at.le(now));
    Ok(outbox_lane::table
        .filter(outbox_lane::topic.eq_any(topics.to_vec()))
        .filter(
            outbox_lane::held_until
                .is_null()
                .or(outbox_lane::held_until.le(now)),
        )
        .filter(
            outbox_lane::quiet_until
                .is_null()
                .or(outbox_lane::quiet_until.le(now)),
        )
        .filter(diesel::dsl::exists(due))
        .limit(limit)
        .select(Lane::as_select())
        .load(tx.conn())?)
}

/// Takes a lane that nobody holds. Tells whether its receiver was out of order when it was last tried; none when the lane is taken.
pub(super) fn claim(
    conn: &mut Conn,
    lane: &Lane,
    worker: Uuid,
    now: Instant,
    until: Instant,
) -> Result<Option<bool>, Problem> {
    let key = (lane.municipality_id, lane.topic, lane.receiver);
    let free = outbox_lane::held_until
        .is_null()
        .or(outbox_lane::held_until.le(now));
    let rows = diesel::update(outbox_lane::table.find(key))
        .filter(free)
        .set((
            outbox_lane::held_by.eq(Id::<Holder>::from_uuid(worker)),
            outbox_lane::held_until.eq(until),
        ))
        .execute(conn)?;
    if rows == 0 {
        return Ok(None);
    }
    Ok(Some(is_shy(conn, lane)?))
}

/// Whether the lane's receiver was out of order when it was last tried.
pub(super) fn is_shy(conn: &mut Conn, lane: &Lane) -> Result<bool, Problem> {
    let key = (lane.municipality_id, lane.topic, lane.receiver);
    let quiet: Option<Instant> = outbox_lane::table
        .find(key)
        .select(outbox_lane::quiet_until)
        .first(conn)?;
    Ok(quiet.is_some())
}

/// Holds a lane for longer; says whether the worker still holds it.
pub(super) fn renew(
    conn: &mut Conn,
    lane: &Lane,
    worker: Uuid,
    until: Instant,
) -> Result<bool, Problem> {
    let key = (lane.municipality_id, lane.topic, lane.receiver);
    let rows = diesel::update(outbox_lane::table.find(key))
        .filter(outbox_lane::held_by.eq(Id::<Holder>::from_uuid(worker)))
        .set(outbox_lane::held_until.eq(until))
        .execute(conn)?;
    Ok(rows == 1)
}

/// Lets go of a lane, which stays quiet until then.
pub(super) fn give_back(
    conn: &mut Conn,
    lane: &Lane,
    worker: Uuid,
    quiet_until: Option<Instant>,
) -> Result<(), Problem> {
    let key = (lane.municipality_id, lane.topic, lane.receiver);
    diesel::update(outbox_lane::table.find(key))
        .filter(outbox_lane::held_by.eq(Id::<Holder>::from_uuid(worker)))
        .set((
            outbox_lane::held_by.eq(None::<Id<Holder>>),
            outbox_lane::held_until.eq(None::<Instant>),
            outbox_lane::quiet_until.eq(quiet_until),
        ))
        .execute(conn)?;
    Ok(())
}

/// The first messages of a lane that are due, in their order.
pub(super) fn due(
    conn: &mut Conn,
    lane: &Lane,
    now: Instant,
    limit: i64,
) -> Result<Vec<Message>, Problem> {
    Ok(outbox_message::table
        .filter(outbox_message::municipality_id.eq(lane.municipality_id))
        .filter(outbox_message::topic.eq(lane.topic))
        .filter(outbox_message::lane_id.eq(lane.receiver))
        .filter(outbox_message::state.eq(State::Waiting.named()))
        .filter(outbox_message::due_at.le(now))
        .order(outbox_message::seq)
        .limit(limit)
        .select(Message::as_select())
        .load(conn)?)
}

/// Of the streams of these messages, those that wait for another attempt: since which message, until when.
pub(super) fn stuck(
    conn: &mut Conn,
    lane: &Lane,
    now: Instant,
    due: &[Message],
) -> Result<BTreeMap<Id<Any>, (i64, Instant)>, Problem> {
    let streams: Vec<Id<Any>> = due.iter().map(|message| message.stream_id).collect();
    let rows: Vec<(Id<Any>, i64, Instant)> = outbox_message::table
        .filter(outbox_message::municipality_id.eq(lane.municipality_id))
        .filter(outbox_message::topic.eq(lane.topic))
        .filter(outbox_message::lane_id.eq(lane.receiver))
        .filter(outbox_message::state.eq(State::Waiting.named()))
        .filter(outbox_message::due_at.gt(now))
        .filter(outbox_message::stream_id.eq_any(streams))
        .order(outbox_message::seq.desc())
        .select((
            outbox_message::stream_id,
            outbox_message::seq,
            outbox_message::due_at,
        ))
        .load(conn)?;
    // The first of each stream has the last word.
    Ok(rows
        .into_iter()
        .map(|(stream, seq, until)| (stream, (seq, until)))
        .collect())
}

/// Lets a message wait with its stream.
pub(super) fn postpone(conn: &mut Conn, message: &Message, until: Instant) -> Result<(), Problem> {
    diesel::update(outbox_message::table.find(message.seq))
        .filter(outbox_message::id.eq(message.id))
        .set(outbox_message::due_at.eq(until))
        .execute(conn)?;
    Ok(())
}

/// Takes off what is delivered.
pub(super) fn take_off(
    conn: &mut Conn,
    municipality: MunicipalityId,
    delivered: &[MessageId],
) -> Result<(), Problem> {
    if delivered.is_empty() {
        return Ok(());
    }
    let theirs = outbox_message::table
        .filter(outbox_message::municipality_id.eq(municipality))
        .filter(outbox_message::id.eq_any(delivered.to_vec()));
    diesel::delete(theirs).execute(conn)?;
    Ok(())
}

/// Writes down an attempt in vain: when the next one is, or that there is none. A stream waits for its first message.
pub(super) fn note_failure(
    conn: &mut Conn,
    message: &Message,
    fault: &str,
    next: Option<Instant>,
) -> Result<(), Problem> {
    let state = next.map_or(State::Dead, |_| State::Waiting);
    let fault: String = fault.chars().take(FAULT_CHARS_MAX).collect();
    let due_at = next.unwrap_or(message.due_at);
    diesel::update(outbox_message::table.find(message.seq))
        .filter(outbox_message::id.eq(message.id))
        .set((
            outbox_message::state.eq(state),
            outbox_message::attempts.eq(message.attempts + 1),
            outbox_message::fault.eq(fault),
            outbox_message::due_at.eq(due_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The messages that were given up, after this one.
pub(super) fn dead(
    tx: &mut Tx<'_>,
    topic: Option<Topic>,
    after: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>, Problem> {
    let municipality = tx.municipality();
    let mut query = outbox_message::table
        .filter(outbox_message::municipality_id.eq(municipality))
        .filter(outbox_message::state.eq(State::Dead.named()))
        .filter(outbox_message::id.gt(after.unwrap_or(MessageId::NIL)))
        .order(outbox_message::id)
        .limit(limit)
        .select(Message::as_select())
        .into_boxed();
    if let Some(topic) = topic {
        query = query.filter(outbox_message::topic.eq(topic));
    }
    Ok(query.load(tx.conn())?)
}

/// A message that was given up.
pub(super) fn find_dead(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<Message>, Problem> {
    let municipality = tx.municipality();
    let found = outbox_message::table
        .filter(outbox_message::municipality_id.eq(municipality))
        .filter(outbox_message::id.eq(id))
        .filter(outbox_message::state.eq(State::Dead.named()))
        .select(Message::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Puts a message that was given up back, due at once, as if it had never been tried.
pub(super) fn revive(tx: &mut Tx<'_>, message: &Message) -> Result<usize, Problem> {
    let now = tx.now();
    Ok(diesel::update(outbox_message::table.find(message.seq))
        .filter(outbox_message::id.eq(message.id))
        .filter(outbox_message::state.eq(State::Dead.named()))
        .set((
            outbox_message::state.eq(State::Waiting),
            outbox_message::attempts.eq(0),
            outbox_message::due_at.eq(now),
        ))
        .execute(tx.conn())?)
}

/// How many messages of each topic wait, and how many are dead, over all municipalities.
pub(super) fn counts(tx: &mut Tx<'_>) -> Result<Vec<(Topic, State, i64)>, Problem> {
    Ok(outbox_message::table
        .group_by((outbox_message::topic, outbox_message::state))
        .select((
            outbox_message::topic,
            outbox_message::state,
            diesel::dsl::count_star(),
        ))
        .load(tx.conn())?)
}
