//! Gathers everything that is kept of one person, through the front doors of the slices that keep it.

use serde::Serialize;
use utoipa::ToSchema;

use super::rules::Refusal;
use crate::access::{self, Open, Openings};
use crate::applications::{self, Application, ApplicationState, ApplicationType, Needs};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::decisions::{self, Content, DecisionState, LegalBasis, Outcome};
use crate::ids::{ApplicationId, DecisionId, DwellingId, HouseholdId, PersonId, TenancyId};
use crate::people::{self, KeptOfPerson, MemberRole};
use crate::problem::Problem;
use crate::situations::{self, Situation};
use crate::tenancies::{self, TenancyState};

/// Everything that is kept of a person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dossier {
    /// The moment at which it was gathered.
    as_of: Instant,
    /// Name, national id, contact, grade of protection.
    person: KeptOfPerson,
    /// Every household that the person belongs or belonged to.
    households: Vec<KeptOfHousehold>,
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
    situations: Vec<Open<Situation>>,
    cases: Vec<KeptOfCase>,
    tenancies: Vec<KeptOfTenancy>,
}

/// A case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfCase {
    id: ApplicationId,
    #[serde(rename = "type")]
    kind: ApplicationType,
    state: ApplicationState,
    received_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<Open<Needs>>,
    decisions: Vec<KeptOfDecision>,
}

/// A decision, with its reasons.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KeptOfDecision {
    id: DecisionId,
    outcome: Outcome,
    legal_basis: LegalBasis,
    state: DecisionState,
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    proposed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    /// Reasons, conditions and what else it says in words.
    content: Content,
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
        cases.push(of_case(tx, case)?);
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
    }))
}

fn of_case(tx: &mut Tx<'_>, case: Application) -> Result<KeptOfCase, Problem> {
    let mut decisions = Vec::new();
    for it in decisions::of_case(tx, case.id)? {
        decisions.push(KeptOfDecision {
            content: decisions::content_of(tx, &it)?,
            id: it.id,
            outcome: it.outcome,
            legal_basis: it.legal_basis,
            state: it.state,
            dwelling_id: it.dwelling_id,
            proposed_at: it.proposed_at,
            decided_at: it.decided_at,
        });
    }
    Ok(KeptOfCase {
        id: case.id,
        kind: case.kind,
        state: case.state,
        received_on: case.received_on,
        needs: case.needs().map(|it| Open::to(Openings::all(), it.clone())),
        decisions,
    })
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
