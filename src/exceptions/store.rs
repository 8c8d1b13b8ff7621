//! The tables of exceptions.

use diesel::prelude::*;

use super::model::{EmergencyGround, Finding};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::{emergency_access, impartiality_exception};
use crate::ids::{ApplicationId, EmergencyId, ExceptionId, MunicipalityId, UserId};
use crate::problem::Problem;

/// An access in an emergency.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = emergency_access, treat_none_as_default_value = false)]
pub struct Emergency {
    /// The municipality.
    pub municipality_id: MunicipalityId,
    /// The access.
    pub id: EmergencyId,
    /// Rises with every change.
    pub version: i32,
    /// Who opened the case.
    pub user_id: UserId,
    /// The case.
    pub application_id: ApplicationId,
    /// Why, in a code.
    pub ground: EmergencyGround,
    /// Why, in words, under the applicant's key.
    pub sealed_reason: String,
    /// Since when.
    pub opened_at: Instant,
    /// Until when.
    pub expires_at: Instant,
    /// The leader who was told, where the employee has one.
    pub leader_id: Option<UserId>,
    /// By when it is to be reviewed.
    pub review_due_on: Day,
    /// Who has reviewed it.
    pub reviewed_by: Option<UserId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What was found.
    pub finding: Option<Finding>,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Emergency) -> Result<(), Problem> {
    diesel::insert_into(emergency_access::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: EmergencyId) -> Result<Option<Emergency>, Problem> {
    let key = (tx.municipality(), id);
    let found = emergency_access::table
        .find(key)
        .select(emergency_access::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Whose accesses are asked for.
pub(super) enum Whose {
    /// Everybody's.
    All,
    /// The employee's own, and those of whom the employee is told as their leader.
    OwnAndLed(UserId),
}

/// Accesses in the order of opening, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    whose: &Whose,
    is_open: Option<bool>,
    after: Option<EmergencyId>,
    limit: i64,
) -> Result<Vec<Emergency>, Problem> {
    let mut query = emergency_access::table
        .filter(emergency_access::municipality_id.eq(tx.municipality()))
        .filter(emergency_access::id.gt(after.unwrap_or(EmergencyId::NIL)))
        .order(emergency_access::id)
        .limit(limit)
        .select(emergency_access::all_columns)
        .into_boxed();
    if let Whose::OwnAndLed(user) = *whose {
        let own = emergency_access::user_id.eq(user);
        let led = emergency_access::leader_id.eq(user);
        query = query.filter(led.or(own.nullable()));
    }
    query = match is_open {
        Some(true) => query.filter(emergency_access::reviewed_at.is_null()),
        Some(false) => query.filter(emergency_access::reviewed_at.is_not_null()),
        None => query,
    };
    Ok(query.load(tx.conn())?)
}

/// Keeps what the review has found, if the access is still at the version that was read.
pub(super) fn review(
    tx: &mut Tx<'_>,
    of: &Emergency,
    by: UserId,
    finding: Finding,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(emergency_access::table.find(key))
        .filter(emergency_access::version.eq(of.version))
        .set((
            emergency_access::reviewed_by.eq(by),
            emergency_access::reviewed_at.eq(now),
            emergency_access::finding.eq(finding),
            emergency_access::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// A leader's written word that an employee handles a case in spite of being partial.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = impartiality_exception, treat_none_as_default_value = false)]
pub struct Exception {
    /// The municipality.
    pub municipality_id: MunicipalityId,
    /// The exception.
    pub id: ExceptionId,
    /// Rises with every change.
    pub version: i32,
    /// For whom.
    pub user_id: UserId,
    /// In which case.
    pub application_id: ApplicationId,
    /// Why, under the applicant's key.
    pub sealed_reason: String,
    /// Which leader gave it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Instant,
    /// Since when it no longer holds.
    pub withdrawn_at: Option<Instant>,
}

pub(super) fn insert_exception(tx: &mut Tx<'_>, row: &Exception) -> Result<(), Problem> {
    diesel::insert_into(impartiality_exception::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_exception(
    tx: &mut Tx<'_>,
    id: ExceptionId,
) -> Result<Option<Exception>, Problem> {
    let key = (tx.municipality(), id);
    let found = impartiality_exception::table
        .find(key)
        .select(impartiality_exception::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The exceptions in a case, oldest first, the withdrawn ones too.
pub(super) fn exceptions_of(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Vec<Exception>, Problem> {
    Ok(impartiality_exception::table
        .filter(impartiality_exception::municipality_id.eq(tx.municipality()))
        .filter(impartiality_exception::application_id.eq(case))
        .order(impartiality_exception::id)
        .select(impartiality_exception::all_columns)
        .load(tx.conn())?)
}

pub(super) fn withdraw(tx: &mut Tx<'_>, of: &Exception) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(impartiality_exception::table.find(key))
        .filter(impartiality_exception::version.eq(of.version))
        .set((
            impartiality_exception::withdrawn_at.eq(now),
            impartiality_exception::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
