//! The table of the municipality's own numbers.

use diesel::prelude::*;
use serde_json::Value;

use super::acts::Refusal;
use super::model::{Policy, PolicyKind, Version};
use crate::clock::{Day, Instant};
use crate::db::schema::policy;
use crate::db::types::Json;
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::ids::{MunicipalityId, PolicyId};
use crate::problem::Problem;

const ONE_OPEN: Unique = Unique {
    name: "policy_one_open",
    columns: "policy.municipality_id, policy.kind",
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = policy, treat_none_as_default_value = false)]
struct Row {
    municipality_id: MunicipalityId,
    id: PolicyId,
    kind: PolicyKind,
    content: Json<Value>,
    valid_from: Day,
    valid_until: Option<Day>,
    created_at: Instant,
}

impl Row {
    fn told<P: Policy>(self) -> Result<Version<P>, Problem> {
        let said = serde_json::from_value(self.content.0);
        Ok(Version {
            id: self.id,
            said: said.map_err(|_| Problem::internal("a policy is not of its kind's form"))?,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            created_at: self.created_at,
        })
    }
}

pub(super) fn insert<P: Policy>(
    tx: &mut Tx<'_>,
    said: &P,
    valid_from: Day,
) -> Result<Version<P>, Problem> {
    let content =
        serde_json::to_value(said).map_err(|fault| Problem::internal(fault.to_string()))?;
    let row = Row {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        kind: P::KIND,
        content: Json(content),
        valid_from,
        valid_until: None,
        created_at: tx.now(),
    };
    diesel::insert_into(policy::table)
        .values(&row)
        .execute(tx.conn())
        .or_refuse(&ONE_OPEN, Refusal::AdoptedMeanwhile)?;
    row.told()
}

/// All versions of a kind, oldest first; there are few.
pub(super) fn all<P: Policy>(tx: &mut Tx<'_>) -> Result<Vec<Version<P>>, Problem> {
    let municipality = tx.municipality();
    let rows: Vec<Row> = policy::table
        .filter(policy::municipality_id.eq(municipality))
        .filter(policy::kind.eq(P::KIND))
        .order(policy::valid_from)
        .select(Row::as_select())
        .load(tx.conn())?;
    rows.into_iter().map(Row::told).collect()
}

/// The version of a kind that holds on a day.
pub(super) fn holding<P: Policy>(tx: &mut Tx<'_>, day: Day) -> Result<Option<Version<P>>, Problem> {
    let municipality = tx.municipality();
    let row: Option<Row> = policy::table
        .filter(policy::municipality_id.eq(municipality))
        .filter(policy::kind.eq(P::KIND))
        .filter(policy::valid_from.le(day))
        .filter(
            policy::valid_until
                .is_null()
                .or(policy::valid_until.gt(day)),
        )
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?;
    row.map(Row::told).transpose()
}

/// Ends a version on a day.
pub(super) fn close(tx: &mut Tx<'_>, id: PolicyId, until: Day) -> Result<(), Problem> {
    let key = (tx.municipality(), id);
    diesel::update(policy::table.find(key))
        .filter(policy::valid_until.is_null())
        .set(policy::valid_until.eq(until))
        .execute(tx.conn())?;
    Ok(())
}
