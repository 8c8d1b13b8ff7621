//! Reads the population register's feed, so that a protection that comes, and a death, is known before anything is shown or sent.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use super::register_check::{FollowFault, follow};
use crate::auth::Caller;
use crate::clock::Instant;
use crate::db::schema::register_cursor;
use crate::db::{Conn, Db, Tx};
use crate::each;
use crate::ids::MunicipalityId;
use crate::municipality;
use crate::outbox::Bookkeeping;
use crate::problem::Problem;
use crate::registers::{EventKind, Registers, Rounds};

/// How often the feed is read.
const PAUSE: Duration = Duration::from_secs(15);
/// The feed's name among the cursors.
const REGISTER: &str = "folkeregisteret";

/// Says how far the feed is read.
#[derive(Debug)]
struct Move(i64);

impl Bookkeeping for Move {
    type Kept = ();

    fn keep(&self, conn: &mut Conn, now: Instant, of: MunicipalityId) -> Result<(), Problem> {
        let row = (
            register_cursor::municipality_id.eq(of),
            register_cursor::register.eq(REGISTER),
            register_cursor::position.eq(self.0),
            register_cursor::read_at.eq(now),
        );
        let insert = diesel::insert_into(register_cursor::table).values(row);
        each!(conn, c => insert
            .on_conflict((register_cursor::municipality_id, register_cursor::register))
            .do_update()
            .set((register_cursor::position.eq(self.0), register_cursor::read_at.eq(now)))
            .execute(c))?;
        Ok(())
    }
}

fn position(tx: &mut Tx<'_>) -> Result<i64, Problem> {
    let key = (tx.municipality(), REGISTER);
    let found: Option<i64> = register_cursor::table
        .find(key)
        .select(register_cursor::position)
        .first(tx.conn())
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// Follows the population register for every municipality.
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct Following {
    db: Db,
    registers: Registers,
}

impl Following {
    /// With the registers and the database of this service.
    #[must_use]
    pub const fn new(db: Db, registers: Registers) -> Self {
        Self { db, registers }
    }

    /// Begins to follow until told to stop.
    #[must_use]
    pub fn start(self) -> Rounds {
        let following = Rc::new(self);
        Rounds::start(PAUSE, move || {
            let following = Rc::clone(&following);
            async move { following.look().await }
        })
    }

    async fn look(&self) {
        if let Err(fault) = self.catch_up().await {
            // The cursor stays: the same changes are read again.
            tracing::warn!(?fault, "the population register could not be followed");
        }
        for (name, is_down) in self.registers.health() {
            let up = metrics::gauge!("register_up", "register" => name);
            up.set(if is_down { 0.0 } else { 1.0 });
        }
    }

    /// Takes up all that is new; nothing where the register is not connected.
    pub async fn catch_up(&self) -> Result<(), FollowFault> {
        if self.registers.population().is_err() {
            return Ok(());
        }
        let db = &self.db;
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        for (id, _) in db.read(&nobody, municipality::all).await? {
            let caller = Arc::new(Caller::system(id));
            loop {
                let from = db.read(&caller, position).await? + 1;
                let population = self.registers.population()?;
                let events = population.events(from, &caller.correlation).await?;
                let Some(last) = events.last().map(|event| event.sequence) else {
                    break;
                };
                for event in events.iter().filter(|event| event.of != EventKind::Other) {
                    follow(db, &self.registers, &caller, &event.national_id).await?;
                }
                db.keep_books(id, Move(last)).await?;
            }
        }
        Ok(())
    }
}
