//! Where clocks were set back and ahead, neither ids nor times stand in the order of the log: every entry is found all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::prelude::*;
use jiff::SignedDuration;
use rettbolig::audit::{Entry, recheck};
use rettbolig::auth::{Caller, Role};
use rettbolig::clock::Instant;
use rettbolig::db::schema::audit_entry;
use rettbolig::db::{Conn, Db, Tx};
use rettbolig::ids::EntryId;
use serde_json::Value;

use crate::audit::connect;
use crate::audit_owned::entries;
use crate::support::actor::Actor;
use crate::support::town::{STJORDAL, Town, kit, log_verifier};
use crate::support::{Bench, cases};

/// How far the clock was off while some entries were recorded, in hours.
const OFF: [i64; 8] = [0, -30, 9_000, -3, 500, 0, -8_000, 2];
const RECORDED: usize = 90;

async fn every_entry_has_its_place_and_period(bench: Bench) {
    let town = Town::open(bench).await;
    let now = town.clock.now();
    let system = Arc::new(Caller::system(STJORDAL));
    let many = |tx: &mut Tx<'_>| {
        (0..RECORDED).for_each(|_| tx.record(Entry::change("test")));
        Ok(())
    };
    for hours in OFF {
        // Another instance each time: its ids carry its own clock's moments.
        let kit = kit();
        kit.clock.advance(SignedDuration::from_hours(hours));
        let target = town.bench.database_url.parse().unwrap();
        let instance = Db::open(&target, 1, kit).unwrap();
        instance.write(&system, many).await.unwrap();
        instance.close();
        town.seal().await;
    }
    let auditor = town.actor(Role::Auditor).await;
    let mut conn = connect(&town.bench.database_url);
    let log = entries(&mut conn);
    let pairs = log.iter().zip(log.iter().skip(1));
    assert!(pairs.filter(|(one, next)| one > next).count() > 2);
    assert!(log.len() >= OFF.len() * RECORDED, "{}", log.len());
    for (place, id) in log.iter().enumerate().step_by(29) {
        let proof = auditor
            .get(&format!("/audit/proofs/inclusion?entryId={id}"))
            .await;
        assert_eq!(proof.ok().body["index"], place, "{id}");
    }
    let times = times(&mut conn);
    let at = |hours| now.plus(SignedDuration::from_hours(hours));
    // None reaches until now: what is asked meanwhile is on the record as well.
    for (from, until) in [
        (-9_000, -1),
        (-8_001, -7_999),
        (-31, -29),
        (-4, -2),
        (-100, -31),
        (1, 600),
        (3, 100),
        (499, 9_001),
        (9_001, 9_999),
    ] {
        let (from, until) = (at(from), at(until));
        let expected: Vec<String> = log
            .iter()
            .filter(|id| (from..until).contains(&times[id]))
            .map(ToString::to_string)
            .collect();
        let period = format!("from={}&until={}", from.timestamp(), until.timestamp());
        assert_eq!(all(&auditor, &period).await, expected, "{period}");
    }
    let checked = recheck(&town.db, STJORDAL, &[log_verifier()], None, |_| ()).await;
    checked.unwrap();
}

/// When each entry was recorded, by its own word.
fn times(conn: &mut Conn) -> BTreeMap<EntryId, Instant> {
    let texts: Vec<(EntryId, String)> = audit_entry::table
        .filter(audit_entry::municipality_id.eq(STJORDAL))
        .select((audit_entry::id, audit_entry::body))
        .load(conn)
        .unwrap();
    let at = |text: &str| {
        let told: Value = serde_json::from_str(text).unwrap();
        serde_json::from_value(told["recordedAt"].clone()).unwrap()
    };
    texts.iter().map(|(id, text)| (*id, at(text))).collect()
}

/// The ids of all entries of a period, page by page.
async fn all(auditor: &Actor, period: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/audit/entries?limit=100&{period}{cursor}");
        let page = auditor.get(&path).await.ok();
        let told = page.items().iter().map(|it| it["id"].as_str().unwrap());
        ids.extend(told.map(str::to_owned));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

cases::cases![every_entry_has_its_place_and_period];
