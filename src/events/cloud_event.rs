//! An event as it is told (`CloudEvents` 1.0, JSON format).

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::PlacedEvent;
use super::told::EventType;
use crate::clock::Instant;
use crate::ids::EntryId;

/// An event by `CloudEvents` 1.0. It refers and holds no personal data: whoever may know more asks the service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CloudEvent {
    /// Always `1.0`.
    #[schema(example = "1.0")]
    specversion: &'static str,
    /// The same wherever and however often it is told; also the id of its entry in the audit log.
    id: EntryId,
    /// The municipality in which it happened.
    #[schema(example = "urn:rettbolig:municipality:5035")]
    source: String,
    /// What happened.
    #[serde(rename = "type")]
    kind: EventType,
    /// What it happened to, as in addresses of this service.
    #[schema(example = "applications/01900000-0000-7000-8000-000000000001")]
    subject: String,
    /// When.
    time: Instant,
    /// Always `application/json`.
    datacontenttype: &'static str,
    /// Its place among all events of this audience, written so that text sorts as numbers do.
    #[schema(example = "0000000000000000042")]
    sequence: String,
    /// The request that caused it (`Nav-Call-Id`).
    correlationid: String,
    data: EventData,
}

/// What an event refers to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventData {
    /// What kind of thing, as in addresses of this service.
    #[schema(example = "applications")]
    resource: &'static str,
    /// Which one.
    id: Uuid,
}

impl CloudEvent {
    /// An event of the municipality with this number.
    #[must_use]
    pub fn of(event: &PlacedEvent, municipality_number: &str) -> Self {
        let resource = event.kind.noun();
        let id = event.subject_id.uuid();
        Self {
            specversion: "1.0",
            id: event.id,
            source: format!("urn:rettbolig:municipality:{municipality_number}"),
            kind: event.kind,
            subject: format!("{resource}/{id}"),
            time: event.occurred_at,
            datacontenttype: "application/json",
            sequence: format!("{:019}", event.position),
            correlationid: event.correlation_id.clone(),
            data: EventData { resource, id },
        }
    }
}
