//! The only door through which a transaction begins and ends.
//!
//! **Invariants.** A write that recorded no audit entry does not commit; only [`Db::seal`], [`Db::keep_cosignature`] and
//! [`Db::keep_books`] write without one, and they do nothing else. A panic, a refusal or a failing commit leaves nothing behind and never poisons a connection. Nobody waits longer than [`PATIENCE`] for a connection: then the answer is 503.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use tokio::sync::Semaphore;

use super::target::{ConnectFault, Manager, Target};
use super::writer::Writer;
use super::{Conn, Tx};
use crate::audit::{self, Cosignature, Refusal, Seal, Signer};
use crate::auth::Caller;
use crate::each;
use crate::events;
use crate::ids::MunicipalityId;
use crate::kit::Kit;
use crate::outbox::Bookkeeping;
use crate::problem::Problem;

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a transaction that the database rolled back for concurrency is tried in all.
const ATTEMPTS: u32 = 5;

type Transactions = <Conn as Connection>::TransactionManager;

/// The database: reads and writes, each one transaction. Cheap to clone.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Db {
    kit: Arc<Kit>,
    inner: Arc<Inner>,
    is_read_only: Arc<AtomicBool>,
}

enum Inner {
    /// Readers see the last commit; one writer thread commits in groups.
    Sqlite { readers: Pool, writer: Writer },
    /// Every connection reads and writes.
    Postgres(Pool),
}

impl Db {
    /// Opens the database for serving, with this many connections.
    pub fn open(target: &Target, connections: u32, kit: Arc<Kit>) -> Result<Self, ConnectFault> {
        let pool = Pool::new(target, connections);
        let inner = match target {
            Target::Sqlite(_) => Inner::Sqlite {
                readers: pool,
                writer: Writer::start(target.clone())?,
            },
            Target::Postgres(_) => Inner::Postgres(pool),
        };
        Ok(Self {
            kit,
            inner: Arc::new(inner),
            is_read_only: Arc::default(),
        })
    }

    /// The tools that every transaction is given.
    #[must_use]
    pub fn kit(&self) -> &Arc<Kit> {
        &self.kit
    }

    /// Reads in one consistent transaction. What the work recorded (access to personal data) is committed before the answer.
    pub async fn read<T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (kit, caller) = (Arc::clone(&self.kit), Arc::clone(caller));
        match &*self.inner {
            Inner::Postgres(pool) => {
                pool.run(move |conn| {
                    persist(conn, Sees::OneMoment, caller.municipality, &|conn| {
                        attempt_and_append(conn, &kit, &caller, Rule::MayRecord, &work)
                    })
                })
                .await
            }
            Inner::Sqlite { readers, writer } => {
                let (for_read, by) = (Arc::clone(&kit), caller);
                let (value, entries, caller) = readers
                    .run(move |conn| {
                        begin(conn, "BEGIN")?;
                        let outcome = unpanicked(|| {
                            let mut tx = Tx::new(conn, &for_read, by).reading();
                            let value = work(&mut tx)?;
                            Ok((value, tx.take_entries(), Arc::clone(tx.caller())))
                        });
                        roll_back(conn);
                        outcome
                    })
                    .await?;
                if !entries.is_empty() {
                    let note = move |tx: &mut Tx<'_>| {
                        entries.iter().cloned().for_each(|entry| tx.record(entry));
                        Ok(())
                    };
                    writer
                        .run(move |conn| {
                            in_savepoint(conn, |conn| {
                                attempt_and_append(conn, &kit, &caller, Rule::MustRecord, &note)
                            })
                        })
                        .await?;
                }
                Ok(value)
            }
        }
    }

    /// Does the work and writes its entries in one transaction, durable when this returns, or leaves nothing behind.
    ///
    /// The work may be called again when the database rolled it back for concurrency, so it must have no other effect.
    pub async fn write<T: Send + 'static>(
        &self,
        caller: &Arc<Caller>,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (kit, caller) = (Arc::clone(&self.kit), Arc::clone(caller));
        let municipality = caller.municipality;
        let once =
            move |conn: &mut Conn| attempt_and_append(conn, &kit, &caller, Rule::MustRecord, &work);
        self.run(municipality, once).await
    }

    /// Seals what waits in a municipality's log: thinks the seal out while others write, then writes it. It records nothing, since each
    /// record would ask for a seal: it takes no work to do, only the keys to sign with.
    pub async fn seal(
        &self,
        municipality: MunicipalityId,
        signers: Arc<[Signer]>,
    ) -> Result<Option<Seal>, Problem> {
        let its_own = Arc::new(Caller::system(municipality));
        let think = move |tx: &mut Tx<'_>| audit::draft_seal(tx, &signers);
        let Some(draft) = self.read(&its_own, think).await? else {
            return Ok(None);
        };
        let kit = Arc::clone(&self.kit);
        let once = move |conn: &mut Conn| {
            unpanicked(|| audit::seal(conn, kit.clock.now(), municipality, &draft))
        };
        self.run(municipality, once).await
    }

    /// Keeps what a witness said of a checkpoint. Like a seal, it records nothing: each record would ask for another cosignature.
    pub async fn keep_cosignature(
        &self,
        municipality: MunicipalityId,
        given: Cosignature,
    ) -> Result<(), Problem> {
        let kit = Arc::clone(&self.kit);
        let once = move |conn: &mut Conn| {
            unpanicked(|| audit::keep_cosignature(conn, kit.clock.now(), municipality, &given))
        };
        self.run(municipality, once).await
    }

    /// Writes what must be remembered of the way out, of the keys and of tries to sign in, and nothing that anybody decides on.
    pub async fn keep_books<B: Bookkeeping>(
        &self,
        municipality: MunicipalityId,
        books: B,
    ) -> Result<B::Kept, Problem> {
        let kit = Arc::clone(&self.kit);
        let once =
            move |conn: &mut Conn| unpanicked(|| books.keep(conn, kit.clock.now(), municipality));
        self.run(municipality, once).await
    }

    /// From now on nothing is changed and nothing sealed; looks at personal data are still written down.
    pub fn become_read_only(&self) {
        self.is_read_only.store(true, Ordering::Release);
    }

    /// Refuses once the database may only be read.
    pub fn takes_changes(&self) -> Result<(), Problem> {
        if self.is_read_only.load(Ordering::Acquire) {
            return Err(Refusal::ReadOnly.into());
        }
        Ok(())
    }

    /// Does something in one transaction that commits.
    async fn run<T: Send + 'static>(
        &self,
        municipality: MunicipalityId,
        once: impl Fn(&mut Conn) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.takes_changes()?;
        match &*self.inner {
            Inner::Postgres(pool) => {
                pool.run(move |conn| persist(conn, Sees::EachCommit, municipality, &once))
                    .await
            }
            Inner::Sqlite { writer, .. } => writer.run(move |conn| in_savepoint(conn, once)).await,
        }
    }

    /// Stops taking writes and waits until the last batch is committed.
    pub fn close(&self) {
        if let Inner::Sqlite { writer, .. } = &*self.inner {
            writer.close();
        }
    }
}

/// Whether a transaction must have something on the record to commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    MustRecord,
    MayRecord,
}

/// What a transaction on `PostgreSQL` sees of others that commit meanwhile; on `SQLite` nothing, for there they cannot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sees {
    /// Nothing: all of a read's statements see the same moment.
    OneMoment,
    /// Every commit, from statement to statement: a write that had to wait for another goes on from what that one left.
    EachCommit,
}

impl Sees {
    const fn isolation(self) -> &'static str {
        match self {
            Self::OneMoment => "REPEATABLE READ",
            Self::EachCommit => "READ COMMITTED",
        }
    }
}

/// A transaction on `PostgreSQL`, tried again with jitter when the server rolled it back for concurrency.
fn persist<T>(
    conn: &mut Conn,
    sees: Sees,
    municipality: MunicipalityId,
    once: &dyn Fn(&mut Conn) -> Result<T, Problem>,
) -> Result<T, Problem> {
    // Row-level security reads this setting; it is gone with the transaction.
    let opening = format!(
        "BEGIN ISOLATION LEVEL {}; SELECT set_config('app.municipality', '{municipality}', true)",
        sees.isolation()
    );
    let mut tries = 1;
    loop {
        begin(conn, &opening)?;
        let outcome = once(conn).and_then(|value| {
            Transactions::commit_transaction(conn)
                .map_err(Problem::from)
                .map(|()| value)
        });
        match outcome {
            Err(problem) => {
                roll_back(conn);
                if !problem.is_retryable || tries == ATTEMPTS {
                    return Err(problem);
                }
                let jitter = getrandom::u32().unwrap_or(0) % 20;
                std::thread::sleep(Duration::from_millis(u64::from(5 * tries + jitter)));
                tries += 1;
            }
            Ok(value) => return Ok(value),
        }
    }
}

/// A piece of the writer's current transaction on `SQLite`, undone alone when it fails.
fn in_savepoint<T>(
    conn: &mut Conn,
    once: impl FnOnce(&mut Conn) -> Result<T, Problem>,
) -> Result<T, Problem> {
    Transactions::begin_transaction(conn)?;
    match once(conn) {
        Ok(value) => {
            Transactions::commit_transaction(conn)?;
            Ok(value)
        }
        Err(problem) => {
            roll_back(conn);
            Err(problem)
        }
    }
}

/// Does the work and writes its entries.
fn attempt_and_append<T>(
    conn: &mut Conn,
    kit: &Kit,
    caller: &Arc<Caller>,
    rule: Rule,
    work: &dyn Fn(&mut Tx<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    unpanicked(|| {
        let mut tx = Tx::new(conn, kit, Arc::clone(caller));
        if rule == Rule::MayRecord {
            tx = tx.reading();
        }
        let value = work(&mut tx)?;
        let entries = tx.take_entries();
        let caller = Arc::clone(tx.caller());
        if entries.is_empty() && rule == Rule::MustRecord && !tx.is_unchanged() {
            return Err(Problem::internal("a write recorded no audit entry"));
        }
        let written = audit::append(conn, kit, &caller, &entries)?;
        events::announce(conn, &caller, kit.clock.now(), &entries, &written)?;
        Ok(value)
    })
}

/// A panic is a fault of ours like any other: nothing stays half done, and the thread goes on.
fn unpanicked<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Problem::internal("panic in a transaction")))
}

pub(super) fn begin(conn: &mut Conn, sql: &str) -> Result<(), Problem> {
    each!(conn, c => AnsiTransactionManager::begin_transaction_sql(c, sql))?;
    Ok(())
}

pub(super) fn roll_back(conn: &mut Conn) {
    // A connection that cannot roll back counts as broken and is replaced; the work's own problem is what the caller learns.
    if let Err(error) = Transactions::rollback_transaction(conn) {
        tracing::warn!(error = %Problem::from(error).cause.unwrap_or_default(), "rollback failed");
    }
}

pub(super) fn commit(conn: &mut Conn) -> Result<(), Problem> {
    Ok(Transactions::commit_transaction(conn)?)
}

/// A bounded set of connections, waited for with bounded patience.
struct Pool {
    connections: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
}

impl Pool {
    fn new(target: &Target, size: u32) -> Self {
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            // A broken connection shows on use and is replaced; a ping before each use would cost a round trip.
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .build_unchecked(Manager(target.clone()));
        let permits = usize::try_from(size).unwrap_or(1);
        Self {
            connections,
            permits: Arc::new(Semaphore::new(permits)),
        }
    }

    /// One hop to a blocking thread, with a connection.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        let Ok(Ok(permit)) = tokio::time::timeout(PATIENCE, waiting).await else {
            return Err(Problem::busy("no connection became free in time"));
        };
        let connections = self.connections.clone();
        let hop = tokio::task::spawn_blocking(move || {
            let mut conn = connections
                .get()
                .map_err(|error| Problem::busy(format!("no connection: {error}")))?;
            let outcome = work(&mut conn);
            drop(permit);
            outcome
        });
        hop.await
            .unwrap_or_else(|_| Err(Problem::internal("panic in the database hop")))
    }
}
