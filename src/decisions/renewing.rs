//! Renewing a lease: the decision names no home, because the household lives in it.

use super::acts::Proposal;
use super::model::{LegalBasis, Outcome};
use super::rules;
use super::store::Decision;
use crate::applications::{Application, ApplicationType};
use crate::db::Tx;
use crate::housing::{self, Dwelling};
use crate::ids::DecisionId;
use crate::problem::Problem;
use crate::rulesets::Adopted;
use crate::tenancies::{self, Ground, Tenancy};

/// Whether such a decision lets a lease run on.
pub(super) fn renews(case: &Application, basis: LegalBasis, outcome: Outcome) -> bool {
    bears_on_lease(case, basis) && outcome.grants()
}

/// Whether such a decision is about a lease that is to run on.
fn bears_on_lease(case: &Application, basis: LegalBasis) -> bool {
    case.kind == ApplicationType::Renewal && basis == LegalBasis::MunicipalDwelling
}

/// For how long the lease of the applicant runs on: as proposed, or as the rules have it for the home; nothing where none is renewed.
pub(super) fn months(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
    adopted: &Adopted,
) -> Result<Option<i16>, Problem> {
    if !bears_on_lease(case, proposal.basis) {
        return Ok(None);
    }
    if !proposal.outcome.grants() {
        // Whether the renewal that it takes the place of can be taken away shows now, and not when it is decided.
        if proposal.replaces.is_some() {
            let (tenancy, home) = lived_in(tx, case)?;
            must_fit(tx, &tenancy, &home, None, proposal.replaces)?;
        }
        return Ok(None);
    }
    let (tenancy, home) = lived_in(tx, case)?;
    let category = home.description.category;
    let months = proposal
        .lease_months
        .unwrap_or_else(|| adopted.rules.lease.months_in(category));
    let months = i16::try_from(months).unwrap_or(i16::MAX);
    must_fit(tx, &tenancy, &home, Some(months), proposal.replaces)?;
    Ok(Some(months))
}

fn lived_in(tx: &mut Tx<'_>, case: &Application) -> Result<(Tenancy, Dwelling), Problem> {
    let tenancy = tenancies::must_be_tenant(tx, case.applicant_id)?;
    let home = housing::find_dwelling(tx, tenancy.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("a home that is lived in is gone"))?;
    Ok((tenancy, home))
}

/// No lease outlasts its home: it is demolished on a day, or handed back to whoever lets it to the municipality.
fn must_fit(
    tx: &mut Tx<'_>,
    tenancy: &Tenancy,
    home: &Dwelling,
    months: Option<i16>,
    replaces: Option<DecisionId>,
) -> Result<(), Problem> {
    let course = tenancies::course(tx, tenancy, months, replaces)?;
    if months.is_none() {
        return Ok(());
    }
    let facts = housing::letting_facts(tx, &[home])?;
    let until = facts.get(&home.id).and_then(|letting| letting.until);
    rules::may_last_until(course.until, until)
}

/// Lets the lease run on, where the decision says so, or no longer, where it takes the place of one that said so.
pub(super) fn carry_out(
    tx: &mut Tx<'_>,
    decision: &Decision,
    case: &Application,
) -> Result<(), Problem> {
    let renews = renews(case, decision.legal_basis, decision.outcome);
    let takes_away = bears_on_lease(case, decision.legal_basis) && decision.replaces.is_some();
    if !renews && !takes_away {
        return Ok(());
    }
    let (tenancy, home) = lived_in(tx, case)?;
    let months = decision.lease_months.filter(|_| renews);
    must_fit(tx, &tenancy, &home, months, decision.replaces)?;
    let ground = Ground {
        application: case.id,
        decision: decision.id,
    };
    tenancies::renew(tx, &tenancy, ground, months, decision.replaces)
}
