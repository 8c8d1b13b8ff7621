//! The tables of bodies and of what was sent to them.

use diesel::prelude::*;

use super::model::BodyKind;
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{case_forwarding, receiving_body};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{ApplicationId, MunicipalityId, ReceivingBodyId, UserId};
use crate::problem::Problem;

const NAME: Unique = Unique {
    name: "receiving_body_one_of_a_name",
    columns: "receiving_body.municipality_id, receiving_body.name",
};

/// A body to which cases may be sent.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = receiving_body, treat_none_as_default_value = false)]
pub(super) struct Body {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: ReceivingBodyId,
    pub(super) version: i32,
    pub(super) kind: BodyKind,
    pub(super) name: String,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
}

/// That a case was sent to a body.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = case_forwarding)]
pub(super) struct Forwarding {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) body_id: ReceivingBodyId,
    pub(super) body_name: String,
    pub(super) forwarded_by: UserId,
    pub(super) forwarded_at: Instant,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Body) -> Result<(), Problem> {
    diesel::insert_into(receiving_body::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&NAME, Refusal::BodyExists)?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: ReceivingBodyId) -> Result<Option<Body>, Problem> {
    let key = (tx.municipality(), id);
    let found = receiving_body::table
        .find(key)
        .select(receiving_body::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// All bodies by name, those of before too; a municipality has few.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Body>, Problem> {
    let municipality = tx.municipality();
    Ok(receiving_body::table
        .filter(receiving_body::municipality_id.eq(municipality))
        .order((receiving_body::name, receiving_body::valid_from))
        .select(receiving_body::all_columns)
        .load(tx.conn())?)
}

/// Gives a body a last day, if it is still at the version that was read.
pub(super) fn end(tx: &mut Tx<'_>, of: &Body, last: Day) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(receiving_body::table.find(key))
        .filter(receiving_body::version.eq(of.version))
        .filter(receiving_body::valid_until.is_null())
        .set((
            receiving_body::valid_until.eq(last),
            receiving_body::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_forwarding(tx: &mut Tx<'_>, row: &Forwarding) -> Result<(), Problem> {
    diesel::insert_into(case_forwarding::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn name_of_receiver(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Option<String>, Problem> {
    let key = (tx.municipality(), case);
    let found = case_forwarding::table
        .find(key)
        .select(case_forwarding::body_name)
        .first(tx.conn());
    Ok(found.optional()?)
}
