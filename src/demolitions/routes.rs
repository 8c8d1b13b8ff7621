//! Demolitions over HTTP. Who lives where is told to those who handle cases, and to nobody else.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::model::{DemolitionPlan, MoveDates, PlanDemolitions, Resident};
use super::store;
use crate::audit::{Entry, Subject};
use crate::auth::Action::{ManageHousing, ReadDisplaced, ReadHousing};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::ids::{DwellingId, HouseholdId, TenancyId};
use crate::people;
use crate::problem::{NOT_FOUND, Problem};

type Told = Result<Shown<DemolitionPlanShown>, Problem>;

/// The operations on demolitions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/demolition-plans",
            ManageHousing,
            "Plan that homes will be demolished, and what right those have who live there",
            plan,
        ),
        Endpoint::get(
            "/demolition-plans",
            ReadHousing,
            "The plans to demolish homes",
            list,
        ),
        Endpoint::get(
            "/demolition-plans/{id}",
            ReadHousing,
            "A plan, and how many residents have no home elsewhere yet",
            show,
        ),
        Endpoint::get(
            "/demolition-plans/{id}/residents",
            ReadDisplaced,
            "Who lives or lived there and has a right to a permanent home elsewhere; or only who has none yet",
            residents,
        ),
        Endpoint::act(
            "/demolition-plans/{id}/move-dates",
            ManageHousing,
            "Move the days of a plan",
            move_dates,
        ),
        Endpoint::act(
            "/demolition-plans/{id}/close-vacated",
            ManageHousing,
            "Close the homes that have been vacated",
            close_vacated,
        ),
        Endpoint::act(
            "/demolition-plans/{id}/cancel",
            ManageHousing,
            "Give a plan up; its homes stay",
            cancel,
        ),
        Endpoint::act(
            "/demolition-plans/{id}/carry-out",
            ManageHousing,
            "Say that the homes were demolished",
            carry_out,
        ),
    ]
}

/// A plan to demolish homes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DemolitionPlanShown {
    #[serde(flatten)]
    plan: DemolitionPlan,
    /// Its homes.
    dwelling_ids: Vec<DwellingId>,
    /// How many of them somebody still lives in or has kept.
    in_use: usize,
    /// How many residents have no permanent home elsewhere yet.
    without_home: i64,
}

fn told(tx: &mut Tx<'_>, plan: DemolitionPlan) -> Result<DemolitionPlanShown, Problem> {
    let homes = acts::homes_of(tx, &plan)?;
    let hidden = acts::hidden_residents(tx, &plan)?;
    Ok(DemolitionPlanShown {
        dwelling_ids: homes.iter().map(|home| home.id).collect(),
        in_use: acts::seen_in_use(tx, &homes)?,
        without_home: acts::count_without(tx, &plan, &hidden)?,
        plan,
    })
}

fn shown(tx: &mut Tx<'_>, plan: DemolitionPlan) -> Told {
    Ok(Shown::at_version(plan.version, told(tx, plan)?))
}

fn plan(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &PlanDemolitions,
) -> Result<Created<DemolitionPlanShown>, Problem> {
    let plan = acts::plan(tx, asked)?;
    Ok(Created {
        location: format!("/demolition-plans/{}", plan.id),
        version: Some(plan.version),
        body: told(tx, plan)?,
    })
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<DemolitionPlan>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |plan| plan.id))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Told {
    let plan = load(tx, call)?;
    shown(tx, plan)
}

/// Which residents are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Only those who have no permanent home elsewhere yet.
    without_home: Option<bool>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

/// A household with a right to a permanent home elsewhere.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResidentShown {
    household_id: HouseholdId,
    /// The home that will be gone.
    dwelling_id: DwellingId,
    /// The tenancy by which it lived there.
    tenancy_id: TenancyId,
}

fn residents(tx: &mut Tx<'_>, call: &Call, asked: &Asked) -> Result<Page<ResidentShown>, Problem> {
    let plan = load(tx, call)?;
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let without = asked.without_home.unwrap_or(false);
    let hidden = acts::hidden_residents(tx, &plan)?;
    let rows = store::residents_of(tx, plan.id, without, &hidden, paging.after()?, limit + 1)?;
    let page = Page::of(rows, limit, |it: &Resident| it.household_id);
    if !page.is_empty() {
        record_look(tx, &plan, page.items())?;
    }
    Ok(page.map(|it| ResidentShown {
        household_id: it.household_id,
        dwelling_id: it.dwelling_id,
        tenancy_id: it.tenancy_id,
    }))
}

/// Each of those who were told of finds the look in their own log.
fn record_look(tx: &mut Tx<'_>, plan: &DemolitionPlan, told: &[Resident]) -> Result<(), Problem> {
    let households: Vec<HouseholdId> = told.iter().map(|it| it.household_id).collect();
    let members = people::members_of(tx, &households)?;
    let people = members.into_values().flatten();
    tx.record(
        Entry::access("demolition.residents_read")
            .about(Subject::policy(plan.id))
            .about_all(households)
            .about_all(people.map(|member| member.person_id)),
    );
    Ok(())
}

fn move_dates(tx: &mut Tx<'_>, call: &Call, asked: &MoveDates) -> Told {
    let plan = seen(tx, call)?;
    let plan = acts::move_dates(tx, &plan, asked)?;
    shown(tx, plan)
}

fn close_vacated(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Told {
    let plan = seen(tx, call)?;
    let plan = acts::close_vacated(tx, &plan)?;
    shown(tx, plan)
}

fn cancel(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Told {
    let plan = seen(tx, call)?;
    let plan = acts::cancel(tx, &plan)?;
    shown(tx, plan)
}

fn carry_out(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Told {
    let plan = seen(tx, call)?;
    let plan = acts::carry_out(tx, &plan)?;
    shown(tx, plan)
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<DemolitionPlan, Problem> {
    store::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<DemolitionPlan, Problem> {
    let plan = load(tx, call)?;
    call.has_seen(plan.version)?;
    Ok(plan)
}
