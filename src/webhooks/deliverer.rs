//! Sends one event to one receiver, and judges what was answered.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::log::{Attempt, Note};
use super::model::WebhookState;
use super::secrets::{self, Secrets};
use super::signature::sign;
use super::{acts, store};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::events::{self, CloudEvent};
use crate::ids::WebhookId;
use crate::municipality;
use crate::outbox::{Deliverer, Delivering, Message, Topic, Undelivered};
use crate::problem::Problem;

/// How long one delivery may take in all; the request itself less.
const PATIENCE: Duration = Duration::from_secs(12);
/// The longest peace that a receiver can ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);

/// Delivers to webhooks.
#[derive(Debug, Default)]
pub struct WebhookDeliverer;

/// What is sent, where.
struct Letter {
    url: String,
    secrets: Vec<Secrets>,
    body: String,
}

impl Deliverer for WebhookDeliverer {
    fn topic(&self) -> Topic {
        Topic::Webhook
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn deliver<'d>(&'d self, db: &'d Db, message: &'d Message) -> Delivering<'d> {
        Box::pin(tell(db, message))
    }
}

async fn tell(db: &Db, message: &Message) -> Result<(), Undelivered> {
    let caller = Arc::new(Caller::system(message.municipality_id));
    let (webhook, event) = (message.lane(), message.reference());
    let gather = move |tx: &mut Tx<'_>| gather(tx, webhook, event);
    let letter = db.read(&caller, gather).await?;
    let Some(letter) = letter else {
        return Err(Undelivered::never("not_subscribed"));
    };
    let begun = Instant::now();
    let answered = post(db, message, &letter).await;
    let took = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    let (status, outcome) = match answered {
        Ok((status, headers)) => (Some(status), judge(status, &headers)),
        Err(undelivered) => (None, Err(undelivered)),
    };
    let told = match &outcome {
        Ok(()) => Cow::Borrowed("delivered"),
        Err(undelivered) => undelivered.fault.clone(),
    };
    let attempt = Attempt {
        municipality_id: message.municipality_id,
        id: crate::ids::Id::new(),
        webhook_id: webhook,
        event_id: event,
        number: message.attempts + 1,
        outcome: told.into_owned(),
        status: status.map(|it| i32::from(it.as_u16())),
        duration_ms: took,
        attempted_at: message.put_at,
    };
    db.keep_books(message.municipality_id, Note(attempt))
        .await?;
    if status == Some(StatusCode::GONE) {
        let leave = move |tx: &mut Tx<'_>| leave(tx, webhook);
        db.write(&caller, leave).await?;
    }
    outcome
}

fn gather(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    event: crate::ids::EntryId,
) -> Result<Option<Letter>, Problem> {
    let row = store::find(tx, webhook)?.filter(|row| row.state == WebhookState::Active);
    let (Some(row), Some(event)) = (row, events::find_placed(tx, event)?) else {
        return Ok(None);
    };
    let (number, _) = municipality::load(tx)?;
    let place = secrets::place(row.municipality_id, row.id);
    let mut keys = vec![Secrets::open(tx.kit(), place, &row.secrets)?];
    if let (Some(previous), Some(until)) = (&row.previous_secrets, row.previous_until)
        && tx.now() < until
    {
        keys.push(Secrets::open(tx.kit(), place, previous)?);
    }
    let body = serde_json::to_string(&CloudEvent::of(&event, &number));
    Ok(Some(Letter {
        url: row.url,
        secrets: keys,
        body: body.map_err(|error| Problem::internal(error.to_string()))?,
    }))
}

async fn post(
    db: &Db,
    message: &Message,
    letter: &Letter,
) -> Result<(StatusCode, HeaderMap), Undelivered> {
    let kit = db.kit();
    let url = kit
        .guard
        .read(&letter.url)
        .map_err(|_| Undelivered::later("address_refused"))?;
    let id = message.reference_id.to_string();
    let timestamp = kit.clock.now().timestamp().as_second();
    let signature = sign(&letter.secrets, &id, timestamp, &letter.body);
    let client = kit.guard.client_for(&url);
    let request = client
        .ok_or_else(|| Undelivered::later("no_client"))?
        .post(url)
        .header("content-type", "application/cloudevents+json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .header("Nav-Call-Id", &message.correlation_id)
        .header("X-Correlation-ID", &message.correlation_id)
        .body(letter.body.clone());
    // The status is the answer: what follows it is not read.
    let answered = request
        .send()
        .await
        .map(|it: Response| (it.status(), it.headers().clone()));
    answered.map_err(|error| {
        let refused = std::error::Error::source(&error).is_some() && names_refusal(&error);
        if refused {
            return Undelivered::later("address_refused");
        }
        let fault = if error.is_timeout() {
            "timeout"
        } else if error.is_connect() {
            "no_connection"
        } else {
            "no_answer"
        };
        Undelivered::down(fault)
    })
}

/// Whether the guard refused the address that a name led to.
fn names_refusal(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(it) = cause {
        if it.is::<crate::outward::Refused>() {
            return true;
        }
        cause = it.source();
    }
    false
}

/// What an answer means for the next attempt.
fn judge(status: StatusCode, headers: &HeaderMap) -> Result<(), Undelivered> {
    let fault = || format!("http_{}", status.as_u16());
    let asked = headers
        .get(RETRY_AFTER)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(RETRY_AFTER_MAX));
    match status.as_u16() {
        200..300 => Ok(()),
        410 => Err(Undelivered::never("gone")),
        429 | 502 | 503 | 504 => {
            let down = Undelivered::down(fault());
            Err(asked.map_or(down.clone(), |wait| down.after(wait)))
        }
        _ => Err(Undelivered::later(fault())),
    }
}

/// The receiver does not want to be told any more.
fn leave(tx: &mut Tx<'_>, webhook: WebhookId) -> Result<(), Problem> {
    if let Some(row) = store::find(tx, webhook)?.filter(|row| row.state == WebhookState::Active) {
        acts::set_state(tx, row, WebhookState::Gone)?;
    } else {
        tx.change_nothing();
    }
    Ok(())
}
