//! How well households are protected, and in which homes those live whom hardly anybody may locate. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::protection::AddressProtection;
use crate::code::Named;
use crate::db::Tx;
use crate::db::schema::{allocation, decision, household_member, person};
use crate::ids::{DwellingId, HouseholdId, PersonId};
use crate::load_by;
use crate::problem::Problem;

/// Ids in one statement, well below what either database binds at once.
const AT_ONCE: usize = 500;
/// The condition of the index on the few who are protected, in its own words: `SQLite` uses a partial index only for these.
const IS_PROTECTED: &str = "person.protection <> 'UNGRADED'";

/// The best protected grade in each of these households.
pub(super) fn grades(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeMap<HouseholdId, AddressProtection>, Problem> {
    let municipality = tx.municipality();
    let mut grades: BTreeMap<HouseholdId, AddressProtection> = BTreeMap::new();
    for households in households.chunks(AT_ONCE) {
        let theirs = household_member::table
            .inner_join(
                person::table.on(person::municipality_id
                    .eq(household_member::municipality_id)
                    .and(person::id.eq(household_member::person_id))),
            )
            .filter(household_member::municipality_id.eq(municipality))
            .select((household_member::household_id, person::protection));
        let rows: Vec<(HouseholdId, AddressProtection)> = load_by!(
            tx.conn(),
            theirs,
            household_member::household_id,
            households
        )?;
        for (household, grade) in rows {
            let known = grades.entry(household).or_insert(grade);
            *known = (*known).max(grade);
        }
    }
    Ok(grades)
}

/// Those of these people whose address is protected by one of these grades.
pub(super) fn protected_people(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    grades: &[AddressProtection],
) -> Result<BTreeSet<PersonId>, Problem> {
    let municipality = tx.municipality();
    let mut protected = BTreeSet::new();
    for people in people.chunks(AT_ONCE) {
        let theirs = person::table
            .filter(person::municipality_id.eq(municipality))
            .select((person::id, person::protection));
        let rows: Vec<(PersonId, AddressProtection)> =
            load_by!(tx.conn(), theirs, person::id, people)?;
        let those = rows.into_iter().filter(|(_, grade)| grades.contains(grade));
        protected.extend(those.map(|(person, _)| person));
    }
    Ok(protected)
}

/// The households with somebody who is protected by one of these grades.
pub(super) fn protected(
    tx: &mut Tx<'_>,
    grades: &[AddressProtection],
) -> Result<Vec<HouseholdId>, Problem> {
    let municipality = tx.municipality();
    let people: Vec<PersonId> = person::table
        .filter(person::municipality_id.eq(municipality))
        .filter(sql::<Bool>(IS_PROTECTED))
        .filter(person::protection.eq_any(grades.to_vec()))
        .select(person::id)
        .load(tx.conn())?;
    // Asked by itself: in one statement with the people `SQLite` would go through all households.
    let mut households = Vec::new();
    for people in people.chunks(AT_ONCE) {
        let theirs = household_member::table
            .filter(household_member::municipality_id.eq(municipality))
            .select(household_member::household_id);
        let rows: Vec<HouseholdId> =
            load_by!(tx.conn(), theirs, household_member::person_id, people)?;
        households.extend(rows);
    }
    households.sort_unstable();
    households.dedup();
    Ok(households)
}

/// Who lives in these homes, has been given one or is proposed for it.
pub(super) fn households_in(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(DwellingId, HouseholdId)>, Problem> {
    let municipality = tx.municipality();
    let mut households = Vec::new();
    for homes in homes.chunks(AT_ONCE) {
        let held = allocation::table
            .filter(allocation::municipality_id.eq(municipality))
            .filter(allocation::state.eq(Named("ACTIVE")))
            .select((allocation::dwelling_id, allocation::household_id));
        let rows: Vec<(DwellingId, HouseholdId)> =
            load_by!(tx.conn(), held, allocation::dwelling_id, homes)?;
        households.extend(rows);
        let proposed = decision::table
            .filter(decision::municipality_id.eq(municipality))
            .filter(decision::state.eq(Named("PROPOSED")))
            .select((
                decision::dwelling_id.assume_not_null(),
                decision::household_id,
            ));
        let rows: Vec<(DwellingId, HouseholdId)> = load_by!(
            tx.conn(),
            proposed,
            decision::dwelling_id.assume_not_null(),
            homes
        )?;
        households.extend(rows);
    }
    Ok(households)
}

/// The homes that these households live in, have been given or are proposed for, now or ever.
pub(super) fn homes_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
    span: Span,
) -> Result<Vec<DwellingId>, Problem> {
    let municipality = tx.municipality();
    let mut homes = Vec::new();
    for households in households.chunks(AT_ONCE) {
        let mut held = allocation::table
            .filter(allocation::municipality_id.eq(municipality))
            .filter(allocation::household_id.eq_any(households))
            .select(allocation::dwelling_id)
            .into_boxed();
        let mut proposed = decision::table
            .filter(decision::municipality_id.eq(municipality))
            .filter(decision::household_id.eq_any(households))
            .select(decision::dwelling_id)
            .into_boxed();
        if span == Span::Now {
            held = held.filter(allocation::state.eq(Named("ACTIVE")));
            proposed = proposed.filter(decision::state.eq(Named("PROPOSED")));
        }
        homes.extend(held.load::<DwellingId>(tx.conn())?);
        let proposed: Vec<Option<DwellingId>> = proposed.load(tx.conn())?;
        homes.extend(proposed.into_iter().flatten());
    }
    Ok(homes)
}

/// Whether only what holds now is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// What holds now.
    Now,
    /// What held at any time, too.
    Ever,
}
