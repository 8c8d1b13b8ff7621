//! What a building of the demo stock looks like inside: its homes, their size, rent, features and services.

use super::random::Random;
use crate::housing::{Category, Feature, Service};

/// How the homes of a building are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The building is one home.
    House,
    /// Each home is an owned section with a door of its own: a terrace.
    Sections,
    /// Each home is a dwelling unit of the building.
    Units,
    /// Each room of a dwelling unit is let on its own.
    Rooms,
}

/// The outline of a building.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    pub(super) form: Form,
    pub(super) floors: i16,
    pub(super) homes_a_floor: u32,
    pub(super) has_lift: bool,
}

/// One home within a building, before anybody says where the building stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// 1 is the ground floor, as in the unit number.
    pub(super) floor: i16,
    /// Counted from the left on its floor; for a section, within the building.
    pub(super) number: u32,
    pub(super) has_lift: bool,
    pub(super) form: Form,
}

impl Outline {
    /// A building fit for homes of one category.
    pub(super) fn of(random: &mut Random, category: Category) -> Self {
        let house = Self {
            form: Form::House,
            ..Self::terrace(1)
        };
        match category {
            Category::Ordinary => match random.below(100) {
                0..50 => Self::block(random),
                50..80 => Self::terrace(3 + random.below(5)),
                _ => house,
            },
            Category::Bedsit => Self {
                form: Form::Rooms,
                floors: 2,
                homes_a_floor: 3,
                has_lift: false,
            },
            Category::Robust | Category::RobustCare => Self::terrace(2 + random.below(3)),
            Category::Test | Category::Training => Self::block(random),
            Category::ChildRespite | Category::CrisisDiversion | Category::Temporary => house,
            _ => Self {
                form: Form::Units,
                floors: 1 + i16::from(random.percent(60)),
                homes_a_floor: 4 + random.below(4),
                has_lift: true,
            },
        }
    }

    fn block(random: &mut Random) -> Self {
        let floors = if random.percent(60) { 3 } else { 4 };
        Self {
            form: Form::Units,
            floors,
            homes_a_floor: 2 + random.below(3),
            has_lift: random.percent(if floors == 4 { 75 } else { 30 }),
        }
    }

    const fn terrace(homes: u32) -> Self {
        Self {
            form: Form::Sections,
            floors: 1,
            homes_a_floor: homes,
            has_lift: false,
        }
    }

    /// The homes, from the ground and from the left.
    pub(super) fn slots(self) -> impl Iterator<Item = Slot> {
        (1..=self.floors).flat_map(move |floor| {
            (1..=self.homes_a_floor).map(move |number| Slot {
                floor,
                number,
                has_lift: self.has_lift && self.floors > 1,
                form: self.form,
            })
        })
    }
}

/// The number of bedrooms of a home. The one room of a bedsit counts, for somebody sleeps there.
pub(super) fn bedrooms(random: &mut Random, category: Category, form: Form) -> u8 {
    match category {
        Category::Ordinary if matches!(form, Form::House | Form::Sections) => {
            random.weighted(3, &[(25, 2), (45, 3), (22, 4), (8, 5)])
        }
        Category::Ordinary => random.weighted(1, &[(52, 1), (34, 2), (14, 3)]),
        Category::Care | Category::AssistedSenior | Category::Replacement => {
            random.weighted(1, &[(75, 1), (25, 2)])
        }
        Category::ChildRespite => 3,
        Category::Temporary | Category::CrisisDiversion => 2,
        _ => 1,
    }
}

/// The usable area for a number of bedrooms, in square metres.
pub(super) fn usable_area_m2(random: &mut Random, category: Category, bedrooms: u8) -> i16 {
    let (least, most) = match (category, bedrooms) {
        (Category::Bedsit, _) => (15, 26),
        (Category::SharedHousing | Category::RoundTheClockCare, _) => (30, 42),
        (_, ..=1) => (36, 50),
        (_, 2) => (56, 70),
        (_, 3) => (76, 92),
        (_, 4) => (98, 116),
        _ => (120, 138),
    };
    i16::try_from(random.between(least, most)).unwrap_or(i16::MAX)
}

/// The highest number of persons that may live in a home.
pub(super) const fn capacity(category: Category, bedrooms: u8) -> i16 {
    match category {
        Category::Ordinary
        | Category::Care
        | Category::AssistedSenior
        | Category::Replacement
        | Category::ChildRespite
        | Category::Temporary
        | Category::CrisisDiversion => match bedrooms {
            0 | 1 => 2,
            2 => 4,
            3 => 5,
            4 => 7,
            _ => 8,
        },
        _ => 1,
    }
}

/// The rent a month: a basic amount, so much a square metre, a little more in the middle, in whole 50 kroner.
pub(super) fn rent_ore(usable_area_m2: i16, is_central: bool) -> i64 {
    let rent = 380_000 + 10_500 * i64::from(usable_area_m2);
    let rent = if is_central { rent + rent / 20 } else { rent };
    rent / 5_000 * 5_000
}

/// What the home has.
pub(super) fn features(random: &mut Random, category: Category, slot: Slot) -> Vec<Feature> {
    let on_the_level = slot.floor == 1 || slot.has_lift;
    let is_adapted = match category {
        Category::Ordinary | Category::Test | Category::Training | Category::Youth => {
            on_the_level && random.percent(45)
        }
        Category::Robust | Category::Temporary => on_the_level && random.percent(60),
        Category::Bedsit => false,
        _ => on_the_level,
    };
    let is_for_care = matches!(
        category,
        Category::RobustCare
            | Category::Care
            | Category::SharedHousing
            | Category::RoundTheClockCare
            | Category::AssistedSenior
            | Category::Replacement
    );
    let is_robust = matches!(category, Category::Robust | Category::RobustCare);
    let mut features = Vec::new();
    let mut has = |feature, is_there| {
        if is_there {
            features.push(feature);
        }
    };
    has(Feature::StepFree, is_adapted);
    has(
        Feature::Wheelchair,
        is_adapted && (is_for_care || random.percent(40)),
    );
    has(Feature::Lift, slot.has_lift);
    has(
        Feature::AdaptedBath,
        is_adapted && (is_for_care || random.percent(35)),
    );
    has(
        Feature::WelfareTechnology,
        is_for_care && random.percent(70),
    );
    has(Feature::Reinforced, is_robust);
    has(
        Feature::Sprinkler,
        is_robust || is_for_care || random.percent(15),
    );
    has(Feature::PetsAllowed, !is_for_care && random.percent(25));
    has(
        Feature::Furnished,
        matches!(category, Category::Bedsit | Category::Temporary) || random.percent(8),
    );
    has(Feature::Quiet, random.percent(15));
    features
}

/// The services that are given on the spot.
pub(super) fn services(category: Category) -> Vec<Service> {
    match category {
        Category::Robust => vec![Service::Ambulant, Service::TenancyCoach],
        Category::Test | Category::Training | Category::Youth => vec![Service::TenancyCoach],
        Category::Care | Category::AssistedSenior => vec![Service::Ambulant],
        Category::SharedHousing => vec![Service::Ambulant, Service::StaffedByDay],
        Category::RobustCare
        | Category::RoundTheClockCare
        | Category::ChildRespite
        | Category::CrisisDiversion
        | Category::Replacement => {
            vec![Service::StaffedByDay, Service::StaffedRoundTheClock]
        }
        Category::Ordinary | Category::Bedsit | Category::Temporary => Vec::new(),
    }
}

/// The age window of the tenants: young from 15 to 25 (measure 3.4.2), old from 67.
pub(super) const fn age_window(category: Category) -> (Option<i16>, Option<i16>) {
    match category {
        Category::Youth => (Some(15), Some(25)),
        Category::AssistedSenior => (Some(67), None),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rent_rises_with_size_and_toward_the_middle() {
        for area in 10..200 {
            assert!(rent_ore(area, false) < rent_ore(area + 1, false));
            assert!(rent_ore(area, false) < rent_ore(area, true));
            assert_eq!(rent_ore(area, true) % 5_000, 0);
        }
    }

    #[test]
    fn a_lift_is_where_there_is_something_to_lift_to() {
        let mut random = Random::new(5, 5);
        for category in Category::ALL {
            for _ in 0..100 {
                let outline = Outline::of(&mut random, *category);
                assert!(
                    outline
                        .slots()
                        .all(|slot| !slot.has_lift || outline.floors > 1)
                );
                let homes = u32::try_from(outline.floors).unwrap() * outline.homes_a_floor;
                assert_eq!(outline.slots().count(), usize::try_from(homes).unwrap());
            }
        }
    }
}
