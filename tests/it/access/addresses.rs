//! A protected address is nowhere for whoever is not cleared for it: not in answers, lists, counts, plans, the log or an export.

use rettbolig::auth::{Permitted, Role};
use rettbolig::http::Effect;
use rettbolig::server;
use serde_json::{Value, json};

use super::user;
use crate::support::actor::Actor;
use crate::support::given::{self, reasons};
use crate::support::residents::{household, member, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// What marks the person wherever it turns up.
const MARKS: [&str; 5] = [
    "Granittveien",
    "Stjørdalsvik",
    "99 88 77 66",
    "onskebjorn@post.example",
    "HEMMELIGDAL",
];

/// Somebody with a protected address, from the first word to the tenancy, and the ids of all that was made on the way.
pub(super) struct Hidden {
    person: String,
    pub(super) household: String,
    case: String,
    decision: String,
    offer: String,
    tenancy: String,
    pub(super) home: String,
    run: String,
}

pub(super) async fn hide(town: &Town) -> Hidden {
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let cleared = town.another(Role::HousingManager).await;
    let body = whole_person("STRICTLY_CONFIDENTIAL");
    let person = kari.post("/people", &body).await.ok().id();
    let household = household(&kari, &[member(&person, "APPLICANT")]).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    kari.post(&path, &situation).await.ok();
    let case = town.case_before_team(&kari, &household).await;
    let back = format!("/applications/{case}/return-to-assessment");
    let version = kari
        .act(&back, 4, &json!({"reason": "NEEDS_CHANGED"}))
        .await
        .ok()
        .version();
    let needs = json!({
        "categories": ["ORDINARY"], "urgency": "HIGH",
        "wishedAreas": ["HEMMELIGDAL"], "schoolArea": "HEMMELIGDAL", "excludedAreas": ["SENTRUM"],
    });
    let path = format!("/applications/{case}/needs");
    let version = kari.put(&path, version, &needs).await.ok().version();
    let path = format!("/applications/{case}/submit-to-team");
    kari.act(&path, version, &json!({})).await.ok();
    let mut home = given::home(1, 1);
    home["area"] = json!("HEMMELIGDAL");
    home["clearedForProtected"] = json!(true);
    home["tenure"] = json!("PRIVATE_WITH_RIGHT");
    let home = manager.post("/dwellings", &home).await.ok().id();
    let plan = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &plan).await.ok().id();
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let proposed = kari
        .post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .ok();
    let decision = proposed.id();
    // From now on nobody else finds the home free, and nobody learns why.
    is_blocked(&manager, &home).await;
    let approve = format!("/decisions/{decision}/approve");
    let approved = ola.act(&approve, 1, &json!({})).await.ok();
    let offer = approved.body["offerId"].as_str().unwrap().to_owned();
    let accept = json!({"startsOn": "2026-03-02"});
    let accepted = kari
        .act(&format!("/offers/{offer}/accept"), 1, &accept)
        .await
        .ok();
    for answer in [&proposed, &approved, &accepted] {
        assert!(!answer.text.contains(&home), "{}", answer.text);
    }
    let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
    town.place(
        &user(&cleared).await,
        &json!({"clearance": "STRICTLY_CONFIDENTIAL"}),
    )
    .await;
    Hidden {
        person,
        household,
        case,
        decision,
        offer,
        tenancy,
        home,
        run,
    }
}

async fn is_blocked(manager: &Actor, home: &str) {
    let path = format!("/dwellings/{home}");
    let shown = manager.get(&path).await.ok();
    assert_eq!(shown.body["state"], "BLOCKED");
    let all = manager.get("/dwellings?limit=200").await.ok();
    let listed = all.items().iter().find(|it| it["id"] == json!(home));
    assert_eq!(listed.unwrap()["state"], "BLOCKED");
    for state in ["AVAILABLE", "RESERVED", "ALLOCATED", "OCCUPIED"] {
        let filtered = format!("/dwellings?state={state}");
        assert!(
            !manager.get(&filtered).await.ok().text.contains(home),
            "{state}"
        );
    }
    let blocked = manager.get("/dwellings?state=BLOCKED").await.ok();
    assert!(blocked.text.contains(home));
    let counts = manager.get("/dwellings/counts").await.ok();
    for count in counts.items() {
        assert_eq!(count["state"], "BLOCKED", "{}", counts.text);
    }
    let version = shown.version();
    for act in ["make-available", "unblock"] {
        let refused = manager
            .act(&format!("{path}/{act}"), version, &json!({}))
            .await
            .refused(409, "forbidden_move");
        assert_eq!(refused.body["state"], "BLOCKED");
    }
}

/// Every path that reads, with the ids of what was made.
fn reads(it: &Hidden) -> Vec<(String, rettbolig::auth::Action)> {
    let endpoints = server::endpoints().into_iter();
    let reads = endpoints.filter(|endpoint| {
        endpoint.effect == Effect::Reads && endpoint.action.permitted() != Permitted::Anyone
    });
    reads
        .map(|endpoint| {
            let id = match endpoint.tag() {
                "applications" => &it.case,
                "decisions" => &it.decision,
                "dwellings" => &it.home,
                "households" => &it.household,
                "offers" => &it.offer,
                "people" => &it.person,
                "tenancies" => &it.tenancy,
                _ => &it.run,
            };
            let query = match endpoint.path {
                "/matching/explain" => {
                    format!("?applicationId={}&dwellingId={}", it.case, it.home)
                }
                path if path.ends_with("/certificate") || path.starts_with("/audit/export") => {
                    format!("?applicationId={}", it.case)
                }
                _ => String::new(),
            };
            let path = endpoint.path.replace("{id}", id) + &query;
            (path, endpoint.action)
        })
        .collect()
}

async fn nothing_tells_whoever_is_not_cleared_where_somebody_lives(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    town.seal().await;
    let manager = town.actor(Role::HousingManager).await;
    is_blocked(&manager, &it.home).await;
    let names_household = [&it.person, &it.household, &it.case, &it.decision, &it.offer];
    let mut tried = 0;
    for role in Role::ALL {
        let actor = town.actor(*role).await;
        for (path, action) in reads(&it) {
            if !action.is_permitted_to(&[*role]) {
                continue;
            }
            let answer = actor.get(&path).await;
            assert!(answer.status < 500, "{path} {}", answer.text);
            tried += 1;
            for mark in MARKS {
                // That an area exists is told of the home itself, which anybody may see standing there.
                let is_home = mark == "HEMMELIGDAL" && path.starts_with("/dwellings");
                assert!(
                    is_home || !answer.text.contains(mark),
                    "{role} {path}: {mark}"
                );
            }
            // Which clearance an employee was given, the log tells; which protection a resident has, nothing does.
            let cleared = r#""clearance":"STRICTLY_CONFIDENTIAL""#;
            let told = answer.text.replace('\\', "").replace(cleared, "");
            assert!(!told.contains("CONFIDENTIAL"), "{role} {path}");
            // Whoever asks about a pair names both, and is told what was said; nothing else brings them together.
            if path.starts_with("/matching/explain") {
                continue;
            }
            let names_home = answer.text.contains(&it.home);
            let together = names_household
                .iter()
                .find(|id| names_home && answer.text.contains(id.as_str()));
            assert!(together.is_none(), "{role} {path}: {}", answer.text);
        }
    }
    assert!(tried > 100, "{tried}");
    // The log, asked by the home itself, brings nobody with it; and an export is whole or not given.
    let auditor = town.actor(Role::Auditor).await;
    let asked = format!("/audit/entries?dwellingId={}&limit=200", it.home);
    let entries = auditor.get(&asked).await.ok();
    assert!(!entries.text.contains(&it.home));
    let export = format!("/audit/export?applicationId={}", it.case);
    auditor.get(&export).await.refused(403, "not_cleared");
    auditor
        .get("/audit/export?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z")
        .await
        .refused(403, "not_cleared");
}

async fn whoever_is_cleared_finds_what_is_needed(bench: Bench) {
    let town = Town::open(bench).await;
    let it = hide(&town).await;
    town.seal().await;
    let clear = async |actor: &Actor| {
        let clearance = json!({"clearance": "STRICTLY_CONFIDENTIAL"});
        town.place(&user(actor).await, &clearance).await;
    };
    let kari = town.another(Role::Caseworker).await;
    clear(&kari).await;
    let person = kari.get(&format!("/people/{}", it.person)).await.ok();
    assert_eq!(person.body["address"]["street"], "Granittveien 17");
    let found = json!({"name": "Ønskebjørn Strandvoll"});
    assert_eq!(
        kari.post("/people/search", &found).await.ok().items().len(),
        1
    );
    for path in [
        format!("/decisions/{}", it.decision),
        format!("/offers/{}", it.offer),
    ] {
        let shown = kari.get(&path).await.ok();
        assert_eq!(shown.body["dwellingId"], json!(it.home), "{path}");
    }
    let case = kari.get(&format!("/applications/{}", it.case)).await.ok();
    assert_eq!(case.body["needs"]["schoolArea"], "HEMMELIGDAL");
    let manager = town.another(Role::HousingManager).await;
    let tenancy = manager
        .get(&format!("/tenancies/{}", it.tenancy))
        .await
        .ok();
    assert_eq!(tenancy.body["dwellingId"], json!(it.home));
    let home = manager.get(&format!("/dwellings/{}", it.home)).await.ok();
    assert_eq!(home.body["state"], "OCCUPIED");
    let auditor = town.actor(Role::Auditor).await;
    clear(&auditor).await;
    let export = format!("/audit/export?applicationId={}", it.case);
    assert!(auditor.get(&export).await.ok().text.contains(&it.home));
    let entries = format!("/audit/entries?decisionId={}", it.decision);
    assert!(auditor.get(&entries).await.ok().text.contains(&it.home));
    // A lower clearance does not reach so far.
    let confidential = json!({"clearance": "CONFIDENTIAL"});
    town.place(&user(&kari).await, &confidential).await;
    let person = kari.get(&format!("/people/{}", it.person)).await.ok();
    assert!(person.body.get("address").is_none());
}

async fn protection_that_comes_later_holds_for_what_was_written_before(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let mut body = whole_person("UNGRADED");
    body["familyName"] = json!("Utenvern");
    let person = kari.post("/people", &body).await.ok().id();
    let household = household(&kari, &[member(&person, "APPLICANT")]).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    kari.post(&format!("/households/{household}/situations"), &situation)
        .await
        .ok();
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let key = "before";
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post_once(&path, key, &proposal).await.ok();
    assert_eq!(proposed.body["dwellingId"], json!(home));
    let manager = town.actor(Role::HousingManager).await;
    let cursor = |page: &Value| page["nextCursor"].as_str().map(str::to_owned);
    town.home(1, 2).await;
    let page = manager.get("/dwellings?limit=1&state=RESERVED").await.ok();
    assert!(page.text.contains(&home) && cursor(&page.body).is_none());

    protect(&town).await;
    is_blocked_among_others(&manager, &home).await;
    let decision = format!("/decisions/{}", proposed.id());
    assert!(!kari.get(&decision).await.ok().text.contains(&home));
    let auditor = town.actor(Role::Auditor).await;
    let entries = format!("/audit/entries?applicationId={case}&limit=200");
    let entries = auditor.get(&entries).await.ok();
    assert!(!entries.text.contains(&home));
    assert!(entries.text.contains("\"isWithheldInPart\":true"));
}

/// The population register has said so.
async fn protect(town: &Town) {
    use crate::support::town::STJORDAL;
    use diesel::prelude::*;
    use rettbolig::access::AddressProtection;
    use rettbolig::audit::Entry;
    use rettbolig::auth::Caller;
    use rettbolig::db::schema::person;
    let system = std::sync::Arc::new(Caller::system(STJORDAL));
    let protecting = town.db.write(&system, |tx| {
        diesel::update(person::table.filter(person::municipality_id.eq(STJORDAL)))
            .set(person::protection.eq(AddressProtection::Confidential))
            .execute(tx.conn())?;
        tx.record(Entry::change("person.protected"));
        Ok(())
    });
    protecting.await.unwrap();
}

async fn is_blocked_among_others(manager: &Actor, home: &str) {
    let path = format!("/dwellings/{home}");
    assert_eq!(manager.get(&path).await.ok().body["state"], "BLOCKED");
    let reserved = manager.get("/dwellings?state=RESERVED").await.ok();
    assert!(reserved.items().is_empty());
    let counts = manager.get("/dwellings/counts").await.ok();
    let states: Vec<&Value> = counts.items().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, [&json!("AVAILABLE"), &json!("BLOCKED")]);
}

cases::cases![
    nothing_tells_whoever_is_not_cleared_where_somebody_lives,
    whoever_is_cleared_finds_what_is_needed,
    protection_that_comes_later_holds_for_what_was_written_before,
];
