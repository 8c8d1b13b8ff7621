//! Tenants who ask for something else: a longer lease, another home, or one instead of that which is demolished.

use super::Size;
use super::people::{Household, Registry};
use super::profiles;
use super::reasons;
use super::stock::Dwelling;
use super::tenancies::Tenancy;
use crate::applications::{ApplicationType, Needs};
use crate::clock::Day;
use crate::housing::{Category, Feature, Service};
use crate::people::MemberRole;
use crate::situations::SituationReason;

/// What one tenant asks for.
pub(super) struct Wish {
    pub(super) household: usize,
    pub(super) reason: SituationReason,
    pub(super) kind: ApplicationType,
    pub(super) needs: Needs,
}

/// Some of the tenants of today, each at most once.
pub(super) fn choose(
    registry: &mut Registry,
    size: &Size,
    (dwellings, tenancies): (&[Dwelling], &[Tenancy]),
    today: Day,
) -> Vec<Wish> {
    let mut current: Vec<(&Tenancy, &Dwelling)> = tenancies
        .iter()
        .filter(|tenancy| tenancy.vacated_on.is_none())
        .filter_map(|tenancy| Some((tenancy, dwellings.get(tenancy.dwelling)?)))
        .collect();
    registry.random.shuffle(&mut current);
    let mut left = [
        (ApplicationType::Replacement, size.applications * 4 / 100),
        (ApplicationType::Renewal, size.applications * 6 / 100),
        (ApplicationType::Transfer, size.applications * 8 / 100),
    ];
    let mut wishes = Vec::new();
    for (tenancy, dwelling) in current {
        let Some(kind) = find_kind(tenancy, dwelling, today) else {
            continue;
        };
        let Some((_, left)) = left.iter_mut().find(|(of, left)| *of == kind && *left > 0) else {
            continue;
        };
        *left -= 1;
        wishes.push(wish(registry, tenancy.household, dwelling, kind));
    }
    wishes
}

/// What a tenant would ask for. A renewal is looked at from seven months before the lease runs out.
fn find_kind(tenancy: &Tenancy, dwelling: &Dwelling, today: Day) -> Option<ApplicationType> {
    if dwelling.demolition_from.is_some() {
        Some(ApplicationType::Replacement)
    } else if today.days_until(tenancy.ends_on) < 210 {
        Some(ApplicationType::Renewal)
    } else if dwelling.category == Category::Ordinary {
        Some(ApplicationType::Transfer)
    } else {
        None
    }
}

fn wish(
    registry: &mut Registry,
    household: usize,
    dwelling: &Dwelling,
    kind: ApplicationType,
) -> Wish {
    let members = registry.households.get(household);
    let reason = match kind {
        ApplicationType::Replacement => SituationReason::DisplacedByDemolition,
        ApplicationType::Renewal => SituationReason::LeaseEnding,
        _ => members.map_or(SituationReason::Overcrowded, |household| {
            reason_to_move(registry, household)
        }),
    };
    let urgency = reasons::urgency_of(&mut registry.random, reason);
    let mut needs = profiles::needs(&[dwelling.category], urgency);
    match kind {
        ApplicationType::Replacement => {
            needs.categories = vec![Category::Replacement, Category::RoundTheClockCare];
            needs.services = vec![Service::StaffedRoundTheClock];
            needs.features = vec![Feature::StepFree];
            needs.lower_steps_tried = true;
        }
        ApplicationType::Transfer if reason == SituationReason::NotAccessible => {
            needs.categories.insert(0, Category::AssistedSenior);
            needs.features = vec![Feature::StepFree];
            needs.highest_floor_without_lift = Some(1);
        }
        ApplicationType::Transfer if reason == SituationReason::HarmfulNeighbourhood => {
            needs.excluded_areas = vec![dwelling.area.clone()];
        }
        _ => {}
    }
    let spare_ore = 10_000 * i64::from(registry.random.below(60));
    needs.monthly_means_ore = Some(dwelling.rent_ore + spare_ore);
    Wish {
        household,
        reason,
        kind,
        needs,
    }
}

fn reason_to_move(registry: &Registry, household: &Household) -> SituationReason {
    let has_children = household
        .members
        .iter()
        .any(|member| member.role == MemberRole::Child);
    let is_old = household
        .members
        .iter()
        .any(|member| registry.find_age(member) >= Some(67));
    if is_old {
        SituationReason::NotAccessible
    } else if has_children {
        SituationReason::Overcrowded
    } else {
        SituationReason::HarmfulNeighbourhood
    }
}
