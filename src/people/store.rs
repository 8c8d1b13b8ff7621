//! The tables of people and households.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{AddressProtection, Member, MemberRole, NewMember};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::crypto::BlindIndex;
use crate::db::schema::{household, household_member, person, person_name};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{HouseholdId, MunicipalityId, PersonId};
use crate::problem::Problem;
use crate::{each, load_by};

/// Rows or ids in one statement: far below the 32 766 values that `SQLite` takes.
pub(super) const AT_ONCE: usize = 500;

const ONE_PER_NATIONAL_ID: Unique = Unique {
    name: "person_one_per_national_id",
    columns: "person.municipality_id, person.national_id_index",
};

/// A person as stored.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub(super) struct PersonRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: PersonId,
    pub(super) version: i32,
    pub(super) born_on: Day,
    pub(super) protection: AddressProtection,
    pub(super) sealed_key: String,
    pub(super) sealed: String,
    pub(super) national_id_index: Vec<u8>,
    pub(super) created_at: Instant,
    pub(super) death_known_at: Option<Instant>,
    pub(super) erased_at: Option<Instant>,
}

#[derive(Insertable)]
#[diesel(table_name = person_name, treat_none_as_default_value = false)]
pub(super) struct NameRow {
    municipality_id: MunicipalityId,
    token: Vec<u8>,
    person_id: PersonId,
}

#[derive(Insertable)]
#[diesel(table_name = household, treat_none_as_default_value = false)]
struct HouseholdRow {
    municipality_id: MunicipalityId,
    id: HouseholdId,
    version: i32,
    created_at: Instant,
}

#[derive(Insertable)]
#[diesel(table_name = household_member, treat_none_as_default_value = false)]
struct MemberRow {
    municipality_id: MunicipalityId,
    household_id: HouseholdId,
    person_id: PersonId,
    role: MemberRole,
    residence_days: i16,
}

/// Adds people with the digests of their names' words.
pub(super) fn insert_people(
    tx: &mut Tx<'_>,
    people: &[(PersonRow, BTreeSet<BlindIndex>)],
) -> Result<(), Problem> {
    for people in people.chunks(AT_ONCE) {
        let rows: Vec<&PersonRow> = people.iter().map(|(row, _)| row).collect();
        let inserted =
            each!(tx.conn(), c => diesel::insert_into(person::table).values(rows).execute(c));
        inserted.or_refuse(&ONE_PER_NATIONAL_ID, Refusal::PersonExists)?;
    }
    let names: Vec<NameRow> = people
        .iter()
        .flat_map(|(row, words)| name_rows(row, words))
        .collect();
    for rows in names.chunks(AT_ONCE) {
        each!(tx.conn(), c => diesel::insert_into(person_name::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn name_rows(
    row: &PersonRow,
    words: &BTreeSet<BlindIndex>,
) -> impl Iterator<Item = NameRow> {
    words.iter().map(|word| NameRow {
        municipality_id: row.municipality_id,
        token: word.as_bytes().to_vec(),
        person_id: row.id,
    })
}

/// A person.
pub(super) fn find_person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<PersonRow>, Problem> {
    let one = person::table
        .find((tx.municipality(), id))
        .select(person::all_columns);
    Ok(each!(tx.conn(), c => one.first(c)).optional()?)
}

/// A person's wrapped key.
pub(super) fn find_key(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<String>, Problem> {
    let key = (tx.municipality(), id);
    Ok(person::table
        .find(key)
        .select(person::sealed_key)
        .first(tx.conn())
        .optional()?)
}

/// Those of these people that exist.
pub(super) fn people(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<PersonRow>, Problem> {
    let municipality = tx.municipality();
    let mut rows = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        let these = person::table
            .filter(person::municipality_id.eq(municipality))
            .select(person::all_columns);
        let found: Vec<PersonRow> = load_by!(tx.conn(), these, person::id, ids)?;
        rows.extend(found);
    }
    Ok(rows)
}

/// When each of these people was born; somebody who has been erased is not among them.
pub(super) fn births(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, Day>, Problem> {
    let municipality = tx.municipality();
    let mut births = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        births.extend(
            person::table
                .filter(person::municipality_id.eq(municipality))
                .filter(person::id.eq_any(ids))
                .filter(person::erased_at.is_null())
                .select((person::id, person::born_on))
                .load::<(PersonId, Day)>(tx.conn())?,
        );
    }
    Ok(births)
}

/// The person with this national id.
pub(super) fn find_by_national_id(
    tx: &mut Tx<'_>,
    index: &BlindIndex,
) -> Result<Option<PersonRow>, Problem> {
    let municipality = tx.municipality();
    Ok(person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(person::national_id_index.eq(index.as_bytes().to_vec()))
        .select(person::all_columns)
        .first(tx.conn())
        .optional()?)
}

/// Whose names are asked for.
pub(super) struct NameAsked {
    /// Has all these words.
    pub(super) words: BTreeSet<BlindIndex>,
    /// Born on this day.
    pub(super) born_on: Option<Day>,
    /// Protected no better than so.
    pub(super) grades: Vec<AddressProtection>,
}

/// People of a name that are read at once.
pub(super) const NAMESAKES: usize = 64;

/// People of this name after `after`, in the order of their ids.
pub(super) fn search_by_name(
    tx: &mut Tx<'_>,
    asked: &NameAsked,
    after: Option<PersonId>,
) -> Result<Vec<PersonRow>, Problem> {
    let municipality = tx.municipality();
    let (count, limit) = (asked.words.len(), NAMESAKES);
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let words = asked.words.iter();
    let words: Vec<Vec<u8>> = words.map(|word| word.as_bytes().to_vec()).collect();
    let with_every_word = person_name::table
        .filter(person_name::municipality_id.eq(municipality))
        .filter(person_name::token.eq_any(words))
        .group_by(person_name::person_id)
        .having(count_star().eq(count))
        .select(person_name::person_id);
    let mut query = person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(person::protection.eq_any(asked.grades.clone()))
        .filter(person::id.gt(after.unwrap_or(PersonId::NIL)))
        .filter(person::id.eq_any(with_every_word))
        .order(person::id)
        .limit(limit)
        .select(person::all_columns)
        .into_boxed();
    if let Some(born_on) = asked.born_on {
        query = query.filter(person::born_on.eq(born_on));
    }
    Ok(query.load(tx.conn())?)
}

/// Adds households with their members.
pub(super) fn insert_households(
    tx: &mut Tx<'_>,
    households: &[(HouseholdId, &[NewMember])],
) -> Result<(), Problem> {
    let (municipality_id, created_at) = (tx.municipality(), tx.now());
    for chunk in households.chunks(AT_ONCE) {
        let rows: Vec<HouseholdRow> = chunk
            .iter()
            .map(|(id, _)| HouseholdRow {
                municipality_id,
                id: *id,
                version: 1,
                created_at,
            })
            .collect();
        each!(tx.conn(), c => diesel::insert_into(household::table).values(&rows).execute(c))?;
    }
    let member_rows: Vec<MemberRow> = households
        .iter()
        .flat_map(|(household_id, members)| members.iter().map(|member| (*household_id, member)))
        .map(|(household_id, member)| MemberRow {
            municipality_id,
            household_id,
            person_id: member.person_id,
            role: member.role,
            residence_days: member.residence_days,
        })
        .collect();
    for rows in member_rows.chunks(AT_ONCE) {
        each!(tx.conn(), c => diesel::insert_into(household_member::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The version of a household.
pub(super) fn find_household_version(
    tx: &mut Tx<'_>,
    id: HouseholdId,
) -> Result<Option<i32>, Problem> {
    let key = (tx.municipality(), id);
    Ok(household::table
        .find(key)
        .select(household::version)
        .first(tx.conn())
        .optional()?)
}

type MemberColumns = (
    HouseholdId,
    PersonId,
    MemberRole,
    i16,
    Day,
    AddressProtection,
    Option<Instant>,
);

/// The members of these households, each household's in the order of their ids.
pub(super) fn members(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<Vec<(HouseholdId, Member)>, Problem> {
    let municipality = tx.municipality();
    let mut rows: Vec<MemberColumns> = Vec::new();
    for households in households.chunks(AT_ONCE) {
        let these = household_member::table
            .inner_join(
                person::table.on(person::municipality_id
                    .eq(household_member::municipality_id)
                    .and(person::id.eq(household_member::person_id))),
            )
            .filter(household_member::municipality_id.eq(municipality))
            .order((household_member::household_id, household_member::person_id))
            .select((
                household_member::household_id,
                household_member::person_id,
                household_member::role,
                household_member::residence_days,
                person::born_on,
                person::protection,
                person::death_known_at,
            ));
        let found: Vec<MemberColumns> =
            load_by!(tx.conn(), these, household_member::household_id, households)?;
        rows.extend(found);
    }
    let told =
        |(household, person_id, role, residence_days, born_on, protection, death_known_at)| {
            let member = Member {
                person_id,
                role,
                residence_days,
                born_on,
                protection,
                death_known_at,
            };
            (household, member)
        };
    Ok(rows.into_iter().map(told).collect())
}

/// How many members a household has.
pub(super) fn count_members(tx: &mut Tx<'_>, id: HouseholdId) -> Result<i64, Problem> {
    let count = household_member::table
        .filter(household_member::municipality_id.eq(tx.municipality()))
        .filter(household_member::household_id.eq(id))
        .count();
    Ok(each!(tx.conn(), c => count.get_result(c))?)
}

/// The households in which a person is a member.
pub(super) fn households_of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<Vec<HouseholdId>, Problem> {
    let theirs = household_member::table
        .filter(household_member::municipality_id.eq(tx.municipality()))
        .filter(household_member::person_id.eq(person))
        .order(household_member::household_id)
        .select(household_member::household_id);
    Ok(each!(tx.conn(), c => theirs.load(c))?)
}

/// Keeps how well a person's address is protected.
pub(super) fn set_protection(
    tx: &mut Tx<'_>,
    id: PersonId,
    protection: AddressProtection,
) -> Result<(), Problem> {
    let key = (tx.municipality(), id);
    diesel::update(person::table.find(key))
        .filter(person::protection.ne(protection))
        .set((
            person::protection.eq(protection),
            person::version.eq(person::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who applies for a household, if there is such a household, and its applicant has not been erased.
pub(super) fn find_applicant(
    tx: &mut Tx<'_>,
    id: HouseholdId,
) -> Result<Option<PersonId>, Problem> {
    let applicant = household_member::table
        .inner_join(
            person::table.on(person::municipality_id
                .eq(household_member::municipality_id)
                .and(person::id.eq(household_member::person_id))),
        )
        .filter(household_member::municipality_id.eq(tx.municipality()))
        .filter(household_member::household_id.eq(id))
        .filter(household_member::role.eq(MemberRole::Applicant))
        .filter(person::erased_at.is_null())
        .select(household_member::person_id);
    Ok(each!(tx.conn(), c => applicant.first(c)).optional()?)
}

/// Gives these households a new version, and tells how many there were.
pub(super) fn renew_households(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    let mut renewed = 0;
    for households in households.chunks(AT_ONCE) {
        renewed += diesel::update(household::table)
            .filter(household::municipality_id.eq(municipality))
            .filter(household::id.eq_any(households))
            .set(household::version.eq(household::version + 1))
            .execute(tx.conn())?;
    }
    Ok(renewed)
}
