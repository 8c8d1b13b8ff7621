//! How much of a building under a referral agreement the municipality may fill.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much of a building under a referral agreement ("tilvisningsavtale") may be let to those whom the municipality refers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralRules {
    /// The share in per cent, rounded down to whole units (Husbanken's conditions: 40).
    #[schema(minimum = 1, maximum = 100)]
    pub quota_percent: u8,
    /// A building with fewer units than this may be filled wholly.
    #[schema(minimum = 0, maximum = 1000)]
    pub all_below_units: u16,
}

impl ReferralRules {
    /// How many units of a building with so many the municipality may use.
    #[must_use]
    pub fn usable_units(&self, units: u16) -> u16 {
        if units < self.all_below_units {
            return units;
        }
        let share = u32::from(units) * u32::from(self.quota_percent) / 100;
        u16::try_from(share).unwrap_or(units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referral_agreement_gives_two_fifths_rounded_down_or_everything_when_small() {
        let rules = ReferralRules {
            quota_percent: 40,
            all_below_units: 5,
        };
        let usable = [4, 5, 9, 10, 20].map(|units| rules.usable_units(units));
        assert_eq!(usable, [4, 2, 3, 4, 8]);
    }
}
