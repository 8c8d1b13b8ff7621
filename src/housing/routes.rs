//! The stock over HTTP, for those who manage it and those who look for a home in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::acts;
use super::body::{Describe, Register};
use super::dwelling::{Dwelling, NewDwelling};
use super::lifecycle::Move;
use super::measure::{Measure, Supply};
use super::model::{
    BlockReason, Category, DisposalReason, DwellingState, Feature, RepairReason, Tenure,
};
use super::rules;
use super::store::{self, Filter, Listed};
use super::veil::Veil;
use crate::auth::Action::{ManageHousing, ReadHousing, ReadMeasures};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown};
use crate::problem::{NOT_FOUND, Problem};

type Moved = Result<Shown<Dwelling>, Problem>;

/// The operations on the stock and on the housing plan.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut endpoints = vec![
        Endpoint::create("/dwellings", ManageHousing, "Register a home", register),
        Endpoint::get("/dwellings", ReadHousing, "The homes, filtered", list),
        Endpoint::get(
            "/dwellings/counts",
            ReadHousing,
            "How many homes there are in each state and category",
            count,
        ),
        Endpoint::get("/dwellings/{id}", ReadHousing, "A home", show),
        Endpoint::replace(
            "/dwellings/{id}",
            ManageHousing,
            "Describe a home anew; where it stands in its life is moved by acts",
            describe,
        ),
        Endpoint::get(
            "/plan-measures",
            ReadMeasures,
            "The measures of the housing plan, and how many of their homes are planned, begun and delivered",
            measures,
        ),
    ];
    endpoints.extend(acts_by_hand());
    endpoints
}

/// The moves that the housing manager makes. The others are made by decisions, offers and tenancies alone.
fn acts_by_hand() -> Vec<Endpoint> {
    vec![
        Endpoint::act(
            "/dwellings/{id}/start-construction",
            ManageHousing,
            "Begin to build or buy a planned home",
            start_construction,
        ),
        Endpoint::act(
            "/dwellings/{id}/make-available",
            ManageHousing,
            "Say that a home may be let",
            make_available,
        ),
        Endpoint::act(
            "/dwellings/{id}/start-repair",
            ManageHousing,
            "Begin to repair an empty home",
            start_repair,
        ),
        Endpoint::act(
            "/dwellings/{id}/block",
            ManageHousing,
            "Keep an empty home from being let",
            block,
        ),
        Endpoint::act(
            "/dwellings/{id}/unblock",
            ManageHousing,
            "Lift what kept a home from being let",
            unblock,
        ),
        Endpoint::act(
            "/dwellings/{id}/plan-demolition",
            ManageHousing,
            "Plan that an empty home will be demolished",
            plan_demolition,
        ),
        Endpoint::act(
            "/dwellings/{id}/cancel-demolition",
            ManageHousing,
            "Give a planned demolition up",
            cancel_demolition,
        ),
        Endpoint::act(
            "/dwellings/{id}/dispose",
            ManageHousing,
            "Take an empty home out of the stock; its record stays",
            dispose,
        ),
    ]
}

fn register(tx: &mut Tx<'_>, _: &Call, asked: &Register) -> Result<Created<Dwelling>, Problem> {
    let new = NewDwelling {
        state: asked.state,
        state_since: tx.today(),
        description: asked.description.clone(),
    };
    let home = acts::register(tx, &new)?;
    Ok(Created {
        location: format!("/dwellings/{}", home.id),
        version: Some(home.version),
        body: home,
    })
}

/// Which homes are asked for; all that are given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Stands in this state.
    state: Option<DwellingState>,
    /// Is for this.
    category: Option<Category>,
    /// Lies in this part of the municipality.
    area: Option<String>,
    /// Has at least so many bedrooms.
    #[param(minimum = 0)]
    min_bedrooms: Option<i16>,
    /// Has this feature.
    feature: Option<Feature>,
    /// The municipality disposes of it by this right.
    tenure: Option<Tenure>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
}

crate::query!(Asked);

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<Listed>, Problem> {
    let veil = Veil::of(tx)?;
    let filter = Filter {
        veiled: veil.homes(),
        state: asked.state,
        category: asked.category,
        area: asked.area.clone(),
        min_bedrooms: asked.min_bedrooms,
        feature: asked.feature,
        tenure: asked.tenure,
    };
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let rows = store::page(tx, &filter, paging.after()?, limit + 1)?;
    let told = |mut home: Listed| {
        home.state = veil.state(home.id, home.state);
        home
    };
    Ok(Page::of(rows, limit, |home| home.id).map(told))
}

/// The stock in numbers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Counts {
    /// All homes, also those that left the stock.
    total: i64,
    /// The states and categories that have homes.
    items: Vec<Count>,
}

/// How many homes of one category stand in one state.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Count {
    state: DwellingState,
    category: Category,
    dwellings: i64,
}

fn count(tx: &mut Tx<'_>, _: &Call, _: &Nothing) -> Result<Shown<Counts>, Problem> {
    let mut homes: BTreeMap<(DwellingState, Category), i64> = BTreeMap::new();
    for (state, category, dwellings) in store::count(tx)? {
        homes.insert((state, category), dwellings);
    }
    let veil = Veil::of(tx)?;
    for id in veil.homes() {
        if let Some(home) = store::find_dwelling(tx, id)? {
            let category = home.description.category;
            *homes.entry((home.state, category)).or_default() -= 1;
            *homes.entry((DwellingState::Blocked, category)).or_default() += 1;
        }
    }
    let items: Vec<Count> = homes
        .into_iter()
        .filter(|(_, dwellings)| *dwellings > 0)
        .map(|((state, category), dwellings)| Count {
            state,
            category,
            dwellings,
        })
        .collect();
    let total = items.iter().map(|count| count.dwellings).sum();
    Ok(Shown::plain(Counts { total, items }))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = find(tx, call)?;
    shown(super::veiled(tx, home)?)
}

fn describe(tx: &mut Tx<'_>, call: &Call, asked: &Describe) -> Moved {
    let home = find(tx, call)?;
    call.has_seen(home.version)?;
    let home = acts::describe(tx, &home, &asked.0)?;
    shown(super::veiled(tx, home)?)
}

fn start_construction(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::advance(tx, &home, Move::StartConstruction)?)
}

fn make_available(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::advance(tx, &home, Move::MakeAvailable)?)
}

/// Why a home is repaired.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartRepair {
    reason: RepairReason,
}

fn start_repair(tx: &mut Tx<'_>, call: &Call, asked: &StartRepair) -> Moved {
    let (home, reason) = (seen(tx, call)?, asked.reason.code());
    shown(acts::advance_because(tx, &home, Move::StartRepair, reason)?)
}

/// Why a home must not be let.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Block {
    reason: BlockReason,
}

fn block(tx: &mut Tx<'_>, call: &Call, asked: &Block) -> Moved {
    let (home, reason) = (seen(tx, call)?, asked.reason.code());
    shown(acts::advance_because(tx, &home, Move::Block, reason)?)
}

fn unblock(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::advance(tx, &home, Move::Unblock)?)
}

/// From when a home will be demolished.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlanDemolition {
    demolition_from: Day,
}

fn plan_demolition(tx: &mut Tx<'_>, call: &Call, asked: &PlanDemolition) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::plan_demolition(tx, &home, asked.demolition_from)?)
}

fn cancel_demolition(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::cancel_demolition(tx, &home)?)
}

/// How a home leaves the stock.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Dispose {
    reason: DisposalReason,
}

fn dispose(tx: &mut Tx<'_>, call: &Call, asked: &Dispose) -> Moved {
    let home = seen(tx, call)?;
    shown(acts::dispose(tx, &home, asked.reason)?)
}

/// A measure of the housing plan, and how far it has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Progress {
    #[serde(flatten)]
    measure: Measure,
    #[serde(flatten)]
    supply: Supply,
    /// How many of the homes that the plan counts are not registered yet; null where it counts none.
    missing: Option<i64>,
}

fn measures(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<Progress>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page_of_measures(tx, paging.after()?, limit + 1)?;
    let counts = store::count_by_measure(tx)?;
    let page = Page::of(rows, limit, |measure| measure.id);
    Ok(page.map(|measure| {
        let mine = counts.iter().filter(|(id, ..)| *id == Some(measure.id));
        let supply = mine.fold(Supply::default(), |supply, (_, state, homes)| {
            supply.with(*state, *homes)
        });
        Progress {
            missing: measure.unit_count.map(|count| supply.missing_from(count)),
            measure,
            supply,
        }
    }))
}

fn find(tx: &mut Tx<'_>, call: &Call) -> Result<Dwelling, Problem> {
    store::find_dwelling(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The home at the version that the caller has seen, to be moved.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Dwelling, Problem> {
    let home = find(tx, call)?;
    call.has_seen(home.version)?;
    if Veil::of(tx)?.is_over(home.id) {
        // Whoever may not know why it is blocked does not move it.
        let refusal = Problem::from(rules::Refusal::ForbiddenMove);
        return Err(refusal.fact("state", DwellingState::Blocked.code()));
    }
    Ok(home)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the last step of operations that may refuse"
)]
fn shown(home: Dwelling) -> Moved {
    Ok(Shown::at_version(home.version, home))
}
