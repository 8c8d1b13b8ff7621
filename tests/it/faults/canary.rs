//! Canaries: marked names, national ids, addresses and reasons go in through every field, and are then looked for where they must
//! never be: in logs, metrics, refusals, the log's exports, and in every file of the database.

use std::path::{Path, PathBuf};

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::sql_types::Text;
use diesel::{PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use reqwest::Method;
use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::process::Program;
use crate::disclosure::stored;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{adopt_rules, decide, home};
use crate::support::residents::national_id;
use crate::support::town::kit;
use crate::support::{Backend, Bench, cases};

/// What is looked for. The national id comes to it.
const CANARIES: [&str; 9] = [
    "Kanarifuglen",
    "Gulfjærsen",
    "40 41 42 43",
    "gulfjaer@bur.example",
    "Fuglekasseveien",
    "Kanaristad",
    "kanarinotat",
    "kanarigrunn",
    "kanaribegrunnelse",
];

fn digits() -> String {
    national_id("1961-02-03", 0).expose_digits().to_owned()
}

/// The canary that a text holds, in whichever writing, and where.
fn found_in(bytes: &[u8]) -> Option<(String, usize)> {
    let mut sought: Vec<String> = CANARIES.iter().map(|it| (*it).to_owned()).collect();
    sought.extend(CANARIES.iter().map(|it| it.to_lowercase()));
    sought.push(digits());
    let mut begins = [false; 256];
    for canary in &sought {
        begins[usize::from(canary.as_bytes()[0])] = true;
    }
    // In one pass, for a server's log of changes is large.
    let places = bytes.iter().enumerate();
    places
        .filter(|(_, byte)| begins[usize::from(**byte)])
        .find_map(|(place, _)| {
            let rest = &bytes[place..];
            let canary = sought.iter().find(|it| rest.starts_with(it.as_bytes()))?;
            Some((canary.clone(), place))
        })
}

#[track_caller]
fn is_silent(what: &str, bytes: &[u8]) {
    if let Some((canary, place)) = found_in(bytes) {
        let around = place.saturating_sub(200)..bytes.len().min(place + 100);
        let around = String::from_utf8_lossy(&bytes[around]);
        panic!("{what} tells of {canary}: … {around} …");
    }
}

fn whole_person() -> Value {
    json!({
        "nationalId": digits(), "givenName": "Kanarifuglen", "familyName": "Gulfjærsen",
        "bornOn": "1961-02-03", "phone": "+47 40 41 42 43", "email": "gulfjaer@bur.example",
        "address": {"street": "Fuglekasseveien 31", "postalCode": "7500", "postalPlace": "Kanaristad"},
    })
}

/// The whole of a case by people who write what they may write; gives the case's id.
async fn sing(program: &Program) -> String {
    let kari = program.actor(Role::Caseworker).await;
    let ola = program.actor(Role::DecisionMaker).await;
    let manager = program.actor(Role::HousingManager).await;
    let person = kari.post("/people", &whole_person()).await.ok().id();
    for question in [
        json!({"nationalId": digits()}),
        json!({"name": "Kanarifuglen Gulfjærsen"}),
    ] {
        kari.post("/people/search", &question).await.ok();
    }
    kari.get(&format!("/people/{person}")).await.ok();
    let members = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    let household = kari.post("/households", &members).await.ok().id();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    kari.post(&path, &situation).await.ok();
    let received = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20",
        "needs": {"categories": ["ORDINARY"], "urgency": "HIGH"},
    });
    let case = kari.post("/applications", &received).await.ok();
    let (id, mut version) = (case.id(), case.version());
    let emergency = json!({
        "applicationId": id, "ground": "NO_SHELTER_TONIGHT",
        "reason": "En kanaribegrunnelse på over tjue tegn for nødtilgang.",
    });
    ola.post("/emergency-accesses", &emergency).await.ok();
    let me = kari.get("/auth/me").await.ok().id();
    for (act, body) in [
        ("assign", json!({"assigneeId": me})),
        ("start-assessment", json!({})),
        ("submit-to-team", json!({})),
    ] {
        let path = format!("/applications/{id}/{act}");
        version = kari.act(&path, version, &body).await.ok().version();
    }
    let flat = manager.post("/dwellings", &home(1, 1)).await.ok().id();
    let proposal = json!({
        "outcome": "GRANTED", "dwellingId": flat,
        "reasons": {"rules": ["§ 3"], "facts": "Et kanarinotat om saken.", "considerations": "En kanarigrunn."},
    });
    let decision = decide(&kari, &ola, &id, &proposal).await.id();
    kari.get(&format!("/decisions/{decision}")).await.ok();
    id
}

/// Everything that is refused, with canaries wherever a client can put them.
async fn sing_out_of_tune(program: &Program, kari: &Actor) {
    let refused = |answer: Answer| {
        assert!((400..500).contains(&answer.status), "{}", answer.text);
        is_silent("a refusal", answer.text.as_bytes());
        is_silent("a header", format!("{:?}", answer.headers).as_bytes());
    };
    let everything = whole_person();
    refused(kari.post("/people", &everything).await);
    for field in ["bornOn", "addressProtection", "phone", "email", "address"] {
        for canary in CANARIES.iter().copied().chain([digits().as_str()]) {
            let mut body = everything.clone();
            body[field] = json!(canary);
            // What is written like a field's name is taken for one, and an unknown field is named.
            if !canary.chars().all(|c| c.is_ascii_lowercase()) {
                body[canary] = json!(canary);
            }
            refused(kari.post("/people", &body).await);
        }
    }
    for canary in ["Kanarifuglen", "Fuglekasseveien", &digits()] {
        refused(kari.get(&format!("/people/{canary}")).await);
        refused(
            kari.get(&format!("/applications?cursor={canary}&state={canary}"))
                .await,
        );
        refused(kari.get(&format!("/{canary}")).await);
        let credentials = json!({"username": canary, "password": canary});
        let nobody = Actor::at(&program.address, None);
        refused(nobody.post("/auth/login", &credentials).await);
        for header in [
            "Idempotency-Key",
            "If-Match",
            "Nav-Call-Id",
            "traceparent",
            "User-Agent",
        ] {
            let request = kari.request(Method::POST, "/households");
            let request = request
                .header(header, canary)
                .body(format!("{{\"{canary}\":"));
            refused(kari.send(request).await);
        }
    }
}

async fn canaries_are_heard_nowhere(bench: Bench) {
    {
        let db = rettbolig::db::Db::open(&bench.database_url.parse().unwrap(), 1, kit()).unwrap();
        adopt_rules(&db).await;
        db.close();
    }
    let folder = tempfile::TempDir::new().unwrap();
    let log = folder.path().join("log");
    let mut program =
        Program::start_logged(&bench, &log, &[("RETTBOLIG_LOG", "info,rettbolig=trace")]).await;
    let case = sing(&program).await;
    let kari = program.actor(Role::Caseworker).await;
    let auditor = program.actor(Role::Auditor).await;
    sing_out_of_tune(&program, &kari).await;
    let metrics = auditor.get("/metrics").await.ok();
    is_silent("the metrics", metrics.text.as_bytes());
    for path in [
        format!("/audit/export?applicationId={case}"),
        format!("/audit/export.csv?applicationId={case}"),
        format!("/applications/{case}/history"),
        "/audit/entries?limit=200".to_owned(),
    ] {
        let told = sealed(&auditor, &path).await;
        is_silent(&path, told.text.as_bytes());
    }
    is_silent("the rows", &stored(&bench));
    for file in files(&bench) {
        // A file may go while the folder is read.
        let bytes = std::fs::read(&file).unwrap_or_default();
        is_silent(&file.display().to_string(), &bytes);
    }
    program.terminate();
    program.end(std::time::Duration::from_secs(30)).await;
    let logged = std::fs::read(&log).unwrap();
    assert!(logged.len() > 2000, "hardly anything was logged");
    is_silent("the service's log", &logged);
}

/// The answer, once what it is about has been sealed.
async fn sealed(auditor: &Actor, path: &str) -> Answer {
    for _ in 0..100 {
        let answer = auditor.get(path).await;
        if answer.code() != "not_sealed" {
            return answer.ok();
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{path} is never sealed");
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The files that the database keeps: its file and log, or its part of the server's folder and the server's log of changes.
fn files(bench: &Bench) -> Vec<PathBuf> {
    if bench.backend == Backend::Sqlite {
        let path = bench.database_url.trim_start_matches("sqlite:");
        return ["", "-wal", "-shm"]
            .iter()
            .map(|end| PathBuf::from(format!("{path}{end}")))
            .filter(|path| path.exists())
            .collect();
    }
    let mut conn = PgConnection::establish(&bench.database_url).unwrap();
    conn.batch_execute("CHECKPOINT").unwrap();
    let mut line = |query: &str| -> String {
        let lines: Vec<Line> = sql_query(query).load(&mut conn).unwrap();
        lines.into_iter().next().unwrap().line
    };
    let folder = line("SELECT current_setting('data_directory') AS line");
    let own = line("SELECT oid::text AS line FROM pg_database WHERE datname = current_database()");
    let mut found = Vec::new();
    collect(&Path::new(&folder).join(format!("base/{own}")), &mut found);
    // The newest parts of the log of changes: others write to it too, and it is long.
    let last = line("SELECT pg_walfile_name(pg_current_wal_lsn()) AS line");
    let mut changes = Vec::new();
    collect(&Path::new(&folder).join("pg_wal"), &mut changes);
    changes.retain(|it| {
        let name = it
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name <= last)
    });
    changes.sort();
    found.extend(changes.into_iter().rev().take(4));
    // A server that was lent may keep its folder on another machine; its rows were read all the same.
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

cases::cases![canaries_are_heard_nowhere];
