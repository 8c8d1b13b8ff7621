//! A municipality with a long log, and what is asked of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::prelude::*;
use rettbolig::applications::{Application, ApplicationState, ApplicationType};
use rettbolig::audit::{Entry, LogKey, Sealer, recheck, verify_file};
use rettbolig::config;
use rettbolig::crypto::{IndexKey, KeyRing, SecretKey};
use rettbolig::db::schema::{application, audit_checkpoint, audit_entry, audit_span};
use rettbolig::db::{self, Conn, Db, Target, Tx};
use rettbolig::each;
use rettbolig::ids::{ApplicationId, EntryId, HouseholdId, MunicipalityId, PersonId};
use rettbolig::people::applicant_of;
use rettbolig::problem;
use serde_json::Value;
use uuid::{Uuid, uuid};

use crate::asking::Asking;
use crate::founding::{AUDITOR, CODE_SECRET, furnish};
use crate::load::{self, Connection, bearer, request};
use crate::process::{KEY, PASSWORD, Service, environment};
use crate::{system, tell, tell_only};

pub(crate) const TOWN: MunicipalityId =
    MunicipalityId::from_uuid(uuid!("01900000-0000-7000-8000-000000005035"));
/// Entries that one transaction records while the log grows, and those of one case among them.
const AT_ONCE: u64 = 1_000;
const A_CASE: usize = 10;
/// Looks of each kind that are timed.
const LOOKS: usize = 1_000;

/// What a transaction writes besides the case that it stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Nothing,
    Entry,
    /// The entry of which the service also tells those who subscribe to it.
    ToldEntry,
}

/// A municipality, its database and the key of its log.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) db: Db,
    pub(crate) key: LogKey,
    target: Target,
    households: Arc<Vec<HouseholdId>>,
    next: Arc<AtomicUsize>,
}

impl History {
    /// Makes the municipality, with households that can apply again and again.
    pub(crate) fn begin(database_url: &str) -> Self {
        let target: Target = database_url.parse().unwrap();
        db::migrate(&target).unwrap();
        let secret = |name| SecretKey::parse(name, KEY).unwrap();
        let keys = KeyRing::parse("KEYS", &format!("bench:{KEY}")).unwrap();
        let kit = config::kit(
            keys,
            IndexKey::new(secret("INDEX")),
            rettbolig::outward::Guard::default(),
            true,
        );
        let db = Db::open(&target, 8, kit).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let households = runtime.block_on(furnish(&db));
        Self {
            db,
            key: LogKey::parse(KEY).unwrap(),
            target,
            households: Arc::new(households),
            next: Arc::default(),
        }
    }

    pub(crate) const fn is_on_postgres(&self) -> bool {
        matches!(self.target, Target::Postgres(_))
    }

    /// Stores a closed application of some household, as receiving one does; with its entry or without.
    pub(crate) async fn store_application(&self, kind: Kind) {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let household = self.households[turn % self.households.len()];
        let work = move |tx: &mut Tx<'_>| store_application(tx, household, kind);
        while let Err(problem) = self.db.write(&system(), work).await {
            assert_eq!(problem.kind, &problem::BUSY, "{problem:?}");
        }
    }

    /// Records and seals until the log has this many entries.
    pub(crate) async fn grow_to(&self, entries: u64) {
        let (begun, sealer) = (
            Instant::now(),
            Sealer::new(self.db.clone(), self.key.clone()),
        );
        sealer.seal_waiting().await.unwrap();
        let first = self.sealed_size();
        for _ in 0..entries.saturating_sub(first).div_ceil(AT_ONCE) {
            self.db
                .write(&system(), |tx| {
                    record_cases(tx);
                    Ok(())
                })
                .await
                .unwrap();
            sealer.seal_waiting().await.unwrap();
        }
        let grown = self.sealed_size() - first;
        let a_second = grown as f64 / begun.elapsed().as_secs_f64();
        tell_only(
            "entries recorded and sealed a second by one writer, 1,000 at once",
            &format!("{a_second:.0} (the log has {} now)", self.sealed_size()),
        );
    }

    pub(crate) fn sealed_size(&self) -> u64 {
        sealed_size(&mut self.connect())
    }

    /// How long each entry from this place on waited for the first checkpoint that covers it.
    pub(crate) fn lags_since(&self, first: u64) -> Vec<Duration> {
        use rettbolig::clock::Instant as Moment;
        let conn = &mut self.connect();
        let sealed: Vec<(i64, Moment)> = audit_checkpoint::table
            .order(audit_checkpoint::size)
            .select((audit_checkpoint::size, audit_checkpoint::sealed_at))
            .load(conn)
            .unwrap();
        let places: Vec<u64> = (first..sealed_size(conn)).collect();
        let recorded = texts(conn, &places).into_iter();
        let seals: BTreeMap<i64, Moment> = sealed.into_iter().collect();
        let lag = |(place, entry): (u64, Value)| {
            let (_, sealed_at) = seals.range(place.cast_signed() + 1..).next().unwrap();
            let at: Moment = recorded_at(&entry);
            Duration::from_micros((sealed_at.micros() - at.micros()).max(0).cast_unsigned())
        };
        recorded.map(lag).collect()
    }

    /// How fast all of it is checked.
    pub(crate) async fn measure_checks(&self) {
        let begun = Instant::now();
        let trusted = self.key.verifiers("5035").unwrap();
        let checked = recheck(&self.db, TOWN, &trusted, None, |_| ()).await;
        let sound = checked.unwrap();
        let a_second = sound.entries as f64 / begun.elapsed().as_secs_f64();
        tell(
            "entries of the live database checked a second, on one core beside the database",
            &format!("{a_second:.0}"),
            "300,000",
            a_second >= 300_000.0,
        );
    }

    /// How fast single looks are answered by the service, and how fast an export is checked offline.
    pub(crate) fn measure_looks(&self, database_url: &str) {
        let service = Service::start(&environment(database_url)).unwrap();
        self.catch_up();
        let (entries, cases) = self.samples();
        load::on_one_thread(async {
            let now = rettbolig::clock::Clock::System.now();
            let code = rettbolig::auth::code_at(CODE_SECRET, now).unwrap();
            let body = serde_json::json!({"username": AUDITOR, "password": PASSWORD, "code": code});
            let body = body.to_string();
            let login = request("POST", "/auth/login", "", &body);
            let answers = load::ask_all(service.address, 1, vec![login]).await;
            let token = answers[0]["accessToken"].as_str().unwrap();
            let mut asking = Asking {
                connection: Connection::open(service.address).await,
                header: bearer(token),
            };
            let proofs = entries
                .iter()
                .map(|id| format!("/audit/proofs/inclusion?entryId={id}"));
            let proof = "an inclusion proof over HTTP, with its own entry";
            asking.tell_times(proof, proofs).await;
            let histories = cases.iter().map(|id| format!("/applications/{id}/history"));
            let history = "a case's history over HTTP, with its own entry";
            asking.tell_times(history, histories).await;
            asking.questions(&cases).await;
            self.check_export(&mut asking).await;
        });
    }

    /// Entries and cases from all over the log.
    fn samples(&self) -> (Vec<EntryId>, Vec<ApplicationId>) {
        let size = self.sealed_size();
        let conn = &mut self.connect();
        let places: Vec<u64> = (0..LOOKS as u64)
            .map(|turn| turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size)
            .collect();
        let entries: Vec<Value> = texts(conn, &places).into_values().collect();
        let id = |told: &Value| Some(told.as_str()?.parse().unwrap());
        let cases = entries.iter().filter_map(|entry| id(&entry["case"]["id"]));
        let cases = cases.map(ApplicationId::from_uuid).collect();
        let entries = entries.iter().filter_map(|entry| id(&entry["id"]));
        (entries.map(EntryId::from_uuid).collect(), cases)
    }

    async fn check_export(&self, asking: &mut Asking) {
        let period = period_of(&mut self.connect());
        let Some(period) = period else { return };
        let text = asking.ask(&format!("/audit/export?{period}")).await;
        let trusted = rettbolig::audit::Trusted {
            log: self.key.verifiers("5035").unwrap(),
            witnesses: Vec::new(),
        };
        let begun = Instant::now();
        let sound = verify_file(&text, &trusted, None).unwrap();
        let a_second = sound.entries as f64 / begun.elapsed().as_secs_f64();
        tell(
            "entries of an export checked offline a second, on one core",
            &format!(
                "{a_second:.0} (of {}, {} bytes each)",
                sound.entries,
                text.len() / sound.entries
            ),
            "300,000",
            a_second >= 300_000.0,
        );
    }

    pub(crate) fn connect(&self) -> Conn {
        use secrecy::ExposeSecret as _;
        match &self.target {
            Target::Sqlite(path) => {
                Conn::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).unwrap())
            }
            Target::Postgres(url) => {
                Conn::Pg(PgConnection::establish(url.expose_secret()).unwrap())
            }
        }
    }
}

fn sealed_size(conn: &mut Conn) -> u64 {
    let sizes = audit_checkpoint::table.select(audit_checkpoint::size);
    let last = sizes.order(audit_checkpoint::size.desc()).first(conn);
    last.optional().unwrap().map_or(0, i64::cast_unsigned)
}

/// The entries at these places of the log.
fn texts(conn: &mut Conn, places: &[u64]) -> BTreeMap<u64, Value> {
    let mut found = BTreeMap::new();
    for places in places.chunks(1_000) {
        let spans: Vec<i64> = places.iter().map(|it| (it / 256).cast_signed()).collect();
        let spans: Vec<(i64, Vec<u8>)> = audit_span::table
            .filter(audit_span::span_index.eq_any(spans))
            .select((audit_span::span_index, audit_span::entries))
            .load(conn)
            .unwrap();
        let spans: BTreeMap<u64, Vec<u8>> = spans
            .into_iter()
            .map(|(index, entries)| (index.cast_unsigned(), entries))
            .collect();
        let id = |place: &u64| {
            let (ids, _) = spans[&(place / 256)].as_chunks();
            EntryId::from_uuid(Uuid::from_bytes(ids[(place % 256) as usize]))
        };
        let ids: Vec<EntryId> = places.iter().map(id).collect();
        let texts: Vec<(EntryId, String)> = audit_entry::table
            .filter(audit_entry::id.eq_any(ids.clone()))
            .select((audit_entry::id, audit_entry::body))
            .load(conn)
            .unwrap();
        let texts: BTreeMap<EntryId, String> = texts.into_iter().collect();
        let entries = places.iter().zip(ids);
        found.extend(entries.map(|(it, id)| (*it, serde_json::from_str(&texts[&id]).unwrap())));
    }
    found
}

fn recorded_at(entry: &Value) -> rettbolig::clock::Instant {
    serde_json::from_value(entry["recordedAt"].clone()).unwrap()
}

/// A period of some 9,000 entries, as the query of an export.
fn period_of(conn: &mut Conn) -> Option<String> {
    let size = sealed_size(conn);
    let ends = [size.checked_sub(9_000)?, size - 1];
    let ends = texts(conn, &ends).into_values();
    let ends: Vec<String> = ends
        .map(|it| recorded_at(&it).timestamp().to_string())
        .collect();
    Some(format!("from={}&until={}", ends[0], ends[1]))
}

/// Cases that nobody else knows of, each of its own household, a thousand entries in all. They are worked at side by side.
fn record_cases(tx: &mut Tx<'_>) {
    let begin =
        |_| -> (ApplicationId, HouseholdId, PersonId) { (tx.new_id(), tx.new_id(), tx.new_id()) };
    let cases = (0..AT_ONCE as usize / A_CASE).map(begin);
    let cases: Vec<_> = cases.collect();
    for _ in 0..A_CASE {
        for (case, household, person) in &cases {
            let entry = Entry::change("bench.case").of_case(*case);
            let entry = entry.about(*household).about(*person);
            tx.record(entry.fact("type", "NEW"));
        }
    }
}

fn store_application(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    kind: Kind,
) -> Result<(), problem::Problem> {
    let applicant = applicant_of(tx, household)?.unwrap();
    let (id, now) = (tx.new_id(), tx.now());
    let case = Application {
        municipality_id: TOWN,
        id,
        version: 1,
        household_id: household,
        applicant_id: applicant,
        kind: ApplicationType::New,
        state: ApplicationState::Withdrawn,
        state_since: now,
        received_on: tx.today(),
        lives_in_municipal_dwelling: false,
        assigned_to: None,
        urgency: None,
        needs: None,
        created_at: now,
        recorded_at: now,
        needs_assessed_at: None,
    };
    let insert = diesel::insert_into(application::table).values(&case);
    each!(tx.conn(), c => insert.execute(c))?;
    let action = match kind {
        Kind::Nothing => {
            tx.change_nothing();
            return Ok(());
        }
        Kind::Entry => "bench.received",
        Kind::ToldEntry => "application.received",
    };
    let entry = Entry::change(action)
        .of_case(id)
        .about(household)
        .about(applicant);
    let entry = entry.fact("type", case.kind.code());
    tx.record(entry.fact("receivedOn", case.received_on.0.to_string()));
    Ok(())
}
