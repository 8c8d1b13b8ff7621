//! The database in the hands of somebody who owns it: its protection switched off, and its log set back.

use diesel::prelude::*;
use rettbolig::audit::reindex;
use rettbolig::clock::Instant;
use rettbolig::db::Conn;
use rettbolig::db::schema::{audit_entry, audit_span};
use rettbolig::ids::EntryId;
use serde_json::Value;

use crate::audit::{connect, execute};
use crate::support::Backend;
use crate::support::town::{STJORDAL, Town};

/// A connection of somebody who owns the database and has switched its protection off.
pub(crate) fn unprotected(town: &Town) -> Conn {
    let mut conn = connect(&town.bench.database_url);
    match town.bench.backend {
        Backend::Postgres => execute(&mut conn, "SET session_replication_role = replica").unwrap(),
        Backend::Sqlite => {
            execute(
                &mut conn,
                "PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 5000",
            )
            .unwrap();
            for table in [
                "audit_entry",
                "audit_posting",
                "audit_span",
                "audit_tile",
                "audit_checkpoint",
                "audit_cosignature",
                "audit_segment",
            ] {
                for kind in ["update", "delete"] {
                    let drop = format!("DROP TRIGGER {table}_no_{kind}");
                    execute(&mut conn, &drop).unwrap();
                }
            }
        }
    }
    conn
}

/// An id as the database writes it.
pub(crate) fn id(town: &Town, id: uuid::Uuid) -> String {
    match town.bench.backend {
        Backend::Postgres => format!("'{id}'"),
        Backend::Sqlite => format!("X'{}'", id.simple()),
    }
}

/// Makes Stjørdal's log what it was at a size, as an old copy of the database would.
pub(crate) fn set_back(town: &Town, size: u64) {
    let mut conn = unprotected(town);
    let of = format!("municipality_id = {}", id(town, STJORDAL.uuid()));
    let lost: Vec<EntryId> = entries(&mut conn).split_off(usize::try_from(size).unwrap());
    let lost: Vec<String> = lost.iter().map(|it| id(town, it.uuid())).collect();
    let (lost, whole) = (lost.join(", "), size / 256);
    let kept = format!("CAST(({size} >> (8 * level)) - 256 * tile_index AS integer)");
    for cut in [
        format!("DELETE FROM audit_entry WHERE {of} AND id IN ({lost})"),
        format!("DELETE FROM audit_span WHERE {of} AND span_index > {whole}"),
        format!("DELETE FROM audit_tile WHERE {of} AND {kept} <= 0"),
        format!(
            "UPDATE audit_tile SET hashes = substr(hashes, 1, 32 * {kept}) WHERE {of} AND length(hashes) > 32 * {kept}"
        ),
        format!("DELETE FROM audit_checkpoint WHERE {of} AND size > {size}"),
        format!("DELETE FROM audit_cosignature WHERE {of} AND size > {size}"),
    ] {
        execute(&mut conn, &cut).expect(&cut);
    }
    cut_span(&mut conn, size);
    drop(conn);
    reindex(&town.bench.database_url.parse().unwrap(), STJORDAL).unwrap();
}

/// Makes the last span what it was when the log had this size.
fn cut_span(conn: &mut Conn, size: u64) {
    let place = usize::try_from(size / 256 * 256).unwrap();
    let ids: Vec<EntryId> = entries(conn)[place..usize::try_from(size).unwrap()].to_vec();
    let span = audit_span::table.find((STJORDAL, (size / 256).cast_signed()));
    if ids.is_empty() {
        diesel::delete(span).execute(conn).unwrap();
        return;
    }
    let texts: Vec<String> = audit_entry::table
        .filter(audit_entry::id.eq_any(ids.clone()))
        .select(audit_entry::body)
        .load(conn)
        .unwrap();
    let at = |text: &String| -> Instant {
        let told: Value = serde_json::from_str(text).unwrap();
        serde_json::from_value(told["recordedAt"].clone()).unwrap()
    };
    let times: Vec<Instant> = texts.iter().map(at).collect();
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.uuid().into_bytes()).collect();
    let before = (
        audit_span::entries.eq(bytes),
        audit_span::least_id.eq(*ids.iter().min().unwrap()),
        audit_span::greatest_id.eq(*ids.iter().max().unwrap()),
        audit_span::earliest.eq(*times.iter().min().unwrap()),
        audit_span::latest.eq(*times.iter().max().unwrap()),
    );
    diesel::update(span).set(before).execute(conn).unwrap();
}

/// Stjørdal's sealed entries, in the order of the log.
pub(crate) fn entries(conn: &mut Conn) -> Vec<EntryId> {
    let spans: Vec<Vec<u8>> = audit_span::table
        .filter(audit_span::municipality_id.eq(STJORDAL))
        .order(audit_span::span_index)
        .select(audit_span::entries)
        .load(conn)
        .unwrap();
    let spans = spans.concat();
    let (ids, _) = spans.as_chunks();
    ids.iter()
        .map(|id| EntryId::from_uuid(uuid::Uuid::from_bytes(*id)))
        .collect()
}

pub(crate) fn entry_at(conn: &mut Conn, place: usize) -> EntryId {
    entries(conn)[place]
}
