//! Offers beyond the yes and the no: protection that comes meanwhile, a home that fails, representatives who answer.

use rettbolig::auth::Role;
use serde_json::json;

use crate::support::actor::Actor;
use crate::support::given::{SINGLE, granted, person, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// An open offer: the case, the home, the offer.
async fn offered(town: &Town, kari: &Actor) -> (String, String, String) {
    town.adopt_rules().await;
    let household = town.household(kari, &SINGLE, 1).await;
    let case = town.case_before_team(kari, &household).await;
    let home = town.home(1, 1).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(kari, &ola, &case, &home).await;
    (case, home, offer)
}

async fn a_home_that_fails_its_inspection_after_the_yes_lets_the_household_wait_on(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, home, offer) = offered(&town, &kari).await;
    let path = format!("/offers/{offer}");
    let failed = json!({"reason": "FAILED_INSPECTION"});
    kari.act(&format!("{path}/annul"), 1, &failed)
        .await
        .refused(409, "offer_not_accepted");
    let accept = json!({"startsOn": "2026-04-01"});
    let accepted = kari.act(&format!("{path}/accept"), 1, &accept).await.ok();
    let tenancy = accepted.body["tenancyId"].as_str().unwrap().to_owned();
    let annulled = kari.act(&format!("{path}/annul"), 2, &failed).await.ok();
    assert_eq!(annulled.body["state"], "ANNULLED");
    assert_eq!(annulled.body["counts"], json!(false));
    let manager = town.actor(Role::HousingManager).await;
    let state = manager.get(&format!("/dwellings/{home}")).await.ok().body["state"].clone();
    assert_eq!(state, "TURNOVER");
    let ended = manager.get(&format!("/tenancies/{tenancy}")).await.ok();
    assert_eq!(ended.body["state"], "ENDED");
    let waits = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(waits.body["state"], "WAITING");
    // The household is told that the home fell through, and can be given another.
    let written = kari.post(&format!("{path}/letters"), &json!({})).await.ok();
    assert_eq!(written.items()[0]["kind"], "OFFER_WITHDRAWN");
    let next = town.home(1, 2).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": next, "reasons": reasons()});
    kari.post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .ok();
}

async fn a_tenancy_that_has_begun_is_not_annulled(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, _, offer) = offered(&town, &kari).await;
    let path = format!("/offers/{offer}");
    let accept = json!({"startsOn": "2026-03-02"});
    kari.act(&format!("{path}/accept"), 1, &accept).await.ok();
    let failed = json!({"reason": "FAILED_INSPECTION"});
    kari.act(&format!("{path}/annul"), 2, &failed)
        .await
        .refused(409, "already_moved_in");
}

async fn only_who_may_answer_for_the_household_does(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, _, offer) = offered(&town, &kari).await;
    let sister = kari
        .post("/people", &person("1970-02-03", 3))
        .await
        .ok()
        .id();
    let decline = format!("/offers/{offer}/decline");
    let no = json!({"reason": "LOCATION", "answeredBy": sister});
    kari.act(&decline, 1, &no)
        .await
        .refused(403, "representative_may_not_act");
    let representation = json!({
        "representativeId": sister, "kind": "REPRESENTATIVE", "proof": "WRITTEN_AUTHORITY",
        "scope": ["ANSWER_OFFERS"], "validFrom": "2026-03-01",
    });
    let path = format!("/applications/{case}/representations");
    let recorded = kari.post(&path, &representation).await.ok();
    // An authority that was withdrawn mid-offer holds no longer.
    let withdraw = format!("/representations/{}/withdraw", recorded.id());
    kari.act(&withdraw, 1, &json!({})).await.ok();
    kari.act(&decline, 1, &no)
        .await
        .refused(403, "representative_may_not_act");
    kari.post(&path, &representation).await.ok();
    let declined = kari.act(&decline, 1, &no).await.ok();
    assert_eq!(declined.body["answeredAs"], "REPRESENTATIVE");
    assert_eq!(declined.body["counts"], json!(true));
}

async fn an_offer_is_taken_back_without_counting_and_a_viewing_lies_ahead(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, home, offer) = offered(&town, &kari).await;
    let path = format!("/offers/{offer}");
    let past = json!({"viewingAt": "2026-03-01T10:00:00Z"});
    kari.act(&format!("{path}/viewing"), 1, &past)
        .await
        .faults(&[("/viewingAt", "outside_the_time")]);
    let ahead = json!({"viewingAt": "2026-03-04T10:00:00Z"});
    kari.act(&format!("{path}/viewing"), 1, &ahead).await.ok();
    let back = json!({"reason": "NO_LONGER_SUITABLE"});
    let withdrawn = kari.act(&format!("{path}/withdraw"), 2, &back).await.ok();
    assert_eq!(withdrawn.body["counts"], json!(false));
    let waits = kari.get(&format!("/applications/{case}")).await.ok();
    assert_eq!(waits.body["state"], "WAITING");
    let free = kari.get(&format!("/dwellings/{home}")).await.ok();
    assert_eq!(free.body["state"], "AVAILABLE");
}

async fn what_a_no_leads_to_follows_from_its_reason_and_the_rules(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (case, home, offer) = offered(&town, &kari).await;
    let again = async |by: &Actor| {
        let work = by.get("/my-work?limit=200").await.ok();
        let is_it = |it: &&serde_json::Value| it["kind"] == "ASSESS_AGAIN";
        work.items().iter().filter(is_it).count()
    };
    // Too far away is a wish; it counts, and nothing new is learned of the needs.
    let far = json!({"reason": "LOCATION"});
    let declined = kari.act(&format!("/offers/{offer}/decline"), 1, &far).await;
    assert_eq!(declined.ok().body["counts"], json!(true));
    assert_eq!(again(&kari).await, 0);
    // That the home cannot be used does not count, and asks for a new assessment.
    let ola = town.actor(Role::DecisionMaker).await;
    let offer = granted(&kari, &ola, &case, &home).await;
    let unusable = json!({"reason": "NOT_ACCESSIBLE"});
    let declined = kari
        .act(&format!("/offers/{offer}/decline"), 1, &unusable)
        .await;
    assert_eq!(declined.ok().body["counts"], json!(false));
    assert_eq!(again(&kari).await, 1);
    let seen = kari.get(&format!("/applications/{case}")).await.ok();
    let reassess = format!("/applications/{case}/reassess");
    kari.act(
        &reassess,
        seen.version(),
        &json!({"reason": "NEEDS_CHANGED"}),
    )
    .await
    .ok();
    assert_eq!(again(&kari).await, 0);
}

cases::cases![
    what_a_no_leads_to_follows_from_its_reason_and_the_rules,
    a_home_that_fails_its_inspection_after_the_yes_lets_the_household_wait_on,
    a_tenancy_that_has_begun_is_not_annulled,
    only_who_may_answer_for_the_household_does,
    an_offer_is_taken_back_without_counting_and_a_viewing_lies_ahead,
];
