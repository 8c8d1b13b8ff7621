//! Nothing that was sent comes back in a refusal, and nothing secret stays readable in the tables.

use reqwest::Method;
use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::invariants;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, home, ordinary_needs, person, reasons};
use crate::support::town::{PASSWORD, Town};
use crate::support::{Bench, cases};

/// Recognisable wherever it turns up, and nothing that any field takes.
const MARKER: &str = "mårkør 31-7b\u{1}";
/// What each answer is searched for.
const TRACE: &str = "31-7b";

/// The same body with the marker in one place after the other: every value, at every depth.
fn marked(body: &Value) -> Vec<Value> {
    let mut all = vec![json!(MARKER)];
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                for changed in marked(value) {
                    let mut copy = members.clone();
                    copy.insert(name.clone(), changed);
                    all.push(Value::Object(copy));
                }
            }
            let mut copy = members.clone();
            copy.insert(MARKER.to_owned(), json!(1));
            all.push(Value::Object(copy));
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for changed in marked(item) {
                    let mut copy = items.clone();
                    copy[place] = changed;
                    all.push(Value::Array(copy));
                }
            }
        }
        _ => {}
    }
    all
}

#[track_caller]
fn is_silent(answer: &Answer) {
    let headers = format!("{:?}", answer.headers);
    assert!(
        !answer.text.contains(TRACE) && !headers.contains(TRACE),
        "{headers} {}",
        answer.text
    );
    assert!(answer.status < 500, "{}", answer.text);
}

async fn no_refusal_repeats_what_was_sent(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let id = uuid::Uuid::now_v7();
    let mut everything = person("1990-05-17", 9);
    everything["phone"] = json!("+47 12345678");
    everything["email"] = json!("a@b.example");
    let members = json!({"members": [{"personId": id, "role": "APPLICANT", "residenceDays": 14}]});
    let application = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20", "needs": ordinary_needs(),
    });
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let proposal = json!({"outcome": "GRANTED", "dwellingId": id, "reasons": reasons()});
    let credentials = json!({"username": "x", "password": PASSWORD});
    let nobody = town.nobody();
    let operations: [(&Actor, String, Value); 8] = [
        (&kari, "/people".into(), everything),
        (
            &kari,
            "/people/search".into(),
            json!({"nationalId": "1", "name": "x", "bornOn": "1990-05-17"}),
        ),
        (&kari, "/households".into(), members),
        (
            &kari,
            format!("/households/{household}/situations"),
            situation,
        ),
        (&kari, "/applications".into(), application),
        (&kari, format!("/applications/{case}/decisions"), proposal),
        (&manager, "/dwellings".into(), home(1, 1)),
        (&nobody, "/auth/login".into(), credentials),
    ];
    for (by, path, body) in &operations {
        for changed in marked(body) {
            let answer = by.post(path, &changed).await;
            // A free text may hold anything; what is created tells it.
            if answer.status >= 300 {
                is_silent(&answer);
            }
        }
    }
}

async fn no_refusal_repeats_an_address_or_a_header(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let auditor = town.actor(Role::Auditor).await;
    for path in [
        format!("/{TRACE}"),
        format!("/people/{TRACE}"),
        format!("/applications?state={TRACE}&cursor={TRACE}&limit={TRACE}&{TRACE}={TRACE}"),
        format!("/applications?cursor={TRACE}"),
        format!("/matching/explain?applicationId={TRACE}&dwellingId={TRACE}"),
    ] {
        is_silent(&kari.get(&path).await);
    }
    for name in [
        "applicationId",
        "actorId",
        "action",
        "role",
        "kind",
        "from",
        "cursor",
    ] {
        let path = format!("/audit/entries?{name}={TRACE}");
        is_silent(&auditor.get(&path).await);
    }
    let path = format!("/applications/{}/withdraw", uuid::Uuid::now_v7());
    for name in [
        "If-Match",
        "Idempotency-Key",
        "Content-Type",
        "Authorization",
        "traceparent",
    ] {
        for (path, value) in [
            (path.as_str(), MARKER),
            ("/people", MARKER),
            ("/people", TRACE),
        ] {
            let request = town.nobody().request(Method::POST, path);
            let request = match name {
                "Authorization" => request,
                _ => request.bearer_auth(kari.token.as_deref().unwrap()),
            };
            let value = value.replace('\u{1}', "");
            let request = request.header(name, value.as_bytes()).body("{}");
            is_silent(&kari.send(request).await);
        }
    }
}

/// Whoever reads the tables, a backup or the log of changes finds no name in them.
async fn no_name_stays_readable_in_the_tables(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    town.case_before_team(&kari, &household).await;
    let kept = invariants::column(
        &town.bench,
        "SELECT body FROM idempotency_record UNION ALL SELECT body FROM audit_entry",
    );
    assert!(kept.len() > 10);
    for body in kept {
        assert!(!body.contains("Testesen"), "{body}");
    }
}

cases::cases![
    no_refusal_repeats_what_was_sent,
    no_refusal_repeats_an_address_or_a_header,
    no_name_stays_readable_in_the_tables,
];
