//! The entries of each case make one chain: somebody who owns the database, or a fault of ours, cannot break it unseen.

use rettbolig::auth::Role;
use serde_json::json;

use crate::audit::execute;
use crate::audit_attacks::check;
use crate::audit_owned::{id, unprotected};
use crate::support::given::SINGLE;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

async fn a_chain_with_a_number_twice_or_missing_is_found(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    town.case_before_team(&kari, &household).await;
    town.seal().await;
    // What waits for its seal is part of its chain as well.
    let household = town.household(&kari, &SINGLE, 2).await;
    let case = town.case_before_team(&kari, &household).await;
    check(&town, None).await.unwrap();

    let mut conn = unprotected(&town);
    let own = id(&town, STJORDAL.uuid());
    let of = format!(
        "municipality_id = {own} AND case_id = {}",
        id(&town, case.parse().unwrap())
    );
    let (longer, shorter) = ("length = length + 1", "length = length - 1");
    let set = |what: &str| format!("UPDATE audit_chain SET {what} WHERE {of}");
    for (deed, undo) in [(longer, shorter), (shorter, longer)] {
        execute(&mut conn, &set(deed)).unwrap();
        let finding = check(&town, None).await.unwrap_err();
        assert!(finding.is_tampered, "{finding}");
        execute(&mut conn, &set(undo)).unwrap();
        check(&town, None).await.unwrap();
    }
    // A chain that was set back gives a number twice, and a seal over it changes nothing.
    execute(&mut conn, &set(shorter)).unwrap();
    let withdraw = format!("/applications/{case}/withdraw");
    let version = kari.get(&format!("/applications/{case}")).await.ok();
    let version = version.body["version"].as_i64().unwrap();
    kari.act(&withdraw, version, &json!({"by": "APPLICANT"}))
        .await
        .ok();
    assert!(check(&town, None).await.unwrap_err().is_tampered);
    town.seal().await;
    assert!(check(&town, None).await.unwrap_err().is_tampered);
}

cases::cases![a_chain_with_a_number_twice_or_missing_is_found];
