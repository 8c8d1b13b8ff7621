//! Each kind of application comes to what it asks for: another home, a longer lease, a settlement.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, decide, granted, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Gives a home to whoever applies, and lets them move in. Gives the tenancy's id.
async fn move_in(by: &Actor, other: &Actor, case: &str, home: &str) -> String {
    let offer = granted(by, other, case, home).await;
    let accept = json!({"startsOn": "2026-03-02"});
    let path = format!("/offers/{offer}/accept");
    let accepted = by.act(&path, 1, &accept).await.ok();
    accepted.body["tenancyId"].as_str().unwrap().to_owned()
}

async fn a_lease_that_is_renewed_runs_on_by_the_decision(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let renewal = json!({"outcome": "GRANTED", "reasons": reasons()});

    // Who rents nothing of the municipality has nothing to renew.
    let case = town
        .case_of_type_before_team(&kari, &household, "RENEWAL")
        .await;
    let decisions = format!("/applications/{case}/decisions");
    kari.post(&decisions, &renewal)
        .await
        .refused(409, "nothing_to_renew");
    let seen = kari.get(&format!("/applications/{case}")).await.ok();
    let withdraw = format!("/applications/{case}/withdraw");
    kari.act(&withdraw, seen.version(), &json!({"by": "APPLICANT"}))
        .await
        .ok();

    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let tenancy = move_in(&kari, &ola, &case, &home).await;
    let path = format!("/tenancies/{tenancy}");
    let before = manager.get(&path).await.ok();
    assert_eq!(before.body["agreedUntil"], "2029-03-02");

    let case = town
        .case_of_type_before_team(&kari, &household, "RENEWAL")
        .await;
    let decisions = format!("/applications/{case}/decisions");
    // It is of the home that the household lives in, and of no other.
    let other_home = town.home(1, 2).await;
    let mut elsewhere = renewal.clone();
    elsewhere["dwellingId"] = json!(other_home);
    kari.post(&decisions, &elsewhere)
        .await
        .faults(&[("/dwellingId", "contradiction")]);
    // Longer than standard needs a reason here too.
    let mut long = renewal.clone();
    long["leaseMonths"] = json!(60);
    kari.post(&decisions, &long)
        .await
        .faults(&[("/leaseExtension", "missing")]);
    let mut short = renewal.clone();
    short["leaseMonths"] = json!(12);
    let decided = decide(&kari, &ola, &case, &short).await;
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "CONCLUDED");
    let after = manager.get(&path).await.ok();
    assert_eq!(after.body["agreedUntil"], "2030-03-02");
    assert_eq!(after.body["state"], "ACTIVE");
    let renewals = manager.get(&format!("{path}/renewals")).await.ok();
    assert_eq!(renewals.items().len(), 1);
    assert_eq!(renewals.items()[0]["decisionId"], json!(decided.id()));
    assert_eq!(renewals.items()[0]["runsFrom"], "2029-03-02");
    assert_eq!(renewals.items()[0]["runsUntil"], "2030-03-02");
    // The home in which they live is let as before, the other one free.
    let lived_in = manager.get(&format!("/dwellings/{home}")).await.ok();
    assert_eq!(lived_in.body["state"], "OCCUPIED");
    let free = manager.get(&format!("/dwellings/{other_home}")).await.ok();
    assert_eq!(free.body["state"], "AVAILABLE");
    // The letter says what was decided, and for how long.
    let letters = format!("/decisions/{}/letters", decided.id());
    let written = kari.post(&letters, &json!({})).await.ok();
    let id = written.items()[0]["id"].as_str().unwrap();
    let page = kari.get(&format!("/letters/{id}/html")).await.ok().text;
    for words in ["Leieavtalen forlenges", "12 måneder"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor
        .get(&format!("/applications/{case}/history"))
        .await
        .ok();
    let renewed = |it: &Value| it["entry"]["action"] == "tenancy.renewed";
    assert!(history.items().iter().any(renewed));
}

async fn a_renewal_is_changed_only_by_a_new_decision(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let tenancy = move_in(&kari, &ola, &case, &home).await;
    let lease = async || {
        let shown = manager.get(&format!("/tenancies/{tenancy}")).await.ok();
        shown.body["agreedUntil"].as_str().unwrap().to_owned()
    };
    let case = town
        .case_of_type_before_team(&kari, &household, "RENEWAL")
        .await;
    let granted =
        |months: u16| json!({"outcome": "GRANTED", "leaseMonths": months, "reasons": reasons()});
    let first = decide(&kari, &ola, &case, &granted(12)).await.id();
    assert_eq!(lease().await, "2030-03-02");
    // It stands: another decision must say that it takes its place.
    let decisions = format!("/applications/{case}/decisions");
    kari.post(&decisions, &granted(24))
        .await
        .refused(409, "not_ready_for_decision");
    let mut longer = granted(24);
    longer["replaces"] = json!(first);
    let second = decide(&kari, &ola, &case, &longer).await.id();
    assert_eq!(lease().await, "2031-03-02");
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "CONCLUDED");
    // Refused after all before it has begun to run: the lease ends when it would have ended.
    let refusal = json!({"outcome": "REFUSED", "replaces": second, "reasons": reasons()});
    let third = decide(&kari, &ola, &case, &refusal).await.id();
    assert_eq!(lease().await, "2029-03-02");
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "REFUSED");
    // And granted once more, by a decision that replaces the refusal.
    let mut again = granted(36);
    again["replaces"] = json!(third);
    let fourth = decide(&kari, &ola, &case, &again).await.id();
    assert_eq!(lease().await, "2032-03-02");
    let renewals = format!("/tenancies/{tenancy}/renewals");
    let renewals = manager.get(&renewals).await.ok();
    let course: Vec<_> = renewals
        .items()
        .iter()
        .map(|it| (it["decisionId"].clone(), it["replacedBy"].clone()))
        .collect();
    let expected = [
        (json!(first), json!(second)),
        (json!(second), json!(third)),
        (json!(fourth), Value::Null),
    ];
    assert_eq!(course, expected);
    // Once it runs, it is not taken away any more.
    town.wait_days(3 * 365 + 10);
    let kari = town.actor(Role::Caseworker).await;
    let refusal = json!({"outcome": "REFUSED", "replaces": fourth, "reasons": reasons()});
    kari.post(&decisions, &refusal)
        .await
        .refused(409, "renewal_running");
}

async fn no_lease_is_renewed_beyond_its_home(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    move_in(&kari, &ola, &case, &home).await;
    let case = town
        .case_of_type_before_team(&kari, &household, "RENEWAL")
        .await;
    let renewal =
        |months: u16| json!({"outcome": "GRANTED", "leaseMonths": months, "reasons": reasons()});
    let decisions = format!("/applications/{case}/decisions");
    let proposed = kari.post(&decisions, &renewal(36)).await.ok().id();
    // Meanwhile it is planned that the house is demolished: what was proposed cannot be decided any more.
    let manager = town.actor(Role::HousingManager).await;
    let plan = json!({
        "name": "Riving", "vacateBy": "2030-06-02", "demolishFrom": "2030-06-02",
        "dwellingIds": [home], "rehousesResidents": true,
    });
    manager.post("/demolition-plans", &plan).await.ok();
    let approve = format!("/decisions/{proposed}/approve");
    let refused = ola.act(&approve, 1, &json!({})).await;
    assert_eq!(refused.body["lettableUntil"], "2030-06-02");
    refused.refused(409, "lease_outlasts_home");
    let back = format!("/decisions/{proposed}/return");
    ola.act(&back, 1, &json!({"reason": "FACTS_INSUFFICIENT"}))
        .await
        .ok();
    kari.post(&decisions, &renewal(16))
        .await
        .refused(409, "lease_outlasts_home");
    decide(&kari, &ola, &case, &renewal(15)).await;
    let tenancies = manager.get(&format!("/tenancies?dwellingId={home}")).await;
    assert_eq!(tenancies.ok().items()[0]["agreedUntil"], "2030-06-02");
}

async fn a_lease_that_nobody_follows_up_in_time_has_no_end_any_more(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut lived_in = Vec::new();
    for number in [1, 2] {
        let household = town.household(&kari, &SINGLE, number).await;
        let case = town.case_before_team(&kari, &household).await;
        let home = town.home(1, number).await;
        let grant = json!({"outcome": "GRANTED", "dwellingId": home, "leaseMonths": 6, "reasons": reasons()});
        let decided = decide(&kari, &ola, &case, &grant).await;
        let offer = decided.body["offerId"].as_str().unwrap();
        let path = format!("/offers/{offer}/accept");
        let accept = json!({"startsOn": "2026-03-02"});
        let accepted = kari.act(&path, 1, &accept).await.ok();
        let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
        lived_in.push((household, tenancy));
    }
    // Both leases ran out on 2 September. One tenant is asked in writing to leave, the other forgotten.
    town.wait_days(200);
    do_duties(&town).await;
    let kari = town.actor(Role::Caseworker).await;
    let work = kari.get("/my-work?limit=200").await.ok();
    let asks = |it: &&Value| it["kind"] == "LEASE_RAN_OUT";
    let tasks: Vec<Value> = work.items().iter().filter(asks).cloned().collect();
    assert_eq!(tasks.len(), 2);
    assert_eq!(tasks[0]["dueOn"], "2026-12-01");
    let is_first = |it: &&Value| it["subjectId"] == json!(lived_in[0].1);
    let first = tasks.iter().find(is_first).unwrap();
    let done = format!("/tasks/{}/done", first["id"].as_str().unwrap());
    kari.act(&done, 1, &json!({})).await.ok();
    do_duties(&town).await;

    town.wait_days(80);
    let kari = town.actor(Role::Caseworker).await;
    let renewal = json!({"outcome": "GRANTED", "reasons": reasons()});
    for (at, (household, _)) in lived_in.iter().enumerate() {
        let case = town
            .case_of_type_before_team(&kari, household, "RENEWAL")
            .await;
        let path = format!("/applications/{case}/decisions");
        let proposed = kari.post(&path, &renewal).await;
        if at == 0 {
            proposed.ok();
        } else {
            proposed.refused(409, "lease_open_ended");
        }
    }
}

/// The service does by itself what is due.
async fn do_duties(town: &Town) {
    let duties = rettbolig::server::duties();
    let scheduler = rettbolig::tasks::Scheduler::new(town.db.clone(), duties);
    scheduler.run_due().await.unwrap();
}

async fn who_moves_within_the_stock_keeps_the_former_home_until_it_is_handed_back(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let former = town.home(1, 1).await;
    let first = move_in(&kari, &ola, &case, &former).await;

    let case = town
        .case_of_type_before_team(&kari, &household, "TRANSFER")
        .await;
    let home = town.home(1, 2).await;
    let second = move_in(&kari, &ola, &case, &home).await;
    for tenancy in [&first, &second] {
        let shown = manager.get(&format!("/tenancies/{tenancy}")).await.ok();
        assert_eq!(shown.body["state"], "ACTIVE");
    }
    let end = format!("/tenancies/{first}/end");
    manager
        .act(&end, 1, &json!({"endedOn": "2026-03-02"}))
        .await
        .ok();
    let left = manager.get(&format!("/dwellings/{former}")).await.ok();
    assert_ne!(left.body["state"], "OCCUPIED");
    let kept = manager.get(&format!("/tenancies/{second}")).await.ok();
    assert_eq!(kept.body["state"], "ACTIVE");
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "HOUSED");
}

async fn who_is_settled_by_agreement_with_the_state_is_housed_like_others(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town
        .case_of_type_before_team(&kari, &household, "REFUGEE_SETTLEMENT")
        .await;
    let home = town.home(1, 1).await;
    // Newly settled refugees may be given a longer lease, for a reason that the rules name.
    let proposal = json!({
        "outcome": "GRANTED", "dwellingId": home, "reasons": reasons(),
        "leaseMonths": 60, "leaseExtension": "NEWLY_SETTLED_REFUGEE",
    });
    let decided = decide(&kari, &ola, &case, &proposal).await;
    let offer = decided.body["offerId"].as_str().unwrap();
    let path = format!("/offers/{offer}/accept");
    let accept = json!({"startsOn": "2026-03-02"});
    let accepted = kari.act(&path, 1, &accept).await.ok();
    let manager = town.actor(Role::HousingManager).await;
    let tenancy = accepted.body["tenancyId"].as_str().unwrap();
    let tenancy = manager.get(&format!("/tenancies/{tenancy}")).await.ok();
    assert_eq!(tenancy.body["agreedUntil"], "2031-03-02");
}

cases::cases![
    a_lease_that_is_renewed_runs_on_by_the_decision,
    a_renewal_is_changed_only_by_a_new_decision,
    no_lease_is_renewed_beyond_its_home,
    a_lease_that_nobody_follows_up_in_time_has_no_end_any_more,
    who_moves_within_the_stock_keeps_the_former_home_until_it_is_handed_back,
    who_is_settled_by_agreement_with_the_state_is_housed_like_others,
];
