//! The terms on which homes are let: what the municipality has said in numbers, and what an agreement demands of a lease.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::housing::with;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, home, reasons, referral_agreement, stock_rules};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Says an agreement of four units anew, with these terms.
async fn revise(manager: &Actor, path: &str, others: Value) -> Answer {
    let seen = manager.get(path).await.ok();
    let said = with(with(referral_agreement(1), json!({"units": 4})), others);
    manager.put(path, seen.version(), &said).await
}

async fn a_lease_is_as_long_as_the_agreement_of_its_home_demands(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let manager = town.actor(Role::HousingManager).await;
    let terms = with(referral_agreement(1), json!({"units": 4}));
    let made = manager.post("/agreements", &terms).await.ok();
    assert_eq!(made.body["leaseMonthsMin"], 36);
    let agreement = format!("/agreements/{}", made.id());
    let leased = with(home(1, 1), json!({"tenure": "PRIVATE_WITH_RIGHT"}));
    let leased = manager.post("/dwellings", &leased).await.ok().id();
    let homes = json!({"dwellingIds": [leased]});
    let add = format!("{agreement}/add-homes");
    manager.act(&add, 1, &homes).await.ok();

    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let proposal = |months: Value| {
        json!({
            "outcome": "GRANTED", "dwellingId": leased, "reasons": reasons(), "leaseMonths": months,
        })
    };
    let short = kari.post(&path, &proposal(json!(35))).await;
    let told = short.refused(409, "lease_too_short");
    assert_eq!(told.body["leaseMonthsMin"], 36);
    let state = async || {
        let shown = manager.get(&format!("/dwellings/{leased}")).await.ok();
        shown.body["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state().await, "AVAILABLE");
    let proposed = kari.post(&path, &proposal(Value::Null)).await.ok();
    assert_eq!(proposed.body["leaseMonths"], 36);

    // The owner asks for more meanwhile: what was proposed can no longer be decided.
    revise(&manager, &agreement, json!({"leaseMonthsMin": 48}))
        .await
        .ok();
    let approve = format!("/decisions/{}/approve", proposed.id());
    let refused = ola.act(&approve, proposed.version(), &json!({})).await;
    refused.refused(409, "lease_too_short");
    assert_eq!(state().await, "RESERVED");
    revise(&manager, &agreement, json!({})).await.ok();
    ola.act(&approve, proposed.version(), &json!({})).await.ok();
    assert_eq!(state().await, "ALLOCATED");
}

async fn a_plan_and_a_proposal_keep_to_the_quota_of_the_agreement_itself(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let manager = town.actor(Role::HousingManager).await;
    // The rules would allow two of five; the owner gives one.
    let terms = json!({"units": 5, "quotaPercent": 20});
    let terms = with(referral_agreement(1), terms);
    let made = manager.post("/agreements", &terms).await.ok();
    assert_eq!(made.body["usable"], 1);
    let mut homes = Vec::new();
    for number in 1..=2 {
        let leased = with(home(1, number), json!({"tenure": "PRIVATE_WITH_RIGHT"}));
        homes.push(manager.post("/dwellings", &leased).await.ok().id());
    }
    let add = format!("/agreements/{}/add-homes", made.id());
    manager
        .act(&add, 1, &json!({"dwellingIds": homes}))
        .await
        .ok();
    let mut cases = Vec::new();
    for serial in 1..=2 {
        let household = town.household(&kari, &SINGLE, serial).await;
        cases.push(town.case_before_team(&kari, &household).await);
    }
    let plan = json!({"objective": "SUITABILITY"});
    let run = kari.post("/matching/runs", &plan).await.ok();
    let assigned = run.body["plan"]["assignments"].as_array().unwrap();
    assert_eq!(assigned.len(), 1, "{}", run.text);
    let propose = async |at: usize| {
        let path = format!("/applications/{}/decisions", cases[at]);
        let proposal = json!({"outcome": "GRANTED", "dwellingId": homes[at], "reasons": with(reasons(), json!({"deviation": "Hastesak."}))});
        kari.post(&path, &proposal).await
    };
    propose(0).await.ok();
    let full = propose(1).await.refused(409, "home_does_not_fit");
    assert_eq!(full.body["failed"], json!(["REFERRAL_QUOTA"]));
}

async fn agreements_and_inspections_follow_the_numbers_of_the_municipality(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let shipped = manager.get("/stock-rules").await.ok();
    assert_eq!(
        shipped.body["inForce"]["agreements"]["referralQuotaPercent"],
        40
    );
    assert!(shipped.items().is_empty());
    let past = with(stock_rules(0), json!({"validFrom": "2026-03-01"}));
    manager
        .post("/stock-rules", &past)
        .await
        .faults(&[("/validFrom", "in_the_past")]);
    let mut never = stock_rules(0);
    never["rules"]["inspections"]["everyMonths"] = json!(0);
    never["rules"]["agreements"]["referralQuotaPercent"] = json!(101);
    manager.post("/stock-rules", &never).await.faults(&[
        ("/rules/inspections/everyMonths", "too_small"),
        ("/rules/agreements/referralQuotaPercent", "too_large"),
    ]);

    let late = with(home(1, 1), json!({"inspectedOn": "2025-02-01"}));
    let late = manager.post("/dwellings", &late).await.ok();
    let due = manager.get("/inspections/due").await.ok();
    assert_eq!(due.items().len(), 1);

    let adopted = manager.post("/stock-rules", &stock_rules(0)).await.ok();
    assert_eq!(adopted.body["validUntil"], Value::Null);
    manager
        .post("/stock-rules", &stock_rules(0))
        .await
        .faults(&[("/validFrom", "not_after")]);
    // The next version stands there already, and holds from its day on.
    manager.post("/stock-rules", &stock_rules(30)).await.ok();
    let told = manager.get("/stock-rules").await.ok();
    assert_eq!(told.items()[0]["validUntil"], "2026-04-01");
    assert_eq!(told.body["inForce"]["inspections"]["everyMonths"], 24);

    // Every second year is enough now.
    let due = manager.get("/inspections/due").await.ok();
    assert!(due.items().is_empty());
    let letting = format!("/dwellings/{}/letting", late.id());
    let letting = manager.get(&letting).await.ok();
    assert_eq!(letting.body["nextInspectionDueOn"], "2027-02-01");
    assert_eq!(letting.body["mayBeLet"], true);

    // An agreement is made by the terms that hold when it starts, and asks for more at most.
    let old = manager
        .post("/agreements", &referral_agreement(1))
        .await
        .ok();
    assert_eq!(old.body["usable"], 4);
    assert_eq!(old.body["endsOn"], "2046-01-01");
    let today = with(referral_agreement(2), json!({"startsOn": "2026-03-02"}));
    let new = manager.post("/agreements", &today).await.ok();
    assert_eq!(
        [
            &new.body["usable"],
            &new.body["endsOn"],
            &new.body["leaseMonthsMin"]
        ],
        [&json!(5), &json!("2036-03-02"), &json!(12)]
    );
    let lax = json!({"startsOn": "2026-03-02", "quotaPercent": 51, "leaseMonthsMin": 11});
    manager
        .post("/agreements", &with(referral_agreement(3), lax))
        .await
        .faults(&[
            ("/leaseMonthsMin", "out_of_range"),
            ("/quotaPercent", "out_of_range"),
        ]);
    let auditor = town.actor(Role::Auditor).await;
    let entries = auditor
        .get("/audit/entries?action=stock_rules.adopted")
        .await
        .ok();
    assert_eq!(entries.items().len(), 2);
}

cases::cases![
    a_plan_and_a_proposal_keep_to_the_quota_of_the_agreement_itself,
    a_lease_is_as_long_as_the_agreement_of_its_home_demands,
    agreements_and_inspections_follow_the_numbers_of_the_municipality,
];
