//! The table of representations.

use diesel::prelude::*;

use super::model::{Proof, RepresentationKind, RepresentationScope};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::representation;
use crate::db::types::Json;
use crate::ids::{ApplicationId, MunicipalityId, PersonId, RepresentationId, UserId};
use crate::problem::Problem;

/// Somebody who acts for a party in a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = representation, treat_none_as_default_value = false)]
pub(super) struct Representation {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: RepresentationId,
    pub(super) version: i32,
    pub(super) application_id: ApplicationId,
    pub(super) represented_id: PersonId,
    pub(super) representative_id: PersonId,
    pub(super) kind: RepresentationKind,
    pub(super) scope: Json<Vec<RepresentationScope>>,
    pub(super) proof: Proof,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) withdrawn_at: Option<Instant>,
    pub(super) recorded_by: UserId,
    pub(super) recorded_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Representation) -> Result<(), Problem> {
    diesel::insert_into(representation::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    id: RepresentationId,
) -> Result<Option<Representation>, Problem> {
    let key = (tx.municipality(), id);
    let found = representation::table
        .find(key)
        .select(representation::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// All that were ever recorded in a case, oldest first.
pub(super) fn of_case(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Vec<Representation>, Problem> {
    let municipality = tx.municipality();
    Ok(representation::table
        .filter(representation::municipality_id.eq(municipality))
        .filter(representation::application_id.eq(case))
        .order(representation::id)
        .select(representation::all_columns)
        .load(tx.conn())?)
}

/// All in which this person ever spoke for somebody, oldest first.
pub(super) fn by(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Representation>, Problem> {
    let municipality = tx.municipality();
    Ok(representation::table
        .filter(representation::municipality_id.eq(municipality))
        .filter(representation::representative_id.eq(person))
        .order(representation::id)
        .select(representation::all_columns)
        .load(tx.conn())?)
}

/// Withdraws, if it is still at the version that was read.
pub(super) fn withdraw(tx: &mut Tx<'_>, of: &Representation) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(representation::table.find(key))
        .filter(representation::version.eq(of.version))
        .filter(representation::withdrawn_at.is_null())
        .set((
            representation::withdrawn_at.eq(now),
            representation::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}
