//! What a decision says in words, as it is told to whoever reads: less what lies in compartments closed to the reader.
//!
//! All its texts are one whole and lie in the same compartments. What is said in codes is told to whoever sees the case.

use serde::Serialize;
use utoipa::ToSchema;

use super::lifecycle::DecisionState;
use super::model::{
    Alternative, AlternativeKind, AlternativeResult, AssistanceForm, Basis, Condition,
    ConditionKind, ConditionPurpose, Content, LegalBasis, Outcome,
};
use super::store::Decision;
use crate::access::{Compartment, Openings, Rooms};
use crate::clock::{Day, Instant};
use crate::ids::{ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId, UserId};
use crate::matching::Explanation;

/// A decision, without what is sealed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisionInShort {
    id: DecisionId,
    version: i32,
    application_id: ApplicationId,
    household_id: HouseholdId,
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    outcome: Outcome,
    legal_basis: LegalBasis,
    state: DecisionState,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_months: Option<i16>,
    proposed_by: UserId,
    proposed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    /// The first day on which it no longer holds, where it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
    /// The decision that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<DecisionId>,
    /// When the party was notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    notified_at: Option<Instant>,
    /// The last day for an appeal, once the party was notified.
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_until: Option<Day>,
    /// The offer that was made, in the answer to approving.
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_id: Option<OfferId>,
}

impl DecisionInShort {
    /// With the offer that was made.
    pub(super) const fn with_offer(mut self, offer_id: Option<OfferId>) -> Self {
        self.offer_id = offer_id;
        self
    }
}

pub(super) fn told(decision: &Decision) -> DecisionInShort {
    DecisionInShort {
        id: decision.id,
        version: decision.version,
        application_id: decision.application_id,
        household_id: decision.household_id,
        dwelling_id: decision.dwelling_id,
        outcome: decision.outcome,
        legal_basis: decision.legal_basis,
        state: decision.state,
        lease_months: decision.lease_months,
        proposed_by: decision.proposed_by,
        proposed_at: decision.proposed_at,
        decided_by: decision.decided_by,
        decided_at: decision.decided_at,
        valid_until: decision.valid_until,
        replaces: decision.replaces,
        notified_at: decision.notified_at,
        appeal_until: decision.appeal_until,
        offer_id: None,
    }
}

/// By what a decision was reached, silent about near whom the household must not live where that is closed to the reader.
pub(super) fn basis_told(openings: &Openings, mut basis: Basis) -> Basis {
    if !openings.contains(Some(Compartment::Crime)) {
        let explanation = basis.explanation.take();
        basis.explanation = explanation.map(Explanation::without_exclusions);
    }
    basis
}

/// What a decision says. Texts are absent where they lie in compartments that are closed to the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentTold {
    reasons: ReasonsTold,
    conditions: Vec<ConditionTold>,
    alternatives: Vec<AlternativeTold>,
    assistance: Vec<AssistanceForm>,
    /// The compartments in which the texts lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    compartments: Option<Rooms>,
}

/// Why it is decided so.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReasonsTold {
    /// The rules that were used.
    rules: Vec<String>,
    /// The facts on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<String>,
    /// The main considerations of the discretion.
    #[serde(skip_serializing_if = "Option::is_none")]
    considerations: Option<String>,
    /// What is best for the children.
    #[serde(skip_serializing_if = "Option::is_none")]
    childs_best_interest: Option<String>,
    /// Why this household and not one ranked above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    deviation: Option<String>,
}

/// A condition of a decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConditionTold {
    kind: ConditionKind,
    purpose: ConditionPurpose,
    /// Why it is needed in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
}

/// An alternative that was assessed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AlternativeTold {
    kind: AlternativeKind,
    result: AlternativeResult,
    /// Since when it was tried, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    tried_from: Option<Day>,
    /// Why so.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl ContentTold {
    /// What is told of a decision's words to whoever may look into these compartments.
    pub(super) fn to(openings: &Openings, content: Content) -> Self {
        let rooms = content.compartments;
        let told = |text: String| openings.told(&rooms, text);
        let reasons = content.reasons;
        Self {
            reasons: ReasonsTold {
                rules: reasons.rules,
                facts: told(reasons.facts),
                considerations: told(reasons.considerations),
                childs_best_interest: reasons.childs_best_interest.and_then(told),
                deviation: reasons.deviation.and_then(told),
            },
            conditions: content
                .conditions
                .into_iter()
                .map(|it: Condition| ConditionTold {
                    kind: it.kind,
                    purpose: it.purpose,
                    because: told(it.because),
                })
                .collect(),
            alternatives: content
                .alternatives
                .into_iter()
                .map(|it: Alternative| AlternativeTold {
                    kind: it.kind,
                    result: it.result,
                    tried_from: it.tried_from,
                    why: told(it.why),
                })
                .collect(),
            assistance: content.assistance,
            compartments: openings.told(&rooms, rooms.clone()),
        }
    }
}
