//! No row of another municipality is reached: by construction, since each statement names the municipality, and as a stranger finds it.
//!
//! On `PostgreSQL` row-level security sees to it once more; on `SQLite` nothing else does.

use std::collections::BTreeSet;

use rettbolig::auth::{Permitted, Role};
use rettbolig::http::Effect;
use rettbolig::server;
use uuid::Uuid;

use super::acts::ACTS;
use super::scene::{Scene, Target, request};
use super::schema::tables;
use super::sources::rust;
use crate::faults::invariants::column;
use crate::support::town::STJORDAL;
use crate::support::{Backend, Bench, cases};

/// Statements that go across municipalities, or name theirs later, each with the reason.
const ACROSS: &[(&str, &str)] = &[
    // Whose sign-in or program it is, is found out by it.
    ("src/auth/federation/store.rs", "issuer_audience"),
    ("src/auth/machines/store.rs", "machine_client"),
    // One worker serves all lanes, and counts what waits for the metrics.
    ("src/outbox/store.rs", "outbox_lane"),
    ("src/outbox/store.rs", "outbox_message"),
];

fn every_statement_over_what_belongs_to_a_municipality_names_it() {
    let tables = tables::of_municipalities();
    assert!(tables.len() > 100, "the tables were not found: {tables:?}");
    let (mut seen, mut across) = (0, BTreeSet::<(&str, &str)>::new());
    for source in rust("src") {
        if source.path.starts_with("src/db/schema") {
            continue;
        }
        let code = source.code();
        let code = code.split("#[cfg(test)]").next().unwrap();
        for (at, _) in code.match_indices("::table") {
            let before = &code[..at];
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let table = &before[before.rfind(|c: char| !is_name(c)).map_or(0, |it| it + 1)..];
            if !tables.contains(table) || code[at + "::table".len()..].starts_with(is_name) {
                continue;
            }
            seen += 1;
            if names_municipality(code, at) {
                continue;
            }
            let known = ACROSS.iter().find(|it| **it == (&*source.path, table));
            assert!(
                known.is_some(),
                "{} asks {table} without saying of which municipality: filter by tx.municipality()",
                source.path
            );
            across.extend(known.copied());
        }
    }
    assert!(seen > 400, "only {seen} statements were found");
    assert_eq!(across.len(), ACROSS.len(), "one of ACROSS is there no more");
}

/// Whether the statement at this place is bound to a municipality: by its key, by what it writes, by a comparison, or by the statement
/// around it.
fn names_municipality(code: &str, at: usize) -> bool {
    let begin = code[..at].rfind([';', '{', '}']).map_or(0, |it| it + 1);
    let end = code[at..].find(';').map_or(code.len(), |it| at + it);
    let statement: String = code[begin..end].split_whitespace().collect();
    let bound = ["municipality_id.eq(", ".find(", "insert_into("];
    bound.iter().any(|it| statement.contains(it))
}

async fn no_list_shows_a_stranger_anything_of_ours(bench: Bench) {
    let scene = Scene::open(bench).await;
    for act in ACTS {
        let endpoint = act.find_endpoint().expect(act.name);
        let target = (act.given)(&scene).await;
        let actor = scene.town.actor(act.role).await;
        let done = actor.send(request(&actor, &endpoint, &target)).await;
        assert!(done.status < 300, "{} {}", act.name, done.text);
    }
    let ours = ids_of_ours(&scene.town.bench);
    assert!(ours.len() > 500, "only {} ids of ours", ours.len());
    let mut tried = 0;
    for role in Role::ALL {
        let stranger = scene.town.stranger(*role).await;
        for endpoint in server::endpoints() {
            let is_list = endpoint.effect == Effect::Reads && !endpoint.path.contains("{id}");
            let is_open = endpoint.action.permitted() == Permitted::Anyone;
            if !is_list || is_open || !endpoint.action.is_permitted_to(&[*role]) {
                continue;
            }
            let nothing = Target::new(serde_json::json!({}));
            let told = stranger.send(request(&stranger, &endpoint, &nothing)).await;
            assert!(told.status < 500, "{endpoint:?} {}", told.text);
            let named = told
                .text
                .split(|c: char| !c.is_ascii_hexdigit() && c != '-');
            let foreign = named.filter_map(|word| Uuid::try_parse(word).ok());
            let foreign: Vec<Uuid> = foreign.filter(|id| ours.contains(id)).collect();
            assert!(
                foreign.is_empty(),
                "{endpoint:?} tells {role} of {foreign:?}"
            );
            tried += 1;
        }
    }
    assert!(tried > 60, "only {tried} lists were tried");
}

/// The ids of all that is ours, in whichever table.
fn ids_of_ours(bench: &Bench) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    for table in tables::with_id() {
        let (id, ours) = match bench.backend {
            Backend::Sqlite => ("lower(hex(id))", format!("X'{}'", STJORDAL.uuid().simple())),
            Backend::Postgres => ("id::text", format!("'{STJORDAL}'")),
        };
        let query = format!("SELECT {id} FROM {table} WHERE municipality_id = {ours}");
        let found = column(bench, &query);
        ids.extend(found.iter().map(|it| Uuid::try_parse(it).unwrap()));
    }
    ids
}

cases::plain![every_statement_over_what_belongs_to_a_municipality_names_it];
cases::cases![no_list_shows_a_stranger_anything_of_ours];
