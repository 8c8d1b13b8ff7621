//! Exceptions: a case opened in an emergency, and a leader's written word about somebody partial.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use serde_json::{Value, json};

use super::{is_as_if_absent, user};
use crate::support::actor::Actor;
use crate::support::given::SINGLE;
use crate::support::residents::national_id;
use crate::support::town::Town;
use crate::support::{Bench, cases};

const REASON: &str = "Familien står uten tak over hodet i natt, og Kari er på ferie.";

fn emergency(of: (&str, &str)) -> Value {
    let mut body = json!({"ground": "NO_SHELTER_TONIGHT", "reason": REASON});
    body[of.0] = json!(of.1);
    body
}

/// A case that is not before the team yet, its household and the applicant.
async fn early_case(kari: &Actor, town: &Town, serial: u16) -> (String, String, String) {
    let household = town.household(kari, &SINGLE, serial).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok().id();
    let shown = kari.get(&format!("/households/{household}")).await.ok();
    let person = shown.body["members"][0]["personId"].as_str().unwrap();
    (case, household.clone(), person.to_owned())
}

async fn an_emergency_opens_one_case_for_an_hour_and_everybody_concerned_is_told(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (ola, tor) = (
        town.actor(Role::DecisionMaker).await,
        town.another(Role::DecisionMaker).await,
    );
    let olas_id = user(&ola).await;
    town.place(&user(&tor).await, &json!({"leaderId": olas_id}))
        .await;
    let (case, household, person) = early_case(&kari, &town, 1).await;
    let (other, ..) = early_case(&kari, &town, 2).await;
    is_as_if_absent(&tor, &format!("/applications/{case}"), &case).await;

    let mut hasty = emergency(("applicationId", &case));
    hasty["reason"] = json!("Haster.");
    tor.post("/emergency-accesses", &hasty)
        .await
        .faults(&[("/reason", "too_short"), ("/reason", "wrong_format")]);
    let mut both = emergency(("nationalId", "1"));
    both["applicationId"] = json!(case);
    tor.post("/emergency-accesses", &both)
        .await
        .faults(&[("/applicationId", "one_way_only")]);
    let digits = national_id("1990-05-17", 20);
    let by_number = emergency(("nationalId", digits.expose_digits()));
    let opened = tor.post("/emergency-accesses", &by_number).await.ok();
    assert_eq!(opened.body["applicationId"], json!(case));
    assert_eq!(opened.body["leaderId"], json!(olas_id));
    assert_eq!(opened.body["expiresAt"], "2026-03-02T12:00:00Z");
    assert_eq!(opened.body["reviewDueOn"], "2026-03-09");
    assert!(!opened.text.contains(REASON));
    // The one case, with the people in it, and no other.
    for path in [
        format!("/applications/{case}"),
        format!("/households/{household}"),
        format!("/people/{person}"),
    ] {
        tor.get(&path).await.ok();
    }
    let queue = tor.get("/applications").await.ok();
    assert_eq!(queue.items().len(), 1);
    is_as_if_absent(&tor, &format!("/applications/{other}"), &other).await;
    tor.post("/emergency-accesses", &by_number)
        .await
        .refused(409, "no_emergency_needed");

    // The leader is told at once and finds why; colleagues learn nothing.
    let waiting = ola.get("/emergency-accesses?isOpen=true").await.ok();
    assert_eq!(waiting.items()[0]["id"], json!(opened.id()));
    let path = format!("/emergency-accesses/{}", opened.id());
    assert_eq!(ola.get(&path).await.ok().body["reason"], REASON);
    is_as_if_absent(&kari, &path, &opened.id()).await;
    assert!(
        kari.get("/emergency-accesses")
            .await
            .ok()
            .items()
            .is_empty()
    );
    let work = ola.get("/my-work").await.ok();
    assert_eq!(work.items()[0]["kind"], "REVIEW_EMERGENCY");
    assert_eq!(work.items()[0]["dueOn"], "2026-03-09");
    let review = format!("{path}/review");
    let finding = json!({"finding": "JUSTIFIED"});
    tor.act(&review, 1, &finding)
        .await
        .refused(403, "own_review");
    let reviewed = ola.act(&review, 1, &finding).await.ok();
    assert_eq!(reviewed.body["reviewedBy"], json!(olas_id));
    assert!(ola.get("/my-work").await.ok().items().is_empty());
    ola.act(&review, 2, &finding)
        .await
        .refused(409, "already_reviewed");

    // The person is told on asking.
    let officer = town.actor(Role::PrivacyOfficer).await;
    let letter = format!("/people/{person}/access-log/extract");
    let letter = officer.get(&letter).await.ok();
    assert!(
        letter.text.contains("i en nødssituasjon"),
        "{}",
        letter.text
    );

    // An hour later it is over.
    town.clock.advance(SignedDuration::from_mins(60));
    let tor = town.another(Role::DecisionMaker).await;
    is_as_if_absent(&tor, &format!("/applications/{case}"), &case).await;
    assert!(tor.get("/applications").await.ok().items().is_empty());
}

async fn a_review_that_is_not_made_in_time_shows(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let tor = town.actor(Role::DecisionMaker).await;
    let (case, ..) = early_case(&kari, &town, 1).await;
    let body = emergency(("applicationId", &case));
    tor.post("/emergency-accesses", &body).await.ok();
    for (days, is_overdue) in [(7, false), (1, true)] {
        town.wait_days(days);
        let officer = town.actor(Role::PrivacyOfficer).await;
        let open = officer.get("/emergency-accesses?isOpen=true").await.ok();
        assert_eq!(open.items()[0]["isOverdue"], json!(is_overdue));
        let done = officer.get("/emergency-accesses?isOpen=false").await.ok();
        assert!(done.items().is_empty());
    }
}

async fn somebody_partial_is_let_in_by_an_impartial_leader_alone_and_in_writing(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let per = town.another(Role::Caseworker).await;
    let (ola, tor) = (
        town.actor(Role::DecisionMaker).await,
        town.another(Role::DecisionMaker).await,
    );
    let (pers_id, olas_id) = (user(&per).await, user(&ola).await);
    town.place(&pers_id, &json!({"leaderId": olas_id})).await;
    let tors_id = user(&tor).await;
    town.place(&olas_id, &json!({"leaderId": tors_id})).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let seen = format!("/applications/{case}");
    let digits = national_id("1990-05-17", 20).expose_digits().to_owned();
    let relation = json!({"nationalId": digits, "kind": "CLOSE_FRIEND"});
    let path = format!("{seen}/impartiality-exceptions");
    let body =
        json!({"userId": pers_id, "reason": "Ingen andre kan tegnspråk, og forholdet er fjernt."});
    ola.post(&path, &body).await.refused(409, "not_partial");
    per.post(&format!("/users/{pers_id}/relations"), &relation)
        .await
        .ok();
    is_as_if_absent(&per, &seen, &case).await;
    // Not by an emergency, and not by oneself or anybody else.
    let open = emergency(("applicationId", &case));
    per.post("/emergency-accesses", &open)
        .await
        .refused(404, "not_found");
    per.post(&path, &body).await.refused(404, "not_found");
    kari.post(&path, &body).await.refused(403, "not_leader");
    let granted = ola.post(&path, &body).await.ok();
    per.get(&seen).await.ok();
    ola.post(&path, &body)
        .await
        .refused(409, "already_excepted");
    let listed = kari.get(&path).await.ok();
    assert_eq!(listed.items()[0]["reason"], body["reason"]);
    let history = kari.get(&format!("{seen}/history")).await.ok();
    assert!(history.text.contains("exception.granted"));
    let withdraw = format!("/impartiality-exceptions/{}/withdraw", granted.id());
    ola.act(&withdraw, 1, &json!({})).await.ok();
    is_as_if_absent(&per, &seen, &case).await;

    // Where the leader is partial, the one above decides.
    ola.post(&format!("/users/{olas_id}/relations"), &relation)
        .await
        .ok();
    ola.post(&path, &body).await.refused(404, "not_found");
    tor.post(&path, &body).await.ok();
    per.get(&seen).await.ok();
}

cases::cases![
    an_emergency_opens_one_case_for_an_hour_and_everybody_concerned_is_told,
    a_review_that_is_not_made_in_time_shows,
    somebody_partial_is_let_in_by_an_impartial_leader_alone_and_in_writing,
];
