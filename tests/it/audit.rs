//! The sealed log: every entry gets its place, in whatever order entries commit, and its place can be proved.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};
use jiff::SignedDuration;
use rettbolig::audit::{
    Checkpoint, Entry, Hash, Note, ProofFile, Sealer, TreeHead, recheck, verify_consistency,
    verify_inclusion,
};
use rettbolig::auth::{Caller, Role};
use rettbolig::db::Conn;
use rettbolig::each;
use rettbolig::ids::MunicipalityId;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::town::{STJORDAL, Town, log_verifier, secrets};
use crate::support::{Backend, Bench, cases};

async fn every_entry_is_proved_to_stand_in_the_log(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let head = checkpoint(&auditor).await;
    let page = auditor.get("/audit/entries?limit=200").await.ok();
    for entry in page.items() {
        let id = entry["id"].as_str().unwrap();
        let told = auditor.get(&inclusion(id)).await.ok().body;
        assert_eq!(told["leafHash"], entry["hash"]);
        let leaf = hash(&told["leafHash"]);
        let index = told["index"].as_u64().unwrap();
        verify_inclusion(&leaf, index, &head, &hashes(&told)).unwrap();
        // The file stands by itself: the entry, its proof and the signed checkpoint.
        let file = ProofFile::parse(told["tlogProof"].as_str().unwrap()).unwrap();
        let checkpoint = file.verify(&file.extra, &[log_verifier()]).unwrap();
        assert_eq!(checkpoint.head(), &head);
        assert_eq!(
            serde_json::from_slice::<Value>(&file.extra).unwrap(),
            entry["entry"]
        );
    }
    assert_eq!(page.items().len().to_string(), head.size.to_string());
}

async fn any_two_sizes_of_the_log_are_shown_to_be_one_log(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::PrivacyOfficer).await;
    let mut kept = Vec::new();
    for _ in 0..4 {
        auditor.get("/audit/entries?limit=1").await.ok();
        town.seal().await;
        kept.push(checkpoint(&auditor).await);
    }
    for (place, second) in kept.iter().enumerate() {
        for first in &kept[..=place] {
            let told = consistency(&auditor, first.size, second.size).await;
            verify_consistency(first, second, &hashes(&told)).unwrap();
            assert_eq!(hash(&told["first"]["root"]), first.root);
            assert_eq!(hash(&told["second"]["root"]), second.root);
        }
    }
    // An earlier head proves what it held, and nothing that came later.
    let page = auditor.get("/audit/entries?limit=200").await.ok();
    for entry in page.items() {
        let now = auditor.get(&inclusion_of(entry)).await.ok().body;
        assert_eq!(now["head"]["size"], kept[3].size);
        let index = now["index"].as_u64().unwrap();
        let path = format!("{}&size={}", inclusion_of(entry), kept[0].size);
        let then = auditor.get(&path).await;
        if index < kept[0].size {
            let proof = hashes(&then.ok().body);
            verify_inclusion(&hash(&entry["hash"]), index, &kept[0], &proof).unwrap();
        } else {
            then.faults(&[("/query/size", "out_of_range")]);
        }
    }
}

async fn what_cannot_be_proved_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let page = auditor.get("/audit/entries?limit=1").await.ok();
    let entry = inclusion_of(&page.items()[0]);
    auditor
        .get("/audit/checkpoint")
        .await
        .refused(404, "not_found");
    auditor.get(&entry).await.refused(409, "not_sealed");
    let told = consistency(&auditor, 0, 0).await;
    assert_eq!(told["first"], told["second"]);
    town.seal().await;
    let size = checkpoint(&auditor).await.size;
    let unknown = inclusion("01900000-0000-7000-8000-000000000000");
    auditor.get(&unknown).await.refused(404, "not_found");
    let stranger = town.stranger(Role::Auditor).await;
    stranger.get(&entry).await.refused(404, "not_found");
    let kari = town.actor(Role::Caseworker).await;
    kari.get(&entry).await.refused(403, "forbidden");
    let at = |first: u64, second: u64| {
        format!("/audit/proofs/consistency?first={first}&second={second}")
    };
    auditor.get(&at(1, size)).await.ok();
    let beyond = auditor.get(&at(1, size + 1)).await;
    beyond.faults(&[("/query/second", "out_of_range")]);
    let beyond = auditor.get(&at(1, u64::MAX)).await;
    beyond.faults(&[("/query/second", "out_of_range")]);
    let reversed = auditor.get(&at(2, 1)).await;
    reversed.faults(&[("/query/first", "out_of_range")]);
    let unpublished = auditor.get(&format!("{entry}&size=1")).await;
    unpublished.faults(&[("/query/size", "not_found")]);
    let without = auditor.get("/audit/proofs/inclusion").await;
    assert_eq!(without.status, 400);
}

async fn more_entries_than_a_seal_takes_are_sealed_in_several(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let before = checkpoint(&auditor).await;
    record(&town, 2_500).await;
    assert_eq!(town.seal().await, 2_500);
    assert_eq!(town.seal().await, 0);
    let head = checkpoint(&auditor).await;
    assert_eq!(head.size, before.size + 2_500);
    let told = consistency(&auditor, before.size, head.size).await;
    verify_consistency(&before, &head, &hashes(&told)).unwrap();
}

async fn a_clock_set_back_hides_no_entry(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let before = checkpoint(&auditor).await;
    // Back an hour, and forward a year and back again: ids and times stand in no order any more.
    for hours in [-1, 24 * 366] {
        town.clock.advance(SignedDuration::from_hours(hours));
        record(&town, 1).await;
        assert_eq!(town.seal().await, 1);
        town.clock.advance(SignedDuration::from_hours(-hours));
        record(&town, 1).await;
        assert_eq!(town.seal().await, 1);
    }
    let after = checkpoint(&auditor).await;
    assert_eq!(after.size, before.size + 4);
    recheck(&town.db, STJORDAL, &[log_verifier()], Some(before), |_| ())
        .await
        .unwrap();
    let told = consistency(&auditor, before.size, after.size).await;
    verify_consistency(&before, &after, &hashes(&told)).unwrap();
}

async fn an_entry_that_commits_late_is_sealed_after_those_that_did_not_wait(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let mut late = connect(&town.bench.database_url);
    let id = "01900000-0000-7000-8000-00000000abcd";
    let body = json!({
        "id": id, "kind": "ACCESS", "action": "late", "actor": {"type": "SYSTEM"}, "role": null,
        "recordedAt": "2026-01-01T00:00:00Z", "subjects": [], "marks": [],
    });
    execute(
        &mut late,
        &format!(
            "BEGIN;
             INSERT INTO audit_entry (municipality_id, id, body) VALUES ('{STJORDAL}', '{id}', '{body}')"
        ),
    )
    .unwrap();
    auditor.get("/audit/entries?limit=1").await.ok();
    town.seal().await;
    let before = checkpoint(&auditor).await;
    auditor.get(&inclusion(id)).await.refused(404, "not_found");
    execute(&mut late, "COMMIT").unwrap();
    let unsealed = auditor.get("/audit/checkpoint").await.ok().body;
    assert_eq!(unsealed["sealedUpTo"], "2026-01-01T00:00:00Z");
    assert_eq!(town.seal().await, 1);
    let told = auditor.get(&inclusion(id)).await.ok().body;
    assert_eq!(told["index"], before.size);
    let after = checkpoint(&auditor).await;
    let told = consistency(&auditor, before.size, after.size).await;
    verify_consistency(&before, &after, &hashes(&told)).unwrap();
}

async fn two_sealers_at_once_do_not_fork_the_log(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let before = checkpoint(&auditor).await;
    let sealers: Vec<_> = (0..3)
        .map(|_| {
            let sealer = Sealer::new(town.db.clone(), secrets().log_key);
            actix_web::rt::spawn(async move {
                let mut count = 0;
                for _ in 0..20 {
                    // Whoever loses the race may be refused, and tries again.
                    count += sealer.seal_waiting().await.unwrap_or(0);
                }
                count
            })
        })
        .collect();
    for _ in 0..10 {
        record(&town, 5).await;
    }
    let mut sealed = 0;
    for sealer in sealers {
        sealed += sealer.await.unwrap();
    }
    sealed += town.seal().await;
    let after = checkpoint(&auditor).await;
    assert_eq!((sealed, after.size), (50, before.size + 50));
    let told = consistency(&auditor, before.size, after.size).await;
    verify_consistency(&before, &after, &hashes(&told)).unwrap();
}

async fn the_service_seals_by_itself_and_once_more_when_it_stops(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let (stop, until) = tokio::sync::oneshot::channel();
    let sealing = actix_web::rt::spawn(Sealer::new(town.db.clone(), secrets().log_key).run(until));
    while auditor.get("/audit/checkpoint").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    record(&town, 3).await;
    drop(stop);
    sealing.await.unwrap();
    assert_eq!(town.seal().await, 0);
}

async fn an_idle_log_shows_every_day_that_it_is_alive(bench: Bench) {
    let town = Town::open(bench).await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    assert_eq!(
        sealer.keep_alive().await.unwrap(),
        0,
        "nothing was sealed yet"
    );
    town.seal().await;
    town.clock.advance(SignedDuration::from_hours(23));
    assert_eq!(sealer.keep_alive().await.unwrap(), 0);
    let auditor = town.actor(Role::Auditor).await;
    let before = checkpoint(&auditor).await;
    town.clock.advance(SignedDuration::from_hours(1));
    // Both towns were silent.
    assert_eq!(sealer.keep_alive().await.unwrap(), 2);
    town.seal().await;
    assert_eq!(sealer.keep_alive().await.unwrap(), 0);
    let auditor = town.actor(Role::Auditor).await;
    let after = checkpoint(&auditor).await;
    assert!(after.size > before.size);
    let page = auditor.get("/audit/entries?action=log.alive").await.ok();
    assert_eq!(page.items().len(), 1);
}

async fn seals_are_only_ever_added(bench: Bench) {
    let town = Town::open(bench).await;
    town.seal().await;
    let mut conn = connect(&town.bench.database_url);
    // Longer, and another from the begin on.
    let forged = match town.bench.backend {
        Backend::Postgres => "hashes = decode(repeat('00', length(hashes) + 32), 'hex')",
        Backend::Sqlite => "hashes = zeroblob(length(hashes) + 32)",
    };
    for (table, change) in [
        ("audit_tile", forged),
        ("audit_span", "span_index = span_index + 1000000"),
        ("audit_span", "latest = earliest"),
        (
            "audit_span",
            "entries = substr(entries, 1, length(entries) - 16)",
        ),
        ("audit_tile", "tile_index = tile_index + 1000000"),
        (
            "audit_tile",
            "hashes = substr(hashes, 1, length(hashes) - 32)",
        ),
        ("audit_posting", "key = municipality_id"),
        ("audit_posting", "leaves = leaves"),
        ("audit_posting", "leaves = substr(leaves, 1, 8)"),
        ("audit_checkpoint", "note = ''"),
    ] {
        let before = count(&mut conn, table);
        assert!(before > 0, "{table}");
        for tampering in [
            format!("UPDATE {table} SET {change}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = execute(&mut conn, &tampering).unwrap_err();
            assert!(refused.to_string().contains("append_only"), "{refused}");
        }
        assert_eq!(count(&mut conn, table), before);
    }
}

/// The head that the log signed last.
pub(crate) async fn checkpoint(auditor: &Actor) -> TreeHead {
    let told = auditor.get("/audit/checkpoint").await.ok().body;
    let note = Note::parse(told["note"].as_str().unwrap()).unwrap();
    let head = *Checkpoint::open(&note, &[log_verifier()]).unwrap().head();
    assert_eq!(told["size"], head.size);
    assert_eq!(hash(&told["root"]), head.root);
    head
}

async fn consistency(auditor: &Actor, first: u64, second: u64) -> Value {
    let path = format!("/audit/proofs/consistency?first={first}&second={second}");
    auditor.get(&path).await.ok().body
}

fn inclusion(entry: &str) -> String {
    format!("/audit/proofs/inclusion?entryId={entry}")
}

fn inclusion_of(entry: &Value) -> String {
    inclusion(entry["id"].as_str().unwrap())
}

fn hashes(told: &Value) -> Vec<Hash> {
    told["hashes"]
        .as_array()
        .unwrap()
        .iter()
        .map(hash)
        .collect()
}

fn hash(told: &Value) -> Hash {
    Hash::from_hex(told.as_str().unwrap()).unwrap()
}

/// Puts entries on the record, all in one transaction.
pub(crate) async fn record(town: &Town, entries: usize) {
    record_in(town, STJORDAL, entries).await;
}

/// Records so many entries in the log of a municipality.
pub(crate) async fn record_in(town: &Town, municipality: MunicipalityId, entries: usize) {
    let system = Arc::new(Caller::system(municipality));
    let many = move |tx: &mut rettbolig::db::Tx<'_>| {
        (0..entries)
            .for_each(|number| tx.record(Entry::change("test").fact("number", json!(number))));
        Ok(())
    };
    town.db.write(&system, many).await.unwrap();
}

pub(crate) fn connect(database_url: &str) -> Conn {
    match database_url.strip_prefix("sqlite:") {
        Some(path) => Conn::Sqlite(SqliteConnection::establish(path).unwrap()),
        None => Conn::Pg(PgConnection::establish(database_url).unwrap()),
    }
}

pub(crate) fn execute(conn: &mut Conn, statement: &str) -> diesel::QueryResult<()> {
    each!(conn, conn => conn.batch_execute(statement))
}

pub(crate) fn count(conn: &mut Conn, table: &str) -> i64 {
    let count = sql::<BigInt>(&format!("(SELECT count(*) FROM {table})"));
    diesel::select(count).get_result(conn).unwrap()
}

cases::cases![
    every_entry_is_proved_to_stand_in_the_log,
    any_two_sizes_of_the_log_are_shown_to_be_one_log,
    what_cannot_be_proved_is_refused,
    more_entries_than_a_seal_takes_are_sealed_in_several,
    a_clock_set_back_hides_no_entry,
    two_sealers_at_once_do_not_fork_the_log,
    the_service_seals_by_itself_and_once_more_when_it_stops,
    an_idle_log_shows_every_day_that_it_is_alive,
    seals_are_only_ever_added,
];
cases::postgres_only![an_entry_that_commits_late_is_sealed_after_those_that_did_not_wait];
