//! The municipalities ("kommuner") that use this installation.

use diesel::prelude::*;

use crate::access;
use crate::audit::{Entry, Subject};
use crate::cadastral::MunicipalityNumber;
use crate::db::schema::municipality;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::MunicipalityId;
use crate::problem::Problem;
use crate::refusals;

refusals! {
    /// Why a municipality cannot be added.
    pub enum Refusal {
        NumberTaken = 409 "municipality_exists", "Kommunen finnes fra før.", "The municipality exists already.";
    }
}

const NUMBER: Unique = Unique {
    name: "municipality_number",
    columns: "municipality.number",
};

/// Adds the municipality for which the transaction acts.
pub fn add(tx: &mut Tx<'_>, number: MunicipalityNumber, name: &str) -> Result<(), Problem> {
    let (id, now) = (tx.municipality(), tx.now());
    diesel::insert_into(municipality::table)
        .values((
            municipality::id.eq(id),
            municipality::number.eq(number.to_string()),
            municipality::name.eq(name),
            municipality::created_at.eq(now),
        ))
        .execute(tx.conn())
        .or_refuse(&NUMBER, Refusal::NumberTaken)?;
    let entry = Entry::change("municipality.added").about(Subject::policy(id));
    tx.record(entry.fact("number", number.to_string()));
    access::found_intake(tx)
}

/// The municipality with this number.
pub fn find_by_number(
    tx: &mut Tx<'_>,
    number: MunicipalityNumber,
) -> Result<Option<MunicipalityId>, Problem> {
    Ok(municipality::table
        .filter(municipality::number.eq(number.to_string()))
        .select(municipality::id)
        .first(tx.conn())
        .optional()?)
}

/// The number and name of the municipality for which the transaction acts.
pub fn load(tx: &mut Tx<'_>) -> Result<(String, String), Problem> {
    let id = tx.municipality();
    Ok(municipality::table
        .find(id)
        .select((municipality::number, municipality::name))
        .first(tx.conn())?)
}

/// Every municipality with its number.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(MunicipalityId, String)>, Problem> {
    Ok(municipality::table
        .select((municipality::id, municipality::number))
        .load(tx.conn())?)
}

/// Succeeds when the database answers and has the schema.
pub fn is_reachable(tx: &mut Tx<'_>) -> Result<(), Problem> {
    let _any: Option<MunicipalityId> = municipality::table
        .select(municipality::id)
        .first(tx.conn())
        .optional()?;
    Ok(())
}
