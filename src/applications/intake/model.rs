//! The nouns of intake.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::applications::{ApplicationType, Needs};
use crate::clock::Day;
use crate::codes;
use crate::ids::{ApplicationId, PersonId};
use crate::people::MemberRole;
use crate::situations::SituationReason;

codes! {
    /// A document that a case may lack.
    pub enum Document {
        /// Proof of income.
        Income = "INCOME",
        /// Tax return.
        TaxReturn = "TAX_RETURN",
        /// The present lease, or notice of its end.
        Lease = "LEASE",
        /// Residence permit.
        ResidencePermit = "RESIDENCE_PERMIT",
        /// A statement of the health or care service.
        HealthStatement = "HEALTH_STATEMENT",
        /// A power of attorney.
        PowerOfAttorney = "POWER_OF_ATTORNEY",
    }
}

codes! {
    /// Why a case goes on in another.
    pub enum MergeReason {
        /// The same was applied for twice.
        SameRequest = "SAME_REQUEST",
        /// Two households have become one.
        HouseholdsJoined = "HOUSEHOLDS_JOINED",
    }
}

codes! {
    /// What two cases have in common.
    pub enum Overlap {
        /// Who applied.
        SameApplicant = "SAME_APPLICANT",
        /// Somebody who belongs to both households.
        SharedMember = "SHARED_MEMBER",
    }
}

/// What was known of a case on the day of its receipt, whatever became known later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::applications) struct Frozen {
    /// What was applied for.
    #[serde(rename = "type")]
    pub(super) kind: ApplicationType,
    /// The day on which it reached the municipality.
    pub(super) received_on: Day,
    /// Whether the household lived in a municipal home (KOSTRA's "new household" is defined by it).
    pub(super) lives_in_municipal_dwelling: bool,
    /// Who belonged to the household.
    pub(super) members: Vec<FrozenMember>,
    /// In which situations it was.
    pub(super) situations: Vec<SituationReason>,
    /// What was said to be needed; without areas where the household has a protected address and the caller is not cleared for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) needs: Option<Needs>,
}

/// Somebody who belonged to the household. Name and birth day stand with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FrozenMember {
    /// Who.
    pub(super) person_id: PersonId,
    /// As what.
    pub(super) role: MemberRole,
}

/// Another open case that may be the same request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duplicate {
    /// Which.
    pub(super) case: ApplicationId,
    /// Since when it is with the municipality.
    pub(super) received_on: Day,
    /// What they have in common.
    pub(super) overlap: Overlap,
}

/// What an application that is still being written says so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftContent {
    /// What is applied for.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<ApplicationType>,
    /// Whether the household lives in a municipal home now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lives_in_municipal_dwelling: Option<bool>,
    /// What is needed, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) needs: Option<Needs>,
}
