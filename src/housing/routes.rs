//! The stock over HTTP, for those who manage it and those who look for a home in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Describe, Register};
use super::details::{ConditionClass, DwellingKind, EnergyClass, Neighbourhood};
use super::dwelling::{Dwelling, NewDwelling};
use super::model::{Category, DwellingState, Feature, Service, Tenure};
use super::search::{self, Filter, Listed, Order, SortBy};
use super::store;
use super::telling::{tell, tell_listed};
use super::veil::Veil;
use super::{
    acts, agreements, cadastre_check, exchange, history, measures, moves, properties, rules,
    stock_rules, upkeep,
};
use crate::auth::Action::{ManageHousing, ReadHousing};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Many, Nothing, Page, Paging, Shown};
use crate::ids::MeasureId;
use crate::problem::{NOT_FOUND, Problem};

/// The operations on the stock and on the housing plan.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let own = vec![
        Endpoint::create("/dwellings", ManageHousing, "Register a home", register),
        Endpoint::get(
            "/dwellings",
            ReadHousing,
            "The homes, filtered and sorted",
            list,
        ),
        Endpoint::get(
            "/dwellings/counts",
            ReadHousing,
            "How many homes there are in each state and category",
            count,
        ),
        Endpoint::get("/dwellings/{id}", ReadHousing, "A home", show),
        Endpoint::reach(
            "/dwellings/{id}/cadastre-check",
            ManageHousing,
            "Ask the cadastre about a home, and report where it knows otherwise than what is registered here",
            cadastre_check::check,
        ),
        Endpoint::replace(
            "/dwellings/{id}",
            ManageHousing,
            "Describe a home anew; where it stands in its life is moved by acts",
            describe,
        ),
    ];
    [
        own,
        moves::endpoints(),
        history::endpoints(),
        properties::endpoints(),
        measures::endpoints(),
        exchange::endpoints(),
        upkeep::endpoints(),
        agreements::endpoints(),
        stock_rules::endpoints(),
    ]
    .concat()
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

/// Which homes are asked for; all that are given must hold. Where several codes may stand, commas part them.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Asked {
    /// Stands in one of these states.
    #[param(value_type = Option<String>)]
    state: Option<Many<DwellingState>>,
    /// Is for one of these.
    #[param(value_type = Option<String>)]
    category: Option<Many<Category>>,
    /// The municipality disposes of it by one of these rights.
    #[param(value_type = Option<String>)]
    tenure: Option<Many<Tenure>>,
    /// Has all of these features.
    #[param(value_type = Option<String>)]
    feature: Option<Many<Feature>>,
    /// All of these services can be given there.
    #[param(value_type = Option<String>)]
    service: Option<Many<Service>>,
    /// All of these are said of its surroundings.
    #[param(value_type = Option<String>)]
    neighbourhood: Option<Many<Neighbourhood>>,
    /// Is in this kind of building.
    kind: Option<DwellingKind>,
    /// Is in this condition.
    condition_class: Option<ConditionClass>,
    /// Bears this energy mark.
    energy_class: Option<EnergyClass>,
    /// Was never found to agree with the cadastre as it is registered now.
    cadastre_unchecked: Option<bool>,
    /// Lies in this part of the municipality.
    area: Option<String>,
    /// Its street and number begin so.
    address: Option<String>,
    /// Has this postal code.
    postal_code: Option<String>,
    /// Is in this unit of the cadastre.
    cadastral_id: Option<String>,
    /// The system that manages the buildings knows it by this name.
    supplier_id: Option<String>,
    /// Comes from this measure of the housing plan.
    #[param(value_type = Option<uuid::Uuid>)]
    measure_id: Option<MeasureId>,
    /// Has at least so many bedrooms.
    #[param(minimum = 0)]
    min_bedrooms: Option<i16>,
    /// Has at most so many bedrooms.
    #[param(minimum = 0)]
    max_bedrooms: Option<i16>,
    /// So many may live there.
    #[param(minimum = 1)]
    min_capacity: Option<i16>,
    /// Is at least so large, in square metres.
    #[param(minimum = 1)]
    min_area_m2: Option<i32>,
    /// Its entrance is on this floor or below.
    max_floor: Option<i16>,
    /// Costs at most so much a month, in øre.
    #[param(minimum = 0)]
    max_rent_ore: Option<i64>,
    /// Is meant for somebody of this age.
    #[param(minimum = 0)]
    for_age: Option<i16>,
    /// Was last inspected before this day, or never.
    #[param(value_type = Option<Day>)]
    inspected_before: Option<Day>,
    /// Will be demolished before this day.
    #[param(value_type = Option<Day>)]
    demolition_before: Option<Day>,
    /// By what the list is sorted; `REGISTERED` when not given.
    #[param(inline)]
    sort: Option<SortBy>,
    /// From the other end.
    descending: Option<bool>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// The `nextCursor` of the page before, in the same order.
    cursor: Option<String>,
}

crate::query!(Asked);

impl Asked {
    fn filter(&self) -> Filter {
        fn all<T: Clone>(many: Option<&Many<T>>) -> Vec<T> {
            many.map(|many| many.0.clone()).unwrap_or_default()
        }
        Filter {
            states: all(self.state.as_ref()),
            categories: all(self.category.as_ref()),
            tenures: all(self.tenure.as_ref()),
            features: all(self.feature.as_ref()),
            services: all(self.service.as_ref()),
            neighbourhood: all(self.neighbourhood.as_ref()),
            kind: self.kind,
            condition_class: self.condition_class,
            energy_class: self.energy_class,
            is_unchecked: self.cadastre_unchecked.unwrap_or(false),
            area: self.area.clone(),
            address: self.address.clone(),
            postal_code: self.postal_code.clone(),
            cadastral_id: self.cadastral_id.clone(),
            supplier_id: self.supplier_id.clone(),
            measure: self.measure_id,
            min_bedrooms: self.min_bedrooms,
            max_bedrooms: self.max_bedrooms,
            min_capacity: self.min_capacity,
            min_area_m2: self.min_area_m2,
            max_floor: self.max_floor,
            max_rent_ore: self.max_rent_ore,
            for_age: self.for_age,
            inspected_before: self.inspected_before,
            demolition_before: self.demolition_before,
            veiled: Vec::new(),
        }
    }
}

fn list(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Page<Listed>, Problem> {
    let order = Order {
        by: asked.sort.unwrap_or(SortBy::Registered),
        descending: asked.descending.unwrap_or(false),
    };
    let paging = Paging {
        limit: asked.limit,
        cursor: asked.cursor.clone(),
    };
    let limit = paging.limit()?;
    let after = paging.place()?;
    let after = after.map(|bytes| order.read_place(&bytes)).transpose()?;
    let filter = Filter {
        veiled: Veil::of(tx)?.homes(),
        ..asked.filter()
    };
    let rows = search::page(tx, &filter, order, after, limit + 1)?;
    let rows = tell_listed(tx, rows)?;
    Ok(Page::placed(rows, limit, |home| order.place_of(home)))
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

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Dwelling>, Problem> {
    let home = find(tx, call)?;
    tell(tx, home)
}

fn describe(tx: &mut Tx<'_>, call: &Call, asked: &Describe) -> Result<Shown<Dwelling>, Problem> {
    let home = find(tx, call)?;
    call.has_seen(home.version)?;
    let home = acts::describe(tx, &home, &asked.0)?;
    tell(tx, home)
}

/// The home in the path.
pub(super) fn find(tx: &mut Tx<'_>, call: &Call) -> Result<Dwelling, Problem> {
    store::find_dwelling(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}

/// The home at the version that the caller has seen.
pub(super) fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Dwelling, Problem> {
    let home = find(tx, call)?;
    call.has_seen(home.version)?;
    if Veil::of(tx)?.is_over(home.id) {
        // Whoever may not know why it is blocked does not move it.
        let refusal = Problem::from(rules::Refusal::ForbiddenMove);
        return Err(refusal.fact("state", DwellingState::Blocked.code()));
    }
    Ok(home)
}
