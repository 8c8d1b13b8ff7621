//! Letters: what they must hold, how they leave, that they never change, and from when time runs.

use std::sync::Arc;

use diesel::prelude::*;
use rettbolig::audit::Entry;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::schema::person;
use serde_json::json;

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, granted, reasons};
use crate::support::post::{deliver, deliver_to, read, walk};
use crate::support::residents::whole_person;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// A refusal that was made. Gives the case and the decision.
pub(crate) async fn refused(town: &Town, kari: &Actor) -> (String, String) {
    town.adopt_rules().await;
    let household = town.household(kari, &SINGLE, 1).await;
    let case = town.case_before_team(kari, &household).await;
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let ola = town.actor(Role::DecisionMaker).await;
    let refused = decide(kari, &ola, &case, &proposal).await.id();
    (case, refused)
}

async fn a_letter_is_kept_as_it_was_written_and_shown_as_page_and_pdf(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, decision) = refused(&town, &kari).await;
    let path = format!("/decisions/{decision}/letters");
    let written = kari.post(&path, &json!({})).await.ok();
    let letter = &written.items()[0];
    let id = letter["id"].as_str().unwrap();
    let pdf = kari.get(&format!("/letters/{id}/pdf")).await.ok();
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert!(pdf.text.starts_with("%PDF-1.7"));
    for mark in [
        "/MarkInfo",
        "/StructTreeRoot",
        "pdfaid:part",
        "pdfuaid:part",
    ] {
        assert!(pdf.text.contains(mark), "{mark}");
    }
    let page = kari.get(&format!("/letters/{id}/html")).await.ok();
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let digest = rettbolig::audit::sha256(page.text.as_bytes()).to_hex();
    assert_eq!(letter["htmlSha256"], json!(digest));
    // Whoever reads is on the record.
    let auditor = town.actor(Role::Auditor).await;
    let looks = auditor.get("/audit/entries?action=letter.read").await.ok();
    assert_eq!(looks.items().len(), 2);
}

async fn a_letter_leaves_after_the_commit_and_its_receipt_starts_the_clock(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, decision) = refused(&town, &kari).await;
    let path = format!("/decisions/{decision}/letters");
    let written = kari.post(&path, &json!({})).await.ok();
    let id = written.items()[0]["id"].as_str().unwrap().to_owned();
    let letter = format!("/letters/{id}");
    let receipt = json!({"proof": "READ_DIGITALLY"});
    kari.act(&format!("{letter}/receipt"), 1, &receipt)
        .await
        .refused(409, "letter_wrong_state");
    kari.act(
        &format!("{letter}/dispatch"),
        1,
        &json!({"channel": "POST"}),
    )
    .await
    .refused(409, "no_address");
    kari.act(
        &format!("{letter}/dispatch"),
        1,
        &json!({"channel": "DIGITAL"}),
    )
    .await
    .ok();
    let folder = tempfile::tempdir().unwrap();
    deliver_to(&town, folder.path()).await;
    let expected = [
        format!("{id}.html"),
        format!("{id}.json"),
        format!("{id}.pdf"),
    ];
    assert_eq!(walk(folder.path()), expected);
    // Unread, it goes by another way as well; nothing is delivered twice by itself.
    assert_eq!(deliver(&town).await, 0);
    let sent = kari.get(&letter).await.ok();
    assert_eq!(sent.body["state"], "SENT");
    let told = kari.get(&format!("/decisions/{decision}")).await.ok();
    assert!(told.body["appealUntil"].is_null(), "{}", told.text);
    let early = json!({"proof": "POSTAL_COURSE"});
    let refused = kari
        .act(&format!("{letter}/receipt"), sent.version(), &early)
        .await
        .refused(422, "post_on_its_way");
    assert_eq!(refused.body["earliest"], "2026-03-09");
    let before = json!({"proof": "SIGNED_FOR", "receivedAt": "2026-03-01T10:00:00Z"});
    kari.act(&format!("{letter}/receipt"), sent.version(), &before)
        .await
        .refused(422, "received_before_sent");
    read(&kari, &id).await;
    let told = kari.get(&format!("/decisions/{decision}")).await.ok();
    assert_eq!(told.body["appealUntil"], "2026-03-23");
}

async fn a_letter_with_a_missing_part_is_refused_with_the_statute(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok().id();
    let path = format!("/applications/{case}/letters");
    let lacking = kari.post(&path, &json!({"kind": "INTERIM_REPLY"})).await;
    let text = lacking.text.clone();
    lacking.refused(422, "letter_part_missing");
    for words in [
        "/parts/DELAY",
        "/parts/EXPECTED_ON",
        "forvaltningsloven § 11 a",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let denies = json!({
        "kind": "INTERIM_REPLY", "expectedOn": "2026-04-10",
        "reason": "Vedtaket kan ikke påklages fordi bolig ikke er lovpålagt.",
    });
    kari.post(&path, &denies)
        .await
        .refused(422, "words_forbidden");
    let forwarded = json!({"kind": "FORWARDING_NOTICE"});
    kari.post(&path, &forwarded)
        .await
        .refused(409, "nothing_to_tell");
    let whole = json!({
        "kind": "INTERIM_REPLY", "language": "NN", "expectedOn": "2026-04-10",
        "reason": "Vi ventar på opplysningar frå Nav.",
    });
    let written = kari.post(&path, &whole).await.ok();
    assert_eq!(written.items()[0]["kind"], "INTERIM_REPLY");
}

async fn the_representative_gets_the_letter_and_time_runs_from_there(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, decision) = refused(&town, &kari).await;
    let lawyer = crate::support::given::person("1970-02-03", 3);
    let lawyer = kari.post("/people", &lawyer).await.ok().id();
    let representation = json!({
        "representativeId": lawyer, "kind": "REPRESENTATIVE", "proof": "LAWYER",
        "scope": ["RECEIVE_LETTERS", "APPEAL"], "validFrom": "2026-03-01",
    });
    let path = format!("/applications/{case}/representations");
    let recorded = kari.post(&path, &representation).await.ok();
    let path = format!("/decisions/{decision}/letters");
    let written = kari.post(&path, &json!({})).await.ok();
    let roles: Vec<_> = written
        .items()
        .iter()
        .map(|it| (it["recipientRole"].clone(), it["startsClock"].clone()))
        .collect();
    assert_eq!(
        roles,
        [
            (json!("REPRESENTATIVE"), json!(true)),
            (json!("PARTY"), json!(false))
        ]
    );
    for letter in written.items() {
        let path = format!("/letters/{}/dispatch", letter["id"].as_str().unwrap());
        kari.act(&path, 1, &json!({"channel": "DIGITAL"}))
            .await
            .ok();
    }
    assert_eq!(deliver(&town).await, 2);
    // The party reads first: time does not run from there.
    read(&kari, written.items()[1]["id"].as_str().unwrap()).await;
    let told = kari.get(&format!("/decisions/{decision}")).await.ok();
    assert!(told.body["appealUntil"].is_null());
    read(&kari, written.items()[0]["id"].as_str().unwrap()).await;
    let told = kari.get(&format!("/decisions/{decision}")).await.ok();
    assert_eq!(told.body["appealUntil"], "2026-03-23");
    // Once withdrawn, the next letter goes to the party alone.
    let withdraw = format!("/representations/{}/withdraw", recorded.id());
    kari.act(&withdraw, 1, &json!({})).await.ok();
    kari.act(&withdraw, 2, &json!({}))
        .await
        .refused(409, "representation_withdrawn");
    let path = format!("/decisions/{decision}/letters");
    let written = kari.post(&path, &json!({})).await.ok();
    assert_eq!(written.items().len(), 1);
    assert_eq!(written.items()[0]["startsClock"], json!(true));
}

async fn code_six_that_comes_mid_offer_keeps_letters_and_home_from_telling(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let person = kari
        .post("/people", &whole_person("UNGRADED"))
        .await
        .ok()
        .id();
    let body = json!({"members": [{"personId": person, "role": "APPLICANT"}]});
    let household = kari.post("/households", &body).await.ok().id();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    kari.post(&format!("/households/{household}/situations"), &situation)
        .await
        .ok();
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let written = kari
        .post(&format!("/offers/{offer}/letters"), &json!({}))
        .await
        .ok();
    let letter = format!("/letters/{}", written.items()[0]["id"].as_str().unwrap());
    let page = kari.get(&format!("{letter}/html")).await.ok().text;
    assert!(page.contains("Granittveien"), "{page}");

    protect(&town).await;

    // The letter that shows where the applicant lives does not leave, and nobody reads where the household would live.
    let by_mail = json!({"channel": "DIGITAL"});
    kari.act(&format!("{letter}/dispatch"), 1, &by_mail)
        .await
        .refused(409, "address_hidden");
    kari.get(&format!("{letter}/html"))
        .await
        .refused(404, "not_found");
    // The home is not cleared for somebody protected: it can only be taken back, and neither refusal nor letter says why.
    let accept = json!({"startsOn": "2026-04-01"});
    let refused = kari
        .act(&format!("/offers/{offer}/accept"), 1, &accept)
        .await;
    assert!(!refused.text.contains("PROTECTED"), "{}", refused.text);
    refused.refused(409, "home_no_longer_fits");
    let back = json!({"reason": "NO_LONGER_SUITABLE"});
    kari.act(&format!("/offers/{offer}/withdraw"), 1, &back)
        .await
        .ok();
    kari.act(&format!("{letter}/discard"), 1, &json!({}))
        .await
        .ok();
    let written = kari
        .post(&format!("/offers/{offer}/letters"), &json!({}))
        .await
        .ok();
    let letter = format!("/letters/{}", written.items()[0]["id"].as_str().unwrap());
    let page = kari.get(&format!("{letter}/html")).await.ok().text;
    assert!(!page.contains("Granittveien"), "{page}");
    assert!(page.contains("plassen på ventelisten"), "{page}");
}

/// The population register protects everybody's address.
async fn protect(town: &Town) {
    let system = Arc::new(Caller::system(STJORDAL));
    let written = town.db.write(&system, |tx| {
        tx.record(Entry::change("test.protected"));
        diesel::update(person::table)
            .set(person::protection.eq("STRICTLY_CONFIDENTIAL"))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.unwrap();
}

cases::cases![
    code_six_that_comes_mid_offer_keeps_letters_and_home_from_telling,
    a_letter_is_kept_as_it_was_written_and_shown_as_page_and_pdf,
    a_letter_leaves_after_the_commit_and_its_receipt_starts_the_clock,
    a_letter_with_a_missing_part_is_refused_with_the_statute,
    the_representative_gets_the_letter_and_time_runs_from_there,
];
