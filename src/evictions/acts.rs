//! Giving notice, and what follows.

use super::lifecycle::{NoticeState, NoticeStep};
use super::rules::{self, Refusal};
use super::store::{self, Notice};
use crate::access;
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::http::must_be_current;
use crate::ids::{NoticeId, TenancyId};
use crate::problem::{FieldFault, NOT_FOUND, Problem};
use crate::tenancies::{self, TenancyState};

/// Gives notice of arrears. NAV is told by an event, unless the tenant said no in writing.
pub(super) fn notify(
    tx: &mut Tx<'_>,
    tenancy: TenancyId,
    arrears_ore: i64,
    opted_out_on: Option<Day>,
) -> Result<Notice, Problem> {
    let today = tx.today();
    let mut faults = Vec::new();
    if opted_out_on.is_some_and(|day| day > today) {
        faults.push(FieldFault::new(
            "/optedOutOn",
            "in_future",
            "Ligger fram i tid.",
            "Lies in the future.",
        ));
    }
    let found = tenancies::find(tx, tenancy)?;
    if found.is_none() {
        faults.push(FieldFault::new(
            "/tenancyId",
            "not_found",
            "Leieforholdet finnes ikke.",
            "The tenancy does not exist.",
        ));
    }
    let (true, Some(tenancy)) = (faults.is_empty(), found) else {
        return Err(Problem::invalid(faults));
    };
    if tenancy.state != TenancyState::Active {
        return Err(Refusal::TenancyEnded.into());
    }
    let row = Notice {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        tenancy_id: tenancy.id,
        household_id: tenancy.household_id,
        state: opted_out_on.map_or(NoticeState::Notified, |_| NoticeState::OptedOut),
        arrears_ore,
        notified_on: today,
        petition_from: rules::petition_from(today, opted_out_on.is_some()),
        opted_out_on,
        direct_payment_from: None,
        direct_payment_ore: None,
    };
    store::insert(tx, &row)?;
    // What NAV may not know has a name of its own, so that no event tells of it.
    let action = match row.state {
        NoticeState::OptedOut => "eviction.noted",
        _ => "eviction.notified",
    };
    note(tx, action, &row);
    Ok(row)
}

/// Takes a step with a notice.
pub(super) fn step(tx: &mut Tx<'_>, row: &Notice, step: NoticeStep) -> Result<Notice, Problem> {
    let pays = row.direct_payment_from.is_some();
    let state = rules::take(row.state, step, row.petition_from, pays, tx.today())?;
    let action = match (step, row.opted_out_on) {
        (NoticeStep::Settle, None) => "eviction.settled",
        (NoticeStep::Petition, None) => "eviction.petitioned",
        (NoticeStep::Settle, Some(_)) => "eviction.settled_untold",
        (NoticeStep::Petition, Some(_)) => "eviction.petitioned_untold",
    };
    let taken = Notice {
        version: row.version + 1,
        state,
        ..row.clone()
    };
    must_be_current(store::update(tx, &taken)?)?;
    note(tx, action, &taken);
    Ok(taken)
}

/// NAV pays the rent directly from a day on.
pub(super) fn pay_directly(
    tx: &mut Tx<'_>,
    row: &Notice,
    from: Day,
    monthly_ore: i64,
) -> Result<Notice, Problem> {
    if row.state != NoticeState::Notified {
        return Err(Refusal::ForbiddenStep.into());
    }
    let paid = Notice {
        version: row.version + 1,
        direct_payment_from: Some(from),
        direct_payment_ore: Some(monthly_ore),
        ..row.clone()
    };
    must_be_current(store::update(tx, &paid)?)?;
    note(tx, "eviction.paid_directly", &paid);
    Ok(paid)
}

/// A notice that must exist; for NAV only where NAV is told.
pub(super) fn load(tx: &mut Tx<'_>, id: NoticeId, for_nav: bool) -> Result<Notice, Problem> {
    let found = store::find(tx, id)?;
    let may = found.filter(|row| !for_nav || row.opted_out_on.is_none());
    let row = may.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    // To whoever manages homes, people who may not be located do not live anywhere.
    if !for_nav && !access::unlocatable(tx, &[row.household_id])?.is_empty() {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(row)
}

fn note(tx: &mut Tx<'_>, action: &'static str, row: &Notice) {
    let entry = Entry::change(action)
        .about(row.tenancy_id)
        .about(row.household_id)
        .about(Subject::policy(row.id));
    tx.record(entry);
}
