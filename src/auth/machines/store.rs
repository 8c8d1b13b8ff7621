//! The tables of organisations and their agreements.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::auth::policy::Scope;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::{data_agreement, machine_client};
use crate::db::types::Json;
use crate::each;
use crate::ids::{DataAgreementId, MachineId, MunicipalityId};
use crate::organisation_number::OrganisationNumber;
use crate::problem::Problem;

/// An agreement, as it is kept.
#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = data_agreement, treat_none_as_default_value = false)]
pub(super) struct Agreement {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: DataAgreementId,
    pub(super) version: i32,
    pub(super) client_id: MachineId,
    pub(super) organisation_number: String,
    pub(super) name: String,
    pub(super) scopes: Json<BTreeSet<Scope>>,
    pub(super) valid_from: Day,
    pub(super) valid_until: Option<Day>,
    pub(super) created_at: Instant,
}

/// The municipalities with which an organisation has or had an agreement; read before a municipality is known.
pub(in crate::auth) fn clients_of(
    tx: &mut Tx<'_>,
    organisation: OrganisationNumber,
) -> Result<Vec<(MunicipalityId, MachineId)>, Problem> {
    Ok(machine_client::table
        .filter(machine_client::organisation_number.eq(organisation.to_string()))
        .select((machine_client::municipality_id, machine_client::id))
        .load(tx.conn())?)
}

/// What the agreements in force today let an organisation's programs into; none where none is in force.
pub(in crate::auth) fn scopes_in_force(
    tx: &mut Tx<'_>,
    client: MachineId,
) -> Result<Option<BTreeSet<Scope>>, Problem> {
    let (municipality, today) = (tx.municipality(), tx.today());
    let agreed: Vec<Json<BTreeSet<Scope>>> = data_agreement::table
        .filter(data_agreement::municipality_id.eq(municipality))
        .filter(data_agreement::client_id.eq(client))
        .filter(data_agreement::valid_from.le(today))
        .filter(
            data_agreement::valid_until
                .is_null()
                .or(data_agreement::valid_until.gt(today)),
        )
        .select(data_agreement::scopes)
        .load(tx.conn())?;
    let merged = agreed.into_iter().map(|scopes| scopes.0);
    Ok(merged.reduce(|mut all, more| {
        all.extend(more);
        all
    }))
}

/// The id of an organisation in this municipality: the one that it has, or a new one.
pub(super) fn client(
    tx: &mut Tx<'_>,
    organisation: OrganisationNumber,
) -> Result<MachineId, Problem> {
    let (municipality, number) = (tx.municipality(), organisation.to_string());
    let id: MachineId = tx.new_id();
    let insert = diesel::insert_into(machine_client::table)
        .values((
            machine_client::organisation_number.eq(&number),
            machine_client::municipality_id.eq(municipality),
            machine_client::id.eq(id),
        ))
        .on_conflict_do_nothing();
    each!(tx.conn(), c => insert.execute(c))?;
    Ok(machine_client::table
        .find((number, municipality))
        .select(machine_client::id)
        .first(tx.conn())?)
}

pub(super) fn insert(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), Problem> {
    diesel::insert_into(data_agreement::table)
        .values(agreement)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: DataAgreementId) -> Result<Option<Agreement>, Problem> {
    let key = (tx.municipality(), id);
    let found = data_agreement::table
        .find(key)
        .select(data_agreement::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Agreements in order of id, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<DataAgreementId>,
    limit: i64,
) -> Result<Vec<Agreement>, Problem> {
    let municipality = tx.municipality();
    Ok(data_agreement::table
        .filter(data_agreement::municipality_id.eq(municipality))
        .filter(data_agreement::id.gt(after.unwrap_or(DataAgreementId::NIL)))
        .order(data_agreement::id)
        .limit(limit)
        .select(data_agreement::all_columns)
        .load(tx.conn())?)
}

/// Ends an agreement, if it is still at this version.
pub(super) fn end(
    tx: &mut Tx<'_>,
    id: DataAgreementId,
    version: i32,
    until: Day,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), id);
    Ok(diesel::update(data_agreement::table.find(key))
        .filter(data_agreement::version.eq(version))
        .set((
            data_agreement::valid_until.eq(until),
            data_agreement::version.eq(version + 1),
        ))
        .execute(tx.conn())?)
}
