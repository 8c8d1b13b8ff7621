//! Renewing a lease: the decision names no home, because the household lives in it.

use super::acts::Proposal;
use super::model::{LegalBasis, Outcome};
use super::store::Decision;
use crate::applications::{Application, ApplicationType};
use crate::db::Tx;
use crate::housing;
use crate::problem::Problem;
use crate::rulesets::Adopted;
use crate::tenancies::{self, Ground};

/// Whether such a decision lets a lease run on.
pub(super) fn renews(case: &Application, basis: LegalBasis, outcome: Outcome) -> bool {
    case.kind == ApplicationType::Renewal
        && basis == LegalBasis::MunicipalDwelling
        && outcome.grants()
}

/// For how long the lease of the applicant runs on: as proposed, or as the rules have it for the home; nothing where none is renewed.
pub(super) fn months(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
    adopted: &Adopted,
) -> Result<Option<i16>, Problem> {
    if !renews(case, proposal.basis, proposal.outcome) {
        return Ok(None);
    }
    let tenancy = tenancies::must_be_tenant(tx, case.applicant_id)?;
    let home = housing::find_dwelling(tx, tenancy.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("a home that is lived in is gone"))?;
    let category = home.description.category;
    let months = proposal
        .lease_months
        .unwrap_or_else(|| adopted.rules.lease.months_in(category));
    Ok(Some(i16::try_from(months).unwrap_or(i16::MAX)))
}

/// Lets the lease run on, where the decision says so.
pub(super) fn carry_out(
    tx: &mut Tx<'_>,
    decision: &Decision,
    case: &Application,
) -> Result<(), Problem> {
    if !renews(case, decision.legal_basis, decision.outcome) {
        return Ok(());
    }
    let tenancy = tenancies::must_be_tenant(tx, case.applicant_id)?;
    let ground = Ground {
        application: case.id,
        decision: decision.id,
    };
    tenancies::renew(
        tx,
        &tenancy,
        ground,
        decision.lease_months.unwrap_or_default(),
    )
}
