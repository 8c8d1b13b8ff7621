//! Five years of ended cases: those that gave today's and yesterday's tenants their homes, and those that did not.

use super::Size;
use super::cases::{Application, CaseState, Decision, RefusalReason};
use super::people::{Registry, situation};
use super::places::Area;
use super::profiles;
use super::random::Random;
use super::reasons;
use super::stock::Dwelling;
use super::tenancies::Tenancy;
use crate::applications::ApplicationType;
use crate::clock::Day;
use crate::situations::SituationReason;

const DAYS: i32 = 5 * 365;

/// All ended cases.
pub(super) fn ended(
    registry: &mut Registry,
    size: &Size,
    areas: &[Area],
    (dwellings, tenancies): (&[Dwelling], &[Tenancy]),
    today: Day,
) -> Vec<Application> {
    let first = today.plus_days(-DAYS);
    let mut applications = Vec::with_capacity(size.ended_cases);
    for (at, tenancy) in tenancies.iter().enumerate() {
        if let Some(dwelling) = dwellings.get(tenancy.dwelling)
            && tenancy.starts_on > first
        {
            let case = housed(registry, (at, tenancy), dwelling);
            applications.push(case);
        }
    }
    while applications.len() < size.ended_cases {
        let case = not_housed(registry, areas, today);
        applications.push(case);
    }
    applications
}

fn housed(
    registry: &mut Registry,
    (at, tenancy): (usize, &Tenancy),
    dwelling: &Dwelling,
) -> Application {
    let household = registry.households.get(tenancy.household);
    let reason = household
        .and_then(|household| household.situations.first())
        .map_or(SituationReason::LeaseEnding, |situation| situation.reason);
    let random = &mut registry.random;
    let kind = match reason {
        SituationReason::RefugeeSettlement => ApplicationType::RefugeeSettlement,
        SituationReason::LeavingPrison | SituationReason::LeavingInstitution => {
            ApplicationType::ReferralFromService
        }
        SituationReason::LeaseEnding => ApplicationType::Renewal,
        SituationReason::Overcrowded => ApplicationType::Transfer,
        _ => ApplicationType::New,
    };
    let wait_days = random.between(35, 150);
    let received_on = tenancy.starts_on.plus_days(-wait_days);
    let decided_after = processing_days(random).min(wait_days - 7);
    let urgency = reasons::urgency_of(random, reason);
    let mut needs = profiles::needs(&[dwelling.category], urgency);
    let spare_ore = 10_000 * i64::from(random.below(60));
    needs.monthly_means_ore = Some(dwelling.rent_ore + spare_ore);
    Application {
        household: tenancy.household,
        kind,
        received_on,
        state: CaseState::Housed,
        needs,
        decision: Some(Decision {
            decided_on: received_on.plus_days(decided_after),
            refusal: None,
        }),
        ended_on: Some(tenancy.starts_on),
        tenancy: Some(at),
    }
}

/// Refused, or in every seventh case withdrawn.
fn not_housed(registry: &mut Registry, areas: &[Area], today: Day) -> Application {
    let mut draft = profiles::draw(&mut registry.random, areas);
    // The other parents of children in shared custody are the first to ask in vain: they have a home.
    let other_parent = registry.other_parents.pop();
    let received_on = today.plus_days(-registry.random.between(100, DAYS));
    let after = processing_days(&mut registry.random);
    let ended_on = received_on.plus_days(after);
    let from = received_on.plus_days(-registry.random.between(5, 200));
    let mut situation = situation(&mut registry.random, draft.reason, from);
    situation.until = Some(ended_on);
    draft.family.of_age_on = Some(received_on);
    let household = match other_parent {
        None => registry.enter(&draft.family, vec![situation]),
        Some(household) => {
            if let Some(household) = registry.households.get_mut(household) {
                household.situations.push(situation);
            }
            household
        }
    };
    let is_withdrawn = other_parent.is_none() && registry.random.percent(14);
    let refusal = refusal(&mut registry.random, other_parent.is_some());
    Application {
        household,
        kind: draft.kind,
        received_on,
        state: if is_withdrawn {
            CaseState::Withdrawn
        } else {
            CaseState::Refused
        },
        needs: draft.needs,
        decision: (!is_withdrawn).then_some(Decision {
            decided_on: ended_on,
            refusal: Some(refusal),
        }),
        ended_on: Some(ended_on),
        tenancy: None,
    }
}

fn refusal(random: &mut Random, has_home: bool) -> RefusalReason {
    if has_home {
        return RefusalReason::HasSuitableHome;
    }
    let reasons = &[
        (30, RefusalReason::HasSuitableHome),
        (28, RefusalReason::CanFindHome),
        (22, RefusalReason::OtherHelpSuffices),
        (14, RefusalReason::NotResidentLongEnough),
        (6, RefusalReason::NeedsInstitution),
    ];
    random.weighted(RefusalReason::HasSuitableHome, reasons)
}

/// Most cases are decided within a month, as the Public Administration Act section 11 a asks; some are not.
fn processing_days(random: &mut Random) -> i32 {
    if random.percent(68) {
        random.between(6, 30)
    } else {
        random.between(31, 78)
    }
}
