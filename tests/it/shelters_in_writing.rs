//! Temporary accommodation in writing: by the decision of the housing case, with its letter and its appeal, at once or after an emergency.

use rettbolig::auth::Role;
use serde_json::json;

use crate::shelters::decision;
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, reasons};
use crate::support::post::notified;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A decision of the housing case by § 27, made by two. Gives its id.
pub(crate) async fn made_in_case(town: &Town, kari: &Actor, case: &str, outcome: &str) -> String {
    let body = json!({
        "legalBasis": "TEMPORARY_ACCOMMODATION", "outcome": outcome, "reasons": reasons(),
    });
    let ola = town.actor(Role::DecisionMaker).await;
    decide(kari, &ola, case, &body).await.id()
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
    a_decision_that_was_made_in_the_housing_case_has_its_letter_and_its_appeal,
];
