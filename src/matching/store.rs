//! The plans that were made, what the team did with them, and who was chosen by decisions.

use diesel::prelude::*;
use serde_json::Value;

use super::plan::Objective;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::matching_run;
use crate::db::types::Json;
use crate::ids::{MatchingRunId, MunicipalityId, RuleSetId};
use crate::problem::Problem;

/// A plan as it is kept.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = matching_run, treat_none_as_default_value = false)]
pub(super) struct Run {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: MatchingRunId,
    pub(super) objective: Objective,
    pub(super) snapshot_sha256: Vec<u8>,
    pub(super) rule_set_id: RuleSetId,
    pub(super) engine_version: String,
    pub(super) plan: Json<Value>,
    pub(super) created_at: Instant,
    /// The version of the pool that it saw.
    pub(super) pool_version: i64,
}

pub(super) fn insert_run(tx: &mut Tx<'_>, run: &Run) -> Result<(), Problem> {
    diesel::insert_into(matching_run::table)
        .values(run)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_run(tx: &mut Tx<'_>, id: MatchingRunId) -> Result<Option<Run>, Problem> {
    let key = (tx.municipality(), id);
    let found = matching_run::table
        .find(key)
        .select(matching_run::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}
