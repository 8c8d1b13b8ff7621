//! Somebody leaves while others propose, decide or answer: one is first, and nothing is left held for who is gone.

use rettbolig::auth::Role;
use serde_json::json;

use super::races::proposal;
use super::{at_once, invariants};
use crate::support::actor::Answer;
use crate::support::given::{SINGLE, decide};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const ROUNDS: u16 = 12;

/// Whoever was late is told so, and nobody meets a fault of ours.
#[track_caller]
fn told_apart(answers: &[Answer]) {
    for answer in answers {
        let is_told = answer.status < 300 || (404..=412).contains(&answer.status);
        assert!(is_told, "{} {}", answer.status, answer.text);
    }
    assert!(answers.iter().any(|answer| answer.status < 300));
}

async fn a_case_is_withdrawn_while_it_is_decided(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    for round in 1..=ROUNDS {
        let household = town.household(&kari, &SINGLE, round).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, round).await;
        let path = format!("/applications/{case}/decisions");
        let decision = kari.post(&path, &proposal(&home)).await.ok().id();
        let calls = (0..4).map(|index| {
            let (kari, ola) = (kari.clone(), ola.clone());
            let (case, decision) = (case.clone(), decision.clone());
            async move {
                // Each comes first in every other round.
                if (index + round) % 2 == 0 {
                    let path = format!("/applications/{case}/withdraw");
                    kari.act(&path, 4, &json!({"by": "APPLICANT"})).await
                } else {
                    let path = format!("/decisions/{decision}/approve");
                    ola.act(&path, 1, &json!({})).await
                }
            }
        });
        told_apart(&at_once(calls).await);
        invariants::hold(&town.bench);
        let manager = town.actor(Role::HousingManager).await;
        let left = manager.get(&format!("/dwellings/{home}")).await.ok();
        let stands = kari.get(&format!("/applications/{case}")).await.ok();
        match stands.body["state"].as_str().unwrap() {
            "WITHDRAWN" => assert_eq!(left.body["state"], "AVAILABLE"),
            "OFFERED" => assert_eq!(left.body["state"], "ALLOCATED"),
            other => panic!("{other}"),
        }
    }
}

async fn a_case_is_withdrawn_while_a_home_is_proposed_in_it(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    for round in 1..=ROUNDS {
        let household = town.household(&kari, &SINGLE, round).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, round).await;
        let calls = (0..4).map(|index| {
            let (kari, case, home) = (kari.clone(), case.clone(), home.clone());
            async move {
                if (index + round) % 2 == 0 {
                    let path = format!("/applications/{case}/withdraw");
                    kari.act(&path, 4, &json!({"by": "APPLICANT"})).await
                } else {
                    let path = format!("/applications/{case}/decisions");
                    kari.post(&path, &proposal(&home)).await
                }
            }
        });
        told_apart(&at_once(calls).await);
        // Nothing bars the withdrawal but another: whichever was first, the home is not held for who is gone.
        let stands = kari.get(&format!("/applications/{case}")).await.ok();
        assert_eq!(stands.body["state"], "WITHDRAWN");
        let left = kari.get(&format!("/dwellings/{home}")).await.ok();
        assert_eq!(left.body["state"], "AVAILABLE");
        invariants::hold(&town.bench);
    }
}

async fn an_offer_is_answered_while_the_application_is_withdrawn(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    for round in 1..=ROUNDS {
        let household = town.household(&kari, &SINGLE, round).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, round).await;
        let approved = decide(&kari, &ola, &case, &proposal(&home)).await;
        let offer = approved.body["offerId"].as_str().unwrap().to_owned();
        let calls = (0..4).map(|index| {
            let (kari, case, offer) = (kari.clone(), case.clone(), offer.clone());
            async move {
                if (index + round) % 2 == 0 {
                    let path = format!("/applications/{case}/withdraw");
                    kari.act(&path, 5, &json!({"by": "APPLICANT"})).await
                } else {
                    let path = format!("/offers/{offer}/accept");
                    kari.act(&path, 1, &json!({"startsOn": "2026-04-01"})).await
                }
            }
        });
        told_apart(&at_once(calls).await);
        invariants::hold(&town.bench);
    }
}

cases::cases![
    a_case_is_withdrawn_while_it_is_decided,
    a_case_is_withdrawn_while_a_home_is_proposed_in_it,
    an_offer_is_answered_while_the_application_is_withdrawn,
];
