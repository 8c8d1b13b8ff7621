//! Attacks on the log by somebody who owns the database: deriving the log anew finds each of them.

use std::process::Command;

use rettbolig::audit::{Finding, RecheckFault, Sealer, Sound, TreeHead, recheck};
use rettbolig::auth::Role;
use rettbolig::db::{Conn, Db};

use crate::audit::{checkpoint, count, execute, record, record_in};
use crate::audit_deeds::{
    Attack, attacks_on_postings, attacks_on_spans, attacks_on_tiles, attacks_on_what_was_sealed,
    bytes_type, with_copy,
};
use crate::audit_owned::{entry_at, id, set_back, unprotected};
use crate::support::town::{OSLO, STJORDAL, Town, find_secret, kit, log_verifier, secrets};
use crate::support::{Backend, Bench, cases};

async fn whatever_is_changed_in_the_database_is_found(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 1_500).await;
    town.seal().await;
    let size = check(&town, None).await.unwrap().head.size;
    let mut conn = unprotected(&town);
    let attacks = attacks_on_what_was_sealed(&town, &mut conn, size)
        .into_iter()
        .chain(attacks_on_tiles(&town, size))
        .chain(attacks_on_spans(&town, size))
        .chain(attacks_on_postings(&town));
    for Attack { deed, undo, index } in attacks {
        execute(&mut conn, &deed).expect(&deed);
        let finding = check(&town, None).await.expect_err(&deed);
        assert!(finding.is_tampered, "{deed}: {finding}");
        assert_eq!(finding.index, index, "{deed}: {finding}");
        execute(&mut conn, &undo).expect(&undo);
        check(&town, None).await.expect(&undo);
    }
}

async fn an_entry_under_another_id_is_found(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 40).await;
    town.seal().await;
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let true_id = entry_at(&mut conn, 30).uuid();
    // One that sorts beside it, so that the ids between which the span lies still hold.
    let (other, own) = (
        uuid::Uuid::from_u128(true_id.as_u128() ^ 1),
        id(&town, true_id),
    );
    let renamed = format!(
        "UPDATE audit_entry SET id = {} WHERE {of} AND id = {own}",
        id(&town, other)
    );
    execute(&mut conn, &renamed).unwrap();
    assert_eq!(check(&town, None).await.unwrap_err().index, Some(30));
    let bytes = match town.bench.backend {
        Backend::Postgres => format!("'\\x{}'::bytea", other.simple()),
        Backend::Sqlite => format!("X'{}'", other.simple()),
    };
    let listed = format!(
        "UPDATE audit_span SET entries = CAST(substr(entries, 1, 480) || {bytes} || substr(entries, 497) AS {}) WHERE {of}",
        bytes_type(&town)
    );
    execute(&mut conn, &listed).unwrap();
    let finding = check(&town, None).await.unwrap_err();
    assert_eq!(
        (finding.is_tampered, finding.index),
        (true, Some(30)),
        "{finding}"
    );
}

async fn what_is_taken_away_beside_the_tree_is_found(bench: Bench) {
    let town = Town::open(bench).await;
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
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

async fn the_tree_is_not_sealed_further_once_it_is_broken(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    town.seal().await;
    let before = checkpoint(&auditor).await;
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    record(&town, 1).await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    let first = "(SELECT substr(hashes, 1, 32) FROM audit_tile t WHERE t.municipality_id = audit_checkpoint.municipality_id)";
    for Attack { deed, undo, .. } in [
        with_copy(
            "audit_checkpoint",
            &format!("UPDATE audit_checkpoint SET root = {first} WHERE {of}"),
            None,
        ),
        with_copy(
            "audit_tile",
            &format!(
                "UPDATE audit_tile SET hashes = substr(hashes, 1, length(hashes) - 32) WHERE {of}"
            ),
            None,
        ),
        with_copy(
            "audit_tile",
            &format!("DELETE FROM audit_tile WHERE {of}"),
            None,
        ),
        with_copy(
            "audit_span",
            &format!(
                "UPDATE audit_span SET entries = substr(entries, 1, length(entries) - 16) WHERE {of}"
            ),
            None,
        ),
    ] {
        execute(&mut conn, &deed).expect(&deed);
        assert!(sealer.seal_waiting().await.is_err(), "{deed}");
        let told = auditor.get("/audit/checkpoint").await.ok().body;
        assert_eq!(told["size"], before.size);
        execute(&mut conn, &undo).expect(&undo);
    }
    sealer.seal_waiting().await.unwrap();
    check(&town, Some(before)).await.unwrap();
}

async fn a_log_that_cannot_be_sealed_holds_up_no_other(bench: Bench) {
    let town = Town::open(bench).await;
    record_in(&town, OSLO, 1).await;
    town.seal().await;
    // Oslo's log comes before Stjørdal's.
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, OSLO.uuid()));
    let broken = format!("DELETE FROM audit_tile WHERE {of}");
    execute(&mut conn, &broken).unwrap();
    record_in(&town, OSLO, 1).await;
    record(&town, 1).await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    assert!(sealer.seal_waiting().await.is_err());
    let waiting = |conn: &mut Conn, town_id| {
        count(
            conn,
            &format!("audit_unsealed WHERE municipality_id = {town_id}"),
        )
    };
    assert_eq!(waiting(&mut conn, id(&town, OSLO.uuid())), 1);
    assert_eq!(waiting(&mut conn, id(&town, STJORDAL.uuid())), 0);
}

async fn a_service_whose_history_is_unsound_takes_no_changes(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    record(&town, 40).await;
    town.seal().await;
    let sealer = Sealer::new(town.db.clone(), secrets().log_key);
    sealer.check_before_serving().await.unwrap();
    town.nobody().get("/isready").await.ok();
    let mut conn = unprotected(&town);
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let entry = id(&town, entry_at(&mut conn, 30).uuid());
    let forged = format!("UPDATE audit_entry SET body = '{{}}' WHERE {of} AND id = {entry}");
    execute(&mut conn, &forged).unwrap();
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
    // All of it is older than what is derived anew. Only the last is among that from which deriving begins.
    let mut conn = unprotected(&town);
    for Attack { deed, undo, .. } in [
        with_copy(
            "audit_tile",
            &format!("DELETE FROM audit_tile WHERE {of} AND level = 0 AND tile_index = 0"),
            None,
        ),
        with_copy(
            "audit_tile",
            &format!(
                "UPDATE audit_tile SET hashes = substr(hashes, 1, 96) WHERE {of} AND level = 0 AND tile_index = 1"
            ),
            None,
        ),
        with_copy(
            "audit_span",
            &format!("DELETE FROM audit_span WHERE {of} AND span_index = 0"),
            None,
        ),
        with_copy(
            "audit_tile",
            &format!("DELETE FROM audit_tile WHERE {of} AND level = 1"),
            None,
        ),
    ] {
        execute(&mut conn, &deed).expect(&deed);
        let target = town.bench.database_url.parse().unwrap();
        let db = Db::open(&target, 1, kit()).unwrap();
        let sealer = Sealer::new(db.clone(), secrets().log_key);
        sealer.check_before_serving().await.unwrap();
        assert!(db.takes_changes().is_err(), "{deed}");
        db.close();
        execute(&mut conn, &undo).expect(&undo);
    }
}

async fn the_command_line_checks_the_whole_database(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 10).await;
    town.seal().await;
    let (status, told) = verify(&town);
    assert_eq!(status, 0, "{told}");
    let mut conn = unprotected(&town);
    let entry = id(&town, entry_at(&mut conn, 1).uuid());
    let forged = format!("UPDATE audit_entry SET body = '{{}}' WHERE id = {entry}");
    execute(&mut conn, &forged).unwrap();
    let (status, told) = verify(&town);
    assert_eq!(status, 1);
    assert!(told.starts_with("TAMPERED WITH at index 1: "), "{told}");
}

async fn an_index_that_is_damaged_is_made_anew(bench: Bench) {
    let town = Town::open(bench).await;
    record(&town, 450).await;
    town.seal().await;
    let auditor = town.actor(Role::Auditor).await;
    let found = "/audit/entries?action=test&limit=200";
    let before = auditor.get(found).await.ok().body["items"].clone();
    let of = format!("municipality_id = {}", id(&town, STJORDAL.uuid()));
    let mut conn = unprotected(&town);
    execute(&mut conn, &format!("DELETE FROM audit_posting WHERE {of}")).unwrap();
    let (status, told) = verify(&town);
    assert_eq!(status, 1, "{told}");
    assert!(told.contains("audit reindex"), "{told}");
    let (status, told) = audit(&town, &["reindex"]);
    assert_eq!(status, 0, "{told}");
    let (status, told) = verify(&town);
    assert_eq!(status, 0, "{told}");
    assert_eq!(auditor.get(found).await.ok().body["items"], before);
    // And it goes on where it was.
    record(&town, 30).await;
    town.seal().await;
    check(&town, None).await.unwrap();
}

/// Whether the whole log is sound.
pub(crate) async fn check(town: &Town, kept: Option<TreeHead>) -> Result<Sound, Finding> {
    let checked = recheck(&town.db, STJORDAL, &[log_verifier()], kept, |_| ()).await;
    checked.map_err(|fault| match fault {
        RecheckFault::Found(finding) => finding,
        RecheckFault::Unread(problem) => panic!("{problem:?}"),
    })
}

fn verify(town: &Town) -> (i32, String) {
    audit(town, &["verify", "--db"])
}

fn audit(town: &Town, command: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rettbolig"))
        .arg("audit")
        .args(command)
        .args(["--municipality", "5035"])
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

cases::cases![
    whatever_is_changed_in_the_database_is_found,
    an_entry_under_another_id_is_found,
    what_is_taken_away_beside_the_tree_is_found,
    a_log_that_was_cut_back_to_an_old_checkpoint_is_shorter_than_the_kept_one,
    the_tree_is_not_sealed_further_once_it_is_broken,
    a_log_that_cannot_be_sealed_holds_up_no_other,
    a_service_whose_history_is_unsound_takes_no_changes,
    a_service_that_lost_an_old_part_of_its_tree_takes_no_changes,
    the_command_line_checks_the_whole_database,
    an_index_that_is_damaged_is_made_anew,
];
