//! For how long things are kept where the municipality has said nothing and the service must forget by itself: `shipped.json`.
//!
//! Of what people are erased by there is none: without the municipality's own rule no period is over.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Concern;

/// A period that holds until the municipality adopts a rule about the same.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ShippedRetention)]
pub(super) struct Shipped {
    pub(super) concern: Concern,
    /// Months from the day on which the thing ended.
    pub(super) months: i16,
    /// By what it is so, in Norwegian.
    pub(super) legal_basis: String,
}

static RULES: LazyLock<Vec<Shipped>> =
    LazyLock::new(|| serde_json::from_str(include_str!("shipped.json")).unwrap_or_default());

/// One at most for each concern.
pub(super) fn rules() -> &'static [Shipped] {
    &RULES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_alone_are_forgotten_without_a_rule_of_the_municipality() {
        let shipped: Vec<(Concern, i16)> =
            rules().iter().map(|it| (it.concern, it.months)).collect();
        assert_eq!(shipped, [(Concern::SignIn, 3)]);
        assert!(rules().iter().all(|it| !it.legal_basis.is_empty()));
    }
}
