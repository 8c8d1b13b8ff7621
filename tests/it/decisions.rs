//! Two decisions of one case, what each must say, and that what was decided is only replaced.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::Answer;
use crate::support::given::{FAMILY, SINGLE, decide, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A proposal to help, under boligsosialloven.
fn help() -> Value {
    json!({
        "legalBasis": "HOUSING_ASSISTANCE_ACT", "outcome": "GRANTED",
        "reasons": reasons(), "assistance": ["FINDING_HOME", "FINANCING"],
    })
}

fn refusal() -> Value {
    json!({"outcome": "REFUSED", "reasons": reasons()})
}

async fn that_a_home_is_refused_does_not_answer_whether_help_is_given(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    // Both proposals wait at the same time: they are of different laws.
    let path = format!("/applications/{case}/decisions");
    let on_help = kari.post(&path, &help()).await.ok();
    let on_home = kari.post(&path, &refusal()).await.ok();
    kari.post(&path, &help())
        .await
        .refused(409, "proposal_exists");
    ola.act(
        &format!("/decisions/{}/approve", on_home.id()),
        1,
        &json!({}),
    )
    .await
    .ok();
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "REFUSED");
    // The case has ended, and the other question is still to be answered.
    ola.act(
        &format!("/decisions/{}/approve", on_help.id()),
        1,
        &json!({}),
    )
    .await
    .ok();
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "REFUSED");
    // To whom each can be appealed follows from its law.
    let body = |decision: &Answer| {
        let path = format!("/decisions/{}", decision.id());
        async { kari.get(&{ path }).await.ok().body["appeal"]["body"].clone() }
    };
    assert_eq!(body(&on_help).await, "COUNTY_GOVERNOR");
    assert_eq!(body(&on_home).await, "MUNICIPAL_APPEALS_BOARD");
}

async fn who_asks_for_help_only_is_helped_without_the_allocation_team(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({
        "householdId": household, "type": "ASSISTANCE_ONLY", "receivedOn": "2026-02-20",
        "needs": ordinary_needs(),
    });
    let case = kari.post("/applications", &body).await.ok().id();
    let path = format!("/applications/{case}/decisions");
    kari.post(&path, &help())
        .await
        .refused(409, "not_ready_for_decision");
    let me = kari.get("/auth/me").await.ok().id();
    let act = |name: &str| format!("/applications/{case}/{name}");
    kari.act(&act("assign"), 1, &json!({"assigneeId": me}))
        .await
        .ok();
    kari.act(&act("start-assessment"), 2, &json!({})).await.ok();
    kari.post(&path, &refusal())
        .await
        .refused(409, "not_ready_for_decision");
    decide(&kari, &ola, &case, &help()).await;
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "CONCLUDED");
}

async fn every_fault_of_what_a_decision_says_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let mut proposal = json!({
        "legalBasis": "HOUSING_ASSISTANCE_ACT", "outcome": "GRANTED",
        "dwellingId": null,
        "reasons": {"rules": [" "], "facts": "  ", "considerations": "Vurdert."},
        "conditions": [{"kind": "DIRECT_PAYMENT", "purpose": "SECURE_RENT", "because": " "}],
        "validUntil": "2026-03-02",
    });
    kari.post(&path, &proposal).await.faults(&[
        ("/assistance", "missing"),
        ("/conditions/0/because", "missing"),
        ("/reasons/childsBestInterest", "missing"),
        ("/reasons/facts", "missing"),
        ("/reasons/rules", "missing"),
        ("/validUntil", "in_the_past"),
    ]);
    // A condition in free words only cannot even be written, nor one without a purpose, nor a service that is forced on somebody.
    for (condition, fault) in [
        (json!("Må oppføre seg."), ("/conditions/0", "wrong_type")),
        (
            json!({"kind": "HOUSE_RULES", "because": "x"}),
            ("/conditions/0/purpose", "missing"),
        ),
        (
            json!({"kind": "FORCED_TREATMENT", "purpose": "KEEP_TENANCY", "because": "x"}),
            ("/conditions/0/kind", "unknown_code"),
        ),
    ] {
        proposal["conditions"] = json!([condition]);
        kari.post(&path, &proposal).await.faults(&[fault]);
    }
}

async fn care_around_the_clock_is_given_only_after_lower_steps(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let path = format!("/applications/{case}/decisions");
    let mut proposal = json!({
        "legalBasis": "CARE_PLACE", "outcome": "GRANTED", "reasons": reasons(),
        "alternatives": [{"kind": "DAY_SERVICE", "result": "TRIED_NOT_ENOUGH", "triedFrom": "2025-09-01", "why": "Prøvd."}],
    });
    kari.post(&path, &proposal)
        .await
        .faults(&[("/alternatives", "missing")]);
    let steps = [
        "LOW_THRESHOLD",
        "REHABILITATION",
        "DAY_SERVICE",
        "SHORT_STAY",
        "SERVICES_AT_HOME",
    ];
    let tried =
        steps.map(|kind| json!({"kind": kind, "result": "TRIED_NOT_ENOUGH", "why": "Prøvd."}));
    proposal["alternatives"] = json!(tried);
    let decided = decide(&kari, &ola, &case, &proposal).await;
    // Four weeks here, and the case itself goes on.
    let told = json!({"receivedOn": "2026-03-02"});
    let path = format!("/decisions/{}/notify", decided.id());
    let notified = kari.act(&path, decided.version(), &told).await.ok();
    assert_eq!(notified.body["appealUntil"], "2026-03-30");
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "TEAM_REVIEW");
}

async fn a_notified_decision_is_changed_only_by_a_new_one(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let refused = decide(&kari, &ola, &case, &refusal()).await;
    let path = format!("/decisions/{}", refused.id());
    let notify = format!("{path}/notify");
    kari.act(&notify, 2, &json!({"receivedOn": "2026-03-03"}))
        .await
        .faults(&[("/receivedOn", "out_of_range")]);
    // The notice arrives on Thursday 12 March: three weeks later is Maundy Thursday.
    town.wait_days(10);
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let told = kari
        .act(&notify, 2, &json!({"receivedOn": "2026-03-12"}))
        .await
        .ok();
    assert_eq!(told.body["appealUntil"], "2026-04-07");
    kari.act(&notify, 3, &json!({"receivedOn": "2026-03-12"}))
        .await
        .refused(409, "already_notified");
    ola.act(
        &format!("{path}/return"),
        3,
        &json!({"reason": "FACTS_INSUFFICIENT"}),
    )
    .await
    .refused(409, "not_proposed");
    // What was decided stays as it is; a new decision says that it takes its place.
    let propose = format!("/applications/{case}/decisions");
    let mut grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    kari.post(&propose, &grant)
        .await
        .refused(409, "not_ready_for_decision");
    grant["replaces"] = json!(case);
    kari.post(&propose, &grant)
        .await
        .refused(409, "not_replaceable");
    grant["replaces"] = json!(refused.id());
    let replacing = decide(&kari, &ola, &case, &grant).await;
    assert_eq!(replacing.body["replaces"], json!(refused.id()));
    assert_eq!(kari.get(&path).await.ok().body["state"], "REPLACED");
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "WAITING");
    kari.post(&propose, &grant)
        .await
        .refused(409, "not_replaceable");
}

async fn help_once_decided_on_is_decided_on_again_only_by_replacing(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let helped = decide(&kari, &ola, &case, &help()).await;
    let propose = format!("/applications/{case}/decisions");
    kari.post(&propose, &help())
        .await
        .refused(409, "already_decided");
    let mut more = help();
    more["replaces"] = json!(helped.id());
    more["assistance"] = json!(["FOLLOW_UP"]);
    let replacing = decide(&kari, &ola, &case, &more).await;
    let listed = kari.get(&propose).await.ok();
    let states: Vec<&str> = listed
        .items()
        .iter()
        .map(|it| it["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["REPLACED", "APPROVED"]);
    let whole = kari
        .get(&format!("/decisions/{}", replacing.id()))
        .await
        .ok();
    assert_eq!(whole.body["assistance"], json!(["FOLLOW_UP"]));
}

async fn a_dismissal_ends_an_undecided_case_and_can_be_turned(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let dismissal = json!({"outcome": "DISMISSED", "reasons": reasons()});
    decide(&kari, &ola, &case, &dismissal).await;
    let whole = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(whole.body["state"], "DISMISSED");
    // The household can apply anew.
    let again = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-03-01"});
    kari.post("/applications", &again).await.ok();
}

cases::cases![
    that_a_home_is_refused_does_not_answer_whether_help_is_given,
    who_asks_for_help_only_is_helped_without_the_allocation_team,
    every_fault_of_what_a_decision_says_is_named,
    care_around_the_clock_is_given_only_after_lower_steps,
    a_notified_decision_is_changed_only_by_a_new_one,
    help_once_decided_on_is_decided_on_again_only_by_replacing,
    a_dismissal_ends_an_undecided_case_and_can_be_turned,
];
