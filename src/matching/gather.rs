//! Gathers what the engine is told, through the front doors of the slices that know it.

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use super::model::{
    AgeWindow, HomeFacts, HouseholdFacts, MemberFacts, Neighbours, ReferralFacts, Snapshot,
};
use super::waiting::Waiting;
use crate::applications::{self, Application, ApplicationState, AreaCode};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::housing::{self, Category, Dwelling, Letting, Quota};
use crate::ids::{ApplicationId, DwellingId, HouseholdId, ReferralAgreementId};
use crate::parties;
use crate::people::{self, AddressProtection, Member};
use crate::problem::Problem;
use crate::situations::{self, Situation};
use crate::tenancies;
use crate::waiting::{self, Sides};

/// The homes that may be let today.
pub(super) fn vacant_homes(tx: &mut Tx<'_>, waiting: &Waiting) -> Result<Vec<HomeFacts>, Problem> {
    let vacant = housing::vacant(tx)?;
    homes(tx, &vacant, waiting.kept_from())
}

/// What matching must know of homes, with those residents of their buildings near whom somebody must not live.
pub(super) fn homes(
    tx: &mut Tx<'_>,
    dwellings: &[Dwelling],
    kept_from: &BTreeSet<HouseholdId>,
) -> Result<Vec<HomeFacts>, Problem> {
    let letting = housing::letting_facts(tx, &dwellings.iter().collect::<Vec<_>>())?;
    let buildings = buildings_of(tx, dwellings, kept_from)?;
    let facts = dwellings.iter().filter_map(|dwelling| {
        let building = buildings.get(&dwelling.description.cadastral_id);
        let (mut neighbours, mut residents) = (BTreeMap::new(), BTreeSet::new());
        for home in building.into_iter().flatten() {
            // Who has a place in a shared home is nearer than any neighbour.
            residents.extend(&home.residents);
            if home.id != dwelling.id {
                *neighbours.entry(home.category).or_insert(0_u16) += 1;
            }
        }
        let ids = building.into_iter().flatten().map(|home| home.id);
        Some(HomeFacts {
            building: ids.min().filter(|_| !neighbours.is_empty()),
            neighbours: neighbours
                .into_iter()
                .map(|(category, homes)| Neighbours { category, homes })
                .collect(),
            residents: residents.into_iter().collect(),
            ..told(dwelling, letting.get(&dwelling.id)?)
        })
    });
    Ok(facts.collect())
}

/// One home, as it concerns one household.
pub(super) fn home_facts_of(
    tx: &mut Tx<'_>,
    dwelling: &Dwelling,
    household: &HouseholdFacts,
) -> Result<HomeFacts, Problem> {
    let excluded = household.needs.excluded_households.iter().copied();
    let facts = homes(tx, std::slice::from_ref(dwelling), &excluded.collect())?;
    facts
        .into_iter()
        .next()
        .ok_or_else(|| Problem::internal("a home without facts"))
}

/// A home in a building.
struct InBuilding {
    id: DwellingId,
    category: Category,
    /// Who lives there, or will, of those near whom somebody must not live.
    residents: Vec<HouseholdId>,
}

/// The homes of the stock in the buildings of these, by cadastral unit.
fn buildings_of(
    tx: &mut Tx<'_>,
    dwellings: &[Dwelling],
    kept_from: &BTreeSet<HouseholdId>,
) -> Result<BTreeMap<String, Vec<InBuilding>>, Problem> {
    let units: BTreeSet<&str> = dwellings
        .iter()
        .map(|dwelling| dwelling.description.cadastral_id.as_str())
        .collect();
    let feared: Vec<HouseholdId> = kept_from.iter().copied().collect();
    let mut held = BTreeMap::<DwellingId, Vec<HouseholdId>>::new();
    for (household, home) in tenancies::held_by(tx, &feared)? {
        held.entry(home).or_default().push(household);
    }
    let mut buildings = BTreeMap::<String, Vec<InBuilding>>::new();
    for (unit, id, category) in housing::in_buildings(tx, &units)? {
        let home = InBuilding {
            id,
            category,
            residents: held.get(&id).cloned().unwrap_or_default(),
        };
        buildings.entry(unit).or_default().push(home);
    }
    Ok(buildings)
}

/// Those who wait for an offer now, apart from any home.
pub(super) fn list_now(tx: &mut Tx<'_>) -> Result<Snapshot, Problem> {
    let mut cases = applications::candidates(tx)?;
    cases.retain(|case| case.state == ApplicationState::Waiting);
    list_of(tx, cases, None)
}

/// Those who waited for an offer at a moment, with what was known of them then.
pub(super) fn list_as_of(tx: &mut Tx<'_>, at: Instant) -> Result<Snapshot, Problem> {
    let cases = applications::waiting_as_of(tx, at)?;
    list_of(tx, cases, Some(at))
}

fn list_of(
    tx: &mut Tx<'_>,
    mut cases: Vec<Application>,
    as_of: Option<Instant>,
) -> Result<Snapshot, Problem> {
    let at = as_of.unwrap_or(tx.now());
    let sides = waiting::sides(tx, at)?;
    cases.retain(|case| !sides.aside.contains(&case.id));
    Ok(Snapshot {
        as_of: at.day(),
        households: facts_of(tx, (&cases, Of::Matchable), &sides, as_of, at.day())?,
        homes: Vec::new(),
    })
}

/// What matching may know of the household behind a case that can be matched as it stands; refuses, with the reason, one that cannot.
pub(super) fn household(tx: &mut Tx<'_>, case: &Application) -> Result<HouseholdFacts, Problem> {
    must_be_matchable(tx, case)?;
    let found = households(tx, std::slice::from_ref(case))?;
    Ok(found.into_iter().next().ok_or(Refusal::NotAssessed)?)
}

/// Says why a case cannot be matched as its household stands.
pub(super) fn must_be_matchable(tx: &mut Tx<'_>, case: &Application) -> Result<(), Problem> {
    parties::must_live(tx, case)?;
    applications::must_have_current_needs(tx, case)
}

/// What matching may know of the households behind these cases to which a home can be given as they stand today.
pub(super) fn matchable(
    tx: &mut Tx<'_>,
    cases: &[Application],
) -> Result<Vec<HouseholdFacts>, Problem> {
    let (today, sides) = (tx.today(), waiting::sides(tx, tx.now())?);
    facts_of(tx, (cases, Of::Matchable), &sides, None, today)
}

/// What matching may know of the households behind these cases, however they stand. A case without assessed needs is left out.
pub(super) fn households(
    tx: &mut Tx<'_>,
    cases: &[Application],
) -> Result<Vec<HouseholdFacts>, Problem> {
    let today = tx.today();
    households_on(tx, cases, today)
}

/// The same, in the situations of a day.
pub(super) fn households_on(
    tx: &mut Tx<'_>,
    cases: &[Application],
    day: Day,
) -> Result<Vec<HouseholdFacts>, Problem> {
    let sides = waiting::sides(tx, tx.now())?;
    facts_of(tx, (cases, Of::All), &sides, None, day)
}

/// Which households are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Those to which a home can be given as they stand.
    Matchable,
    /// All.
    All,
}

fn facts_of(
    tx: &mut Tx<'_>,
    (cases, of): (&[Application], Of),
    sides: &Sides,
    as_of: Option<Instant>,
    day: Day,
) -> Result<Vec<HouseholdFacts>, Problem> {
    let ids: Vec<HouseholdId> = cases.iter().map(|case| case.household_id).collect();
    let members = people::members_of(tx, &ids)?;
    let situations = match as_of {
        Some(at) => situations::known_of(tx, &ids, at)?,
        None => situations::current_of(tx, &ids, day)?,
    };
    // Where a household lives now is no part of the order, only of how well a home suits it: of the past it is not asked.
    let homes = match as_of {
        Some(_) => BTreeMap::new(),
        None => tenancies::homes_of(tx, &ids)?,
    };
    let categories = categories_of(tx, homes.values().copied())?;
    let known = Known {
        as_of,
        members,
        situations,
        homes,
        categories,
        raised_to: &sides.raised_to,
    };
    let told = cases.iter();
    let told = told.filter(|case| of == Of::All || known.is_matchable(case));
    Ok(told.filter_map(|case| known.facts(case)).collect())
}

struct Known<'k> {
    as_of: Option<Instant>,
    raised_to: &'k BTreeMap<ApplicationId, String>,
    members: BTreeMap<HouseholdId, Vec<Member>>,
    situations: BTreeMap<HouseholdId, Vec<Situation>>,
    homes: BTreeMap<HouseholdId, DwellingId>,
    categories: BTreeMap<DwellingId, Category>,
}

impl Known<'_> {
    /// Whether a home can be given to a household as it stands: whoever applied lives, and the needs are of those who live. Who has died is
    /// counted nowhere; what the others need is for people to assess, and until then they are held against no home.
    fn is_matchable(&self, case: &Application) -> bool {
        let members = self.members.get(&case.household_id);
        let members = members.map_or(&[][..], Vec::as_slice);
        let applicant = members
            .iter()
            .find(|member| member.person_id == case.applicant_id);
        applicant.is_none_or(|it| it.death_as_of(self.as_of).is_none())
            && applications::are_needs_current(case.needs_assessed_at, members, self.as_of)
    }

    fn facts(&self, case: &Application) -> Option<HouseholdFacts> {
        let household = case.household_id;
        let members = self.members.get(&household)?;
        let (mut living, protection) = (members.clone(), members.iter());
        let protection = protection.map(|member| member.protection).max();
        living.retain(|member| member.death_as_of(self.as_of).is_none());
        if living.is_empty() {
            // Of a household that has died out reports tell as it was; no home is given to it.
            living.clone_from(members);
        }
        let situations = self
            .situations
            .get(&household)
            .map_or(&[][..], Vec::as_slice);
        Some(HouseholdFacts {
            application_id: case.id,
            household_id: household,
            application_type: case.kind,
            received_on: case.received_on,
            members: living.iter().map(member_facts).collect(),
            situations: situations
                .iter()
                .map(|situation| situation.reason)
                .collect(),
            needs: case.needs()?.clone(),
            protection: protection.unwrap_or(AddressProtection::Ungraded),
            lives_in: self
                .homes
                .get(&household)
                .and_then(|home| self.categories.get(home))
                .copied(),
            raised_to: self.raised_to.get(&case.id).cloned(),
        })
    }
}

fn member_facts(member: &Member) -> MemberFacts {
    MemberFacts {
        role: member.role,
        born_on: member.born_on,
        residence_days: u8::try_from(member.residence_days).unwrap_or(14),
    }
}

fn categories_of(
    tx: &mut Tx<'_>,
    homes: impl Iterator<Item = DwellingId>,
) -> Result<BTreeMap<DwellingId, Category>, Problem> {
    let ids: Vec<DwellingId> = homes.collect();
    Ok(housing::categories_of(tx, &ids)?.into_iter().collect())
}

/// What is known of a home without looking at its building.
fn told(home: &Dwelling, letting: &Letting) -> HomeFacts {
    let it = &home.description;
    let age = |years: Option<i16>| years.and_then(|years| u8::try_from(years).ok());
    let window = match (age(it.min_age), age(it.max_age)) {
        (None, None) => None,
        (youngest, oldest) => Some(AgeWindow {
            youngest: youngest.unwrap_or(u8::MIN),
            oldest: oldest.unwrap_or(u8::MAX),
        }),
    };
    HomeFacts {
        dwelling_id: home.id,
        state: home.state,
        category: it.category,
        bedrooms: u8::try_from(it.bedrooms).unwrap_or(0),
        capacity: u8::try_from(it.capacity).unwrap_or(1),
        // Each lettable unit is one place: rooms with leases of their own are units of their own (KOSTRA).
        places: 1,
        floor: it.floor,
        features: it.features.iter().copied().collect(),
        services: it.services.iter().copied().collect(),
        area: AreaCode(it.area.clone()),
        age_window: window,
        rent_ore: it.rent_ore,
        last_inspected_on: letting.inspected_on,
        barring_finding: letting.barring_finding,
        lapsed_inspection_on: letting.lapsed_inspection_on,
        demolition_from: letting.until,
        referral: letting
            .quota
            .filter(|quota| quota.is_referral)
            .map(quota_facts),
        cleared_for_protected: it.cleared_for_protected,
        tenure: Some(it.tenure),
        neighbours: Vec::new(),
        building: None,
        residents: Vec::new(),
    }
}

/// The quota is reckoned by the rules in force, and by the agreement's own terms where they allow less.
fn quota_facts(quota: Quota) -> ReferralFacts {
    ReferralFacts {
        agreement_id: ReferralAgreementId::from_uuid(quota.agreement.uuid()),
        units: u16::try_from(quota.units).unwrap_or(u16::MAX),
        units_in_use: u16::try_from(quota.others_in_use).unwrap_or(0),
        usable_units: u16::try_from(quota.usable).ok(),
    }
}
