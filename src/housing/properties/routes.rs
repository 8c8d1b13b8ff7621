//! Properties over HTTP.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Building, SayProperty, settle};
use super::property::Property;
use super::store;
use crate::audit::{Entry, Subject};
use crate::auth::Action::{ManageHousing, ReadHousing};
use crate::db::Tx;
use crate::db::types::Json;
use crate::http::{Call, Created, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::problem::{NOT_FOUND, Problem};

/// The operations on properties.
pub(in crate::housing) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/properties",
            ManageHousing,
            "Register a property",
            register,
        ),
        Endpoint::get("/properties", ReadHousing, "The properties", list),
        Endpoint::get(
            "/properties/{id}",
            ReadHousing,
            "A property, and how many homes there are in it",
            show,
        ),
        Endpoint::replace(
            "/properties/{id}",
            ManageHousing,
            "Say a property anew: its owner, its buildings",
            replace,
        ),
    ]
}

/// A property with what stands on it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PropertyShown {
    #[serde(flatten)]
    property: Property,
    /// What stands on it.
    buildings: Vec<Building>,
    /// How many homes the register has there; not told in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    dwellings: Option<i64>,
}

impl PropertyShown {
    fn listed(property: Property) -> Self {
        Self {
            buildings: property.buildings.0.clone(),
            property,
            dwellings: None,
        }
    }
}

fn told(tx: &mut Tx<'_>, property: Property) -> Result<PropertyShown, Problem> {
    Ok(PropertyShown {
        dwellings: Some(store::homes_in(tx, &property.cadastral_id)?),
        ..PropertyShown::listed(property)
    })
}

fn register(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &SayProperty,
) -> Result<Created<PropertyShown>, Problem> {
    let said = settle(asked).map_err(Problem::invalid)?;
    let property = Property {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        cadastral_id: said.cadastral_id,
        name: said.name,
        owner_kind: said.owner_kind,
        owner_name: said.owner_name,
        owner_number: said.owner_number,
        buildings: Json(said.buildings),
        created_at: tx.now(),
    };
    store::insert(tx, &property)?;
    tx.record(Entry::change("property.registered").about(Subject::policy(property.id)));
    Ok(Created {
        location: format!("/properties/{}", property.id),
        version: Some(property.version),
        body: told(tx, property)?,
    })
}

fn list(tx: &mut Tx<'_>, _: &Call, paging: &Paging) -> Result<Page<PropertyShown>, Problem> {
    let limit = paging.limit()?;
    let rows = store::page(tx, paging.after()?, limit + 1)?;
    Ok(Page::of(rows, limit, |property| property.id).map(PropertyShown::listed))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<PropertyShown>, Problem> {
    let property = load(tx, call)?;
    Ok(Shown::at_version(property.version, told(tx, property)?))
}

fn replace(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &SayProperty,
) -> Result<Shown<PropertyShown>, Problem> {
    let before = load(tx, call)?;
    call.has_seen(before.version)?;
    let said = settle(asked).map_err(Problem::invalid)?;
    let property = Property {
        version: before.version + 1,
        cadastral_id: said.cadastral_id,
        name: said.name,
        owner_kind: said.owner_kind,
        owner_name: said.owner_name,
        owner_number: said.owner_number,
        buildings: Json(said.buildings),
        ..before
    };
    must_be_current(store::replace(tx, &property)?)?;
    tx.record(Entry::change("property.described").about(Subject::policy(property.id)));
    Ok(Shown::at_version(property.version, told(tx, property)?))
}

fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Property, Problem> {
    store::find(tx, call.id()?)?.ok_or_else(|| Problem::new(&NOT_FOUND))
}
