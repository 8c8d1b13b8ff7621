//! `Idempotency-Key`: the same request sent again has one effect and one answer.
//!
//! The first answer is kept in the transaction of its effect, so a crash between commit and answer loses neither. It is sealed under a
//! key that follows from the request itself: only whoever sends the same request again can have it opened. It is kept for a day, or
//! two where something was decided ([`Lifetimes`]), and is cleared thereafter ([`clear`]); erasing a person takes back at once
//! what was answered about that person ([`take_back`]). Whoever may see less by now of those whom it concerns is not given it again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;

use super::Effect;
use super::answer::{JSON, Reply};
use super::content::Content;
use crate::access;
use crate::audit::Entry;
use crate::clock::Instant;
use crate::crypto::{self, Context, CryptoFault, MunicipalityIndexKey};
use crate::db::schema::idempotency_record;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{ActorId, MunicipalityId, PersonId};
use crate::problem::{
    ANSWER_WITHHELD, ERASED, FieldFault, IDEMPOTENCY_KEY_MISSING, IN_PROGRESS, INTERNAL,
    KEY_REUSED, Problem,
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
    lifetime: SignedDuration,
}

/// How long answers are kept at least.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// After something was made.
    pub made: SignedDuration,
    /// After something was decided, proposed or allocated.
    pub decided: SignedDuration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            made: SignedDuration::from_hours(24),
            decided: SignedDuration::from_hours(48),
        }
    }
}

impl Lifetimes {
    /// How long the answer of an operation is kept.
    pub(super) const fn of(self, effect: Effect) -> SignedDuration {
        if effect.records_refusals() {
            self.decided
        } else {
            self.made
        }
    }
}

impl Key {
    /// The key of a request, from its header and body.
    pub(super) fn of(
        header: Option<&str>,
        actor: ActorId,
        route: String,
        body: &[u8],
        lifetime: SignedDuration,
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
            lifetime,
        })
    }
}

impl Key {
    /// A keyed digest of the body: tells another body apart without telling the body.
    fn fingerprint(&self, tx: &Tx<'_>) -> Vec<u8> {
        let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
        key.request(&self.body).as_bytes().to_vec()
    }

    /// Whether a stored digest is that of the body.
    fn is_of(&self, tx: &Tx<'_>, stored: &[u8]) -> bool {
        let key = tx.kit().index_key.of_municipality(tx.municipality().uuid());
        key.is_request(&self.body, stored)
    }

    fn place(&self, tx: &Tx<'_>) -> Context {
        Context {
            municipality: tx.municipality().uuid(),
            table: "idempotency_record",
            column: "body",
            row: self.actor.uuid(),
        }
    }

    fn open(&self, tx: &Tx<'_>, sealed: &str) -> Result<Option<String>, Problem> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let (keys, place) = (self.index_key(tx), self.place(tx));
        let mut opened = Err(CryptoFault::UnknownKey);
        for key in keys.answer_keys(&self.text, &self.body) {
            // While another index key takes over, an answer may be sealed under a key of either.
            if opened == Err(CryptoFault::UnknownKey) {
                opened = crypto::open(&key, place, sealed).map(|it| it.expose_secret().to_owned());
            }
        }
        opened
            .map(Some)
            .map_err(|fault| Problem::internal(fault.code()))
    }

    fn seal(&self, tx: &Tx<'_>, body: Option<&str>) -> Result<String, Problem> {
        let Some(body) = body else {
            return Ok(String::new());
        };
        let keys = self.index_key(tx);
        let key = keys.answer_keys(&self.text, &self.body).next();
        let key = key.ok_or_else(|| Problem::internal("there is no index key"))?;
        crypto::seal(&key, self.place(tx), body).map_err(|fault| Problem::internal(fault.code()))
    }

    #[expect(clippy::unused_self, reason = "it reads as the key's own")]
    fn index_key(&self, tx: &Tx<'_>) -> MunicipalityIndexKey {
        tx.kit().index_key.of_municipality(tx.municipality().uuid())
    }
}

/// Requests under a key that this instance is answering right now, and how long it keeps what it answers.
#[derive(Debug, Clone, Default)]
pub struct InFlight {
    claimed: Arc<Mutex<HashSet<(ActorId, String, String)>>>,
    pub(super) lifetimes: Lifetimes,
}

impl InFlight {
    /// Answers that are kept so long.
    #[must_use]
    pub fn keeping(lifetimes: Lifetimes) -> Self {
        Self {
            lifetimes,
            ..Self::default()
        }
    }

    /// Claims the key while it is answered; a second request in the meantime is told so.
    pub(super) fn claim(&self, key: &Key) -> Result<Claim, Problem> {
        let name = (key.actor, key.route.clone(), key.text.clone());
        let mut claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        if !claimed.insert(name.clone()) {
            return Err(in_progress());
        }
        Ok(Claim {
            claimed: Arc::clone(&self.claimed),
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
    kept_until: Instant,
    people: Vec<u8>,
    /// How much the caller might see, when it was answered, of those whom it concerns.
    sights: Vec<u8>,
}

/// The status of an answer that was taken back.
const TAKEN_BACK: i16 = 0;

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
    if !key.is_of(tx, &record.fingerprint) {
        return Err(Problem::new(&KEY_REUSED));
    }
    if record.status == TAKEN_BACK {
        return Err(Problem::new(&ERASED));
    }
    if !access::sees_no_less(tx, &record.sights)? {
        return Err(Problem::new(&ANSWER_WITHHELD));
    }
    Ok(Some(Reply {
        status: u16::try_from(record.status).unwrap_or(INTERNAL.status),
        version: record.etag_version,
        location: record.location,
        body: key.open(tx, &record.body)?.map(|it| it.into_bytes().into()),
        media: JSON,
    }))
}

/// Keeps the answer with its effect. Another instance that was quicker makes this transaction void.
pub(super) fn keep(tx: &mut Tx<'_>, key: &Key, reply: &Reply) -> Result<(), Problem> {
    let body = reply.body.as_ref().map(Content::as_text).transpose()?;
    let concerned = tx.on_record();
    let record = Record {
        municipality_id: tx.municipality(),
        actor_id: key.actor,
        route: key.route.clone(),
        key: key.text.clone(),
        fingerprint: key.fingerprint(tx),
        status: i16::try_from(reply.status).unwrap_or_default(),
        body: key.seal(tx, body.as_deref())?,
        etag_version: reply.version,
        location: reply.location.clone(),
        created_at: tx.now(),
        kept_until: tx.now().plus(key.lifetime),
        people: tx
            .people_on_record()
            .flat_map(uuid::Uuid::into_bytes)
            .collect(),
        sights: access::sights(tx, &concerned)?,
    };
    let insert = diesel::insert_into(idempotency_record::table).values(&record);
    each!(tx.conn(), c => insert.execute(c)).or_refuse(&ONE_ANSWER, in_progress())?;
    Ok(())
}

/// Clears the answers of the municipality whose time is over, and tells how many there were.
pub(super) fn clear(tx: &mut Tx<'_>) -> Result<usize, Problem> {
    let over = idempotency_record::table
        .filter(idempotency_record::municipality_id.eq(tx.municipality()))
        .filter(idempotency_record::kept_until.lt(tx.now()));
    let cleared = diesel::delete(over).execute(tx.conn())?;
    if cleared == 0 {
        tx.change_nothing();
    } else {
        tx.record(Entry::change("answers.cleared").fact("answers", cleared));
    }
    Ok(cleared)
}

/// Takes back what was answered about a person. The keys stay taken until their time is over, so that nothing is done twice.
pub fn take_back(tx: &mut Tx<'_>, person: PersonId) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let all: Vec<(ActorId, String, String, Vec<u8>)> = idempotency_record::table
        .filter(idempotency_record::municipality_id.eq(municipality))
        .select((
            idempotency_record::actor_id,
            idempotency_record::route,
            idempotency_record::key,
            idempotency_record::people,
        ))
        .load(tx.conn())?;
    let is_about = |people: &[u8]| {
        let (ids, _) = people.as_chunks();
        ids.contains(person.uuid().as_bytes())
    };
    let mut taken_back = 0;
    for (actor, route, key, people) in all {
        if is_about(&people) {
            let one = idempotency_record::table.find((municipality, actor, route, key));
            taken_back += diesel::update(one)
                .set((
                    idempotency_record::status.eq(TAKEN_BACK),
                    idempotency_record::body.eq(""),
                ))
                .execute(tx.conn())?;
        }
    }
    Ok(taken_back)
}
