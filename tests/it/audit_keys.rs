//! The log's key is succeeded by another: what the old one signed still holds, and nobody who checks is left behind.

use rettbolig::audit::{LogKey, RecheckFault, Sealer, Trusted, Verifier, recheck, verify_file};
use rettbolig::auth::Role;
use rettbolig::db::Db;

use crate::audit::{checkpoint, record};
use crate::support::town::{STJORDAL, Town, find_secret, kit};
use crate::support::{Bench, cases};

const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
const PERIOD: &str = "/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z";

async fn the_key_of_the_log_is_succeeded_in_two_steps(bench: Bench) {
    let town = Town::open(bench).await;
    let auditor = town.actor(Role::Auditor).await;
    let old = find_secret("RETTBOLIG_LOG_KEY").unwrap();
    let old_key = verifiers(&old).remove(0);
    let new_key = verifiers(NEW).remove(0);
    record(&town, 3).await;
    town.seal().await;
    let kept = checkpoint(&auditor).await;

    // Both sign: whoever knows only one of them is content.
    let overlap = format!("{NEW},{old}");
    record(&town, 3).await;
    seal(&town, &overlap).await;
    let export = auditor.get(PERIOD).await.ok().text;
    for key in [&old_key, &new_key] {
        verify_file(&export, &key.clone().into(), None).unwrap();
    }
    is_sound_before_serving(&town, &overlap).await;

    // The old one is retired. Who knows the new one, and kept what the old one signed, sees one log.
    let after = format!("{NEW},{old_key}");
    record(&town, 3).await;
    seal(&town, &after).await;
    let path = format!("{PERIOD}&since={}", kept.size);
    let export = auditor.get(&path).await.ok().text;
    verify_file(&export, &new_key.clone().into(), Some(&kept)).unwrap();
    let finding = verify_file(&export, &old_key.clone().into(), None).unwrap_err();
    assert!(finding.is_tampered, "{finding}");
    let both = Trusted {
        log: vec![new_key.clone(), old_key.clone()],
        witnesses: vec![],
    };
    verify_file(&export, &both, Some(&kept)).unwrap();
    is_sound_before_serving(&town, &after).await;
    recheck(&town.db, STJORDAL, &both.log, Some(kept), |_| ())
        .await
        .unwrap();

    // Whoever forgets the old key altogether cannot vouch for what it signed.
    let forgotten = recheck(&town.db, STJORDAL, &[new_key], None, |_| ()).await;
    assert!(matches!(forgotten, Err(RecheckFault::Found(_))));
}

fn verifiers(keys: &str) -> Vec<Verifier> {
    LogKey::parse(keys).unwrap().verifiers("5035").unwrap()
}

async fn seal(town: &Town, keys: &str) {
    let sealer = Sealer::new(town.db.clone(), LogKey::parse(keys).unwrap());
    assert!(sealer.seal_waiting().await.unwrap() > 0);
}

async fn is_sound_before_serving(town: &Town, keys: &str) {
    let target = town.bench.database_url.parse().unwrap();
    let db = Db::open(&target, 1, kit()).unwrap();
    let sealer = Sealer::new(db.clone(), LogKey::parse(keys).unwrap());
    sealer.check_before_serving().await.unwrap();
    db.takes_changes().unwrap();
    db.close();
}

cases::cases![the_key_of_the_log_is_succeeded_in_two_steps];
