//! Appeals that do not go the straight way: late, by a stranger, reversed; and what the database itself refuses.

use std::sync::Arc;

use diesel::prelude::*;
use rettbolig::audit::Entry;
use rettbolig::auth::{Caller, Role};
use rettbolig::db::schema::appeal;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, decide, person, reasons};
use crate::support::post::notified;
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

/// A refusal that the party was told of today. Gives the case and the decision.
async fn refused(town: &Town, kari: &Actor) -> (String, String) {
    town.adopt_rules().await;
    let household = town.household(kari, &SINGLE, 1).await;
    let case = town.case_before_team(kari, &household).await;
    let refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
    let ola = town.actor(Role::DecisionMaker).await;
    let refused = decide(kari, &ola, &case, &refusal).await.id();
    notified(town, kari, &format!("/decisions/{refused}/letters"), "NB").await;
    (case, refused)
}

async fn appeal(kari: &Actor, decision: &str, sent_on: &str, by: Option<&str>) -> Answer {
    let mut body = json!({
        "form": "ORAL_RECORDED", "sentOn": sent_on, "receivedOn": sent_on,
        "grounds": "Avslaget er urimelig.",
    });
    if let Some(by) = by {
        body["appellantId"] = json!(by);
    }
    let received = kari
        .post(&format!("/decisions/{decision}/appeals"), &body)
        .await
        .ok();
    let check = format!("/appeals/{}/check", received.id());
    kari.act(&check, 1, &json!({})).await.ok()
}

async fn a_late_appeal_is_admitted_for_a_reason_and_never_after_a_year(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, decision) = refused(&town, &kari).await;
    let early = json!({
        "form": "LETTER", "sentOn": "2026-03-05", "receivedOn": "2026-03-04", "grounds": "x",
    });
    kari.post(&format!("/decisions/{decision}/appeals"), &early)
        .await
        .faults(&[("/receivedOn", "ahead"), ("/sentOn", "after_receipt")]);
    town.wait_days(22);
    let kari = town.actor(Role::Caseworker).await;
    let checked = appeal(&kari, &decision, "2026-03-24", None).await;
    assert_eq!(checked.body["inTime"], json!(false));
    let admit = format!("/appeals/{}/admit", checked.id());
    let nothing = json!({});
    kari.act(&admit, 2, &nothing)
        .await
        .refused(409, "appeal_too_late");
    let half = json!({"lateGround": "EXCUSABLE"});
    kari.act(&admit, 2, &half)
        .await
        .faults(&[("/reasons", "one_without_the_other")]);
    let ground = json!({"lateGround": "EXCUSABLE", "reasons": "Innlagt på sykehus."});
    let admitted = kari.act(&admit, 2, &ground).await.ok();
    assert_eq!(admitted.body["lateGround"], "EXCUSABLE");
    let withdraw = format!("/appeals/{}/withdraw", checked.id());
    kari.act(&withdraw, 3, &nothing).await.ok();
    // A year and a day after the decision nothing helps.
    town.wait_days(344);
    let kari = town.actor(Role::Caseworker).await;
    let checked = appeal(&kari, &decision, "2027-03-03", None).await;
    let admit = format!("/appeals/{}/admit", checked.id());
    kari.act(&admit, 2, &ground)
        .await
        .refused(409, "appeal_over_a_year");
}

async fn an_appeal_by_a_stranger_is_dismissed_with_a_letter_that_tells_how_to_appeal(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, decision) = refused(&town, &kari).await;
    let neighbour = kari
        .post("/people", &person("1970-02-03", 3))
        .await
        .ok()
        .id();
    let checked = appeal(&kari, &decision, "2026-03-02", Some(&neighbour)).await;
    let id = checked.id();
    kari.act(&format!("/appeals/{id}/admit"), 2, &json!({}))
        .await
        .refused(409, "not_a_party");
    let eva = town.another(Role::DecisionMaker).await;
    let why = json!({"reasons": "Naboen er ikke part.", "language": "NN"});
    let dismissed = eva
        .act(&format!("/appeals/{id}/dismiss"), 2, &why)
        .await
        .ok();
    assert_eq!(dismissed.body["state"], "DISMISSED");
    let letters = kari
        .get(&format!("/applications/{case}/letters"))
        .await
        .ok();
    let last = letters.items().last().unwrap();
    assert_eq!(last["kind"], "APPEAL_DISMISSED");
    // Whoever appealed is told, and not the party, who did not.
    assert_eq!(last["recipientId"], json!(neighbour));
    assert_eq!(last["recipientRole"], "APPELLANT");
    let page = format!("/letters/{}/html", last["id"].as_str().unwrap());
    let page = kari.get(&page).await.ok().text;
    assert!(
        page.contains("Du har rett til å klage på dette vedtaket"),
        "{page}"
    );
    // It bars no appeal of the party's; and one that is in time and by the party cannot be dismissed.
    let other = appeal(&kari, &decision, "2026-03-02", None).await.id();
    eva.act(&format!("/appeals/{other}/dismiss"), 2, &why)
        .await
        .refused(409, "appeal_admissible");
    let officer = town.actor(Role::AppealsOfficer).await;
    officer
        .act(&format!("/appeals/{id}/close"), 3, &json!({}))
        .await
        .ok();
}

async fn the_first_instance_reverses_by_a_new_decision_of_others(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, decision) = refused(&town, &kari).await;
    let checked = appeal(&kari, &decision, "2026-03-02", None).await;
    let id = checked.id();
    kari.act(&format!("/appeals/{id}/admit"), 2, &json!({}))
        .await
        .ok();
    let grant = json!({"outcome": "GRANTED", "reasons": reasons(), "replaces": decision});
    let path = format!("/applications/{case}/decisions");
    let proposed = kari.post(&path, &grant).await.ok();
    let (ola, eva) = (
        town.actor(Role::DecisionMaker).await,
        town.another(Role::DecisionMaker).await,
    );
    let reverse = format!("/appeals/{id}/reverse");
    let by = json!({"newDecisionId": proposed.id()});
    eva.act(&reverse, 3, &by)
        .await
        .refused(409, "decision_not_reversed");
    let approve = format!("/decisions/{}/approve", proposed.id());
    eva.act(&approve, 1, &json!({})).await.ok();
    ola.act(&reverse, 3, &by)
        .await
        .refused(403, "first_instance");
    let reversed = eva.act(&reverse, 3, &by).await.ok();
    assert_eq!(reversed.body["state"], "REVERSED");
    assert_eq!(
        kari.get(&format!("/applications/{case}")).await.ok().body["state"],
        "WAITING"
    );
    let package = kari.get(&format!("/appeals/{id}/package")).await;
    package.refused(409, "nothing_handed_over");
    // Who decided first, and the machine, cannot stand as the one who reviewed: the database itself refuses.
    let me = ola.get("/auth/me").await.ok().id();
    assert!(!force_reviewer(&town, &me).await);
}

/// Tries to write this user down as the one who reviewed every appeal, past all rules. Whether the database let it happen.
async fn force_reviewer(town: &Town, user: &str) -> bool {
    let user: rettbolig::ids::UserId = user.parse().unwrap();
    let system = Arc::new(Caller::system(STJORDAL));
    let forced = town.db.write(&system, move |tx| {
        tx.record(Entry::change("test.forced"));
        diesel::update(appeal::table)
            .set(appeal::reviewed_by.eq(user))
            .execute(tx.conn())?;
        Ok(())
    });
    forced.await.is_ok()
}

async fn a_case_that_the_body_of_appeal_sends_back_is_assessed_anew(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, decision) = refused(&town, &kari).await;
    let id = appeal(&kari, &decision, "2026-03-02", None).await.id();
    let eva = town.another(Role::DecisionMaker).await;
    let officer = town.actor(Role::AppealsOfficer).await;
    kari.act(&format!("/appeals/{id}/admit"), 2, &json!({}))
        .await
        .ok();
    let stands = json!({"assessment": "Vedtaket står seg."});
    eva.act(&format!("/appeals/{id}/forward"), 3, &stands)
        .await
        .ok();
    officer
        .act(&format!("/appeals/{id}/take-up"), 4, &json!({}))
        .await
        .ok();
    let conclude = format!("/appeals/{id}/conclude");
    let verdict = |raised: Value| json!({"outcome": "RETURNED", "reasons": "Mangelfull begrunnelse.", "raisedTo": raised});
    officer
        .act(&conclude, 5, &verdict(json!("ROOFLESS")))
        .await
        .faults(&[("/raisedTo", "contradiction")]);
    officer.act(&conclude, 5, &verdict(Value::Null)).await.ok();
    let again = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(again.body["state"], "IN_ASSESSMENT");
}

cases::cases![
    a_late_appeal_is_admitted_for_a_reason_and_never_after_a_year,
    an_appeal_by_a_stranger_is_dismissed_with_a_letter_that_tells_how_to_appeal,
    the_first_instance_reverses_by_a_new_decision_of_others,
    a_case_that_the_body_of_appeal_sends_back_is_assessed_anew,
];
