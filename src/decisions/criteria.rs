//! What the municipality's criteria and deadlines say to a decision on a home.

use super::acts::Proposal;
use super::model::{LegalBasis, Outcome};
use crate::applications::{Application, ApplicationType};
use crate::audit::{Entry, Mark};
use crate::clock::Day;
use crate::db::Tx;
use crate::eligibility;
use crate::problem::Problem;
use crate::rulesets::Adopted;

/// Whether the municipality's criteria permit this decision; tells those that it sets aside. They bear on homes only: help under
/// boligsosialloven is not measured by them.
pub(super) fn criteria_permit(
    tx: &mut Tx<'_>,
    case: &Application,
    basis: LegalBasis,
    outcome: Outcome,
    adopted: &Adopted,
) -> Result<Vec<String>, Problem> {
    match (basis, outcome) {
        (LegalBasis::MunicipalDwelling, Outcome::Refused) => {
            eligibility::may_decide_on_home(tx, case, adopted, false)
        }
        (LegalBasis::MunicipalDwelling, outcome) if outcome.grants() => {
            eligibility::may_decide_on_home(tx, case, adopted, true)
        }
        _ => Ok(Vec::new()),
    }
}

/// That criteria are set aside stands out in the log.
pub(super) fn marked_aside(entry: Entry, set_aside: Vec<String>) -> Entry {
    if set_aside.is_empty() {
        entry
    } else {
        entry.fact("setAside", set_aside).marked(Mark::SetAside)
    }
}

/// How long a grant holds while the household waits, where the rules say so.
pub(super) fn ends_on(
    case: &Application,
    proposal: &Proposal,
    adopted: &Adopted,
    today: Day,
) -> Option<Day> {
    let waits = case.kind != ApplicationType::Renewal
        && proposal.basis == LegalBasis::MunicipalDwelling
        && proposal.outcome.grants()
        && proposal.dwelling.is_none();
    let term = adopted.rules.deadlines.grant_valid_for.filter(|_| waits)?;
    Some(term.after(today))
}
