//! The questions that are asked of the log.
//!
//! What few entries have in common is walked along by a key that the log keeps for it (subjects, marks), step by step, whatever the
//! database would plan; what is left goes by an index, or asks for so much of the log that a page of it is soon full.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, AnySubject};
use super::withheld;
use super::{EntryKind, Mark};
use crate::auth::Role;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{audit_entry, audit_mark, audit_subject};
use crate::ids::{EntryId, Id, UserId};
use crate::problem::{BAD_CURSOR, Problem};

/// Entries of a subject or mark that are looked at in one step.
const STEP: usize = 256;

/// An entry as it is read.
type Row = (EntryId, Vec<u8>, String);

/// Which entries are asked for. All that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Concerns each of these: case, person, home, decision …
    pub subjects: Vec<Uuid>,
    /// Bears each of these marks.
    pub marks: Vec<Mark>,
    /// Refused with this code.
    pub refusal: Option<String>,
    /// Done by this employee.
    pub actor: Option<UserId>,
    /// This action.
    pub action: Option<String>,
    /// In this role.
    pub role: Option<Role>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// Leaves out looks at personal data.
    pub without_access: bool,
    /// Recorded at or after.
    pub from: Option<Instant>,
    /// Recorded before.
    pub until: Option<Instant>,
}

/// An entry as the log tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordedEntry {
    /// The entry's id; ids ascend in the order of recording.
    pub id: EntryId,
    /// Lower-case hexadecimal RFC 6962 leaf hash of the canonical form of `entry`.
    pub hash: String,
    /// The entry itself, exactly as it was hashed (canonical JSON, RFC 8785).
    #[schema(value_type = Object)]
    pub entry: Box<serde_json::value::RawValue>,
    /// Whether the home that it is about was left out because the reader may not know of it; `hash` is that of the whole entry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_withheld_in_part: bool,
}

impl Filter {
    /// Everything that few entries have in common and the log keeps beside them.
    fn marks(&self) -> Vec<String> {
        let mut marks: Vec<String> = self.marks.iter().map(|it| it.code().to_owned()).collect();
        if self.kind == Some(EntryKind::Refused) {
            marks.push(Mark::Refused.code().to_owned());
        }
        marks.extend(self.refusal.as_deref().map(Mark::of_refusal));
        marks
    }

    /// Where the entries begin that a question with a begin can be about. An entry's id carries the moment at which it was made, or a
    /// later one: never an earlier, even where the clock was set back. So what comes before can be passed over; where it ends
    /// cannot be told so.
    fn begin(&self) -> EntryId {
        let millis = self.from.map_or(0, |from| from.micros().div_euclid(1000));
        let millis = u128::from(millis.max(0).unsigned_abs());
        EntryId::from_uuid(Uuid::from_u128(millis << 80))
    }

    /// Whether nothing narrows the question but the time.
    fn is_of_time_alone(&self) -> bool {
        let is_narrowed = self.actor.is_some() || self.action.is_some() || self.role.is_some();
        !is_narrowed && (self.from.is_some() || self.until.is_some())
    }
}

/// Entries after `after`, at most `limit`: in the order of their ids, or of their times where nothing but the time is asked.
pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<EntryId>,
    limit: i64,
) -> Result<Vec<RecordedEntry>, Problem> {
    let marks = filter.marks();
    let subjects = filter.subjects.iter().copied().map(Key::Subject);
    let keys: Vec<Key<'_>> = subjects
        .chain(marks.iter().map(|it| Key::Mark(it)))
        .collect();
    let rows = if let Some((first, rest)) = keys.split_first() {
        step_by_step(tx, filter, (*first, rest), after, limit)?
    } else if filter.is_of_time_alone() {
        let after = time_of(tx, after)?;
        load(tx, filter, Reach::LaterThan(after), limit)?
    } else {
        load(
            tx,
            filter,
            Reach::After(after.unwrap_or(EntryId::NIL).max(filter.begin())),
            limit,
        )?
    };
    let entries = rows
        .into_iter()
        .map(store::told)
        .collect::<Result<_, _>>()?;
    withheld::withhold(tx, entries)
}

/// Something that the log keeps a list of entries by.
#[derive(Clone, Copy)]
enum Key<'f> {
    Subject(Uuid),
    Mark(&'f str),
}

/// Which entries a question may reach.
enum Reach {
    /// These.
    Among(Vec<EntryId>),
    /// Those recorded after this one, in the order of their ids.
    After(EntryId),
    /// Those after this one in the order of their times.
    LaterThan(Option<(EntryId, Instant)>),
}

/// Walks along the entries of one key, and keeps those that all the rest holds of.
fn step_by_step(
    tx: &mut Tx<'_>,
    filter: &Filter,
    (first, rest): (Key<'_>, &[Key<'_>]),
    after: Option<EntryId>,
    limit: i64,
) -> Result<Vec<Row>, Problem> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut after = after.unwrap_or(EntryId::NIL).max(filter.begin());
    let mut found = Vec::new();
    loop {
        let mut ids = entries_of(tx, first, Reach::After(after))?;
        let is_last = ids.len() < STEP;
        after = ids.last().copied().unwrap_or(after);
        for key in rest {
            ids = entries_of(tx, *key, Reach::Among(ids))?;
        }
        if !ids.is_empty() {
            found.extend(load(tx, filter, Reach::Among(ids), limit)?);
        }
        if is_last || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// The entries of a key within reach, at most a step of them.
fn entries_of(tx: &mut Tx<'_>, key: Key<'_>, reach: Reach) -> Result<Vec<EntryId>, Problem> {
    let municipality = tx.municipality();
    let limit = i64::try_from(STEP).unwrap_or(i64::MAX);
    match key {
        Key::Subject(subject) => {
            let subject: Id<AnySubject> = Id::from_uuid(subject);
            let query = audit_subject::table
                .filter(audit_subject::municipality_id.eq(municipality))
                .filter(audit_subject::subject_id.eq(subject))
                .order(audit_subject::entry_id)
                .select(audit_subject::entry_id)
                .limit(limit)
                .into_boxed();
            let query = match reach {
                Reach::Among(ids) => query.filter(audit_subject::entry_id.eq_any(ids)),
                Reach::After(id) => query.filter(audit_subject::entry_id.gt(id)),
                Reach::LaterThan(_) => query,
            };
            Ok(query.load(tx.conn())?)
        }
        Key::Mark(mark) => {
            let query = audit_mark::table
                .filter(audit_mark::municipality_id.eq(municipality))
                .filter(audit_mark::mark.eq(mark.to_owned()))
                .order(audit_mark::entry_id)
                .select(audit_mark::entry_id)
                .limit(limit)
                .into_boxed();
            let query = match reach {
                Reach::Among(ids) => query.filter(audit_mark::entry_id.eq_any(ids)),
                Reach::After(id) => query.filter(audit_mark::entry_id.gt(id)),
                Reach::LaterThan(_) => query,
            };
            Ok(query.load(tx.conn())?)
        }
    }
}

/// The entries within reach of which all that needs no key holds.
fn load(tx: &mut Tx<'_>, filter: &Filter, reach: Reach, limit: i64) -> Result<Vec<Row>, Problem> {
    let mut query = audit_entry::table
        .filter(audit_entry::municipality_id.eq(tx.municipality()))
        .select((audit_entry::id, audit_entry::hash, audit_entry::body))
        .limit(limit)
        .into_boxed();
    query = match reach {
        Reach::Among(ids) => query
            .filter(audit_entry::id.eq_any(ids))
            .order(audit_entry::id),
        Reach::After(id) => query.filter(audit_entry::id.gt(id)).order(audit_entry::id),
        Reach::LaterThan(after) => {
            let query = query.order((audit_entry::recorded_at, audit_entry::id));
            match after {
                Some((id, at)) => query
                    .filter(audit_entry::recorded_at.ge(at))
                    .filter(audit_entry::recorded_at.gt(at).or(audit_entry::id.gt(id))),
                None => query,
            }
        }
    };
    if let Some(actor) = filter.actor {
        query = query.filter(audit_entry::actor_id.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_entry::action.eq(action.clone()));
    }
    if let Some(role) = filter.role {
        query = query.filter(audit_entry::role.eq(role));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(audit_entry::kind.eq(kind));
    }
    if filter.without_access {
        query = query.filter(audit_entry::kind.ne(EntryKind::Access));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_entry::recorded_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_entry::recorded_at.lt(until));
    }
    Ok(query.load(tx.conn())?)
}

/// When an entry was recorded: where a page that is ordered by time goes on.
fn time_of(tx: &mut Tx<'_>, id: Option<EntryId>) -> Result<Option<(EntryId, Instant)>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let key = (tx.municipality(), id);
    let at: Option<Instant> = audit_entry::table
        .find(key)
        .select(audit_entry::recorded_at)
        .first(tx.conn())
        .optional()?;
    let unknown = || Problem::new(&BAD_CURSOR).at("/query/cursor");
    Ok(Some((id, at.ok_or_else(unknown)?)))
}
