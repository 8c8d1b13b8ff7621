//! The tables of upkeep.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;

use super::model::{
    ClearedHow, FindingArea, Inspection, InspectionFinding, InspectionKind, LettingObstacle,
    Override, Severity,
};
use super::rules::{Upkeep, inspected_before_for};
use crate::clock::Day;
use crate::db::Tx;
use crate::db::schema::{dwelling, inspection, inspection_finding, letting_override};
use crate::each;
use crate::housing::stock_rules::InspectionRules;
use crate::housing::{Dwelling, DwellingState};
use crate::ids::{DwellingId, FindingId, InspectionId};
use crate::problem::Problem;

/// Homes that are asked for at once.
const BATCH: usize = 500;

pub(super) fn insert(
    tx: &mut Tx<'_>,
    made: &Inspection,
    findings: &[InspectionFinding],
) -> Result<(), Problem> {
    diesel::insert_into(inspection::table)
        .values(made)
        .execute(tx.conn())?;
    if !findings.is_empty() {
        let rows = diesel::insert_into(inspection_finding::table).values(findings);
        each!(tx.conn(), c => rows.execute(c))?;
    }
    Ok(())
}

pub(super) fn insert_override(tx: &mut Tx<'_>, it: &Override) -> Result<(), Problem> {
    diesel::insert_into(letting_override::table)
        .values(it)
        .execute(tx.conn())?;
    Ok(())
}

/// The inspections of a home, the latest first.
pub(super) fn of_home(
    tx: &mut Tx<'_>,
    home: DwellingId,
    before: Option<InspectionId>,
    limit: i64,
) -> Result<Vec<Inspection>, Problem> {
    let municipality = tx.municipality();
    let mut query = inspection::table
        .filter(inspection::municipality_id.eq(municipality))
        .filter(inspection::dwelling_id.eq(home))
        .order(inspection::id.desc())
        .limit(limit)
        .select(Inspection::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(inspection::id.lt(before));
    }
    Ok(query.load(tx.conn())?)
}

pub(super) fn find_inspection(
    tx: &mut Tx<'_>,
    id: InspectionId,
) -> Result<Option<Inspection>, Problem> {
    let key = (tx.municipality(), id);
    Ok(inspection::table
        .find(key)
        .select(Inspection::as_select())
        .first(tx.conn())
        .optional()?)
}

pub(super) fn find_finding(
    tx: &mut Tx<'_>,
    id: FindingId,
) -> Result<Option<InspectionFinding>, Problem> {
    let key = (tx.municipality(), id);
    Ok(inspection_finding::table
        .find(key)
        .select(InspectionFinding::as_select())
        .first(tx.conn())
        .optional()?)
}

/// What each of these inspections found.
pub(super) fn findings_of(
    tx: &mut Tx<'_>,
    inspections: &[InspectionId],
) -> Result<Vec<InspectionFinding>, Problem> {
    let municipality = tx.municipality();
    Ok(inspection_finding::table
        .filter(inspection_finding::municipality_id.eq(municipality))
        .filter(inspection_finding::inspection_id.eq_any(inspections.to_vec()))
        .order(inspection_finding::id)
        .select(InspectionFinding::as_select())
        .load(tx.conn())?)
}

/// Findings that are not cleared, in order of id.
pub(super) fn open_findings(
    tx: &mut Tx<'_>,
    severity: Option<Severity>,
    due_before: Option<Day>,
    after: Option<FindingId>,
    limit: i64,
) -> Result<Vec<InspectionFinding>, Problem> {
    let municipality = tx.municipality();
    let mut query = inspection_finding::table
        .filter(inspection_finding::municipality_id.eq(municipality))
        .filter(inspection_finding::cleared_on.is_null())
        .filter(inspection_finding::id.gt(after.unwrap_or(FindingId::NIL)))
        .order(inspection_finding::id)
        .limit(limit)
        .select(InspectionFinding::as_select())
        .into_boxed();
    if let Some(severity) = severity {
        query = query.filter(inspection_finding::severity.eq(severity));
    }
    if let Some(day) = due_before {
        query = query.filter(inspection_finding::due_on.lt(day));
    }
    Ok(query.load(tx.conn())?)
}

/// Clears a finding, if it is still at the version that was read.
pub(super) fn clear(
    tx: &mut Tx<'_>,
    it: &InspectionFinding,
    on: Day,
    how: ClearedHow,
) -> Result<usize, Problem> {
    let key = (tx.municipality(), it.id);
    Ok(diesel::update(inspection_finding::table.find(key))
        .filter(inspection_finding::version.eq(it.version))
        .set((
            inspection_finding::cleared_on.eq(on),
            inspection_finding::cleared_how.eq(how),
            inspection_finding::version.eq(it.version + 1),
        ))
        .execute(tx.conn())?)
}

const YEARLY: [InspectionKind; 2] = [InspectionKind::FireSafety, InspectionKind::Both];

/// In which of these homes something was found that bars letting and is not cleared: how often, and where one of it is.
fn blocking_in(
    tx: &mut Tx<'_>,
    homes: &[DwellingId],
) -> Result<Vec<(DwellingId, i64, Option<FindingArea>)>, Problem> {
    let municipality = tx.municipality();
    Ok(inspection_finding::table
        .filter(inspection_finding::municipality_id.eq(municipality))
        .filter(inspection_finding::dwelling_id.eq_any(homes.to_vec()))
        .filter(inspection_finding::severity.eq(Severity::Blocking))
        .filter(inspection_finding::cleared_on.is_null())
        .group_by(inspection_finding::dwelling_id)
        .select((
            inspection_finding::dwelling_id,
            count_star(),
            min(inspection_finding::area),
        ))
        .load(tx.conn())?)
}

/// What is known of the upkeep of these homes.
pub(super) fn upkeep_of(
    tx: &mut Tx<'_>,
    homes: &[&Dwelling],
) -> Result<BTreeMap<DwellingId, Upkeep>, Problem> {
    let municipality = tx.municipality();
    let mut known: BTreeMap<DwellingId, Upkeep> = homes
        .iter()
        .map(|home| {
            let inspected_on = home.description.inspected_on;
            let upkeep = Upkeep {
                inspected_on,
                ..Upkeep::default()
            };
            (home.id, upkeep)
        })
        .collect();
    for batch in homes.chunks(BATCH) {
        let ids: Vec<DwellingId> = batch.iter().map(|home| home.id).collect();
        let made: Vec<(DwellingId, Day, Day)> = inspection::table
            .filter(inspection::municipality_id.eq(municipality))
            .filter(inspection::dwelling_id.eq_any(ids.clone()))
            .filter(inspection::kind.eq_any(YEARLY))
            .select((
                inspection::dwelling_id,
                inspection::performed_on,
                inspection::next_due_on,
            ))
            .load(tx.conn())?;
        for (home, on, due) in made {
            let Some(upkeep) = known.get_mut(&home) else {
                continue;
            };
            if upkeep.inspected_on == Some(on) {
                upkeep.said_due_on = upkeep.said_due_on.max(Some(due));
            }
        }
        let found = blocking_in(tx, &ids)?;
        for (home, count, area) in found {
            if let Some(upkeep) = known.get_mut(&home) {
                (upkeep.blocking, upkeep.blocking_area) = (count, area);
            }
        }
        let overridden: Vec<(DwellingId, LettingObstacle, Day, Day)> = letting_override::table
            .filter(letting_override::municipality_id.eq(municipality))
            .filter(letting_override::dwelling_id.eq_any(ids))
            .select((
                letting_override::dwelling_id,
                letting_override::obstacle,
                letting_override::valid_until,
                letting_override::overridden_on,
            ))
            .load(tx.conn())?;
        for (home, obstacle, until, on) in overridden {
            let Some(upkeep) = known.get_mut(&home) else {
                continue;
            };
            let place = match obstacle {
                LettingObstacle::InspectionOverdue => &mut upkeep.overdue_until,
                LettingObstacle::BlockingFinding => &mut upkeep.blocking_until,
            };
            *place = (*place).max(Some(until));
            upkeep.overridden_on = upkeep.overridden_on.max(Some(on));
        }
    }
    Ok(known)
}

/// Homes that stand and whose next yearly inspection is due before a day, in order of id.
pub(super) fn due_before(
    tx: &mut Tx<'_>,
    (day, rules): (Day, InspectionRules),
    after: Option<DwellingId>,
    limit: i64,
) -> Result<Vec<Dwelling>, Problem> {
    let municipality = tx.municipality();
    let yearly = || {
        inspection::table
            .filter(inspection::municipality_id.eq(dwelling::municipality_id))
            .filter(inspection::dwelling_id.eq(dwelling::id))
            .filter(inspection::kind.eq_any(YEARLY))
    };
    let said_later = yearly().filter(inspection::next_due_on.ge(day));
    let said_of_last =
        yearly().filter(inspection::performed_on.eq(dwelling::inspected_on.assume_not_null()));
    let long_ago = dwelling::inspected_on
        .assume_not_null()
        .lt(inspected_before_for(day, rules));
    let not_standing = [
        DwellingState::Planned,
        DwellingState::UnderConstruction,
        DwellingState::Disposed,
    ];
    Ok(dwelling::table
        .filter(dwelling::municipality_id.eq(municipality))
        .filter(dwelling::id.gt(after.unwrap_or(DwellingId::NIL)))
        .filter(dwelling::state.ne_all(not_standing))
        .filter(not(exists(said_later)))
        .filter(
            dwelling::inspected_on
                .is_null()
                .or(long_ago)
                .or(exists(said_of_last)),
        )
        .order(dwelling::id)
        .limit(limit)
        .select(Dwelling::as_select())
        .load(tx.conn())?)
}
