//! The case as it was: what a case and a decision said at a moment, the same for ever.

use jiff::SignedDuration;
use rettbolig::auth::Role;
use serde_json::json;

use crate::audit::{connect, execute};
use crate::support::given::{FAMILY, SINGLE, ordinary_needs, reasons};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// Lets a minute pass, and tells a moment within it.
fn a_moment(town: &Town) -> String {
    let half = SignedDuration::from_secs(30);
    town.clock.advance(half);
    let moment = town.clock.now().timestamp().to_string();
    town.clock.advance(half);
    moment
}

async fn a_case_is_told_as_it_was_to_the_byte(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &FAMILY, 1).await;
    let before = a_moment(&town);
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok().id();
    let path = format!("/applications/{case}");
    let received = a_moment(&town);
    let then = kari.get(&path).await.ok();

    let me = kari.get("/auth/me").await.ok().id();
    let assign = json!({"assigneeId": me});
    let acts = kari.act(&format!("{path}/assign"), 1, &assign).await.ok();
    assert_eq!(acts.body["assignedTo"], json!(me));
    let assigned = a_moment(&town);
    kari.put(&format!("{path}/needs"), 2, &ordinary_needs())
        .await
        .ok();
    // Known only now, though it held already then.
    let situation = json!({
        "reason": "OVERCROWDED", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    let situations = format!("/households/{household}/situations");
    kari.post(&situations, &situation).await.ok();
    a_moment(&town);

    let at = |moment: &str| format!("{path}?asOf={moment}");
    let first = kari.get(&at(&received)).await.ok();
    let mut expected = then.body.clone();
    expected["asOf"] = json!(received);
    assert_eq!(first.body, expected);
    assert_eq!(first.header("etag"), None);
    let second = kari.get(&at(&assigned)).await.ok();
    assert_eq!(second.body["state"], "ASSIGNED");
    assert_eq!(second.body["version"], 2);
    assert!(second.body.get("needs").is_none());
    assert_eq!(second.body["situations"].as_array().unwrap().len(), 1);

    town.wait_days(400);
    // Whoever signed in so long ago must sign in again.
    let kari = town.actor(Role::Caseworker).await;
    kari.act(&format!("{path}/withdraw"), 3, &json!({"by": "APPLICANT"}))
        .await
        .ok();
    assert_eq!(kari.get(&at(&received)).await.ok().text, first.text);
    assert_eq!(kari.get(&at(&assigned)).await.ok().text, second.text);
    assert_eq!(kari.get(&path).await.ok().body["state"], "WITHDRAWN");

    kari.get(&at(&before)).await.refused(404, "not_found");
    let stranger = town.stranger(Role::Caseworker).await;
    stranger.get(&at(&received)).await.refused(404, "not_found");
}

async fn a_moment_that_may_still_change_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let application = json!({"householdId": household, "type": "NEW", "receivedOn": "2026-02-20"});
    let case = kari.post("/applications", &application).await.ok().id();
    let now = town.clock.now();
    for (seconds, is_settled) in [(3600, false), (0, false), (-29, false), (-30, true)] {
        let moment = now.plus(SignedDuration::from_secs(seconds)).timestamp();
        let answer = kari
            .get(&format!("/applications/{case}?asOf={moment}"))
            .await;
        if is_settled {
            answer.refused(404, "not_found");
        } else {
            answer.faults(&[("/query/asOf", "not_settled")]);
        }
    }
    let answer = kari.get(&format!("/applications/{case}?asOf=soon")).await;
    answer.faults(&[("/query/asOf", "wrong_format")]);
}

async fn a_decision_is_told_as_it_was_and_by_todays_protection(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let home = town.home(1, 1).await;
    let proposal = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    let before = a_moment(&town);
    let proposed = kari
        .post(&format!("/applications/{case}/decisions"), &proposal)
        .await
        .ok();
    let path = format!("/decisions/{}", proposed.id());
    let waiting = a_moment(&town);
    let liv = town.actor(Role::DecisionMaker).await;
    let approve = format!("{path}/approve");
    liv.act(&approve, 1, &json!({})).await.ok();
    let decided = a_moment(&town);
    a_moment(&town);

    let at = |moment: &str| format!("{path}?asOf={moment}");
    let then = liv.get(&at(&waiting)).await.ok();
    assert_eq!(then.body["state"], "PROPOSED");
    assert_eq!(then.body["dwellingId"], json!(home));
    assert!(then.body.get("decidedBy").is_none() && then.body.get("decidedAt").is_none());
    assert_eq!(liv.get(&at(&waiting)).await.ok().text, then.text);
    let now = liv.get(&path).await.ok().body;
    let mut later = liv.get(&at(&decided)).await.ok().body;
    assert_eq!(
        later.as_object_mut().unwrap().remove("asOf"),
        Some(json!(decided))
    );
    assert_eq!(later, now);
    liv.get(&at(&before)).await.refused(404, "not_found");

    let mut conn = connect(&town.bench.database_url);
    execute(&mut conn, "UPDATE person SET protection = 'CONFIDENTIAL'").unwrap();
    for view in [at(&waiting), at(&decided), path.clone()] {
        let told = liv.get(&view).await.ok();
        assert!(told.body.get("dwellingId").is_none() && !told.text.contains(&home));
        assert_eq!(told.body["basis"]["explanation"], json!(null));
    }
}

async fn no_change_goes_without_its_version(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let household = town.household(&kari, &SINGLE, 1).await;
    town.case_before_team(&kari, &household).await;
    let mut conn = connect(&town.bench.database_url);
    // The database itself keeps the versions, and takes none twice.
    execute(&mut conn, "UPDATE application SET urgency = 'ACUTE'").unwrap_err();
    execute(
        &mut conn,
        "UPDATE application SET urgency = 'ACUTE', version = version + 1",
    )
    .unwrap();
}

cases::cases![
    a_case_is_told_as_it_was_to_the_byte,
    a_moment_that_may_still_change_is_refused,
    a_decision_is_told_as_it_was_and_by_todays_protection,
    no_change_goes_without_its_version,
];
