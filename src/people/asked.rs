//! When the population register last told how well somebody's address is protected.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::schema::protection_check;
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{MunicipalityId, PersonId};
use crate::outbox::Bookkeeping;
use crate::problem::Problem;

/// Says that the register has told just now.
#[derive(Debug)]
pub(super) struct Answered(pub(super) PersonId);

impl Bookkeeping for Answered {
    type Kept = ();

    fn keep(&self, conn: &mut Conn, now: Instant, of: MunicipalityId) -> Result<(), Problem> {
        let row = (
            protection_check::municipality_id.eq(of),
            protection_check::person_id.eq(self.0),
            protection_check::answered_at.eq(now),
        );
        let insert = diesel::insert_into(protection_check::table).values(row);
        each!(conn, c => insert
            .on_conflict((protection_check::municipality_id, protection_check::person_id))
            .do_update()
            .set(protection_check::answered_at.eq(now))
            .execute(c))?;
        Ok(())
    }
}

/// When the register last told of this person; nothing where it was never asked.
pub(super) fn answered_at(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Instant>, Problem> {
    Ok(all_answered_at(tx, &[person])?.remove(&person))
}

/// The same of several; whoever was never asked about is not in the answer.
pub(super) fn all_answered_at(
    tx: &mut Tx<'_>,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, Instant>, Problem> {
    let found = protection_check::table
        .filter(protection_check::municipality_id.eq(tx.municipality()))
        .filter(protection_check::person_id.eq_any(people))
        .select((protection_check::person_id, protection_check::answered_at))
        .load::<(PersonId, Instant)>(tx.conn())?;
    Ok(found.into_iter().collect())
}
