//! What happens at the edges: a household that splits, somebody who comes of age, the last day of an appeal, a leap day, a night with an hour more.

use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::given::{
    Family, SINGLE, decide, granted, of_age, ordinary_needs, person, reasons, rules_with,
};
use crate::support::post::notified;
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// A case of a household that is registered with these members, before the allocation team.
async fn brought_before_team(by: &Actor, members: &Value) -> String {
    let made = by
        .post("/households", &json!({"members": members}))
        .await
        .ok();
    let situation = json!({
        "reason": "LEASE_ENDING", "validFrom": "2026-02-01",
        "source": "APPLICANT", "verification": "DOCUMENTED",
    });
    by.post(&format!("/households/{}/situations", made.id()), &situation)
        .await
        .ok();
    let body = json!({
        "householdId": made.id(), "type": "NEW", "receivedOn": "2026-02-27",
        "needs": ordinary_needs(),
    });
    let case = by.post("/applications", &body).await.ok().id();
    let me = by.get("/auth/me").await.ok().id();
    for (version, act, body) in [
        (1, "assign", json!({"assigneeId": me})),
        (2, "start-assessment", json!({})),
        (3, "submit-to-team", json!({})),
    ] {
        let path = format!("/applications/{case}/{act}");
        by.act(&path, version, &body).await.ok();
    }
    case
}

async fn a_household_that_splits_has_two_cases_each_decided_on_its_own(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut ids = Vec::new();
    for (at, born_on) in ["1985-01-02", "1986-03-04", "2015-06-07"]
        .iter()
        .enumerate()
    {
        let body = person(born_on, u16::try_from(at).unwrap());
        ids.push(kari.post("/people", &body).await.ok().id());
    }
    let member = |at: usize, role: &str| json!({"personId": ids[at], "role": role});
    let couple = json!([
        member(0, "APPLICANT"),
        member(1, "CO_APPLICANT"),
        member(2, "CHILD"),
    ]);
    let theirs = brought_before_team(&kari, &couple).await;

    // They part. One applies alone, with the child every other week; that they have somebody in common is pointed out, not barred.
    let mut child = member(2, "CHILD");
    child["residenceDays"] = json!(7);
    let alone = json!([member(1, "APPLICANT"), child]);
    let own = brought_before_team(&kari, &alone).await;
    let found = kari
        .get(&format!("/applications/{own}/duplicates"))
        .await
        .ok();
    assert_eq!(found.items()[0]["applicationId"], json!(theirs));
    assert_eq!(found.items()[0]["overlap"], "SHARED_MEMBER");

    // The first case goes back, for its facts are not what they were; the other is decided meanwhile.
    let seen = kari.get(&format!("/applications/{theirs}")).await.ok();
    let back = format!("/applications/{theirs}/return-to-assessment");
    let changed = json!({"reason": "HOUSEHOLD_CHANGED"});
    kari.act(&back, seen.version(), &changed).await.ok();
    let grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    decide(&kari, &ola, &own, &grant).await;
    let state = async |case: &str| {
        let shown = kari.get(&format!("/applications/{case}")).await.ok();
        shown.body["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&own).await, "WAITING");
    assert_eq!(state(&theirs).await, "IN_ASSESSMENT");
    // What was known of the first when it came in still names all three.
    let intake = kari
        .get(&format!("/applications/{theirs}/intake"))
        .await
        .ok();
    let members = intake.body["atReceipt"]["members"].as_array().unwrap();
    assert_eq!(members.len(), 3);
}

async fn who_is_under_age_applies_through_a_guardian_until_the_birthday(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    // Eighteen on Tuesday 10 March: until then nobody takes on obligations alone (vergemålsloven § 9).
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let young = person("2008-03-10", 0);
    let young = kari.post("/people", &young).await.ok().id();
    let mother = person("1975-06-07", 1);
    let mother = kari.post("/people", &mother).await.ok().id();
    let members = json!([{"personId": young, "role": "APPLICANT"}]);
    let case = brought_before_team(&kari, &members).await;
    let home = town.home(1, 1).await;
    let decisions = format!("/applications/{case}/decisions");
    let grant = json!({"outcome": "GRANTED", "dwellingId": home, "reasons": reasons()});
    // Nothing is decided, and no letter written, before it is known who speaks for the applicant.
    kari.post(&decisions, &grant)
        .await
        .refused(409, "guardian_missing");
    let reply =
        json!({"kind": "INTERIM_REPLY", "reason": "Mange søknader.", "expectedOn": "2026-04-01"});
    let letters = format!("/applications/{case}/letters");
    kari.post(&letters, &reply)
        .await
        .refused(409, "guardian_missing");
    let guardian = |until: Value| {
        json!({
            "representativeId": mother, "kind": "GUARDIAN", "proof": "GUARDIANSHIP_CERTIFICATE",
            "scope": ["APPLY", "RECEIVE_LETTERS", "ANSWER_OFFERS"], "validFrom": "2026-03-01", "validUntil": until,
        })
    };
    let path = format!("/applications/{case}/representations");
    kari.post(&path, &guardian(json!("2026-03-10")))
        .await
        .faults(&[("/validUntil", "outlasts_minority")]);
    let recorded = kari.post(&path, &guardian(Value::Null)).await.ok();
    assert_eq!(recorded.body["validUntil"], "2026-03-09");
    let offer = granted(&kari, &ola, &case, &home).await;
    // The guardian has the letter, from whose receipt time runs, and the applicant is told beside, being over fifteen.
    let offer = format!("/offers/{offer}");
    let written = kari
        .post(&format!("{offer}/letters"), &json!({}))
        .await
        .ok();
    let recipients: Vec<_> = written
        .items()
        .iter()
        .map(|it| (it["recipientRole"].clone(), it["startsClock"].clone()))
        .collect();
    let expected = [
        (json!("GUARDIAN"), json!(true)),
        (json!("PARTY"), json!(false)),
    ];
    assert_eq!(recipients, expected);
    let accept = |by: &str| json!({"startsOn": "2026-04-01", "answeredBy": by});
    kari.act(&format!("{offer}/accept"), 1, &accept(&young))
        .await
        .refused(403, "party_under_age");
    act_of_applicant(&kari, &case, &json!({"by": "APPLICANT"}))
        .await
        .refused(403, "party_under_age");
    // From the birthday on the guardian is none, and the applicant answers.
    town.wait_days(8);
    let kari = town.actor(Role::Caseworker).await;
    kari.act(&format!("{offer}/accept"), 1, &accept(&mother))
        .await
        .refused(403, "representative_may_not_act");
    let accepted = kari
        .act(&format!("{offer}/accept"), 1, &accept(&young))
        .await
        .ok();
    assert_eq!(accepted.body["answeredAs"], "PARTY");
}

/// The applicant withdraws.
async fn act_of_applicant(by: &Actor, case: &str, body: &Value) -> Answer {
    let seen = by.get(&format!("/applications/{case}")).await.ok();
    let path = format!("/applications/{case}/withdraw");
    by.act(&path, seen.version(), body).await
}

async fn who_is_too_young_by_the_rules_is_given_no_home(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt(&rules_with(json!([of_age("MUST")]))).await;
    let kari = town.actor(Role::Caseworker).await;
    let young = person("2008-03-10", 0);
    let young = kari.post("/people", &young).await.ok().id();
    let mother = person("1975-06-07", 1);
    let mother = kari.post("/people", &mother).await.ok().id();
    let members = json!([{"personId": young, "role": "APPLICANT"}]);
    let case = brought_before_team(&kari, &members).await;
    let guardian = json!({
        "representativeId": mother, "kind": "GUARDIAN", "proof": "GUARDIANSHIP_CERTIFICATE",
        "scope": ["RECEIVE_LETTERS"], "validFrom": "2026-03-01",
    });
    let path = format!("/applications/{case}/representations");
    kari.post(&path, &guardian).await.ok();
    let decisions = format!("/applications/{case}/decisions");
    let grant = json!({"outcome": "GRANTED", "reasons": reasons()});
    kari.post(&decisions, &grant)
        .await
        .refused(409, "not_eligible");
    // What the rules ask for is there on the birthday, and with it no guardian is needed any more.
    town.wait_days(8);
    let kari = town.actor(Role::Caseworker).await;
    kari.post(&decisions, &grant).await.ok();
}

async fn a_child_that_comes_of_age_while_the_case_runs_is_a_child_no_more(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let family = Family {
        adults: &["1985-01-02"],
        children: &["2008-03-10"],
    };
    let household = town.household(&kari, &family, 1).await;
    let case = town.case_before_team(&kari, &household).await;
    let decisions = format!("/applications/{case}/decisions");
    let mut refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
    refusal["reasons"]["childsBestInterest"] = Value::Null;
    // The day before, what is best for the child must be assessed; from the day on there is no child.
    for (days, is_child) in [(7, true), (1, false)] {
        town.wait_days(days);
        let kari = town.actor(Role::Caseworker).await;
        let proposed = kari.post(&decisions, &refusal).await;
        if is_child {
            proposed.faults(&[("/reasons/childsBestInterest", "missing")]);
        } else {
            proposed.ok();
        }
    }
}

async fn an_appeal_on_the_last_day_is_in_time_and_a_day_later_it_is_not(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    let kari = town.actor(Role::Caseworker).await;
    let ola = town.actor(Role::DecisionMaker).await;
    let mut decided = Vec::new();
    for serial in [1, 2] {
        let household = town.household(&kari, &SINGLE, serial).await;
        let case = town.case_before_team(&kari, &household).await;
        let refusal = json!({"outcome": "REFUSED", "reasons": reasons()});
        let refused = decide(&kari, &ola, &case, &refusal).await.id();
        let letters = format!("/decisions/{refused}/letters");
        notified(&town, &kari, &letters, "NB").await;
        decided.push(refused);
    }
    let shown = kari.get(&format!("/decisions/{}", decided[0])).await.ok();
    let last: jiff::civil::Date = shown.body["appealUntil"].as_str().unwrap().parse().unwrap();
    let days = town.clock.today().0.until(last).unwrap().get_days();
    // It was sent on the last day, and arrives a day after it: that it was sent in time is enough (forvaltningsloven § 30).
    town.wait_days(i64::from(days) + 1);
    let kari = town.actor(Role::Caseworker).await;
    let after = last.tomorrow().unwrap().to_string();
    for (decision, sent_on, expected) in [
        (&decided[0], last.to_string(), true),
        (&decided[1], after.clone(), false),
    ] {
        let body = json!({
            "form": "LETTER", "sentOn": sent_on, "receivedOn": after,
            "grounds": "Avslaget er urimelig.",
        });
        let path = format!("/decisions/{decision}/appeals");
        let received = kari.post(&path, &body).await.ok();
        let check = format!("/appeals/{}/check", received.id());
        let checked = kari.act(&check, 1, &json!({})).await.ok();
        assert_eq!(checked.body["inTime"], json!(expected), "{sent_on}");
    }
}

async fn a_month_from_a_leap_day_and_a_night_with_an_hour_more_shift_no_deadline(bench: Bench) {
    let town = Town::open(bench).await;
    town.adopt_rules().await;
    // To Tuesday 29 February 2028.
    town.wait_days(729);
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(town.clock.today().0.to_string(), "2028-02-29");
    let household = town.household(&kari, &SINGLE, 1).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2028-02-29"});
    let case = kari.post("/applications", &body).await.ok().id();
    let due = async |by: &Actor, case: &str| {
        let work = by.get("/my-work?limit=200").await.ok();
        let is_it =
            |it: &&Value| it["kind"] == "INTERIM_REPLY" && it["applicationId"] == json!(case);
        let task = work.items().iter().find(is_it).cloned();
        task.unwrap()["dueOn"].as_str().unwrap().to_owned()
    };
    do_duties(&town).await;
    // The clocks go forward on the Sunday between; a month later is a Wednesday all the same.
    assert_eq!(due(&kari, &case).await, "2028-03-29");
    // Received at the end of September, over the night in which an hour comes twice: 30 October is a Monday.
    town.wait_days(214);
    let kari = town.actor(Role::Caseworker).await;
    assert_eq!(town.clock.today().0.to_string(), "2028-09-30");
    let household = town.household(&kari, &SINGLE, 2).await;
    let body = json!({"householdId": household, "type": "NEW", "receivedOn": "2028-09-30"});
    let case = kari.post("/applications", &body).await.ok().id();
    do_duties(&town).await;
    assert_eq!(due(&kari, &case).await, "2028-10-30");
}

/// The service does by itself what is due.
async fn do_duties(town: &Town) {
    let duties = rettbolig::server::duties();
    let scheduler = rettbolig::tasks::Scheduler::new(town.db.clone(), duties);
    scheduler.run_due().await.unwrap();
}

cases::cases![
    a_household_that_splits_has_two_cases_each_decided_on_its_own,
    who_is_under_age_applies_through_a_guardian_until_the_birthday,
    who_is_too_young_by_the_rules_is_given_no_home,
    a_child_that_comes_of_age_while_the_case_runs_is_a_child_no_more,
    an_appeal_on_the_last_day_is_in_time_and_a_day_later_it_is_not,
    a_month_from_a_leap_day_and_a_night_with_an_hour_more_shift_no_deadline,
];
