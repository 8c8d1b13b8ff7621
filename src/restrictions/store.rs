//! The table of restrictions.

use diesel::prelude::*;

use super::model::{AllowedGround, RestrictionGround};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::processing_restriction;
use crate::db::{OrRefuse as _, Tx, Unique, load_listed};
use crate::ids::{MunicipalityId, PersonId, RestrictionId, UserId};
use crate::problem::Problem;

const ONE: Unique = Unique {
    name: "processing_restriction_one",
    columns: "processing_restriction.municipality_id, processing_restriction.person_id",
};

/// A restriction of the processing of a person's data.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = processing_restriction, treat_none_as_default_value = false)]
pub(super) struct Restriction {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: RestrictionId,
    pub(super) version: i32,
    pub(super) person_id: PersonId,
    pub(super) ground: RestrictionGround,
    pub(super) restricted_by: UserId,
    pub(super) restricted_at: Instant,
    pub(super) allowed_ground: Option<AllowedGround>,
    pub(super) allowed_by: Option<UserId>,
    pub(super) allowed_at: Option<Instant>,
    pub(super) told_on: Option<Day>,
    pub(super) lifted_by: Option<UserId>,
    pub(super) lifted_at: Option<Instant>,
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &Restriction) -> Result<(), Problem> {
    diesel::insert_into(processing_restriction::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE, Refusal::AlreadyRestricted)?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: RestrictionId) -> Result<Option<Restriction>, Problem> {
    let key = (tx.municipality(), id);
    let found = processing_restriction::table
        .find(key)
        .select(processing_restriction::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// The restrictions of a person, oldest first, lifted ones too.
pub(super) fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Restriction>, Problem> {
    of_people(tx, &[person])
}

/// The same of these people.
pub(super) fn of_people(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Vec<Restriction>, Problem> {
    let municipality = tx.municipality();
    let theirs = processing_restriction::table
        .filter(processing_restriction::municipality_id.eq(municipality))
        .filter(processing_restriction::person_id.eq_any(people))
        .order(processing_restriction::id)
        .select(processing_restriction::all_columns);
    Ok(load_listed(theirs, people.len(), tx.conn())?)
}

/// Those begun by a moment; few people are restricted at a time.
pub(super) fn begun_by(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<Restriction>, Problem> {
    Ok(processing_restriction::table
        .filter(processing_restriction::municipality_id.eq(tx.municipality()))
        .filter(processing_restriction::restricted_at.le(at))
        .order(processing_restriction::id)
        .select(processing_restriction::all_columns)
        .load(tx.conn())?)
}

/// Writes what became of a restriction, if it is still as it was read.
pub(super) fn change(tx: &mut Tx<'_>, to: &Restriction) -> Result<usize, Problem> {
    let key = (tx.municipality(), to.id);
    Ok(diesel::update(processing_restriction::table.find(key))
        .filter(processing_restriction::version.eq(to.version - 1))
        .set((
            processing_restriction::version.eq(to.version),
            processing_restriction::allowed_ground.eq(to.allowed_ground),
            processing_restriction::allowed_by.eq(to.allowed_by),
            processing_restriction::allowed_at.eq(to.allowed_at),
            processing_restriction::told_on.eq(to.told_on),
            processing_restriction::lifted_by.eq(to.lifted_by),
            processing_restriction::lifted_at.eq(to.lifted_at),
        ))
        .execute(tx.conn())?)
}
