//! The same request sent again: one effect, one answer. A refusal is no answer to keep: its key stays free.

use jiff::SignedDuration;
use reqwest::Method;
use rettbolig::auth::Role;
use rettbolig::http::clear_all;
use serde_json::json;

use super::{at_once, invariants};
use crate::support::actor::Answer;
use crate::support::given::{SINGLE, home, person, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

const KEY: &str = "0192f3c1-5b7e-7a31-8b11-0d6c8a4e2f10";

async fn a_key_must_be_given_and_be_plain(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let without = manager
        .request(Method::POST, "/dwellings")
        .json(&home(1, 1));
    manager
        .send(without)
        .await
        .refused(400, "idempotency_key_missing");
    for key in ["", " ", "with space", "ø", &"k".repeat(65)] {
        let request = manager
            .request(Method::POST, "/dwellings")
            .header("Idempotency-Key", key.as_bytes());
        let answer = manager.send(request.json(&home(1, 1))).await;
        answer.faults(&[("/header/Idempotency-Key", "wrong_format")]);
    }
    let longest = "k".repeat(64);
    manager
        .post_once("/dwellings", &longest, &home(1, 1))
        .await
        .ok();
}

async fn the_same_request_again_gets_the_first_answer(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let first = manager.post_once("/dwellings", KEY, &home(1, 1)).await.ok();
    assert_eq!(first.header("idempotency-replayed"), None);
    // What became of the home in the meantime does not change the answer.
    let path = format!("/dwellings/{}/start-repair", first.id());
    let repair = json!({"reason": "WEAR"});
    manager.act(&path, 1, &repair).await.ok();
    let again = manager.post_once("/dwellings", KEY, &home(1, 1)).await.ok();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    for name in ["etag", "location", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
        assert!(first.header(name).is_some(), "{name}");
    }
    manager
        .post_once("/dwellings", KEY, &home(1, 2))
        .await
        .refused(422, "idempotency_key_reused");
    assert_eq!(manager.get("/dwellings").await.ok().items().len(), 1);
}

async fn a_key_is_each_users_own_and_each_paths_own(bench: Bench) {
    let town = Town::open(bench).await;
    let one = town.actor(Role::HousingManager).await;
    let other = town.another(Role::HousingManager).await;
    let first = one.post_once("/dwellings", KEY, &home(1, 1)).await.ok();
    let second = other.post_once("/dwellings", KEY, &home(1, 2)).await.ok();
    assert_ne!(first.id(), second.id());
    let kari = town.actor(Role::Caseworker).await;
    kari.post_once("/people", KEY, &person("1990-05-17", 1))
        .await
        .ok();
    let nobody = json!({"members": []});
    let answer = kari.post_once("/households", KEY, &nobody).await;
    answer.faults(&[("/members", "too_few")]);
    let stranger = town.stranger(Role::HousingManager).await;
    stranger
        .post_once("/dwellings", KEY, &home(1, 1))
        .await
        .ok();
}

async fn a_refused_attempt_leaves_its_key_free(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut wrong = home(1, 1);
    wrong["bedrooms"] = json!(-1);
    let answer = manager.post_once("/dwellings", KEY, &wrong).await;
    answer.refused(400, "invalid_fields");
    manager.post_once("/dwellings", KEY, &home(1, 1)).await.ok();
    // Refused by a rule inside the transaction, too.
    let key = "another";
    manager
        .post_once("/dwellings", key, &home(1, 1))
        .await
        .refused(409, "unit_exists");
    manager.post_once("/dwellings", key, &home(1, 2)).await.ok();
}

async fn a_decision_is_made_once_however_often_it_is_sent(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let decision = kari.post(&path, &proposal).await.ok().id();
    let path = format!("/decisions/{decision}/approve");
    let first = ola.act_once(&path, 1, KEY, &json!({})).await.ok();
    // The version that was seen is not the present one any more, but this is the same request.
    let again = ola.act_once(&path, 1, KEY, &json!({})).await.ok();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.text, first.text);
    ola.act_once(&path, 1, "another", &json!({}))
        .await
        .refused(412, "stale");
    invariants::hold(&town.bench);
}

async fn fifty_at_once_have_one_effect(bench: Bench) {
    let town = Town::open(bench.clone()).await;
    // A second instance over the same database knows nothing of what the first is answering.
    let twin = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let at_twin = twin.bearer(kari.token.as_deref().unwrap());
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    for (key, sent_to) in [("one", [&kari, &kari]), ("two", [&kari, &at_twin])] {
        let sending = (0..50).map(|index| {
            let (by, body) = (sent_to[index % 2].clone(), application.clone());
            async move { by.post_once("/applications", key, &body).await }
        });
        let answers = at_once(sending).await;
        let answered = is_one_effect(&answers);
        let again = kari.post_once("/applications", key, &application).await;
        assert_eq!(again.ok().text, answered);
        let cases = kari
            .get(&format!("/applications?householdId={household}"))
            .await
            .ok();
        let open = cases.items().iter().filter(|it| it["state"] == "SUBMITTED");
        assert_eq!(open.count(), 1);
        // The second round needs the household to be free again.
        let open = cases.items().iter().find(|it| it["state"] == "SUBMITTED");
        let path = format!(
            "/applications/{}/withdraw",
            open.unwrap()["id"].as_str().unwrap()
        );
        let by = json!({"by": "APPLICANT"});
        kari.act(&path, 1, &by).await.ok();
    }
    invariants::hold(&town.bench);
}

async fn an_answer_is_kept_for_a_day_or_two_and_then_cleared(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let manager = town.actor(Role::HousingManager).await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let proposal = json!({"outcome": "GRANTED", "reasons": reasons()});
    let path = format!("/applications/{case}/decisions");
    let decision = kari.post(&path, &proposal).await.ok().id();
    let approve = format!("/decisions/{decision}/approve");
    town.clock.advance(SignedDuration::from_mins(1));
    manager.post_once("/dwellings", KEY, &home(1, 1)).await.ok();
    ola.act_once(&approve, 1, KEY, &json!({})).await.ok();
    let is_kept = |key: &str| {
        let question =
            format!("SELECT route FROM idempotency_record WHERE key = '{key}' ORDER BY route");
        invariants::column(&town.bench, &question)
    };
    // Those of the households and the case came a minute earlier.
    town.clock.advance(SignedDuration::from_hours(24));
    clear_all(&town.db).await.unwrap();
    assert_eq!(is_kept(KEY).len(), 2);
    let all = invariants::column(&town.bench, "SELECT key FROM idempotency_record");
    assert_eq!(
        all.len(),
        3,
        "what was proposed is kept for two days as well"
    );
    town.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(clear_all(&town.db).await.unwrap(), 1);
    assert_eq!(is_kept(KEY), [format!("POST /api/v1{approve}")]);
    town.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(clear_all(&town.db).await.unwrap(), 2);
    assert_eq!(clear_all(&town.db).await.unwrap(), 0);
    // The key is free again, and the rules still hold.
    let ola = town.actor(Role::DecisionMaker).await;
    ola.act_once(&approve, 1, KEY, &json!({}))
        .await
        .refused(412, "stale");
}

/// Whoever reads the table learns nothing of what was answered.
async fn what_was_answered_is_sealed(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let first = kari
        .post_once("/people", KEY, &person("1990-05-17", 1))
        .await
        .ok();
    let kept = invariants::column(&town.bench, "SELECT body FROM idempotency_record");
    assert_eq!(kept.len(), 1);
    assert!(kept[0].starts_with("v1.") && !kept[0].contains(&first.id()));
    let again = kari
        .post_once("/people", KEY, &person("1990-05-17", 1))
        .await
        .ok();
    assert_eq!(again.text, first.text);
}

/// One first answer; every other is a replay of it or "in progress". Gives the first answer's text.
#[track_caller]
fn is_one_effect(answers: &[Answer]) -> String {
    let is_first = |it: &&Answer| it.status == 201 && it.header("idempotency-replayed").is_none();
    let first: Vec<&Answer> = answers.iter().filter(is_first).collect();
    assert_eq!(first.len(), 1);
    for answer in answers {
        if answer.status == 201 {
            assert_eq!(answer.text, first[0].text);
        } else {
            let told = (answer.status, answer.code());
            assert_eq!(told, (409, "idempotency_in_progress"), "{}", answer.text);
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    }
    first[0].text.clone()
}

cases::cases![
    a_key_must_be_given_and_be_plain,
    the_same_request_again_gets_the_first_answer,
    a_key_is_each_users_own_and_each_paths_own,
    a_refused_attempt_leaves_its_key_free,
    a_decision_is_made_once_however_often_it_is_sent,
    fifty_at_once_have_one_effect,
    an_answer_is_kept_for_a_day_or_two_and_then_cleared,
    what_was_answered_is_sealed,
];
