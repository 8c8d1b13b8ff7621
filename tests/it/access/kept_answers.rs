//! What was answered before is not repeated to whoever may see less by now: kept answers and cursors.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::user;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{Family, SINGLE, granted, home, person, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const KEY: &str = "sent-before";
/// Another than the single of most tests.
const OTHER: Family<'_> = Family {
    adults: &["1991-05-17"],
    children: &[],
};

fn is_replayed(answer: Answer) -> Answer {
    assert_eq!(answer.header("idempotency-replayed"), Some("true"));
    answer.ok()
}

/// What proposes a home for a household, with the path to send it to.
async fn proposal(town: &Town, kari: &Actor, household: &str) -> (String, Value, String) {
    town.adopt_rules().await;
    let case = town.case_before_team(kari, household).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut home = home(1, 1);
    home["clearedForProtected"] = json!(true);
    let home = manager.post("/dwellings", &home).await.ok().id();
    let body = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    (format!("/applications/{case}/decisions"), body, home)
}

async fn an_answer_from_before_a_protection_is_not_given_again(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let other = person("1991-05-17", 77);
    let other_answer = kari.post_once("/people", KEY, &other).await.ok();
    let household = town.household(&kari, &SINGLE, 1).await;
    let (path, body, home) = proposal(&town, &kari, &household).await;
    let first = kari.post_once(&path, KEY, &body).await.ok();
    assert!(first.text.contains(&home));
    town.protect(&household).await;
    let withheld = kari.post_once(&path, KEY, &body).await;
    assert!(!withheld.text.contains(&home));
    withheld.refused(409, "answer_withheld");
    // Nobody else is touched by it.
    let again = is_replayed(kari.post_once("/people", KEY, &other).await);
    assert_eq!(again.text, other_answer.text);
    // Whoever is cleared meanwhile may have it again.
    let clearance = json!({"clearance": "CONFIDENTIAL"});
    town.place(&user(&kari).await, &clearance).await;
    let again = is_replayed(kari.post_once(&path, KEY, &body).await);
    assert_eq!(again.text, first.text);
}

async fn an_answer_is_gone_with_the_clearance(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let me = user(&kari).await;
    let clear = async |grade: Value| {
        town.place(&me, &json!({ "clearance": grade })).await;
    };
    clear(json!("CONFIDENTIAL")).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    town.protect(&household).await;
    let (path, body, home) = proposal(&town, &kari, &household).await;
    let first = kari.post_once(&path, KEY, &body).await.ok();
    assert!(first.text.contains(&home));
    is_replayed(kari.post_once(&path, KEY, &body).await);
    clear(Value::Null).await;
    let withheld = kari.post_once(&path, KEY, &body).await;
    assert!(!withheld.text.contains(&home));
    withheld.refused(409, "answer_withheld");
}

async fn an_answer_is_gone_with_the_sight_of_the_case(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let first = kari.post_once("/applications", KEY, &application).await;
    let case = first.ok();
    is_replayed(kari.post_once("/applications", KEY, &application).await);
    // It is handled by somebody in another unit from now on.
    let other = town.another(Role::Caseworker).await;
    let me = user(&kari).await;
    let elsewhere = town.unit("En annen enhet").await;
    town.place(&me, &json!({"unitIds": [elsewhere]})).await;
    let seen = other.get(&format!("/applications/{}", case.id())).await;
    let assign = json!({"assigneeId": user(&other).await});
    let path = format!("/applications/{}/assign", case.id());
    other.act(&path, seen.ok().version(), &assign).await.ok();
    let withheld = kari.post_once("/applications", KEY, &application).await;
    withheld.refused(409, "answer_withheld");
}

async fn an_answer_is_gone_with_the_compartment(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let fled = json!({
        "reason": "CRISIS_SHELTER", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{household}/situations");
    let first = kari.post_once(&path, KEY, &fled).await.ok();
    assert!(first.text.contains("CRISIS_SHELTER"));
    is_replayed(kari.post_once(&path, KEY, &fled).await);
    // A colleague of the same unit handles the case: it is still seen, but not from what somebody fled.
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok().id();
    let other = town.another(Role::Caseworker).await;
    let assign = json!({"assigneeId": user(&other).await});
    let assigned = format!("/applications/{case}/assign");
    kari.act(&assigned, 1, &assign).await.ok();
    kari.get(&format!("/applications/{case}")).await.ok();
    let withheld = kari.post_once(&path, KEY, &fled).await;
    assert!(!withheld.text.contains("CRISIS_SHELTER"));
    withheld.refused(409, "answer_withheld");
}

async fn a_cursor_from_before_a_protection_leads_to_nobody(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut made = Vec::new();
    for (serial, family) in [(1, &SINGLE), (2, &OTHER)] {
        let household = town.household(&kari, family, serial).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, serial).await;
        let offer = granted(&kari, &ola, &case, &home).await;
        let path = format!("/offers/{offer}/accept");
        let accept = json!({"startsOn": "2026-03-02"});
        let accepted = kari.act(&path, 1, &accept).await.ok();
        let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
        let arrears = json!({"tenancyId": tenancy, "arrearsOre": 1_700_000});
        let notice = manager.post("/eviction-notices", &arrears).await.ok().id();
        made.push((household, home, tenancy, notice));
    }
    let lists = [
        "/dwellings?state=OCCUPIED&limit=1",
        "/tenancies?limit=1",
        "/eviction-notices?limit=1",
    ];
    let mut cursors = Vec::new();
    for list in lists {
        let first = manager.get(list).await.ok();
        cursors.push(first.body["nextCursor"].as_str().unwrap().to_owned());
    }
    // Whichever of both comes last in each list.
    for (household, ..) in &made {
        town.protect(household).await;
    }
    let (household, home, tenancy, notice) = &made[1];
    let cleared = town.cleared(Role::HousingManager).await;
    for (list, cursor) in lists.iter().zip(&cursors) {
        let next = format!("{list}&cursor={cursor}");
        let told = manager.get(&next).await.ok();
        assert!(told.items().is_empty(), "{list}: {}", told.text);
        for id in [household, home, tenancy, notice] {
            assert!(!told.text.contains(id.as_str()), "{list}: {}", told.text);
        }
        assert_eq!(cleared.get(&next).await.ok().items().len(), 1, "{list}");
    }
    // Nor is it found by its id, or noted anew; NAV is told whom it is about, and never where.
    let path = format!("/eviction-notices/{notice}");
    manager.get(&path).await.refused(404, "not_found");
    let arrears = json!({"tenancyId": tenancy, "arrearsOre": 1});
    let unknown = manager.post("/eviction-notices", &arrears).await;
    unknown.faults(&[("/tenancyId", "not_found")]);
    let nav = town.actor(Role::NavAdvisor).await;
    let told = nav.get("/nav/eviction-notices").await.ok();
    assert_eq!(told.items().len(), 2);
    assert!(!told.text.contains(home.as_str()));
}

cases::cases![
    an_answer_from_before_a_protection_is_not_given_again,
    an_answer_is_gone_with_the_clearance,
    an_answer_is_gone_with_the_sight_of_the_case,
    an_answer_is_gone_with_the_compartment,
    a_cursor_from_before_a_protection_leads_to_nobody,
];
