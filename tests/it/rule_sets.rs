//! Rules as data: proposed by one, approved by another, compared, tried over the open cases, and never saying what must not count.

use diesel::prelude::*;
use rettbolig::auth::Role;
use rettbolig::db::{Purpose, schema};
use rettbolig::rulesets::RuleSet;
use serde_json::{Value, json};

use crate::support::given::{FAMILY, SINGLE, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

fn example() -> Value {
    serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap()
}

/// The example's rules with a year of residence as a must.
fn with_residence() -> Value {
    let mut rules = example();
    rules["eligibility"] = json!([{
        "code": "RESIDENCE", "name": {"nb": "Bosatt", "en": "Resident"},
        "strictness": "MUST", "requires": {"residentForMonths": 12},
        "except": ["SETTLEMENT_AGREEMENT"],
    }]);
    rules
}

async fn rules_are_proposed_by_one_and_approved_by_another(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let ola = town.actor(Role::DecisionMaker).await;
    let eva = town.another(Role::DecisionMaker).await;
    let kari = town.actor(Role::Caseworker).await;
    let proposal = json!({"rules": with_residence(), "validFrom": "2026-04-01"});
    kari.post("/rule-sets", &proposal)
        .await
        .refused(403, "forbidden");
    let proposed = ola.post("/rule-sets", &proposal).await.ok();
    assert_eq!(proposed.body["state"], "PROPOSED");
    let path = format!("/rule-sets/{}", proposed.id());
    let approve = format!("{path}/approve");
    ola.act(&approve, 1, &json!({}))
        .await
        .refused(403, "own_rule_set");
    let approved = eva.act(&approve, 1, &json!({})).await.ok();
    assert_eq!(approved.body["state"], "APPROVED");
    eva.act(&approve, 2, &json!({}))
        .await
        .refused(409, "rule_set_not_proposed");
    // In force from their day on, and not before.
    let listed = kari.get("/rule-sets").await.ok();
    assert_eq!(listed.items()[0]["validUntil"], "2026-04-01");
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let eligibility = format!("/applications/{case}/eligibility");
    let now = kari.get(&eligibility).await.ok();
    assert_eq!(now.body["ruleSetNumber"], 1);
    town.wait_days(30);
    let kari = town.actor(Role::Caseworker).await;
    let then = kari.get(&eligibility).await.ok();
    assert_eq!(then.body["ruleSetNumber"], 2);
    assert_eq!(then.body["findings"][0]["result"], "UNKNOWN");
}

async fn rules_do_not_reach_back_and_their_day_must_not_have_passed(bench: Bench) {
    let town = Town::open(bench).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let back = json!({"rules": example(), "validFrom": "2026-03-01"});
    ola.post("/rule-sets", &back)
        .await
        .faults(&[("/validFrom", "in_the_past")]);
    let soon = json!({"rules": example(), "validFrom": "2026-03-03"});
    let proposed = ola.post("/rule-sets", &soon).await.ok();
    town.wait_days(2);
    let eva = town.another(Role::DecisionMaker).await;
    let path = format!("/rule-sets/{}", proposed.id());
    eva.act(&format!("{path}/approve"), 1, &json!({}))
        .await
        .refused(409, "rule_set_day_passed");
    // Whoever proposed may take them back.
    let ola = town.actor(Role::DecisionMaker).await;
    let rejected = ola.act(&format!("{path}/reject"), 1, &json!({})).await.ok();
    assert_eq!(rejected.body["state"], "REJECTED");
}

async fn rules_that_name_what_must_not_count_cannot_be_saved(bench: Bench) {
    let town = Town::open(bench).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let propose = async |change: &dyn Fn(&mut Value)| {
        let mut rules = with_residence();
        change(&mut rules);
        let body = json!({"rules": rules, "validFrom": "2026-04-01"});
        ola.post("/rule-sets", &body).await
    };
    // Behind a code or a name.
    propose(&|rules| rules["eligibility"][0]["code"] = json!("NATIONALITY"))
        .await
        .faults(&[("/rules/eligibility/0/code", "PROHIBITED_ATTRIBUTE")]);
    propose(&|rules| rules["priority"]["groups"][0]["name"]["nb"] = json!("De som fortjener det"))
        .await
        .faults(&[("/rules/priority/groups/0/name/nb", "PROHIBITED_ATTRIBUTE")]);
    // As a word of the rules themselves.
    for requires in [
        json!({"nationality": "NO"}),
        json!({"ageAtMost": 60}),
        json!("withoutDiagnosis"),
    ] {
        let answer = propose(&|rules| rules["eligibility"][0]["requires"] = requires.clone()).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    for when in [json!({"religion": "ANY"}), json!("isPregnant")] {
        let answer = propose(&|rules| rules["priority"]["groups"][0]["when"] = when.clone()).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    // As a factor.
    let answer = propose(&|rules| {
        rules["scoring"]["weights"][0]["term"] = json!("ETHNICITY");
    })
    .await;
    assert_eq!(answer.status, 400);
    let none = ola.get("/rule-sets").await.ok();
    assert!(none.items().is_empty());
}

async fn what_differs_is_told_place_by_place(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut rules = with_residence();
    rules["offerAnswerDays"] = json!(5);
    let body = json!({"rules": rules, "validFrom": "2026-04-01"});
    let proposed = ola.post("/rule-sets", &body).await.ok();
    let diff = ola
        .get(&format!("/rule-sets/{}/diff", proposed.id()))
        .await
        .ok();
    let number = diff
        .items()
        .iter()
        .find(|it| it["pointer"] == "/offerAnswerDays")
        .unwrap();
    assert_eq!(
        (&number["before"], &number["after"]),
        (&json!(7), &json!(5))
    );
    let fresh = diff
        .items()
        .iter()
        .find(|it| it["pointer"] == "/eligibility/RESIDENCE/strictness")
        .unwrap();
    assert_eq!(fresh["after"], "MUST");
    assert_eq!(fresh.get("before"), None);
    let same = format!("/rule-sets/{0}/diff?against={0}", proposed.id());
    assert!(ola.get(&same).await.ok().items().is_empty());
}

async fn a_preview_tells_who_would_be_added_and_removed_and_writes_nothing(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt(&with_residence()).await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let newcomer = town.household(&kari, &SINGLE, 1).await;
    let newcomer = town.case_before_team(&kari, &newcomer).await;
    let debtor = town.household(&kari, &FAMILY, 2).await;
    let debtor = town.case_before_team(&kari, &debtor).await;
    for (case, known) in [
        (
            &newcomer,
            json!({"residentSince": "2025-12-01", "arrearsOre": 0}),
        ),
        (
            &debtor,
            json!({"residentSince": "2015-12-01", "arrearsOre": 100_000}),
        ),
    ] {
        let path = format!("/applications/{case}/circumstances");
        kari.put(&path, 0, &known).await.ok();
    }
    let mut rules = example();
    rules["eligibility"] = json!([{
        "code": "ARREARS", "name": {"nb": "Uten restanser", "en": "No arrears"},
        "strictness": "MUST", "requires": "arrearsSettledOrInPlan",
    }]);
    let body = json!({"rules": rules, "validFrom": "2026-04-01"});
    let proposed = ola.post("/rule-sets", &body).await.ok();
    let before = count_of_decisions(&town);
    let path = format!("/rule-sets/{}/preview", proposed.id());
    let preview = ola.post(&path, &json!({})).await.ok();
    assert_eq!(preview.body["openCases"], 2);
    assert_eq!(preview.body["added"], json!([newcomer]));
    assert_eq!(preview.body["removed"], json!([debtor]));
    assert_eq!(preview.body["notFulfilled"], json!({"ARREARS": 1}));
    assert_eq!(count_of_decisions(&town), before);
    let version = kari.get(&format!("/applications/{newcomer}")).await.ok();
    assert_eq!(version.body["state"], "TEAM_REVIEW");
}

fn count_of_decisions(town: &Town) -> i64 {
    use rettbolig::db::schema::decision;
    let target: rettbolig::db::Target = town.bench.database_url.parse().unwrap();
    let mut conn = target.connect(Purpose::Migrate).unwrap();
    decision::table.count().get_result(&mut conn).unwrap()
}

async fn what_is_known_of_a_household_stands_nowhere_in_clear(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt(&with_residence()).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/circumstances");
    kari.put(
        &path,
        0,
        &json!({"residentSince": "2026-03-03", "keepsRepaymentPlan": true}),
    )
    .await
    .faults(&[
        ("/residentSince", "in_the_future"),
        ("/keepsRepaymentPlan", "contradiction"),
    ]);
    let known = json!({"residentSince": "2011-11-11", "grossIncomeOre": 31_415_926});
    kari.put(&path, 0, &known).await.ok();
    kari.put(&path, 0, &known).await.refused(412, "stale");
    let told = kari.get(&path).await.ok();
    assert_eq!(told.body["grossIncomeOre"], 31_415_926);
    // Neither the log nor the row tells it.
    let auditor = town.actor(Role::Auditor).await;
    let history = auditor
        .get(&format!("/applications/{case}/history"))
        .await
        .ok();
    assert!(!history.text.contains("31415926"));
    assert!(history.text.contains("circumstances.recorded"));
    let target: rettbolig::db::Target = town.bench.database_url.parse().unwrap();
    let mut conn = target.connect(Purpose::Migrate).unwrap();
    let rows: Vec<String> = schema::circumstance::table
        .select(schema::circumstance::sealed)
        .load(&mut conn)
        .unwrap();
    assert!(rows.iter().all(|row| !row.contains("31415926")));
    // A refusal does not tell it either.
    let grant = json!({"outcome": "REFUSED", "reasons": reasons()});
    kari.post(&format!("/applications/{case}/decisions"), &grant)
        .await
        .ok();
}

cases::cases![
    rules_are_proposed_by_one_and_approved_by_another,
    rules_do_not_reach_back_and_their_day_must_not_have_passed,
    rules_that_name_what_must_not_count_cannot_be_saved,
    what_differs_is_told_place_by_place,
    a_preview_tells_who_would_be_added_and_removed_and_writes_nothing,
    what_is_known_of_a_household_stands_nowhere_in_clear,
];
