//! Making agreements, putting homes under them, and counting those that are in use.

use super::model::{Agreement, SayAgreement};
use super::rules;
use super::store;
use crate::audit::{Entry, Subject};
use crate::db::Tx;
use crate::housing::rules::Refusal;
use crate::housing::stock_rules;
use crate::housing::{Dwelling, Tenure, find_dwelling};
use crate::http::must_be_current;
use crate::ids::{AgreementId, DwellingId};
use crate::problem::{FieldFault, Problem};
use crate::tasks::{self, TaskKind};

/// Whether the agreement under which a home is let, if any, allows to hold it for somebody today. Who asks twice may be told
/// differently: the count decides.
pub(in crate::housing) fn may_be_held(tx: &mut Tx<'_>, home: DwellingId) -> Result<(), Problem> {
    let today = tx.today();
    let terms = store::terms_of(tx, &[home])?;
    match terms.get(&home) {
        Some(terms) if today < terms.starts_on || terms.ends_on <= today => {
            Err(Refusal::AgreementEnded.into())
        }
        _ => Ok(()),
    }
}

/// Counts a home as in use under its agreement, or no longer; refuses when that exceeds the quota.
pub(in crate::housing) fn count_in(
    tx: &mut Tx<'_>,
    home: DwellingId,
    is_in_use: bool,
) -> Result<(), Problem> {
    let terms = store::terms_of(tx, &[home])?;
    let Some(terms) = terms.get(&home) else {
        return Ok(());
    };
    let kept = if is_in_use {
        kept_for_blocked(tx, terms.agreement)?
    } else {
        0
    };
    let more = if is_in_use { 1 } else { -1 };
    if store::take(tx, terms.agreement, more, kept)? == 0 {
        return Err(Problem::from(Refusal::QuotaFull)
            .fact("usable", terms.usable)
            .fact("units", terms.units));
    }
    Ok(())
}

/// How many units are kept for homes that stand blocked.
fn kept_for_blocked(tx: &mut Tx<'_>, agreement: AgreementId) -> Result<i32, Problem> {
    let blocked = store::blocked_under(tx, &[agreement])?;
    Ok(blocked.get(&agreement).copied().unwrap_or_default())
}

pub(super) fn make(tx: &mut Tx<'_>, said: &SayAgreement) -> Result<Agreement, Problem> {
    let terms = stock_rules::on(tx, said.starts_on)?.agreements;
    let filled = rules::settle(said, &terms).map_err(Problem::invalid)?;
    let made = Agreement {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        version: 1,
        kind: said.kind,
        name: said.name.clone(),
        counterparty: said.counterparty.clone(),
        counterparty_number: said.counterparty_number.clone(),
        starts_on: said.starts_on,
        ends_on: filled.ends_on,
        units: said.units,
        usable: filled.usable,
        in_use: 0,
        lease_months_min: filled.lease_months_min,
        warn_days: filled.warn_days,
        created_at: tx.now(),
    };
    store::insert(tx, &made)?;
    tx.record(entry_of("agreement.made", &made).fact("kind", made.kind.code()));
    Ok(made)
}

pub(super) fn replace(
    tx: &mut Tx<'_>,
    before: &Agreement,
    said: &SayAgreement,
) -> Result<Agreement, Problem> {
    let terms = stock_rules::on(tx, said.starts_on)?.agreements;
    let filled = rules::settle(said, &terms).map_err(Problem::invalid)?;
    if i64::from(said.units) < store::count_homes(tx, before.id)? {
        return Err(Refusal::FewerUnitsThanHomes.into());
    }
    let anew = Agreement {
        version: before.version + 1,
        kind: said.kind,
        name: said.name.clone(),
        counterparty: said.counterparty.clone(),
        counterparty_number: said.counterparty_number.clone(),
        starts_on: said.starts_on,
        ends_on: filled.ends_on,
        units: said.units,
        usable: filled.usable,
        lease_months_min: filled.lease_months_min,
        warn_days: filled.warn_days,
        ..before.clone()
    };
    let kept = kept_for_blocked(tx, before.id)?;
    if store::replace(tx, &anew, kept)? == 0 {
        // Either somebody was quicker, or more is in use than it would allow.
        let now = store::find(tx, before.id)?;
        let is_current = now.is_some_and(|now| now.version == before.version);
        must_be_current(usize::from(is_current))?;
        return Err(Refusal::QuotaFull.into());
    }
    if !rules::warns(anew.ends_on, anew.warn_days, tx.today()) {
        tasks::close(tx, TaskKind::AgreementEnds, Subject::policy(anew.id))?;
    }
    tx.record(entry_of("agreement.revised", &anew));
    store::find(tx, before.id)?.ok_or_else(|| Problem::internal("an agreement is gone"))
}

/// Puts homes under an agreement. Those that are in use count at once.
pub(super) fn add(
    tx: &mut Tx<'_>,
    agreement: &Agreement,
    ids: &[DwellingId],
) -> Result<Agreement, Problem> {
    let homes = load(tx, ids)?;
    let mut faults = Vec::new();
    for (at, home) in homes.iter().enumerate() {
        let is_own = matches!(home.description.tenure, Tenure::Owned | Tenure::CoopShare);
        if is_own {
            faults.push(FieldFault::new(
                format!("/dwellingIds/{at}"),
                "own_home",
                "Boligen er kommunens egen.",
                "The home is the municipality's own.",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    must_be_current(store::raise(tx, agreement)?)?;
    for home in &homes {
        must_be_current(store::hold_still(tx, home)?)?;
    }
    store::add(tx, agreement.id, ids, tx.today())?;
    if store::count_homes(tx, agreement.id)? > i64::from(agreement.units) {
        return Err(Refusal::FewerUnitsThanHomes.into());
    }
    let in_use = homes.iter().filter(|home| home.state.is_in_use()).count();
    let in_use = i32::try_from(in_use).unwrap_or(i32::MAX);
    let kept = kept_for_blocked(tx, agreement.id)?;
    if store::take(tx, agreement.id, in_use, kept)? == 0 {
        return Err(Refusal::QuotaFull.into());
    }
    let entry = entry_of("agreement.homes_added", agreement);
    tx.record(entry.about_all(ids.iter().copied()));
    store::find(tx, agreement.id)?.ok_or_else(|| Problem::internal("an agreement is gone"))
}

/// Takes homes from under an agreement.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    agreement: &Agreement,
    ids: &[DwellingId],
) -> Result<Agreement, Problem> {
    let homes = load(tx, ids)?;
    must_be_current(store::raise(tx, agreement)?)?;
    for home in &homes {
        must_be_current(store::hold_still(tx, home)?)?;
    }
    if store::remove(tx, agreement.id, ids)? != ids.len() {
        return Err(Refusal::NotUnderAgreement.into());
    }
    let in_use = homes.iter().filter(|home| home.state.is_in_use()).count();
    let in_use = i32::try_from(in_use).unwrap_or(i32::MAX);
    must_be_current(store::take(tx, agreement.id, -in_use, 0)?)?;
    let entry = entry_of("agreement.homes_removed", agreement);
    tx.record(entry.about_all(ids.iter().copied()));
    store::find(tx, agreement.id)?.ok_or_else(|| Problem::internal("an agreement is gone"))
}

/// The homes, or a fault for each that does not exist or is named twice.
fn load(tx: &mut Tx<'_>, ids: &[DwellingId]) -> Result<Vec<Dwelling>, Problem> {
    let mut homes: Vec<Dwelling> = Vec::with_capacity(ids.len());
    let mut faults = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        match find_dwelling(tx, *id)? {
            Some(home) if homes.iter().all(|known| known.id != home.id) => homes.push(home),
            found => {
                let (code, nb, en) = match found {
                    Some(_) => ("not_unique", "Står to ganger.", "Stands twice."),
                    None => (
                        "not_found",
                        "Boligen finnes ikke.",
                        "The home does not exist.",
                    ),
                };
                faults.push(FieldFault::new(format!("/dwellingIds/{at}"), code, nb, en));
            }
        }
    }
    if faults.is_empty() {
        Ok(homes)
    } else {
        Err(Problem::invalid(faults))
    }
}

fn entry_of(action: &'static str, it: &Agreement) -> Entry {
    Entry::change(action).about(Subject::policy(it.id))
}
