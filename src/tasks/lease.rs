//! The rows by which instances agree who does a duty, and when it is due again.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::duty;
use crate::each;
use crate::ids::{InstanceId, MunicipalityId};
use crate::problem::Problem;

/// Who does a duty, until when, and when it is due.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = duty, treat_none_as_default_value = false)]
pub(super) struct Lease {
    pub(super) municipality_id: MunicipalityId,
    pub(super) name: String,
    /// Rises whenever somebody takes the lease: who holds an older one holds nothing.
    pub(super) fence: i64,
    pub(super) holder: Option<InstanceId>,
    pub(super) leased_until: Option<Instant>,
    pub(super) next_at: Instant,
    pub(super) ran_at: Option<Instant>,
}

impl Lease {
    /// Whether this instance may do the duty now: it is due, and nobody else is about it.
    pub(super) fn is_free_for(&self, me: InstanceId, now: Instant) -> bool {
        let is_held = self.leased_until.is_some_and(|until| now < until);
        self.next_at <= now && (!is_held || self.holder == Some(me))
    }
}

/// The leases of the municipality.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Lease>, Problem> {
    let municipality = tx.municipality();
    Ok(duty::table
        .filter(duty::municipality_id.eq(municipality))
        .select(duty::all_columns)
        .load(tx.conn())?)
}

/// The lease of a duty; one that was never done is due now.
pub(super) fn find_or_begin(tx: &mut Tx<'_>, name: &str) -> Result<Lease, Problem> {
    let fresh = Lease {
        municipality_id: tx.municipality(),
        name: name.to_owned(),
        fence: 0,
        holder: None,
        leased_until: None,
        next_at: tx.now(),
        ran_at: None,
    };
    let insert = diesel::insert_into(duty::table).values(&fresh);
    each!(tx.conn(), c => insert.on_conflict_do_nothing().execute(c))?;
    let key = (tx.municipality(), name.to_owned());
    Ok(duty::table
        .find(key)
        .select(duty::all_columns)
        .first(tx.conn())?)
}

/// Takes the lease that was read, unless somebody took it meanwhile. Gives the new fence.
pub(super) fn take(
    tx: &mut Tx<'_>,
    read: &Lease,
    me: InstanceId,
    until: Instant,
) -> Result<Option<i64>, Problem> {
    let key = (tx.municipality(), read.name.clone());
    let fence = read.fence + 1;
    let taken = diesel::update(duty::table.find(key))
        .filter(duty::fence.eq(read.fence))
        .set((
            duty::fence.eq(fence),
            duty::holder.eq(me),
            duty::leased_until.eq(until),
        ))
        .execute(tx.conn())?;
    Ok((taken == 1).then_some(fence))
}

/// Says that the duty is done for this time, if the fence still stands.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    name: &str,
    fence: i64,
    next_at: Instant,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), name.to_owned()), tx.now());
    Ok(diesel::update(duty::table.find(key))
        .filter(duty::fence.eq(fence))
        .set((
            duty::leased_until.eq(None::<Instant>),
            duty::next_at.eq(next_at),
            duty::ran_at.eq(now),
        ))
        .execute(tx.conn())?)
}
