//! Five vacant homes and the forty households that make the demo's story, the same at every seed but for their names.

use super::names::Origin;
use super::people::Family;
use super::places::Area;
use super::profiles::{Draft, means_ore, needs};
use super::random::Random;
use crate::applications::{ApplicationType, Urgency};
use crate::housing::{Category, Feature, Service};
use crate::situations::SituationReason as Reason;

use Category::{AssistedSenior, Bedsit, Ordinary, Robust, Test, Youth};
use Demand::{Coach, ElsewhereForSafety, Nothing, StaffDayAndNight, StepFree, Wheelchair};
use Urgency::{Acute, High, Normal};

/// A vacant home for which there is always a choice to make.
pub(super) struct Home {
    /// The position of its area in the list of areas.
    pub(super) area: usize,
    pub(super) category: Category,
    pub(super) floor: i16,
    pub(super) bedrooms: u8,
    pub(super) usable_area_m2: i16,
    pub(super) features: &'static [Feature],
}

/// The homes: on the ground without steps, for a family, a bedsit, a robust home, and one for the young.
pub(super) const HOMES: &[Home] = &[
    Home {
        area: 0,
        category: Ordinary,
        floor: 1,
        bedrooms: 2,
        usable_area_m2: 64,
        features: &[Feature::StepFree, Feature::AdaptedBath, Feature::Quiet],
    },
    Home {
        area: 1,
        category: Ordinary,
        floor: 2,
        bedrooms: 3,
        usable_area_m2: 86,
        features: &[Feature::PetsAllowed],
    },
    Home {
        area: 2,
        category: Bedsit,
        floor: 2,
        bedrooms: 1,
        usable_area_m2: 18,
        features: &[Feature::Furnished],
    },
    Home {
        area: 3,
        category: Robust,
        floor: 1,
        bedrooms: 1,
        usable_area_m2: 42,
        features: &[Feature::StepFree, Feature::Reinforced, Feature::Sprinkler],
    },
    Home {
        area: 0,
        category: Youth,
        floor: 1,
        bedrooms: 1,
        usable_area_m2: 38,
        features: &[Feature::StepFree],
    },
];

/// What a household of the showcase needs beyond a kind of home.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    Nothing,
    /// No steps, and no stairs without a lift.
    StepFree,
    /// Room for a wheelchair, which no home of the showcase has.
    Wheelchair,
    /// Not in the area of the home: the household would not be safe there.
    ElsewhereForSafety,
    /// Somebody who coaches in keeping a home.
    Coach,
    /// Staff day and night, whom no home of the showcase has.
    StaffDayAndNight,
}

/// For which home, the applicant's and the partner's age, the children's ages, why, the kinds of home, what more.
type Role = (
    usize,
    (i32, Option<i32>),
    &'static [i32],
    (Reason, Urgency),
    &'static [Category],
    Demand,
);

/// Eight for each home: four whom it fits, then four whom it does not fit, for reasons of their own.
#[rustfmt::skip]
const CAST: [Role; 40] = [
    (0, (74, Some(76)), &[],                (Reason::NotAccessible, Normal),          &[AssistedSenior, Ordinary], StepFree),
    (0, (34, None),     &[6],               (Reason::LeaseEnding, High),              &[Ordinary],                 Nothing),
    (0, (29, None),     &[3],               (Reason::CrisisShelter, Acute),           &[Ordinary],                 Nothing),
    (0, (31, Some(33)), &[2],               (Reason::RefugeeSettlement, Normal),      &[Ordinary],                 Nothing),
    (0, (45, None),     &[],                (Reason::NotAccessible, High),            &[Ordinary],                 Wheelchair),
    (0, (38, Some(40)), &[12, 10, 7, 3],    (Reason::Overcrowded, Normal),            &[Ordinary],                 Nothing),
    (0, (52, None),     &[],                (Reason::TemporaryAccommodation, High),   &[Ordinary],                 ElsewhereForSafety),
    (0, (36, None),     &[],                (Reason::HarmfulNeighbourhood, Normal),   &[Robust],                   Coach),
    (1, (36, Some(38)), &[9, 6],            (Reason::Overcrowded, Normal),            &[Ordinary],                 Nothing),
    (1, (33, None),     &[8, 5],            (Reason::LeaseEnding, High),              &[Ordinary],                 Nothing),
    (1, (41, None),     &[11, 7],           (Reason::TemporaryAccommodation, High),   &[Ordinary],                 Nothing),
    (1, (30, Some(32)), &[6, 1],            (Reason::RefugeeSettlement, Normal),      &[Ordinary],                 Nothing),
    (1, (43, Some(44)), &[15, 13, 9, 6, 2], (Reason::Overcrowded, High),              &[Ordinary],                 Nothing),
    (1, (35, None),     &[7, 4],            (Reason::NotAccessible, High),            &[Ordinary],                 StepFree),
    (1, (28, None),     &[5, 2],            (Reason::UnsafeFromViolence, Acute),      &[Ordinary],                 ElsewhereForSafety),
    (1, (70, Some(72)), &[],                (Reason::NotAccessible, Normal),          &[AssistedSenior],           StepFree),
    (2, (27, None),     &[],                (Reason::WithFriendsOrRelatives, Normal), &[Bedsit, Ordinary],         Nothing),
    (2, (44, None),     &[],                (Reason::TemporaryAccommodation, High),   &[Bedsit, Ordinary],         Nothing),
    (2, (35, None),     &[],                (Reason::LeavingPrison, High),            &[Bedsit],                   Nothing),
    (2, (51, None),     &[],                (Reason::AcuteOvernight, Acute),          &[Ordinary, Bedsit],         Nothing),
    (2, (26, Some(25)), &[],                (Reason::LeaseEnding, Normal),            &[Bedsit, Ordinary],         Nothing),
    (2, (58, None),     &[],                (Reason::NotAccessible, Normal),          &[Bedsit, Ordinary],         StepFree),
    (2, (47, None),     &[],                (Reason::SleepingOut, Acute),             &[Bedsit],                   ElsewhereForSafety),
    (2, (33, None),     &[],                (Reason::EvictionNotified, High),         &[Ordinary],                 Nothing),
    (3, (38, None),     &[],                (Reason::TemporaryAccommodation, High),   &[Robust],                   Coach),
    (3, (46, None),     &[],                (Reason::LeavingInstitution, High),       &[Robust, Test],             Coach),
    (3, (31, None),     &[],                (Reason::AcuteOvernight, Acute),          &[Robust],                   Coach),
    (3, (53, None),     &[],                (Reason::EvictionNotified, High),         &[Robust],                   Nothing),
    (3, (34, None),     &[5],               (Reason::TemporaryAccommodation, High),   &[Robust, Ordinary],         Nothing),
    (3, (41, None),     &[],                (Reason::LeavingInstitution, High),       &[Robust],                   StaffDayAndNight),
    (3, (49, None),     &[],                (Reason::HarmfulNeighbourhood, Normal),   &[Robust],                   ElsewhereForSafety),
    (3, (44, None),     &[],                (Reason::NotAccessible, High),            &[Robust],                   Wheelchair),
    (4, (18, None),     &[],                (Reason::WithFriendsOrRelatives, Normal), &[Youth],                    Coach),
    (4, (20, None),     &[],                (Reason::LeavingInstitution, High),       &[Youth, Bedsit],            Coach),
    (4, (22, None),     &[],                (Reason::HarmfulNeighbourhood, Normal),   &[Youth],                    Nothing),
    (4, (19, None),     &[],                (Reason::AcuteOvernight, Acute),          &[Youth, Bedsit],            Coach),
    (4, (28, None),     &[],                (Reason::WithFriendsOrRelatives, Normal), &[Youth, Bedsit],            Nothing),
    (4, (21, Some(20)), &[],                (Reason::LeaseEnding, Normal),            &[Youth, Ordinary],          Nothing),
    (4, (19, None),     &[],                (Reason::LeavingInstitution, High),       &[Youth],                    StaffDayAndNight),
    (4, (23, None),     &[],                (Reason::UnsafeFromViolence, High),       &[Youth],                    ElsewhereForSafety),
];

/// The households of the showcase. Their addresses are not protected, so that the whole audience sees them.
pub(super) fn cast(random: &mut Random, areas: &[Area]) -> Vec<Draft> {
    CAST.iter().map(|role| draft(random, areas, role)).collect()
}

fn draft(random: &mut Random, areas: &[Area], role: &Role) -> Draft {
    let (home, (applicant, partner), children, (reason, urgency), categories, demand) = *role;
    let is_refugee = reason == Reason::RefugeeSettlement;
    let origin = if is_refugee {
        Origin::of_refugees(random)
    } else {
        Origin::of_anybody(random)
    };
    let family = Family {
        partner,
        children: children.to_vec(),
        ..Family::single(origin, applicant)
    };
    let mut needs = needs(categories, urgency);
    // Enough for the rent of the home in question: what fails in the showcase never fails on money.
    needs.monthly_means_ore = Some(means_ore(random, &family) + 500_000);
    match demand {
        Nothing => {}
        StepFree => {
            needs.features = vec![Feature::StepFree];
            needs.highest_floor_without_lift = Some(1);
        }
        Wheelchair => {
            needs.features = vec![Feature::StepFree, Feature::Wheelchair];
            needs.highest_floor_without_lift = Some(1);
        }
        ElsewhereForSafety => {
            let area = HOMES.get(home).and_then(|home| areas.get(home.area));
            needs
                .excluded_areas
                .extend(area.map(|area| area.code.clone()));
        }
        Coach => needs.services = vec![Service::TenancyCoach],
        StaffDayAndNight => {
            needs.services = vec![Service::StaffedRoundTheClock];
            needs.lower_steps_tried = true;
        }
    }
    let kind = if is_refugee {
        ApplicationType::RefugeeSettlement
    } else if matches!(demand, Coach | StaffDayAndNight) {
        ApplicationType::ReferralFromService
    } else {
        ApplicationType::New
    };
    Draft {
        family,
        reason,
        kind,
        needs,
    }
}
