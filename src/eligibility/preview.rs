//! What other rules would do to the open cases: who would fulfil the criteria that does not now, and who no longer. Nothing is written.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::gather::applicant;
use super::model::{CriterionFinding, EligibilityResult};
use super::rules::assess;
use crate::access;
use crate::applications;
use crate::db::Tx;
use crate::ids::{ApplicationId, RuleSetId};
use crate::problem::Problem;
use crate::rulesets::{self, Adopted};

/// What would change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Preview {
    /// The rules in force.
    pub(super) current_rule_set_id: RuleSetId,
    /// The rules that were asked about.
    pub(super) rule_set_id: RuleSetId,
    /// How many open cases were looked at.
    pub(super) open_cases: usize,
    /// Cases that fulfil the criteria now by the other rules only.
    pub(super) added: Vec<ApplicationId>,
    /// Cases that fulfil them by the rules in force only.
    pub(super) removed: Vec<ApplicationId>,
    /// Of each criterion of the other rules, by how many open cases it is not fulfilled.
    pub(super) not_fulfilled: BTreeMap<String, usize>,
    /// Of each criterion of the other rules, in how many open cases it is not known.
    pub(super) unknown: BTreeMap<String, usize>,
}

/// Compares rules with those in force over all open cases.
pub(super) fn preview(tx: &mut Tx<'_>, other: &Adopted) -> Result<Preview, Problem> {
    let today = tx.today();
    let current = rulesets::in_force(tx, today)?;
    let cases = applications::open(tx)?;
    let mut preview = Preview {
        current_rule_set_id: current.id,
        rule_set_id: other.id,
        open_cases: cases.len(),
        added: Vec::new(),
        removed: Vec::new(),
        not_fulfilled: BTreeMap::new(),
        unknown: BTreeMap::new(),
    };
    for case in &cases {
        // What the caller may not see does not show here either.
        if access::must_see_case(tx, case.id).is_err() {
            preview.open_cases -= 1;
            continue;
        }
        let applicant = applicant(tx, case)?;
        let before = assess(&current.rules.eligibility, &applicant, today);
        let after = assess(&other.rules.eligibility, &applicant, today);
        match (fulfils(&before), fulfils(&after)) {
            (false, true) => preview.added.push(case.id),
            (true, false) => preview.removed.push(case.id),
            _ => {}
        }
        for finding in after {
            let counted = match finding.result {
                EligibilityResult::NotFulfilled => &mut preview.not_fulfilled,
                EligibilityResult::Unknown => &mut preview.unknown,
                EligibilityResult::Fulfilled | EligibilityResult::Exempt => continue,
            };
            *counted.entry(finding.code).or_default() += 1;
        }
    }
    Ok(preview)
}

/// Whether no criterion is known to fail.
fn fulfils(findings: &[CriterionFinding]) -> bool {
    findings
        .iter()
        .all(|finding| finding.result != EligibilityResult::NotFulfilled)
}
