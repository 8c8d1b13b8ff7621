//! Recomputes what a decision rested on, from the snapshot that was kept, and compares to the byte.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Basis;
use super::rules::Refusal;
use super::store::Decision;
use crate::audit::{Hash, canonical, sha256};
use crate::db::Tx;
use crate::matching::{self, Compared};
use crate::problem::Problem;
use crate::rulesets;

/// What a replay found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replay {
    /// Whether standing and explanation came out as they are kept, to the byte.
    reproduced: bool,
    /// The engine that made the decision.
    engine_version: String,
    /// The engine that is running.
    running_engine_version: &'static str,
    /// SHA-256 of the kept basis, in canonical JSON.
    kept_sha256: String,
    /// SHA-256 of the recomputed basis, in canonical JSON.
    recomputed_sha256: String,
}

/// Replays a decision that named a home.
pub(super) fn replay(tx: &mut Tx<'_>, decision: &Decision) -> Result<Replay, Problem> {
    let kept = &decision.basis.0;
    let (Some(address), Some(home)) = (&kept.snapshot_sha256, decision.dwelling_id) else {
        return Err(Refusal::NothingToReplay.into());
    };
    let address =
        Hash::from_hex(address).map_err(|_| Problem::internal("an address is no hash"))?;
    let pool = matching::load_snapshot(tx, address)?;
    let adopted = rulesets::load(tx, kept.rule_set_id)?;
    let case = decision.application_id;
    let engine = matching::engine(&kept.engine_version).ok_or(matching::Refusal::EngineGone)?;
    let explanation = (engine.explain)(&pool, &adopted.rules, case, home);
    let ranking = (engine.rank)(&pool, &adopted.rules, home);
    let candidates = ranking
        .map(|ranking| ranking.candidates)
        .unwrap_or_default();
    let recomputed = Basis {
        rule_set_number: adopted.number,
        rule_set_sha256: adopted.sha256,
        pool_size: Some(pool.households.len()),
        rank: candidates
            .iter()
            .find(|it| it.application_id == case)
            .map(|it| it.rank),
        explanation: explanation.map(matching::Explanation::without_protection),
        ..kept.clone()
    };
    let (kept_sha256, recomputed_sha256) = (digest(kept)?, digest(&recomputed)?);
    Ok(Replay {
        reproduced: kept_sha256 == recomputed_sha256,
        engine_version: kept.engine_version.clone(),
        running_engine_version: matching::ENGINE_VERSION,
        kept_sha256,
        recomputed_sha256,
    })
}

fn digest(basis: &Basis) -> Result<String, Problem> {
    let text = canonical(basis).map_err(|fault| Problem::internal(fault.to_string()))?;
    Ok(sha256(text.as_bytes()).to_hex())
}

/// Everybody who was compared for the home that a decision names, under pseudonyms.
pub(super) fn comparison(tx: &mut Tx<'_>, decision: &Decision) -> Result<Compared, Problem> {
    let kept = &decision.basis.0;
    let home = decision.dwelling_id.ok_or(Refusal::NothingToReplay)?;
    let pool = matching::load_snapshot(tx, kept.snapshot()?)?;
    let rules = rulesets::load(tx, kept.rule_set_id)?.rules;
    let engine = matching::engine(&kept.engine_version).ok_or(matching::Refusal::EngineGone)?;
    matching::compared(engine, &pool, &rules, home, decision.application_id)
        .ok_or_else(|| Problem::internal("a home is not in its own snapshot"))
}
