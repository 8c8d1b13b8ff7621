//! How an entry tells of a decision.

use super::store::Decision;
use crate::audit::{Entry, Mark, Subject};

/// An entry about a decision and its case.
pub(super) fn entry_of(action: &'static str, decision: &Decision) -> Entry {
    let basis = &decision.basis.0;
    let entry = Entry::change(action)
        .of_case(decision.application_id)
        .about(decision.id)
        .about(decision.household_id)
        .about(Subject::policy(decision.rule_set_id))
        .fact("legalBasis", decision.legal_basis.code())
        .fact("ruleSet", basis.rule_set_number)
        .fact("ruleSetSha256", basis.rule_set_sha256.as_str())
        .fact("matchingEngine", basis.engine_version.as_str());
    if basis.rank.is_some_and(|rank| rank > 1) {
        entry.marked(Mark::Deviation).marked(Mark::Override)
    } else {
        entry
    }
}
