//! Why households of each group have no fit home, with weights after the national counts, and how soon they need one.

use super::names::Origin;
use super::people::Family;
use super::random::Random;
use crate::applications::Urgency;
use crate::housing::Category;
use crate::situations::SituationReason as Reason;

type Reasons = &'static [(u32, Reason)];

pub(super) const WITHOUT_HOME: Reasons = &[
    (38, Reason::WithFriendsOrRelatives),
    (24, Reason::TemporaryAccommodation),
    (9, Reason::AcuteOvernight),
    (3, Reason::SleepingOut),
    (14, Reason::LeavingInstitution),
    (9, Reason::LeavingPrison),
    (3, Reason::CrisisShelter),
];
pub(super) const AT_RISK: Reasons = &[
    (55, Reason::LeaseEnding),
    (25, Reason::Arrears),
    (20, Reason::EvictionNotified),
];
pub(super) const OF_FAMILIES: Reasons = &[
    (30, Reason::Overcrowded),
    (26, Reason::LeaseEnding),
    (12, Reason::Arrears),
    (10, Reason::TemporaryAccommodation),
    (8, Reason::HealthHazard),
    (7, Reason::CrisisShelter),
    (4, Reason::UnsafeFromViolence),
    (3, Reason::HarmfulNeighbourhood),
];
pub(super) const OF_PARTED_PARENTS: Reasons = &[
    (45, Reason::WithFriendsOrRelatives),
    (35, Reason::LeaseEnding),
    (20, Reason::Overcrowded),
];
pub(super) const OF_DISABLED: Reasons = &[
    (45, Reason::NeedsCloserServices),
    (40, Reason::NotAccessible),
    (15, Reason::WithFriendsOrRelatives),
];
pub(super) const OF_DUAL_DIAGNOSIS: Reasons = &[
    (30, Reason::TemporaryAccommodation),
    (25, Reason::LeavingInstitution),
    (15, Reason::AcuteOvernight),
    (15, Reason::EvictionNotified),
    (15, Reason::HarmfulNeighbourhood),
];
pub(super) const OF_YOUNG: Reasons = &[
    (50, Reason::WithFriendsOrRelatives),
    (25, Reason::LeavingInstitution),
    (25, Reason::HarmfulNeighbourhood),
];
const OF_OLDER: Reasons = &[
    (60, Reason::NeedsCloserServices),
    (40, Reason::NotAccessible),
];

/// Why a tenant of today once needed the home.
pub(super) fn of_tenant(random: &mut Random, category: Category, family: &Family) -> Reason {
    let may_be_refugee = !matches!(family.origin, Origin::Norway | Origin::Poland);
    let reasons = match category {
        Category::Ordinary | Category::Bedsit if may_be_refugee && random.percent(70) => {
            return Reason::RefugeeSettlement;
        }
        Category::Ordinary if !family.children.is_empty() => OF_FAMILIES,
        Category::Robust | Category::Test => OF_DUAL_DIAGNOSIS,
        Category::Youth | Category::Training => OF_YOUNG,
        Category::Ordinary | Category::Bedsit if random.percent(60) => WITHOUT_HOME,
        Category::Ordinary | Category::Bedsit => AT_RISK,
        _ if family.applicant >= 67 => OF_OLDER,
        _ => OF_DISABLED,
    };
    random.weighted(Reason::LeaseEnding, reasons)
}

/// How soon a home is needed, as the reason tells.
pub(super) fn urgency_of(random: &mut Random, reason: Reason) -> Urgency {
    match reason {
        Reason::SleepingOut
        | Reason::AcuteOvernight
        | Reason::UnsafeFromViolence
        | Reason::CrisisShelter => {
            random.weighted(Urgency::Acute, &[(75, Urgency::Acute), (25, Urgency::High)])
        }
        Reason::EvictionNotified
        | Reason::TemporaryAccommodation
        | Reason::LeavingPrison
        | Reason::LeavingInstitution
        | Reason::HealthHazard
        | Reason::DisplacedByDemolition => {
            random.weighted(Urgency::High, &[(70, Urgency::High), (30, Urgency::Normal)])
        }
        _ => random.weighted(
            Urgency::Normal,
            &[(80, Urgency::Normal), (20, Urgency::High)],
        ),
    }
}
