//! Decisions from before the municipality used this service.

use super::appeal_right::AppealRight;
use super::lifecycle::DecisionState;
use super::model::{AssistanceForm, Content, LegalBasis, Outcome, Reasons};
use super::sealed::seal;
use super::standing::basis;
use super::store::{self, Decision};
use super::trace::entry_of;
use crate::access::TextKind;
use crate::applications;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::types::Json;
use crate::eligibility::rooms_of_text;
use crate::ids::{ApplicationId, DecisionId, UserId};
use crate::problem::Problem;
use crate::rulesets;

/// A decision from before the municipality used this service.
#[derive(Debug)]
pub struct TakenOver {
    /// The case.
    pub application: ApplicationId,
    /// By which law.
    pub legal_basis: LegalBasis,
    /// What was decided.
    pub outcome: Outcome,
    /// With what the household is helped, where assistance was granted.
    pub assistance: Vec<AssistanceForm>,
    /// Why.
    pub reasons: Reasons,
    /// Who proposed.
    pub proposed_by: UserId,
    /// Who decided.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Instant,
    /// The first day on which it no longer holds, where it names one.
    pub valid_until: Option<Day>,
}

/// Takes over decisions from before; the rules in force are named as their basis, for others are not known.
pub fn take_over(tx: &mut Tx<'_>, decisions: &[TakenOver]) -> Result<(), Problem> {
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    for it in decisions {
        let case = applications::load(tx, it.application)?;
        let id: DecisionId = tx.new_id();
        let content = Content {
            reasons: it.reasons.clone(),
            conditions: Vec::new(),
            alternatives: Vec::new(),
            assistance: it.assistance.clone(),
            compartments: rooms_of_text(tx, &case, TextKind::DecisionReasons, (None, ""))?,
        };
        // The notice went out with the decision, and reached the party within the week.
        let received_on = it.decided_at.day().plus_days(7);
        let right = AppealRight::of(it.legal_basis, it.decided_at.day());
        let appeal_until = right.map(|right| right.last_day(received_on));
        let decision = Decision {
            municipality_id: tx.municipality(),
            id,
            version: 2,
            application_id: case.id,
            household_id: case.household_id,
            dwelling_id: None,
            outcome: it.outcome,
            legal_basis: it.legal_basis,
            state: DecisionState::Approved,
            sealed_reasons: seal(tx, &case, id, &content)?,
            basis: Json(basis(tx, &adopted, None)),
            rule_set_id: adopted.id,
            lease_months: None,
            proposed_by: it.proposed_by,
            proposed_at: it.decided_at,
            decided_by: Some(it.decided_by),
            decided_at: Some(it.decided_at),
            recorded_at: tx.now(),
            valid_until: it.valid_until,
            replaces: None,
            notified_at: appeal_until.map(|_| it.decided_at),
            appeal_until,
        };
        store::insert(tx, &decision)?;
        let entry = entry_of("decision.taken_over", &decision);
        tx.record(entry.fact("outcome", decision.outcome.code()));
    }
    Ok(())
}
