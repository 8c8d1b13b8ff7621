//! What must be true of the tables whatever happened: asked of the database itself, past the service.

use diesel::connection::Connection as _;
use diesel::dsl::sql;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, RunQueryDsl as _, SqliteConnection};
use rettbolig::db::Conn;

use crate::support::Bench;

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
        "the entries of every case are numbered from 1 without a gap",
        "SELECT 1 FROM audit_chain c WHERE NOT EXISTS (SELECT 1 FROM audit_entry e \
         WHERE e.case_id = c.case_id GROUP BY e.case_id \
         HAVING count(*) = c.length AND count(DISTINCT e.case_seq) = c.length \
         AND min(e.case_seq) = 1 AND max(e.case_seq) = c.length)",
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
    (
        "whatever was made or decided is on the record",
        "SELECT 1 FROM (\
         SELECT id, 'person.registered' AS action FROM person \
         UNION ALL SELECT id, 'household.registered' FROM household \
         UNION ALL SELECT id, 'application.received' FROM application \
         UNION ALL SELECT id, 'dwelling.registered' FROM dwelling \
         UNION ALL SELECT id, 'decision.proposed' FROM decision \
         UNION ALL SELECT id, 'decision.approved' FROM decision WHERE state = 'APPROVED' \
         UNION ALL SELECT id, 'offer.made' FROM offer) made \
         WHERE 1 <> (SELECT count(*) FROM audit_subject s JOIN audit_entry e ON e.id = s.entry_id \
         WHERE s.subject_id = made.id AND e.action = made.action)",
    ),
];

/// Nothing is broken, on this database.
#[track_caller]
pub(crate) fn hold(bench: &Bench) {
    for (rule, breaches) in BREACHES {
        let broken = count(bench, breaches);
        assert_eq!(broken, 0, "{rule}");
    }
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
