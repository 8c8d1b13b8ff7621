//! Recording inspections, clearing what they found, overriding what they bar.

use std::collections::BTreeMap;

use super::model::{
    ClearedHow, FindingArea, Inspection, InspectionFinding, LettingObstacle, NewInspection,
    Override, OverrideReason, Severity,
};
use super::rules::{self, Upkeep};
use super::store;
use crate::audit::{Entry, Subject};
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::rules::Refusal;
use crate::housing::stock_rules;
use crate::housing::{Description, Details, Dwelling, Move, acts, store as homes};
use crate::http::must_be_current;
use crate::ids::DwellingId;
use crate::problem::Problem;
use crate::tasks::{self, TaskKind};

/// What upkeep says of letting a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::housing) struct Clearance {
    /// What bars it and is not overridden.
    pub(in crate::housing) barred_by: Vec<LettingObstacle>,
    /// What bars it and is overridden.
    pub(in crate::housing) overridden: Vec<LettingObstacle>,
    /// When the next yearly inspection is due at the latest; none where there never was one.
    pub(in crate::housing) next_due_on: Option<Day>,
    /// Findings that bar letting and are not cleared.
    pub(in crate::housing) blocking_findings: i64,
    /// Where one of them is.
    pub(in crate::housing) blocking_area: Option<FindingArea>,
    /// On which day something was last overridden.
    pub(in crate::housing) overridden_on: Option<Day>,
}

/// What upkeep says of letting these homes today.
pub(in crate::housing) fn clearances(
    tx: &mut Tx<'_>,
    of: &[&Dwelling],
) -> Result<BTreeMap<DwellingId, Clearance>, Problem> {
    let today = tx.today();
    let rules = stock_rules::in_force(tx)?.inspections;
    let known = store::upkeep_of(tx, of)?;
    let clearance = |upkeep: &Upkeep| {
        let (overridden, barred_by) = upkeep
            .obstacles(today, rules)
            .into_iter()
            .partition(|obstacle| upkeep.is_overridden(*obstacle, today));
        Clearance {
            barred_by,
            overridden,
            next_due_on: upkeep.next_due_on(rules),
            blocking_findings: upkeep.blocking,
            blocking_area: upkeep.blocking_area,
            overridden_on: upkeep.overridden_on,
        }
    };
    Ok(known.iter().map(|(id, it)| (*id, clearance(it))).collect())
}

/// Records an inspection. What it says of the home becomes the home's; what bars letting blocks a home that stands empty.
pub(super) fn inspect(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    said: &NewInspection,
) -> Result<(Inspection, Vec<InspectionFinding>), Problem> {
    let every = stock_rules::in_force(tx)?.inspections;
    let faults = rules::faults_of(said, tx.today(), every);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let made = Inspection {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        dwelling_id: home.id,
        kind: said.kind,
        performed_on: said.performed_on,
        next_due_on: rules::due_after(said, every),
        condition_class: said.condition_class,
        energy_class: said.energy_class,
        created_at: tx.now(),
    };
    let findings: Vec<InspectionFinding> = said
        .findings
        .iter()
        .map(|found| InspectionFinding {
            municipality_id: made.municipality_id,
            id: tx.new_id(),
            version: 1,
            inspection_id: made.id,
            dwelling_id: home.id,
            area: found.area,
            severity: found.severity,
            due_on: found.due_on,
            cleared_on: None,
            cleared_how: None,
            created_at: made.created_at,
        })
        .collect();
    store::insert(tx, &made, &findings)?;
    tx.record(
        Entry::change("dwelling.inspected")
            .about(home.id)
            .about(Subject::policy(made.id))
            .fact("kind", made.kind.code())
            .fact("performedOn", made.performed_on.0.to_string())
            .fact("findings", findings.len()),
    );
    if made.kind.is_yearly() && made.next_due_on > tx.today() {
        tasks::close(tx, TaskKind::InspectHome, home.id)?;
    }
    let home = take_over(tx, home, &made)?;
    let gravest = findings.iter().find(|it| it.severity == Severity::Blocking);
    if let Some(found) = gravest
        && home.state.after(Move::Block).is_some()
    {
        let reason = found.area.block_reason().code();
        acts::advance_by_hand(tx, &home, Move::Block, None, Some(reason))?;
    }
    Ok((made, findings))
}

/// The home as the inspection found it.
fn take_over(tx: &mut Tx<'_>, home: &Dwelling, made: &Inspection) -> Result<Dwelling, Problem> {
    let known = &home.description;
    let is_later = known.inspected_on.is_none_or(|on| on < made.performed_on);
    let description = Description {
        inspected_on: if made.kind.is_yearly() && is_later {
            Some(made.performed_on)
        } else {
            known.inspected_on
        },
        details: Details {
            condition_class: made.condition_class.or(known.details.condition_class),
            energy_class: made.energy_class.or(known.details.energy_class),
            ..known.details.clone()
        },
        ..known.clone()
    };
    if description == *known {
        return Ok(home.clone());
    }
    let home = Dwelling {
        version: home.version + 1,
        description,
        ..home.clone()
    };
    must_be_current(homes::describe(tx, &home)?)?;
    Ok(home)
}

/// Says that a finding was put right.
pub(super) fn clear(
    tx: &mut Tx<'_>,
    found: &InspectionFinding,
    how: ClearedHow,
    on: Option<Day>,
) -> Result<InspectionFinding, Problem> {
    if found.cleared_on.is_some() {
        return Err(Refusal::FindingCleared.into());
    }
    let on = on.unwrap_or_else(|| tx.today());
    let inspection = store::find_inspection(tx, found.inspection_id)?;
    let inspection = inspection.ok_or_else(|| Problem::internal("an inspection is gone"))?;
    let faults = rules::faults_of_clearing(on, inspection.performed_on, tx.today());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    must_be_current(store::clear(tx, found, on, how)?)?;
    tx.record(
        Entry::change("dwelling.finding_cleared")
            .about(found.dwelling_id)
            .about(Subject::policy(found.id))
            .fact("how", how.code()),
    );
    Ok(InspectionFinding {
        version: found.version + 1,
        cleared_on: Some(on),
        cleared_how: Some(how),
        ..found.clone()
    })
}

/// Lets a home be let for a while although its inspection bars it.
pub(super) fn set_aside(
    tx: &mut Tx<'_>,
    home: &Dwelling,
    (obstacle, reason): (LettingObstacle, OverrideReason),
    valid_until: Day,
) -> Result<Override, Problem> {
    let limits = stock_rules::in_force(tx)?.inspections;
    let faults = rules::faults_of_override(valid_until, tx.today(), limits);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let clearance = clearances(tx, &[home])?.remove(&home.id);
    if !clearance.is_some_and(|it| it.barred_by.contains(&obstacle)) {
        return Err(Refusal::NothingToOverride.into());
    }
    let it = Override {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        dwelling_id: home.id,
        obstacle,
        reason,
        valid_until,
        overridden_on: tx.today(),
        overridden_by: tx.caller().actor.user(),
        created_at: tx.now(),
    };
    store::insert_override(tx, &it)?;
    tx.record(
        Entry::change("dwelling.obstacle_overridden")
            .about(home.id)
            .fact("obstacle", obstacle.code())
            .fact("reason", reason.code())
            .fact("until", valid_until.0.to_string()),
    );
    Ok(it)
}
