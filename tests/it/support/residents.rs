//! Single residents and their households, for tests that look closely at who is who.

use jiff::civil::Date;
use rettbolig::auth::Role;
use rettbolig::national_id::NationalId;
use serde_json::{Value, json};

use super::actor::Actor;
use super::town::Town;

/// The first synthetic national id of those born on this day; `nth` counts from 0.
pub(crate) fn national_id(born_on: &str, nth: usize) -> NationalId {
    let birth: Date = born_on.parse().unwrap();
    let ids = (0..500).filter_map(|serial| NationalId::synthetic(birth, serial));
    ids.skip(nth).take(1).next().unwrap()
}

/// What registers the `nth` person of those born on this day.
pub(crate) fn resident(given_name: &str, born_on: &str, nth: usize) -> Value {
    json!({
        "nationalId": national_id(born_on, nth).expose_digits(),
        "givenName": given_name,
        "familyName": "Prøveland",
        "bornOn": born_on,
    })
}

/// Registers the first person of those born on this day, and tells the id.
pub(crate) async fn person(actor: &Actor, given_name: &str, born_on: &str) -> String {
    let body = resident(given_name, born_on, 0);
    actor.post("/people", &body).await.ok().id()
}

/// A member of a household.
pub(crate) fn member(person: &str, role: &str) -> Value {
    json!({"personId": person, "role": role})
}

/// Registers a household, and tells the id.
pub(crate) async fn household(actor: &Actor, members: &[Value]) -> String {
    let body = json!({ "members": members });
    actor.post("/households", &body).await.ok().id()
}

/// A person with everything that can be said of one.
pub(crate) fn whole_person(protection: &str) -> Value {
    let mut body = resident("Ønskebjørn", "1955-11-10", 0);
    body["familyName"] = json!("Strandvoll");
    body["addressProtection"] = json!(protection);
    body["phone"] = json!("+47 99 88 77 66");
    body["email"] = json!("onskebjorn@post.example");
    body["address"] = json!({
        "street": "Granittveien 17",
        "postalCode": "7500",
        "postalPlace": "Stjørdalsvik",
    });
    body
}

/// Who looked at a person, as the person's access log tells: the actions.
pub(crate) async fn looks(town: &Town, person: &str) -> Vec<String> {
    let officer = town.actor(Role::PrivacyOfficer).await;
    let path = format!("/people/{person}/access-log");
    let log = officer.get(&path).await.ok();
    let action = |item: &Value| item["entry"]["action"].as_str().unwrap().to_owned();
    log.items().iter().map(action).collect()
}
