//! Subscriptions, their secrets, their deliveries.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{self, Wish};
use super::log::{self, Attempt};
use super::model::WebhookState;
use super::secrets::{self, Secrets};
use super::store::{self, Webhook};
use crate::audit::{Entry, Subject};
use crate::auth::Action::{ManageWebhooks, ReadWebhooks};
use crate::clock::Instant;
use crate::db::Tx;
use crate::events::{Audience, EventType};
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{DeliveryId, EntryId, WebhookId};
use crate::problem::Problem;

/// The operations on subscriptions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/webhooks",
            ManageWebhooks,
            "Subscribe to events (Standard Webhooks)",
            subscribe,
        ),
        Endpoint::get("/webhooks", ReadWebhooks, "Subscriptions", list),
        Endpoint::get("/webhooks/{id}", ReadWebhooks, "A subscription", show),
        Endpoint::replace(
            "/webhooks/{id}",
            ManageWebhooks,
            "Change where a subscription is told, and of what",
            change,
        ),
        Endpoint::get(
            "/webhooks/{id}/secret",
            ManageWebhooks,
            "The secret by which a receiver holds requests to their signatures",
            show_secret,
        ),
        Endpoint::act(
            "/webhooks/{id}/rotate-secret",
            ManageWebhooks,
            "Take new secrets; requests are signed with the old ones too for a while",
            rotate,
        ),
        Endpoint::act(
            "/webhooks/{id}/pause",
            ManageWebhooks,
            "Tell the receiver nothing for now",
            pause,
        ),
        Endpoint::act(
            "/webhooks/{id}/resume",
            ManageWebhooks,
            "Tell the receiver again, of what happens from now on",
            resume,
        ),
        Endpoint::act(
            "/webhooks/{id}/remove",
            ManageWebhooks,
            "Take a subscription away with all that waits for it",
            remove,
        ),
        Endpoint::act(
            "/webhooks/{id}/replay",
            ManageWebhooks,
            "Tell once more of the events after a place in the feed",
            replay,
        ),
        Endpoint::get(
            "/webhooks/{id}/deliveries",
            ReadWebhooks,
            "Every attempt to tell the receiver, and what came of it",
            deliveries,
        ),
    ]
}

/// Who is to be told, where, of what.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Subscribe {
    /// Whose it is, for those who see the list: a system, not a person.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where to send events, by POST. `https://`, unless the settings allow the network.
    #[schema(min_length = 1, max_length = 1000)]
    url: String,
    /// `NAV` is told of cases, `FACILITIES` of homes; nobody of both.
    audience: Audience,
    /// Of what; of everything for this audience when empty.
    #[serde(default)]
    #[schema(max_items = 50)]
    event_types: Vec<EventType>,
}

/// Where a subscription is told, and of what.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeSubscription {
    /// Whose it is, for those who see the list: a system, not a person.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where to send events, by POST.
    #[schema(min_length = 1, max_length = 1000)]
    url: String,
    /// Of what; of everything for its audience when empty.
    #[serde(default)]
    #[schema(max_items = 50)]
    event_types: Vec<EventType>,
}

/// A subscription. Its secret is asked for by itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Subscription {
    id: WebhookId,
    version: i32,
    name: String,
    url: String,
    audience: Audience,
    event_types: Vec<EventType>,
    state: WebhookState,
    created_at: Instant,
}

fn subscribe(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &Subscribe,
) -> Result<Created<Subscription>, Problem> {
    let wish = Wish {
        name: asked.name.clone(),
        url: asked.url.clone(),
        event_types: asked.event_types.clone(),
    };
    let row = acts::subscribe(tx, &wish, asked.audience)?;
    Ok(Created {
        location: format!("/webhooks/{}", row.id),
        version: Some(row.version),
        body: told(row),
    })
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<Subscription>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.id).map(told))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Subscription>, Problem> {
    Ok(shown(acts::load(tx, call.id()?)?))
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ChangeSubscription,
) -> Result<Shown<Subscription>, Problem> {
    let row = seen(tx, call)?;
    let wish = Wish {
        name: asked.name.clone(),
        url: asked.url.clone(),
        event_types: asked.event_types.clone(),
    };
    Ok(shown(acts::change(tx, row, &wish)?))
}

/// The secrets of a subscription, as the specification writes them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionSecret {
    /// For `v1` (HMAC-SHA256): `whsec_` and base64.
    secret: String,
    /// For `v1a` (Ed25519): `whpk_` and base64.
    public_key: String,
    /// Until when requests are signed with the secrets before these as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_until: Option<Instant>,
}

/// A read, whose answer is nowhere kept; that of a creation would be, under its `Idempotency-Key`.
fn show_secret(
    tx: &mut Tx<'_>,
    call: &Call,
    _: &Nothing,
) -> Result<Shown<SubscriptionSecret>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    let place = secrets::place(row.municipality_id, row.id);
    let keys = Secrets::open(tx.kit(), place, &row.secrets)?;
    tx.record(Entry::access("webhook.secret_read").about(Subject::policy(row.id)));
    Ok(Shown::at_version(
        row.version,
        SubscriptionSecret {
            secret: keys.shared_text(),
            public_key: keys.public_text(),
            previous_until: row.previous_until.filter(|until| tx.now() < *until),
        },
    ))
}

/// How long both secrets are good.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RotateSecret {
    /// For how many hours requests are signed with the old secrets too; 24 when not given, 0 when they have leaked.
    #[schema(minimum = 0, maximum = 720)]
    overlap_hours: Option<u16>,
}

fn rotate(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &RotateSecret,
) -> Result<Shown<Subscription>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::rotate(
        tx,
        row,
        asked.overlap_hours.unwrap_or(24),
    )?))
}

fn pause(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Subscription>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::set_state(tx, row, WebhookState::Paused)?))
}

fn resume(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Subscription>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::set_state(tx, row, WebhookState::Active)?))
}

fn remove(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Subscription>, Problem> {
    let row = seen(tx, call)?;
    Ok(shown(acts::remove(tx, row)?))
}

/// From where on to tell again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReplayEvents {
    /// The `sequence` of the last event that need not be told again; 0 for all from the beginning.
    #[schema(minimum = 0)]
    after: i64,
}

/// What is told again. At most 1,000 events at a time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReplayedEvents {
    /// How many events were put into the outbox.
    events: usize,
    /// Where to go on.
    last: i64,
}

fn replay(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ReplayEvents,
) -> Result<Shown<ReplayedEvents>, Problem> {
    let row = seen(tx, call)?;
    let (last, events) = acts::replay(tx, &row, asked.after)?;
    Ok(Shown::at_version(
        row.version,
        ReplayedEvents { events, last },
    ))
}

/// An attempt to tell the receiver.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeliveryAttempt {
    id: DeliveryId,
    event_id: EntryId,
    /// From 1.
    attempt: i32,
    /// `delivered`, or why not, as a code.
    outcome: String,
    /// What the receiver answered, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<i32>,
    duration_ms: i32,
    attempted_at: Instant,
}

fn deliveries(
    tx: &mut Tx<'_>,
    call: &Call,
    paging: &Paging,
) -> Result<Page<DeliveryAttempt>, Problem> {
    let row = acts::load(tx, call.id()?)?;
    let limit = paging.limit()?;
    let rows = log::page(tx, row.id, paging.after()?, limit + 1)?;
    let told = |attempt: Attempt| DeliveryAttempt {
        id: attempt.id,
        event_id: attempt.event_id,
        attempt: attempt.number,
        outcome: attempt.outcome,
        status: attempt.status,
        duration_ms: attempt.duration_ms,
        attempted_at: attempt.attempted_at,
    };
    Ok(Page::of(rows, limit, |attempt| attempt.id).map(told))
}

fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Webhook, Problem> {
    let row = acts::load(tx, call.id()?)?;
    call.has_seen(row.version)?;
    Ok(row)
}

fn shown(row: Webhook) -> Shown<Subscription> {
    Shown::at_version(row.version, told(row))
}

fn told(row: Webhook) -> Subscription {
    Subscription {
        id: row.id,
        version: row.version,
        name: row.name,
        url: row.url,
        audience: row.audience,
        event_types: row.event_types.0,
        state: row.state,
        created_at: row.created_at,
    }
}
