//! Keys change while the service runs, a kill in the middle loses nothing, and the service does not start with wrong ones.

use std::time::Duration;

use diesel::connection::Connection as _;
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, RunQueryDsl as _, SqliteConnection};
use rettbolig::auth::Role;
use serde_json::json;

use super::invariants;
use super::process::Program;
use crate::guards::schema::tables;
use crate::referrals;
use crate::support::actor::Actor;
use crate::support::given;
use crate::support::town::{PASSWORD, find_secret, username};
use crate::support::{Bench, cases};

const KEK: &str = "RETTBOLIG_KEY_ENCRYPTION_KEY";
const OLD: &str = "test:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
const NEW: &str = "new://79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
const PEOPLE: u16 = 40;

/// People whose key the new key-encryption key wraps.
fn rewrapped(bench: &Bench) -> i64 {
    let count = diesel::select(sql::<BigInt>(
        "(SELECT count(*) FROM person WHERE sealed_key LIKE 'v1.new.%')",
    ));
    match bench.database_url.strip_prefix("sqlite:") {
        Some(path) => count.get_result(&mut SqliteConnection::establish(path).unwrap()),
        None => count.get_result(&mut PgConnection::establish(&bench.database_url).unwrap()),
    }
    .unwrap()
}

async fn all_are_readable(kari: &Actor, people: &[(String, String)]) {
    for (id, name) in people {
        let person = kari.get(&format!("/people/{id}")).await.ok();
        assert_eq!(person.body["familyName"], name.as_str());
    }
}

/// What else is sealed under the key-encryption key: a referral, a subscription, and whom an account is known as.
struct Others {
    referral: String,
    webhook: String,
}

impl Others {
    async fn made(program: &Program) -> Self {
        let nav = program.actor(Role::NavAdvisor).await;
        let body = referrals::referral("NAV-1", "1980-05-17", 1);
        let referral = nav.post("/nav/referrals", &body).await.ok().id();
        let admin = program.actor(Role::Admin).await;
        let body =
            json!({"name": "FDV", "url": "https://fdv.example/hook", "audience": "FACILITIES"});
        let webhook = admin.post("/webhooks", &body).await.ok().id();
        let rotate = format!("/webhooks/{webhook}/rotate-secret");
        admin.act(&rotate, 1, &json!({})).await.ok();
        admin.post("/users", &known_account()).await.ok();
        Self { referral, webhook }
    }

    async fn are_readable(&self, program: &Program) {
        let kari = program.actor(Role::Caseworker).await;
        let content = format!("/nav/referrals/{}/content", self.referral);
        let content = kari.get(&content).await.ok();
        assert!(content.text.contains("1980-05-17"), "{}", content.text);
        let admin = program.actor(Role::Admin).await;
        let rotate = format!("/webhooks/{}/rotate-secret", self.webhook);
        admin.act(&rotate, 2, &json!({})).await.ok();
    }
}

/// When somebody was born who works here, and so is nobody's case whom the others handle.
const COLLEAGUE: &str = "1938-05-17";

/// An account of somebody whose national id is told.
fn known_account() -> serde_json::Value {
    json!({
        "username": "kjent", "displayName": "Kjent", "roles": ["CASEWORKER"],
        "nationalId": given::person(COLLEAGUE, 0)["nationalId"],
    })
}

async fn keys_change_beside_a_running_service_and_a_kill_loses_nothing(bench: Bench) {
    let both = format!("{NEW},{OLD}");
    let both = [(KEK, both.as_str())];
    let mut program = Program::start_with(&bench, &both[..0]).await;
    let kari = program.actor(Role::Caseworker).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let born_on = format!("19{:02}-05-17", 40 + number);
        let body = given::person(&born_on, 0);
        let made = kari.post("/people", &body).await.ok();
        people.push((made.id(), body["familyName"].as_str().unwrap().to_owned()));
    }
    let others = Others::made(&program).await;
    program.terminate();
    program.end(Duration::from_secs(20)).await;

    // The new key wraps from now on, the old one still opens.
    let mut program = Program::start_with(&bench, &both).await;
    let kari = program.actor(Role::Caseworker).await;
    all_are_readable(&kari, &people).await;
    let rotate = ["keys", "rotate", "--batch", "1"];
    let mut rotating = Program::command(&bench, &both)
        .args(rotate)
        .spawn()
        .unwrap();
    while rewrapped(&bench) == 0 && rotating.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    rotating.kill().unwrap();
    rotating.wait().unwrap();
    assert!(
        rewrapped(&bench) > 0,
        "nothing was wrapped anew before the kill"
    );
    all_are_readable(&kari, &people).await;

    // It goes on where it was.
    let done = Program::command(&bench, &both)
        .args(rotate)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(told.contains("nothing needs `test` any more"), "{told}");
    assert_eq!(rewrapped(&bench), i64::from(PEOPLE));
    for (table, column) in tables::texts() {
        let left = format!("SELECT count(*) || '' FROM {table} WHERE {column} LIKE 'v1.test.%'");
        let left = invariants::column(&bench, &left);
        assert_eq!(
            left,
            ["0"],
            "the old key is still needed for {table}.{column}"
        );
    }
    all_are_readable(&kari, &people).await;
    program.terminate();
    program.end(Duration::from_secs(20)).await;

    // The old key can be thrown away, and what was registered before is there.
    let program = Program::start_with(&bench, &[(KEK, NEW)]).await;
    all_are_readable(&program.actor(Role::Caseworker).await, &people).await;
    others.are_readable(&program).await;
    // Also those who decide get in: the secrets of their code generators were wrapped anew.
    let auditor = program.actor(Role::Auditor).await;
    let log = auditor
        .get("/audit/entries?action=keys.rewrapped")
        .await
        .ok();
    assert!(!log.items().is_empty());
    drop(program);
    refuses(&bench, &[(KEK, OLD)], KEK);
}

/// Another caseworker, who is too close to the person, finds nothing; a colleague's account is known to be a registered person's; and
/// what NAV said is found.
async fn others_are_known(program: &Program, bench: &Bench, person: &str, rotated: bool) {
    let nobody = Actor::at(&program.address, None);
    let body = json!({"username": username("stjordal", Role::Caseworker, 2), "password": PASSWORD});
    let signed_in = nobody.post("/auth/login", &body).await.ok();
    let token = signed_in.body["accessToken"].as_str().unwrap();
    let friend = Actor::at(&program.address, Some(token.to_owned()));
    let national_id = given::person("1980-05-17", 0)["nationalId"].clone();
    let me = friend.get("/auth/me").await.ok().id();
    if person.is_empty() {
        let relation = json!({"nationalId": national_id, "kind": "CLOSE_FRIEND"});
        let path = format!("/users/{me}/relations");
        friend.post(&path, &relation).await.ok();
        let kari = program.actor(Role::Caseworker).await;
        let mut colleague = given::person(COLLEAGUE, 0);
        colleague["familyName"] = json!("Kollega");
        kari.post("/people", &colleague).await.ok();
        let admin = program.actor(Role::Admin).await;
        admin.post("/users", &known_account()).await.ok();
        let nav = program.actor(Role::NavAdvisor).await;
        let body = referrals::referral("NAV-1", "1980-05-17", 0);
        nav.post("/nav/referrals", &body).await.ok();
        return;
    }
    let question = json!({ "nationalId": national_id });
    let found = friend.post("/people/search", &question).await.ok();
    assert!(found.items().is_empty(), "a friend finds {}", found.text);
    let path = format!("/people/{person}");
    friend.get(&path).await.refused(404, "not_found");
    if rotated {
        let officer = program.actor(Role::PrivacyOfficer).await;
        let dossier = officer.get(&format!("/people/{person}/dossier")).await;
        let referrals = dossier.ok().body["referrals"].as_array().unwrap().len();
        assert_eq!(referrals, 1);
        for known in ["user_account", "declared_relation", "referral"] {
            let alike = format!(
                "SELECT count(*) || '' FROM {known} k JOIN person p ON p.national_id_index = k.person_index"
            );
            assert_eq!(invariants::column(bench, &alike), ["1"], "{known}");
        }
    }
}

async fn people_are_found_whichever_index_key_takes_over(bench: Bench) {
    const INDEX: &str = "RETTBOLIG_INDEX_KEY";
    let (old, new) = (
        find_secret(INDEX).unwrap(),
        NEW.strip_prefix("new:").unwrap(),
    );
    let born_on = "1980-05-17";
    let body = given::person(born_on, 0);
    let found = async |program: &Program| {
        let kari = program.actor(Role::Caseworker).await;
        let by_id = json!({"nationalId": body["nationalId"]});
        let by_name = json!({"name": format!("{} {}", body["givenName"].as_str().unwrap(), body["familyName"].as_str().unwrap())});
        for question in [by_id, by_name] {
            let answer = kari.post("/people/search", &question).await.ok();
            assert_eq!(answer.items().len(), 1, "{}", answer.text);
        }
        kari.post("/people", &body)
            .await
            .refused(409, "person_exists");
    };
    let program = Program::start(&bench).await;
    let kari = program.actor(Role::Caseworker).await;
    let person = kari.post("/people", &body).await.ok().id();
    others_are_known(&program, &bench, "", false).await;
    drop(program);
    // First both are kept, then the new one is asked by, then the old one goes: found at every step, before and after each rotation.
    for keys in [
        format!("{old},{new}"),
        format!("{new},{old}"),
        new.to_owned(),
    ] {
        let settings = [(INDEX, keys.as_str())];
        let program = Program::start_with(&bench, &settings).await;
        found(&program).await;
        others_are_known(&program, &bench, &person, false).await;
        let done = Program::command(&bench, &settings)
            .args(["keys", "rotate"])
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        found(&program).await;
        others_are_known(&program, &bench, &person, true).await;
    }
    refuses(&bench, &[], INDEX);
}

/// The service does not start, and names the setting.
fn refuses(bench: &Bench, settings: &[(&str, &str)], named: &str) {
    let ended = Program::command(bench, settings)
        .arg("serve")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && told.contains(named), "{told}");
    assert!(!told.contains("q6urq6ur"), "a key was told: {told}");
}

async fn with_wrong_or_missing_keys_the_service_does_not_start_and_says_which(bench: Bench) {
    drop(Program::start_with(&bench, &[]).await);
    let other = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let renamed = format!("other:{other}");
    let changed = format!("test:{other}");
    for (setting, value) in [
        (KEK, renamed.as_str()),
        (KEK, changed.as_str()),
        (KEK, "test:short"),
        ("RETTBOLIG_INDEX_KEY", other),
        ("RETTBOLIG_PEPPER", other),
        ("RETTBOLIG_PEPPER", renamed.as_str()),
        ("RETTBOLIG_PEPPER", ""),
    ] {
        refuses(&bench, &[(setting, value)], setting);
    }
    // A key more is no fault: that is how one begins to change it.
    let pepper = format!("{renamed},{}", find_secret("RETTBOLIG_PEPPER").unwrap());
    let mut settings = vec![("RETTBOLIG_PEPPER", pepper.as_str())];
    let both = format!("{NEW},{OLD}");
    settings.push((KEK, both.as_str()));
    let program = Program::start_with(&bench, &settings).await;
    let kari = program.actor(Role::Caseworker).await;
    kari.post("/auth/logout", &json!({})).await.ok();
    // The password was hashed anew with the pepper that is first now.
    let auditor = program.actor(Role::Auditor).await;
    let log = auditor
        .get("/audit/entries?action=session.started")
        .await
        .ok();
    let rehashed = log
        .items()
        .iter()
        .filter(|it| it["entry"]["facts"]["rehashed"] == true);
    assert_eq!(rehashed.count(), 2);
}

cases::cases![
    keys_change_beside_a_running_service_and_a_kill_loses_nothing,
    people_are_found_whichever_index_key_takes_over,
    with_wrong_or_missing_keys_the_service_does_not_start_and_says_which,
];
