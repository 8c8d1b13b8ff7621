//! `Idempotency-Key`: the same request sent again has one effect and one answer.
//!
//! The first answer is kept in the transaction of its effect, so a crash between commit and answer loses neither.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;

use super::answer::{JSON, Reply};
use crate::clock::Instant;
use crate::db::schema::idempotency_record;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{ActorId, MunicipalityId};
use crate::problem::{
    FieldFault, IDEMPOTENCY_KEY_MISSING, IN_PROGRESS, INTERNAL, KEY_REUSED, Problem,
};

/// Longest key that is taken.
const KEY_LENGTH_MAX: usize = 64;

const ONE_ANSWER: Unique = Unique {
    name: "idempotency_record_pkey",
    columns: "idempotency_record.municipality_id, idempotency_record.actor_id, idempotency_record.route, idempotency_record.key",
};

/// A client's key for one request: scoped to who asks and what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    actor: ActorId,
    route: String,
    text: String,
    body: Vec<u8>,
}

impl Key {
    /// The key of a request, from its header and body.
    pub(super) fn of(
        header: Option<&str>,
        actor: ActorId,
        route: String,
        body: &[u8],
    ) -> Result<Self, Problem> {
        let Some(key) = header else {
            return Err(Problem::new(&IDEMPOTENCY_KEY_MISSING));
        };
        let is_plain = |c: char| c.is_ascii_graphic();
        if key.is_empty() || key.len() > KEY_LENGTH_MAX || !key.chars().all(is_plain) {
            return Err(Problem::invalid(vec![FieldFault::new(
                "/header/Idempotency-Key",
                "wrong_format",
                "Må være 1 til 64 synlige ASCII-tegn.",
                "Must be 1 to 64 visible ASCII characters.",
            )]));
        }
        Ok(Self {
            actor,
            route,
            text: key.to_owned(),
            body: body.to_vec(),
        })
    }
}

impl Key {
    /// A keyed digest of the body: tells another body apart without telling the body.
    fn fingerprint(&self, tx: &Tx<'_>) -> Vec<u8> {
        let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
        key.request(&self.body).as_bytes().to_vec()
    }
}

/// Requests under a key that this instance is answering right now.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<(ActorId, String, String)>>>);

impl InFlight {
    /// Claims the key while it is answered; a second request in the meantime is told so.
    pub(super) fn claim(&self, key: &Key) -> Result<Claim, Problem> {
        let name = (key.actor, key.route.clone(), key.text.clone());
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !claimed.insert(name.clone()) {
            return Err(in_progress());
        }
        Ok(Claim {
            claimed: Arc::clone(&self.0),
            name,
        })
    }
}

/// Gives the key free when dropped.
#[derive(Debug)]
pub(super) struct Claim {
    claimed: Arc<Mutex<HashSet<(ActorId, String, String)>>>,
    name: (ActorId, String, String),
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claimed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.name);
    }
}

fn in_progress() -> Problem {
    Problem {
        retry_after_seconds: Some(1),
        ..Problem::new(&IN_PROGRESS)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_record, treat_none_as_default_value = false)]
struct Record {
    municipality_id: MunicipalityId,
    actor_id: ActorId,
    route: String,
    key: String,
    fingerprint: Vec<u8>,
    status: i16,
    body: String,
    etag_version: Option<i32>,
    location: Option<String>,
    created_at: Instant,
}

/// The answer that was given under this key before, if any.
pub(super) fn find(tx: &mut Tx<'_>, key: &Key) -> Result<Option<Reply>, Problem> {
    let name = (
        tx.municipality(),
        key.actor,
        key.route.as_str(),
        key.text.as_str(),
    );
    let named = idempotency_record::table
        .find(name)
        .select(idempotency_record::all_columns);
    let found: Option<Record> = each!(tx.conn(), c => named.first(c)).optional()?;
    let Some(record) = found else { return Ok(None) };
    if record.fingerprint != key.fingerprint(tx) {
        return Err(Problem::new(&KEY_REUSED));
    }
    Ok(Some(Reply {
        status: u16::try_from(record.status).unwrap_or(INTERNAL.status),
        version: record.etag_version,
        location: record.location,
        body: (!record.body.is_empty()).then(|| record.body.into_bytes()),
        media: JSON,
    }))
}

/// Keeps the answer with its effect. Another instance that was quicker makes this transaction void.
pub(super) fn keep(tx: &mut Tx<'_>, key: &Key, reply: &Reply) -> Result<(), Problem> {
    let body = String::from_utf8(reply.body.clone().unwrap_or_default());
    let body = body.map_err(|_| Problem::internal("an answer under a key is no text"))?;
    let record = Record {
        municipality_id: tx.municipality(),
        actor_id: key.actor,
        route: key.route.clone(),
        key: key.text.clone(),
        fingerprint: key.fingerprint(tx),
        status: i16::try_from(reply.status).unwrap_or_default(),
        body,
        etag_version: reply.version,
        location: reply.location.clone(),
        created_at: tx.now(),
    };
    let insert = diesel::insert_into(idempotency_record::table).values(&record);
    each!(tx.conn(), c => insert.execute(c)).or_refuse(&ONE_ANSWER, in_progress())?;
    Ok(())
}
