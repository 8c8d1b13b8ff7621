//! An offer that nobody answers expires and goes on to the next; a grant lapses only by a decision.

use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, reasons};
use crate::support::post::notified;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// The service does by itself what is due.
async fn do_duties(town: &Town) {
    let scheduler = Scheduler::new(town.db.clone(), server::duties());
    scheduler.run_due().await.unwrap();
}

/// Grants this home whoever stands in front. Gives the offer's id.
async fn offer(case: &str, home: &str, by: &Actor, decider: &Actor) -> String {
    let mut why = reasons();
    why["deviation"] = json!("Den som sto foran, har fått tilbudet før.");
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": why});
    let approved = decide(by, decider, case, &proposal).await;
    approved.body["offerId"].as_str().unwrap().to_owned()
}

async fn an_offer_that_nobody_answers_expires_and_goes_on(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let first = town.household(&kari, &SINGLE, 1).await;
    let second = town.household(&kari, &SINGLE, 2).await;
    let case = town.case_before_team(&kari, &first).await;
    let other = town.case_before_team(&kari, &second).await;
    let home = town.home(1, 1).await;
    let offered = offer(&case, &home, &kari, &ola).await;

    do_duties(&town).await;

    // An offer that lies unread never expires, however long it lies.
    let path = format!("/offers/{offered}");
    assert_eq!(kari.get(&path).await.ok().body["answerBy"], Value::Null);
    town.wait_days(20);
    do_duties(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(kari.get(&path).await.ok().body["state"], "OPEN");

    // It is shown to have arrived on Sunday 22 March: a week later is a Sunday again, so the answer may come on Monday.
    let letter = notified(&town, &kari, &format!("/offers/{offered}/letters"), "NB").await;
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    assert!(page.contains("Prøvegata 1"), "{page}");
    assert!(page.contains("8\u{a0}500 kroner"), "{page}");
    let seen = kari.get(&path).await.ok();
    let answer_by: jiff::civil::Date = seen.body["answerBy"].as_str().unwrap().parse().unwrap();
    assert!(answer_by.weekday() != jiff::civil::Weekday::Sunday);

    // On the last day it still stands; after it, the service ends it, frees the home, and the household waits on.
    let days = town.clock.today().0.until(answer_by).unwrap().get_days();
    town.wait_days(i64::from(days));
    do_duties(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(kari.get(&path).await.ok().body["state"], "OPEN");
    town.wait_days(1);
    do_duties(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let over = kari.get(&path).await.ok();
    assert_eq!(
        (&over.body["state"], &over.body["counts"]),
        (&json!("EXPIRED"), &json!(true))
    );
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "WAITING"
    );
    kari.act(
        &format!("{path}/accept"),
        over.version(),
        &json!({"startsOn": "2026-05-01"}),
    )
    .await
    .refused(409, "offer_answered");

    // The next is shown, and it is not the one who did not answer.
    let next = kari.get(&format!("{path}/next")).await.ok();
    assert_eq!(
        next.body["candidate"]["applicationId"],
        json!(other),
        "{}",
        next.text
    );
    let again = offer(&other, &home, &kari, &ola).await;

    // A well-founded no does not count; another one does, and the grant lapses by a decision with its own notice, never by itself.
    let lapse = json!({"outcome": "LAPSED", "reasons": reasons()});
    let propose = format!("/applications/{case}/decisions");
    kari.post(&propose, &lapse)
        .await
        .refused(409, "offers_left");
    let decline = format!("/offers/{again}/decline");
    let well_founded = kari
        .act(&decline, 1, &json!({"reason": "NOT_ACCESSIBLE"}))
        .await
        .ok();
    assert_eq!(well_founded.body["counts"], json!(false));
    let once_more = offer(&case, &home, &kari, &ola).await;
    let decline = format!("/offers/{once_more}/decline");
    let counted = kari
        .act(&decline, 1, &json!({"reason": "LOCATION"}))
        .await
        .ok();
    assert_eq!(counted.body["counts"], json!(true));
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "WAITING"
    );
    let lapsed = decide(&kari, &ola, &case, &lapse).await;
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "LAPSED"
    );
    let letter = notified(
        &town,
        &kari,
        &format!("/decisions/{}/letters", lapsed.id()),
        "NB",
    )
    .await;
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    assert!(page.contains("gjelder ikke lenger"), "{page}");
    assert!(page.contains("Du har rett til å klage"), "{page}");
}

cases::cases![an_offer_that_nobody_answers_expires_and_goes_on];
