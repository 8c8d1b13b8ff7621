//! Making and changing subscriptions.

use jiff::SignedDuration;

use super::model::{Refusal, WEBHOOKS_MAX, WebhookState};
use super::secrets::{self, Secrets};
use super::store::{self, Webhook};
use crate::audit::{Entry, Subject};
use crate::db::Tx;
use crate::db::types::Json;
use crate::events::{self, Audience, EventType};
use crate::http::must_be_current;
use crate::ids::WebhookId;
use crate::outbox::{self, Outgoing, Topic};
use crate::outward::Refused;
use crate::problem::{NOT_FOUND, Problem};

/// Who is to be told, where, of what.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) event_types: Vec<EventType>,
}

/// Whether the wish can be granted, as far as that can be known without calling.
fn judge(tx: &Tx<'_>, wish: &Wish, audience: Audience) -> Result<(), Problem> {
    let judged = tx.kit().guard.read(&wish.url);
    judged.map_err(|refused| match refused {
        Refused::NoAddress => Refusal::NoAddress,
        Refused::NotEncrypted => Refusal::NotEncrypted,
        Refused::NotPublic => Refusal::NotPublic,
    })?;
    if wish.event_types.iter().any(|it| it.audience() != audience) {
        return Err(Refusal::OtherAudience.into());
    }
    Ok(())
}

/// Makes a subscription with new secrets.
pub(super) fn subscribe(
    tx: &mut Tx<'_>,
    wish: &Wish,
    audience: Audience,
) -> Result<Webhook, Problem> {
    judge(tx, wish, audience)?;
    if store::count(tx)? >= WEBHOOKS_MAX {
        return Err(Refusal::TooMany.into());
    }
    let id = tx.new_id();
    let place = secrets::place(tx.municipality(), id);
    let row = Webhook {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        name: wish.name.clone(),
        url: wish.url.clone(),
        audience,
        event_types: Json(wish.event_types.clone()),
        state: WebhookState::Active,
        secrets: Secrets::generate()?.seal(tx.kit(), place)?,
        previous_secrets: None,
        previous_until: None,
        created_at: tx.now(),
    };
    store::insert(tx, &row)?;
    note(tx, "webhook.subscribed", &row);
    Ok(row)
}

/// Changes where it is told, and of what.
pub(super) fn change(tx: &mut Tx<'_>, row: Webhook, wish: &Wish) -> Result<Webhook, Problem> {
    judge(tx, wish, row.audience)?;
    let changed = Webhook {
        name: wish.name.clone(),
        url: wish.url.clone(),
        event_types: Json(wish.event_types.clone()),
        ..row
    };
    keep(tx, changed, "webhook.changed")
}

/// Takes new secrets; requests are signed with the old ones too for as long as this.
pub(super) fn rotate(
    tx: &mut Tx<'_>,
    row: Webhook,
    overlap_hours: u16,
) -> Result<Webhook, Problem> {
    let place = secrets::place(row.municipality_id, row.id);
    let until = tx
        .now()
        .plus(SignedDuration::from_hours(overlap_hours.into()));
    let changed = Webhook {
        secrets: Secrets::generate()?.seal(tx.kit(), place)?,
        previous_secrets: Some(row.secrets),
        previous_until: Some(until),
        ..row
    };
    keep(tx, changed, "webhook.secrets_rotated")
}

/// Tells the receiver again, or not for now.
pub(super) fn set_state(
    tx: &mut Tx<'_>,
    row: Webhook,
    state: WebhookState,
) -> Result<Webhook, Problem> {
    let action = match state {
        WebhookState::Active => "webhook.resumed",
        WebhookState::Paused => "webhook.paused",
        WebhookState::Gone => "webhook.gone",
        WebhookState::Removed => "webhook.removed",
    };
    keep(tx, Webhook { state, ..row }, action)
}

/// Takes a subscription away, with its secrets and with all that waits for it.
pub(super) fn remove(tx: &mut Tx<'_>, row: Webhook) -> Result<Webhook, Problem> {
    outbox::close_lane(tx, Topic::Webhook, row.id)?;
    let emptied = Webhook {
        secrets: String::new(),
        previous_secrets: None,
        previous_until: None,
        ..row
    };
    set_state(tx, emptied, WebhookState::Removed)
}

/// Events that one request tells again at most.
const REPLAY_MAX: i64 = 1000;

/// Tells once more of the events after a place; gives the last place that is told, and how many events that are.
pub(super) fn replay(tx: &mut Tx<'_>, row: &Webhook, after: i64) -> Result<(i64, usize), Problem> {
    let events = events::placed_after(tx, row.audience, after, REPLAY_MAX)?;
    let last = events.last().map_or(after, |event| event.position);
    let types = &row.event_types.0;
    let wanted = events
        .iter()
        .filter(|it| types.is_empty() || types.contains(&it.kind));
    let mut count = 0;
    for event in wanted {
        let message = Outgoing::new(Topic::Webhook, event.stream_id, event.id).to(row.id);
        outbox::put(tx, message)?;
        count += 1;
    }
    let entry = Entry::change("webhook.replayed").about(Subject::policy(row.id));
    tx.record(entry.fact("after", after).fact("events", count));
    Ok((last, count))
}

/// A subscription that must exist and not be removed.
pub(super) fn load(tx: &mut Tx<'_>, id: WebhookId) -> Result<Webhook, Problem> {
    let row = store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    if row.state == WebhookState::Removed {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, row: Webhook, action: &'static str) -> Result<Webhook, Problem> {
    let row = Webhook {
        version: row.version + 1,
        ..row
    };
    must_be_current(store::update(tx, &row)?)?;
    note(tx, action, &row);
    Ok(row)
}

fn note(tx: &mut Tx<'_>, action: &'static str, row: &Webhook) {
    let entry = Entry::change(action).about(Subject::policy(row.id));
    tx.record(entry.fact("audience", row.audience.code()));
}
