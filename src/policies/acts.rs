//! Adopting numbers, and finding those that hold.

use super::model::{Policy, Version};
use super::store;
use crate::audit::Subject;
use crate::clock::Day;
use crate::db::Tx;
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why numbers cannot be adopted.
    pub enum Refusal {
        AdoptedMeanwhile = 409 "policy_adopted", "Noen andre har nettopp vedtatt det samme.", "Somebody else has just adopted the same.";
    }
}

/// Numbers are said at most so far ahead; a later date is a typing error.
const MONTHS_AHEAD_MAX: i32 = 24;

/// What holds on a day.
pub fn on<P: Policy>(tx: &mut Tx<'_>, day: Day) -> Result<P, Problem> {
    let held = store::holding(tx, day)?;
    Ok(held.map_or_else(P::example, |version| version.said))
}

/// All that was said, oldest first.
pub fn versions<P: Policy>(tx: &mut Tx<'_>) -> Result<Vec<Version<P>>, Problem> {
    store::all(tx)
}

/// Says which numbers hold from a day on; what was said before ends on that day.
pub fn adopt<P: Policy>(tx: &mut Tx<'_>, said: &P, valid_from: Day) -> Result<Version<P>, Problem> {
    let open = store::all::<P>(tx)?;
    let open = open.into_iter().find(|it| it.valid_until.is_none());
    let open_from = open.as_ref().map(|it| it.valid_from);
    let faults = faults_of(valid_from, open_from, tx.today());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if let Some(open) = open {
        store::close(tx, open.id, valid_from)?;
    }
    let version = store::insert(tx, said, valid_from)?;
    tx.record(
        P::adopted()
            .about(Subject::policy(version.id))
            .fact("validFrom", valid_from.0.to_string()),
    );
    Ok(version)
}

/// What is wrong with numbers that begin in years. Whatever holds from a day on can only be followed by what holds from a later one: a
/// wrong year would bind for ever.
#[must_use]
pub fn too_far_ahead(valid_from: Day, today: Day) -> Option<FieldFault> {
    (valid_from > today.plus_months(MONTHS_AHEAD_MAX)).then(|| {
        FieldFault::new(
            "/validFrom",
            "too_far_ahead",
            "Ligger mer enn to år fram.",
            "Lies more than two years ahead.",
        )
    })
}

/// Numbers begin after those before them, and never reach back in time.
fn faults_of(valid_from: Day, open_from: Option<Day>, today: Day) -> Vec<FieldFault> {
    let fault = |code, nb, en| vec![FieldFault::new("/validFrom", code, nb, en)];
    if valid_from < today {
        return fault(
            "in_the_past",
            "Kan ikke ligge tilbake i tid.",
            "Cannot lie in the past.",
        );
    }
    if let Some(fault) = too_far_ahead(valid_from, today) {
        return vec![fault];
    }
    if open_from.is_some_and(|from| valid_from <= from) {
        return fault(
            "not_after",
            "Må ligge etter den første dagen til det som ble vedtatt sist.",
            "Must lie after the first day of what was adopted last.",
        );
    }
    Vec::new()
}
