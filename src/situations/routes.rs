//! Recording and reading a household's situations, and the page that shows a household with them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{
    NewSituation, OpenSituation, SituationKind, SituationReason, Source, Verification,
};
use super::{acts, rules, store};
use crate::access::{self, Open};
use crate::audit::Entry;
use crate::auth::Action;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{HouseholdId, PersonId};
use crate::people::{self, Household, Member, MemberRole, Name};
use crate::problem::{NOT_FOUND, Problem};

/// The operations on a household and its situations.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/households/{id}",
            Action::ReadPeople,
            "A household, its members and its present situations",
            show,
        )
        .after(people::refresh_household),
        Endpoint::create(
            "/households/{id}/situations",
            Action::RecordSituation,
            "Record a household's housing situation",
            record,
        ),
        Endpoint::get(
            "/households/{id}/situations",
            Action::ReadPeople,
            "All situations of a household, past, present and foreseen",
            list,
        ),
    ]
}

/// A household, with the situations that it is in today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HouseholdToday {
    /// The household.
    id: HouseholdId,
    /// The version that `ETag` tells; it rises with every recorded situation.
    version: i32,
    /// Those who belong to it.
    members: Vec<NamedMember>,
    /// The situations that hold today.
    situations: Vec<OpenSituation>,
}

/// A member of a household.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NamedMember {
    /// The person.
    person_id: PersonId,
    /// Given and middle names.
    given_name: String,
    /// Family name.
    family_name: String,
    /// Birth date.
    born_on: Day,
    /// What the member is in the household.
    role: MemberRole,
    /// Days in a fortnight that the member lives here; fewer than 14 with shared residence.
    residence_days: i16,
    /// Since when it is known that the member has died.
    #[serde(skip_serializing_if = "Option::is_none")]
    death_known_at: Option<Instant>,
    /// On which day, where the population register has told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    died_on: Option<Day>,
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<HouseholdToday>, Problem> {
    let household = must_exist(tx, call)?;
    let ids: Vec<PersonId> = persons(&household).collect();
    let mut names = people::names(tx, &ids)?;
    let days = people::days_of_death(tx, &ids)?;
    let mut told = |member: &Member| {
        let name = names.remove(&member.person_id);
        let nameless = || Problem::internal("a member of a household is no person");
        let died_on = days.get(&member.person_id).copied();
        name.map(|name| named(*member, name, died_on))
            .ok_or_else(nameless)
    };
    let members = household.members.iter().map(&mut told);
    let members = members.collect::<Result<_, _>>()?;
    let today = tx.today();
    let openings = access::openings_of(tx, household.id)?;
    let situations = acts::current(tx, household.id, today)?;
    let shown = |it| Open::to(openings.clone(), it);
    let situations = situations.into_iter().map(shown).collect();
    tx.record(about(Entry::access("household.read"), &household));
    Ok(Shown::at_version(
        household.version,
        HouseholdToday {
            id: household.id,
            version: household.version,
            members,
            situations,
        },
    ))
}

fn named(member: Member, name: Name, died_on: Option<Day>) -> NamedMember {
    NamedMember {
        person_id: member.person_id,
        given_name: name.given_name,
        family_name: name.family_name,
        born_on: member.born_on,
        role: member.role,
        residence_days: member.residence_days,
        death_known_at: member.death_known_at,
        died_on,
    }
}

/// A situation to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RecordSituation {
    /// Why the household is in this situation.
    reason: SituationReason,
    /// Follows from the reason; where it is given, it must agree.
    kind: Option<SituationKind>,
    /// The first day on which it holds, at most a year ahead.
    valid_from: Day,
    /// The first day on which it no longer holds, where that is known.
    valid_until: Option<Day>,
    /// Who said so.
    source: Source,
    /// Whether somebody checked it.
    verification: Verification,
}

fn record(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &RecordSituation,
) -> Result<Created<OpenSituation>, Problem> {
    let household: HouseholdId = call.id()?;
    access::must_see_household(tx, household)?;
    let openings = access::openings_of(tx, household)?;
    openings.must_contain(asked.reason.compartment(), "/reason")?;
    openings.must_contain(asked.source.compartment(), "/source")?;
    let new = NewSituation {
        reason: asked.reason,
        valid_from: asked.valid_from,
        valid_until: asked.valid_until,
        source: asked.source,
        verification: asked.verification,
    };
    if let Some(fault) = rules::find_fault_of_kind(asked.kind, asked.reason) {
        let mut faults = rules::faults_of_period(&new, tx.today());
        faults.push(fault);
        return Err(Problem::invalid(faults));
    }
    let situation = acts::record(tx, household, new)?;
    Ok(Created {
        location: format!("/households/{household}/situations"),
        version: None,
        body: Open::to(openings, situation),
    })
}

fn list(tx: &mut Tx<'_>, call: &Call, paging: &Paging) -> Result<Page<OpenSituation>, Problem> {
    let limit = paging.limit()?;
    let after = paging.after()?;
    let household = must_exist(tx, call)?;
    let rows = store::page(tx, household.id, after, limit + 1)?;
    tx.record(about(Entry::access("situation.read"), &household));
    let openings = access::openings_of(tx, household.id)?;
    let page = Page::of(rows, limit, |situation| situation.id);
    Ok(page.map(|situation| Open::to(openings.clone(), situation)))
}

fn must_exist(tx: &mut Tx<'_>, call: &Call) -> Result<Household, Problem> {
    let found = people::find_household(tx, call.id()?)?;
    found.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// What is read of a household is read of each of its members.
fn about(entry: Entry, household: &Household) -> Entry {
    entry.about(household.id).about_all(persons(household))
}

fn persons(household: &Household) -> impl Iterator<Item = PersonId> {
    household.members.iter().map(|member| member.person_id)
}
