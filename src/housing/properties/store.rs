//! The table of properties.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::property::Property;
use crate::db::schema::{dwelling, property};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::housing::rules::Refusal;
use crate::ids::PropertyId;
use crate::problem::Problem;

const ONE_PER_CADASTRAL_ID: Unique = Unique {
    name: "property_one_per_cadastral_id",
    columns: "property.municipality_id, property.cadastral_id",
};

pub(super) fn find(tx: &mut Tx<'_>, id: PropertyId) -> Result<Option<Property>, Problem> {
    let key = (tx.municipality(), id);
    Ok(property::table
        .find(key)
        .select(Property::as_select())
        .first(tx.conn())
        .optional()?)
}

/// Properties in order of id, after `after`, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<PropertyId>,
    limit: i64,
) -> Result<Vec<Property>, Problem> {
    let municipality = tx.municipality();
    Ok(property::table
        .filter(property::municipality_id.eq(municipality))
        .filter(property::id.gt(after.unwrap_or(PropertyId::NIL)))
        .order(property::id)
        .limit(limit)
        .select(Property::as_select())
        .load(tx.conn())?)
}

/// How many homes the register has in this unit of the cadastre.
pub(super) fn homes_in(tx: &mut Tx<'_>, cadastral_id: &str) -> Result<i64, Problem> {
    let municipality = tx.municipality();
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::cadastral_id.eq(cadastral_id.to_owned()))
        .select(count_star())
        .first(tx.conn())?)
}

pub(super) fn insert(tx: &mut Tx<'_>, it: &Property) -> Result<(), Problem> {
    diesel::insert_into(property::table)
        .values(it)
        .execute(tx.conn())
        .or_refuse(&ONE_PER_CADASTRAL_ID, Refusal::PropertyExists)?;
    Ok(())
}

/// Says a property anew, if it is still at the version before.
pub(super) fn replace(tx: &mut Tx<'_>, it: &Property) -> Result<usize, Problem> {
    let key = (tx.municipality(), it.id);
    diesel::update(property::table.find(key))
        .filter(property::version.eq(it.version - 1))
        .set((
            property::cadastral_id.eq(&it.cadastral_id),
            property::name.eq(&it.name),
            property::owner_kind.eq(it.owner_kind),
            property::owner_name.eq(&it.owner_name),
            property::owner_number.eq(&it.owner_number),
            property::buildings.eq(&it.buildings),
            property::version.eq(it.version),
        ))
        .execute(tx.conn())
        .or_refuse(&ONE_PER_CADASTRAL_ID, Refusal::PropertyExists)
}
