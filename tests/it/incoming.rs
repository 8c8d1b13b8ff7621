//! What comes in is filed in the archive as what goes out is: applications and appeals, as incoming documents (arkivforskrifta § 9).

use rettbolig::auth::Role;
use rettbolig::letters::Tracking;
use rettbolig::outbox::Worker;
use rettbolig::registers::Mood;
use rettbolig::server;
use serde_json::{Value, json};

use crate::letters::refused;
use crate::support::actor::Actor;
use crate::support::given::{FAMILY, ordinary_needs};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const ARCHIVED: &str = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.kvittering";
const REFUSED: &str = "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel";

/// Delivers what waits as the running service does.
async fn deliver(town: &Town) {
    let folder = tempfile::tempdir().unwrap();
    let registers = town.registers.registers().unwrap();
    let deliverers = server::deliverers(folder.path().to_owned(), &registers);
    let worker = Worker::new(town.db.clone(), deliverers);
    worker.deliver_due().await.unwrap();
}

async fn follow(town: &Town) {
    let registers = town.registers.registers().unwrap();
    Tracking::new(town.db.clone(), registers)
        .ask()
        .await
        .unwrap();
}

/// The entries of a case's history of this action: what each says of the document, and the filing.
async fn told(town: &Town, case: &str, action: &str) -> Vec<Value> {
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor.get(&format!("/applications/{case}/history")).await;
    let history = history.ok();
    let of = |it: &&Value| it["entry"]["action"] == action;
    let facts = |it: &Value| it["entry"]["facts"].clone();
    history.items().iter().filter(of).map(facts).collect()
}

async fn received(kari: &Actor, household: &str) -> String {
    let body = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-27",
        "needs": ordinary_needs(),
    });
    kari.post("/applications", &body).await.ok().id()
}

async fn an_application_and_an_appeal_are_filed_once_as_incoming(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, decision) = refused(&town, &kari).await;
    let appeal = json!({
        "form": "LETTER", "sentOn": "2026-03-02", "receivedOn": "2026-03-02",
        "grounds": "Vi har ikke noe sted å bo.",
    });
    let path = format!("/decisions/{decision}/appeals");
    let appeal = kari.post(&path, &appeal).await.ok().id();
    deliver(&town).await;
    deliver(&town).await;
    let filed = told(&town, &case, "incoming.filed").await;
    let documents: Vec<&Value> = filed.iter().map(|it| &it["document"]).collect();
    assert_eq!(documents, ["APPLICATION", "APPEAL"]);
    let records = town.registers.recorded();
    for (id, title) in [
        (&case, "Søknad om bolig"),
        (&appeal, "Klage i sak om bolig"),
    ] {
        let record = records.iter().find(|(it, _)| it == id).unwrap();
        let message = &record.1;
        assert!(message.contains("<journalposttype><kodeProperty>I</kodeProperty>"));
        assert!(message.contains(&format!("<offentligTittel>{title}</offentligTittel>")));
        assert!(message.contains(&format!("<noekkel>{case}</noekkel>")));
        assert!(message.contains("%PDF"), "the document comes with it");
    }
    // The archive's receipts are asked for, and what it refuses is filed by hand.
    town.registers.tell_receipt(&case, ARCHIVED);
    town.registers.tell_receipt(&appeal, REFUSED);
    follow(&town).await;
    let filings = told(&town, &case, "incoming.filing_told").await;
    assert!(filings.contains(&json!({"document": "APPLICATION", "filing": "ARCHIVED"})));
    assert!(filings.contains(&json!({"document": "APPEAL", "filing": "REFUSED"})));
    let kari = town.actor(Role::Caseworker).await;
    let work = kari.get("/my-work?limit=200").await.ok();
    let by_hand = |it: &&Value| it["kind"] == "FILE_INCOMING";
    assert_eq!(work.items().iter().filter(by_hand).count(), 1);
}

async fn an_application_waits_while_the_archive_is_down_and_none_is_lost(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let case = received(&kari, &household).await;
    town.registers.be(Mood::Down);
    deliver(&town).await;
    assert!(told(&town, &case, "incoming.filed").await.is_empty());
    town.registers.be(Mood::Well);
    town.clock.advance(jiff::SignedDuration::from_hours(2));
    deliver(&town).await;
    assert_eq!(told(&town, &case, "incoming.filed").await.len(), 1);
}

cases::cases![
    an_application_and_an_appeal_are_filed_once_as_incoming,
    an_application_waits_while_the_archive_is_down_and_none_is_lost,
];
