//! Finds out what of the caller decides what may be seen: once a transaction, when it is first asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{Employee, Reader};
use super::store;
use crate::auth::{self, Actor};
use crate::db::Tx;
use crate::ids::{HouseholdId, PersonId, UserId};
use crate::problem::Problem;

/// Whoever reads in this transaction.
pub fn reader(tx: &mut Tx<'_>) -> Result<Arc<Reader>, Problem> {
    if let Some(known) = tx.reader() {
        return Ok(known);
    }
    let reader = match tx.caller().actor {
        Actor::System => Reader::Service,
        Actor::Machine(_) => Reader::Program,
        Actor::User(user) => Reader::Employee(employee(tx, user)?),
    };
    Ok(tx.keep_reader(reader))
}

fn employee(tx: &mut Tx<'_>, user: UserId) -> Result<Employee, Problem> {
    let roles = tx.caller().roles.clone();
    let standing = store::standing(tx, user)?;
    let (barred_people, barred_households) = barred(tx, user, &standing)?;
    // Where nothing is barred there is nothing to be excepted from it.
    let excepted = if barred_households.is_empty() {
        Vec::new()
    } else {
        store::excepted(tx, user)?
    };
    Ok(Employee {
        user,
        roles,
        units: standing.units.into_iter().collect(),
        clearance: standing.clearance,
        barred_people,
        barred_households,
        excepted: excepted.into_iter().collect(),
        opened: store::opened(tx, user)?.into_iter().collect(),
    })
}

/// What was known of the caller no longer holds: it is found out anew when it is next asked.
pub fn forget(tx: &mut Tx<'_>) {
    tx.forget_reader();
}

/// Whether an employee is too close to somebody in a household to have to do with its case.
pub fn is_partial(tx: &mut Tx<'_>, user: UserId, household: HouseholdId) -> Result<bool, Problem> {
    let standing = store::standing(tx, user)?;
    let (_, households) = barred(tx, user, &standing)?;
    Ok(households.contains(&household))
}

/// Who an employee is among the people who are registered here, where that is known.
pub fn own_person(tx: &mut Tx<'_>, user: UserId) -> Result<Option<PersonId>, Problem> {
    let Some(index) = store::person_of(tx, user)? else {
        return Ok(None);
    };
    let found = store::people_with(tx, &[index])?;
    Ok(found.first().map(|(person, _)| *person))
}

/// Whether two accounts are known to be of the same person: four eyes are of two people, not of two accounts.
pub fn is_same_person(tx: &mut Tx<'_>, one: UserId, other: UserId) -> Result<bool, Problem> {
    if one == other {
        return Ok(true);
    }
    let (one, other) = (store::person_of(tx, one)?, store::person_of(tx, other)?);
    match (one, other) {
        (Some(one), Some(other)) => auth::are_same(tx, &one, &other),
        _ => Ok(false),
    }
}

/// To whom somebody is too close, and in which households they live.
///
/// That is (forvaltningsloven § 6): the employee's own person, whichever account it signs in with; those who live or have lived in one
/// household with it; those to whom a relation is declared; the same of the leader, since who answers to somebody who is partial is
/// so too (third paragraph); and whoever works in the same unit.
fn barred(
    tx: &mut Tx<'_>,
    user: UserId,
    standing: &store::Standing,
) -> Result<(BTreeSet<PersonId>, BTreeSet<HouseholdId>), Problem> {
    let mut selves: Vec<Vec<u8>> = standing.person.iter().cloned().collect();
    let mut users = vec![user];
    if let Some(leader) = standing.leader {
        users.push(leader);
        selves.extend(store::person_of(tx, leader)?);
    }
    let mut indexes = selves.clone();
    indexes.extend(store::declared(tx, &users)?);
    if !standing.units.is_empty() {
        indexes.extend(store::colleagues(tx, &standing.units)?);
    }
    if indexes.is_empty() {
        return Ok((BTreeSet::new(), BTreeSet::new()));
    }
    let registered = store::people_with(tx, &indexes)?;
    let mut people: BTreeSet<PersonId> = registered.iter().map(|(id, _)| *id).collect();
    let own: Vec<PersonId> = registered
        .iter()
        .filter(|(_, index)| selves.contains(index))
        .map(|(id, _)| *id)
        .collect();
    let homes: Vec<HouseholdId> = store::households_of(tx, &own)?
        .into_iter()
        .map(|(_, household)| household)
        .collect();
    people.extend(
        store::people_of(tx, &homes)?
            .into_iter()
            .map(|(_, person)| person),
    );
    let listed: Vec<PersonId> = people.iter().copied().collect();
    let households = store::households_of(tx, &listed)?
        .into_iter()
        .map(|(_, household)| household)
        .collect();
    Ok((people, households))
}
