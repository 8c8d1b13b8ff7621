//! Decisions from before the municipality used this service.

use super::acts::{basis, entry_of, seal};
use super::model::{DecisionState, LegalBasis, Outcome, Reasons};
use super::store::{self, Decision};
use crate::applications;
use crate::clock::Instant;
use crate::db::Tx;
use crate::db::types::Json;
use crate::ids::{ApplicationId, DecisionId, UserId};
use crate::problem::Problem;
use crate::rulesets;

/// A decision from before the municipality used this service.
#[derive(Debug)]
pub struct TakenOver {
    /// The case.
    pub application: ApplicationId,
    /// What was decided.
    pub outcome: Outcome,
    /// Why.
    pub reasons: Reasons,
    /// Who proposed.
    pub proposed_by: UserId,
    /// Who decided.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Instant,
}

/// Takes over decisions from before; the rules in force are named as their basis, for others are not known.
pub fn take_over(tx: &mut Tx<'_>, decisions: &[TakenOver]) -> Result<(), Problem> {
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    for it in decisions {
        let case = applications::load(tx, it.application)?;
        let id: DecisionId = tx.new_id();
        let decision = Decision {
            municipality_id: tx.municipality(),
            id,
            version: 2,
            application_id: case.id,
            household_id: case.household_id,
            dwelling_id: None,
            outcome: it.outcome,
            legal_basis: LegalBasis::MunicipalDwelling,
            state: DecisionState::Approved,
            sealed_reasons: seal(tx, &case, id, &it.reasons)?,
            basis: Json(basis(tx, &adopted, None)),
            rule_set_id: adopted.id,
            lease_months: None,
            proposed_by: it.proposed_by,
            proposed_at: it.decided_at,
            decided_by: Some(it.decided_by),
            decided_at: Some(it.decided_at),
            recorded_at: tx.now(),
        };
        store::insert(tx, &decision)?;
        let entry = entry_of("decision.taken_over", &decision);
        tx.record(entry.fact("outcome", decision.outcome.code()));
    }
    Ok(())
}
