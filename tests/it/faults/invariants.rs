//! What must be true of the tables whatever happened: asked of the database itself, past the service.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::Connection as _;
use diesel::dsl::sql;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, RunQueryDsl as _, SqliteConnection};
use rettbolig::db::Conn;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Backend, Bench};

/// Each rule, and the rows that break it.
const BREACHES: &[(&str, &str)] = &[
    (
        "no home has two active allocations",
        "SELECT 1 FROM allocation WHERE state = 'ACTIVE' \
         GROUP BY municipality_id, dwelling_id HAVING count(*) > 1",
    ),
    (
        "no household has two active allocations",
        "SELECT 1 FROM allocation WHERE state = 'ACTIVE' \
         GROUP BY municipality_id, household_id HAVING count(*) > 1",
    ),
    (
        "a decision that grants a home has exactly one offer and one allocation",
        "SELECT 1 FROM decision d \
         WHERE d.state = 'APPROVED' AND d.outcome = 'GRANTED' AND d.dwelling_id IS NOT NULL \
         AND NOT (1 = (SELECT count(*) FROM offer o WHERE o.decision_id = d.id) \
              AND 1 = (SELECT count(*) FROM allocation a WHERE a.decision_id = d.id))",
    ),
    (
        "every offer and every allocation of a case rests on an approved decision",
        "SELECT decision_id FROM offer \
         WHERE decision_id NOT IN (SELECT id FROM decision WHERE state = 'APPROVED') \
         UNION ALL \
         SELECT decision_id FROM allocation WHERE decision_id IS NOT NULL \
         AND decision_id NOT IN (SELECT id FROM decision WHERE state = 'APPROVED')",
    ),
    (
        "a case is offered a home exactly while it has one open offer",
        "SELECT 1 FROM application c WHERE (c.state = 'OFFERED') <> \
         (1 = (SELECT count(*) FROM offer o WHERE o.application_id = c.id AND o.state = 'OPEN'))",
    ),
    (
        "a case is before the team while a home is reserved for it",
        "SELECT 1 FROM decision d JOIN application c ON c.id = d.application_id \
         WHERE d.state = 'PROPOSED' AND c.state NOT IN ('TEAM_REVIEW', 'WAITING')",
    ),
    (
        "a home is reserved exactly while it is proposed",
        "SELECT 1 FROM dwelling h WHERE (h.state = 'RESERVED') <> EXISTS \
         (SELECT 1 FROM decision d WHERE d.dwelling_id = h.id AND d.state = 'PROPOSED')",
    ),
    (
        "a home is allocated or lived in exactly while an allocation is active, or a tenancy of somebody who is moving",
        "SELECT 1 FROM dwelling h WHERE (h.state IN ('ALLOCATED', 'OCCUPIED', 'NOTICE_GIVEN')) <> EXISTS \
         (SELECT 1 FROM allocation a LEFT JOIN tenancy t ON t.allocation_id = a.id WHERE a.dwelling_id = h.id AND (a.state = 'ACTIVE' OR t.state = 'ACTIVE'))",
    ),
    (
        "a home is lived in exactly while a tenancy is active",
        "SELECT 1 FROM dwelling h WHERE (h.state IN ('OCCUPIED', 'NOTICE_GIVEN')) <> EXISTS \
         (SELECT 1 FROM tenancy t WHERE t.dwelling_id = h.id AND t.state = 'ACTIVE')",
    ),
    (
        "every entry waits for its seal or is sealed, once",
        "SELECT 1 FROM municipality m WHERE \
         (SELECT count(*) FROM audit_entry e WHERE e.municipality_id = m.id) <> \
         (SELECT count(*) FROM audit_unsealed u WHERE u.municipality_id = m.id) + \
         (SELECT coalesce(sum(length(s.entries)), 0) / 16 FROM audit_span s WHERE s.municipality_id = m.id)",
    ),
    (
        "the sealed entries are numbered from 0 without a gap",
        "SELECT 1 FROM audit_span s GROUP BY s.municipality_id \
         HAVING count(*) <> max(s.span_index) + 1 OR min(s.span_index) <> 0 \
         UNION ALL SELECT 1 FROM audit_span s WHERE length(s.entries) < 4096 AND EXISTS \
         (SELECT 1 FROM audit_span n WHERE n.municipality_id = s.municipality_id AND n.span_index > s.span_index)",
    ),
    (
        "the tree has a hash for each sealed entry",
        "SELECT 1 FROM municipality m WHERE \
         (SELECT coalesce(sum(length(s.entries)), 0) / 16 FROM audit_span s WHERE s.municipality_id = m.id) <> \
         (SELECT coalesce(sum(length(t.hashes)), 0) / 32 FROM audit_tile t WHERE t.municipality_id = m.id AND t.level = 0)",
    ),
    (
        "every case has a chain",
        "SELECT 1 FROM application WHERE id NOT IN (SELECT case_id FROM audit_chain)",
    ),
];

/// What was made or decided, each with the act that must be on the record, once.
const MADE: &str = "\
    SELECT id, 'person.registered' AS action FROM person \
    UNION ALL SELECT id, 'household.registered' FROM household \
    UNION ALL SELECT id, 'application.received' FROM application \
    UNION ALL SELECT id, 'dwelling.registered' FROM dwelling \
    UNION ALL SELECT id, 'decision.proposed' FROM decision \
    UNION ALL SELECT id, 'decision.approved' FROM decision WHERE state = 'APPROVED' \
    UNION ALL SELECT id, 'offer.made' FROM offer";

/// Nothing is broken, on this database.
#[track_caller]
pub(crate) fn hold(bench: &Bench) {
    for (rule, breaches) in BREACHES {
        let broken = count(bench, breaches);
        assert_eq!(broken, 0, "{rule}");
    }
    let entries = entries(bench);
    the_entries_of_every_case_are_numbered_without_a_gap(bench, &entries);
    whatever_was_made_is_on_the_record(bench, &entries);
}

fn the_entries_of_every_case_are_numbered_without_a_gap(bench: &Bench, entries: &[Value]) {
    let mut numbers: BTreeMap<Uuid, BTreeSet<u64>> = BTreeMap::new();
    let mut count = 0;
    for case in entries.iter().filter_map(|entry| entry.get("case")) {
        let id = case["id"].as_str().unwrap().parse().unwrap();
        let seq = case["seq"].as_u64().unwrap();
        numbers.entry(id).or_default().insert(seq);
        count += 1;
    }
    let chains = pairs(
        bench,
        "SELECT case_id AS id, CAST(length AS text) AS told FROM audit_chain",
    );
    let kept: BTreeMap<Uuid, u64> = chains
        .iter()
        .map(|(id, length)| (*id, length.parse().unwrap()))
        .collect();
    let told: BTreeMap<Uuid, u64> = numbers
        .iter()
        .map(|(id, numbers)| (*id, *numbers.last().unwrap()))
        .collect();
    assert_eq!(kept, told, "each chain is as long as its last entry says");
    let distinct: usize = numbers.values().map(BTreeSet::len).sum();
    assert_eq!(distinct, count, "a number of a case is given once");
    for (case, numbers) in numbers {
        let whole = (1..).zip(&numbers).all(|(next, number)| next == *number);
        assert!(whole, "the entries of {case} are numbered {numbers:?}");
    }
}

fn whatever_was_made_is_on_the_record(bench: &Bench, entries: &[Value]) {
    let mut recorded: BTreeMap<(Uuid, &str), usize> = BTreeMap::new();
    for entry in entries {
        let action = entry["action"].as_str().unwrap();
        for subject in entry["subjects"].as_array().unwrap() {
            let id = subject["id"].as_str().unwrap().parse().unwrap();
            *recorded.entry((id, action)).or_default() += 1;
        }
    }
    let made = format!("SELECT id, action AS told FROM ({MADE}) made");
    for (id, action) in pairs(bench, &made) {
        let times = recorded.get(&(id, action.as_str()));
        assert_eq!(times, Some(&1), "{action} of {id}");
    }
}

/// All entries of the log, as their bodies say.
pub(crate) fn entries(bench: &Bench) -> Vec<Value> {
    let bodies = column(bench, "SELECT body FROM audit_entry");
    let bodies = bodies.iter();
    bodies
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

/// How many entries say all of this.
pub(crate) fn recorded(bench: &Bench, members: &[(&str, &str)]) -> usize {
    let says = |entry: &Value| members.iter().all(|(name, value)| entry[name] == *value);
    entries(bench).iter().filter(|entry| says(entry)).count()
}

/// The columns `id` and `told` of a query.
fn pairs(bench: &Bench, query: &str) -> Vec<(Uuid, String)> {
    let id = match bench.backend {
        Backend::Sqlite => "lower(hex(id))",
        Backend::Postgres => "CAST(id AS text)",
    };
    let rows = column(
        bench,
        &format!("SELECT {id} || ' ' || told FROM ({query}) q"),
    );
    let pair = |row: &String| {
        let (id, told) = row.split_once(' ').unwrap();
        (id.parse().unwrap(), told.to_owned())
    };
    rows.iter().map(pair).collect()
}

/// How many rows a query has.
pub(crate) fn count(bench: &Bench, query: &str) -> i64 {
    let counting = format!("(SELECT count(*) FROM ({query}) counted)");
    diesel::select(sql::<BigInt>(&counting))
        .get_result(&mut connect(bench))
        .unwrap()
}

/// A column of text.
pub(crate) fn column(bench: &Bench, query: &str) -> Vec<String> {
    sql::<Text>(query).load(&mut connect(bench)).unwrap()
}

/// As the owner of the schema, whom no row-level security binds.
pub(crate) fn connect(bench: &Bench) -> Conn {
    match bench.database_url.strip_prefix("sqlite:") {
        Some(path) => Conn::Sqlite(SqliteConnection::establish(path).unwrap()),
        None => Conn::Pg(PgConnection::establish(&bench.database_url).unwrap()),
    }
}
