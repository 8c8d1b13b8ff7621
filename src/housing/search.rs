//! The stock as caseworkers look through it: filtered by whatever they choose by, in several orders, page by page.
//!
//! Each order has an index that ends with the id, so that a page costs the same however large the stock is.

use std::collections::BTreeSet;

use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use serde::Serialize;
use utoipa::ToSchema;

use super::details::{ConditionClass, Details, DwellingKind, EnergyClass, Neighbourhood};
use super::model::{Category, DwellingState, Feature, Service, Tenure};
use crate::clock::Day;
use crate::codes;
use crate::db::Tx;
use crate::db::schema::dwelling;
use crate::db::types::{DateSql, Json, UuidSql};
use crate::http::bad_cursor;
use crate::ids::{DwellingId, MeasureId};
use crate::problem::Problem;

/// A home in a list: what caseworkers filter on and choose by.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[serde(rename_all = "camelCase")]
#[diesel(table_name = dwelling)]
pub(super) struct Listed {
    pub(super) id: DwellingId,
    street_address: String,
    unit_number: String,
    extra_reference: String,
    postal_code: String,
    postal_place: String,
    area: String,
    category: Category,
    tenure: Tenure,
    pub(super) state: DwellingState,
    /// Since which day it stands so.
    state_since: Day,
    bedrooms: i16,
    usable_area_m2: i32,
    floor: i16,
    capacity: i16,
    /// Rent a month, in øre.
    rent_ore: i64,
    #[diesel(deserialize_as = Json<BTreeSet<Feature>>)]
    features: BTreeSet<Feature>,
    #[diesel(deserialize_as = Json<BTreeSet<Service>>)]
    services: BTreeSet<Service>,
    min_age: Option<i16>,
    max_age: Option<i16>,
    inspected_on: Option<Day>,
    demolition_from: Option<Day>,
    supplier_id: Option<String>,
    #[diesel(deserialize_as = Json<Details>)]
    details: Details,
}

/// Which homes are asked for; all that are given must hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) states: Vec<DwellingState>,
    pub(super) categories: Vec<Category>,
    pub(super) tenures: Vec<Tenure>,
    pub(super) features: Vec<Feature>,
    pub(super) services: Vec<Service>,
    pub(super) neighbourhood: Vec<Neighbourhood>,
    pub(super) kind: Option<DwellingKind>,
    pub(super) condition_class: Option<ConditionClass>,
    pub(super) energy_class: Option<EnergyClass>,
    /// Was never found to agree with the cadastre as it is registered.
    pub(super) is_unchecked: bool,
    pub(super) area: Option<String>,
    pub(super) address: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) cadastral_id: Option<String>,
    pub(super) supplier_id: Option<String>,
    pub(super) measure: Option<MeasureId>,
    pub(super) min_bedrooms: Option<i16>,
    pub(super) max_bedrooms: Option<i16>,
    pub(super) min_capacity: Option<i16>,
    pub(super) min_area_m2: Option<i32>,
    pub(super) max_floor: Option<i16>,
    pub(super) max_rent_ore: Option<i64>,
    pub(super) for_age: Option<i16>,
    pub(super) inspected_before: Option<Day>,
    pub(super) demolition_before: Option<Day>,
    /// The homes that are told as blocked, whatever they are.
    pub(super) veiled: Vec<DwellingId>,
}

codes! {
    /// By what the stock is sorted.
    pub enum SortBy {
        /// When it came into the register.
        Registered = "REGISTERED",
        /// Street and number.
        Address = "ADDRESS",
        /// Rent a month.
        Rent = "RENT",
        /// Since when it stands in its state.
        StateSince = "STATE_SINCE",
    }
}

/// An order of the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) by: SortBy,
    pub(super) descending: bool,
}

/// Where a row stands in an order: after it the next page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    id: DwellingId,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Nothing,
    Text(String),
    Number(i64),
    Day(Day),
}

impl Order {
    /// Where a row stands, as bytes that only the same order reads: the order, the id, the key.
    pub(super) fn place_of(self, home: &Listed) -> Vec<u8> {
        let mut bytes = vec![self.mark()];
        bytes.extend_from_slice(home.id.uuid().as_bytes());
        match self.by {
            SortBy::Registered => {}
            SortBy::Address => bytes.extend_from_slice(home.street_address.as_bytes()),
            SortBy::Rent => bytes.extend_from_slice(&home.rent_ore.to_be_bytes()),
            SortBy::StateSince => bytes.extend(home.state_since.0.to_string().bytes()),
        }
        bytes
    }

    /// Reads such bytes again; those of another order, or of somebody's making, are no place.
    pub(super) fn read_place(self, bytes: &[u8]) -> Result<Place, Problem> {
        self.find_place(bytes).ok_or_else(bad_cursor)
    }

    fn find_place(self, bytes: &[u8]) -> Option<Place> {
        let (mark, rest) = bytes.split_first()?;
        let (id, key) = rest.split_at_checked(16)?;
        let id = DwellingId::from_uuid(uuid::Uuid::from_slice(id).ok()?);
        let text = || std::str::from_utf8(key).ok();
        let key = match self.by {
            SortBy::Registered => key.is_empty().then_some(Key::Nothing)?,
            // PostgreSQL keeps no NUL.
            SortBy::Address => Key::Text(text().filter(|it| !it.contains('\0'))?.to_owned()),
            SortBy::Rent => Key::Number(i64::from_be_bytes(key.try_into().ok()?)),
            SortBy::StateSince => Key::Day(Day(text()?.parse().ok()?)),
        };
        (*mark == self.mark()).then_some(Place { id, key })
    }

    const fn mark(self) -> u8 {
        let by = match self.by {
            SortBy::Registered => b'i',
            SortBy::Address => b'a',
            SortBy::Rent => b'r',
            SortBy::StateSince => b's',
        };
        if self.descending {
            by.to_ascii_uppercase()
        } else {
            by
        }
    }
}

type Homes<'q> = dwelling::BoxedQuery<'q, crate::db::MultiBackend>;

/// Homes in this order, after this place, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    order: Order,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Listed>, Problem> {
    let municipality = tx.municipality();
    let homes = dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .into_boxed();
    let homes = of_what_it_is(homes, filter);
    let homes = of_its_measures(homes, filter);
    let homes = of_its_sets(homes, filter);
    let homes = in_order(homes, order);
    let homes = match after {
        Some(place) => beyond(homes, order, place),
        None => homes,
    };
    Ok(homes
        .limit(limit)
        .select(Listed::as_select())
        .load(tx.conn())?)
}

fn in_order(homes: Homes<'_>, order: Order) -> Homes<'_> {
    use dwelling::{id, rent_ore, state_since, street_address};
    match (order.by, order.descending) {
        (SortBy::Registered, false) => homes.order(id.asc()),
        (SortBy::Registered, true) => homes.order(id.desc()),
        (SortBy::Address, false) => homes.order((street_address.asc(), id.asc())),
        (SortBy::Address, true) => homes.order((street_address.desc(), id.desc())),
        (SortBy::Rent, false) => homes.order((rent_ore.asc(), id.asc())),
        (SortBy::Rent, true) => homes.order((rent_ore.desc(), id.desc())),
        (SortBy::StateSince, false) => homes.order((state_since.asc(), id.asc())),
        (SortBy::StateSince, true) => homes.order((state_since.desc(), id.desc())),
    }
}

/// Both databases compare rows of values, and step through an index by them.
fn beyond(homes: Homes<'_>, order: Order, place: Place) -> Homes<'_> {
    let Place { id, key } = place;
    let side = if order.descending { "<" } else { ">" };
    let after = |column: &str| format!("(dwelling.{column}, dwelling.id) {side} (");
    match key {
        Key::Nothing if order.descending => homes.filter(dwelling::id.lt(id)),
        Key::Nothing => homes.filter(dwelling::id.gt(id)),
        Key::Text(text) => homes.filter(
            sql::<Bool>(&after("street_address"))
                .bind::<Text, _>(text)
                .sql(", ")
                .bind::<UuidSql, _>(id)
                .sql(")"),
        ),
        Key::Number(number) => homes.filter(
            sql::<Bool>(&after("rent_ore"))
                .bind::<BigInt, _>(number)
                .sql(", ")
                .bind::<UuidSql, _>(id)
                .sql(")"),
        ),
        Key::Day(day) => homes.filter(
            sql::<Bool>(&after("state_since"))
                .bind::<DateSql, _>(day)
                .sql(", ")
                .bind::<UuidSql, _>(id)
                .sql(")"),
        ),
    }
}

fn of_what_it_is<'q>(mut homes: Homes<'q>, filter: &Filter) -> Homes<'q> {
    if !filter.states.is_empty() {
        let stands_so = dwelling::state.eq_any(filter.states.clone());
        let veiled = filter.veiled.clone();
        homes = match (
            veiled.is_empty(),
            filter.states.contains(&DwellingState::Blocked),
        ) {
            (true, _) => homes.filter(stands_so),
            (false, true) => homes.filter(stands_so.or(dwelling::id.eq_any(veiled))),
            (false, false) => homes.filter(stands_so.and(dwelling::id.ne_all(veiled))),
        };
    }
    if !filter.categories.is_empty() {
        homes = homes.filter(dwelling::category.eq_any(filter.categories.clone()));
    }
    if !filter.tenures.is_empty() {
        homes = homes.filter(dwelling::tenure.eq_any(filter.tenures.clone()));
    }
    if let Some(area) = &filter.area {
        homes = homes.filter(dwelling::area.eq(area.clone()));
    }
    if let Some(code) = &filter.postal_code {
        homes = homes.filter(dwelling::postal_code.eq(code.clone()));
    }
    if let Some(id) = &filter.cadastral_id {
        homes = homes.filter(dwelling::cadastral_id.eq(id.clone()));
    }
    if let Some(id) = &filter.supplier_id {
        homes = homes.filter(dwelling::supplier_id.eq(id.clone()));
    }
    if let Some(measure) = filter.measure {
        homes = homes.filter(dwelling::measure_id.eq(measure));
    }
    if let Some(beginning) = &filter.address {
        let beginning = as_written(beginning);
        let end = format!("{beginning}\u{10FFFF}");
        homes = homes
            .filter(dwelling::street_address.ge(beginning))
            .filter(dwelling::street_address.lt(end));
    }
    homes
}

fn of_its_measures<'q>(mut homes: Homes<'q>, filter: &Filter) -> Homes<'q> {
    if let Some(least) = filter.min_bedrooms {
        homes = homes.filter(dwelling::bedrooms.ge(least));
    }
    if let Some(most) = filter.max_bedrooms {
        homes = homes.filter(dwelling::bedrooms.le(most));
    }
    if let Some(least) = filter.min_capacity {
        homes = homes.filter(dwelling::capacity.ge(least));
    }
    if let Some(least) = filter.min_area_m2 {
        homes = homes.filter(dwelling::usable_area_m2.ge(least));
    }
    if let Some(highest) = filter.max_floor {
        homes = homes.filter(dwelling::floor.le(highest));
    }
    if let Some(most) = filter.max_rent_ore {
        homes = homes.filter(dwelling::rent_ore.le(most));
    }
    if let Some(age) = filter.for_age {
        homes = homes
            .filter(
                dwelling::min_age
                    .is_null()
                    .or(dwelling::min_age.assume_not_null().le(age)),
            )
            .filter(
                dwelling::max_age
                    .is_null()
                    .or(dwelling::max_age.assume_not_null().ge(age)),
            );
    }
    if let Some(day) = filter.inspected_before {
        let late = dwelling::inspected_on.assume_not_null().lt(day);
        homes = homes.filter(dwelling::inspected_on.is_null().or(late));
    }
    if let Some(day) = filter.demolition_before {
        homes = homes.filter(dwelling::demolition_from.lt(day));
    }
    homes
}

/// The two databases ask a JSON document in different words, but write it as the same text; codes hold no quote, and none of them
/// is a code of two sets in one document.
fn of_its_sets<'q>(mut homes: Homes<'q>, filter: &Filter) -> Homes<'q> {
    let has = |column: &str, code: &str| {
        let text = format!("CAST(dwelling.{column} AS TEXT) LIKE ");
        sql::<Bool>(&text).bind::<Text, _>(format!("%\"{code}\"%"))
    };
    for feature in &filter.features {
        homes = homes.filter(has("features", feature.code()));
    }
    for service in &filter.services {
        homes = homes.filter(has("services", service.code()));
    }
    for tag in &filter.neighbourhood {
        homes = homes.filter(has("details", tag.code()));
    }
    let details = [
        filter.kind.map(DwellingKind::code),
        filter.condition_class.map(ConditionClass::code),
        filter.energy_class.map(EnergyClass::code),
    ];
    for code in details.into_iter().flatten() {
        homes = homes.filter(has("details", code));
    }
    if filter.is_unchecked {
        homes = homes.filter(not(has("details", "cadastreAgreedOn")));
    }
    homes
}

/// A street's name begins with a capital, whatever was typed.
fn as_written(beginning: &str) -> String {
    let mut letters = beginning.trim_start().chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

#[cfg(test)]
mod tests;
