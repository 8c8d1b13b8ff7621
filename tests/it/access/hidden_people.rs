//! Matching tells whoever is not cleared of a pool in which the protected do not wait: no rank, total, plan or proof counts them, and
//! nothing says that one of them lives nearby.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::matching_team::{case_with, feared_neighbour, in_building};
use crate::support::given::{self, Family, SINGLE, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const OTHER: Family<'_> = Family {
    adults: &["1991-05-17"],
    children: &[],
};

async fn no_rank_and_no_total_counts_whoever_is_hidden(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let cleared = town.cleared(Role::TeamMember).await;
    let mut urgent = ordinary_needs();
    urgent["urgency"] = json!("ACUTE");
    let hidden = town.household(&kari, &SINGLE, 1).await;
    let first = case_with(&town, &kari, &hidden, &urgent).await;
    let other = town.household(&kari, &OTHER, 2).await;
    let second = case_with(&town, &kari, &other, &ordinary_needs()).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut home = given::home(1, 1);
    home["clearedForProtected"] = json!(true);
    let home = manager.post("/dwellings", &home).await.ok().id();
    let plan = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &plan).await.ok();
    assert_eq!(run.body["plan"]["comparison"]["plan"]["housed"], 1);
    let run = format!("/matching/runs/{}", run.id());
    town.protect(&hidden).await;

    let candidates = format!("/dwellings/{home}/candidates");
    let explain = format!("/matching/explain?applicationId={second}&dwellingId={home}");
    let certificate = format!("{run}/certificate?applicationId={second}");
    // The rank of the other, how many wait, are eligible, stand in the plan, and whether the proof is whole.
    for (reader, rank, count) in [(&kari, 1, 1), (&cleared, 2, 2)] {
        let told = reader.get(&candidates).await.ok();
        let ranked = told.body["candidates"].as_array().unwrap();
        let own = ranked
            .iter()
            .find(|it| it["applicationId"] == json!(second));
        assert_eq!(own.unwrap()["rank"], rank, "{}", told.text);
        assert_eq!(told.body["eligibleCount"], count);
        assert_eq!(told.body["poolSize"], count);
        assert_eq!(told.text.contains(&first), count == 2);
        let told = reader.get(&explain).await.ok();
        assert_eq!(told.body["standing"]["rank"], rank);
        assert_eq!(told.body["poolSize"], count);
        let told = reader.get(&run).await.ok();
        assert_eq!(told.body["plan"]["unhoused"][0]["place"], rank);
        assert_eq!(told.body["plan"].get("comparison").is_some(), count == 2);
        assert_eq!(told.body["hands"]["open"], count - 1);
        let told = reader.get(&certificate).await.ok();
        assert_eq!(told.body["isWhole"], count == 2);
        let homes = told.body["certificate"]["fittingHomes"].as_array().unwrap();
        assert_eq!(homes.len(), count - 1, "{}", told.text);
        assert_eq!(told.text.contains(&first), count == 2);
    }
    let lines = format!("{run}/proposals");
    assert!(kari.get(&lines).await.ok().items().is_empty());
    assert_eq!(cleared.get(&lines).await.ok().items()[0]["place"], 1);
    // Among those who may not have a home nobody is counted either.
    let mut care = given::home(1, 2);
    care["category"] = json!("CARE");
    let care = manager.post("/dwellings", &care).await.ok().id();
    let care = format!("/dwellings/{care}/candidates");
    for (reader, count) in [(&kari, 1), (&cleared, 2)] {
        let told = reader.get(&care).await.ok();
        assert_eq!(told.body["ineligibleCount"], count, "{}", told.text);
    }
}

async fn nothing_tells_that_somebody_hidden_lives_nearby(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let manager = town.actor(Role::HousingManager).await;
    // The team is not told of anybody near whom another must not live, cleared or not.
    let cleared = town.cleared(Role::DecisionMaker).await;
    let (feared, _offer) = feared_neighbour(&town).await;
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([feared]);
    let afraid = town.household(&kari, &OTHER, 2).await;
    let case = case_with(&town, &kari, &afraid, &needs).await;
    let second = in_building("H0102", "ORDINARY");
    let second = manager.post("/dwellings", &second).await.ok().id();

    let candidates = format!("/dwellings/{second}/candidates");
    let explain = format!("/matching/explain?applicationId={case}&dwellingId={second}");
    let obstacles = format!("/applications/{case}/obstacles");
    let neighbour = |told: &Value| told.to_string().contains("EXCLUDED_NEIGHBOUR");
    let fails = |told: &Value| {
        let checks = told["explanation"]["checks"].as_array().unwrap();
        checks.iter().any(|check| check["holds"] == false)
    };
    for is_hidden in [false, true] {
        if is_hidden {
            town.protect(&feared).await;
        }
        for (reader, is_told) in [(&kari, !is_hidden), (&cleared, true)] {
            let told = reader.get(&candidates).await.ok().body;
            assert_eq!(neighbour(&told["ineligible"]), is_told);
            assert_eq!(told["ineligibleCount"], u8::from(is_told));
            assert_eq!(told["eligibleCount"], 0);
            let told = reader.get(&explain).await.ok().body;
            assert_eq!(
                (fails(&told), &told["explanation"]["fits"]),
                (is_told, &json!(false))
            );
            assert_eq!(told["isWithheld"], !is_told);
            assert_eq!(neighbour(&told), is_told);
            let told = reader.get(&obstacles).await.ok().body;
            assert_eq!(neighbour(&told["obstacles"]), is_told);
            assert_eq!(told["fittingHomes"], 0);
        }
    }
    // Whoever proposes the home all the same is refused without a word of it.
    let proposal = json!({"outcome": "GRANTED", "dwellingId": second, "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let refused = kari.post(&path, &proposal).await;
    assert!((400..500).contains(&refused.status), "{}", refused.text);
    assert!(!neighbour(&refused.body), "{}", refused.text);
}

/// Whether it is said that somebody must not live near another, or that nobody is so.
fn speaks_of_neighbours(text: &str) -> bool {
    ["utelukkede naboer", "utelukket nabo"]
        .iter()
        .any(|words| text.contains(words))
}

async fn the_team_learns_that_a_home_is_barred_and_neither_why_nor_for_whom(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let team = town.actor(Role::TeamMember).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let (feared, _offer) = feared_neighbour(&town).await;
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([feared]);
    needs["urgency"] = json!("ACUTE");
    let afraid = town.household(&kari, &OTHER, 2).await;
    let case = case_with(&town, &kari, &afraid, &needs).await;
    let calm = Family {
        adults: &["1992-05-17"],
        children: &[],
    };
    let calm = town.household(&kari, &calm, 3).await;
    let calm = case_with(&town, &kari, &calm, &ordinary_needs()).await;
    let near = in_building("H0102", "ORDINARY");
    let near = manager.post("/dwellings", &near).await.ok().id();
    let mut far = given::home(1, 9);
    far["category"] = json!("ORDINARY");
    let far = manager.post("/dwellings", &far).await.ok().id();

    let candidates = format!("/dwellings/{near}/candidates");
    for (reader, is_told) in [(&kari, true), (&ola, true), (&team, false)] {
        let told = reader.get(&candidates).await.ok();
        let barred = &told.body["ineligible"][0];
        assert_eq!(barred["applicationId"], json!(case));
        assert_eq!(barred["isWithheld"], !is_told);
        assert_eq!(
            barred["failed"].as_array().unwrap().len(),
            usize::from(is_told)
        );
        assert_eq!(told.body["ineligibleCount"], 1);
        assert_eq!(told.text.contains("EXCLUDED_NEIGHBOUR"), is_told);
        assert!(
            !told.text.contains(&feared),
            "who it is, is told nobody here"
        );
        // What is left out of one answer is in none, whether it holds or fails, and whether there is anybody at all.
        for (of, home, fits) in [
            (&case, &near, false),
            (&case, &far, true),
            (&calm, &near, true),
            (&calm, &far, true),
        ] {
            let path = format!("/matching/explain?applicationId={of}&dwellingId={home}");
            let told = reader.get(&path).await.ok();
            assert_eq!(told.body["explanation"]["fits"], fits);
            assert_eq!(
                told.text.contains("EXCLUDED_NEIGHBOUR"),
                is_told,
                "{of} {home}"
            );
            assert_eq!(speaks_of_neighbours(&told.text), is_told, "{of} {home}");
            assert_eq!(told.body["isWithheld"], !fits && !is_told);
        }
        let told = reader
            .get(&format!("/applications/{case}/obstacles"))
            .await
            .ok();
        assert_eq!(told.text.contains("EXCLUDED_NEIGHBOUR"), is_told);
        assert_eq!(told.body["fittingHomes"], 1);
    }
    // The home that it may have is granted; what was compared is kept, and told no further.
    let proposal =
        json!({"outcome": "GRANTED", "dwellingId": far, "reasons": reasons(), "compartments": []});
    let path = format!("/applications/{case}/decisions");
    let decision = kari.post(&path, &proposal).await.ok().id();
    for (reader, is_told) in [(&kari, true), (&team, false)] {
        let told = reader.get(&format!("/decisions/{decision}")).await.ok();
        assert!(told.body["basis"]["explanation"]["checks"].is_array());
        assert_eq!(told.text.contains("EXCLUDED_NEIGHBOUR"), is_told);
    }
}

async fn no_sum_tells_of_whoever_is_hidden(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let cleared = town.cleared(Role::TeamMember).await;
    let mut hidden = None;
    for serial in 1..=6 {
        let born_on = format!("199{serial}-05-17");
        let single = Family {
            adults: &[&born_on],
            children: &[],
        };
        let household = town.household(&kari, &single, serial).await;
        case_with(&town, &kari, &household, &ordinary_needs()).await;
        hidden.get_or_insert(household);
    }
    let home = town.home(1, 1).await;
    let plan = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &plan).await.ok().id();
    town.protect(&hidden.unwrap()).await;
    let what_if = json!({"objective": "SUITABILITY", "homesWithdrawn": [home]});
    let fairness = format!("/matching/runs/{run}/fairness");
    let period = "/reports/fairness?from=2026-01-01&until=2026-03-01";
    for (reader, count) in [(&kari, 5), (&cleared, 6)] {
        let told = reader.post("/matching/what-if", &what_if).await.ok().body;
        assert_eq!(told.get("now").is_some(), count == 6);
        assert_eq!(told.get("then").is_some(), count == 6);
        for path in [fairness.as_str(), period] {
            let told = reader.get(path).await.ok();
            assert_eq!(told.body["all"]["cases"], count, "{path} {}", told.text);
        }
    }
    // The log says that a plan was made, and of which snapshot; not for how many.
    let auditor = town.actor(Role::Auditor).await;
    let planned = auditor.get("/audit/entries?action=matching.planned").await;
    let planned = planned.ok();
    let facts = &planned.items()[0]["entry"]["facts"];
    assert!(facts["snapshotSha256"].is_string());
    assert!(facts.get("housed").is_none() && facts.get("unhoused").is_none());
}

cases::cases![
    the_team_learns_that_a_home_is_barred_and_neither_why_nor_for_whom,
    no_sum_tells_of_whoever_is_hidden,
    no_rank_and_no_total_counts_whoever_is_hidden,
    nothing_tells_that_somebody_hidden_lives_nearby,
];
