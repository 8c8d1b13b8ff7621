//! No change without a trace: every operation that changes something is done once, and the log knows who, as what, in which request.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::prelude::*;
use rettbolig::audit::EntryKind;
use rettbolig::auth::{Caller, Permitted, Role};
use rettbolig::db::schema::audit_entry;
use rettbolig::ids::UserId;
use rettbolig::server;
use serde_json::Value;

use super::act::Act;
use super::acts::ACTS;
use super::scene::{Scene, request};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

fn every_operation_that_changes_something_stands_among_the_acts() {
    let mutating: BTreeSet<String> = server::endpoints()
        .iter()
        .filter(|endpoint| endpoint.effect.is_mutating())
        .map(|endpoint| format!("{endpoint:?}"))
        .collect();
    let known: BTreeSet<String> = ACTS.iter().map(|act| act.name.to_owned()).collect();
    let forgotten: Vec<_> = mutating.difference(&known).collect();
    assert!(
        forgotten.is_empty(),
        "these operations change something and no guard does them: add them to tests/it/guards/acts.rs: {forgotten:?}"
    );
    let gone: Vec<_> = known.difference(&mutating).collect();
    assert!(
        gone.is_empty(),
        "these acts are no operations that change something: take them out of tests/it/guards/acts.rs: {gone:?}"
    );
    assert_eq!(
        known.len(),
        ACTS.len(),
        "an act stands twice in tests/it/guards/acts.rs"
    );
}

async fn every_change_leaves_an_entry_with_caller_role_and_request(bench: Bench) {
    let scene = Scene::open(bench).await;
    for act in ACTS {
        leaves_an_entry(&scene, act).await;
    }
}

async fn leaves_an_entry(scene: &Scene, act: &Act) {
    let endpoint = act.find_endpoint().expect(act.name);
    let target = (act.given)(scene).await;
    let actor = scene.town.actor(act.role).await;
    let user: UserId = scene.user(&actor).await.parse().unwrap();
    let correlation = format!("guard-{}", scene.serial());
    let asked = request(&actor, &endpoint, &target).header("Nav-Call-Id", &correlation);
    let answer = actor.send(asked).await;
    assert!(
        (200..300).contains(&answer.status),
        "{} does not succeed any more: mend what it begins from in tests/it/guards/acts.rs: {}",
        act.name,
        answer.text
    );
    // Before somebody is signed in there is no role, and who it is may only turn out on the way.
    let is_open = endpoint.action.permitted() == Permitted::Anyone;
    let expected = (Some(user), Some(act.role));
    let entries = entries_of(&scene.town, correlation).await;
    let changes: Vec<_> = entries
        .iter()
        .filter(|(kind, ..)| *kind == EntryKind::Change)
        .collect();
    assert!(
        !changes.is_empty(),
        "{} left no entry of its change: record one with Entry::change in its act",
        act.name
    );
    for (_, actor, role) in changes {
        assert!(
            is_open || (*actor, *role) == expected,
            "{} was recorded as done by {actor:?} as {role:?}, but {expected:?} did it",
            act.name
        );
    }
}

type Recorded = (EntryKind, Option<UserId>, Option<Role>);

/// What the log holds of one request.
async fn entries_of(town: &Town, correlation: String) -> Vec<Recorded> {
    let reader = Arc::new(Caller::system(STJORDAL));
    let query = town.db.read(&reader, move |tx| {
        let bodies: Vec<String> = audit_entry::table
            .filter(audit_entry::municipality_id.eq(STJORDAL))
            .select(audit_entry::body)
            .load(tx.conn())?;
        let entries = bodies
            .iter()
            .map(|body| serde_json::from_str(body).unwrap());
        let entries = entries.filter(|entry: &Value| entry["correlation"] == *correlation);
        Ok(entries.map(|entry| recorded(&entry)).collect())
    });
    query.await.unwrap()
}

fn recorded(entry: &Value) -> Recorded {
    let told = |told: &Value| serde_json::from_value(told.clone()).unwrap();
    let user: Value = entry["actor"].get("id").cloned().unwrap_or_default();
    let user = serde_json::from_value(user).unwrap();
    let role = serde_json::from_value(entry["role"].clone()).unwrap();
    (told(&entry["kind"]), user, role)
}

cases::plain![every_operation_that_changes_something_stands_among_the_acts];
cases::cases![every_change_leaves_an_entry_with_caller_role_and_request];
