//! What waits in a case falls with it: a proposal that can no longer be made, an offer in a case that has ended. The home is free at once.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::faults::invariants;
use crate::support::actor::{Actor, Answer};
use crate::support::given::{SINGLE, granted, person, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A proposal to give this home.
fn proposal(home: &str) -> Value {
    json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()})
}

/// A proposal to help.
fn assistance() -> Value {
    json!({
        "outcome": "GRANTED", "legalBasis": "HOUSING_ASSISTANCE_ACT", "assistance": ["ADVICE"],
        "reasons": reasons(),
    })
}

async fn propose(by: &Actor, case: &str, body: &Value) -> String {
    let path = format!("/applications/{case}/decisions");
    by.post(&path, body).await.ok().id()
}

/// Acts on a case as it stands.
async fn act(by: &Actor, case: &str, name: &str, body: Value) -> Answer {
    let seen = by.get(&format!("/applications/{case}")).await.ok();
    let path = format!("/applications/{case}/{name}");
    by.act(&path, seen.version(), &body).await
}

async fn state(by: &Actor, path: &str) -> Value {
    by.get(path).await.ok().body["state"].clone()
}

/// What was done in a case: the entries of this action, as an auditor reads them.
async fn told(town: &Town, case: &str, action: &str) -> Vec<Value> {
    let auditor = town.actor(Role::Auditor).await;
    let path = format!("/applications/{case}/history");
    let history = auditor.get(&path).await.ok();
    let entries = history.items().iter().map(|it| it["entry"].clone());
    entries.filter(|it| it["action"] == action).collect()
}

async fn to_decide(by: &Actor) -> usize {
    let work = by.get("/my-work?limit=200").await.ok();
    let is_it = |it: &&Value| it["kind"] == "DECIDE_PROPOSAL";
    work.items().iter().filter(is_it).count()
}

async fn who_withdraws_leaves_no_home_reserved(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let dwelling = format!("/dwellings/{home}");
    let on_home = propose(&kari, &case, &proposal(&home)).await;
    let on_help = propose(&kari, &case, &assistance()).await;
    assert_eq!(state(&kari, &dwelling).await, "RESERVED");
    assert_eq!(to_decide(&ola).await, 2);

    let by = json!({"by": "APPLICANT"});
    let withdrawn = act(&kari, &case, "withdraw", by).await.ok();
    assert_eq!(withdrawn.body["state"], "WITHDRAWN");
    assert_eq!(state(&kari, &dwelling).await, "AVAILABLE");
    for decision in [&on_home, &on_help] {
        let fallen = kari.get(&format!("/decisions/{decision}")).await.ok();
        assert_eq!(fallen.body["state"], "RETURNED");
        // Nobody judged it, so nobody stands for it.
        assert!(fallen.body.get("decidedBy").is_none());
        assert!(fallen.body["decidedAt"].is_string());
    }
    assert_eq!(to_decide(&ola).await, 0);
    let entries = told(&town, &case, "decision.fell").await;
    assert_eq!(entries.len(), 2);
    for entry in &entries {
        assert_eq!(entry["facts"]["reason"], "CASE_ENDED");
        assert_eq!(entry["facts"]["state"], "WITHDRAWN");
    }
    // It is over for the decision maker, and the home is there for the next.
    let approve = format!("/decisions/{on_home}/approve");
    ola.act(&approve, 2, &json!({}))
        .await
        .refused(404, "not_found");
    let next = town.household(&kari, &SINGLE, 2).await;
    let next = town.case_before_team(&kari, &next).await;
    propose(&kari, &next, &proposal(&home)).await;
    invariants::hold(&town.bench);
}

async fn what_can_no_longer_be_decided_falls_and_what_still_can_stays(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let on_home = propose(&kari, &case, &proposal(&home)).await;
    let on_help = propose(&kari, &case, &assistance()).await;
    // More must be known of the household: no home is given meanwhile, and whether it is helped is decided all the same.
    let back = json!({"reason": "MORE_INFORMATION"});
    act(&kari, &case, "return-to-assessment", back).await.ok();
    let decision = async |id: &str| state(&kari, &format!("/decisions/{id}")).await;
    assert_eq!(decision(&on_home).await, "RETURNED");
    assert_eq!(decision(&on_help).await, "PROPOSED");
    let dwelling = format!("/dwellings/{home}");
    assert_eq!(state(&kari, &dwelling).await, "AVAILABLE");
    let entries = told(&town, &case, "decision.fell").await;
    assert_eq!(entries[0]["facts"]["reason"], "CASE_MOVED");
    let ola = town.actor(Role::DecisionMaker).await;
    let approve = format!("/decisions/{on_help}/approve");
    ola.act(&approve, 1, &json!({})).await.ok();
    // And before the team once more, the home can be proposed anew.
    act(&kari, &case, "submit-to-team", json!({})).await.ok();
    propose(&kari, &case, &proposal(&home)).await;
}

async fn a_case_that_goes_on_in_another_leaves_no_home_reserved(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-02"});
    let older = kari.post("/applications", &body).await.ok().id();
    let whole = kari.get(&format!("/applications/{older}")).await.ok();
    let members = json!([{"personId": whole.body["applicantId"], "role": "APPLICANT"}]);
    let again = kari
        .post("/households", &json!({"members": members}))
        .await
        .ok()
        .id();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    kari.post(&format!("/households/{again}/situations"), &situation)
        .await
        .ok();
    let newer = town.case_before_team(&kari, &again).await;
    let home = town.home(1, 1).await;
    let decision = propose(&kari, &newer, &proposal(&home)).await;
    let into = json!({"intoId": older, "reason": "SAME_REQUEST"});
    act(&kari, &newer, "merge", into).await.ok();
    let decided = format!("/decisions/{decision}");
    assert_eq!(state(&kari, &decided).await, "RETURNED");
    let dwelling = format!("/dwellings/{home}");
    assert_eq!(state(&kari, &dwelling).await, "AVAILABLE");
    invariants::hold(&town.bench);
}

async fn an_offer_comes_back_when_the_application_is_withdrawn(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let offer = format!("/offers/{offer}");
    // It follows from the case, and is not said of an offer by hand.
    let by_hand = json!({"reason": "CASE_ENDED"});
    kari.act(&format!("{offer}/withdraw"), 1, &by_hand)
        .await
        .faults(&[("/reason", "not_by_hand")]);
    // The applicant has died, and those who see to the estate say so.
    act(&kari, &case, "withdraw", json!({"by": "ESTATE"}))
        .await
        .ok();
    let over = kari.get(&offer).await.ok();
    assert_eq!(over.body["state"], "WITHDRAWN");
    assert_eq!(over.body["withdrawnReason"], "CASE_ENDED");
    assert_eq!(over.body["counts"], json!(false));
    let dwelling = format!("/dwellings/{home}");
    assert_eq!(state(&kari, &dwelling).await, "AVAILABLE");
    let entries = told(&town, &case, "offer.withdrawn").await;
    assert_eq!(entries[0]["facts"]["reason"], "CASE_ENDED");
    kari.act(
        &format!("{offer}/accept"),
        1,
        &json!({"startsOn": "2026-04-01"}),
    )
    .await
    .refused(412, "stale");
    // What became of the offer is told with what became of the case.
    kari.post(&format!("{offer}/letters"), &json!({}))
        .await
        .refused(409, "nothing_to_tell");
    let confirmed = json!({"kind": "WITHDRAWAL_CONFIRMED"});
    let letters = format!("/applications/{case}/letters");
    let confirms = async || {
        let work = kari.get("/my-work?limit=200").await.ok();
        let is_it = |it: &&Value| it["kind"] == "CONFIRM_WITHDRAWAL";
        work.items().iter().filter(is_it).count()
    };
    assert_eq!(confirms().await, 1);
    kari.post(&letters, &confirmed).await.ok();
    assert_eq!(confirms().await, 0);
    invariants::hold(&town.bench);
}

async fn only_who_may_withdraws_for_the_applicant(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &body).await.ok().id();
    let sister = kari
        .post("/people", &person("1970-02-03", 3))
        .await
        .ok()
        .id();
    let by_sister = json!({"by": "REPRESENTATIVE", "representativeId": sister});
    act(&kari, &case, "withdraw", by_sister.clone())
        .await
        .refused(403, "representative_may_not_act");
    for unclear in [
        json!({"by": "REPRESENTATIVE"}),
        json!({"by": "APPLICANT", "representativeId": sister}),
    ] {
        act(&kari, &case, "withdraw", unclear)
            .await
            .faults(&[("/representativeId", "contradiction")]);
    }
    let path = format!("/applications/{case}/representations");
    let representation = |scope: &str, until: &str| {
        json!({
            "representativeId": sister, "kind": "REPRESENTATIVE", "proof": "WRITTEN_AUTHORITY",
            "scope": [scope], "validFrom": "2026-03-01", "validUntil": until,
        })
    };
    // Neither what it does not cover nor what is over lets anybody act.
    kari.post(&path, &representation("ANSWER_OFFERS", "2026-12-31"))
        .await
        .ok();
    kari.post(&path, &representation("APPLY", "2026-03-01"))
        .await
        .ok();
    act(&kari, &case, "withdraw", by_sister.clone())
        .await
        .refused(403, "representative_may_not_act");
    kari.post(&path, &representation("APPLY", "2026-12-31"))
        .await
        .ok();
    act(&kari, &case, "withdraw", by_sister).await.ok();
    let entries = told(&town, &case, "application.withdrawn").await;
    assert_eq!(entries[0]["facts"]["by"], "REPRESENTATIVE");
}

cases::cases![
    who_withdraws_leaves_no_home_reserved,
    what_can_no_longer_be_decided_falls_and_what_still_can_stays,
    a_case_that_goes_on_in_another_leaves_no_home_reserved,
    an_offer_comes_back_when_the_application_is_withdrawn,
    only_who_may_withdraws_for_the_applicant,
];
