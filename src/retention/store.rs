//! The tables of retention rules, legal holds and erasures.

use diesel::prelude::*;

use super::model::{Concern, ErasureState, Ground, HoldReason};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{erasure, legal_hold, retention_rule};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{ErasureId, LegalHoldId, MunicipalityId, PersonId, RetentionRuleId, UserId};
use crate::problem::Problem;

const ONE_PER_PERSON: Unique = Unique {
    name: "erasure_one_per_person",
    columns: "erasure.municipality_id, erasure.person_id",
};

/// For how long something is kept after it ended.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = retention_rule, treat_none_as_default_value = false)]
pub(super) struct RuleRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: RetentionRuleId,
    pub(super) concern: Concern,
    pub(super) months: i16,
    pub(super) legal_basis: String,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) created_at: Instant,
}

/// A reason for which nothing of a person may be erased.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = legal_hold, treat_none_as_default_value = false)]
pub(super) struct HoldRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: LegalHoldId,
    pub(super) version: i32,
    pub(super) person_id: PersonId,
    pub(super) reason: HoldReason,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) placed_by: UserId,
    pub(super) placed_at: Instant,
    pub(super) lifted_by: Option<UserId>,
    pub(super) lifted_at: Option<Instant>,
}

impl HoldRow {
    /// Whether it keeps data on this day.
    pub(super) fn is_in_force(&self, day: Day) -> bool {
        let has_begun = self.valid_from <= day;
        let has_ended = self.valid_until.is_some_and(|until| until <= day);
        self.lifted_at.is_none() && has_begun && !has_ended
    }
}

/// A person's erasure.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = erasure, treat_none_as_default_value = false)]
pub(super) struct ErasureRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ErasureId,
    pub(super) version: i32,
    pub(super) person_id: PersonId,
    pub(super) ground: Ground,
    pub(super) state: ErasureState,
    pub(super) requested_by: Option<UserId>,
    pub(super) requested_at: Instant,
    pub(super) first_approver: Option<UserId>,
    pub(super) second_approver: Option<UserId>,
    pub(super) carried_out_at: Option<Instant>,
}

pub(super) fn insert_rule(tx: &mut Tx<'_>, row: &RuleRow) -> Result<(), Problem> {
    diesel::insert_into(retention_rule::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The rules of this municipality, oldest first; there are few.
pub(super) fn rules(tx: &mut Tx<'_>) -> Result<Vec<RuleRow>, Problem> {
    let municipality = tx.municipality();
    Ok(retention_rule::table
        .filter(retention_rule::municipality_id.eq(municipality))
        .order(retention_rule::id)
        .select(retention_rule::all_columns)
        .load(tx.conn())?)
}

/// Ends the open rule of a concern on this day.
pub(super) fn close_rule(tx: &mut Tx<'_>, id: RetentionRuleId, until: Day) -> Result<(), Problem> {
    let key = (tx.municipality(), id);
    diesel::update(retention_rule::table.find(key))
        .set(retention_rule::valid_until.eq(until))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn insert_hold(tx: &mut Tx<'_>, row: &HoldRow) -> Result<(), Problem> {
    diesel::insert_into(legal_hold::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_hold(tx: &mut Tx<'_>, id: LegalHoldId) -> Result<Option<HoldRow>, Problem> {
    let key = (tx.municipality(), id);
    let found = legal_hold::table
        .find(key)
        .select(legal_hold::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The holds on a person's data, oldest first, lifted ones too.
pub(super) fn holds_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<HoldRow>, Problem> {
    let municipality = tx.municipality();
    Ok(legal_hold::table
        .filter(legal_hold::municipality_id.eq(municipality))
        .filter(legal_hold::person_id.eq(person))
        .order(legal_hold::id)
        .select(legal_hold::all_columns)
        .load(tx.conn())?)
}

/// Lifts a hold, if it is still as it was read.
pub(super) fn lift(tx: &mut Tx<'_>, of: &HoldRow, by: UserId) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(legal_hold::table.find(key))
        .filter(legal_hold::version.eq(of.version))
        .set((
            legal_hold::lifted_by.eq(by),
            legal_hold::lifted_at.eq(now),
            legal_hold::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_erasure(tx: &mut Tx<'_>, row: &ErasureRow) -> Result<(), Problem> {
    diesel::insert_into(erasure::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_PER_PERSON, Refusal::ErasurePending)?;
    Ok(())
}

pub(super) fn find_erasure(tx: &mut Tx<'_>, id: ErasureId) -> Result<Option<ErasureRow>, Problem> {
    let key = (tx.municipality(), id);
    let found = erasure::table
        .find(key)
        .select(erasure::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn erasures(
    tx: &mut Tx<'_>,
    state: Option<ErasureState>,
    after: Option<ErasureId>,
    limit: i64,
) -> Result<Vec<ErasureRow>, Problem> {
    let mut query = erasure::table
        .filter(erasure::municipality_id.eq(tx.municipality()))
        .filter(erasure::id.gt(after.unwrap_or(ErasureId::NIL)))
        .order(erasure::id)
        .limit(limit)
        .select(erasure::all_columns)
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(erasure::state.eq(state));
    }
    Ok(query.load(tx.conn())?)
}

/// Whether there is an erasure of this person that was not given up.
pub(super) fn is_pending(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Problem> {
    let pending = erasure::table
        .filter(erasure::municipality_id.eq(tx.municipality()))
        .filter(erasure::person_id.eq(person))
        .filter(erasure::state.ne(ErasureState::Withdrawn))
        .select(erasure::id);
    let found: Option<ErasureId> = pending.first(tx.conn()).optional()?;
    Ok(found.is_some())
}

/// Writes what changes of an erasure, if it is still at the version that was read.
pub(super) fn change(tx: &mut Tx<'_>, to: &ErasureRow) -> Result<usize, Problem> {
    let key = (tx.municipality(), to.id);
    Ok(diesel::update(erasure::table.find(key))
        .filter(erasure::version.eq(to.version - 1))
        .set((
            erasure::version.eq(to.version),
            erasure::state.eq(to.state),
            erasure::first_approver.eq(to.first_approver),
            erasure::second_approver.eq(to.second_approver),
            erasure::carried_out_at.eq(to.carried_out_at),
        ))
        .execute(tx.conn())?)
}
