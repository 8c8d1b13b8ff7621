//! Puts together what is handed over with an appeal, keeps it, and shows it.

use super::package::{DecisionInPackage, Package, side_by_side};
use super::rules::Refusal;
use super::store::{self, Appeal, PackageRow};
use crate::audit::{Hash, canonical, sha256};
use crate::db::Tx;
use crate::decisions;
use crate::matching;
use crate::problem::Problem;
use crate::rulesets;

/// Puts the package together from what the decision kept, and keeps it.
pub(super) fn keep(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Hash, Problem> {
    let decision = decisions::load(tx, appeal.decision_id)?;
    let basis = &decision.basis.0;
    let adopted = rulesets::load(tx, decision.rule_set_id)?;
    let comparison = match &basis.snapshot_sha256 {
        Some(address) => {
            let address = Hash::from_hex(address);
            let address = address.map_err(|_| Problem::internal("an address is no hash"))?;
            let pool = matching::load_snapshot(tx, address)?;
            Some(side_by_side(&pool, &adopted.rules, appeal.application_id))
        }
        None => None,
    };
    let package = Package {
        appeal_id: appeal.id,
        made_at: tx.now(),
        decision: DecisionInPackage {
            legal_basis: decision.legal_basis,
            outcome: decision.outcome,
            proposed_at: decision.proposed_at,
            decided_at: decision.decided_at,
            notified_at: decision.notified_at,
            appeal_until: decision.appeal_until,
            rule_set_number: basis.rule_set_number,
            rule_set_sha256: basis.rule_set_sha256.clone(),
            engine_version: basis.engine_version.clone(),
            snapshot_sha256: basis.snapshot_sha256.clone(),
        },
        rules: adopted.rules,
        comparison,
    };
    let body = canonical(&package).map_err(|fault| Problem::internal(fault.to_string()))?;
    let digest = sha256(body.as_bytes());
    let row = PackageRow {
        municipality_id: tx.municipality(),
        appeal_id: appeal.id,
        body,
        sha256: digest.0.to_vec(),
        made_at: tx.now(),
    };
    store::insert_package(tx, &row)?;
    Ok(digest)
}

/// What was handed over; refuses when it is not what was kept.
pub(super) fn load(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Package, Problem> {
    let row = store::package(tx, appeal.id)?.ok_or(Refusal::NothingHandedOver)?;
    if sha256(row.body.as_bytes()).0[..] != row.sha256[..] {
        return Err(Problem::internal("a package does not match its checksum"));
    }
    serde_json::from_str(&row.body).map_err(|_| Problem::internal("a package is not JSON"))
}
