//! Subscriptions in the database.

use diesel::prelude::*;

use super::model::{Receiver, WebhookState};
use super::secrets::{self, Secrets};
use crate::clock::Instant;
use crate::crypto;
use crate::db::schema::webhook;
use crate::db::types::Json;
use crate::db::{Conn, Tx};
use crate::events::{Audience, EventType};
use crate::ids::{MunicipalityId, WebhookId};
use crate::problem::Problem;

/// A subscription.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook, treat_none_as_default_value = false)]
pub(super) struct Webhook {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: WebhookId,
    pub(super) version: i32,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) audience: Audience,
    pub(super) event_types: Json<Vec<EventType>>,
    pub(super) state: WebhookState,
    pub(super) secrets: String,
    pub(super) previous_secrets: Option<String>,
    pub(super) previous_until: Option<Instant>,
    pub(super) created_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Webhook) -> Result<(), Problem> {
    diesel::insert_into(webhook::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: WebhookId) -> Result<Option<Webhook>, Problem> {
    let key = (tx.municipality(), id);
    let found = webhook::table
        .find(key)
        .select(Webhook::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Those that are not removed, after this one.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<WebhookId>,
    limit: i64,
) -> Result<Vec<Webhook>, Problem> {
    let municipality = tx.municipality();
    Ok(webhook::table
        .filter(webhook::municipality_id.eq(municipality))
        .filter(webhook::state.ne(WebhookState::Removed))
        .filter(webhook::id.gt(after.unwrap_or(WebhookId::NIL)))
        .order(webhook::id)
        .limit(limit)
        .select(Webhook::as_select())
        .load(tx.conn())?)
}

/// How many are not removed.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<i64, Problem> {
    let municipality = tx.municipality();
    Ok(webhook::table
        .filter(webhook::municipality_id.eq(municipality))
        .filter(webhook::state.ne(WebhookState::Removed))
        .count()
        .get_result(tx.conn())?)
}

/// Writes a changed subscription, if it is still at the version before.
pub(super) fn update(tx: &mut Tx<'_>, row: &Webhook) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(webhook::table.find(key))
        .filter(webhook::version.eq(row.version - 1))
        .set((
            webhook::version.eq(row.version),
            webhook::name.eq(&row.name),
            webhook::url.eq(&row.url),
            webhook::event_types.eq(&row.event_types),
            webhook::state.eq(row.state),
            webhook::secrets.eq(&row.secrets),
            webhook::previous_secrets.eq(&row.previous_secrets),
            webhook::previous_until.eq(row.previous_until),
        ))
        .execute(tx.conn())?)
}

/// Everybody who is to be told of new events of a municipality.
pub fn receivers(conn: &mut Conn, municipality: MunicipalityId) -> Result<Vec<Receiver>, Problem> {
    let rows: Vec<(WebhookId, Audience, Json<Vec<EventType>>)> = webhook::table
        .filter(webhook::municipality_id.eq(municipality))
        .filter(webhook::state.eq(WebhookState::Active))
        .select((webhook::id, webhook::audience, webhook::event_types))
        .load(conn)?;
    let receivers = rows.into_iter().map(|(id, audience, types)| Receiver {
        id,
        audience,
        event_types: types.0,
    });
    Ok(receivers.collect())
}

/// Seals anew, with the key in use, the secrets that an older key-encryption key seals; tells how many rows there were.
pub fn rewrap_secrets(tx: &mut Tx<'_>, limit: i64) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let current = format!("{}%", crypto::prefix_of_active(&tx.kit().keys));
    let is_old = webhook::secrets
        .like("v1.%")
        .and(webhook::secrets.not_like(current.clone()));
    let was_old = webhook::previous_secrets
        .assume_not_null()
        .like("v1.%")
        .and(
            webhook::previous_secrets
                .assume_not_null()
                .not_like(current),
        );
    let old: Vec<(WebhookId, String, Option<String>)> = webhook::table
        .filter(webhook::municipality_id.eq(municipality))
        .filter(is_old.or(was_old))
        .order(webhook::id)
        .limit(limit)
        .select((webhook::id, webhook::secrets, webhook::previous_secrets))
        .load(tx.conn())?;
    for (id, sealed, previous) in &old {
        let anew = |sealed: &str| {
            let place = || secrets::place(municipality, *id);
            Secrets::open(tx.kit(), place(), sealed)?.seal(tx.kit(), place())
        };
        // A subscription that was taken away has none.
        let now = if sealed.is_empty() {
            String::new()
        } else {
            anew(sealed)?
        };
        let before = previous.as_deref().map(anew).transpose()?;
        diesel::update(webhook::table.find((municipality, *id)))
            .filter(webhook::secrets.eq(sealed))
            .set((
                webhook::secrets.eq(now),
                webhook::previous_secrets.eq(before),
            ))
            .execute(tx.conn())?;
    }
    Ok(old.len())
}
