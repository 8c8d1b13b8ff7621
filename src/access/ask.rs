//! The questions that every slice asks where it loads something for a caller: is this case, household or person to be seen?
//!
//! Whoever may not see gets exactly what is answered about something that does not exist, after the same look-ups.

use std::collections::{BTreeMap, BTreeSet};

use super::homes::{self, Span};
use super::households::{Households, homes_of};
use super::model::{CaseFacts, Reach, Reader, Stage};
use super::protection::{AddressProtection, Located, Locating};
use super::reader::reader;
use super::rules::{self, may_see};
use super::store::{self, CaseRow};
use crate::crypto::BlindIndex;
use crate::db::Tx;
use crate::ids::{ApplicationId, DwellingId, HouseholdId, PersonId};
use crate::problem::{NOT_FOUND, Problem};

/// Refuses a case that the caller may not see, as one that does not exist.
pub fn must_see_case(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), Problem> {
    must_be_among(&visible_cases(tx, &[id])?, &id)
}

/// Refuses a household that the caller may not see.
pub fn must_see_household(tx: &mut Tx<'_>, id: HouseholdId) -> Result<(), Problem> {
    must_be_among(&visible_households(tx, &[id])?, &id)
}

/// Refuses a person whom the caller may not see.
pub fn must_see_person(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    must_be_among(&visible_people(tx, &[id])?, &id)
}

fn must_be_among<T: Ord>(visible: &BTreeSet<T>, it: &T) -> Result<(), Problem> {
    if visible.contains(it) {
        Ok(())
    } else {
        Err(Problem::new(&NOT_FOUND))
    }
}

/// Those of these cases that the caller may see.
pub fn visible_cases(
    tx: &mut Tx<'_>,
    ids: &[ApplicationId],
) -> Result<BTreeSet<ApplicationId>, Problem> {
    let reader = reader(tx)?;
    if *reader == Reader::Service {
        return Ok(ids.iter().copied().collect());
    }
    let cases = store::cases(tx, ids)?;
    let cases = with_proposed(tx, &reader, cases)?;
    let clients = client_households(tx, &reader)?;
    let seen = cases.iter().filter(|case| sees(&reader, case, &clients));
    Ok(seen.map(|case| case.id).collect())
}

/// Those of these households that the caller may see: by any case of theirs, or because there is none yet.
pub fn visible_households(
    tx: &mut Tx<'_>,
    ids: &[HouseholdId],
) -> Result<BTreeSet<HouseholdId>, Problem> {
    let reader = reader(tx)?;
    if *reader == Reader::Service {
        return Ok(ids.iter().copied().collect());
    }
    let households = Households::of(tx, ids)?;
    let seen = ids.iter().copied().filter(|it| households.sees(*it));
    Ok(seen.collect())
}

/// Those of these people whom the caller may see: by any case of theirs, or because there is none yet.
pub fn visible_people(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<BTreeSet<PersonId>, Problem> {
    match &*reader(tx)? {
        Reader::Service => return Ok(ids.iter().copied().collect()),
        Reader::Program => return Ok(BTreeSet::new()),
        Reader::Employee(_) => {}
    }
    let homes = homes_of(tx, ids)?;
    let households: Vec<HouseholdId> = homes.values().flatten().copied().collect();
    Households::of(tx, &households)?.visible_people(tx, ids, &homes)
}

/// The newest case about the person with this digest, whoever asks: for those who open it in an emergency.
pub fn newest_case_of(
    tx: &mut Tx<'_>,
    person: &BlindIndex,
) -> Result<Option<ApplicationId>, Problem> {
    let people = store::people_with(tx, &[person.as_bytes().to_vec()])?;
    let people: Vec<PersonId> = people.into_iter().map(|(id, _)| id).collect();
    let households = store::households_of(tx, &people)?;
    let households: Vec<HouseholdId> = households.into_iter().map(|(_, it)| it).collect();
    let cases = store::cases_of(tx, &households)?;
    Ok(cases.into_iter().map(|case| case.id).max())
}

/// Whether the caller is too close to somebody in a household to have to do with it at all, whatever else is asked.
pub fn is_barred(tx: &mut Tx<'_>, household: HouseholdId) -> Result<bool, Problem> {
    Ok(match &*reader(tx)? {
        Reader::Service | Reader::Program => false,
        Reader::Employee(employee) => employee.barred_households.contains(&household),
    })
}

/// Refuses a person to whom the caller is too close, as one who does not exist: for those whose task is not the case, who look at
/// what is kept of people.
pub fn must_be_impartial_to(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Problem> {
    must_be_among(&impartial_to(tx, &[id])?, &id)
}

/// Those of these people to whom the caller is not too close.
pub fn impartial_to(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<BTreeSet<PersonId>, Problem> {
    let mut free: BTreeSet<PersonId> = ids.iter().copied().collect();
    if let Reader::Employee(employee) = &*reader(tx)? {
        free.retain(|person| !employee.barred_people.contains(person));
        for (person, household) in store::households_of(tx, ids)? {
            if employee.barred_households.contains(&household) {
                free.remove(&person);
            }
        }
    }
    Ok(free)
}

/// Refuses a case with which the caller may not have to do for being partial, as one that does not exist; whatever the caller sees.
pub fn must_be_impartial(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), Problem> {
    let reader = reader(tx)?;
    let case = store::cases(tx, &[id])?.pop();
    let is_free = |case: &CaseRow| match &*reader {
        Reader::Service => true,
        Reader::Program => false,
        Reader::Employee(it) => {
            it.excepted.contains(&case.id) || !it.barred_households.contains(&case.household)
        }
    };
    if case.as_ref().is_some_and(is_free) {
        Ok(())
    } else {
        Err(Problem::new(&NOT_FOUND))
    }
}

/// Which cases the caller may see, for a list of them.
pub fn reach(tx: &mut Tx<'_>) -> Result<Reach, Problem> {
    let reader = reader(tx)?;
    let clients = client_households(tx, &reader)?;
    let clients: Vec<HouseholdId> = clients.into_iter().collect();
    let proposed = match &*reader {
        Reader::Employee(employee) => match rules::stages_of_proposed(&employee.roles) {
            Some(stages) => store::proposed(tx, stages)?,
            None => Vec::new(),
        },
        Reader::Service | Reader::Program => Vec::new(),
    };
    Ok(rules::reach(&reader, &clients, &proposed))
}

/// What the caller may know of where people are.
pub fn locating(tx: &mut Tx<'_>) -> Result<Locating, Problem> {
    Ok(reader(tx)?.locating())
}

/// Wraps what tells where a household is. Its grade is today's, whatever it was when the thing was written down.
pub fn located<T>(tx: &mut Tx<'_>, household: HouseholdId, what: T) -> Result<Located<T>, Problem> {
    let grade = grades(tx, &[household])?.remove(&household);
    Ok(Located::new(
        grade.unwrap_or(AddressProtection::Ungraded),
        what,
    ))
}

/// The best protected grade in each of these households.
pub fn grades(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeMap<HouseholdId, AddressProtection>, Problem> {
    homes::grades(tx, households)
}

/// Those of these people whose address is protected, by whatever grade. A look at them is marked in the log collector.
pub fn protected_people(
    tx: &mut Tx<'_>,
    people: &[PersonId],
) -> Result<BTreeSet<PersonId>, Problem> {
    let mut grades = AddressProtection::ALL.to_vec();
    grades.retain(|grade| grade.is_protected());
    homes::protected_people(tx, people, &grades)
}

/// Those of these people whose own address is protected beyond the caller's clearance.
pub(super) fn people_beyond_reach(
    tx: &mut Tx<'_>,
    people: &[PersonId],
) -> Result<BTreeSet<PersonId>, Problem> {
    let beyond = locating(tx)?.grades_beyond();
    if beyond.is_empty() {
        return Ok(BTreeSet::new());
    }
    homes::protected_people(tx, people, &beyond)
}

/// All households that the caller may not locate: for whoever counts, they are not there.
pub fn beyond_reach(tx: &mut Tx<'_>) -> Result<BTreeSet<HouseholdId>, Problem> {
    let beyond = locating(tx)?.grades_beyond();
    if beyond.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(homes::protected(tx, &beyond)?.into_iter().collect())
}

/// Those of these households that the caller may not locate.
pub fn unlocatable(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeSet<HouseholdId>, Problem> {
    let locating = locating(tx)?;
    let grades = grades(tx, households)?;
    Ok(grades
        .into_iter()
        .filter(|(_, grade)| !locating.reaches(*grade))
        .map(|(household, _)| household)
        .collect())
}

/// The homes of people whom the caller may not locate: for whoever asks of homes, they are blocked.
pub fn concealed_homes(tx: &mut Tx<'_>) -> Result<BTreeSet<DwellingId>, Problem> {
    homes_beyond(tx, Span::Now)
}

/// Those of these homes in which people live, or are to live, whom the caller may not locate: the same as [`concealed_homes`] tells
/// of them, without looking at all others.
pub fn concealed_among(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<BTreeSet<DwellingId>, Problem> {
    let mut held = homes::households_in(tx, homes)?;
    let households: Vec<HouseholdId> = held.iter().map(|(_, household)| *household).collect();
    let unlocatable = unlocatable(tx, &households)?;
    held.retain(|(_, household)| unlocatable.contains(household));
    Ok(held.into_iter().map(|(home, _)| home).collect())
}

/// The homes with which people whom the caller may not locate ever had to do: for whoever asks the log, no home.
pub fn secret_homes(tx: &mut Tx<'_>) -> Result<BTreeSet<DwellingId>, Problem> {
    homes_beyond(tx, Span::Ever)
}

/// Whether the caller may locate the household of a case; of a case that does not exist there is nothing to locate.
pub fn is_locatable(tx: &mut Tx<'_>, case: ApplicationId) -> Result<bool, Problem> {
    match store::cases(tx, &[case])?.pop() {
        Some(case) => Ok(unlocatable(tx, &[case.household])?.is_empty()),
        None => Ok(true),
    }
}

fn homes_beyond(tx: &mut Tx<'_>, span: Span) -> Result<BTreeSet<DwellingId>, Problem> {
    let households: Vec<HouseholdId> = beyond_reach(tx)?.into_iter().collect();
    Ok(homes::homes_of(tx, &households, span)?
        .into_iter()
        .collect())
}

/// Notes in which cases a decision is proposed or made, where that decides what the reader may see.
pub(super) fn with_proposed(
    tx: &mut Tx<'_>,
    reader: &Reader,
    mut cases: Vec<CaseRow>,
) -> Result<Vec<CaseRow>, Problem> {
    let Reader::Employee(employee) = reader else {
        return Ok(cases);
    };
    let Some(stages) = rules::stages_of_proposed(&employee.roles) else {
        return Ok(cases);
    };
    let asked = cases.iter().filter(|case| stages.contains(&case.stage));
    let asked: Vec<ApplicationId> = asked.map(|case| case.id).collect();
    let proposed = store::proposed_among(tx, &asked)?;
    for case in &mut cases {
        case.is_proposed = proposed.contains(&case.id);
    }
    Ok(cases)
}

pub(super) fn sees(reader: &Reader, case: &CaseRow, clients: &BTreeSet<HouseholdId>) -> bool {
    may_see(reader, &facts(case, clients)).is_visible()
}

pub(super) fn facts(case: &CaseRow, clients: &BTreeSet<HouseholdId>) -> CaseFacts {
    CaseFacts {
        id: Some(case.id),
        household: Some(case.household),
        assigned_to: case.assigned_to,
        unit: case.unit,
        stage: case.stage,
        is_clients: clients.contains(&case.household),
        is_proposed: case.is_proposed,
    }
}

/// People of whom there is no case yet, as far as the rule asks.
pub(super) const fn caseless(household: Option<HouseholdId>, is_clients: bool) -> CaseFacts {
    CaseFacts {
        id: None,
        household,
        assigned_to: None,
        unit: None,
        stage: Stage::Intake,
        is_clients,
        is_proposed: false,
    }
}

/// The households of the caller's clients at NAV, where that matters.
pub(super) fn client_households(
    tx: &mut Tx<'_>,
    reader: &Reader,
) -> Result<BTreeSet<HouseholdId>, Problem> {
    match reader {
        Reader::Employee(employee) if rules::has_clients(&employee.roles) => {
            let clients = store::clients_of(tx, employee.user)?;
            let households = store::households_of(tx, &clients)?;
            Ok(households.into_iter().map(|(_, it)| it).collect())
        }
        _ => Ok(BTreeSet::new()),
    }
}
