//! Recording what a household needs of a home, and correcting what was recorded.

use super::acts::{faults_of_named, reload};
use super::model::Needs;
use super::rules;
use super::store::{self, Application};
use crate::access::{self, Compartment};
use crate::audit::{Entry, Segment};
use crate::db::Tx;
use crate::http::must_be_current;
use crate::people::{self, CorrectionReason, Member};
use crate::problem::Problem;

/// Records what the household needs of a home.
pub(super) fn record(
    tx: &mut Tx<'_>,
    case: &Application,
    needs: &Needs,
) -> Result<Application, Problem> {
    if !case.state.takes_needs() {
        let refusal = Problem::from(rules::Refusal::ForbiddenStep);
        return Err(refusal.fact("state", case.state.code()));
    }
    let needs = faultless(tx, case, needs, ("", "/excludedHouseholds"))?;
    must_be_current(store::set_needs(tx, case, &needs)?)?;
    tx.record(entry_of("application.needs_recorded", case, &needs));
    reload(tx, case.id)
}

/// Corrects what was recorded, however the case stands: that something is decided makes nothing true (personvernforordningen art. 16). What
/// was decided rests on what was known then, and is kept with it. `said` is sealed into the log: what stood there, and what shows that it
/// was otherwise. `at` is where the needs and the households that they name stand in the body.
pub fn correct_needs(
    tx: &mut Tx<'_>,
    case: &Application,
    needs: &Needs,
    (reason, said): (CorrectionReason, Segment),
    at: (&'static str, &'static str),
) -> Result<Application, Problem> {
    if case.needs().is_none() {
        return Err(rules::Refusal::NeedsMissing.into());
    }
    let needs = faultless(tx, case, needs, at)?;
    if case.needs() == Some(&needs) {
        return Err(Problem::invalid(vec![rules::fault_of_no_change(at.0)]));
    }
    must_be_current(store::set_needs(tx, case, &needs)?)?;
    tx.record(
        entry_of("application.needs_corrected", case, &needs)
            .saying(said)
            .fact("reason", reason.code()),
    );
    reload(tx, case.id)
}

/// The needs as they can be recorded. Whom somebody else named before stays named.
fn faultless(
    tx: &mut Tx<'_>,
    case: &Application,
    needs: &Needs,
    (at, named_at): (&'static str, &'static str),
) -> Result<Needs, Problem> {
    let mut faults = rules::faults_of_needs(needs, at);
    faults.extend(rules::fault_of_own(needs, case.household_id, at));
    let kept = case.needs().map(|it| it.excluded_households.clone());
    let mut needs = needs.clone();
    let kept = kept.unwrap_or_default();
    let openings = access::openings(tx, case.id)?;
    if needs.excluded_households.is_empty() && !openings.contains(Some(Compartment::Crime)) {
        needs.excluded_households.clone_from(&kept);
    }
    if !needs.excluded_households.is_empty() && needs.excluded_households != kept {
        openings.must_contain(Some(Compartment::Crime), named_at)?;
    }
    let named = &needs.excluded_households;
    faults.extend(faults_of_named(tx, named, &kept, named_at)?);
    if faults.is_empty() {
        Ok(needs)
    } else {
        Err(Problem::invalid(faults))
    }
}

/// Refuses where somebody of the household has died since its needs were assessed.
pub fn must_have_current_needs(tx: &mut Tx<'_>, case: &Application) -> Result<(), Problem> {
    let members = people::members_of(tx, &[case.household_id])?;
    let members: Vec<Member> = members.into_values().flatten().collect();
    if rules::are_needs_current(case.needs_assessed_at, &members, None) {
        return Ok(());
    }
    Err(rules::Refusal::HouseholdChanged.into())
}

fn entry_of(action: &'static str, case: &Application, needs: &Needs) -> Entry {
    let categories: Vec<&str> = needs
        .categories
        .iter()
        .map(|category| category.code())
        .collect();
    Entry::change(action)
        .of_case(case.id)
        .about(case.household_id)
        .fact("urgency", needs.urgency.code())
        .fact("categories", categories)
}
