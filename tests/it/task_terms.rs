//! Within which days work is done is the municipality's to say, and the law's own numbers can be seen with where they stand.

use rettbolig::auth::Role;
use serde_json::json;

use crate::housing::with;
use crate::shelters::{provider, stay};
use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, reasons, task_terms};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A refusal that is proposed and decided on.
async fn refuse(kari: &Actor, ola: &Actor, case: &str) {
    let proposal = json!({"outcome": "REFUSED", "reasons": reasons()});
    decide(kari, ola, case, &proposal).await;
}

async fn tasks_are_due_by_the_terms_that_hold_that_day(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    // From tomorrow a fortnight; today the shipped three days hold.
    ola.post("/task-terms", &task_terms(1)).await.ok();
    refuse(&kari, &ola, &case).await;
    let waits = kari.get("/my-work").await.ok();
    assert_eq!(waits.items()[0]["kind"], "NOTIFY_DECISION");
    assert_eq!(waits.items()[0]["dueOn"], "2026-03-05");

    town.wait_days(1);
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 2).await;
    let case = town.case_before_team(&kari, &household).await;
    refuse(&kari, &ola, &case).await;
    let waits = kari.get("/my-work").await.ok();
    let due: Vec<_> = waits.items().iter().map(|it| &it["dueOn"]).collect();
    assert_eq!(due, [&json!("2026-03-05"), &json!("2026-03-17")]);
}

async fn terms_are_adopted_by_whoever_decides_and_never_for_the_past(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    kari.post("/task-terms", &task_terms(0))
        .await
        .refused(403, "forbidden");
    let past = with(task_terms(0), json!({"validFrom": "2026-03-01"}));
    ola.post("/task-terms", &past)
        .await
        .faults(&[("/validFrom", "in_the_past")]);
    let typed = with(task_terms(0), json!({"validFrom": "2206-03-02"}));
    ola.post("/task-terms", &typed)
        .await
        .faults(&[("/validFrom", "too_far_ahead")]);
    let mut never = task_terms(0);
    never["rules"]["basis"] = json!("   ");
    never["rules"]["notifyDecision"] = json!(0);
    never["rules"]["draftKept"] = json!(366);
    never["rules"]["shelterStay"] = json!(61);
    ola.post("/task-terms", &never).await.faults(&[
        ("/rules/basis", "wrong_format"),
        ("/rules/draftKept", "too_large"),
        ("/rules/notifyDecision", "too_small"),
        ("/rules/shelterStay", "too_large"),
    ]);
    let shipped = kari.get("/task-terms").await.ok();
    assert_eq!(shipped.body["inForce"]["notifyDecision"], 3);
    assert!(shipped.items().is_empty());

    ola.post("/task-terms", &task_terms(0)).await.ok();
    ola.post("/task-terms", &task_terms(0))
        .await
        .faults(&[("/validFrom", "not_after")]);
    ola.post("/task-terms", &task_terms(30)).await.ok();
    let told = kari.get("/task-terms").await.ok();
    assert_eq!(told.body["inForce"]["notifyDecision"], 14);
    assert_eq!(told.items()[0]["validUntil"], "2026-04-01");
    let auditor = town.actor(Role::Auditor).await;
    let asked = "/audit/entries?action=task_terms.adopted";
    assert_eq!(auditor.get(asked).await.ok().items().len(), 2);
    let statutes = auditor.get("/statutes").await.ok();
    let mut all = statutes.items().iter();
    let notice = all.clone().find(|it| it["statute"] == "EVICTION_NOTICE");
    assert_eq!(notice.unwrap()["term"], json!({"days": 14}));
    assert!(
        all.all(|it| !it["source"].as_str().unwrap().contains("praksis")),
        "practice is the municipality's to say"
    );
}

async fn how_long_a_stay_is_long_is_counted_by_the_terms_that_hold(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let household = town.household(&kari, &SINGLE, 1).await;
    let place = nav.post("/shelters/providers", &provider("HOTEL")).await;
    let place = place.ok().id();
    stay(&nav, &household, &place).await.ok();
    town.wait_days(40);
    let counted = async || {
        let statistician = town.actor(Role::Statistician).await;
        let told = statistician.get("/shelters/statistics?year=2026").await;
        let told = told.ok().body;
        let long = &told["temporaryAccommodation"]["householdsOverShelterStay"];
        (told["shelterStayMonths"].clone(), long.clone())
    };
    assert_eq!(counted().await, (json!(3), json!(0)));
    let mut terms = task_terms(40);
    terms["rules"]["shelterStay"] = json!(1);
    let ola = town.actor(Role::DecisionMaker).await;
    ola.post("/task-terms", &terms).await.ok();
    assert_eq!(counted().await, (json!(1), json!(1)));
}

cases::cases![
    how_long_a_stay_is_long_is_counted_by_the_terms_that_hold,
    tasks_are_due_by_the_terms_that_hold_that_day,
    terms_are_adopted_by_whoever_decides_and_never_for_the_past,
];
