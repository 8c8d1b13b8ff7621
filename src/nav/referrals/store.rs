//! Referrals in the database.

use diesel::prelude::*;

use super::lifecycle::ReferralState;
use super::model::{ReferralBasis, ReferralReturn};
use crate::applications::Urgency;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::referral;
use crate::each;
use crate::ids::{ApplicationId, MunicipalityId, ReferralId};
use crate::problem::Problem;

/// A referral.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = referral, treat_none_as_default_value = false)]
pub(super) struct Referral {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ReferralId,
    pub(super) version: i32,
    pub(super) state: ReferralState,
    pub(super) reference: String,
    pub(super) fingerprint: Vec<u8>,
    pub(super) person_index: Vec<u8>,
    pub(super) legal_basis: ReferralBasis,
    pub(super) consent_until: Option<Day>,
    pub(super) urgency: Urgency,
    pub(super) sealed_key: String,
    pub(super) sealed: String,
    pub(super) received_at: Instant,
    pub(super) concluded_at: Option<Instant>,
    pub(super) return_reason: Option<ReferralReturn>,
    pub(super) application_id: Option<ApplicationId>,
}

/// Adds a referral, unless there is one under its reference: then nothing is done.
pub(super) fn insert(tx: &mut Tx<'_>, row: &Referral) -> Result<bool, Problem> {
    let insert = diesel::insert_into(referral::table).values(row);
    let rows = each!(tx.conn(), c => insert
        .on_conflict((referral::municipality_id, referral::reference))
        .do_nothing()
        .execute(c))?;
    Ok(rows == 1)
}

pub(super) fn find(tx: &mut Tx<'_>, id: ReferralId) -> Result<Option<Referral>, Problem> {
    let key = (tx.municipality(), id);
    let found = referral::table
        .find(key)
        .select(Referral::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn find_by_reference(
    tx: &mut Tx<'_>,
    reference: &str,
) -> Result<Option<Referral>, Problem> {
    let municipality = tx.municipality();
    let found = referral::table
        .filter(referral::municipality_id.eq(municipality))
        .filter(referral::reference.eq(reference))
        .select(Referral::as_select())
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Those about the person with one of these digests, oldest first.
pub(super) fn about(tx: &mut Tx<'_>, indexes: &[Vec<u8>]) -> Result<Vec<Referral>, Problem> {
    Ok(referral::table
        .filter(referral::municipality_id.eq(tx.municipality()))
        .filter(referral::person_index.eq_any(indexes.to_vec()))
        .order(referral::id)
        .select(Referral::as_select())
        .load(tx.conn())?)
}

/// Those in this state, after this one.
pub(super) fn page(
    tx: &mut Tx<'_>,
    state: Option<ReferralState>,
    after: Option<ReferralId>,
    limit: i64,
) -> Result<Vec<Referral>, Problem> {
    let municipality = tx.municipality();
    let mut query = referral::table
        .filter(referral::municipality_id.eq(municipality))
        .filter(referral::id.gt(after.unwrap_or(ReferralId::NIL)))
        .order(referral::id)
        .limit(limit)
        .select(Referral::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(referral::state.eq(state));
    }
    Ok(query.load(tx.conn())?)
}

/// How many other referrals of the same person wait.
pub(super) fn count_others(tx: &mut Tx<'_>, of: &Referral) -> Result<i64, Problem> {
    let municipality = tx.municipality();
    Ok(referral::table
        .filter(referral::municipality_id.eq(municipality))
        .filter(referral::person_index.eq(&of.person_index))
        .filter(referral::state.eq(ReferralState::Received))
        .filter(referral::id.ne(of.id))
        .count()
        .get_result(tx.conn())?)
}

/// Concludes a referral, if it is still at the version that was read.
pub(super) fn conclude(tx: &mut Tx<'_>, row: &Referral) -> Result<usize, Problem> {
    let key = (tx.municipality(), row.id);
    Ok(diesel::update(referral::table.find(key))
        .filter(referral::version.eq(row.version - 1))
        .filter(referral::state.eq(ReferralState::Received))
        .set((
            referral::version.eq(row.version),
            referral::state.eq(row.state),
            referral::concluded_at.eq(row.concluded_at),
            referral::return_reason.eq(row.return_reason),
            referral::application_id.eq(row.application_id),
        ))
        .execute(tx.conn())?)
}
