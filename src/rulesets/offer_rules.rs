//! What follows when an offer is not taken: after how many a grant may lapse, which reasons do not count, and which ask for a new look.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::codes;

/// What follows when an offer is not taken. Local: the numbers of an example are for the municipality to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferRules {
    /// After so many offers that count, a grant may lapse, by a decision of its own.
    #[schema(minimum = 1, maximum = 20)]
    pub lapse_after: u8,
    /// The reasons that are well-founded: an offer that is declined for one of them does not count.
    #[schema(max_items = 9)]
    pub well_founded: Vec<DeclineReason>,
    /// The reasons that show that the needs are not known well enough: they are to be assessed again before another home is offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 9)]
    pub reassess_for: Vec<DeclineReason>,
}

impl Default for OfferRules {
    fn default() -> Self {
        use DeclineReason::{Health, NotAccessible, Safety, Size};
        Self {
            lapse_after: 2,
            well_founded: vec![NotAccessible, Health, Safety, Size],
            reassess_for: Vec::new(),
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
