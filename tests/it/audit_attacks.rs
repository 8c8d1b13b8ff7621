//! Attacks on the log by somebody who owns the database: deriving the log anew finds each of them.

use std::process::Command;

use rettbolig::audit::{Finding, RecheckFault, Sealer, Sound, TreeHead, recheck};
use rettbolig::auth::Role;
use rettbolig::db::{Conn, Db};

use crate::audit::{checkpoint, connect, execute, record};
use crate::support::town::{OSLO, STJORDAL, Town, find_secret, kit, log_verifier, secrets};
use crate::support::{Backend, Bench, cases};

async fn whatever_is_changed_in_the_database_is_found(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 1_500).await;
    town.seal().await;
    check(&town, None).await.unwrap();
    let mut conn = unprotected(&town);
    let (own, other) = (id(&town, STJORDAL.uuid()), id(&town, OSLO.uuid()));
    let of = format!("municipality_id = {own}");
    let entry = format!("(SELECT entry_id FROM audit_leaf WHERE {of} AND leaf_index = 7)");
    let last = format!("(SELECT max(leaf_index) + 1 FROM audit_leaf WHERE {of})");
    // What is done, how it is undone, and at which index it shows.
    let attacks = [
        (
            format!(
                "UPDATE audit_entry SET body = replace(body, '\"v\":2', '\"v\":3') WHERE {of} AND id = {entry}"
            ),
            format!(
                "UPDATE audit_entry SET body = replace(body, '\"v\":3', '\"v\":2') WHERE {of} AND id = {entry}"
            ),
            Some(7),
        ),
        (
            format!("UPDATE audit_entry SET municipality_id = {other} WHERE {of} AND id = {entry}"),
            format!(
                "UPDATE audit_entry SET municipality_id = {own} WHERE municipality_id = {other} AND id = {entry}"
            ),
            Some(7),
        ),
        (
            format!(
                "UPDATE audit_leaf SET hash = (SELECT hash FROM audit_node WHERE {of} AND level = 1 AND node_index = 0) WHERE {of} AND leaf_index = 1200"
            ),
            format!(
                "UPDATE audit_leaf SET hash = (SELECT hash FROM audit_entry e WHERE e.municipality_id = {own} AND e.id = entry_id) WHERE {of} AND leaf_index = 1200"
            ),
            Some(1200),
        ),
        (
            format!("UPDATE audit_leaf SET leaf_index = 1000000 WHERE {of} AND leaf_index = 7"),
            format!("UPDATE audit_leaf SET leaf_index = 7 WHERE {of} AND leaf_index = 1000000"),
            Some(7),
        ),
        (
            format!(
                "UPDATE audit_node SET node_index = 1000000 WHERE {of} AND level = 2 AND node_index = 3"
            ),
            format!(
                "UPDATE audit_node SET node_index = 3 WHERE {of} AND level = 2 AND node_index = 1000000"
            ),
            Some(12),
        ),
        (
            format!("UPDATE audit_checkpoint SET size = 1000000 WHERE {of} AND size = {last}"),
            format!("UPDATE audit_checkpoint SET size = {last} WHERE {of} AND size = 1000000"),
            None,
        ),
        (
            format!("UPDATE audit_checkpoint SET size = size - 1 WHERE {of} AND size = {last}"),
            format!("UPDATE audit_checkpoint SET size = size + 1 WHERE {of} AND size = {last} - 1"),
            None,
        ),
    ];
    for (attack, undo, index) in attacks {
        execute(&mut conn, &attack).unwrap();
        let finding = check(&town, None).await.expect_err(&attack);
        assert!(finding.is_tampered, "{attack}: {finding}");
        if index.is_some() {
            assert_eq!(finding.index, index, "{attack}: {finding}");
        }
        execute(&mut conn, &undo).unwrap();
        check(&town, None).await.expect(&undo);
    }
    // What an entry says of a person is taken away without an erasure.
    let kari = town.actor(Role::Caseworker).await;
    crate::support::residents::person(&kari, "Anne", "1980-01-01").await;
    town.seal().await;
    check(&town, None).await.unwrap();
    let kept = format!(
        "CREATE TABLE kept AS SELECT * FROM audit_segment WHERE {of}; DELETE FROM audit_segment WHERE {of}"
    );
    execute(&mut conn, &kept).unwrap();
    let finding = check(&town, None).await.unwrap_err();
    assert!(finding.is_tampered && finding.index.is_some(), "{finding}");
    execute(
        &mut conn,
        "INSERT INTO audit_segment SELECT * FROM kept; DROP TABLE kept",
    )
    .unwrap();
    check(&town, None).await.unwrap();
    // An entry that is kept from its seal.
    record(&town, 1).await;
    check(&town, None).await.unwrap();
    execute(&mut conn, &format!("DELETE FROM audit_unsealed WHERE {of}")).unwrap();
    assert!(check(&town, None).await.unwrap_err().is_tampered);
}

async fn a_log_that_was_cut_back_to_an_old_checkpoint_is_shorter_than_the_kept_one(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let old = checkpoint(&auditor).await;
    record(&town, 40).await;
    town.seal().await;
    let kept = checkpoint(&auditor).await;
    check(&town, Some(kept)).await.unwrap();
    check(&town, Some(old)).await.unwrap();
    set_back(&town, old.size);
    // Nothing inside the database shows it; what the auditor kept does.
    check(&town, None).await.unwrap();
    let finding = check(&town, Some(kept)).await.unwrap_err();
    assert_eq!((finding.is_tampered, finding.index), (true, Some(old.size)));
    // Nor does it help to write it anew.
    record(&town, 40).await;
    town.seal().await;
    check(&town, None).await.unwrap();
    assert!(check(&town, Some(kept)).await.unwrap_err().is_tampered);
}

/// Makes Stjørdal's log what it was at a size, as an old copy of the database would.
pub(crate) fn set_back(town: &Town, size: u64) {
    let mut conn = unprotected(town);
    let of = format!("municipality_id = {}", id(town, STJORDAL.uuid()));
    for cut in [
        format!(
            "DELETE FROM audit_entry WHERE {of} AND id IN (SELECT entry_id FROM audit_leaf WHERE {of} AND leaf_index >= {size})"
        ),
        format!("DELETE FROM audit_leaf WHERE {of} AND leaf_index >= {size}"),
        format!("DELETE FROM audit_node WHERE {of} AND (node_index + 1) * (1 << level) > {size}"),
        format!("DELETE FROM audit_checkpoint WHERE {of} AND size > {size}"),
        format!("DELETE FROM audit_cosignature WHERE {of} AND size > {size}"),
    ] {
        execute(&mut conn, &cut).unwrap();
    }
}

async fn the_tree_is_not_sealed_further_once_it_is_broken(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let before = checkpoint(&auditor).await;
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let forged = format!(
        "UPDATE audit_checkpoint SET root = (SELECT hash FROM audit_leaf WHERE {of} AND leaf_index = 0) WHERE {of}"
    );
    execute(&mut conn, &forged).unwrap();
    record(&town, 1).await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    assert!(sealer.seal_waiting().await.is_err());
    let told = auditor.get("/audit/checkpoint").await.ok().body;
    assert_eq!(told["size"], before.size);
}

async fn a_service_whose_history_is_unsound_takes_no_changes(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    record(&town, 40).await;
    town.seal().await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    sealer.check_before_serving().await.unwrap();
    town.nobody().get("/isready").await.ok();
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let entry = format!("(SELECT entry_id FROM audit_leaf WHERE {of} AND leaf_index = 30)");
    let forged = format!("UPDATE audit_entry SET body = '{{}}' WHERE {of} AND id = {entry}");
    execute(&mut unprotected(&town), &forged).unwrap();
    sealer.check_before_serving().await.unwrap();
    town.nobody()
        .get("/isready")
        .await
        .refused(503, "history_unsound");
    let out = auditor.post("/auth/logout", &serde_json::json!({})).await;
    out.refused(503, "history_unsound");
    // What was recorded can still be looked at, and who looks is still written down.
    auditor.get("/audit/entries?limit=1").await.ok();
    let stop = tokio::sync::oneshot::channel();
    sealer.clone().run(stop.1).await;
    assert!(sealer.seal_waiting().await.is_err());
}

async fn a_service_that_lost_an_old_part_of_its_tree_takes_no_changes(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 10_700).await;
    town.seal().await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    sealer.check_before_serving().await.unwrap();
    town.db.takes_changes().unwrap();
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    // Both stand for the first entries, which are older than those that are derived anew. The first is none of those from which
    // that begins.
    let mut conn = unprotected(&town);
    for (level, node) in [(6, 0), (9, 0)] {
        let at = format!("{of} AND level = {level}");
        let gone = format!("DELETE FROM audit_node WHERE {at} AND node_index = {node}");
        execute(&mut conn, &gone).unwrap();
        let target = town.bench.database_url.parse().unwrap();
        let db = Db::open(&target, 1, kit()).unwrap();
        let sealer = Sealer::new(db.clone(), secrets().log_key);
        sealer.check_before_serving().await.unwrap();
        assert!(db.takes_changes().is_err(), "{level}");
        db.close();
    }
}

async fn the_command_line_checks_the_whole_database(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 10).await;
    town.seal().await;
    let (status, told) = verify(&town);
    assert_eq!(status, 0, "{told}");
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let forged = format!(
        "UPDATE audit_entry SET hash = (SELECT hash FROM audit_leaf WHERE {of} AND leaf_index = 0)"
    );
    execute(&mut unprotected(&town), &forged).unwrap();
    let (status, told) = verify(&town);
    assert_eq!(status, 1);
    assert!(told.starts_with("TAMPERED WITH at index 1: "), "{told}");
}

async fn check(town: &Town, kept: Option<TreeHead>) -> Result<Sound, Finding> {
    let checked = recheck(&town.db, STJORDAL, &[log_verifier()], kept, |_| ()).await;
    checked.map_err(|fault| match fault {
        RecheckFault::Found(finding) => finding,
        RecheckFault::Unread(problem) => panic!("{problem:?}"),
    })
}

fn verify(town: &Town) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
        .args(["audit", "verify", "--db", "--municipality", "5035"])
        .env(
            "RETTBOLIG_LOG_KEY",
            find_secret("RETTBOLIG_LOG_KEY").unwrap(),
        )
        .env("DATABASE_URL", &town.bench.database_url)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), told)
}

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
                "audit_leaf",
                "audit_node",
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

cases::cases![
    whatever_is_changed_in_the_database_is_found,
    a_log_that_was_cut_back_to_an_old_checkpoint_is_shorter_than_the_kept_one,
    the_tree_is_not_sealed_further_once_it_is_broken,
    a_service_whose_history_is_unsound_takes_no_changes,
    a_service_that_lost_an_old_part_of_its_tree_takes_no_changes,
    the_command_line_checks_the_whole_database,
];
