//! The registers by their ports: what their contracts say is understood, and whatever else they answer is their fault, not ours.

use std::time::{Duration, Instant};

use rettbolig::auth::Role;
use rettbolig::correlation::Correlation;
use rettbolig::registers::{
    ArchiveReceipt, DispatchState, EventKind, Fake, Grade, JournalEntry, Mood, PreferredLanguage,
    RegisterFault, Registers, Shipment,
};

use serde_json::json;

use crate::support::given::person;
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

fn shipment() -> Shipment {
    Shipment {
        national_id: Some(national_id("1990-05-17", 0).expose_digits().to_owned()),
        name: "Prøve Henvist".into(),
        street: "Prøvegata 1".into(),
        postal_code: "7500".into(),
        postal_place: "Stjørdal".into(),
        title: "Vedtak om bolig".into(),
        is_digital_only: false,
        reference: "letter-1".into(),
        documents: vec![("vedtak.pdf".into(), vec![b'%'; 300_000])],
    }
}

fn entry(id: &str) -> JournalEntry {
    JournalEntry {
        client_message_id: id.into(),
        case_reference: "01900000".into(),
        public_title: "Søknad om bolig".into(),
        kind: 'U',
        document: ("vedtak.pdf".into(), b"%PDF".to_vec()),
    }
}

async fn what_their_contracts_say_is_understood(_: Bench) {
    let fake = Fake::start().unwrap();
    let (registers, call) = (fake.registers().unwrap(), Correlation::new());
    let id = national_id("1990-05-17", 0);
    let population = registers.population().unwrap();
    let person = population.person(&id, &call).await.unwrap();
    assert_eq!((person.grade, person.death), (Grade::Ungraded, None));
    fake.grade(id.expose_digits(), Grade::StrictlyConfidential);
    let person = population.person(&id, &call).await.unwrap();
    assert_eq!(person.grade, Grade::StrictlyConfidential);
    assert!(!format!("{person:?}").contains("Prøve"));
    let events = population.events(1, &call).await.unwrap();
    assert_eq!((events.len(), events[0].of), (1, EventKind::Protection));
    assert!(population.events(2, &call).await.unwrap().is_empty());
    let contact = registers.contacts().unwrap().of(&id, &call).await.unwrap();
    assert_eq!(
        (contact.can_be_notified, contact.language),
        (true, Some(PreferredLanguage::Bokmaal))
    );
    let property = "5035-83/122".parse().unwrap();
    let units = registers
        .cadastre()
        .unwrap()
        .units(&property, &call)
        .await
        .unwrap();
    assert_eq!(units[1].unit_number, "H0201");
    let income = registers
        .income()
        .unwrap()
        .of(&id, 2025, &call)
        .await
        .unwrap();
    assert_eq!((income.income_ore, income.is_final), (31_200_000, true));
    let nobody = national_id("1991-05-17", 0);
    fake.forget(nobody.expose_digits());
    let unknown = population.person(&nobody, &call).await;
    assert_eq!(unknown.unwrap_err(), RegisterFault::Unknown);
    let unregistered = registers
        .contacts()
        .unwrap()
        .of(&nobody, &call)
        .await
        .unwrap();
    assert!(!unregistered.can_be_notified);
}

async fn letters_and_records_go_and_come_back_in_any_order(_: Bench) {
    let fake = Fake::start().unwrap();
    let (registers, call) = (fake.registers().unwrap(), Correlation::new());
    let dispatch = registers.dispatch().unwrap();
    let id = dispatch.send(&shipment(), &call).await.unwrap();
    assert_eq!(
        dispatch.state(&id, &call).await.unwrap(),
        DispatchState::Received
    );
    fake.move_shipment(0, "LEST");
    let read = dispatch.state(&id, &call).await.unwrap();
    fake.move_shipment(0, "VARSLET");
    let late = dispatch.state(&id, &call).await.unwrap();
    assert_eq!(late.or_later(read), DispatchState::Read);
    fake.move_shipment(0, "EN_NY_STATUS");
    let strange = dispatch.state(&id, &call).await;
    assert_eq!(strange.unwrap_err(), RegisterFault::Nonsense);
    let archive = registers.archive().unwrap();
    for _ in 0..2 {
        archive.send(&entry("m-1"), &call).await.unwrap();
    }
    assert_eq!(
        archive.receipt("m-1", &call).await.unwrap(),
        ArchiveReceipt::Received
    );
    let done = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering";
    let again = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.mottatt";
    for kind in [done, again, done] {
        fake.tell_receipt("m-1", kind);
    }
    assert_eq!(
        archive.receipt("m-1", &call).await.unwrap(),
        ArchiveReceipt::Archived
    );
    fake.tell_receipt("m-2", "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel");
    assert_eq!(
        archive.receipt("m-2", &call).await.unwrap(),
        ArchiveReceipt::Refused
    );
}

async fn whatever_a_register_does_is_bounded(_: Bench) {
    let fake = Fake::start().unwrap();
    let call = Correlation::new();
    let id = national_id("1990-05-17", 0);
    for (mood, fault) in [
        (Mood::Down, RegisterFault::Status(503)),
        (Mood::Html, RegisterFault::Nonsense),
        (Mood::Huge, RegisterFault::TooLong),
    ] {
        fake.be(mood);
        let registers = fake.registers().unwrap();
        let answer = registers.population().unwrap().person(&id, &call).await;
        assert_eq!(answer.unwrap_err(), fault, "{mood:?}");
    }
    fake.be(Mood::Slow);
    let begun = Instant::now();
    let registers = fake.registers().unwrap();
    let answer = registers.population().unwrap().person(&id, &call).await;
    assert_eq!(answer.unwrap_err(), RegisterFault::NoAnswer);
    assert!(begun.elapsed() < Duration::from_secs(15));
}

async fn a_register_that_is_down_is_left_alone_and_others_are_not(_: Bench) {
    let fake = Fake::start().unwrap();
    let (registers, call) = (fake.registers().unwrap(), Correlation::new());
    let id = national_id("1990-05-17", 0);
    fake.be(Mood::Html);
    for _ in 0..5 {
        registers
            .population()
            .unwrap()
            .person(&id, &call)
            .await
            .unwrap_err();
    }
    let asked = fake.asked();
    let down = registers.population().unwrap().person(&id, &call).await;
    assert_eq!(down.unwrap_err(), RegisterFault::Down);
    assert_eq!(fake.asked(), asked, "it was asked although it is down");
    fake.be(Mood::Well);
    registers.contacts().unwrap().of(&id, &call).await.unwrap();
    let health: Vec<_> = registers.health().filter(|it| it.1).collect();
    assert_eq!(health, [("folkeregisteret", true)]);
    let none = Registers::default();
    assert_eq!(none.income().unwrap_err(), RegisterFault::NotConnected);
}

async fn a_person_s_protection_follows_the_register(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let mut body = person("1990-05-17", 1);
    body["phone"] = json!("400 00 000");
    let id = kari.post("/people", &body).await.ok().id();
    let path = format!("/people/{id}");
    assert_eq!(kari.get(&path).await.ok().body["phone"], "400 00 000");
    let number = body["nationalId"].as_str().unwrap();
    town.registers.grade(number, Grade::Confidential);
    let checked = kari
        .post(&format!("{path}/register-check"), &json!({}))
        .await
        .ok();
    assert_eq!(checked.body["canBeNotified"], true);
    assert!(
        !checked.text.contains("CONFIDENTIAL"),
        "the grade is told to nobody"
    );
    assert!(kari.get(&path).await.ok().body.get("phone").is_none());
    // The feed tells of what comes by itself.
    town.registers.grade(number, Grade::Ungraded);
    town.follow_registers().await;
    assert_eq!(kari.get(&path).await.ok().body["phone"], "400 00 000");
    town.registers.grade(number, Grade::StrictlyConfidential);
    town.follow_registers().await;
    assert!(kari.get(&path).await.ok().body.get("phone").is_none());
}

async fn when_a_register_is_down_the_work_goes_on_by_hand(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = person("1990-05-17", 1);
    let id = kari.post("/people", &body).await.ok().id();
    let check = format!("/people/{id}/register-check");
    for mood in [Mood::Down, Mood::Html, Mood::Huge] {
        town.registers.be(mood);
        let answer = kari
            .post(&check, &json!({}))
            .await
            .refused(503, "register_unavailable");
        assert!(answer.body["titleNb"].as_str().unwrap().contains("manuelt"));
    }
    town.registers.be(Mood::Well);
    town.registers.forget(body["nationalId"].as_str().unwrap());
    kari.post(&check, &json!({}))
        .await
        .refused(404, "not_in_register");
    let nobody = format!("/people/{}/register-check", uuid::Uuid::now_v7());
    kari.post(&nobody, &json!({}))
        .await
        .refused(404, "not_found");
}

cases::cases![
    a_person_s_protection_follows_the_register,
    when_a_register_is_down_the_work_goes_on_by_hand,
    what_their_contracts_say_is_understood,
    letters_and_records_go_and_come_back_in_any_order,
    whatever_a_register_does_is_bounded,
    a_register_that_is_down_is_left_alone_and_others_are_not,
];
