//! Registering and showing households.

use rettbolig::auth::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::residents::{household, looks, member, person};
use crate::support::town::Town;
use crate::support::{Bench, cases};

async fn a_household_is_registered_with_its_members(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let ola = person(&kari, "Ola", "1979-02-02").await;
    let lise = person(&kari, "Lise", "2015-03-03").await;
    let mut child = member(&lise, "CHILD");
    child["residenceDays"] = json!(7);
    let at_annes = household(&kari, &[member(&anne, "APPLICANT"), child.clone()]).await;
    household(&kari, &[member(&ola, "APPLICANT"), child]).await;

    let shown = kari.get(&format!("/households/{at_annes}")).await.ok();
    assert_eq!(shown.version(), 1);
    assert_eq!(
        shown.body["members"],
        json!([
            {"personId": anne, "givenName": "Anne", "familyName": "Prøveland", "bornOn": "1980-01-01",
             "role": "APPLICANT", "residenceDays": 14},
            {"personId": lise, "givenName": "Lise", "familyName": "Prøveland", "bornOn": "2015-03-03",
             "role": "CHILD", "residenceDays": 7},
        ])
    );
    assert_eq!(looks(&town, &lise).await, ["household.read"]);
    assert!(looks(&town, &ola).await.is_empty());
}

async fn a_household_that_cannot_be_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let ola = person(&kari, "Ola", "1979-02-02").await;
    let lise = person(&kari, "Lise", "2008-03-03").await;
    let unknown = Uuid::now_v7().to_string();
    let ask = async |members: &[Value]| {
        let body = json!({ "members": members });
        kari.post("/households", &body).await
    };
    let child = || member(&lise, "CHILD");
    let with = |mut member: Value, days: i16| {
        member["residenceDays"] = json!(days);
        member
    };
    ask(&[with(member(&anne, "APPLICANT"), 7), with(child(), 15)])
        .await
        .faults(&[("/members/1/residenceDays", "too_large")]);
    ask(&[
        with(member(&anne, "APPLICANT"), 7),
        member(&anne, "OTHER_ADULT"),
        member(&ola, "CHILD"),
        member(&lise, "OTHER_ADULT"),
        member(&unknown, "APPLICANT"),
    ])
    .await
    .faults(&[
        ("/members/0/residenceDays", "adult_lives_apart"),
        ("/members/1/personId", "member_twice"),
        ("/members/2/role", "child_of_age"),
        ("/members/3/role", "adult_under_age"),
        ("/members/4/personId", "not_found"),
        ("/members/4/role", "applicant_twice"),
    ]);
    ask(&[child()])
        .await
        .faults(&[("/members", "applicant_missing")]);
    // Who is under age may apply, through a guardian; nobody under age answers for a lease beside another.
    household(&kari, &[member(&lise, "APPLICANT")]).await;
    let together = [member(&anne, "APPLICANT"), member(&lise, "CO_APPLICANT")];
    ask(&together).await.refused(422, "co_applicant_under_age");
    // On 3 March Lise is 18.
    town.wait_days(1);
    let kari = town.actor(Role::Caseworker).await;
    household(&kari, &together).await;
}

cases::cases![
    a_household_is_registered_with_its_members,
    a_household_that_cannot_be_is_refused,
];
