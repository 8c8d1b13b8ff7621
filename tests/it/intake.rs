//! Intake: drafts, what was known at receipt, what is lacking, the same applied for twice, and what is sent on.

use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{FAMILY, SINGLE, ordinary_needs};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// What waits for somebody about a case.
async fn waits(by: &Actor, case: &str) -> Vec<String> {
    let work = by.get("/my-work?limit=200").await.ok();
    let about = |it: &&Value| it["applicationId"] == json!(case);
    let mut kinds: Vec<String> = work
        .items()
        .iter()
        .filter(about)
        .map(|it| it["kind"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds
}

async fn a_draft_may_lack_anything_and_is_no_case_until_it_is_sent_in(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let begun = kari
        .post("/application-drafts", &json!({"householdId": household}))
        .await
        .ok();
    let path = format!("/application-drafts/{}", begun.id());
    let lacking = json!(["/type", "/livesInMunicipalDwelling"]);
    assert_eq!(begun.body["lacking"], lacking);
    // No case, no clock.
    assert!(kari.get("/applications").await.ok().items().is_empty());
    let instance = Scheduler::new(town.db.clone(), server::duties());
    instance.run_due().await.unwrap();
    assert!(kari.get("/my-work").await.ok().items().is_empty());

    let submit = format!("{path}/submit");
    let received = json!({"receivedOn": "2026-02-27"});
    kari.act(&submit, 1, &received)
        .await
        .refused(409, "draft_incomplete");
    let faulty = json!({"needs": {"categories": ["ORDINARY", "ORDINARY"], "urgency": "HIGH"}});
    kari.put(&path, 1, &faulty)
        .await
        .faults(&[("/needs/categories/1", "not_unique")]);
    let content = json!({
        "type": "NEW", "livesInMunicipalDwelling": false, "needs": ordinary_needs(),
    });
    kari.put(&path, 1, &content).await.ok();
    kari.put(&path, 1, &content).await.refused(412, "stale");
    let listed = kari.get("/application-drafts").await.ok();
    assert_eq!(listed.items().len(), 1);
    assert_eq!(listed.items()[0]["lacking"], json!([]));
    let case = kari.act(&submit, 2, &received).await.ok();
    assert_eq!(case.body["state"], "SUBMITTED");
    assert_eq!(case.body["receivedOn"], "2026-02-27");
    assert_eq!(case.body["urgency"], "HIGH");
    // The draft is gone, whoever asks and however often it is sent.
    kari.get(&path).await.refused(404, "not_found");
    kari.act(&submit, 2, &received)
        .await
        .refused(404, "not_found");
}

async fn a_draft_that_nobody_touches_is_thrown_away(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household});
    let old = kari.post("/application-drafts", &body).await.ok().id();
    town.wait_days(30);
    let kari = town.actor(Role::Caseworker).await;
    let fresh = kari.post("/application-drafts", &body).await.ok().id();
    town.wait_days(31);
    let instance = Scheduler::new(town.db.clone(), server::duties());
    instance.run_due().await.unwrap();
    let kari = town.actor(Role::Caseworker).await;
    kari.get(&format!("/application-drafts/{old}"))
        .await
        .refused(404, "not_found");
    kari.get(&format!("/application-drafts/{fresh}")).await.ok();
}

async fn what_was_known_at_receipt_stays_readable(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let body = json!({
        "householdId": household, "type": "NEW", "receivedOn": "2026-02-20",
        "livesInMunicipalDwelling": true, "needs": ordinary_needs(),
    });
    let case = kari.post("/applications", &body).await.ok();
    let path = format!("/applications/{}/intake", case.id());
    let at_receipt = kari.get(&path).await.ok().body["atReceipt"].clone();
    assert_eq!(at_receipt["livesInMunicipalDwelling"], json!(true));
    assert_eq!(at_receipt["members"].as_array().unwrap().len(), 4);
    assert_eq!(at_receipt["situations"], json!(["LEASE_ENDING"]));
    assert_eq!(at_receipt["needs"]["categories"], json!(["ORDINARY"]));
    // Later it is known better; what was known then stands.
    let needs = json!({"categories": ["ROBUST"], "urgency": "ACUTE"});
    let needs_path = format!("/applications/{}/needs", case.id());
    kari.put(&needs_path, 1, &needs).await.ok();
    let situation = json!({
        "reason": "OVERCROWDED", "validFrom": "2026-03-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let situations = format!("/households/{household}/situations");
    kari.post(&situations, &situation).await.ok();
    let now = kari.get(&path).await.ok();
    assert_eq!(now.body["atReceipt"], at_receipt);
    // Who may not see the case does not see what it was.
    let ola = town.actor(Role::DecisionMaker).await;
    ola.get(&path).await.refused(404, "not_found");
}

async fn what_is_lacking_is_asked_for_with_a_day_and_a_letter(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok().id();
    let path = |what: &str| format!("/applications/{case}/{what}");
    let letter = json!({"kind": "DOCUMENTS_REQUESTED"});
    // A letter that asks for nothing lacks the very part that it is about.
    kari.post(&path("letters"), &letter)
        .await
        .refused(422, "letter_part_missing");
    let me = kari.get("/auth/me").await.ok().id();
    kari.act(&path("assign"), 1, &json!({"assigneeId": me}))
        .await
        .ok();
    for (due_on, fault) in [
        ("2026-03-02", "in_the_past"),
        ("2026-06-03", "too_far_ahead"),
    ] {
        let ask = json!({"documents": ["INCOME"], "dueOn": due_on});
        kari.act(&path("request-documents"), 2, &ask)
            .await
            .faults(&[("/dueOn", fault)]);
    }
    // Sunday 17 May: the task is due on the Monday.
    let ask = json!({"documents": ["INCOME", "LEASE"], "dueOn": "2026-05-17"});
    kari.act(&path("request-documents"), 2, &ask).await.ok();
    let work = kari.get("/my-work").await.ok();
    let task = work.items().iter().find(|it| it["kind"] == "DOCUMENTS_DUE");
    assert_eq!(task.unwrap()["dueOn"], "2026-05-18");
    assert_eq!(task.unwrap()["assignedTo"], json!(me));
    let written = kari.post(&path("letters"), &letter).await.ok();
    let id = written.items()[0]["id"].as_str().unwrap();
    let page = kari.get(&format!("/letters/{id}/html")).await.ok();
    for words in ["dokumentasjon på inntekt", "leiekontrakten", "17. mai 2026"] {
        assert!(page.text.contains(words), "{words}");
    }
    // One came; what nobody asked for cannot have come.
    let brought = |documents: Value| json!({"documents": documents, "receivedOn": "2026-03-02"});
    let receive = path("receive-documents");
    kari.act(&receive, 3, &brought(json!(["TAX_RETURN"])))
        .await
        .refused(409, "document_not_asked_for");
    kari.act(&receive, 3, &brought(json!(["LEASE"]))).await.ok();
    let intake = kari.get(&path("intake")).await.ok();
    assert_eq!(intake.body["isComplete"], json!(false));
    assert_eq!(intake.body["documents"][0]["receivedOn"], Value::Null);
    assert_eq!(intake.body["documents"][1]["receivedOn"], "2026-03-02");
    assert_eq!(waits(&kari, &case).await, ["DOCUMENTS_DUE"]);
    kari.act(&receive, 4, &brought(json!(["INCOME"])))
        .await
        .ok();
    let intake = kari.get(&path("intake")).await.ok();
    assert_eq!(intake.body["isComplete"], json!(true));
    assert!(waits(&kari, &case).await.is_empty());
    // Whatever is still lacking when the assessment begins is no longer waited for.
    let ask = json!({"documents": ["TAX_RETURN"], "dueOn": "2026-03-20"});
    kari.act(&path("request-documents"), 5, &ask).await.ok();
    assert_eq!(waits(&kari, &case).await, ["DOCUMENTS_DUE"]);
    kari.act(&path("start-assessment"), 6, &json!({}))
        .await
        .ok();
    assert!(waits(&kari, &case).await.is_empty());
}

/// A new household of the same applicant, as when somebody is registered anew.
async fn household_of_applicant(by: &Actor, case: &str) -> String {
    let shown = by.get(&format!("/applications/{case}")).await.ok();
    let members = json!([{"personId": shown.body["applicantId"], "role": "APPLICANT"}]);
    let made = by.post("/households", &json!({"members": members})).await;
    made.ok().id()
}

async fn the_same_applied_for_twice_is_found_and_goes_on_in_the_older_case(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = |household: &str, on: &str| json!({"householdId": household, "type": "NEW", "receivedOn": on});
    let older = kari
        .post("/applications", &body(&household, "2026-02-02"))
        .await
        .ok();
    let again = household_of_applicant(&kari, &older.id()).await;
    let newer = kari
        .post("/applications", &body(&again, "2026-02-27"))
        .await
        .ok();
    assert_eq!(waits(&kari, &newer.id()).await, ["RESOLVE_DUPLICATE"]);
    let found = kari
        .get(&format!("/applications/{}/duplicates", newer.id()))
        .await
        .ok();
    assert_eq!(found.items().len(), 1);
    assert_eq!(found.items()[0]["applicationId"], json!(older.id()));
    assert_eq!(found.items()[0]["overlap"], "SAME_APPLICANT");
    assert_eq!(found.items()[0]["isOlder"], json!(true));

    // The one that came first takes in the other, so that no day of receipt is lost.
    let merge = |case: &str| format!("/applications/{case}/merge");
    let into = |case: &str| json!({"intoId": case, "reason": "SAME_REQUEST"});
    kari.act(&merge(&older.id()), 1, &into(&newer.id()))
        .await
        .refused(409, "other_case_is_newer");
    let strangers = town.household(&kari, &FAMILY, 2).await;
    let other = kari
        .post("/applications", &body(&strangers, "2026-01-05"))
        .await
        .ok();
    kari.act(&merge(&newer.id()), 1, &into(&other.id()))
        .await
        .refused(409, "nothing_in_common");
    kari.act(&merge(&newer.id()), 1, &into(&household))
        .await
        .faults(&[("/intoId", "not_found")]);
    let merged = kari
        .act(&merge(&newer.id()), 1, &into(&older.id()))
        .await
        .ok();
    assert_eq!(merged.body["state"], "MERGED");
    assert!(waits(&kari, &newer.id()).await.is_empty());
    // Each names the other, in its intake and in its history, and the merged one can still be read.
    let intake = |case: String| async {
        kari.get(&format!("/applications/{}/intake", { case }))
            .await
            .ok()
    };
    let of_newer = intake(newer.id()).await;
    assert_eq!(
        of_newer.body["mergedInto"]["applicationId"],
        json!(older.id())
    );
    assert!(of_newer.body["atReceipt"].is_object());
    let of_older = intake(older.id()).await;
    assert_eq!(
        of_older.body["tookIn"][0]["applicationId"],
        json!(newer.id())
    );
    let auditor = town.actor(Role::Auditor).await;
    for (case, action) in [
        (newer.id(), "application.merged"),
        (older.id(), "application.took_in"),
    ] {
        let history = auditor
            .get(&format!("/applications/{case}/history"))
            .await
            .ok();
        let told = |it: &Value| it["entry"]["action"] == action;
        assert!(history.items().iter().any(told), "{action}");
    }
    let left = kari
        .get(&format!("/applications/{}/duplicates", older.id()))
        .await
        .ok();
    assert!(left.items().is_empty());
    // A case into which nothing can go on any more.
    let withdraw = format!("/applications/{}/withdraw", older.id());
    kari.act(&withdraw, 1, &json!({"by": "APPLICANT"}))
        .await
        .ok();
    let third = household_of_applicant(&kari, &older.id()).await;
    let third = kari
        .post("/applications", &body(&third, "2026-03-01"))
        .await
        .ok();
    kari.act(&merge(&third.id()), 1, &into(&older.id()))
        .await
        .refused(409, "other_case_ended");
}

async fn two_who_merge_a_case_at_the_same_time_do_not_both_succeed(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-02"});
    let older = kari.post("/applications", &body).await.ok().id();
    let again = household_of_applicant(&kari, &older).await;
    let body = json!({"householdId": again, "type": "NEW", "receivedOn": "2026-02-27"});
    let newer = kari.post("/applications", &body).await.ok().id();
    let path = format!("/applications/{newer}/merge");
    let into = json!({"intoId": older, "reason": "SAME_REQUEST"});
    let per = town.another(Role::Caseworker).await;
    let (one, other) = tokio::join!(kari.act(&path, 1, &into), per.act(&path, 1, &into));
    let (won, lost) = if one.status == 200 {
        (one, other)
    } else {
        (other, one)
    };
    won.ok();
    // Too late is too late, whether seen before or while writing.
    let told = (lost.status, lost.code());
    let is_told = [(412, "stale"), (409, "conflict"), (409, "forbidden_step")].contains(&told);
    assert!(is_told, "{} {}", lost.status, lost.text);
    let state = kari.get(&format!("/applications/{newer}")).await.ok();
    assert_eq!(state.body["state"], "MERGED");
}

async fn who_is_sent_on_is_told_to_whom(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok().id();
    let path = |what: &str| format!("/applications/{case}/{what}");
    let notice = json!({"kind": "FORWARDING_NOTICE"});
    kari.post(&path("letters"), &notice)
        .await
        .refused(409, "nothing_to_tell");
    // The bodies are the municipality's own, each with its days. One begins tomorrow, one was given up before it began.
    let admin = town.actor(Role::Admin).await;
    let body = |name: &str, from: &str| json!({"kind": "OTHER_MUNICIPALITY", "name": name, "validFrom": from});
    let meraker = body("Meråker kommune", "2026-03-03");
    let meraker = admin.post("/receiving-bodies", &meraker).await.ok().id();
    let twice = body("Meråker kommune", "2026-03-02");
    admin
        .post("/receiving-bodies", &twice)
        .await
        .refused(409, "receiving_body_exists");
    let selbu = body("Selbu kommune", "2026-03-02");
    let selbu = admin.post("/receiving-bodies", &selbu).await.ok().id();
    let to = |id: &str| json!({"bodyId": id});
    kari.act(&path("forward"), 1, &to(&meraker))
        .await
        .faults(&[("/bodyId", "not_found")]);
    let end = format!("/receiving-bodies/{selbu}/end");
    let last = |day: &str| json!({"validUntil": day});
    admin
        .act(&end, 1, &last("2026-03-01"))
        .await
        .faults(&[("/validUntil", "before_start")]);
    // On its last day it still takes cases.
    admin.act(&end, 1, &last("2026-03-02")).await.ok();
    admin
        .act(&end, 2, &last("2026-03-02"))
        .await
        .refused(409, "receiving_body_ended");
    kari.act(&path("forward"), 1, &to(&selbu)).await.ok();
    assert_eq!(waits(&kari, &case).await, ["TELL_OF_FORWARDING"]);
    let written = kari.post(&path("letters"), &notice).await.ok();
    assert!(waits(&kari, &case).await.is_empty());
    let letter = written.items()[0]["id"].as_str().unwrap();
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    assert!(page.contains("Selbu kommune"), "{page}");
    // What every municipality has beside it is there from the beginning.
    let bodies = kari.get("/receiving-bodies").await.ok();
    let names: Vec<&str> = bodies
        .items()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    let expected = [
        "Husbanken",
        "Meråker kommune",
        "NAV stjordal",
        "Selbu kommune",
    ];
    assert_eq!(names, expected);
}

cases::cases![
    a_draft_may_lack_anything_and_is_no_case_until_it_is_sent_in,
    a_draft_that_nobody_touches_is_thrown_away,
    what_was_known_at_receipt_stays_readable,
    what_is_lacking_is_asked_for_with_a_day_and_a_letter,
    the_same_applied_for_twice_is_found_and_goes_on_in_the_older_case,
    two_who_merge_a_case_at_the_same_time_do_not_both_succeed,
    who_is_sent_on_is_told_to_whom,
];
