//! What follows when an offer is not taken: after how many a grant may lapse, and what each reason for a no leads to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Compartment;
use crate::codes;

/// What follows when an offer is not taken. Local: the numbers of an example are for the municipality to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferRules {
    /// After so many offers that count, a grant may lapse, by a decision of its own.
    #[schema(minimum = 1, maximum = 20)]
    pub lapse_after: u8,
    /// What a no leads to for the reasons that are well-founded. For any other it counts.
    #[schema(max_items = 9)]
    pub declines: Vec<DeclineRule>,
}

/// What a no for a reason leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclineRule {
    /// Why the home is declined.
    pub reason: DeclineReason,
    /// What follows.
    pub then: DeclineConsequence,
}

codes! {
    /// What a no to an offer leads to.
    pub enum DeclineConsequence {
        /// It is one of those after which a grant may lapse.
        Counts = "COUNTS",
        /// The household had good reason: nothing follows.
        DoesNotCount = "DOES_NOT_COUNT",
        /// The household had good reason, and one that shows that its needs are not known well enough: they are assessed again before
        /// another home is offered.
        AssessAgain = "ASSESS_AGAIN",
    }
}

impl OfferRules {
    /// What a no for this reason leads to.
    #[must_use]
    pub fn consequence_of(&self, reason: DeclineReason) -> DeclineConsequence {
        let named = self.declines.iter().find(|rule| rule.reason == reason);
        named.map_or(DeclineConsequence::Counts, |rule| rule.then)
    }
}

impl Default for OfferRules {
    fn default() -> Self {
        use DeclineReason::{Health, NotAccessible, Safety, Size};
        let well_founded = [NotAccessible, Health, Safety, Size];
        let rule = |reason| DeclineRule {
            reason,
            then: DeclineConsequence::DoesNotCount,
        };
        Self {
            lapse_after: 2,
            declines: well_founded.map(rule).to_vec(),
        }
    }
}

codes! {
    /// Why a household declines a home ("avslagsgrunn").
    pub enum DeclineReason {
        /// Too far from work, school or family.
        Location = "LOCATION",
        /// Too small or too large.
        Size = "SIZE",
        /// Cannot be used as it is.
        NotAccessible = "NOT_ACCESSIBLE",
        /// Too expensive.
        Rent = "RENT",
        /// Not safe there.
        Safety = "SAFETY",
        /// Somebody's health speaks against it.
        Health = "HEALTH",
        /// The children would have to change school or kindergarten.
        ChildrensSchooling = "CHILDRENS_SCHOOLING",
        /// Found another home.
        FoundOther = "FOUND_OTHER",
        /// No reason given.
        NotStated = "NOT_STATED",
    }
}

impl DeclineReason {
    /// The compartment in which it lies, if in any.
    #[must_use]
    pub const fn compartment(self) -> Option<Compartment> {
        match self {
            Self::Health | Self::NotAccessible => Some(Compartment::Health),
            Self::Rent => Some(Compartment::Economy),
            Self::Location
            | Self::Size
            | Self::Safety
            | Self::ChildrensSchooling
            | Self::FoundOther
            | Self::NotStated => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_counts_unless_the_rules_say_otherwise_of_its_reason() {
        let rules = OfferRules::default();
        let of = |reason| rules.consequence_of(reason);
        assert_eq!(of(DeclineReason::Health), DeclineConsequence::DoesNotCount);
        assert_eq!(of(DeclineReason::Location), DeclineConsequence::Counts);
        assert_eq!(of(DeclineReason::NotStated), DeclineConsequence::Counts);
    }
}
