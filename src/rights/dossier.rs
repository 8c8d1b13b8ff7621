//! Gathers everything that is kept of one person, through the front doors of the slices that keep it.

use serde::Serialize;
use utoipa::ToSchema;

use super::case::{self, KeptOfCase};
use super::rules::Refusal;
use crate::access::{self, Open, Openings};
use crate::applications;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::{DwellingId, HouseholdId, PersonId, TenancyId};
use crate::nav::{self, KeptReferral};
use crate::parties::{self, SpokenFor};
use crate::people::{self, KeptOfPerson, MemberRole};
use crate::problem::Problem;
use crate::shelters::{self, KeptShelter};
use crate::situations::{self, OpenSituation};
use crate::tenancies::{self, TenancyState};

/// Everything that is kept of a person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dossier {
    /// The moment at which it was gathered.
    as_of: Instant,
    /// Name, national id, contact, grade of protection.
    person: KeptOfPerson,
    /// What NAV has said of the person.
    referrals: Vec<KeptReferral>,
    /// Every household that the person belongs or belonged to.
    households: Vec<KeptOfHousehold>,
    /// The cases in which the person speaks or spoke for somebody else.
    spoken_for: Vec<SpokenFor>,
    /// Where it is told who has looked at all this, and why.
    access_log: String,
}

/// What is kept of a household, as far as it is about this person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfHousehold {
    id: HouseholdId,
    /// What the person is in it. The others are not told of.
    role: MemberRole,
    residence_days: i16,
    situations: Vec<OpenSituation>,
    cases: Vec<KeptOfCase>,
    tenancies: Vec<KeptOfTenancy>,
    /// Temporary accommodation.
    shelters: Vec<KeptShelter>,
}

/// A tenancy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfTenancy {
    id: TenancyId,
    dwelling_id: DwellingId,
    state: TenancyState,
    starts_on: Day,
    agreed_until: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_on: Option<Day>,
    rent_ore: i64,
}

/// Gathers it, for somebody who is cleared for all of it.
pub(super) fn gather(tx: &mut Tx<'_>, id: PersonId) -> Result<Dossier, Problem> {
    access::must_be_impartial_to(tx, id)?;
    let person = people::kept_of(tx, id)?;
    if !access::locating(tx)?.reaches(person.address_protection) {
        return Err(Refusal::NotClearedForPerson.into());
    }
    let ids = people::households_of(tx, id)?;
    if !access::unlocatable(tx, &ids)?.is_empty() {
        return Err(Refusal::NotClearedForPerson.into());
    }
    let mut households = Vec::with_capacity(ids.len());
    for household in ids {
        households.extend(of_household(tx, household, id)?);
    }
    Ok(Dossier {
        as_of: tx.now(),
        referrals: nav::referrals_about(tx, &person.national_id)?,
        spoken_for: parties::spoken_for(tx, id)?,
        person,
        households,
        access_log: format!("/api/v1/people/{id}/access-log/extract"),
    })
}

fn of_household(
    tx: &mut Tx<'_>,
    id: HouseholdId,
    person: PersonId,
) -> Result<Option<KeptOfHousehold>, Problem> {
    let members = people::members_of(tx, &[id])?;
    let mut everybody = members.into_values().flatten();
    let Some(own) = everybody.find(|it| it.person_id == person) else {
        return Ok(None);
    };
    let mut cases = Vec::new();
    for case in applications::of_household(tx, id)? {
        cases.push(case::of_case(tx, case, person)?);
    }
    let tenancies = tenancies::of_household(tx, id)?;
    Ok(Some(KeptOfHousehold {
        id,
        role: own.role,
        residence_days: own.residence_days,
        situations: situations::of_household(tx, id)?
            .into_iter()
            .map(|it| Open::to(Openings::all(), it))
            .collect(),
        cases,
        tenancies: tenancies.iter().map(of_tenancy).collect(),
        shelters: shelters::kept_of(tx, id)?,
    }))
}

fn of_tenancy(tenancy: &tenancies::Tenancy) -> KeptOfTenancy {
    KeptOfTenancy {
        id: tenancy.id,
        dwelling_id: tenancy.dwelling_id,
        state: tenancy.state,
        starts_on: tenancy.starts_on,
        agreed_until: tenancy.agreed_until,
        ended_on: tenancy.ended_on,
        rent_ore: tenancy.rent_ore,
    }
}
