//! How much somebody was shown of whom, kept with an answer, so that it is not repeated to whoever may see less by now.
//!
//! An answer that was given once tells what its reader might see then. Protection may have come since, a clearance or a case be gone.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::ask::{self, client_households, facts, with_proposed};
use super::compartments::{Compartment, Openings};
use super::households::{Households, homes_of};
use super::model::Reader;
use super::reader::reader;
use super::rules::{self, may_see};
use super::store;
use crate::audit::{Subject, SubjectKind};
use crate::db::Tx;
use crate::ids::{HouseholdId, Id, PersonId};
use crate::problem::Problem;

/// Bytes of one sight: what it is of, its id, and how much is seen.
const SIGHT_BYTES: usize = 18;
/// It may be seen at all.
const SEEN: u8 = 1;
/// It may be told where it is; of a home, who may have to do with it.
const LOCATED: u8 = 1 << 1;
/// The first of the compartments into which may be looked, each a bit.
const FIRST_COMPARTMENT: u8 = 1 << 2;

/// How much the caller may see now of each of these, in a form that can be kept.
pub fn sights(tx: &mut Tx<'_>, subjects: &BTreeSet<Subject>) -> Result<Vec<u8>, Problem> {
    if !matches!(*reader(tx)?, Reader::Employee(_)) {
        return Ok(Vec::new());
    }
    let subjects: Vec<Subject> = subjects.iter().copied().collect();
    let looked = Looked::at(tx, &subjects)?;
    let kept = subjects.iter().filter_map(|subject| {
        let mut sight = vec![code_of(subject.kind)?];
        sight.extend(subject.id.as_bytes());
        sight.push(looked.bits(*subject));
        Some(sight)
    });
    Ok(kept.flatten().collect())
}

/// Whether the caller may see now whatever was seen then.
pub fn sees_no_less(tx: &mut Tx<'_>, then: &[u8]) -> Result<bool, Problem> {
    let (sights, _) = then.as_chunks::<SIGHT_BYTES>();
    let seen = sights.iter().filter_map(|[kind, id @ .., bits]| {
        let kind = KINDS.iter().find(|it| code_of(**it) == Some(*kind))?;
        let id = Uuid::from_slice(id).ok()?;
        Some((Subject { kind: *kind, id }, *bits))
    });
    let seen: Vec<(Subject, u8)> = seen.filter(|(_, bits)| *bits > 0).collect();
    if seen.is_empty() {
        return Ok(true);
    }
    let subjects: Vec<Subject> = seen.iter().map(|(subject, _)| *subject).collect();
    let looked = Looked::at(tx, &subjects)?;
    Ok(seen
        .iter()
        .all(|(subject, bits)| looked.bits(*subject) & bits == *bits))
}

/// What can be hidden of those whom an entry concerns. Decisions, offers and tenancies are named with their case or household.
const KINDS: [SubjectKind; 4] = [
    SubjectKind::Application,
    SubjectKind::Person,
    SubjectKind::Household,
    SubjectKind::Dwelling,
];

const fn code_of(kind: SubjectKind) -> Option<u8> {
    match kind {
        SubjectKind::Application => Some(b'A'),
        SubjectKind::Person => Some(b'P'),
        SubjectKind::Household => Some(b'H'),
        SubjectKind::Dwelling => Some(b'D'),
        SubjectKind::Decision
        | SubjectKind::Offer
        | SubjectKind::Tenancy
        | SubjectKind::User
        | SubjectKind::Policy => None,
    }
}

/// What the caller may see of some.
struct Looked {
    seen: BTreeSet<Uuid>,
    unlocatable: BTreeSet<Uuid>,
    /// The compartments of cases and households, as bits.
    opened: BTreeMap<Uuid, u8>,
}

impl Looked {
    /// What is answered of each elsewhere, from what is read once for all: it is asked with every answer that is kept.
    fn at(tx: &mut Tx<'_>, subjects: &[Subject]) -> Result<Self, Problem> {
        let people: Vec<PersonId> = ids(subjects, SubjectKind::Person);
        let households: Vec<HouseholdId> = ids(subjects, SubjectKind::Household);
        let reader = reader(tx)?;
        let clients = client_households(tx, &reader)?;
        let cases = store::cases(tx, &ids(subjects, SubjectKind::Application))?;
        let cases = with_proposed(tx, &reader, cases)?;
        let homes = homes_of(tx, &people)?;
        let around = homes.values().flatten().chain(&households).copied();
        let around: BTreeSet<HouseholdId> =
            around.chain(cases.iter().map(|it| it.household)).collect();
        let around: Vec<HouseholdId> = around.into_iter().collect();
        let known = Households::of(tx, &around)?;
        let hidden = ask::unlocatable(tx, &around)?;
        let mut looked = Self {
            seen: raw(known.visible_people(tx, &people, &homes)?),
            unlocatable: raw(ask::people_beyond_reach(tx, &people)?),
            opened: BTreeMap::new(),
        };
        // Nobody is located for whom another is hidden who lives with them.
        let beside = homes
            .iter()
            .filter(|(_, homes)| homes.iter().any(|it| hidden.contains(it)));
        looked
            .unlocatable
            .extend(beside.map(|(person, _)| person.uuid()));
        for case in &cases {
            let facts = facts(case, &clients);
            let is_seen = may_see(&reader, &facts).is_visible();
            let is_hidden = hidden.contains(&case.household);
            looked.note(
                case.id,
                is_seen,
                is_hidden,
                &rules::openings(&reader, &facts),
            );
        }
        for it in households {
            looked.note(
                it,
                known.sees(it),
                hidden.contains(&it),
                &known.openings(it),
            );
        }
        if subjects.iter().any(|it| it.kind == SubjectKind::Dwelling) {
            looked.unlocatable.extend(raw(ask::concealed_homes(tx)?));
        }
        Ok(looked)
    }

    fn note<K>(&mut self, id: Id<K>, is_seen: bool, is_hidden: bool, openings: &Openings) {
        let id = id.uuid();
        if is_seen {
            self.seen.insert(id);
        }
        if is_hidden {
            self.unlocatable.insert(id);
        }
        self.opened.insert(id, compartments(openings));
    }

    fn bits(&self, subject: Subject) -> u8 {
        // Whether a home is there is no secret; a thing without people in it is seen by whoever may ask for it.
        let is_seen = subject.kind == SubjectKind::Dwelling || self.seen.contains(&subject.id);
        let seen = if is_seen { SEEN } else { 0 };
        let located = if self.unlocatable.contains(&subject.id) {
            0
        } else {
            LOCATED
        };
        seen | located | self.opened.get(&subject.id).copied().unwrap_or_default()
    }
}

fn compartments(openings: &Openings) -> u8 {
    let all = Compartment::ALL.iter().enumerate();
    let open = all.filter(|(_, compartment)| openings.contains(Some(**compartment)));
    open.fold(0, |bits, (place, _)| bits | (FIRST_COMPARTMENT << place))
}

fn ids<K>(subjects: &[Subject], kind: SubjectKind) -> Vec<Id<K>> {
    let of_kind = subjects.iter().filter(|subject| subject.kind == kind);
    of_kind.map(|subject| Id::from_uuid(subject.id)).collect()
}

fn raw<K>(ids: BTreeSet<Id<K>>) -> BTreeSet<Uuid> {
    ids.into_iter().map(Id::uuid).collect()
}
