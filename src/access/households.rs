//! Some households with their cases, read once: what the caller may see of them and of those who live in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ask::{caseless, client_households, facts, sees, with_proposed};
use super::compartments::Openings;
use super::model::Reader;
use super::reader::reader;
use super::rules::{self, may_see};
use super::store::{self, CaseRow};
use crate::db::Tx;
use crate::ids::{HouseholdId, PersonId};
use crate::problem::Problem;

/// In which households people live; whoever lives in none is not in it.
pub(super) type Homes = BTreeMap<PersonId, Vec<HouseholdId>>;

/// In which households these people live.
pub(super) fn homes_of(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Homes, Problem> {
    let mut homes = Homes::new();
    for (person, household) in store::households_of(tx, people)? {
        homes.entry(person).or_default().push(household);
    }
    Ok(homes)
}

/// Households with their cases.
pub(super) struct Households {
    reader: Arc<Reader>,
    clients: BTreeSet<HouseholdId>,
    cases: BTreeMap<HouseholdId, Vec<CaseRow>>,
}

impl Households {
    /// These, as the caller may see them.
    pub(super) fn of(tx: &mut Tx<'_>, ids: &[HouseholdId]) -> Result<Self, Problem> {
        let reader = reader(tx)?;
        let clients = client_households(tx, &reader)?;
        let found = store::cases_of(tx, ids)?;
        let mut cases: BTreeMap<HouseholdId, Vec<CaseRow>> = BTreeMap::new();
        for case in with_proposed(tx, &reader, found)? {
            cases.entry(case.household).or_default().push(case);
        }
        Ok(Self {
            reader,
            clients,
            cases,
        })
    }

    /// Whether the caller may see a household: by any case of theirs, or because there is none yet.
    pub(super) fn sees(&self, household: HouseholdId) -> bool {
        self.sees_by_case(&[household]).unwrap_or_else(|| {
            let is_clients = self.clients.contains(&household);
            may_see(&self.reader, &caseless(Some(household), is_clients)).is_visible()
        })
    }

    /// Into which compartments of what is known of a household the caller may look: by any case of theirs, or because there is none yet.
    pub(super) fn openings(&self, household: HouseholdId) -> Openings {
        let cases = self.cases_of(household);
        if cases.is_empty() {
            let none = caseless(Some(household), self.clients.contains(&household));
            return rules::openings(&self.reader, &none);
        }
        let mut all = Openings::default();
        for case in cases {
            all.extend(rules::openings(&self.reader, &facts(case, &self.clients)));
        }
        all
    }

    /// Those of these people whom the caller may see: by any case of the homes they live in, all of which are among these households,
    /// or because there is none yet.
    pub(super) fn visible_people(
        &self,
        tx: &mut Tx<'_>,
        ids: &[PersonId],
        homes: &Homes,
    ) -> Result<BTreeSet<PersonId>, Problem> {
        let Reader::Employee(employee) = &*self.reader else {
            return Ok(match &*self.reader {
                Reader::Service => ids.iter().copied().collect(),
                Reader::Program | Reader::Employee(_) => BTreeSet::new(),
            });
        };
        let clients = if rules::has_clients(&employee.roles) {
            store::clients_of(tx, employee.user)?
        } else {
            Vec::new()
        };
        let is_seen = |person: &PersonId| {
            let homes = homes.get(person).map_or(&[][..], Vec::as_slice);
            self.sees_by_case(homes).unwrap_or_else(|| {
                let none = caseless(None, clients.contains(person));
                let is_barred = employee.barred_people.contains(person);
                !is_barred && may_see(&self.reader, &none).is_visible()
            })
        };
        Ok(ids.iter().copied().filter(is_seen).collect())
    }

    /// Whether the caller may see any case of these households; none where they have no case.
    fn sees_by_case(&self, households: &[HouseholdId]) -> Option<bool> {
        let cases = households.iter().flat_map(|it| self.cases_of(*it));
        let mut cases = cases.peekable();
        cases.peek()?;
        Some(cases.any(|case| sees(&self.reader, case, &self.clients)))
    }

    fn cases_of(&self, household: HouseholdId) -> &[CaseRow] {
        self.cases.get(&household).map_or(&[], Vec::as_slice)
    }
}
