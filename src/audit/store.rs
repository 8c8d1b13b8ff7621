//! The log's tables: appending within a transaction, and the questions that are asked of it.

use diesel::prelude::*;
use serde_json::{Map, Value, json};

use super::canonical::{Hash, canonical_value, leaf_hash};
use super::questions::RecordedEntry;
use super::tree::Placed;
use super::{Entry, EntryKind, Mark, Purpose, Segment, Subject, SubjectKind, segments};
use crate::auth::{Actor, Caller, Role};
use crate::clock::Instant;
use crate::db::schema::{audit_chain, audit_entry, audit_mark, audit_subject};
use crate::db::{Conn, LIST_SHORT, Prepared, Tx};
use crate::each;
use crate::ids::{ActorId, ApplicationId, EntryId, Id, MunicipalityId};
use crate::kit::Kit;
use crate::problem::Problem;

/// Ids that one query asks for; `SQLite` takes 32,766 values a statement.
pub(super) const IDS_A_QUERY: usize = 1000;

#[derive(Insertable)]
#[diesel(table_name = audit_entry, treat_none_as_default_value = false)]
struct EntryRow {
    municipality_id: MunicipalityId,
    id: EntryId,
    kind: EntryKind,
    action: &'static str,
    actor_id: Option<ActorId>,
    role: Option<Role>,
    correlation_id: String,
    recorded_at: Instant,
    case_id: Option<ApplicationId>,
    case_seq: Option<i64>,
    body: String,
    hash: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_subject, treat_none_as_default_value = false)]
struct SubjectRow {
    municipality_id: MunicipalityId,
    subject_id: Id<AnySubject>,
    entry_id: EntryId,
    kind: SubjectKind,
}

#[derive(Insertable)]
#[diesel(table_name = audit_mark)]
struct MarkRow {
    municipality_id: MunicipalityId,
    mark: String,
    entry_id: EntryId,
}

/// The kind of an id that may name any subject of an entry.
#[derive(Debug)]
pub enum AnySubject {}

/// Writes entries into the open transaction, in order, and gives their ids.
pub fn append(
    conn: &mut Conn,
    kit: &Kit,
    caller: &Caller,
    entries: &[Entry],
) -> Result<Vec<EntryId>, Problem> {
    let written = entries
        .iter()
        .map(|entry| append_one(conn, kit, caller, entry));
    written.collect()
}

fn append_one(
    conn: &mut Conn,
    kit: &Kit,
    caller: &Caller,
    entry: &Entry,
) -> Result<EntryId, Problem> {
    let recorded_at = kit.clock.now();
    let id: EntryId = kit.ids.next(recorded_at);
    let link = match entry.case {
        Some(case) => Some((case, reach_for_link(conn, caller.municipality, case)?)),
        None => None,
    };
    let mut subjects = entry.subjects.clone();
    subjects.sort_unstable();
    subjects.dedup();
    let body = body_of(entry, caller, id, recorded_at, link, &subjects)?;
    let hash = leaf_hash(body.as_bytes());
    if let Some((case, link)) = link {
        close_link(conn, caller.municipality, case, link, hash)?;
    }
    let row = EntryRow {
        municipality_id: caller.municipality,
        id,
        kind: entry.kind,
        action: entry.action,
        actor_id: caller.actor.id(),
        role: caller.role,
        correlation_id: caller.correlation.to_string(),
        recorded_at,
        case_id: entry.case,
        case_seq: link.map(|(_, link)| link.seq),
        body,
        hash: hash.0.to_vec(),
    };
    let insert = diesel::insert_into(audit_entry::table).values(&row);
    each!(conn, c => insert.execute(c))?;
    segments::insert(conn, caller.municipality, id, &entry.segments)?;
    for mark in marks_of(entry, &subjects) {
        let row = MarkRow {
            municipality_id: caller.municipality,
            mark,
            entry_id: id,
        };
        let insert = diesel::insert_into(audit_mark::table).values(&row);
        each!(conn, c => insert.execute(c))?;
    }
    let subjects: Vec<SubjectRow> = subjects
        .iter()
        .map(|subject| SubjectRow {
            municipality_id: caller.municipality,
            subject_id: Id::from_uuid(subject.id),
            entry_id: id,
            kind: subject.kind,
        })
        .collect();
    insert_subjects(conn, &subjects)?;
    Ok(id)
}

/// What the log can be asked by beside subjects.
fn marks_of(entry: &Entry, subjects: &[Subject]) -> Vec<String> {
    let mut marks: Vec<String> = entry
        .marks
        .iter()
        .map(|mark| mark.code().to_owned())
        .collect();
    let concerns = |kinds: &[SubjectKind]| subjects.iter().any(|it| kinds.contains(&it.kind));
    match entry.kind {
        EntryKind::Change => {}
        EntryKind::Refused => {
            marks.push(Mark::Refused.code().to_owned());
            let code = entry.facts.iter().find(|(name, _)| *name == "refusal");
            let code = code.and_then(|(_, code)| code.as_str());
            marks.extend(code.map(Mark::of_refusal));
        }
        EntryKind::Access => {
            let of_people = concerns(&[SubjectKind::Person, SubjectKind::Household]);
            let of_case = entry.case.is_some() || concerns(&[SubjectKind::Application]);
            if of_people && !of_case {
                marks.push(Mark::Unrelated.code().to_owned());
            }
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn insert_subjects(conn: &mut Conn, subjects: &[SubjectRow]) -> Result<(), Problem> {
    let insert = diesel::insert_into(audit_subject::table);
    match conn {
        // One round trip for all of them …
        Conn::Pg(conn) if subjects.len() <= LIST_SHORT => {
            Prepared(insert.values(subjects)).execute(conn)?;
        }
        Conn::Pg(conn) => {
            insert.values(subjects).execute(conn)?;
        }
        // … and where there is no way to go, one statement that is prepared already.
        Conn::Sqlite(conn) => {
            for subject in subjects {
                diesel::insert_into(audit_subject::table)
                    .values(subject)
                    .execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The place of a new entry in its case's chain.
#[derive(Clone, Copy)]
struct Link {
    seq: i64,
    previous: Option<Hash>,
}

/// Takes the next number of the case's chain; on `PostgreSQL` this also makes others of the same case wait.
fn reach_for_link(
    conn: &mut Conn,
    municipality: MunicipalityId,
    case: ApplicationId,
) -> Result<Link, Problem> {
    use audit_chain::dsl;
    let mine = dsl::audit_chain.find((municipality, case));
    let longer = diesel::update(mine)
        .set(dsl::length.eq(dsl::length + 1))
        .returning((dsl::length, dsl::head));
    let advanced: Option<(i64, Vec<u8>)> =
        each!(conn, c => Prepared(longer).get_result(c)).optional()?;
    let Some((length, head)) = advanced else {
        return Ok(Link {
            seq: 1,
            previous: None,
        });
    };
    Ok(Link {
        seq: length,
        previous: Some(stored_hash(&head)?),
    })
}

fn close_link(
    conn: &mut Conn,
    municipality: MunicipalityId,
    case: ApplicationId,
    link: Link,
    hash: Hash,
) -> Result<(), Problem> {
    use audit_chain::dsl;
    let head = hash.0.to_vec();
    if link.previous.is_some() {
        let mine = dsl::audit_chain.find((municipality, case));
        let longer = Prepared(diesel::update(mine).set(dsl::head.eq(head)));
        each!(conn, c => longer.execute(c))?;
    } else {
        let first = (
            dsl::municipality_id.eq(municipality),
            dsl::case_id.eq(case),
            dsl::length.eq(link.seq),
            dsl::head.eq(head),
        );
        let insert = diesel::insert_into(dsl::audit_chain).values(first);
        each!(conn, c => insert.execute(c))?;
    }
    Ok(())
}

fn told_actor(actor: Actor) -> Value {
    match actor {
        Actor::System => json!({"type": "SYSTEM"}),
        Actor::User(id) => json!({"type": "USER", "id": id}),
        Actor::Machine(machine) => json!({
            "type": "MACHINE", "id": machine.id, "consumer": machine.consumer,
            "supplier": machine.supplier, "scope": machine.scope,
        }),
    }
}

fn body_of(
    entry: &Entry,
    caller: &Caller,
    id: EntryId,
    recorded_at: Instant,
    link: Option<(ApplicationId, Link)>,
    subjects: &[Subject],
) -> Result<String, Problem> {
    let facts: Map<String, Value> = entry
        .facts
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let mut body = json!({
        "v": 2,
        "id": id,
        "municipality": caller.municipality,
        "kind": entry.kind,
        "action": entry.action,
        "actor": told_actor(caller.actor),
        "role": caller.role,
        "session": caller.session,
        "correlation": caller.correlation.as_str(),
        "recordedAt": recorded_at,
        "subjects": subjects,
        "facts": facts,
        "engine": env!("CARGO_PKG_VERSION"),
    });
    if let (Some(purpose), Value::Object(members)) = (Purpose::of(entry.action), &mut body) {
        members.insert("purpose".into(), json!(purpose));
        members.insert("legalBasis".into(), json!(purpose.ground()));
    }
    if let (false, Value::Object(members)) = (entry.segments.is_empty(), &mut body) {
        let committed: Vec<_> = entry.segments.iter().map(Segment::committed).collect();
        members.insert("segments".into(), json!(committed));
    }
    if let (Some((case, link)), Value::Object(members)) = (link, &mut body) {
        let previous = link.previous.map(Hash::to_hex);
        members.insert(
            "case".into(),
            json!({"id": case, "seq": link.seq, "previous": previous}),
        );
    }
    canonical_value(&body).map_err(|fault| Problem::internal(fault.to_string()))
}

/// Those of these entries that there are.
pub(super) fn find_all(tx: &mut Tx<'_>, ids: &[EntryId]) -> Result<Vec<RecordedEntry>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(IDS_A_QUERY) {
        let rows: Vec<(EntryId, Vec<u8>, String)> = audit_entry::table
            .filter(audit_entry::municipality_id.eq(tx.municipality()))
            .filter(audit_entry::id.eq_any(part.to_vec()))
            .select((audit_entry::id, audit_entry::hash, audit_entry::body))
            .load(tx.conn())?;
        for row in rows {
            found.push(told(row)?);
        }
    }
    Ok(found)
}

/// What a seal places of these entries, by id.
pub(super) fn to_place(
    conn: &mut Conn,
    municipality: MunicipalityId,
    ids: &[EntryId],
) -> Result<Vec<Placed>, Problem> {
    let rows: Vec<(EntryId, Vec<u8>, Instant)> = audit_entry::table
        .filter(audit_entry::municipality_id.eq(municipality))
        .filter(audit_entry::id.eq_any(ids.to_vec()))
        .order(audit_entry::id)
        .select((audit_entry::id, audit_entry::hash, audit_entry::recorded_at))
        .load(conn)?;
    let placed = |(id, hash, recorded_at): (EntryId, Vec<u8>, Instant)| {
        Ok(Placed {
            id,
            hash: stored_hash(&hash)?,
            recorded_at,
        })
    };
    rows.into_iter().map(placed).collect()
}

/// When the earliest of these entries was recorded.
pub(super) fn earliest(tx: &mut Tx<'_>, ids: Vec<EntryId>) -> Result<Option<Instant>, Problem> {
    Ok(audit_entry::table
        .filter(audit_entry::municipality_id.eq(tx.municipality()))
        .filter(audit_entry::id.eq_any(ids))
        .order(audit_entry::recorded_at)
        .select(audit_entry::recorded_at)
        .first(tx.conn())
        .optional()?)
}

/// How many entries the log has.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<u64, Problem> {
    let count: i64 = audit_entry::table
        .filter(audit_entry::municipality_id.eq(tx.municipality()))
        .count()
        .get_result(tx.conn())?;
    Ok(count.cast_unsigned())
}

/// A hash from a column.
pub(super) fn stored_hash(bytes: &[u8]) -> Result<Hash, Problem> {
    Hash::from_slice(bytes).map_err(|_| Problem::internal("a stored hash has a wrong size"))
}

/// An entry as the log tells it.
pub(super) fn told((id, hash, body): (EntryId, Vec<u8>, String)) -> Result<RecordedEntry, Problem> {
    let entry = serde_json::value::RawValue::from_string(body)
        .map_err(|_| Problem::internal("an entry's body is not JSON"))?;
    Ok(RecordedEntry {
        id,
        hash: stored_hash(&hash)?.to_hex(),
        entry,
        is_withheld_in_part: false,
    })
}
