//! On `PostgreSQL` the database itself keeps each municipality's rows to itself, whatever the code asks for.

use rettbolig::db::{Conn, Purpose};

use super::{connect, execute, lines};
use crate::support::town::{OSLO, STJORDAL};
use crate::support::{Bench, cases};

/// Read before the municipality is known, to find out which it is; they hold nothing but user names, organisations, and ids of entries and messages.
const OPEN: [&str; 7] = [
    "sign_in_name",
    "issuer_audience",
    "machine_client",
    "audit_unsealed",
    "outbox_message",
    "outbox_lane",
    "event_unplaced",
];

async fn every_table_of_a_municipality_is_isolated_even_from_its_owner(bench: Bench) {
    let mut conn = connect(&bench, Purpose::Migrate);
    let protected = "
        SELECT c.relname::text AS line FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname
        WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.policyname = 'own_municipality'";
    let protected = lines(&mut conn, protected);
    let owned = owned(&mut conn);
    assert!(owned.len() > 15, "the tables were not found: {owned:?}");
    for table in &owned {
        assert!(
            protected.contains(table),
            "{table} has rows of municipalities and is not isolated: SELECT rettbolig_isolate('{table}') in its migration"
        );
    }
}

async fn without_a_municipality_there_are_no_rows(bench: Bench) {
    let tables = owned(&mut connect(&bench, Purpose::Migrate));
    let mut conn = connect(&bench, Purpose::Serve);
    for table in &tables {
        assert_eq!(
            count(&mut conn, table, "true"),
            0,
            "{table} shows rows to nobody in particular"
        );
    }
}

async fn with_a_municipality_there_are_its_rows_and_no_others(bench: Bench) {
    let tables = owned(&mut connect(&bench, Purpose::Migrate));
    let mut conn = act_for_stjordal(&bench);
    let (own, foreign) = (
        format!("municipality_id = '{STJORDAL}'"),
        format!("municipality_id <> '{STJORDAL}'"),
    );
    for table in &tables {
        assert_eq!(
            count(&mut conn, table, &foreign),
            0,
            "{table} shows rows of others"
        );
    }
    for table in ["user_account", "user_role", "audit_entry"] {
        assert!(
            count(&mut conn, table, &own) > 0,
            "{table} does not show its own rows"
        );
    }
}

async fn nobody_writes_for_another_municipality(bench: Bench) {
    let tables = owned(&mut connect(&bench, Purpose::Migrate));
    let mut conn = act_for_stjordal(&bench);
    for table in &tables {
        // The policy is asked before any constraint, so the other columns do not matter.
        let insert = format!("INSERT INTO {table} (municipality_id) VALUES ('{OSLO}')");
        let refused = execute(&mut conn, &insert).expect_err(table);
        assert!(refused.contains("row-level security"), "{table}: {refused}");
    }
    let hand_over = format!("UPDATE user_account SET municipality_id = '{OSLO}'");
    let refused = execute(&mut conn, &hand_over).expect_err("a row changed its municipality");
    assert!(refused.contains("row-level security"), "{refused}");
}

/// The tables whose rows belong to a municipality.
fn owned(conn: &mut Conn) -> Vec<String> {
    let question = "
        SELECT table_name::text AS line FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'municipality_id'";
    let mut tables = lines(conn, question);
    tables.retain(|table| !OPEN.contains(&table.as_str()));
    tables
}

fn act_for_stjordal(bench: &Bench) -> Conn {
    let mut conn = connect(bench, Purpose::Serve);
    let setting = format!("SELECT set_config('app.municipality', '{STJORDAL}', false)");
    execute(&mut conn, &setting).unwrap();
    conn
}

fn count(conn: &mut Conn, table: &str, filter: &str) -> u64 {
    let question = format!("SELECT count(*)::text AS line FROM {table} WHERE {filter}");
    lines(conn, &question)[0].parse().unwrap()
}

cases::postgres_only![
    every_table_of_a_municipality_is_isolated_even_from_its_owner,
    without_a_municipality_there_are_no_rows,
    with_a_municipality_there_are_its_rows_and_no_others,
    nobody_writes_for_another_municipality,
];
