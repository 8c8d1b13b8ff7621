//! The nouns of the stock's rules.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Entry;
use crate::policies::{Policy, PolicyKind};

/// By which numbers the municipality keeps and lets its stock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::housing) struct StockRules {
    /// Where the numbers come from: the council's resolution, the housing plan, Husbanken's terms.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub(in crate::housing) basis: String,
    /// How homes are inspected.
    pub(in crate::housing) inspections: InspectionRules,
    /// On which terms agreements are made.
    pub(in crate::housing) agreements: AgreementRules,
}

/// How homes are inspected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::housing) struct InspectionRules {
    /// After how many months a home is inspected again, unless the one who inspects says when.
    ///
    /// This is how the municipality works: a home whose inspection is missed is barred until it is made or overridden. What is demanded of
    /// a home before it is allocated is said by the rule set (`inspectionValidMonths`), which is decided on and kept with each decision so
    /// that it can be replayed. The two may differ; the stricter holds.
    #[schema(minimum = 1, maximum = 60)]
    pub(in crate::housing) every_months: u8,
    /// How many days before it is due an inspection stands among the tasks.
    #[schema(minimum = 0, maximum = 365)]
    pub(in crate::housing) warn_days: u16,
    /// For how many days at most what bars letting can be overridden.
    #[schema(minimum = 1, maximum = 365)]
    pub(in crate::housing) override_days_max: u16,
}

/// On which terms agreements with private owners are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::housing) struct AgreementRules {
    /// Which share of the units may be in use at a time under a referral agreement, in per cent.
    #[schema(minimum = 1, maximum = 100)]
    pub(in crate::housing) referral_quota_percent: u8,
    /// Of fewer units than this all may be.
    #[schema(minimum = 0, maximum = 1000)]
    pub(in crate::housing) referral_all_below_units: u16,
    /// For how many months a referral agreement runs.
    #[schema(minimum = 1, maximum = 1200)]
    pub(in crate::housing) referral_months: u16,
    /// For how many months a nomination agreement runs.
    #[schema(minimum = 1, maximum = 1200)]
    pub(in crate::housing) nomination_months: u16,
    /// The shortest lease under either, in months.
    #[schema(minimum = 1, maximum = 120)]
    pub(in crate::housing) lease_months_min: u8,
    /// How many days before its end an agreement warns.
    #[schema(minimum = 0, maximum = 3650)]
    pub(in crate::housing) warn_days: u16,
}

static EXAMPLE: LazyLock<StockRules> =
    LazyLock::new(|| serde_json::from_str(include_str!("example.json")).unwrap_or_default());

impl Policy for StockRules {
    const KIND: PolicyKind = PolicyKind::Stock;

    fn adopted() -> Entry {
        Entry::change("stock_rules.adopted")
    }

    /// With the numbers of Stjørdal's housing plan and of Husbanken's terms.
    fn example() -> Self {
        EXAMPLE.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_example_parses_and_has_the_numbers_of_the_plan() {
        let example: StockRules = serde_json::from_str(include_str!("example.json")).unwrap();
        assert_eq!(example.inspections.every_months, 12);
        let agreements = example.agreements;
        assert_eq!(
            (
                agreements.referral_quota_percent,
                agreements.referral_all_below_units
            ),
            (40, 5)
        );
        assert_eq!(
            (agreements.referral_months, agreements.nomination_months),
            (20 * 12, 30 * 12)
        );
        assert_eq!(agreements.lease_months_min, 36);
    }
}
