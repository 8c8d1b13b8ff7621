//! The team's hands on a plan, and whether homes fall to all alike.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{FAMILY, Family, SINGLE, granted, home, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A town with a plan.
pub(crate) struct Planned {
    pub(crate) town: Town,
    pub(crate) kari: Actor,
    pub(crate) cases: Vec<String>,
    pub(crate) homes: Vec<String>,
    pub(crate) run: Value,
}

impl Planned {
    /// Three single people and two homes, planned.
    pub(crate) async fn open(bench: Bench) -> Self {
        let town = Town::open(bench).await;
        town.adopt_rules().await;
        let kari = town.actor(Role::Caseworker).await;
        let mut cases = Vec::new();
        for serial in 1..=3 {
            let household = town.household(&kari, &SINGLE, serial).await;
            cases.push(town.case_before_team(&kari, &household).await);
        }
        let homes = vec![town.home(1, 1).await, town.home(1, 2).await];
        let body = json!({"objective": "SUITABILITY"});
        let run = kari.post("/matching/runs", &body).await.ok().body;
        Self {
            town,
            kari,
            cases,
            homes,
            run,
        }
    }

    fn path(&self) -> String {
        format!("/matching/runs/{}", self.run["id"].as_str().unwrap())
    }

    async fn lines(&self) -> Vec<Value> {
        let path = format!("{}/proposals", self.path());
        self.kari.get(&path).await.ok().items().to_vec()
    }

    async fn hands(&self) -> Value {
        self.kari.get(&self.path()).await.ok().body["hands"].clone()
    }
}

fn act(line: &Value, act: &str) -> String {
    format!("/matching/proposals/{}/{act}", line["id"].as_str().unwrap())
}

async fn the_team_takes_changes_and_drops_and_every_override_is_counted(bench: Bench) {
    let planned = Planned::open(bench).await;
    let (town, kari) = (&planned.town, &planned.kari);
    let lines = planned.lines().await;
    assert_eq!(lines.len(), 2);
    assert_eq!(planned.run["hands"]["open"], 2);
    assert!(planned.run["poolVersion"].as_i64().unwrap() > 0);

    let stale = kari.act(&act(&lines[0], "take"), 7, &json!({})).await;
    assert_eq!(stale.status, 412, "{}", stale.text);
    let taken = kari.act(&act(&lines[0], "take"), 1, &json!({})).await.ok();
    assert_eq!(taken.body["state"], "TAKEN");
    let reason = json!({"reason": "HOME_NOT_READY"});
    kari.act(&act(&lines[0], "drop"), 2, &reason)
        .await
        .refused(409, "proposal_handled");

    let change = act(&lines[1], "change");
    let to = |home: &Value| json!({"dwellingId": home, "reason": "NEIGHBOURHOOD"});
    kari.act(&change, 1, &to(&lines[1]["dwellingId"]))
        .await
        .faults(&[("/dwellingId", "unchanged")]);
    kari.act(&change, 1, &to(&json!(uuid::Uuid::now_v7())))
        .await
        .faults(&[("/dwellingId", "not_found")]);
    kari.act(&change, 1, &to(&lines[0]["dwellingId"]))
        .await
        .refused(409, "home_chosen_already");
    let manager = town.actor(Role::HousingManager).await;
    for (number, field, value, failed) in [
        (7, "category", "ROBUST", "CATEGORY"),
        (8, "state", "TURNOVER", "NOT_VACANT"),
    ] {
        let mut unfit = home(1, number);
        unfit[field] = json!(value);
        let unfit = manager.post("/dwellings", &unfit).await.ok().id();
        let refused = kari
            .act(&change, 1, &to(&json!(unfit)))
            .await
            .refused(409, "chosen_home_does_not_fit");
        assert_eq!(refused.body["failed"], json!([failed]));
    }
    let other = town.home(1, 3).await;
    kari.act(&change, 1, &json!({"dwellingId": other}))
        .await
        .faults(&[("/reason", "missing")]);
    let changed = kari.act(&change, 1, &to(&json!(other))).await.ok();
    assert_eq!(changed.body["chosenDwellingId"], json!(other));

    let overrides = json!([{"reason": "NEIGHBOURHOOD", "count": 1}]);
    let wanted = json!({"open": 0, "taken": 1, "changed": 1, "dropped": 0, "overrides": overrides});
    assert_eq!(planned.hands().await, wanted);
    let listed = kari.get("/matching/runs").await.ok();
    assert_eq!(listed.items()[0]["id"], planned.run["id"]);
    // It decided nothing: the homes are free still.
    let free = manager.get("/dwellings?state=AVAILABLE").await.ok();
    assert_eq!(free.items().len(), 4);
}

async fn a_line_whose_facts_have_changed_is_not_taken(bench: Bench) {
    let planned = Planned::open(bench).await;
    let (town, kari) = (&planned.town, &planned.kari);
    let lines = planned.lines().await;
    let manager = town.actor(Role::HousingManager).await;
    let dearer = lines[0]["dwellingId"].as_str().unwrap();
    let number = 1 + planned.homes.iter().position(|it| it == dearer).unwrap();
    let seen = manager.get(&format!("/dwellings/{dearer}")).await.ok();
    let mut changed = home(1, u16::try_from(number).unwrap());
    changed["rentOre"] = json!(1_200_000);
    let path = format!("/dwellings/{dearer}");
    manager.put(&path, seen.version(), &changed).await.ok();
    let refused = kari
        .act(&act(&lines[0], "take"), 1, &json!({}))
        .await
        .refused(409, "planned_facts_changed");
    assert_eq!(refused.body["changed"], json!(["RENT"]));

    let withdrawn = lines[1]["applicationId"].as_str().unwrap();
    let path = format!("/applications/{withdrawn}");
    let seen = kari.get(&path).await.ok();
    let body = json!({"by": "APPLICANT"});
    kari.act(&format!("{path}/withdraw"), seen.version(), &body)
        .await
        .ok();
    town.adopt_rules().await;
    let refused = kari
        .act(&act(&lines[1], "take"), 1, &json!({}))
        .await
        .refused(409, "planned_facts_changed");
    assert_eq!(refused.body["changed"], json!(["RULES", "NOT_WAITING"]));
    let dropped = json!({"reason": "FACTS_CHANGED"});
    kari.act(&act(&lines[1], "drop"), 1, &dropped).await.ok();
    assert_eq!(planned.hands().await["dropped"], 1);
}

async fn one_line_is_handled_once_by_however_many(bench: Bench) {
    let planned = Planned::open(bench).await;
    let line = planned.lines().await.remove(0);
    let racing = (0..6).map(|number| {
        let (kari, line) = (&planned.kari, &line);
        async move {
            let (what, body) = match number % 2 {
                0 => ("take", json!({})),
                _ => ("drop", json!({"reason": "TEAM_DISCRETION"})),
            };
            kari.act(&act(line, what), 1, &body).await.status
        }
    });
    let answers = futures_util::future::join_all(racing).await;
    let won = answers.iter().filter(|status| **status == 200).count();
    assert_eq!(won, 1, "{answers:?}");
    assert!(answers.iter().all(|it| [200, 409, 412].contains(it)));
}

async fn small_groups_are_not_shown_and_shares_are_right(bench: Bench) {
    let planned = Planned::open(bench).await;
    let (town, kari) = (&planned.town, &planned.kari);
    let statistician = town.actor(Role::Statistician).await;
    let path = format!("{}/fairness", planned.path());
    let few = statistician.get(&path).await.ok();
    assert!(few.body.get("all").is_none(), "{}", few.text);
    assert!(!few.text.contains("housedPermille"));

    for serial in 4..=6 {
        let household = town.household(kari, &FAMILY, serial).await;
        town.case_before_team(kari, &household).await;
    }
    let body = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &body).await.ok().id();
    let path = format!("/matching/runs/{run}/fairness");
    let told = statistician.get(&path).await.ok();
    let all = &told.body["all"];
    assert_eq!([&all["cases"], &all["housed"]], [6, 2]);
    assert_eq!(all["housedPermille"], 333);
    let mut traits = told.body["traits"].as_array().unwrap().iter();
    let by_type = traits.find(|it| it["trait"] == "HOUSEHOLD_TYPE").unwrap();
    // Three and three: neither is shown, nor could be found.
    let hidden = json!([{"group": "SEVERAL_WITH_CHILDREN"}, {"group": "SINGLE"}]);
    assert_eq!(by_type["groups"], hidden);

    let period = "/reports/fairness?from=2026-01-01&until=2026-03-01";
    let period = statistician.get(period).await.ok();
    let all = &period.body["all"];
    assert_eq!([&all["cases"], &all["housed"]], [6, 0]);
    assert_eq!(all["medianWaitDays"], 10);
    for from in ["2026-03-01", "2026-03-02"] {
        let path = format!("/reports/fairness?from={from}&until=2026-03-01");
        statistician
            .get(&path)
            .await
            .faults(&[("/query/until", "out_of_range")]);
    }
    statistician
        .get("/matching/longest-waits?from=2026-01-01")
        .await
        .refused(403, "forbidden");
}

async fn whoever_is_passed_over_is_counted_with_the_reason(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    for serial in 1..=3 {
        let household = town.household(&kari, &SINGLE, serial).await;
        town.case_before_team(&kari, &household).await;
    }
    let flat = town.home(1, 1).await;
    let path = format!("/dwellings/{flat}/candidates");
    let ranked = kari.get(&path).await.ok();
    let case = |rank: usize| ranked.body["candidates"][rank]["applicationId"].clone();
    let mut reasons = reasons();
    reasons["deviation"] = json!("Den første er på sykehus.");
    let proposal = json!({"outcome": "GRANTED", "dwellingId": flat, "reasons": reasons});
    let path = format!("/applications/{}/decisions", case(1).as_str().unwrap());
    let proposed = kari.post(&path, &proposal).await.ok().id();
    let path = "/matching/longest-waits?from=2026-01-01&atLeast=1";
    let before = kari.get(path).await.ok();
    assert_eq!(before.body["passedOver"], json!([]));
    let approve = format!("/decisions/{proposed}/approve");
    ola.act(&approve, 1, &json!({})).await.ok();
    let told = kari.get(path).await.ok().body;
    assert_eq!(told["decisions"], 1);
    assert_eq!(told["waiting"].as_array().unwrap().len(), 2);
    let why = |rank: usize| {
        let mut passed_over = told["passedOver"].as_array().unwrap().iter();
        let found = passed_over.find(|it| it["applicationId"] == case(rank));
        found.unwrap()["because"][0]["why"].clone()
    };
    assert_eq!([why(0), why(2)], [json!("DEVIATION"), json!("LOT")]);
    let often = "/matching/longest-waits?from=2026-01-01";
    assert_eq!(kari.get(often).await.ok().body["passedOver"], json!([]));

    // The appeals board sees all who were compared, and nobody's id.
    let appeals = town.actor(Role::AppealsOfficer).await;
    let path = format!("/decisions/{proposed}/comparison");
    let compared = appeals.get(&path).await.ok();
    let households = compared.body["households"].as_array().unwrap();
    assert_eq!(households.len(), 3);
    assert_eq!(households[1]["isOwn"], true);
    assert!((0..3).all(|rank| !compared.text.contains(case(rank).as_str().unwrap())));
}

/// A home of the same building.
pub(crate) fn in_building(unit: &str, category: &str) -> Value {
    let mut flat = home(1, 1);
    flat["unitNumber"] = json!(unit);
    flat["category"] = json!(category);
    flat
}

/// A household that is offered a home of the building, and near which somebody else must not live. Gives the household and the offer.
pub(crate) async fn feared_neighbour(town: &Town) -> (String, String) {
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let home = in_building("H0101", "ORDINARY");
    let home = manager.post("/dwellings", &home).await.ok().id();
    let feared = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &feared).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    (feared, offer)
}

/// Receives an application with these needs and brings it before the team.
pub(crate) async fn case_with(town: &Town, kari: &Actor, household: &str, needs: &Value) -> String {
    let application = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20", "needs": needs,
    });
    let received = kari.post("/applications", &application).await.ok();
    let (id, mut version) = (received.id(), received.version());
    let me = town.actor(Role::Caseworker).await;
    let me = me.get("/auth/me").await.ok().id();
    for (act, body) in [
        ("assign", json!({"assigneeId": me})),
        ("start-assessment", json!({})),
        ("submit-to-team", json!({})),
    ] {
        let path = format!("/applications/{id}/{act}");
        version = kari.act(&path, version, &body).await.ok().version();
    }
    id
}

async fn who_lives_in_the_building_counts(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let manager = town.actor(Role::HousingManager).await;
    let (feared, offer) = feared_neighbour(&town).await;
    let mut needs = ordinary_needs();
    needs["excludedHouseholds"] = json!([feared]);
    needs["couldComeToOwn"] = json!(true);
    let single = Family {
        adults: &["1991-05-17"],
        children: &[],
    };
    let afraid = town.household(&kari, &single, 1).await;
    case_with(&town, &kari, &afraid, &needs).await;
    let second = in_building("H0102", "ORDINARY");
    let second = manager.post("/dwellings", &second).await.ok().id();
    let path = format!("/dwellings/{second}/candidates");
    let keeps_away = async || {
        let told = kari.get(&path).await.ok();
        let failed = &told.body["ineligible"][0]["failed"];
        assert_eq!(failed, &json!(["EXCLUDED_NEIGHBOUR"]));
        assert!(!told.text.contains(&feared));
    };
    // Whoever is offered a home is a neighbour already.
    keeps_away().await;
    let accept = json!({"startsOn": "2026-03-02"});
    kari.act(&format!("/offers/{offer}/accept"), 1, &accept)
        .await
        .ok();
    keeps_away().await;
    let elsewhere = town.home(1, 9).await;
    let path = format!("/dwellings/{elsewhere}/candidates");
    let told = kari.get(&path).await.ok().body;
    let terms = told["candidates"][0]["explanation"]["suitability"]["terms"].clone();
    let own = find_term(&terms, "RENT_TO_OWN");
    assert_eq!((&own["points"], &own["weight"]), (&json!(1000), &json!(3)));

    // A family beside two robust homes loses points, by as much as the rules say.
    for unit in ["H0103", "H0104"] {
        let robust = in_building(unit, "ROBUST");
        manager.post("/dwellings", &robust).await.ok();
    }
    let mut large = in_building("H0105", "ORDINARY");
    large["bedrooms"] = json!(3);
    large["capacity"] = json!(6);
    let large = manager.post("/dwellings", &large).await.ok().id();
    let family = town.household(&kari, &FAMILY, 5).await;
    let family = town.case_before_team(&kari, &family).await;
    let pair = format!("/matching/explain?applicationId={family}&dwellingId={large}");
    let told = kari.get(&pair).await.ok().body;
    let mix = find_term(
        &told["explanation"]["suitability"]["terms"],
        "NEIGHBOURHOOD_MIX",
    );
    assert_eq!(mix["points"], 500);
    assert!(mix["because"]["nb"].as_str().unwrap().starts_with('2'));
}

fn find_term(terms: &Value, name: &str) -> Value {
    let mut named = terms.as_array().unwrap().iter();
    named.find(|it| it["term"] == name).unwrap().clone()
}

cases::cases![
    the_team_takes_changes_and_drops_and_every_override_is_counted,
    a_line_whose_facts_have_changed_is_not_taken,
    one_line_is_handled_once_by_however_many,
    small_groups_are_not_shown_and_shares_are_right,
    whoever_is_passed_over_is_counted_with_the_reason,
    who_lives_in_the_building_counts,
];
