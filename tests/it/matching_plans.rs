//! What a plan honours beside priority: who must be kept apart, who must not be located, and the moment that it saw.

use futures_util::future::{join, join_all};
use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::matching_team::{case_with, in_building};
use crate::support::actor::Actor;
use crate::support::given::{self, Family, SINGLE, granted, ordinary_needs};
use crate::support::residents::{household, member, whole_person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const OTHER_SINGLE: Family<'_> = Family {
    adults: &["1991-05-17"],
    children: &[],
};

async fn plan(kari: &Actor) -> Value {
    let body = json!({"objective": "SUITABILITY"});
    kari.post("/matching/runs", &body).await.ok().body
}

fn certificate_of(run: &Value, case: &str) -> String {
    let run = run["id"].as_str().unwrap();
    format!("/matching/runs/{run}/certificate?applicationId={case}")
}

/// The home that a plan gives to a case.
fn home_of(run: &Value, case: &str) -> Option<String> {
    let mut lines = run["plan"]["assignments"].as_array().unwrap().iter();
    let line = lines.find(|it| it["applicationId"] == case)?;
    Some(line["dwellingId"].as_str().unwrap().to_owned())
}

async fn two_who_must_not_be_neighbours_are_planned_apart(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut building = Vec::new();
    for unit in ["H0101", "H0102"] {
        let home = in_building(unit, "ORDINARY");
        building.push(manager.post("/dwellings", &home).await.ok().id());
    }
    let feared = town.household(&kari, &SINGLE, 1).await;
    let first = town.case_before_team(&kari, &feared).await;
    let mut needs = ordinary_needs();
    needs["urgency"] = json!("NORMAL");
    needs["excludedHouseholds"] = json!([feared]);
    let afraid = town.household(&kari, &OTHER_SINGLE, 1).await;
    let second = case_with(&town, &kari, &afraid, &needs).await;

    // There is a home for each, but in one building: whoever comes first has one, and the other is told why it has none.
    let run = plan(&kari).await;
    assert!(home_of(&run, &first).is_some_and(|home| building.contains(&home)));
    assert_eq!(home_of(&run, &second), None);
    let exclusions = &run["plan"]["exclusions"];
    assert_eq!(exclusions["isBest"], true);
    let apart = exclusions["keptApart"].as_array().unwrap();
    assert_eq!(apart.len(), 1);
    assert_eq!(apart[0]["applicationId"], json!(second));
    assert_eq!(apart[0]["from"], json!(first));
    // Whom somebody must not live near is for those to know who handle the case.
    let team = town.actor(Role::TeamMember).await;
    let shown = format!("/matching/runs/{}", run["id"].as_str().unwrap());
    let shown = team.get(&shown).await.ok().body;
    assert!(shown["plan"].get("exclusions").is_none());
    let told = kari.get(&certificate_of(&run, &second)).await.ok().body;
    assert_eq!(told["planReproduced"], true);
    let barred = told["certificate"]["barred"].as_array().unwrap();
    assert_eq!(barred.len(), 1);
    assert_eq!(told["certificate"]["fittingHomes"], json!([]));
    let greedy = &run["plan"]["comparison"]["oneHomeAtATime"]["housed"];
    assert_eq!(greedy, 1);

    // A home elsewhere houses both, and what is proposed can be decided.
    let elsewhere = town.home(1, 9).await;
    let run = plan(&kari).await;
    let homes = [&first, &second].map(|case| home_of(&run, case).unwrap());
    assert_eq!(homes.iter().filter(|home| **home == elsewhere).count(), 1);
    for (case, home) in [first, second].iter().zip(homes) {
        granted(&kari, &ola, case, &home).await;
    }
}

async fn a_certificate_does_not_tell_where_somebody_will_be(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("STRICTLY_CONFIDENTIAL");
    let person = kari.post("/people", &body).await.ok().id();
    let hidden = household(&kari, &[member(&person, "APPLICANT")]).await;
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let path = format!("/households/{hidden}/situations");
    kari.post(&path, &situation).await.ok();
    let hidden = town.case_before_team(&kari, &hidden).await;
    let mut needs = ordinary_needs();
    needs["urgency"] = json!("NORMAL");
    let other = town.household(&kari, &SINGLE, 1).await;
    let other = case_with(&town, &kari, &other, &needs).await;
    let mut home = given::home(1, 1);
    home["clearedForProtected"] = json!(true);
    let manager = town.actor(Role::HousingManager).await;
    manager.post("/dwellings", &home).await.ok();

    let run = plan(&kari).await;
    assert_eq!(run["plan"]["assignments"], json!([]));
    let told = kari.get(&certificate_of(&run, &other)).await.ok();
    assert_eq!(told.body["planReproduced"], true);
    assert_eq!(told.body["isWhole"], false);
    assert_eq!(told.body["certificate"]["holders"], json!({}));
    assert!(!told.text.contains(&hidden), "{}", told.text);
}

async fn a_plan_made_while_others_write_is_of_one_moment(bench: Bench) {
    let first = Town::open(bench.clone()).await;
    first.adopt_rules().await;
    let second = Town::open(bench).await;
    let kari = first.actor(Role::Caseworker).await;
    let others = second.actor(Role::Caseworker).await;
    let (mut households, mut waiting) = (Vec::new(), Vec::new());
    for serial in 1..=5 {
        let born = format!("19{}-05-17", 70 + serial);
        let single = Family {
            adults: &[&born],
            children: &[],
        };
        let household = first.household(&kari, &single, serial).await;
        waiting.push(first.case_before_team(&kari, &household).await);
        households.push(household);
    }
    for number in 1..=2 {
        first.home(1, number).await;
    }
    let writers = (0..20).map(|number| {
        let (by, household) = ([&kari, &others][number % 2], &households[number / 4]);
        let reason = ["OVERCROWDED", "ARREARS", "HEALTH_HAZARD", "SLEEPING_OUT"][number % 4];
        let situation = json!({
            "reason": reason, "validFrom": "2026-02-11",
            "source": "APPLICANT", "verification": "DOCUMENTED",
        });
        let path = format!("/households/{household}/situations");
        async move { by.post(&path, &situation).await.ok() }
    });
    let planners = [&kari, &others].map(|by| async move {
        let mut runs = Vec::new();
        for _ in 0..6 {
            runs.push(plan(by).await);
        }
        runs
    });
    let (_, runs) = join(join_all(writers), join_all(planners)).await;
    for runs in runs {
        let mut last = 0;
        for run in runs {
            let version = run["poolVersion"].as_i64().unwrap();
            assert!(version >= last, "a version went back");
            last = version;
            let left = waiting.iter().filter(|case| home_of(&run, case).is_none());
            let left: Vec<&String> = left.collect();
            assert_eq!(left.len(), 3);
            // The snapshot that is kept is the one that the plan was made from, rules and all.
            let told = others.get(&certificate_of(&run, left[0])).await.ok().body;
            assert_eq!(told["planReproduced"], true);
        }
    }
    let settled = [plan(&kari).await, plan(&others).await];
    assert_eq!(settled[0]["poolVersion"], settled[1]["poolVersion"]);
    assert_eq!(settled[0]["plan"], settled[1]["plan"]);
}

cases::cases![
    two_who_must_not_be_neighbours_are_planned_apart,
    a_certificate_does_not_tell_where_somebody_will_be,
    a_plan_made_while_others_write_is_of_one_moment,
];
