//! The nouns of meetings.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Rooms;
use crate::codes;
use crate::ids::UserId;

codes! {
    /// Where a meeting stands.
    pub enum MeetingState {
        /// Called.
        Planned = "PLANNED",
        /// Held; its minutes stand.
        Closed = "CLOSED",
        /// Not held.
        Cancelled = "CANCELLED",
    }
}

codes! {
    /// For which discipline a member speaks ("fagområde").
    pub enum Discipline {
        /// The housing service ("Boligtjenesten").
        Housing = "HOUSING",
        /// NAV.
        Nav = "NAV",
        /// Health and care.
        HealthAndCare = "HEALTH_AND_CARE",
        /// Mental health and substance use.
        MentalHealthAndSubstance = "MENTAL_HEALTH_AND_SUBSTANCE",
        /// Child welfare.
        ChildWelfare = "CHILD_WELFARE",
        /// The refugee service.
        RefugeeService = "REFUGEE_SERVICE",
        /// Those who manage the buildings.
        Property = "PROPERTY",
        /// Another one.
        Other = "OTHER",
    }
}

codes! {
    /// What the team recommends in a case ("innstilling fra teamet").
    pub enum Advice {
        /// To give the household a home, this one when one is named.
        Grant = "GRANT",
        /// Not to.
        Refuse = "REFUSE",
        /// To find out more first.
        MoreInformation = "MORE_INFORMATION",
    }
}

codes! {
    /// How a member votes.
    pub enum Vote {
        /// For the recommendation.
        For = "FOR",
        /// Against it.
        Against = "AGAINST",
        /// Neither.
        Abstained = "ABSTAINED",
    }
}

codes! {
    /// Why somebody is not impartial in a case ("inhabil", forvaltningsloven § 6).
    pub enum ConflictGround {
        /// A party.
        Party = "PARTY",
        /// Related or married to a party.
        Family = "FAMILY",
        /// Represents a party, or has done so.
        RepresentsParty = "REPRESENTS_PARTY",
        /// Another special circumstance.
        OtherCircumstance = "OTHER_CIRCUMSTANCE",
    }
}

codes! {
    /// In what an employee is like somebody in a case, so that it is asked how they are related.
    pub enum Likeness {
        /// Has the same family name.
        Surname = "SURNAME",
        /// Has the same address.
        Address = "ADDRESS",
    }
}

codes! {
    /// Why an employee is impartial in a case in spite of such a likeness.
    pub enum ImpartialityGround {
        /// They are not related, and do not know each other.
        Coincidence = "COINCIDENCE",
        /// Related, and not as close as the law asks: further away than siblings (forvaltningsloven § 6 first paragraph, b).
        DistantRelation = "DISTANT_RELATION",
        /// Neighbours or of one building, and no more.
        Neighbour = "NEIGHBOUR",
    }
}

/// Why a member votes against, or anything else that shall stand with the vote.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dissent {
    /// Who.
    pub user_id: UserId,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// What the team says of a case. Sealed under the applicant's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Words {
    pub(super) reasons: String,
    pub(super) dissents: Vec<Dissent>,
    /// The compartments in which lies what is said.
    #[serde(default, skip_serializing_if = "Rooms::is_none")]
    pub(super) rooms: Rooms,
}

impl fmt::Debug for Dissent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dissent(redacted)")
    }
}
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(redacted)")
    }
}
