//! Letters once they left: by `SvarUt` and its ladder of states, into the archive, on paper, from hand to hand, and back.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use rettbolig::letters::Tracking;
use rettbolig::outbox::Worker;
use rettbolig::registers::{Grade, Mood};
use rettbolig::server;
use serde_json::{Value, json};

use crate::letters::refused;
use crate::support::actor::{Actor, Answer};
use crate::support::post::walk;
use crate::support::residents::whole_person;
use crate::support::town::Town;
use crate::support::{Bench, cases};

const ARCHIVED: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering";
const RECEIVED: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.mottatt";
const REFUSED: &str = "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel";

/// Delivers what waits as the running service does. Gives the names of what lies in the folder.
async fn deliver(town: &Town) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let registers = town.registers.registers().unwrap();
    let registers = registers.with_protection_lasting(SignedDuration::ZERO);
    let deliverers = server::deliverers(folder.path().to_owned(), &registers);
    let worker = Worker::new(town.db.clone(), deliverers);
    worker.deliver_due().await.unwrap();
    walk(folder.path())
}

/// Asks what became of them, as the running service does.
async fn follow(town: &Town) {
    let registers = town.registers.registers().unwrap();
    Tracking::new(town.db.clone(), registers)
        .ask()
        .await
        .unwrap();
}

async fn dispatch(by: &Actor, letter: &str, channel: &str) {
    let version = by.get(&format!("/letters/{letter}")).await.ok().version();
    let path = format!("/letters/{letter}/dispatch");
    by.act(&path, version, &json!({"channel": channel}))
        .await
        .ok();
}

async fn seen(by: &Actor, letter: &str) -> Answer {
    by.get(&format!("/letters/{letter}")).await.ok()
}

/// The notice of a refusal. Gives the decision and the letter.
async fn notice(town: &Town, kari: &Actor) -> (String, String) {
    let (_, decision) = refused(town, kari).await;
    let path = format!("/decisions/{decision}/letters");
    let written = kari.post(&path, &json!({})).await.ok();
    let letter = written.items()[0]["id"].as_str().unwrap().to_owned();
    (decision, letter)
}

/// An interim reply to somebody whose address is known. Gives the person and the letter.
async fn reply(kari: &Actor) -> (Value, String) {
    let person = whole_person("UNGRADED");
    let id = kari.post("/people", &person).await.ok().id();
    let members = json!({"members": [{"personId": id, "role": "APPLICANT"}]});
    let household = kari.post("/households", &members).await.ok().id();
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok().id();
    let asked = json!({
        "kind": "INTERIM_REPLY", "expectedOn": "2026-04-10", "reason": "Vi venter på opplysninger.",
    });
    let path = format!("/applications/{case}/letters");
    let written = kari.post(&path, &asked).await.ok();
    let letter = written.items()[0]["id"].as_str().unwrap().to_owned();
    (person, letter)
}

/// The open tasks of caseworkers of this kind.
async fn tasks(town: &Town, kind: &str) -> usize {
    let kari = town.actor(Role::Caseworker).await;
    let tasks = kari.get("/my-work").await.ok();
    tasks.items().iter().filter(|it| it["kind"] == kind).count()
}

async fn a_letter_goes_by_svarut_and_into_the_archive_and_both_are_followed(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (decision, letter) = notice(&town, &kari).await;
    dispatch(&kari, &letter, "DIGITAL").await;
    assert!(
        deliver(&town).await.is_empty(),
        "nothing lies in the folder"
    );
    let shipped = town.registers.shipped();
    assert_eq!(shipped.len(), 1);
    assert_eq!(shipped[0]["eksternReferanse"], json!(letter));
    assert_eq!(
        shipped[0]["kunDigitalLevering"], true,
        "no address is known"
    );
    assert_eq!(
        shipped[0]["mottaker"]["digitalId"].as_str().unwrap().len(),
        11
    );
    let sent = seen(&kari, &letter).await.body;
    assert_eq!(
        (&sent["state"], &sent["shipment"], &sent["filing"]),
        (&json!("SENT"), &json!("RECEIVED"), &json!("NONE"))
    );
    // States and receipts come late, twice and in any order.
    for (state, known) in [
        ("VARSLET", "ON_ITS_WAY"),
        ("AKSEPTERT", "ON_ITS_WAY"),
        ("NY", "ON_ITS_WAY"),
    ] {
        town.registers.move_shipment(0, state);
        follow(&town).await;
        let followed = seen(&kari, &letter).await.body;
        assert_eq!(followed["shipment"], known, "{state}");
        assert_eq!(followed["filing"], "RECEIVED");
    }
    town.registers.move_shipment(0, "LEST");
    for kind in [ARCHIVED, RECEIVED, ARCHIVED] {
        town.registers.tell_receipt(&letter, kind);
    }
    follow(&town).await;
    let read = seen(&kari, &letter).await;
    assert_eq!(
        (
            &read.body["state"],
            &read.body["proof"],
            &read.body["filing"]
        ),
        (
            &json!("RECEIVED"),
            &json!("READ_DIGITALLY"),
            &json!("ARCHIVED")
        )
    );
    let told = kari.get(&format!("/decisions/{decision}")).await.ok();
    assert_eq!(told.body["appealUntil"], "2026-03-23", "time runs");
    follow(&town).await;
    assert_eq!(seen(&kari, &letter).await.version(), read.version());
}

async fn what_svarut_sends_back_becomes_a_task_until_it_goes_another_way(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, letter) = reply(&kari).await;
    dispatch(&kari, &letter, "POST").await;
    deliver(&town).await;
    let shipped = town.registers.shipped();
    assert!(shipped[0]["mottaker"]["digitalId"].is_null(), "on paper");
    assert_eq!(shipped[0]["mottaker"]["poststed"], "Stjørdalsvik");
    town.registers.move_shipment(0, "IKKE_LEVERT");
    town.registers.tell_receipt(&letter, REFUSED);
    follow(&town).await;
    let back = seen(&kari, &letter).await.body;
    assert_eq!(
        (&back["state"], &back["filing"]),
        (&json!("RETURNED"), &json!("REFUSED"))
    );
    assert_eq!(tasks(&town, "RESEND_LETTER").await, 1);
    assert_eq!(tasks(&town, "FILE_LETTER").await, 1);
    dispatch(&kari, &letter, "IN_PERSON").await;
    assert_eq!(tasks(&town, "RESEND_LETTER").await, 0);
    assert_eq!(deliver(&town).await.len(), 3, "printed to be handed over");
}

async fn while_svarut_is_down_letters_wait_or_go_from_hand_to_hand(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, letter) = notice(&town, &kari).await;
    town.registers.be(Mood::Down);
    dispatch(&kari, &letter, "DIGITAL").await;
    deliver(&town).await;
    assert_eq!(seen(&kari, &letter).await.body["state"], "DISPATCHED");
    // The caseworker does not want to wait.
    dispatch(&kari, &letter, "IN_PERSON").await;
    assert_eq!(deliver(&town).await.len(), 3);
    assert_eq!(seen(&kari, &letter).await.body["state"], "SENT");
    town.registers.be(Mood::Well);
    town.wait_days(1);
    deliver(&town).await;
    assert!(town.registers.shipped().is_empty(), "sent twice");
    // Another one waits until SvarUt is there again.
    town.registers.be(Mood::Down);
    let kari = town.actor(Role::Caseworker).await;
    let (_, letter) = reply(&kari).await;
    dispatch(&kari, &letter, "DIGITAL").await;
    deliver(&town).await;
    town.registers.be(Mood::Well);
    town.clock.advance(SignedDuration::from_mins(10));
    deliver(&town).await;
    assert_eq!(seen(&kari, &letter).await.body["state"], "SENT");
    assert_eq!(town.registers.shipped().len(), 1);
}

async fn what_may_have_arrived_is_not_sent_twice_by_itself(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, letter) = reply(&kari).await;
    for mood in [Mood::Html, Mood::Huge] {
        town.registers.be(mood);
        dispatch(&kari, &letter, "DIGITAL").await;
        deliver(&town).await;
        assert_eq!(
            seen(&kari, &letter).await.body["state"],
            "RETURNED",
            "{mood:?}"
        );
        assert_eq!(tasks(&town, "RESEND_LETTER").await, 1);
    }
    town.registers.be(Mood::Well);
    town.clock.advance(SignedDuration::from_hours(6));
    deliver(&town).await;
    assert!(town.registers.shipped().is_empty());
    let kari = town.actor(Role::Caseworker).await;
    dispatch(&kari, &letter, "DIGITAL").await;
    deliver(&town).await;
    assert_eq!(town.registers.shipped().len(), 1);
}

async fn whoever_does_not_want_digital_letters_gets_them_on_paper(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (person, letter) = reply(&kari).await;
    town.registers
        .reserve(person["nationalId"].as_str().unwrap());
    dispatch(&kari, &letter, "DIGITAL").await;
    deliver(&town).await;
    let sent = seen(&kari, &letter).await.body;
    assert_eq!(
        (&sent["state"], &sent["channel"]),
        (&json!("SENT"), &json!("POST"))
    );
    assert!(town.registers.shipped()[0]["mottaker"]["digitalId"].is_null());
}

async fn a_protection_that_nobody_told_of_is_asked_for_before_a_letter_leaves(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (person, letter) = reply(&kari).await;
    dispatch(&kari, &letter, "DIGITAL").await;
    let number = person["nationalId"].as_str().unwrap();
    town.registers.grade(number, Grade::StrictlyConfidential);
    assert!(deliver(&town).await.is_empty());
    assert!(
        town.registers.shipped().is_empty(),
        "the letter shows where the person lives"
    );
    assert_eq!(seen(&kari, &letter).await.body["state"], "RETURNED");
    assert_eq!(tasks(&town, "RESEND_LETTER").await, 1);
    let path = format!("/letters/{letter}/discard");
    let version = seen(&kari, &letter).await.version();
    kari.act(&path, version, &json!({})).await.ok();
}

cases::cases![
    a_letter_goes_by_svarut_and_into_the_archive_and_both_are_followed,
    what_svarut_sends_back_becomes_a_task_until_it_goes_another_way,
    while_svarut_is_down_letters_wait_or_go_from_hand_to_hand,
    what_may_have_arrived_is_not_sent_twice_by_itself,
    whoever_does_not_want_digital_letters_gets_them_on_paper,
    a_protection_that_nobody_told_of_is_asked_for_before_a_letter_leaves,
];
