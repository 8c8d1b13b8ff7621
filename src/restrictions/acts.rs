//! Restricting, letting processing go on for a listed ground, lifting; and asking whether somebody is restricted.

use super::model::{AllowedGround, RestrictionGround};
use super::rules::{self, Refusal};
use super::store::{self, Restriction};
use crate::access;
use crate::audit::{Entry, Subject};
use crate::auth::Role;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{HouseholdId, PersonId, RestrictionId};
use crate::people;
use crate::problem::{NOT_FOUND, Problem};

/// Refuses a person whom the caller may not ask about: whoever controls must be impartial, whoever handles cases must see the person.
pub(super) fn must_know(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Problem> {
    let controls = |role: &Role| matches!(role, Role::PrivacyOfficer | Role::Auditor);
    if tx.caller().roles.iter().any(controls) {
        access::must_be_impartial_to(tx, person)?;
    } else {
        access::must_see_person(tx, person)?;
    }
    match people::find_registration(tx, person)? {
        Some(_) => Ok(()),
        None => Err(Problem::new(&NOT_FOUND)),
    }
}

/// Restricts the processing of a person's data from now on.
pub(super) fn restrict(
    tx: &mut Tx<'_>,
    person: PersonId,
    ground: RestrictionGround,
) -> Result<Restriction, Problem> {
    must_know(tx, person)?;
    let row = Restriction {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        person_id: person,
        ground,
        restricted_by: tx.user()?,
        restricted_at: tx.now(),
        allowed_ground: None,
        allowed_by: None,
        allowed_at: None,
        told_on: None,
        lifted_by: None,
        lifted_at: None,
    };
    store::insert(tx, &row)?;
    tx.record(entry_of("restriction.placed", &row).fact("ground", ground.code()));
    Ok(row)
}

/// A restriction of somebody whom the caller may know of.
pub(super) fn load(tx: &mut Tx<'_>, id: RestrictionId) -> Result<Restriction, Problem> {
    let found = store::find(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    must_know(tx, found.person_id)?;
    Ok(found)
}

/// The restrictions of a person, oldest first, lifted ones too.
pub(super) fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Restriction>, Problem> {
    must_know(tx, person)?;
    store::of_person(tx, person)
}

/// Records why the data may be processed all the same.
pub(super) fn allow(
    tx: &mut Tx<'_>,
    of: &Restriction,
    ground: AllowedGround,
) -> Result<Restriction, Problem> {
    must_last(of)?;
    let allowed = Restriction {
        version: of.version + 1,
        allowed_ground: Some(ground),
        allowed_by: Some(tx.user()?),
        allowed_at: Some(tx.now()),
        ..of.clone()
    };
    must_be_current(store::change(tx, &allowed)?)?;
    tx.record(entry_of("restriction.passed_over", &allowed).fact("ground", ground.code()));
    Ok(allowed)
}

/// Lifts a restriction, of which the person was told on a day.
pub(super) fn lift(
    tx: &mut Tx<'_>,
    of: &Restriction,
    told_on: Day,
) -> Result<Restriction, Problem> {
    must_last(of)?;
    if let Some(fault) = rules::fault_of_notice(told_on, of.restricted_at.day(), tx.today()) {
        return Err(Problem::invalid(vec![fault]));
    }
    let lifted = Restriction {
        version: of.version + 1,
        told_on: Some(told_on),
        lifted_by: Some(tx.user()?),
        lifted_at: Some(tx.now()),
        ..of.clone()
    };
    must_be_current(store::change(tx, &lifted)?)?;
    let entry = entry_of("restriction.lifted", &lifted);
    tx.record(entry.fact("toldOn", told_on.0.to_string()));
    Ok(lifted)
}

const fn must_last(of: &Restriction) -> Result<(), Refusal> {
    if of.lifted_at.is_some() {
        return Err(Refusal::RestrictionLifted);
    }
    Ok(())
}

/// Refuses to decide about a household of which somebody is restricted.
pub fn must_be_free(tx: &mut Tx<'_>, household: HouseholdId) -> Result<(), Problem> {
    let members = people::members_of(tx, &[household])?;
    let members: Vec<PersonId> = members.values().flatten().map(|it| it.person_id).collect();
    let now = tx.now();
    if store::of_people(tx, &members)?
        .iter()
        .any(|it| binds(it, now))
    {
        return Err(Refusal::Restricted.into());
    }
    Ok(())
}

/// The households of which somebody was restricted at a moment: no home is matched with them.
pub fn restricted_at(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<HouseholdId>, Problem> {
    let mut households = Vec::new();
    for row in store::begun_by(tx, at)? {
        if binds(&row, at) {
            households.extend(people::households_of(tx, row.person_id)?);
        }
    }
    Ok(households)
}

/// Whether it bars deciding at a moment: while it lasts, and as long as nothing lets processing go on.
fn binds(it: &Restriction, at: Instant) -> bool {
    let until = it.allowed_at.into_iter().chain(it.lifted_at).min();
    rules::held_at(it.restricted_at, until, at)
}

fn entry_of(action: &'static str, of: &Restriction) -> Entry {
    Entry::change(action)
        .about(of.person_id)
        .about(Subject::policy(of.id))
}
