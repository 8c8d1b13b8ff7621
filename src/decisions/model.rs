//! The nouns of decisions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Hash;
use crate::clock::Instant;
use crate::codes;
use crate::ids::RuleSetId;
use crate::matching::Explanation;
use crate::problem::Problem;

codes! {
    /// What is decided.
    pub enum Outcome {
        /// The household is given a municipal home, this one or the next that suits ("innvilget").
        Granted = "GRANTED",
        /// It is not ("avslått").
        Refused = "REFUSED",
    }
}

codes! {
    /// Where a decision stands.
    pub enum DecisionState {
        /// Proposed, waiting for somebody else to decide ("innstilling").
        Proposed = "PROPOSED",
        /// Decided ("vedtak").
        Approved = "APPROVED",
        /// Sent back to whoever proposed.
        Returned = "RETURNED",
    }
}

codes! {
    /// The law by which is decided. Assistance under boligsosialloven is another decision of the same case.
    pub enum LegalBasis {
        /// Letting of a municipal home: forvaltningsloven and the municipality's own rules; appeal to the municipal appeals board.
        MunicipalDwelling = "MUNICIPAL_DWELLING",
    }
}

codes! {
    /// Why a proposal is sent back.
    pub enum ReturnReason {
        /// The reasons do not carry the outcome.
        ReasonsInsufficient = "REASONS_INSUFFICIENT",
        /// Facts are missing or have changed.
        FactsInsufficient = "FACTS_INSUFFICIENT",
        /// Another home or household should be considered.
        ConsiderOther = "CONSIDER_OTHER",
    }
}

/// Why it is decided so: what forvaltningsloven § 25 demands. Sealed under the applicant's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reasons {
    /// The rules that were used.
    #[schema(min_items = 1, max_items = 20)]
    pub rules: Vec<String>,
    /// The facts on which it rests.
    #[schema(min_length = 1, max_length = 5000)]
    pub facts: String,
    /// The main considerations of the discretion.
    #[schema(min_length = 1, max_length = 5000)]
    pub considerations: String,
    /// What is best for the children (barnekonvensjonen art. 3); needed when children live in the household.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 5000)]
    pub childs_best_interest: Option<String>,
    /// Why this household and not one ranked above it; needed when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 5000)]
    pub deviation: Option<String>,
}

impl std::fmt::Debug for Reasons {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reasons")
    }
}

/// By what a decision was reached; kept with it, codes and numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Basis {
    /// The moment of the proposal.
    pub as_of: Instant,
    /// The version of the rules.
    pub rule_set_id: RuleSetId,
    /// Its number within the municipality.
    pub rule_set_number: i32,
    /// SHA-256 of its canonical form.
    pub rule_set_sha256: String,
    /// The version of the matching engine.
    pub engine_version: String,
    /// SHA-256 of the snapshot of pool and home, in canonical JSON; none where no home is named.
    pub snapshot_sha256: Option<String>,
    /// The version of the pool that was seen; none where no home is named.
    #[serde(default)]
    pub pool_version: Option<i64>,
    /// How many households were compared; none where no home is named.
    pub pool_size: Option<usize>,
    /// Where the household stood among those who may have the home.
    pub rank: Option<usize>,
    /// Why it may have the home.
    pub explanation: Option<Explanation>,
}

impl Basis {
    /// Where the snapshot of pool and homes is kept.
    pub(super) fn snapshot(&self) -> Result<Hash, Problem> {
        let address = self.snapshot_sha256.as_deref().map(Hash::from_hex);
        match address {
            Some(Ok(address)) => Ok(address),
            _ => Err(Problem::internal("a decision on a home has no snapshot")),
        }
    }
}
