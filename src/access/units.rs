//! The tables of units and of how employees stand in them, and what is done with them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Closeness;
use super::protection::Clearance;
use super::rules::Refusal;
use super::store;
use crate::audit::{Entry, Subject};
use crate::auth::Role;
use crate::clock::Instant;
use crate::crypto::BlindIndex;
use crate::db::schema::{declared_relation, employee, unit, unit_member};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::http::must_be_current;
use crate::ids::{ApplicationId, MunicipalityId, PersonId, RelationId, UnitId, UserId};
use crate::problem::{NOT_FOUND, Problem};

const NAME: Unique = Unique {
    name: "unit_name",
    columns: "unit.municipality_id, unit.name",
};

/// What the intake unit is called until somebody names it otherwise.
const INTAKE: &str = "Boligtjenesten";

/// A team of the municipality that handles cases ("enhet").
#[derive(Debug, Clone, Queryable, Selectable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = unit, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    #[serde(skip)]
    pub(super) municipality_id: MunicipalityId,
    /// The unit.
    pub id: UnitId,
    /// The version that `ETag` tells.
    pub version: i32,
    /// What it is called.
    pub name: String,
    /// Whether cases that nobody sent elsewhere are this unit's.
    pub is_intake: bool,
    /// Since when.
    pub created_at: Instant,
}

/// Adds a unit.
pub fn found(tx: &mut Tx<'_>, name: &str, is_intake: bool) -> Result<Unit, Problem> {
    let row = Unit {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        name: name.to_owned(),
        is_intake,
        created_at: tx.now(),
    };
    diesel::insert_into(unit::table)
        .values(&row)
        .execute(tx.conn())
        .or_refuse(&NAME, Refusal::UnitNameTaken)?;
    let entry = Entry::change("unit.founded").about(Subject::policy(row.id));
    tx.record(entry.fact("isIntake", is_intake));
    Ok(row)
}

/// Adds the unit that a new municipality begins with.
pub fn found_intake(tx: &mut Tx<'_>) -> Result<(), Problem> {
    found(tx, INTAKE, true).map(|_| ())
}

/// The unit to which cases come first.
pub(super) fn intake(tx: &mut Tx<'_>) -> Result<UnitId, Problem> {
    let first = unit::table
        .filter(unit::municipality_id.eq(tx.municipality()))
        .filter(unit::is_intake.eq(true))
        .select(unit::id);
    let found: Option<UnitId> = each!(tx.conn(), c => first.first(c)).optional()?;
    found.ok_or_else(|| Problem::internal("a municipality has no intake unit"))
}

/// All units, in order of id; a municipality has few.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Unit>, Problem> {
    Ok(unit::table
        .filter(unit::municipality_id.eq(tx.municipality()))
        .order(unit::id)
        .select(unit::all_columns)
        .load(tx.conn())?)
}

/// Which unit handles new cases of this caller: the caller's own, or the intake unit.
pub fn unit_for_new_cases(tx: &mut Tx<'_>) -> Result<UnitId, Problem> {
    let intake = intake(tx)?;
    let reader = super::reader(tx)?;
    let own = match &*reader {
        super::Reader::Employee(employee) if !employee.units.contains(&intake) => {
            employee.units.first().copied()
        }
        _ => None,
    };
    Ok(own.unwrap_or(intake))
}

/// Says which unit handles these new cases.
pub fn take_in(tx: &mut Tx<'_>, cases: &[ApplicationId]) -> Result<(), Problem> {
    let unit = unit_for_new_cases(tx)?;
    store::insert_case_units(tx, cases, unit)
}

/// Lets the unit of its new caseworker handle a case, unless that caseworker works in the unit that does.
pub fn follow_caseworker(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    caseworker: UserId,
) -> Result<(), Problem> {
    let now = store::cases(tx, &[case])?.pop().and_then(|it| it.unit);
    let units = store::standing(tx, caseworker)?.units;
    match units.first() {
        Some(first) if !now.is_some_and(|now| units.contains(&now)) => {
            must_be_current(store::move_case(tx, case, *first)?)?;
            let entry = Entry::change("application.moved_to_unit").of_case(case);
            tx.record(entry.fact("unit", first.to_string()));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Makes people clients of the caller, if the caller advises at NAV.
pub fn take_on(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<(), Problem> {
    match tx.caller().actor.user() {
        Some(user) if tx.caller().roles.contains(&Role::NavAdvisor) => {
            store::insert_clients(tx, user, people)
        }
        _ => Ok(()),
    }
}

/// How an employee stands among colleagues ("ansettelse").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// In which units.
    pub units: BTreeSet<UnitId>,
    /// Who leads the employee.
    pub leader: Option<UserId>,
    /// Up to which grade the employee may locate people.
    pub clearance: Option<Clearance>,
}

/// Gives a new employee a place: in the intake unit.
pub fn employ(tx: &mut Tx<'_>, user: UserId) -> Result<(), Problem> {
    let intake = intake(tx)?;
    insert_members(tx, user, &BTreeSet::from([intake]))?;
    diesel::insert_into(employee::table)
        .values((
            employee::municipality_id.eq(tx.municipality()),
            employee::user_id.eq(user),
            employee::version.eq(1),
            employee::leader_id.eq(None::<UserId>),
            employee::clearance.eq(None::<Clearance>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = unit_member)]
struct MemberRow {
    municipality_id: MunicipalityId,
    user_id: UserId,
    unit_id: UnitId,
    since: Instant,
}

fn insert_members(tx: &mut Tx<'_>, user: UserId, units: &BTreeSet<UnitId>) -> Result<(), Problem> {
    let (municipality_id, since) = (tx.municipality(), tx.now());
    let rows: Vec<MemberRow> = units
        .iter()
        .map(|unit_id| MemberRow {
            municipality_id,
            user_id: user,
            unit_id: *unit_id,
            since,
        })
        .collect();
    each!(tx.conn(), c => diesel::insert_into(unit_member::table).values(&rows).execute(c))?;
    Ok(())
}

/// How an employee stands, and the version of it.
pub fn post_of(tx: &mut Tx<'_>, user: UserId) -> Result<(i32, Post), Problem> {
    let key = (tx.municipality(), user);
    let version: Option<i32> = employee::table
        .find(key)
        .select(employee::version)
        .first(tx.conn())
        .optional()?;
    let version = version.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let standing = store::standing(tx, user)?;
    let post = Post {
        units: standing.units.into_iter().collect(),
        leader: standing.leader,
        clearance: standing.clearance,
    };
    Ok((version, post))
}

/// Gives an employee another place, if it is still at the version that was read.
pub fn place(tx: &mut Tx<'_>, user: UserId, version: i32, post: &Post) -> Result<(), Problem> {
    let key = (tx.municipality(), user);
    let rows = diesel::update(employee::table.find(key))
        .filter(employee::version.eq(version))
        .set((
            employee::leader_id.eq(post.leader),
            employee::clearance.eq(post.clearance),
            employee::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    must_be_current(rows)?;
    diesel::delete(
        unit_member::table
            .filter(unit_member::municipality_id.eq(key.0))
            .filter(unit_member::user_id.eq(user)),
    )
    .execute(tx.conn())?;
    insert_members(tx, user, &post.units)?;
    let units: Vec<String> = post.units.iter().map(ToString::to_string).collect();
    tx.record(
        Entry::change("employee.placed")
            .about(user)
            .about_all(post.leader)
            .fact("units", units)
            .fact("clearance", post.clearance.map(Clearance::code)),
    );
    Ok(())
}

/// Lets an employee locate people up to this grade, or nobody who is protected, from now on. Who asks for it has two who agree.
pub fn clear(tx: &mut Tx<'_>, user: UserId, clearance: Option<Clearance>) -> Result<(), Problem> {
    let (version, _) = post_of(tx, user)?;
    let key = (tx.municipality(), user);
    let rows = diesel::update(employee::table.find(key))
        .filter(employee::version.eq(version))
        .set((
            employee::clearance.eq(clearance),
            employee::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    must_be_current(rows)
}

/// A declared relation. Of whom it is about nothing is kept but a keyed digest, and nothing is told.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = declared_relation)]
#[serde(rename_all = "camelCase")]
pub struct Declared {
    /// The relation.
    pub id: RelationId,
    /// The employee.
    pub user_id: UserId,
    /// Why the employee is too close.
    pub kind: Closeness,
    /// Since when it is declared.
    pub declared_at: Instant,
    /// By whom.
    pub declared_by: UserId,
    /// Since when it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
}

type DeclaredColumns = (
    declared_relation::id,
    declared_relation::user_id,
    declared_relation::kind,
    declared_relation::declared_at,
    declared_relation::declared_by,
    declared_relation::ended_at,
);
const DECLARED: DeclaredColumns = (
    declared_relation::id,
    declared_relation::user_id,
    declared_relation::kind,
    declared_relation::declared_at,
    declared_relation::declared_by,
    declared_relation::ended_at,
);

/// Puts a relation on the register.
pub(super) fn declare(
    tx: &mut Tx<'_>,
    user: UserId,
    person: &BlindIndex,
    kind: Closeness,
    by: UserId,
) -> Result<Declared, Problem> {
    let (id, now): (RelationId, _) = (tx.new_id(), tx.now());
    diesel::insert_into(declared_relation::table)
        .values((
            declared_relation::municipality_id.eq(tx.municipality()),
            declared_relation::id.eq(id),
            declared_relation::user_id.eq(user),
            declared_relation::person_index.eq(person.as_bytes().to_vec()),
            declared_relation::kind.eq(kind),
            declared_relation::declared_at.eq(now),
            declared_relation::declared_by.eq(by),
            declared_relation::ended_at.eq(None::<Instant>),
        ))
        .execute(tx.conn())?;
    let entry = Entry::change("relation.declared").about(user);
    tx.record(entry.about(Subject::policy(id)).fact("kind", kind.code()));
    find_declared(tx, id)
}

/// A declared relation that must exist.
pub(super) fn find_declared(tx: &mut Tx<'_>, id: RelationId) -> Result<Declared, Problem> {
    let key = (tx.municipality(), id);
    let found: Option<Declared> = declared_relation::table
        .find(key)
        .select(DECLARED)
        .first(tx.conn())
        .optional()?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// All relations that an employee has declared, also those that ended.
pub(super) fn declared_by(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Declared>, Problem> {
    Ok(declared_relation::table
        .filter(declared_relation::municipality_id.eq(tx.municipality()))
        .filter(declared_relation::user_id.eq(user))
        .order(declared_relation::id)
        .select(DECLARED)
        .load(tx.conn())?)
}

/// Says that a relation no longer holds.
pub(super) fn end_relation(tx: &mut Tx<'_>, relation: &Declared) -> Result<Declared, Problem> {
    let (key, now) = ((tx.municipality(), relation.id), tx.now());
    let rows = diesel::update(declared_relation::table.find(key))
        .filter(declared_relation::ended_at.is_null())
        .set(declared_relation::ended_at.eq(now))
        .execute(tx.conn())?;
    if rows == 0 {
        return Err(Refusal::RelationEnded.into());
    }
    let entry = Entry::change("relation.ended").about(relation.user_id);
    tx.record(entry.about(Subject::policy(relation.id)));
    find_declared(tx, relation.id)
}
