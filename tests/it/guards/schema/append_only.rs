//! What stands in the log stays as it stands: both databases refuse, also the owner of the tables.

use rettbolig::db::{Conn, Purpose};

use super::{connect, execute, lines};
use crate::support::town::STJORDAL;
use crate::support::{Backend, Bench, cases};

const TABLES: [&str; 2] = ["audit_entry", "audit_subject"];

async fn nothing_in_the_log_is_changed_or_deleted(bench: Bench) {
    for table in TABLES {
        let before = rows(&bench, table);
        assert!(
            !before.is_empty(),
            "{table} is empty: then nothing is shown"
        );
        for purpose in [Purpose::Migrate, Purpose::Serve] {
            for forgery in forgeries(bench.backend, table) {
                let outcome = execute(&mut open(&bench, purpose), &forgery);
                assert!(
                    outcome.is_err(),
                    "the database let this happen, so the log proves nothing: `{forgery}` ({purpose:?}); \
                     restore what keeps {table} append-only in the migrations"
                );
            }
        }
        assert_eq!(rows(&bench, table), before);
    }
}

fn forgeries(backend: Backend, table: &str) -> Vec<String> {
    let mut forgeries = vec![
        format!("UPDATE {table} SET kind = kind"),
        format!("DELETE FROM {table}"),
    ];
    match backend {
        Backend::Sqlite => forgeries.extend([
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
            format!("REPLACE INTO {table} SELECT * FROM {table}"),
            format!("UPDATE OR REPLACE {table} SET kind = kind"),
            // Without this setting a replacing insert fires no delete trigger.
            format!("PRAGMA recursive_triggers = OFF; REPLACE INTO {table} SELECT * FROM {table}"),
        ]),
        Backend::Postgres => forgeries.extend([
            format!("TRUNCATE {table}"),
            format!("TRUNCATE {table} CASCADE"),
            format!("INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (municipality_id, {}) DO UPDATE SET kind = excluded.kind", key(table)),
        ]),
    }
    forgeries
}

fn key(table: &str) -> &str {
    if table == "audit_entry" {
        "id"
    } else {
        "subject_id, entry_id"
    }
}

async fn the_service_cannot_switch_the_protection_off(bench: Bench) {
    for table in TABLES {
        for attempt in [
            format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
            format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"),
            format!("DROP TABLE {table}"),
            "SET session_replication_role = replica".to_owned(),
        ] {
            let outcome = execute(&mut open(&bench, Purpose::Serve), &attempt);
            assert!(
                outcome.is_err(),
                "the service's role must not own {table}: `{attempt}` succeeded"
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

fn rows(bench: &Bench, table: &str) -> Vec<String> {
    let row = match (bench.backend, table) {
        (Backend::Sqlite, "audit_entry") => "hex(id) || kind || body",
        (Backend::Sqlite, _) => "hex(subject_id) || hex(entry_id) || kind",
        (Backend::Postgres, _) => "t::text",
    };
    let question = format!("SELECT {row} AS line FROM {table} t");
    lines(&mut open(bench, Purpose::Migrate), &question)
}

cases::cases![nothing_in_the_log_is_changed_or_deleted];
cases::postgres_only![the_service_cannot_switch_the_protection_off];
