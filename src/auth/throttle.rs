//! Slows down whoever guesses passwords, without letting outsiders lock anybody out.
//!
//! Failures count per name, known or not, and per address. From the fifth the wait doubles, up to a quarter of an hour. Where somebody signed in
//! before, only failures from that same address count: so an employee at the office is not slowed down by somebody who guesses elsewhere.
//!
//! What is counted stands in the database: it holds for all instances together and survives their end. Names and addresses stand there as
//! keyed digests. A day without a failure makes up for all; where somebody signed in is known for 90 days.

use std::net::IpAddr;

use diesel::prelude::*;
use jiff::SignedDuration;

use crate::clock::Instant;
use crate::db::schema::sign_in_try;
use crate::db::{Conn, Db};
use crate::each;
use crate::ids::MunicipalityId;
use crate::outbox::Bookkeeping;
use crate::problem::{Problem, TOO_MANY_ATTEMPTS};

/// Failures before the wait begins.
const FREE: i32 = 5;
/// Failures of one address, over all names, before the wait begins: a whole town hall may share one.
const FREE_OF_ADDRESS: i32 = 50;
/// Failures in a row after which a stranger may try once a day (NIST SP 800-63B: no more than 100).
const STRANGER_MAX: i32 = 100;
const WAIT_SECONDS_MAX: i64 = 15 * 60;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// For how long a failure is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// For how long it is remembered where somebody signed in.
const FAMILIAR_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Failures in a row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_try, treat_none_as_default_value = false)]
struct Failures {
    digest: Vec<u8>,
    failures: i32,
    /// The last one.
    failed_at: Instant,
    /// Whether somebody signed in by this name from this address.
    is_familiar: bool,
    kept_until: Instant,
}

impl Failures {
    fn none(digest: &[u8], now: Instant) -> Self {
        Self {
            digest: digest.to_vec(),
            failures: 0,
            failed_at: now,
            is_familiar: false,
            kept_until: now.plus(REMEMBERED),
        }
    }

    /// Seconds until another try is taken.
    fn wait(&self, free: i32, now: Instant) -> i64 {
        if self.failures < free {
            return 0;
        }
        let wait = if self.failures >= STRANGER_MAX.max(free * 2) {
            DAY_SECONDS
        } else {
            let doublings = (self.failures - free).min(20);
            (1_i64 << doublings).min(WAIT_SECONDS_MAX)
        };
        (seconds(self.failed_at) + wait - seconds(now)).max(0)
    }

    /// One more; a day without any makes up for all.
    fn add(&mut self, now: Instant) {
        if seconds(now) - seconds(self.failed_at) > DAY_SECONDS {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        self.failed_at = now;
        self.kept_until = self.kept_until.max(now.plus(REMEMBERED));
    }
}

fn seconds(at: Instant) -> i64 {
    at.timestamp().as_second()
}

/// A try, which counts as failed until it is said that it succeeded; so that many at once do not slip through.
#[derive(Debug, Clone)]
pub(super) struct Try {
    name: Vec<u8>,
    address: Vec<u8>,
    /// The name from that address.
    both: Vec<u8>,
}

impl Try {
    /// Takes a try to sign in by this name from this address, or says how long to wait.
    pub(super) async fn begin(db: &Db, name: &str, from: IpAddr) -> Result<Self, Problem> {
        let key = db
            .kit()
            .index_key
            .of_municipality(MunicipalityId::NIL.uuid());
        let digest = |what: &str| key.request(what.as_bytes()).as_bytes().to_vec();
        let this = Self {
            name: digest(&format!("name {name}")),
            address: digest(&format!("address {from}")),
            both: digest(&format!("from {from} {name}")),
        };
        let begin = Begin(this.clone());
        let wait = db.keep_books(MunicipalityId::NIL, begin).await?;
        if wait > 0 {
            return Err(Problem {
                retry_after_seconds: u32::try_from(wait).ok(),
                ..Problem::new(&TOO_MANY_ATTEMPTS)
            });
        }
        Ok(this)
    }

    /// Takes back what the try counted for, and remembers where it came from.
    pub(super) async fn succeeded(self, db: &Db) -> Result<(), Problem> {
        db.keep_books(MunicipalityId::NIL, Succeeded(self)).await
    }
}

/// Counts a try as failed, unless it has to wait; tells for how many seconds.
struct Begin(Try);

impl Bookkeeping for Begin {
    type Kept = i64;

    fn keep(&self, conn: &mut Conn, now: Instant, _: MunicipalityId) -> Result<i64, Problem> {
        let over = sign_in_try::table.filter(sign_in_try::kept_until.lt(now));
        diesel::delete(over).execute(conn)?;
        let Try {
            name,
            address,
            both,
        } = &self.0;
        let mut locked = [name, address];
        locked.sort_unstable();
        for digest in locked {
            lock(conn, &Failures::none(digest, now))?;
        }
        let mut of_address = find(conn, address)?.unwrap_or_else(|| Failures::none(address, now));
        let of_both = find(conn, both)?.filter(|it| it.is_familiar);
        let mut of_name = match of_both {
            Some(own) => own,
            None => find(conn, name)?.unwrap_or_else(|| Failures::none(name, now)),
        };
        let wait = of_address
            .wait(FREE_OF_ADDRESS, now)
            .max(of_name.wait(FREE, now));
        if wait == 0 {
            for failures in [&mut of_address, &mut of_name] {
                failures.add(now);
                keep(conn, failures)?;
            }
        }
        Ok(wait)
    }
}

/// Says that a try was none.
struct Succeeded(Try);

impl Bookkeeping for Succeeded {
    type Kept = ();

    fn keep(&self, conn: &mut Conn, now: Instant, _: MunicipalityId) -> Result<(), Problem> {
        let Try {
            name,
            address,
            both,
        } = &self.0;
        diesel::update(sign_in_try::table.find(address))
            .filter(sign_in_try::failures.gt(0))
            .set(sign_in_try::failures.eq(sign_in_try::failures - 1))
            .execute(conn)?;
        let was_familiar = find(conn, both)?.is_some_and(|it| it.is_familiar);
        if !was_familiar {
            keep(conn, &Failures::none(name, now))?;
        }
        let familiar = Failures {
            is_familiar: true,
            kept_until: now.plus(FAMILIAR_FOR),
            ..Failures::none(both, now)
        };
        lock(conn, &familiar)?;
        keep(conn, &familiar)
    }
}

/// Sees to it that there is such a row, and that nobody else changes it meanwhile.
fn lock(conn: &mut Conn, row: &Failures) -> Result<(), Problem> {
    let insert = diesel::insert_into(sign_in_try::table).values(row);
    each!(conn, c => insert
        .on_conflict(sign_in_try::digest)
        .do_update()
        .set(sign_in_try::digest.eq(&row.digest))
        .execute(c))?;
    Ok(())
}

fn find(conn: &mut Conn, digest: &[u8]) -> Result<Option<Failures>, Problem> {
    let found = sign_in_try::table
        .find(digest)
        .select(Failures::as_select())
        .first(conn);
    Ok(found.optional()?)
}

fn keep(conn: &mut Conn, row: &Failures) -> Result<(), Problem> {
    diesel::update(sign_in_try::table.find(&row.digest))
        .set((
            sign_in_try::failures.eq(row.failures),
            sign_in_try::failed_at.eq(row.failed_at),
            sign_in_try::is_familiar.eq(row.is_familiar),
            sign_in_try::kept_until.eq(row.kept_until),
        ))
        .execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros((1_000_000 + seconds) * 1_000_000)
    }

    #[test]
    fn from_the_fifth_failure_the_wait_doubles() {
        let mut failures = Failures::none(&[], at(0));
        let (mut seconds, mut waits) = (0, Vec::new());
        for _ in 0..20 {
            let wait = failures.wait(FREE, at(seconds));
            waits.extend((wait > 0).then_some(wait));
            seconds += wait;
            failures.add(at(seconds));
        }
        assert_eq!(
            waits,
            [
                1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900
            ]
        );
    }

    #[test]
    fn a_hundred_failures_leave_a_stranger_one_try_a_day() {
        let mut many = Failures::none(&[], at(0));
        many.failures = STRANGER_MAX;
        assert_eq!(many.wait(FREE, at(10)), DAY_SECONDS - 10);
        assert_eq!(many.wait(FREE, at(DAY_SECONDS)), 0);
        many.add(at(DAY_SECONDS + 1));
        assert_eq!(many.failures, 1);
    }
}
