//! Temporary accommodation: decided by itself, staid where it is fit, warned of when it lasts, counted once.

use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::faults::at_once;
use crate::support::actor::Actor;
use crate::support::given::{FAMILY, SINGLE, task_terms};
use crate::support::town::Town;
use crate::support::{Bench, cases};

pub(crate) fn provider(kind: &str) -> Value {
    json!({
        "name": "Prøvegata pensjonat", "kind": kind, "nightlyOre": 95_000,
        "suitsChildren": true, "checkedOn": "2026-02-01", "isOpen": true,
    })
}

pub(crate) fn decision(household: &str) -> Value {
    json!({
        "householdId": household, "outcome": "GRANTED",
        "validFrom": "2026-03-01", "validUntil": "2026-05-31",
        "reasons": "Husstanden kan ikke skaffe seg et sted å sove i natt.",
    })
}

pub(crate) async fn stay(
    by: &Actor,
    household: &str,
    provider: &str,
) -> crate::support::actor::Answer {
    let decided = by
        .post("/shelters/decisions", &decision(household))
        .await
        .ok();
    let path = format!("/shelters/decisions/{}/stays", decided.id());
    by.post(
        &path,
        &json!({"providerId": provider, "beganOn": "2026-03-02"}),
    )
    .await
}

async fn a_family_stays_is_looked_after_and_moves_on(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let family = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &family).await;
    let place = nav
        .post("/shelters/providers", &provider("HOSTEL"))
        .await
        .ok()
        .id();
    let mut body = decision(&family);
    body["applicationId"] = json!(case);
    let decided = nav.post("/shelters/decisions", &body).await.ok();
    assert_eq!(decided.body["appealBody"], "COUNTY_GOVERNOR");
    assert!(
        decided.body.get("reasons").is_none(),
        "reasons in an answer that is kept"
    );
    let id = decided.id();
    let begin = json!({"providerId": place, "beganOn": "2026-03-02"});
    let staying = nav
        .post(&format!("/shelters/decisions/{id}/stays"), &begin)
        .await
        .ok();
    assert_eq!(staying.body["children"], 2);
    let warned = nav.get("/shelters/warnings").await.ok();
    assert_eq!(
        warned.items()[0]["warnings"],
        json!(["CHILDREN", "CHILDREN_UNCHECKED", "NO_EXIT_PLAN"])
    );
    let check = json!({"checkedOn": "2026-03-02", "outcome": "SATISFACTORY"});
    let stay = staying.id();
    let checked = nav
        .act(&format!("/shelters/stays/{stay}/check"), 1, &check)
        .await
        .ok();
    let plan = json!({"plan": "Kommunal bolig etter vedtak i april.", "by": "2026-05-01"});
    nav.act(&format!("/shelters/decisions/{id}/plan-exit"), 1, &plan)
        .await
        .ok();
    town.wait_days(92);
    let nav = town.actor(Role::NavAdvisor).await;
    let warned = nav.get("/shelters/warnings").await.ok();
    assert_eq!(
        warned.items()[0]["warnings"],
        json!(["LONG_STAY", "CHILDREN", "DECISION_RUN_OUT"])
    );
    let whole = nav.get(&format!("/shelters/decisions/{id}")).await.ok();
    assert_eq!(whole.body["exitPlan"], plan["plan"]);
    assert_eq!(whole.body["applicationId"], json!(case));
    let end = json!({"endedOn": "2026-06-01"});
    let ended = nav
        .act(
            &format!("/shelters/stays/{stay}/end"),
            checked.version(),
            &end,
        )
        .await
        .ok();
    assert_eq!(
        (&ended.body["nights"], &ended.body["costOre"]),
        (&json!(91), &json!(91 * 95_000))
    );
    assert!(nav.get("/shelters/warnings").await.ok().items().is_empty());
    nav.act(
        &format!("/shelters/stays/{stay}/end"),
        ended.version(),
        &end,
    )
    .await
    .refused(409, "stay_ended");
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor
        .get(&format!("/applications/{case}/history"))
        .await
        .ok();
    assert!(
        history.text.contains("shelter.decided"),
        "not in the housing case's history"
    );
}

async fn children_stay_nowhere_unfit(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let family = town.household(&kari, &FAMILY, 1).await;
    let mut unchecked = provider("HOTEL");
    unchecked["checkedOn"] = json!("2025-02-01");
    let mut unfit = provider("HOTEL");
    unfit["suitsChildren"] = json!(false);
    let mut closed = provider("HOTEL");
    closed["isOpen"] = json!(false);
    for (place, status, code) in [
        (unchecked, 422, "provider_not_checked"),
        (unfit, 422, "not_for_children"),
        (provider("NIGHT_SHELTER"), 422, "not_for_children"),
        (closed, 409, "place_closed"),
    ] {
        let place = nav.post("/shelters/providers", &place).await.ok().id();
        stay(&nav, &family, &place).await.refused(status, code);
    }
    let mut refused = decision(&family);
    refused["outcome"] = json!("REFUSED");
    let refused = nav.post("/shelters/decisions", &refused).await.ok().id();
    let place = nav
        .post("/shelters/providers", &provider("HOTEL"))
        .await
        .ok()
        .id();
    let path = format!("/shelters/decisions/{refused}/stays");
    nav.post(
        &path,
        &json!({"providerId": place, "beganOn": "2026-03-02"}),
    )
    .await
    .refused(409, "shelter_not_granted");
}

async fn nobody_stays_in_two_places_however_quick(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let single = town.household(&kari, &SINGLE, 1).await;
    let place = nav
        .post("/shelters/providers", &provider("HOTEL"))
        .await
        .ok()
        .id();
    let staying = [(); 6].map(|()| {
        let (nav, single, place) = (nav.clone(), single.clone(), place.clone());
        async move { stay(&nav, &single, &place).await }
    });
    let answers = at_once(staying).await;
    let begun = answers.iter().filter(|it| it.status == 201).count();
    assert_eq!(begun, 1);
    for answer in answers.into_iter().filter(|it| it.status != 201) {
        answer.refused(409, "stays_already");
    }
}

async fn a_household_counts_once_and_night_shelters_apart(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let hotel = nav
        .post("/shelters/providers", &provider("HOTEL"))
        .await
        .ok()
        .id();
    let night = nav
        .post("/shelters/providers", &provider("NIGHT_SHELTER"))
        .await
        .ok()
        .id();
    let (one, other) = (
        town.household(&kari, &SINGLE, 1).await,
        town.household(&kari, &SINGLE, 2).await,
    );
    for (household, place) in [(&one, &hotel), (&other, &night)] {
        for _ in 0..2 {
            let begun = stay(&nav, household, place).await.ok();
            let end = format!("/shelters/stays/{}/end", begun.id());
            nav.act(&end, 1, &json!({"endedOn": "2026-03-02"}))
                .await
                .ok();
        }
    }
    let statistics = town
        .actor(Role::Statistician)
        .await
        .get("/shelters/statistics?year=2026")
        .await
        .ok();
    assert_eq!(statistics.body["temporaryAccommodation"]["households"], 1);
    assert_eq!(statistics.body["nightShelters"]["households"], 1);
    let statistician = town.actor(Role::Statistician).await;
    for year in ["1999", "2027", "x", "40000"] {
        let answer = statistician
            .get(&format!("/shelters/statistics?year={year}"))
            .await;
        assert_eq!(answer.status, 400, "{year}");
    }
}

async fn every_fault_of_a_decision_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let single = town.household(&kari, &SINGLE, 1).await;
    let mut long = decision(&single);
    long["validUntil"] = json!("2026-09-01");
    nav.post("/shelters/decisions", &long)
        .await
        .faults(&[("/validUntil", "too_long")]);
    let mut backwards = decision(&single);
    backwards["validUntil"] = json!("2026-02-01");
    backwards["householdId"] = json!(uuid::Uuid::now_v7());
    nav.post("/shelters/decisions", &backwards).await.faults(&[
        ("/householdId", "not_found"),
        ("/validUntil", "not_after_begin"),
    ]);
    let mut wrong = provider("HOTEL");
    wrong["organisationNumber"] = json!("939851735");
    nav.post("/shelters/providers", &wrong)
        .await
        .faults(&[("/organisationNumber", "organisation_number")]);
}

async fn how_long_a_stay_and_a_check_last_is_the_municipalitys_to_say(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let family = town.household(&kari, &FAMILY, 1).await;
    let place = nav.post("/shelters/providers", &provider("HOSTEL")).await;
    let place = place.ok().id();
    let mut terms = task_terms(0);
    terms["rules"]["shelterStay"] = json!(1);
    terms["rules"]["shelterCheckLasts"] = json!(1);
    let ola = town.actor(Role::DecisionMaker).await;
    ola.post("/task-terms", &terms).await.ok();

    let three_months = nav.post("/shelters/decisions", &decision(&family)).await;
    assert!(three_months.text.contains("at a time is 1."));
    three_months.faults(&[("/validUntil", "too_long")]);
    let mut month = decision(&family);
    month["validUntil"] = json!("2026-04-01");
    let decided = nav.post("/shelters/decisions", &month).await.ok().id();
    // The place was checked on the first of February.
    let begin = json!({"providerId": place, "beganOn": "2026-03-02"});
    let path = format!("/shelters/decisions/{decided}/stays");
    nav.post(&path, &begin)
        .await
        .refused(422, "provider_not_checked");
    let mut terms = task_terms(1);
    terms["rules"]["shelterStay"] = json!(1);
    ola.post("/task-terms", &terms).await.ok();
    town.wait_days(1);
    let nav = town.actor(Role::NavAdvisor).await;
    nav.post(&path, &begin).await.ok();
    town.wait_days(31);
    let nav = town.actor(Role::NavAdvisor).await;
    let warned = nav.get("/shelters/warnings").await.ok();
    let warnings = &warned.items()[0]["warnings"];
    assert_eq!(warnings[0], "LONG_STAY", "{}", warned.text);
}

/// What waits for NAV's adviser in the morning after so many days.
async fn morning(town: &Town, days: i64) -> Vec<(String, String)> {
    town.wait_days(days);
    let scheduler = Scheduler::new(town.db.clone(), server::duties());
    scheduler.run_due().await.unwrap();
    let nav = town.actor(Role::NavAdvisor).await;
    let work = nav.get("/my-work?limit=200").await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = work.items().iter();
    let mut told: Vec<_> = told
        .map(|it| (text(&it["kind"]), text(&it["dueOn"])))
        .collect();
    told.sort();
    told
}

async fn what_is_warned_of_falls_to_somebody(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let family = town.household(&kari, &FAMILY, 1).await;
    let place = nav
        .post("/shelters/providers", &provider("HOSTEL"))
        .await
        .ok()
        .id();
    let staying = stay(&nav, &family, &place).await.ok().id();
    let on = |kind: &str, day: &str| (kind.to_owned(), day.to_owned());
    let to_confirm = on("CONFIRM_SHELTER", "2026-03-05");
    assert_eq!(
        morning(&town, 0).await,
        [on("CHECK_SHELTER", "2026-03-05"), to_confirm.clone()]
    );
    let check = json!({"checkedOn": "2026-03-02", "outcome": "SATISFACTORY"});
    let checked = nav
        .act(&format!("/shelters/stays/{staying}/check"), 1, &check)
        .await
        .ok();
    assert_eq!(morning(&town, 1).await, std::slice::from_ref(&to_confirm));
    let near = morning(&town, 80).await;
    assert_eq!(
        near,
        [
            to_confirm.clone(),
            on("DECIDE_SHELTER_ANEW", "2026-05-31"),
            on("LEAVE_SHELTER", "2026-06-02")
        ]
    );
    let nav = town.actor(Role::NavAdvisor).await;
    let path = format!("/shelters/stays/{staying}/end");
    let end = json!({"endedOn": "2026-05-20"});
    nav.act(&path, checked.version(), &end).await.ok();
    assert_eq!(nav.get("/my-work").await.ok().items().len(), 1);
    assert_eq!(morning(&town, 1).await, [to_confirm]);
}

cases::cases![
    what_is_warned_of_falls_to_somebody,
    a_family_stays_is_looked_after_and_moves_on,
    children_stay_nowhere_unfit,
    nobody_stays_in_two_places_however_quick,
    a_household_counts_once_and_night_shelters_apart,
    how_long_a_stay_and_a_check_last_is_the_municipalitys_to_say,
    every_fault_of_a_decision_is_named,
];
