//! The desk at which an act is done: one open transaction, who is acting, the time, the tools, and what will be recorded.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::RunQueryDsl as _;
use uuid::Uuid;

use super::Conn;
use crate::access::Reader;
use crate::audit::{Entry, Subject, SubjectKind};
use crate::auth::Caller;
use crate::clock::{Day, Instant};
use crate::ids::{Id, MunicipalityId, UserId};
use crate::kit::Kit;
use crate::problem::{Problem, UNAUTHENTICATED};

/// An open transaction. Only [`Db`](super::Db) makes one, and only it commits.
#[expect(
    missing_debug_implementations,
    reason = "a connection has nothing to show"
)]
pub struct Tx<'c> {
    conn: &'c mut Conn,
    kit: &'c Kit,
    caller: Arc<Caller>,
    reader: Option<Arc<Reader>>,
    now: Instant,
    entries: Vec<Entry>,
    changes_nothing: bool,
    is_reading: bool,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c mut Conn, kit: &'c Kit, caller: Arc<Caller>) -> Self {
        Self {
            conn,
            kit,
            caller,
            reader: None,
            now: kit.clock.now(),
            entries: Vec::new(),
            changes_nothing: false,
            is_reading: false,
        }
    }

    /// The same, which only reads.
    pub(super) fn reading(mut self) -> Self {
        self.is_reading = true;
        self
    }

    /// Whether all that is seen here is committed, and of one moment. A write sees also what it wrote itself, and on `SQLite`
    /// what others of its group wrote, which may still be undone.
    #[must_use]
    pub fn sees_what_is_committed(&self) -> bool {
        self.is_reading
    }

    /// Says that very many rows will be written. `PostgreSQL` would keep to the plans that it made while the tables were small, and read
    /// them whole for each row; it is told to think anew every time, until the transaction ends.
    pub fn expect_growth(&mut self) -> Result<(), Problem> {
        if let Conn::Pg(conn) = self.conn {
            diesel::sql_query("SET LOCAL plan_cache_mode = force_custom_plan").execute(conn)?;
        }
        Ok(())
    }

    /// The connection, for the stores' queries.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The municipality within which every query must stay.
    #[must_use]
    pub fn municipality(&self) -> MunicipalityId {
        self.caller.municipality
    }

    /// Who is acting.
    #[must_use]
    pub fn caller(&self) -> &Arc<Caller> {
        &self.caller
    }

    /// The employee who is acting; the service itself is none.
    pub fn user(&self) -> Result<UserId, Problem> {
        let user = self.caller.actor.user();
        user.ok_or_else(|| Problem::new(&UNAUTHENTICATED))
    }

    /// Goes on as this caller of the same municipality, who was found to be behind the request.
    pub fn act_as(&mut self, caller: Caller) -> Result<(), Problem> {
        if caller.municipality != self.municipality() {
            return Err(Problem::internal("a caller of another municipality"));
        }
        self.caller = Arc::new(caller);
        self.reader = None;
        Ok(())
    }

    /// What decides what the caller may see, once that is known.
    pub(crate) fn reader(&self) -> Option<Arc<Reader>> {
        self.reader.clone()
    }

    /// Forgets it, because it changed.
    pub(crate) fn forget_reader(&mut self) {
        self.reader = None;
    }

    /// Remembers it until the transaction ends.
    pub(crate) fn keep_reader(&mut self, reader: Reader) -> Arc<Reader> {
        Arc::clone(self.reader.insert(Arc::new(reader)))
    }

    /// The tools.
    #[must_use]
    pub fn kit(&self) -> &'c Kit {
        self.kit
    }

    /// The moment of this transaction; it does not move while the act is done.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The day of this transaction in Norway.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// A new id of this moment.
    #[must_use]
    pub fn new_id<K>(&self) -> Id<K> {
        self.kit.ids.next(self.now)
    }

    /// Puts an entry on the record. It is written with the transaction, or nothing is.
    pub fn record(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// All that the recorded entries concern, with their cases.
    pub(crate) fn on_record(&self) -> BTreeSet<Subject> {
        let subjects = self.entries.iter().flat_map(|entry| &entry.subjects);
        let cases = self.entries.iter().filter_map(|entry| entry.case);
        subjects.copied().chain(cases.map(Subject::from)).collect()
    }

    /// The people whom they concern.
    pub(crate) fn people_on_record(&self) -> impl Iterator<Item = Uuid> {
        let people = self.on_record().into_iter();
        let people = people.filter(|subject| subject.kind == SubjectKind::Person);
        people.map(|subject| subject.id)
    }

    /// Says that there turned out to be nothing to do: nothing is committed and nothing needs recording.
    pub fn change_nothing(&mut self) {
        self.changes_nothing = true;
    }

    pub(super) fn is_unchanged(&self) -> bool {
        self.changes_nothing
    }

    pub(super) fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }
}
