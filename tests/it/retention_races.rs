//! An erasure and whoever writes of the same person at the same time: one of them comes first, and the other knows.

use rettbolig::auth::Role;
use serde_json::json;

use crate::faults::invariants::column;
use crate::support::actor::Actor;
use crate::support::residents::{household, member, resident};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Somebody registered by mistake, whose erasure one has approved.
struct Mistaken {
    person: String,
    household: String,
    erasure: String,
}

impl Mistaken {
    async fn of(town: &Town, kari: &Actor, officer: &Actor, number: usize) -> Self {
        let body = resident("Feilregistrert", "1990-05-17", number);
        let person = kari.post("/people", &body).await.ok().id();
        let household = household(kari, &[member(&person, "APPLICANT")]).await;
        let ground = json!({"ground": "UNLAWFULLY_PROCESSED"});
        let path = format!("/people/{person}/erasures");
        let erasure = officer.post(&path, &ground).await.ok().id();
        let approve = format!("/erasures/{erasure}/approve");
        let liv = town.actor(Role::DecisionMaker).await;
        liv.act(&approve, 1, &json!({})).await.ok();
        Self {
            person,
            household,
            erasure,
        }
    }
}

async fn nobody_is_erased_for_whom_a_case_is_being_received(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let officer = town.actor(Role::PrivacyOfficer).await;
    let mut erased = 0;
    for number in 0..12 {
        let it = Mistaken::of(&town, &kari, &officer, number).await;
        let application = json!({
            "householdId": it.household, "type": "NEW", "receivedOn": "2026-02-20",
        });
        let approve = format!("/erasures/{}/approve", it.erasure);
        let nothing = json!({});
        let (approved, received) = futures_util::future::join(
            officer.act(&approve, 2, &nothing),
            kari.post("/applications", &application),
        )
        .await;
        let both = (approved.status, received.status);
        match both {
            // Either the household is gone before it is looked for, or the person before the case is written.
            (200, 400 | 410) => erased += 1,
            (409, 201) => assert_eq!(approved.code(), "open_case"),
            _ => panic!("{both:?} {} {}", approved.text, received.text),
        }
    }
    let gone = "SELECT count(*) || '' FROM person WHERE erased_at IS NOT NULL";
    assert_eq!(column(&town.bench, gone), [erased.to_string()]);
    let open = "SELECT count(*) || '' FROM application a JOIN person p ON p.id = a.applicant_id \
                WHERE p.erased_at IS NOT NULL";
    assert_eq!(column(&town.bench, open), ["0"]);
}

async fn whoever_reads_or_writes_during_an_erasure_is_told_all_or_nothing(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let officer = town.actor(Role::PrivacyOfficer).await;
    for number in 0..8 {
        let it = Mistaken::of(&town, &kari, &officer, number).await;
        let approve = format!("/erasures/{}/approve", it.erasure);
        let path = format!("/people/{}", it.person);
        let correct = format!("{path}/correct");
        let right = json!({"givenName": "Rettet", "reason": "WRONG", "why": "Vist fram pass."});
        let nothing = json!({});
        let (approved, (read, corrected)) = futures_util::future::join(
            officer.act(&approve, 2, &nothing),
            futures_util::future::join(kari.get(&path), kari.act(&correct, 1, &right)),
        )
        .await;
        // Whoever corrects first makes the other look again; nobody fails, and no half of a person is told.
        assert!(
            matches!(approved.status, 200 | 409 | 412),
            "{}",
            approved.text
        );
        assert!(read.status < 500, "{}", read.text);
        if read.status == 200 {
            let name = read.body["givenName"].as_str().unwrap_or_default();
            assert!(
                matches!(name, "Feilregistrert" | "Rettet" | ""),
                "{}",
                read.text
            );
        }
        assert!(corrected.status < 500, "{}", corrected.text);
        if approved.status == 200 {
            let after = kari.get(&path).await;
            assert!(!after.text.contains("Rettet") && !after.text.contains("Feilregistrert"));
        }
    }
}

cases::cases![
    nobody_is_erased_for_whom_a_case_is_being_received,
    whoever_reads_or_writes_during_an_erasure_is_told_all_or_nothing,
];
