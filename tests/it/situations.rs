//! Recording and reading the situations of a household.

use std::sync::Arc;

use rettbolig::auth::{Caller, Role};
use rettbolig::clock::Day;
use rettbolig::db::Tx;
use rettbolig::situations::{self, NewSituation, SituationReason, Source, Verification};
use serde_json::{Value, json};

use crate::support::actor::Actor;
use crate::support::residents::{household, member, person};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Bench, cases};

fn arrears(from: &str, until: Option<&str>) -> Value {
    json!({
        "reason": "ARREARS",
        "validFrom": from,
        "validUntil": until,
        "source": "NAV",
        "verification": "DOCUMENTED",
    })
}

/// A household of one, and its path.
async fn alone(actor: &Actor) -> (String, String) {
    let anne = person(actor, "Anne", "1980-01-01").await;
    let household = household(actor, &[member(&anne, "APPLICANT")]).await;
    (anne, format!("/households/{household}"))
}

/// The reasons of the situations that a household is in today.
async fn reasons(actor: &Actor, household: &str) -> Vec<String> {
    let shown = actor.get(household).await.ok();
    let situations = shown.body["situations"].as_array().unwrap().clone();
    let reason = |situation: Value| situation["reason"].as_str().unwrap().to_owned();
    situations.into_iter().map(reason).collect()
}

async fn a_situation_is_recorded_and_shown_while_it_holds(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (anne, path) = alone(&kari).await;
    let list = format!("{path}/situations");
    let body = arrears("2026-03-02", Some("2026-03-04"));
    let recorded = kari.post(&list, &body).await.ok();
    assert_eq!(recorded.status, 201);
    assert_eq!(recorded.body["kind"], "AT_RISK");
    assert_eq!(recorded.body["recordedAt"], "2026-03-02T11:00:00Z");
    let mut foreseen = arrears("2026-03-03", None);
    foreseen["reason"] = json!("LEAVING_PRISON");
    foreseen["kind"] = json!("HOMELESS");
    kari.post(&list, &foreseen).await.ok();

    let shown = kari.get(&path).await.ok();
    assert_eq!(shown.version(), 3);
    assert_eq!(shown.body["situations"], json!([recorded.body]));
    for now in [vec!["ARREARS", "LEAVING_PRISON"], vec!["LEAVING_PRISON"]] {
        town.wait_days(1);
        let kari = town.actor(Role::Caseworker).await;
        assert_eq!(reasons(&kari, &path).await, now);
    }
    let per = town.another(Role::Caseworker).await;
    assert_eq!(per.get(&list).await.ok().items().len(), 2);
    let auditor = town.actor(Role::Auditor).await;
    let asked = format!("/audit/entries?personId={anne}&action=situation.read");
    let looks = auditor.get(&asked).await.ok();
    assert_eq!(looks.items().len(), 1);
    assert_eq!(looks.items()[0]["entry"]["role"], "CASEWORKER");
    let household = path.trim_start_matches("/households/");
    let asked = format!("/audit/entries?householdId={household}&action=situation.recorded");
    assert_eq!(auditor.get(&asked).await.ok().items().len(), 2);
}

async fn a_situation_that_cannot_be_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, path) = alone(&kari).await;
    let list = format!("{path}/situations");
    let mut body = arrears("2027-03-03", Some("2027-03-03"));
    body["kind"] = json!("HOMELESS");
    let answer = kari.post(&list, &body).await;
    answer.faults(&[
        ("/kind", "reason_of_other_kind"),
        ("/validFrom", "too_far_ahead"),
        ("/validUntil", "not_after_valid_from"),
    ]);
    body["kind"] = json!("AT_RISK");
    let answer = kari.post(&list, &body).await;
    answer.faults(&[
        ("/validFrom", "too_far_ahead"),
        ("/validUntil", "not_after_valid_from"),
    ]);
    body["reason"] = json!("BORED");
    let answer = kari.post(&list, &body).await;
    answer.faults(&[("/reason", "unknown_code")]);

    kari.post(&list, &arrears("2026-03-02", Some("2026-04-01")))
        .await
        .ok();
    let overlapping = arrears("2026-02-01", Some("2026-03-03"));
    let refused = kari.post(&list, &overlapping).await;
    refused.refused(409, "situation_overlaps");
    kari.post(&list, &arrears("2026-04-01", None)).await.ok();
    let team = town.actor(Role::TeamMember).await;
    team.post(&list, &overlapping)
        .await
        .refused(403, "forbidden");
}

async fn two_at_once_do_not_record_the_same_situation(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, per) = (
        town.actor(Role::Caseworker).await,
        town.another(Role::Caseworker).await,
    );
    let (_, path) = alone(&kari).await;
    let list = format!("{path}/situations");
    let body = arrears("2026-03-02", None);
    let (one, other) =
        futures_util::future::join(kari.post(&list, &body), per.post(&list, &body)).await;
    let (first, second) = if one.status == 201 {
        (one, other)
    } else {
        (other, one)
    };
    first.ok();
    second.refused(409, "situation_overlaps");
}

async fn situations_are_listed_in_pages(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, path) = alone(&kari).await;
    let list = format!("{path}/situations");
    for (from, until) in [("2024-01-01", "2024-02-01"), ("2025-01-01", "2025-02-01")] {
        kari.post(&list, &arrears(from, Some(until))).await.ok();
    }
    let first = kari.get(&format!("{list}?limit=1")).await.ok();
    assert_eq!(first.items()[0]["validFrom"], "2024-01-01");
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let second = kari
        .get(&format!("{list}?limit=1&cursor={cursor}"))
        .await
        .ok();
    assert_eq!(second.items()[0]["validFrom"], "2025-01-01");
    assert_eq!(second.body["nextCursor"], Value::Null);
}

async fn another_municipality_sees_no_household(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, path) = alone(&kari).await;
    let list = format!("{path}/situations");
    let stranger = town.stranger(Role::Caseworker).await;
    stranger.get(&path).await.refused(404, "not_found");
    stranger.get(&list).await.refused(404, "not_found");
    let body = arrears("2026-03-02", None);
    let refused = stranger.post(&list, &body).await;
    refused.refused(404, "not_found");
    let nowhere = "/households/none/situations";
    kari.post(nowhere, &body).await.refused(404, "not_found");
}

/// What a loader and the matching use: many at once.
async fn the_front_door_takes_many_situations_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let (_, path) = alone(&kari).await;
    let household = path.trim_start_matches("/households/").parse().unwrap();
    let first = Day("2020-01-01".parse().unwrap());
    let new = move |month: i32| NewSituation {
        reason: SituationReason::Overcrowded,
        valid_from: first.plus_months(month),
        valid_until: Some(first.plus_months(month + 1)),
        source: Source::Caseworker,
        verification: Verification::Confirmed,
    };
    let loader = Arc::new(Caller::system(STJORDAL));
    let twice = move |tx: &mut Tx<'_>| {
        situations::record_many(tx, &[(household, new(0)), (household, new(0))])
    };
    let refused = town.db.write(&loader, twice).await.unwrap_err();
    assert_eq!(refused.kind.code, "situation_overlaps");
    let work = move |tx: &mut Tx<'_>| {
        let months: Vec<_> = (0..70).map(|month| (household, new(month))).collect();
        situations::record_many(tx, &months)?;
        situations::current_of(tx, &[household], first.plus_months(5))
    };
    let current = town.db.write(&loader, work).await.unwrap();
    assert_eq!(current[&household].len(), 1);
    assert_eq!(current[&household][0].valid_from, first.plus_months(5));
}

async fn a_correction_says_something_else_than_what_stands(bench: Bench) {
    let town = Town::open(bench).await;
    let anne = town.actor(Role::Caseworker).await;
    let (_, path) = alone(&anne).await;
    let stands = arrears("2026-01-01", None);
    let listed = format!("{path}/situations");
    anne.post(&listed, &stands).await.ok();
    let id = anne.get(&listed).await.ok().items()[0]["id"].clone();
    let correct = format!("/situations/{}/correct", id.as_str().unwrap());
    let version = anne.get(&path).await.ok().version();
    let mut right = json!({"instead": stands, "reason": "WRONG", "why": "Hun ringte selv."});
    let same = anne.act(&correct, version, &right).await;
    assert_eq!(same.body["errors"][0]["pointer"], "/instead");
    same.refused(422, "situation_as_it_was");
    right["why"] = json!("       ");
    right["instead"]["source"] = json!("NOBODY");
    anne.act(&correct, version, &right).await.faults(&[
        ("/instead/source", "unknown_code"),
        ("/why", "wrong_format"),
    ]);
    right["why"] = json!("Hun ringte selv.");
    right["instead"] = arrears("2026-01-02", None);
    anne.act(&correct, version, &right).await.ok();
}

cases::cases![
    a_correction_says_something_else_than_what_stands,
    a_situation_is_recorded_and_shown_while_it_holds,
    a_situation_that_cannot_be_is_refused,
    two_at_once_do_not_record_the_same_situation,
    situations_are_listed_in_pages,
    another_municipality_sees_no_household,
    the_front_door_takes_many_situations_at_once,
];
