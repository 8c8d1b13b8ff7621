//! What stands in the log stays as it stands: both databases refuse, also the owner of the tables.

use rettbolig::db::{Conn, Purpose};

use super::{connect, execute, lines};
use crate::support::town::STJORDAL;
use crate::support::{Backend, Bench, cases};

/// A table that only grows, its key within a municipality, and a column that somebody may wish to change.
struct Table {
    name: &'static str,
    key: &'static str,
    column: &'static str,
}

const TABLES: [Table; 15] = [
    table("audit_entry", "id", "body"),
    table("audit_posting", "key, upto", "leaves"),
    table("audit_segment", "entry_id, place", "sealed"),
    table("application_version", "id, version", "state"),
    table("application_receipt", "application_id", "frozen"),
    table("decision_version", "id, version", "state"),
    table("dwelling_change", "dwelling_id, version", "reason"),
    table("letter_content", "letter_id", "sealed"),
    table("appeal_package", "appeal_id", "body"),
    table("event", "id", "type"),
    table("event_place", "audience, position", "event_id"),
    table("audit_span", "span_index", "entries"),
    table("audit_tile", "level, tile_index", "hashes"),
    table("audit_checkpoint", "size", "note"),
    table("audit_cosignature", "size, witness, cosigned_at", "line"),
];

const fn table(name: &'static str, key: &'static str, column: &'static str) -> Table {
    Table { name, key, column }
}

/// A seal over one entry, what it is found by, and versions of something. What it says does not matter here, only that it stays.
const SEALED: &str = "
    INSERT INTO audit_span SELECT municipality_id, 0, substr(HASH, 1, 16), id, id, MOMENT, MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO audit_tile SELECT municipality_id, 0, 0, HASH FROM audit_entry LIMIT 1;
    INSERT INTO audit_checkpoint SELECT municipality_id, 1, HASH, 'signed', MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO audit_cosignature SELECT municipality_id, size, 'w', sealed_at, 'line', sealed_at FROM audit_checkpoint;
    INSERT INTO audit_segment SELECT municipality_id, id, 0, id, 'sealed' FROM audit_entry LIMIT 1;
    INSERT INTO event SELECT municipality_id, id, 'x', id, id, MOMENT, 'x' FROM audit_entry LIMIT 1;
    INSERT INTO event_place SELECT municipality_id, 'NAV', 1, id FROM event LIMIT 1;
    INSERT INTO audit_posting SELECT municipality_id, id, 9223372036854775807, substr(HASH, 1, 8) FROM audit_entry LIMIT 1;
    INSERT INTO application_version SELECT municipality_id, id, 1, id, id, 'NEW', 'SUBMITTED', MOMENT, '2026-01-01',
        1 = 0, NULL, NULL, NULL, MOMENT, MOMENT, NULL FROM audit_entry LIMIT 1;
    INSERT INTO application_receipt SELECT municipality_id, id, '{}', MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO dwelling (municipality_id, id, cadastral_id, unit_number, street_address, postal_code, postal_place, area, category,
        tenure, state, state_since, bedrooms, usable_area_m2, floor, capacity, rent_ore, features, services, created_at)
        SELECT municipality_id, id, '5035-1/1', 'H0101', 'Storgata 1', '7500', 'Stjørdal', 'SENTRUM', 'ORDINARY', 'OWNED',
        'AVAILABLE', '2026-01-01', 1, 40, 1, 2, 0, '[]', '[]', MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO dwelling_change SELECT municipality_id, id, 1, 'REGISTERED', NULL, NULL, 'AVAILABLE', '2026-01-01', 0, NULL,
        created_at FROM dwelling;
    INSERT INTO letter_content SELECT municipality_id, id, 'sealed', HASH, HASH, MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO appeal_package SELECT municipality_id, id, '{}', HASH, MOMENT FROM audit_entry LIMIT 1;
    INSERT INTO decision_version SELECT municipality_id, id, 1, 'PROPOSED', NULL, NULL, MOMENT, NULL, NULL
        FROM audit_entry LIMIT 1";

async fn nothing_in_the_log_is_changed_or_deleted(bench: Bench) {
    let hash = match bench.backend {
        Backend::Postgres => "decode(repeat('00', 32), 'hex')",
        Backend::Sqlite => "zeroblob(32)",
    };
    let sealed = SEALED.replace("HASH", hash);
    let sealed = sealed.replace("MOMENT", "'2026-01-01T00:00:00.000000Z'");
    execute(&mut open(&bench, Purpose::Migrate), &sealed).unwrap();
    for table in &TABLES {
        let before = rows(&bench, table);
        assert!(
            !before.is_empty(),
            "{} is empty: then nothing is shown",
            table.name
        );
        for purpose in [Purpose::Migrate, Purpose::Serve] {
            for forgery in forgeries(bench.backend, table) {
                let outcome = execute(&mut open(&bench, purpose), &forgery);
                assert!(
                    outcome.is_err(),
                    "the database let this happen, so the log proves nothing: `{forgery}` ({purpose:?}); \
                     restore what keeps {} append-only in the migrations",
                    table.name
                );
            }
        }
        assert_eq!(rows(&bench, table), before);
    }
}

fn forgeries(backend: Backend, table: &Table) -> Vec<String> {
    let Table { name, key, column } = table;
    let mut forgeries = vec![
        format!("UPDATE {name} SET {column} = {column}"),
        format!("DELETE FROM {name}"),
    ];
    match backend {
        Backend::Sqlite => forgeries.extend([
            format!("INSERT OR REPLACE INTO {name} SELECT * FROM {name}"),
            format!("UPDATE OR REPLACE {name} SET {column} = {column}"),
            // Without this setting a replacing insert fires no delete trigger.
            format!("PRAGMA recursive_triggers = OFF; REPLACE INTO {name} SELECT * FROM {name}"),
        ]),
        Backend::Postgres => forgeries.extend([
            format!("TRUNCATE {name} CASCADE"),
            format!(
                "INSERT INTO {name} SELECT * FROM {name} \
                 ON CONFLICT (municipality_id, {key}) DO UPDATE SET {column} = excluded.{column}"
            ),
        ]),
    }
    forgeries
}

async fn the_service_cannot_switch_the_protection_off(bench: Bench) {
    for Table { name, .. } in &TABLES {
        for attempt in [
            format!("ALTER TABLE {name} DISABLE TRIGGER ALL"),
            format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"),
            format!("DROP TABLE {name} CASCADE"),
            "SET session_replication_role = replica".to_owned(),
        ] {
            let outcome = execute(&mut open(&bench, Purpose::Serve), &attempt);
            assert!(
                outcome.is_err(),
                "the service's role must not own {name}: `{attempt}` succeeded"
            );
        }
    }
}

fn open(bench: &Bench, purpose: Purpose) -> Conn {
    let mut conn = connect(bench, purpose);
    if bench.backend == Backend::Postgres {
        let setting = format!("SELECT set_config('app.municipality', '{STJORDAL}', false)");
        execute(&mut conn, &setting).unwrap();
    }
    conn
}

fn rows(bench: &Bench, table: &Table) -> Vec<String> {
    let row = match bench.backend {
        Backend::Postgres => "t::text".to_owned(),
        Backend::Sqlite => {
            let columns = table.key.split(", ").chain([table.column]);
            columns
                .map(|it| format!("quote({it})"))
                .collect::<Vec<_>>()
                .join(" || ")
        }
    };
    let question = format!("SELECT {row} AS line FROM {} t", table.name);
    lines(&mut open(bench, Purpose::Migrate), &question)
}

cases::cases![nothing_in_the_log_is_changed_or_deleted];
cases::postgres_only![the_service_cannot_switch_the_protection_off];
