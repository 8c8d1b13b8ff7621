//! What is asked and answered about keeping and erasing.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Concern, ErasureState, Ground, HoldReason};
use super::shipped::Shipped;
use super::store::{ErasureRow, HoldRow, RuleRow};
use crate::clock::{Day, Instant};
use crate::ids::{ErasureId, LegalHoldId, PersonId, RetentionRuleId, UserId};

/// For how long something is to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AdoptRule {
    pub(super) concern: Concern,
    /// Months from the day on which the thing ended.
    #[schema(minimum = 1, maximum = 1200)]
    pub(super) months: i16,
    /// The provision or decision by which it is so, for example "arkivlova § 9, kommunens bevarings- og kassasjonsplan".
    #[schema(min_length = 3, max_length = 500)]
    pub(super) legal_basis: String,
    /// The first day on which it holds.
    pub(super) valid_from: Day,
}

/// A retention rule; half-open period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleShown {
    pub(super) id: RetentionRuleId,
    concern: Concern,
    months: i16,
    legal_basis: String,
    valid_from: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
}

impl From<RuleRow> for RuleShown {
    fn from(row: RuleRow) -> Self {
        Self {
            id: row.id,
            concern: row.concern,
            months: row.months,
            legal_basis: row.legal_basis,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        }
    }
}

/// The rules of the municipality, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct RulesShown {
    /// What holds as long as the municipality has no rule about the same.
    #[schema(value_type = Vec<Shipped>)]
    pub(super) shipped: &'static [Shipped],
    pub(super) items: Vec<RuleShown>,
}

/// Why nothing of a person may be erased from today on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PlaceHold {
    pub(super) reason: HoldReason,
    /// The first day on which it no longer holds; until it is lifted when not given.
    pub(super) valid_until: Option<Day>,
}

/// A legal hold; half-open period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HoldShown {
    id: LegalHoldId,
    version: i32,
    person_id: PersonId,
    reason: HoldReason,
    valid_from: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Day>,
    placed_by: UserId,
    placed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifted_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifted_at: Option<Instant>,
}

impl From<HoldRow> for HoldShown {
    fn from(row: HoldRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            person_id: row.person_id,
            reason: row.reason,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            placed_by: row.placed_by,
            placed_at: row.placed_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
        }
    }
}

/// What keeps a person's data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RetentionShown {
    pub(super) person_id: PersonId,
    /// The first day on which no period of retention runs any more; absent where the municipality has not ruled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kept_until: Option<Day>,
    /// The code of the refusal with which an erasure would be met now, for example `open_case`; absent where none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) obstacle: Option<&'static str>,
    /// The legal holds, oldest first, ended ones too.
    pub(super) holds: Vec<HoldShown>,
}

/// On which ground a person is to be erased.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RequestErasure {
    pub(super) ground: Ground,
}

/// An erasure.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErasureShown {
    pub(super) id: ErasureId,
    version: i32,
    person_id: PersonId,
    ground: Ground,
    state: ErasureState,
    /// Absent where the service itself proposed it, because the time was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<UserId>,
    requested_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_approver: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_approver: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried_out_at: Option<Instant>,
}

impl From<ErasureRow> for ErasureShown {
    fn from(row: ErasureRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            person_id: row.person_id,
            ground: row.ground,
            state: row.state,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            first_approver: row.first_approver,
            second_approver: row.second_approver,
            carried_out_at: row.carried_out_at,
        }
    }
}

/// Which erasures are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct ErasuresAsked {
    /// In this state.
    #[param(inline)]
    pub(super) state: Option<ErasureState>,
    /// How many rows at most; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<u16>,
    /// The `nextCursor` of the page before.
    pub(super) cursor: Option<String>,
}

crate::query!(ErasuresAsked);
