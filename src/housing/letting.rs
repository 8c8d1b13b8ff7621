//! What others must know of letting a home: since when it counts as inspected, until when it stands, what its agreement allows.

use std::collections::{BTreeMap, BTreeSet};

use super::agreements::{self, AgreementKind, blocked_under, may_be_held, terms_of};
use super::dwelling::Dwelling;
use super::lifecycle::Move;
use super::model::DwellingState;
use super::rules::Refusal;
use super::upkeep::{FindingArea, LettingObstacle, clearances};
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::{AgreementId, DwellingId};
use crate::problem::Problem;

/// What is known of letting a home today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letting {
    /// Since when it counts as inspected and free of what bars letting: the last inspection, or the day on which an obstacle was
    /// overridden; none where something bars it.
    pub inspected_on: Option<Day>,
    /// What was found there and bars letting, where anything does.
    pub barring_finding: Option<FindingArea>,
    /// The last inspection, where it bars letting that the next is overdue.
    pub lapsed_inspection_on: Option<Day>,
    /// From which day it can be let no longer: it is demolished then, or handed back.
    pub until: Option<Day>,
    /// What its agreement allows.
    pub quota: Option<Quota>,
}

/// What an agreement allows of one of its homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The agreement.
    pub agreement: AgreementId,
    /// Whether it is a referral agreement, of whose units only a share may be in use.
    pub is_referral: bool,
    /// The units that it is about.
    pub units: i32,
    /// How many may be in use at a time.
    pub usable: i32,
    /// How many are besides this home, or are kept for homes that stand blocked.
    pub others_in_use: i32,
    /// The shortest lease, in months.
    pub lease_months_min: i16,
}

impl Quota {
    /// Whether nobody more can be housed under it.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.others_in_use >= self.usable
    }
}

/// What is known of letting these homes today.
pub fn facts(
    tx: &mut Tx<'_>,
    homes: &[&Dwelling],
) -> Result<BTreeMap<DwellingId, Letting>, Problem> {
    let clearances = clearances(tx, homes)?;
    let ids: Vec<DwellingId> = homes.iter().map(|home| home.id).collect();
    let terms = terms_of(tx, &ids)?;
    let agreements: BTreeSet<AgreementId> = terms.values().map(|terms| terms.agreement).collect();
    let blocked = blocked_under(tx, &agreements.into_iter().collect::<Vec<_>>())?;
    let facts = |home: &&Dwelling| {
        let clearance = clearances.get(&home.id);
        let is_barred = clearance.is_none_or(|it| !it.barred_by.is_empty());
        let overridden_on = clearance
            .filter(|it| !it.overridden.is_empty())
            .and_then(|it| it.overridden_on);
        let bars = |obstacle| clearance.is_some_and(|it| it.barred_by.contains(&obstacle));
        let inspected_on = home.description.inspected_on;
        let terms = terms.get(&home.id);
        let ends_on = terms.map(|terms| terms.ends_on);
        let demolition = home.description.demolition_from;
        let letting = Letting {
            inspected_on: if is_barred {
                None
            } else {
                overridden_on.or(inspected_on)
            },
            barring_finding: clearance
                .filter(|_| bars(LettingObstacle::BlockingFinding))
                .and_then(|it| it.blocking_area),
            lapsed_inspection_on: inspected_on.filter(|_| bars(LettingObstacle::InspectionOverdue)),
            until: demolition.into_iter().chain(ends_on).min(),
            quota: terms.map(|terms| Quota {
                agreement: terms.agreement,
                is_referral: terms.kind == AgreementKind::Referral,
                units: terms.units,
                usable: terms.usable,
                others_in_use: terms.in_use
                    + blocked.get(&terms.agreement).copied().unwrap_or_default()
                    - i32::from(home.state.is_in_use() || home.state == DwellingState::Blocked),
                lease_months_min: terms.lease_months_min,
            }),
        };
        (home.id, letting)
    };
    Ok(homes.iter().map(facts).collect())
}

/// Whether a home may be moved so: what bars letting keeps it from being held for somebody, and a finding that bars it from being
/// said to be vacant.
pub(super) fn may_move(tx: &mut Tx<'_>, home: &Dwelling, step: Move) -> Result<(), Problem> {
    if !matches!(step, Move::Reserve | Move::MakeAvailable) {
        return Ok(());
    }
    let clearance = clearances(tx, &[home])?.remove(&home.id);
    let barred_by = clearance.map(|it| it.barred_by).unwrap_or_default();
    if barred_by.contains(&LettingObstacle::BlockingFinding) {
        return Err(Refusal::BlockingFinding.into());
    }
    if step == Move::MakeAvailable {
        return Ok(());
    }
    if barred_by.contains(&LettingObstacle::InspectionOverdue) {
        return Err(Refusal::InspectionOverdue.into());
    }
    may_be_held(tx, home.id)
}

/// Keeps the agreement's count of units in use, as a home comes into use or falls vacant.
pub(super) fn keep_count(
    tx: &mut Tx<'_>,
    home: DwellingId,
    was: bool,
    is: bool,
) -> Result<(), Problem> {
    if was == is {
        return Ok(());
    }
    agreements::count_in(tx, home, is)
}
