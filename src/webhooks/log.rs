//! The log of deliveries: every attempt, what came of it, and how long it took. Kept for ninety days.

use diesel::prelude::*;
use jiff::SignedDuration;

use crate::clock::Instant;
use crate::db::schema::webhook_delivery;
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{DeliveryId, EntryId, MunicipalityId, WebhookId};
use crate::outbox::Bookkeeping;
use crate::problem::Problem;

/// How long an attempt is remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Old attempts that are forgotten whenever a new one is written, so that the log does not grow for ever.
const FORGOTTEN_AT_ONCE: i64 = 2;

/// An attempt to tell a receiver of an event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_delivery, treat_none_as_default_value = false)]
pub(super) struct Attempt {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: DeliveryId,
    pub(super) webhook_id: WebhookId,
    pub(super) event_id: EntryId,
    #[diesel(column_name = attempt)]
    pub(super) number: i32,
    pub(super) outcome: String,
    pub(super) status: Option<i32>,
    pub(super) duration_ms: i32,
    pub(super) attempted_at: Instant,
}

/// Writes an attempt down.
#[derive(Debug)]
pub(super) struct Note(pub(super) Attempt);

impl Bookkeeping for Note {
    type Kept = ();

    fn keep(&self, conn: &mut Conn, now: Instant, of: MunicipalityId) -> Result<(), Problem> {
        let attempt = Attempt {
            attempted_at: now,
            ..self.0.clone()
        };
        let insert = diesel::insert_into(webhook_delivery::table).values(&attempt);
        each!(conn, c => insert.execute(c))?;
        let old: Vec<DeliveryId> = webhook_delivery::table
            .filter(webhook_delivery::municipality_id.eq(of))
            .filter(webhook_delivery::webhook_id.eq(attempt.webhook_id))
            .filter(webhook_delivery::attempted_at.lt(now.plus(-KEPT)))
            .order(webhook_delivery::id)
            .limit(FORGOTTEN_AT_ONCE)
            .select(webhook_delivery::id)
            .load(conn)?;
        if !old.is_empty() {
            let these = webhook_delivery::table
                .filter(webhook_delivery::municipality_id.eq(of))
                .filter(webhook_delivery::id.eq_any(old));
            diesel::delete(these).execute(conn)?;
        }
        Ok(())
    }
}

/// The attempts of a subscription, after this one.
pub(super) fn page(
    tx: &mut Tx<'_>,
    webhook: WebhookId,
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Attempt>, Problem> {
    let municipality = tx.municipality();
    Ok(webhook_delivery::table
        .filter(webhook_delivery::municipality_id.eq(municipality))
        .filter(webhook_delivery::webhook_id.eq(webhook))
        .filter(webhook_delivery::id.gt(after.unwrap_or(DeliveryId::NIL)))
        .order(webhook_delivery::id)
        .limit(limit)
        .select(Attempt::as_select())
        .load(tx.conn())?)
}
