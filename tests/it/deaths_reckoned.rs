//! What a death is reckoned in: nobody is matched for the dead, and the term to settle it runs from the day of death.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use rettbolig::clock::Day;
use serde_json::{Value, json};

use crate::deaths::{couple, open, told, told_what_it_knows};
use crate::retention::Couple;
use crate::support::actor::Actor;
use crate::support::given::{decide, ordinary_needs, reasons};
use crate::support::residents::resident;
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn candidates(by: &Actor, home: &str) -> Vec<Value> {
    let path = format!("/dwellings/{home}/candidates");
    let found = by.get(&path).await.ok();
    let items = found.body["candidates"].as_array().unwrap().iter();
    items.map(|it| it["applicationId"].clone()).collect()
}

async fn nobody_is_matched_for_the_dead_until_the_needs_are_assessed_anew(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    let home = town.home(1, 1).await;
    let pair = format!(
        "/matching/explain?applicationId={}&dwellingId={home}",
        it.case
    );
    let obstacles = format!("/applications/{}/obstacles", it.case);
    let decisions = format!("/applications/{}/decisions", it.case);
    let named = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let unnamed = json!({"outcome": "GRANTED", "reasons": reasons()});
    assert_eq!(candidates(&kari, &home).await, [json!(it.case)]);
    // One is proposed before, to be decided on after the other of the two has died.
    let proposed = kari.post(&decisions, &named).await.ok();
    told(&town, &it.numbers[1], true).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let approve = format!("/decisions/{}/approve", proposed.id());
    ola.act(&approve, proposed.version(), &json!({}))
        .await
        .refused(409, "household_changed");
    let back = format!("/decisions/{}/return", proposed.id());
    let why = json!({"reason": "FACTS_INSUFFICIENT"});
    ola.act(&back, proposed.version(), &why).await.ok();

    let kari = town.actor(Role::Caseworker).await;
    assert!(candidates(&kari, &home).await.is_empty());
    for asked in [&pair, &obstacles] {
        kari.get(asked).await.refused(409, "household_changed");
    }
    for grant in [&named, &unnamed] {
        kari.post(&decisions, grant)
            .await
            .refused(409, "household_changed");
    }
    let objective = json!({"objective": "SUITABILITY"});
    kari.post("/matching/runs", &objective)
        .await
        .refused(409, "nothing_to_plan");
    // That the register takes the death back is enough.
    told(&town, &it.numbers[1], false).await;
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(candidates(&kari, &home).await, [json!(it.case)]);
    told(&town, &it.numbers[1], true).await;

    // What is needed is as before, and says so of one person now.
    let kari = town.actor(Role::Caseworker).await;
    let path = format!("/applications/{}", it.case);
    let version = kari.get(&path).await.ok().version();
    let again = json!({"reason": "SITUATION_CHANGED"});
    let version = kari
        .act(&format!("{path}/return-to-assessment"), version, &again)
        .await
        .ok()
        .version();
    let version = kari
        .put(&format!("{path}/needs"), version, &ordinary_needs())
        .await
        .ok()
        .version();
    kari.act(&format!("{path}/submit-to-team"), version, &json!({}))
        .await
        .ok();
    assert_eq!(candidates(&kari, &home).await, [json!(it.case)]);
    let explained = kari.get(&pair).await.ok();
    let checks = explained.body["explanation"]["checks"].as_array().unwrap();
    let capacity = checks.iter().find(|it| it["constraint"] == "CAPACITY");
    assert_eq!(capacity.unwrap()["asked"]["en"], "room for 1");
    kari.get(&obstacles).await.ok();
    kari.post(&decisions, &named).await.ok();
}

async fn nobody_waits_on_the_list_for_the_dead(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    let unnamed = json!({"outcome": "GRANTED", "reasons": reasons()});
    let ola = town.actor(Role::DecisionMaker).await;
    decide(&kari, &ola, &it.case, &unnamed).await;
    assert_eq!(kari.get("/waiting-list").await.ok().items().len(), 1);
    let then = town.clock.now().timestamp().to_string();
    town.clock.advance(SignedDuration::from_mins(1));
    told(&town, &it.numbers[1], true).await;
    let kari = town.actor(Role::Caseworker).await;
    assert!(kari.get("/waiting-list").await.ok().items().is_empty());
    let standing = format!("/applications/{}/standing", it.case);
    kari.get(&standing).await.refused(409, "household_changed");
    let was = kari.get(&format!("/waiting-list?asOf={then}")).await.ok();
    assert_eq!(was.items().len(), 1);
    told(&town, &it.numbers[0], true).await;
    let kari = town.actor(Role::Caseworker).await;
    kari.get(&standing).await.refused(409, "party_died");
}

async fn the_day_of_death_is_kept_sealed_and_the_term_runs_from_it(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let it = couple(&town, &kari).await;
    let day = |text: &str| Day(text.parse().unwrap());
    let tell = |died_on: &str| {
        town.registers
            .tell_day_of_death(&it.numbers[0], day(died_on));
    };
    tell("2026-02-25");
    told_what_it_knows(&town).await;
    assert_eq!(open(&town).await[0].1["dueOn"], "2026-03-11");
    let kari = town.actor(Role::Caseworker).await;
    let path = format!("/people/{}", it.applicant);
    let shown = kari.get(&path).await.ok();
    assert_eq!(shown.body["diedOn"], "2026-02-25");
    assert_eq!(shown.body["deathKnownAt"], "2026-03-02T11:00:00Z");
    let household = kari.get(&format!("/households/{}", it.household)).await;
    let members = household.ok().body["members"].clone();
    let dead = |it: &&Value| it.get("diedOn").is_some();
    assert_eq!(members.as_array().unwrap().iter().filter(dead).count(), 1);
    // The register corrects the day; what it tells without one, and one that lies ahead, take none back.
    tell("2026-02-27");
    told_what_it_knows(&town).await;
    told(&town, &it.numbers[0], true).await;
    tell("2026-04-01");
    told_what_it_knows(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(kari.get(&path).await.ok().body["diedOn"], "2026-02-27");
    let auditor = town.actor(Role::Auditor).await;
    let learnt = "/audit/entries?action=person.day_of_death_learnt";
    let learnt = auditor.get(learnt).await.ok();
    assert_eq!(learnt.items().len(), 1);
    // The log says of it what can be erased, and nothing else.
    assert!(!learnt.text.contains("2026-02-2"));
    told(&town, &it.numbers[0], false).await;
    let kari = town.actor(Role::Caseworker).await;
    assert!(kari.get(&path).await.ok().body.get("diedOn").is_none());
}

async fn the_day_of_death_is_erased_with_the_person(bench: Bench) {
    let couple = Couple::long_ago(bench).await;
    let town = &couple.town;
    let dead = resident("Kanarifugl", "1990-05-17", 0);
    let (number, died_on) = (dead["nationalId"].as_str().unwrap(), town.clock.today());
    town.registers.tell_day_of_death(number, died_on);
    town.follow_registers().await;
    let path = format!("/households/{}", couple.household);
    let days = async || {
        let kari = town.actor(Role::Caseworker).await;
        let shown = kari.get(&path).await.ok();
        let members = shown.body["members"].as_array().unwrap().clone();
        let days = members.iter().filter_map(|it| it.get("diedOn").cloned());
        days.collect::<Vec<Value>>()
    };
    assert_eq!(days().await, [json!(died_on)]);
    couple.erase().await;
    assert!(days().await.is_empty());
}

cases::cases![
    the_day_of_death_is_erased_with_the_person,
    nobody_is_matched_for_the_dead_until_the_needs_are_assessed_anew,
    nobody_waits_on_the_list_for_the_dead,
    the_day_of_death_is_kept_sealed_and_the_term_runs_from_it,
];
