//! Residents of the town, made through the service like everybody's.

use jiff::civil::Date;
use rettbolig::national_id::NationalId;
use serde_json::{Value, json};

use super::actor::Actor;

/// The first synthetic national id of those born on this day; `nth` counts from 0.
pub(crate) fn national_id(born_on: &str, nth: usize) -> NationalId {
    let birth: Date = born_on.parse().unwrap();
    let ids = (0..500).filter_map(|serial| NationalId::synthetic(birth, serial));
    ids.skip(nth).take(1).next().unwrap()
}

/// What registers the `nth` person of those born on this day.
pub(crate) fn person_body(given_name: &str, born_on: &str, nth: usize) -> Value {
    json!({
        "nationalId": national_id(born_on, nth).expose_digits(),
        "givenName": given_name,
        "familyName": "Prøveland",
        "bornOn": born_on,
    })
}

/// Registers the first person of those born on this day, and tells the id.
pub(crate) async fn person(actor: &Actor, given_name: &str, born_on: &str) -> String {
    let body = person_body(given_name, born_on, 0);
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
