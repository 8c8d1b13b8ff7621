//! The tables of agreements.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{Agreement, AgreementKind};
use crate::clock::Day;
use crate::db::schema::{agreement, agreement_unit, dwelling};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::housing::rules::Refusal;
use crate::housing::{Dwelling, DwellingState};
use crate::ids::{AgreementId, DwellingId};
use crate::problem::Problem;

/// Homes that are asked for at once.
const BATCH: usize = 500;

const ONE_PER_NAME: Unique = Unique {
    name: "agreement_name",
    columns: "agreement.municipality_id, agreement.name",
};
const ONE_PER_HOME: Unique = Unique {
    name: "agreement_unit_pkey",
    columns: "agreement_unit.municipality_id, agreement_unit.dwelling_id",
};

/// What an agreement says of letting one of its homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub(in crate::housing) struct Terms {
    pub(in crate::housing) agreement: AgreementId,
    pub(in crate::housing) kind: AgreementKind,
    pub(in crate::housing) starts_on: Day,
    pub(in crate::housing) ends_on: Day,
    pub(in crate::housing) units: i32,
    pub(in crate::housing) usable: i32,
    pub(in crate::housing) in_use: i32,
    pub(in crate::housing) lease_months_min: i16,
}

/// The terms under which these homes are let, where they are let under any.
pub(in crate::housing) fn terms_of(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<BTreeMap<DwellingId, Terms>, Problem> {
    let municipality = tx.municipality();
    let mut found = BTreeMap::new();
    for batch in homes.chunks(BATCH) {
        let rows: Vec<(DwellingId, Terms)> = agreement_unit::table
            .inner_join(
                agreement::table.on(agreement::municipality_id
                    .eq(agreement_unit::municipality_id)
                    .and(agreement::id.eq(agreement_unit::agreement_id))),
            )
            .filter(agreement_unit::municipality_id.eq(municipality))
            .filter(agreement_unit::dwelling_id.eq_any(batch.to_vec()))
            .select((
                agreement_unit::dwelling_id,
                (
                    agreement::id,
                    agreement::kind,
                    agreement::starts_on,
                    agreement::ends_on,
                    agreement::units,
                    agreement::usable,
                    agreement::in_use,
                    agreement::lease_months_min,
                ),
            ))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}

/// Under which agreement each of these homes stands, and how the home stands; in no order.
pub(super) fn states_under(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(AgreementId, DwellingState)>, Problem> {
    let municipality = tx.municipality();
    let mut found = Vec::new();
    for batch in homes.chunks(BATCH) {
        let rows: Vec<(AgreementId, DwellingState)> = agreement_unit::table
            .inner_join(
                dwelling::table.on(dwelling::municipality_id
                    .eq(agreement_unit::municipality_id)
                    .and(dwelling::id.eq(agreement_unit::dwelling_id))),
            )
            .filter(agreement_unit::municipality_id.eq(municipality))
            .filter(agreement_unit::dwelling_id.eq_any(batch.to_vec()))
            .select((agreement_unit::agreement_id, dwelling::state))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many homes under these agreements stand blocked.
pub(in crate::housing) fn blocked_under(
    tx: &mut Tx<'_>,
    agreements: &[AgreementId],
) -> Result<BTreeMap<AgreementId, i32>, Problem> {
    let municipality = tx.municipality();
    let mut counted: BTreeMap<AgreementId, i32> = BTreeMap::new();
    for batch in agreements.chunks(BATCH) {
        let rows: Vec<AgreementId> = agreement_unit::table
            .inner_join(
                dwelling::table.on(dwelling::municipality_id
                    .eq(agreement_unit::municipality_id)
                    .and(dwelling::id.eq(agreement_unit::dwelling_id))),
            )
            .filter(agreement_unit::municipality_id.eq(municipality))
            .filter(agreement_unit::agreement_id.eq_any(batch.to_vec()))
            .filter(dwelling::state.eq(DwellingState::Blocked))
            .select(agreement_unit::agreement_id)
            .load(tx.conn())?;
        for agreement in rows {
            *counted.entry(agreement).or_default() += 1;
        }
    }
    Ok(counted)
}

/// Counts so many more units as in use, if the agreement allows them beside those that are kept for its blocked homes. Whoever else
/// counts waits here.
pub(super) fn take(
    tx: &mut Tx<'_>,
    id: AgreementId,
    more: i32,
    kept: i32,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), id);
    Ok(diesel::update(agreement::table.find(key))
        .filter((agreement::in_use + (more + kept)).le(agreement::usable))
        .set(agreement::in_use.eq(agreement::in_use + more))
        .execute(tx.conn())?)
}

pub(super) fn find(tx: &mut Tx<'_>, id: AgreementId) -> Result<Option<Agreement>, Problem> {
    let key = (tx.municipality(), id);
    Ok(agreement::table
        .find(key)
        .select(Agreement::as_select())
        .first(tx.conn())
        .optional()?)
}

/// All agreements; there are few.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Agreement>, Problem> {
    page(tx, None, None, None, i64::MAX)
}

/// Agreements in order of id, after `after`, at most `limit`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    kind: Option<AgreementKind>,
    ends_before: Option<Day>,
    after: Option<AgreementId>,
    limit: i64,
) -> Result<Vec<Agreement>, Problem> {
    let municipality = tx.municipality();
    let mut query = agreement::table
        .filter(agreement::municipality_id.eq(municipality))
        .filter(agreement::id.gt(after.unwrap_or(AgreementId::NIL)))
        .order(agreement::id)
        .limit(limit)
        .select(Agreement::as_select())
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(agreement::kind.eq(kind));
    }
    if let Some(day) = ends_before {
        query = query.filter(agreement::ends_on.lt(day));
    }
    Ok(query.load(tx.conn())?)
}

pub(super) fn insert(tx: &mut Tx<'_>, it: &Agreement) -> Result<(), Problem> {
    diesel::insert_into(agreement::table)
        .values(it)
        .execute(tx.conn())
        .or_refuse(&ONE_PER_NAME, Refusal::AgreementExists)?;
    Ok(())
}

/// Says an agreement anew, if it is still at the version before and no more units are in use, or kept for blocked homes, than it then
/// allows.
pub(super) fn replace(tx: &mut Tx<'_>, it: &Agreement, kept: i32) -> Result<usize, Problem> {
    let key = (tx.municipality(), it.id);
    diesel::update(agreement::table.find(key))
        .filter(agreement::version.eq(it.version - 1))
        .filter((agreement::in_use + kept).le(it.usable))
        .set((
            agreement::kind.eq(it.kind),
            agreement::name.eq(&it.name),
            agreement::counterparty.eq(&it.counterparty),
            agreement::counterparty_number.eq(&it.counterparty_number),
            agreement::starts_on.eq(it.starts_on),
            agreement::ends_on.eq(it.ends_on),
            agreement::units.eq(it.units),
            agreement::usable.eq(it.usable),
            agreement::lease_months_min.eq(it.lease_months_min),
            agreement::warn_days.eq(it.warn_days),
            agreement::version.eq(it.version),
        ))
        .execute(tx.conn())
        .or_refuse(&ONE_PER_NAME, Refusal::AgreementExists)
}

/// Raises an agreement's version, if it is still the one that was read.
pub(super) fn raise(tx: &mut Tx<'_>, it: &Agreement) -> Result<usize, Problem> {
    let key = (tx.municipality(), it.id);
    Ok(diesel::update(agreement::table.find(key))
        .filter(agreement::version.eq(it.version))
        .set(agreement::version.eq(it.version + 1))
        .execute(tx.conn())?)
}

/// Keeps a home as it is until the transaction ends, if it is still at the version that was read.
pub(super) fn hold_still(tx: &mut Tx<'_>, home: &Dwelling) -> Result<usize, Problem> {
    let key = (tx.municipality(), home.id);
    Ok(diesel::update(dwelling::table.find(key))
        .filter(dwelling::version.eq(home.version))
        .set(dwelling::version.eq(home.version))
        .execute(tx.conn())?)
}

/// How many homes are let under an agreement.
pub(super) fn count_homes(tx: &mut Tx<'_>, id: AgreementId) -> Result<i64, Problem> {
    let municipality = tx.municipality();
    Ok(agreement_unit::table
        .filter(agreement_unit::municipality_id.eq(municipality))
        .filter(agreement_unit::agreement_id.eq(id))
        .count()
        .get_result(tx.conn())?)
}

/// The homes that are let under an agreement, in order of id.
pub(super) fn homes_of(tx: &mut Tx<'_>, id: AgreementId) -> Result<Vec<DwellingId>, Problem> {
    let municipality = tx.municipality();
    Ok(agreement_unit::table
        .filter(agreement_unit::municipality_id.eq(municipality))
        .filter(agreement_unit::agreement_id.eq(id))
        .order(agreement_unit::dwelling_id)
        .select(agreement_unit::dwelling_id)
        .load(tx.conn())?)
}

pub(super) fn add(
    tx: &mut Tx<'_>,
    id: AgreementId,
    homes: &[DwellingId],
    on: Day,
) -> Result<(), Problem> {
    let municipality = tx.municipality();
    let rows: Vec<_> = homes
        .iter()
        .map(|home| {
            (
                agreement_unit::municipality_id.eq(municipality),
                agreement_unit::dwelling_id.eq(*home),
                agreement_unit::agreement_id.eq(id),
                agreement_unit::added_on.eq(on),
            )
        })
        .collect();
    let insert = diesel::insert_into(agreement_unit::table).values(rows);
    each!(tx.conn(), c => insert.execute(c)).or_refuse(&ONE_PER_HOME, Refusal::UnderAgreement)?;
    Ok(())
}

pub(super) fn remove(
    tx: &mut Tx<'_>,
    id: AgreementId,
    homes: &[DwellingId],
) -> Result<usize, Problem> {
    let municipality = tx.municipality();
    Ok(diesel::delete(
        agreement_unit::table
            .filter(agreement_unit::municipality_id.eq(municipality))
            .filter(agreement_unit::agreement_id.eq(id))
            .filter(agreement_unit::dwelling_id.eq_any(homes.to_vec())),
    )
    .execute(tx.conn())?)
}
