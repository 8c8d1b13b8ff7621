//! How appeals are shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::lifecycle::AppealState;
use super::model::{AppealForm, AppealOutcome, LateGround};
use super::store::Appeal;
use crate::audit::Hash;
use crate::clock::{Day, Instant};
use crate::decisions::AppealBody;
use crate::http::Shown;
use crate::ids::{AppealId, ApplicationId, DecisionId, PersonId, UserId};
use crate::problem::Problem;

/// An appeal, without what it says.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppealInShort {
    id: AppealId,
    version: i32,
    application_id: ApplicationId,
    decision_id: DecisionId,
    appellant_id: PersonId,
    state: AppealState,
    /// Who decides on it.
    body: AppealBody,
    form: AppealForm,
    sent_on: Day,
    received_on: Day,
    /// Whether it is in time, once that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_time: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_ground: Option<LateGround>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<UserId>,
    /// The decision by which the first instance replaced its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_decision_id: Option<DecisionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded_at: Option<Instant>,
    /// SHA-256 of what was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    package_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<AppealOutcome>,
    /// The priority group to which the outcome raised the household.
    #[serde(skip_serializing_if = "Option::is_none")]
    raised_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded_at: Option<Instant>,
}

/// An appeal, with what was said; what lies in a compartment that is closed to the caller is absent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WholeAppeal {
    #[serde(flatten)]
    pub(super) short: AppealInShort,
    /// What the appellant wants, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grounds: Option<String>,
    /// Why it is taken up late, or not taken up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admissibility: Option<String>,
    /// What the first instance says to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assessment: Option<String>,
    /// Why the body of appeal decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome_reasons: Option<String>,
}

/// The appeals of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Appeals {
    pub(super) items: Vec<AppealInShort>,
}

pub(super) fn shown(appeal: &Appeal) -> Result<Shown<AppealInShort>, Problem> {
    Ok(Shown::at_version(appeal.version, told(appeal)?))
}

pub(super) fn told(appeal: &Appeal) -> Result<AppealInShort, Problem> {
    let package_sha256 = match appeal.package_sha256.clone().map(<[u8; 32]>::try_from) {
        None => None,
        Some(Ok(bytes)) => Some(Hash(bytes).to_hex()),
        Some(Err(_)) => return Err(Problem::internal("a checksum of a wrong size")),
    };
    Ok(AppealInShort {
        id: appeal.id,
        version: appeal.version,
        application_id: appeal.application_id,
        decision_id: appeal.decision_id,
        appellant_id: appeal.appellant_id,
        state: appeal.state,
        body: appeal.body,
        form: appeal.form,
        sent_on: appeal.sent_on,
        received_on: appeal.received_on,
        in_time: appeal.in_time,
        late_ground: appeal.late_ground,
        reviewed_by: appeal.reviewed_by,
        new_decision_id: appeal.new_decision_id,
        forwarded_at: appeal.forwarded_at,
        package_sha256,
        outcome: appeal.outcome,
        raised_to: appeal.raised_to.clone(),
        concluded_by: appeal.concluded_by,
        concluded_at: appeal.concluded_at,
    })
}
