//! Temporary accommodation: decided by itself, staid where it is fit, warned of when it lasts, counted once.

use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::faults::at_once;
use crate::support::actor::Actor;
use crate::support::given::{FAMILY, SINGLE, reasons};
use crate::support::post::notified;
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

async fn stay(by: &Actor, household: &str, provider: &str) -> crate::support::actor::Answer {
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
        json!(["THREE_MONTHS", "CHILDREN", "DECISION_RUN_OUT"])
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

/// What waits for NAV's adviser in the morning after so many days.
async fn morning(town: &Town, days: i64) -> Vec<(String, String)> {
    town.wait_days(days);
    let scheduler = Scheduler::new(town.db.clone(), server::duties());
    scheduler.run_due().await.unwrap();
    let nav = town.actor(Role::NavAdvisor).await;
    let work = nav.get("/my-work?limit=200").await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = work.items().iter();
    told.map(|it| (text(&it["kind"]), text(&it["dueOn"])))
        .collect()
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

/// A decision of the housing case by § 27, made by two. Gives its id.
pub(crate) async fn made_in_case(town: &Town, kari: &Actor, case: &str, outcome: &str) -> String {
    let body = json!({
        "legalBasis": "TEMPORARY_ACCOMMODATION", "outcome": outcome, "reasons": reasons(),
    });
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post(&path, &body).await.ok();
    let ola = town.actor(Role::DecisionMaker).await;
    let approve = format!("/decisions/{}/approve", proposed.id());
    ola.act(&approve, proposed.version(), &json!({})).await.ok();
    proposed.id()
}

async fn a_decision_that_was_made_in_the_housing_case_has_its_letter_and_its_appeal(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let single = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &single).await;
    let made = made_in_case(&town, &kari, &case, "GRANTED").await;
    let mut body = decision(&single);
    body["applicationId"] = json!(case);
    body["decisionId"] = json!(made);
    let decided = nav.post("/shelters/decisions", &body).await.ok();
    assert_eq!(decided.body["legalBasis"], "TEMPORARY_ACCOMMODATION");
    assert_eq!(decided.body["appealBody"], "COUNTY_GOVERNOR");
    assert_eq!(decided.body["appealTerm"], json!({"weeks": 3}));
    assert!(
        decided.body.get("appealUntil").is_none(),
        "nobody was notified"
    );
    // The letter is that of the case, and from its receipt time runs.
    let letters = format!("/decisions/{made}/letters");
    notified(&town, &kari, &letters, "NB").await;
    let path = format!("/shelters/decisions/{}", decided.id());
    assert_eq!(nav.get(&path).await.ok().body["appealUntil"], "2026-03-23");
    // Of another outcome, another law, another case, or none, it is not.
    let mut refused = body.clone();
    refused["outcome"] = json!("REFUSED");
    let mut without_case = body.clone();
    without_case
        .as_object_mut()
        .unwrap()
        .remove("applicationId");
    let mut unknown = body.clone();
    unknown["decisionId"] = json!(uuid::Uuid::now_v7());
    for wrong in [refused, without_case, unknown] {
        nav.post("/shelters/decisions", &wrong)
            .await
            .faults(&[("/decisionId", "does_not_fit")]);
    }
}

async fn what_was_decided_in_an_emergency_is_confirmed_with_letter_and_appeal(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let single = town.household(&kari, &SINGLE, 1).await;
    let decided = nav.post("/shelters/decisions", &decision(&single)).await;
    let path = format!("/shelters/decisions/{}", decided.ok().id());
    let work = nav.get("/my-work").await.ok();
    assert_eq!(work.items()[0]["kind"], "CONFIRM_SHELTER");
    // The case is opened and decided afterwards, by two.
    let case = town.case_before_team(&kari, &single).await;
    let made = made_in_case(&town, &kari, &case, "GRANTED").await;
    let other = town.household(&kari, &SINGLE, 2).await;
    let other = town.case_before_team(&kari, &other).await;
    let of_other = made_in_case(&town, &kari, &other, "GRANTED").await;
    let confirm = format!("{path}/confirm");
    for wrong in [of_other, uuid::Uuid::now_v7().to_string()] {
        nav.act(&confirm, 1, &json!({"decisionId": wrong}))
            .await
            .faults(&[("/decisionId", "does_not_fit")]);
    }
    let body = json!({"decisionId": made});
    let confirmed = nav.act(&confirm, 1, &body).await.ok();
    assert_eq!(confirmed.body["applicationId"], json!(case));
    assert!(nav.get("/my-work").await.ok().items().is_empty());
    nav.act(&confirm, confirmed.version(), &body)
        .await
        .refused(409, "shelter_confirmed");
    // The letter says how to appeal, from its receipt time runs, and the appeal goes to Statsforvalteren.
    notified(&town, &kari, &format!("/decisions/{made}/letters"), "NB").await;
    let shown = nav.get(&path).await.ok();
    assert_eq!(shown.body["appealUntil"], "2026-03-23");
    let appeals = format!("/decisions/{made}/appeals");
    let appeal = json!({
        "form": "ORAL_RECORDED", "sentOn": "2026-03-02", "receivedOn": "2026-03-02", "grounds": "Rommet er ikke trygt.",
    });
    let appealed = kari.post(&appeals, &appeal).await.ok();
    assert_eq!(appealed.body["body"], "COUNTY_GOVERNOR");
}

cases::cases![
    what_was_decided_in_an_emergency_is_confirmed_with_letter_and_appeal,
    what_is_warned_of_falls_to_somebody,
    a_decision_that_was_made_in_the_housing_case_has_its_letter_and_its_appeal,
    a_family_stays_is_looked_after_and_moves_on,
    children_stay_nowhere_unfit,
    nobody_stays_in_two_places_however_quick,
    a_household_counts_once_and_night_shelters_apart,
    every_fault_of_a_decision_is_named,
];
