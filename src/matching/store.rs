//! Snapshots, addressed by their content, and the plans that were made from them.

use diesel::prelude::*;
use serde_json::Value;

use super::model::Snapshot;
use super::plan::Objective;
use crate::audit::{Hash, canonical, sha256};
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{matching_run, matching_snapshot};
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
}

/// Keeps a snapshot, once for all that saw the same, and gives its address.
pub fn keep_snapshot(tx: &mut Tx<'_>, snapshot: &Snapshot) -> Result<Hash, Problem> {
    let body = canonical(snapshot).map_err(|fault| Problem::internal(fault.to_string()))?;
    let address = sha256(body.as_bytes());
    let key = (tx.municipality(), address.0.to_vec());
    let known: Option<Instant> = matching_snapshot::table
        .find(key.clone())
        .select(matching_snapshot::created_at)
        .first(tx.conn())
        .optional()?;
    if known.is_none() {
        let now = tx.now();
        diesel::insert_into(matching_snapshot::table)
            .values((
                matching_snapshot::municipality_id.eq(key.0),
                matching_snapshot::sha256.eq(key.1),
                matching_snapshot::body.eq(body),
                matching_snapshot::created_at.eq(now),
            ))
            .execute(tx.conn())
            // Somebody kept the same one just now: try again and find it.
            .map_err(|error| Problem {
                is_retryable: true,
                ..Problem::from(error)
            })?;
    }
    Ok(address)
}

/// The snapshot at an address; refuses one whose content is not what its address says.
pub fn load_snapshot(tx: &mut Tx<'_>, address: Hash) -> Result<Snapshot, Problem> {
    let key = (tx.municipality(), address.0.to_vec());
    let body: String = matching_snapshot::table
        .find(key)
        .select(matching_snapshot::body)
        .first(tx.conn())?;
    if sha256(body.as_bytes()) != address {
        return Err(Problem::internal("a snapshot is not what its address says"));
    }
    serde_json::from_str(&body)
        .map_err(|_| Problem::internal("a snapshot is of a form that this engine does not know"))
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
