//! Two hands on the same thing at once: one is first, the others are told so, and the tables stay whole.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::{at_once, invariants};
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, decide, person, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const AT_ONCE: usize = 20;
const ROUNDS: u16 = 3;

pub(super) fn proposal(home: &str) -> Value {
    let mut reasons = reasons();
    // Others may stand before in the queue.
    reasons["deviation"] = json!("Husstanden har ventet lenge.");
    json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons})
}

/// One went well, and every other was refused with one of these codes.
#[track_caller]
fn one_of(answers: Vec<Answer>, refusals: &[&str]) -> Answer {
    let (mut won, lost): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status < 300);
    for answer in lost {
        let refused = (409..=412).contains(&answer.status) && refusals.contains(&answer.code());
        assert!(refused, "{} {}", answer.status, answer.text);
    }
    assert_eq!(won.len(), 1);
    won.remove(0)
}

/// Sends the same body to each of these paths at once.
async fn post_all(by: &[Actor], paths: Vec<String>, body: &Value) -> Vec<Answer> {
    let posts = paths.into_iter().zip(by.iter().cycle());
    at_once(posts.map(|(path, actor)| {
        let (actor, body) = (actor.clone(), body.clone());
        async move { actor.post(&path, &body).await }
    }))
    .await
}

async fn one_proposal_is_approved_once(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let deciders = [
        town.actor(Role::DecisionMaker).await,
        town.another(Role::DecisionMaker).await,
    ];
    for round in 1..=ROUNDS {
        let household = town.household(&kari, &SINGLE, round).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, round).await;
        let path = format!("/applications/{case}/decisions");
        let decision = kari.post(&path, &proposal(&home)).await.ok().id();
        let approvals = (0..AT_ONCE).map(|index| {
            let (by, path) = (
                deciders[index % 2].clone(),
                format!("/decisions/{decision}/approve"),
            );
            async move { by.act(&path, 1, &json!({})).await }
        });
        let answers = at_once(approvals).await;
        let late = [
            "stale",
            "conflict",
            "not_proposed",
            "not_ready_for_decision",
        ];
        one_of(answers, &late);
        let offers = kari.get(&format!("/applications/{case}/offers")).await.ok();
        assert_eq!(offers.items().len(), 1);
        invariants::hold(&town.bench);
    }
    // Nineteen attempts a round came too late, and each is on the record.
    let refused = invariants::recorded(&town.bench, &[("kind", "REFUSED")]);
    let expected = usize::from(ROUNDS) * (AT_ONCE - 1);
    assert_eq!(refused, expected);
}

async fn one_home_is_proposed_once(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let hands = [
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
        town.actor(Role::TeamMember).await,
    ];
    let mut cases = Vec::new();
    for serial in 1..=u16::try_from(AT_ONCE).unwrap() {
        let household = town.household(&hands[0], &SINGLE, serial).await;
        cases.push(town.case_before_team(&hands[0], &household).await);
    }
    for round in 1..=ROUNDS {
        let home = town.home(1, round).await;
        let body = proposal(&home);
        let paths = cases
            .iter()
            .map(|case| format!("/applications/{case}/decisions"));
        let answers = post_all(&hands, paths.collect(), &body).await;
        let won = one_of(
            answers,
            &["dwelling_not_available", "conflict", "proposal_exists"],
        );
        assert_eq!(won.body["dwellingId"], json!(home));
        invariants::hold(&town.bench);
    }
}

async fn two_households_may_race_for_two_homes_and_both_win_one(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let hands = [
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    ];
    let decider = town.actor(Role::DecisionMaker).await;
    for round in 1..=ROUNDS {
        let mut cases = Vec::new();
        for place in [0, 1] {
            let household = town.household(&hands[0], &SINGLE, 2 * round + place).await;
            cases.push(town.case_before_team(&hands[0], &household).await);
        }
        let homes = [
            town.home(1, 2 * round).await,
            town.home(1, 2 * round + 1).await,
        ];
        let attempts = (0..AT_ONCE).map(|index| {
            let path = format!("/applications/{}/decisions", cases[index % 2]);
            let body = proposal(&homes[(index / 2) % 2]);
            let by = hands[(index / 4) % 2].clone();
            async move { by.post(&path, &body).await }
        });
        let answers = at_once(attempts).await;
        let won = answers.iter().filter(|answer| answer.status == 201);
        let won: Vec<String> = won.map(Answer::id).collect();
        // Each case has one proposal, for one of the homes; both homes, unless one attempt met the other's.
        assert!((1..=2).contains(&won.len()), "{won:?}");
        invariants::hold(&town.bench);
        let approvals = won.into_iter().map(|id| {
            let by = decider.clone();
            async move {
                let path = format!("/decisions/{id}/approve");
                by.act(&path, 1, &json!({})).await
            }
        });
        for approved in at_once(approvals).await {
            approved.ok();
        }
        invariants::hold(&town.bench);
    }
}

async fn an_offer_is_answered_once(bench: Bench) {
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
        let answers = (0..AT_ONCE).map(|index| {
            let (by, offer) = (kari.clone(), offer.clone());
            async move {
                if index % 2 == 0 {
                    let body = json!({"startsOn": "2026-04-01"});
                    by.act(&format!("/offers/{offer}/accept"), 1, &body).await
                } else {
                    let body = json!({"reason": "LOCATION"});
                    by.act(&format!("/offers/{offer}/decline"), 1, &body).await
                }
            }
        });
        let answers = at_once(answers).await;
        one_of(answers, &["stale", "conflict", "offer_answered"]);
        invariants::hold(&town.bench);
    }
}

async fn one_person_and_one_open_case_come_of_many_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let hands = [
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    ];
    for round in 1..=ROUNDS {
        let everywhere = vec!["/people".to_owned(); AT_ONCE];
        let somebody = person("1990-05-17", round);
        let answers = post_all(&hands, everywhere, &somebody).await;
        let id = one_of(answers, &["person_exists"]).id();
        let members = json!({"members": [{"personId": id, "role": "APPLICANT"}]});
        let household = hands[0].post("/households", &members).await.ok().id();
        let application =
            json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
        let everywhere = vec!["/applications".to_owned(); AT_ONCE];
        let answers = post_all(&hands, everywhere, &application).await;
        one_of(answers, &["open_application_exists"]);
        invariants::hold(&town.bench);
    }
}

cases::cases![
    one_proposal_is_approved_once,
    one_home_is_proposed_once,
    two_households_may_race_for_two_homes_and_both_win_one,
    an_offer_is_answered_once,
    one_person_and_one_open_case_come_of_many_at_once,
];
