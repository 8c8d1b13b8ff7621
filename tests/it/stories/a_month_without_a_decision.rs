//! A month without a decision: the interim reply, the promise that slips, and what stands on whose list meanwhile.

use rettbolig::auth::Role;
use rettbolig::server;
use rettbolig::tasks::Scheduler;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// The next morning after so many days, when the service has looked at what is due.
async fn morning(town: &Town, days: i64) {
    town.wait_days(days);
    let instance = Scheduler::new(town.db.clone(), server::duties());
    instance.run_due().await.unwrap();
}

/// What waits for somebody: kinds and days.
async fn waits(by: &Actor) -> Vec<(String, String)> {
    let work = by.get("/my-work?limit=200").await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = work.items().iter();
    told.map(|it| (text(&it["kind"]), text(&it["dueOn"])))
        .collect()
}

fn on(kind: &str, day: &str) -> (String, String) {
    (kind.to_owned(), day.to_owned())
}

async fn an_applicant_who_waits_for_longer_than_a_month_is_told_why_and_until_when(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;

    // Received on Monday 2 March. In the morning somebody is to take the case, and the clock runs.
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-03-02"});
    let case = kari.post("/applications", &body).await.ok();
    let path = |what: &str| format!("/applications/{}/{what}", case.id());
    morning(&town, 0).await;
    let expected = [
        on("ASSIGN_CASE", "2026-03-05"),
        // A month later is Maundy Thursday: the Tuesday after Easter.
        on("INTERIM_REPLY", "2026-04-07"),
    ];
    assert_eq!(waits(&kari).await, expected);

    // Kari takes it and begins. The request for help is to be answered as well, by a decision of its own.
    let me = kari.get("/auth/me").await.ok().id();
    kari.act(&path("assign"), 1, &json!({"assigneeId": me}))
        .await
        .ok();
    kari.act(&path("start-assessment"), 2, &json!({}))
        .await
        .ok();
    morning(&town, 1).await;
    let kari = town.actor(Role::Caseworker).await;
    let both = [
        on("INTERIM_REPLY", "2026-04-07"),
        on("DECIDE_ASSISTANCE", "2026-04-07"),
    ];
    let mut found = waits(&kari).await;
    found.sort_by(|one, other| other.cmp(one));
    assert_eq!(found, both);

    // Asking for documents stops no clock.
    let documents = json!({"documents": ["INCOME"], "dueOn": "2026-03-20"});
    kari.act(&path("request-documents"), 3, &documents)
        .await
        .ok();
    morning(&town, 10).await;
    let kari = town.actor(Role::Caseworker).await;
    let due = on("DOCUMENTS_DUE", "2026-03-20");
    assert!(waits(&kari).await.contains(&due));
    let brought = json!({"documents": ["INCOME"], "receivedOn": "2026-03-13"});
    kari.act(&path("receive-documents"), 4, &brought).await.ok();
    assert!(!waits(&kari).await.contains(&due));
    morning(&town, 24).await;
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(waits(&kari).await.len(), 2);
    // On Easter Monday it is still in time, on Wednesday it is late, and the team sees it.
    assert!(kari.get("/overdue").await.ok().items().is_empty());
    morning(&town, 2).await;
    let kari = town.actor(Role::Caseworker).await;
    let late = kari.get("/overdue").await.ok();
    let kinds: Vec<&Value> = late.items().iter().map(|it| &it["kind"]).collect();
    assert!(kinds.contains(&&json!("INTERIM_REPLY")), "{kinds:?}");

    // The interim reply: why, and when. It is noted that it was late.
    let replies = path("interim-replies");
    let reply = json!({"reason": "DOCUMENTS_MISSING", "expectedBy": "2026-05-18", "letter": "NB"});
    let sent = kari.post(&replies, &reply).await.ok();
    assert_eq!(sent.body["kind"], "INTERIM");
    assert_eq!(sent.body["dueOn"], "2026-04-07");
    assert!(sent.body["daysLate"].as_i64().unwrap() > 0);
    let letter = sent.body["letterIds"][0].as_str().unwrap();
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    for words in ["Foreløpig svar", "Vi mangler dokumentasjon", "18. mai 2026"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    kari.post(
        &replies,
        &json!({"reason": "CAPACITY", "expectedBy": "2027-01-01"}),
    )
    .await
    .faults(&[("/expectedBy", "too_far_ahead")]);

    // The promised day comes near: two working days before, over the weekend of 17 May and Ascension Day.
    morning(&town, 1).await;
    let kari = town.actor(Role::Caseworker).await;
    assert!(
        waits(&kari)
            .await
            .contains(&on("DELAY_NOTICE", "2026-05-13"))
    );
    let slips = json!({"reason": "LONGER_ASSESSMENT", "expectedBy": "2026-06-15", "letter": "NN"});
    let sent = kari.post(&replies, &slips).await.ok();
    assert_eq!(sent.body["kind"], "DELAY");
    assert_eq!(sent.body["daysLate"], 0);
    let letter = sent.body["letterIds"][0].as_str().unwrap();
    let page = kari.get(&format!("/letters/{letter}/html")).await.ok().text;
    for words in ["18. mai 2026", "15. juni 2026", "ei grundigare vurdering"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let told = kari.get(&replies).await.ok();
    assert_eq!(told.items().len(), 2);

    // When help is decided on and the case dismissed, nothing is due any more.
    let ola = town.actor(Role::DecisionMaker).await;
    kari.act(&path("start-assessment"), 5, &json!({}))
        .await
        .ok();
    for proposal in [
        json!({"legalBasis": "HOUSING_ASSISTANCE_ACT", "outcome": "GRANTED",
               "reasons": reasons(), "assistance": ["ADVICE"]}),
        json!({"outcome": "DISMISSED", "reasons": reasons()}),
    ] {
        decide(&kari, &ola, &case.id(), &proposal).await;
    }
    kari.post(&replies, &slips)
        .await
        .refused(409, "nothing_to_wait_for");
    morning(&town, 1).await;
    let kari = town.actor(Role::Caseworker).await;
    let left: Vec<String> = waits(&kari).await.into_iter().map(|it| it.0).collect();
    assert_eq!(left, ["NOTIFY_DECISION", "NOTIFY_DECISION"]);

    // The case's own history tells it all.
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor.get(&path("history")).await.ok();
    let told = history
        .items()
        .iter()
        .filter(|it| it["entry"]["action"] == "application.applicant_told");
    assert_eq!(told.count(), 2);
}

cases::cases![an_applicant_who_waits_for_longer_than_a_month_is_told_why_and_until_when];
