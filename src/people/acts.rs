//! Registering people and households, and what other slices ask about them.

use std::collections::{BTreeMap, BTreeSet};

use super::erasing::no_name;
use super::model::{Household, Member, Name, NewMember, NewPerson, PostalAddress};
use super::reindexing;
use super::rules::{self, Proposed, Question, Refusal};
use super::seal::{self, Particulars, Sealed};
use super::store::{self, NameAsked, PersonRow};
use crate::access;
use crate::audit::{Entry, Segment};
use crate::crypto::{BlindIndex, MunicipalityIndexKey};
use crate::db::Tx;
use crate::ids::{HouseholdId, PersonId};
use crate::national_id::NationalId;
use crate::problem::{ERASED, FieldFault, NOT_FOUND, Problem};

/// Registers a person.
pub fn register_person(tx: &mut Tx<'_>, person: &NewPerson) -> Result<PersonId, Problem> {
    let ids = register_people(tx, std::slice::from_ref(person))?;
    ids.first().copied().ok_or_else(nobody)
}

/// Registers many people at once, in their order; all of them or, where one is at fault, none.
pub fn register_people(tx: &mut Tx<'_>, people: &[NewPerson]) -> Result<Vec<PersonId>, Problem> {
    let today = tx.today();
    let faults: Vec<_> = people
        .iter()
        .flat_map(|person| rules::faults_of_person(person, today))
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let index_key = index_key(tx);
    let (mut rows, mut segments) = (Vec::new(), Vec::new());
    for person in people {
        let (row, segment) = new_row(tx, &index_key, person)?;
        rows.push(row);
        segments.push(segment);
    }
    for person in people {
        let others = index_key.national_id_by_others(person.national_id.expose_digits());
        if reindexing::is_known_by(tx, &others)? {
            return Err(Refusal::PersonExists.into());
        }
    }
    store::insert_people(tx, &rows)?;
    let ids: Vec<PersonId> = rows.iter().map(|(row, _)| row.id).collect();
    access::take_on(tx, &ids)?;
    for segment in segments {
        tx.record(Entry::change("person.registered").saying(segment));
    }
    Ok(ids)
}

/// A person's row, and the digests of the words of the name.
type NewRow = (PersonRow, BTreeSet<BlindIndex>);

fn new_row(
    tx: &Tx<'_>,
    index_key: &MunicipalityIndexKey,
    person: &NewPerson,
) -> Result<(NewRow, Segment), Problem> {
    let id = tx.new_id();
    let (Sealed { key, particulars }, segment) = seal::seal_person(tx, id, person)?;
    let index = index_key.national_id(person.national_id.expose_digits());
    let name = &person.name;
    let words = index_key.kept(person.national_id.expose_digits(), &name.whole());
    let row = PersonRow {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        born_on: person.born_on,
        protection: person.protection,
        sealed_key: key,
        sealed: particulars,
        national_id_index: index.as_bytes().to_vec(),
        created_at: tx.now(),
        death_known_at: None,
        erased_at: None,
    };
    Ok(((row, words), segment))
}

/// The digest by which a national id is found. A text that is none is a fault of `/nationalId`.
pub fn index_of(tx: &Tx<'_>, national_id: &str) -> Result<BlindIndex, FieldFault> {
    let read = rules::read_national_id(national_id, tx.kit().national_ids)?;
    Ok(index_key(tx).national_id(read.expose_digits()))
}

pub(super) fn index_key(tx: &Tx<'_>) -> MunicipalityIndexKey {
    tx.kit().index_key.of_municipality(tx.municipality().uuid())
}

/// Who has this number, if anybody here does. Whoever asks puts on record for what.
pub fn find_by_national_id(
    tx: &mut Tx<'_>,
    national_id: &NationalId,
) -> Result<Option<PersonId>, Problem> {
    let index = index_key(tx).national_id(national_id.expose_digits());
    Ok(store::find_by_national_id(tx, &index)?.map(|row| row.id))
}

/// The households to which a person belongs or belonged.
pub fn households_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<HouseholdId>, Problem> {
    store::households_of(tx, person)
}

/// A person whom the caller may see, with everything that stands sealed in the row.
pub(super) fn load_person(
    tx: &mut Tx<'_>,
    id: PersonId,
) -> Result<(PersonRow, Particulars), Problem> {
    access::must_see_person(tx, id)?;
    find_person(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// A person with everything that stands sealed in the row, whoever asks.
pub(super) fn find_person(
    tx: &mut Tx<'_>,
    id: PersonId,
) -> Result<Option<(PersonRow, Particulars)>, Problem> {
    let row = store::find_person(tx, id)?;
    row.map(|row| opened(tx, row)).transpose()
}

pub(super) fn opened(tx: &Tx<'_>, mut row: PersonRow) -> Result<(PersonRow, Particulars), Problem> {
    if row.erased_at.is_some() {
        return Err(Problem::new(&ERASED));
    }
    let sealed = Sealed {
        key: std::mem::take(&mut row.sealed_key),
        particulars: std::mem::take(&mut row.sealed),
    };
    let particulars = seal::open_person(tx, row.id, &sealed)?;
    Ok((row, particulars))
}

/// Up to `limit` people that a question is about, and whom the caller may see.
pub(super) fn search(
    tx: &mut Tx<'_>,
    question: &Question,
    limit: usize,
) -> Result<Vec<(PersonRow, Particulars)>, Problem> {
    let index_key = index_key(tx);
    let rows = match question {
        Question::NationalId(id) => {
            let index = index_key.national_id(id.expose_digits());
            let found = match store::find_by_national_id(tx, &index)? {
                // Kept by another key that was first before.
                None if index_key.is_changing() => reindexing::find_by_word(tx, &index)?,
                found => found,
            };
            visible(tx, found.into_iter().collect())?
        }
        Question::Name(name, born_on) => {
            let asked = NameAsked {
                words: index_key.name(name),
                born_on: *born_on,
                // Somebody who may not be located is not found by name: a search would tell who is of the municipality.
                grades: access::locating(tx)?.grades(),
            };
            namesakes(tx, &asked, limit)?
        }
    };
    rows.into_iter().map(|row| opened(tx, row)).collect()
}

/// Walks along the people of a name until there are enough whom the caller may see.
fn namesakes(tx: &mut Tx<'_>, asked: &NameAsked, limit: usize) -> Result<Vec<PersonRow>, Problem> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = store::search_by_name(tx, asked, after)?;
        after = rows.last().map(|row| row.id);
        let is_last = rows.len() < store::NAMESAKES;
        found.extend(visible(tx, rows)?);
        if is_last || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

fn visible(tx: &mut Tx<'_>, mut rows: Vec<PersonRow>) -> Result<Vec<PersonRow>, Problem> {
    let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
    let visible = access::visible_people(tx, &ids)?;
    rows.retain(|row| visible.contains(&row.id));
    Ok(rows)
}

/// The names of these people, in one look-up; empty where somebody has been erased. The caller records that they were shown.
pub fn names(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<BTreeMap<PersonId, Name>, Problem> {
    let rows = store::people(tx, ids)?;
    rows.into_iter()
        .map(|row| match row.erased_at {
            Some(_) => Ok((row.id, no_name())),
            None => opened(tx, row).map(|(row, particulars)| (row.id, particulars.name)),
        })
        .collect()
}

/// The addresses of these people, as far as they are known and not protected. For comparing: the caller shows them to nobody.
pub fn open_addresses(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<PostalAddress>, Problem> {
    let mut rows = store::people(tx, ids)?;
    rows.retain(|row| row.erased_at.is_none() && !row.protection.is_protected());
    let addresses = rows.into_iter().map(|row| {
        let (_, particulars) = opened(tx, row)?;
        Ok(particulars.contact.address)
    });
    let addresses = addresses.collect::<Result<Vec<_>, Problem>>()?;
    Ok(addresses.into_iter().flatten().collect())
}

/// The name of a person, if there is such a person.
pub fn name_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Name>, Problem> {
    Ok(names(tx, &[id])?.remove(&id))
}

/// How a letter to somebody is addressed, line by line: the name and, unless it is protected or not known, the postal address.
pub fn addressed(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<String>, Problem> {
    let row = store::find_person(tx, id)?.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let is_protected = row.protection.is_protected();
    let (_, particulars) = opened(tx, row)?;
    let name = &particulars.name;
    let mut lines = vec![format!("{} {}", name.given_name, name.family_name)];
    if let Some(address) = particulars.contact.address.filter(|_| !is_protected) {
        lines.push(address.street);
        lines.push(format!("{} {}", address.postal_code, address.postal_place));
    }
    Ok(lines)
}

/// How many people belong to a household, the dead among them.
pub fn size_of_household(tx: &mut Tx<'_>, id: HouseholdId) -> Result<usize, Problem> {
    let count = store::count_members(tx, id)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// How many people live in a household: of its members all but those known to have died.
pub fn living_in(tx: &mut Tx<'_>, id: HouseholdId) -> Result<usize, Problem> {
    let members = members_of(tx, &[id])?;
    let living = members.values().flatten();
    Ok(living.filter(|it| it.death_known_at.is_none()).count())
}

/// Who applies for a household, if there is such a household: each has one applicant.
pub fn applicant_of(tx: &mut Tx<'_>, id: HouseholdId) -> Result<Option<PersonId>, Problem> {
    store::find_applicant(tx, id)
}

/// Whether somebody in a household has a protected address, so that nothing may tell where it lives.
pub fn has_protected(tx: &mut Tx<'_>, household: HouseholdId) -> Result<bool, Problem> {
    let members = store::members(tx, &[household])?;
    Ok(members
        .iter()
        .any(|(_, member)| member.protection.is_protected()))
}

/// Registers a household.
pub fn register_household(tx: &mut Tx<'_>, members: &[NewMember]) -> Result<HouseholdId, Problem> {
    let ids = register_households(tx, &[members])?;
    ids.first().copied().ok_or_else(nobody)
}

/// Registers many households at once, in their order; all of them or, where one is at fault, none.
pub fn register_households(
    tx: &mut Tx<'_>,
    households: &[&[NewMember]],
) -> Result<Vec<HouseholdId>, Problem> {
    let today = tx.today();
    let people: Vec<PersonId> = households
        .iter()
        .flat_map(|members| members.iter().map(|member| member.person_id))
        .collect();
    let visible = access::visible_people(tx, &people)?;
    let mut births = store::births(tx, &people)?;
    births.retain(|person, _| visible.contains(person));
    let mut rows = Vec::with_capacity(households.len());
    for members in households {
        let proposed: Vec<Proposed> = members
            .iter()
            .map(|member| (*member, births.get(&member.person_id).copied()))
            .collect();
        let faults = rules::faults_of_members(&proposed, today);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        rules::must_be_of_age(&proposed, today)?;
        rows.push((tx.new_id(), *members));
    }
    store::insert_households(tx, &rows)?;
    for (id, members) in &rows {
        let entry = Entry::change("household.registered").about(*id);
        tx.record(entry.about_all(members.iter().map(|member| member.person_id)));
    }
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// A household that the caller may see, with its members.
pub fn find_household(tx: &mut Tx<'_>, id: HouseholdId) -> Result<Option<Household>, Problem> {
    let is_visible = access::visible_households(tx, &[id])?.contains(&id);
    let Some(version) = store::find_household_version(tx, id)? else {
        return Ok(None);
    };
    let members = store::members(tx, &[id])?;
    let household = Household {
        id,
        version,
        members: members.into_iter().map(|(_, member)| member).collect(),
    };
    Ok(is_visible.then_some(household))
}

/// The members of many households, in a few look-ups. A household that does not exist is not in the answer.
pub fn members_of(
    tx: &mut Tx<'_>,
    households: &[HouseholdId],
) -> Result<BTreeMap<HouseholdId, Vec<Member>>, Problem> {
    let mut members_of: BTreeMap<HouseholdId, Vec<Member>> = BTreeMap::new();
    for (household, member) in store::members(tx, households)? {
        members_of.entry(household).or_default().push(member);
    }
    Ok(members_of)
}

/// Gives households a new version because what is shown of them changes. Until the transaction ends, nobody else can do so:
/// two changes of the same household come one after the other, and the second sees the first.
pub fn renew_households(
    tx: &mut Tx<'_>,
    households: &BTreeSet<HouseholdId>,
) -> Result<(), Problem> {
    let ids: Vec<HouseholdId> = households.iter().copied().collect();
    if store::renew_households(tx, &ids)? == ids.len() {
        Ok(())
    } else {
        Err(Problem::new(&NOT_FOUND))
    }
}

fn nobody() -> Problem {
    Problem::internal("what was registered has no id")
}
