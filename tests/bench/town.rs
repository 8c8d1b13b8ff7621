//! Made-up towns for tests and measurements: tied and correlated, as real queues are, and the same for the same seed.

use rettbolig::applications::{ApplicationType, AreaCode, Needs, Urgency};
use rettbolig::clock::Day;
use rettbolig::housing::{Category, DwellingState, Feature, Service, Tenure};
use rettbolig::ids::Id;
use rettbolig::matching::{
    AgeWindow, HomeFacts, HouseholdFacts, MemberFacts, Neighbours, ReferralFacts, Snapshot,
};
use rettbolig::people::{AddressProtection, MemberRole};
use rettbolig::rulesets::RuleSet;
use rettbolig::situations::SituationReason;
use uuid::Uuid;

/// The rule set that the service ships as its example.
pub(crate) fn rules() -> RuleSet {
    serde_json::from_str(RuleSet::EXAMPLE_JSON).unwrap()
}

/// A calendar day.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Day {
    Day(jiff::civil::date(year, month, day))
}

/// The day on which every town is looked at.
pub(crate) fn today() -> Day {
    day(2026, 6, 1)
}

/// One adult without a home who needs an ordinary home and nothing else.
pub(crate) fn household(number: u64) -> HouseholdFacts {
    HouseholdFacts {
        application_id: id(1, number),
        household_id: id(2, number),
        application_type: ApplicationType::New,
        received_on: day(2026, 1, 1),
        members: vec![MemberFacts {
            role: MemberRole::Applicant,
            born_on: day(1985, 3, 1),
            residence_days: 14,
        }],
        situations: vec![SituationReason::WithFriendsOrRelatives],
        needs: Needs {
            categories: vec![Category::Ordinary],
            urgency: Urgency::Normal,
            extra_bedrooms: 0,
            features: Vec::new(),
            highest_floor_without_lift: None,
            services: Vec::new(),
            wished_areas: Vec::new(),
            excluded_areas: Vec::new(),
            excluded_households: Vec::new(),
            school_area: None,
            has_pet: false,
            could_come_to_own: false,
            monthly_means_ore: None,
            lower_steps_tried: false,
        },
        protection: AddressProtection::Ungraded,
        lives_in: None,
        raised_to: None,
    }
}

/// A vacant ordinary home of one bedroom with nothing special.
pub(crate) fn home(number: u64) -> HomeFacts {
    HomeFacts {
        dwelling_id: id(3, number),
        state: DwellingState::Available,
        category: Category::Ordinary,
        bedrooms: 1,
        capacity: 2,
        places: 1,
        floor: 1,
        features: Vec::new(),
        services: Vec::new(),
        area: AreaCode("SENTRUM".to_owned()),
        age_window: None,
        rent_ore: 800_000,
        last_inspected_on: Some(day(2026, 1, 1)),
        demolition_from: None,
        referral: None,
        cleared_for_protected: false,
        barring_finding: None,
        lapsed_inspection_on: None,
        tenure: Some(Tenure::Owned),
        neighbours: Vec::new(),
        building: None,
        residents: Vec::new(),
    }
}

/// A town of so many households and homes. Few values occur often, so that scores tie; large households are poorer and need more,
/// and large homes are dearer, so that scores go together.
pub(crate) fn town(seed: u64, households: u64, homes: u64) -> Snapshot {
    let mut dice = Dice(seed);
    Snapshot {
        as_of: today(),
        households: (0..households)
            .map(|number| random_household(number, &mut dice))
            .collect(),
        homes: (0..homes)
            .map(|number| random_home(number, &mut dice))
            .collect(),
    }
}

/// Numbers that look random and are the same everywhere (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(u64::try_from(of.len()).unwrap())).unwrap()]
    }
}

const CATEGORIES: [Category; 8] = [
    Category::Ordinary,
    Category::Ordinary,
    Category::Ordinary,
    Category::Ordinary,
    Category::Bedsit,
    Category::Robust,
    Category::Youth,
    Category::SharedHousing,
];

fn random_household(number: u64, dice: &mut Dice) -> HouseholdFacts {
    let mut facts = household(number);
    // The lot of a real application is random too.
    facts.application_id = id(dice.roll(u64::MAX), number);
    facts.application_type = if dice.once_in(40) {
        ApplicationType::Replacement
    } else {
        ApplicationType::New
    };
    facts.received_on = today().plus_days(-i32::try_from(7 * dice.roll(40)).unwrap());
    let born = 2010 - i16::try_from(dice.roll(55)).unwrap();
    facts.members[0].born_on = day(born, 1 + i8::try_from(dice.roll(12)).unwrap(), 1);
    let children = dice.roll(8).saturating_sub(4);
    if dice.once_in(3) {
        facts.members.push(MemberFacts {
            role: MemberRole::CoApplicant,
            ..facts.members[0]
        });
    }
    for _ in 0..children {
        facts.members.push(MemberFacts {
            role: MemberRole::Child,
            born_on: day(2008 + i16::try_from(dice.roll(18)).unwrap(), 1, 1),
            residence_days: dice.pick(&[14, 14, 7, 4]),
        });
    }
    facts.situations = vec![dice.pick(SituationReason::ALL)];
    facts.protection = dice.pick(&[AddressProtection::Ungraded; 30]);
    if dice.once_in(60) {
        facts.protection = AddressProtection::Confidential;
    }
    facts.lives_in = dice.once_in(20).then_some(Category::Robust);
    let needs = &mut facts.needs;
    needs.categories = vec![dice.pick(&CATEGORIES)];
    if dice.once_in(2) && needs.categories != [Category::Ordinary] {
        needs.categories.push(Category::Ordinary);
    }
    needs.urgency = dice.pick(&[
        Urgency::Acute,
        Urgency::High,
        Urgency::Normal,
        Urgency::Normal,
    ]);
    needs.features = dice
        .once_in(8)
        .then_some(Feature::StepFree)
        .into_iter()
        .collect();
    needs
        .features
        .extend(dice.once_in(20).then_some(Feature::Wheelchair));
    needs.highest_floor_without_lift = dice.once_in(6).then_some(1);
    needs.services = dice
        .once_in(20)
        .then_some(Service::StaffedByDay)
        .into_iter()
        .collect();
    needs.wished_areas = (0..dice.roll(4)).map(|_| area(dice)).collect();
    needs.wished_areas.dedup();
    needs.excluded_areas = (0..dice.roll(8).saturating_sub(6))
        .map(|_| area(dice))
        .collect();
    needs.school_area = (children > 0).then(|| area(dice));
    needs.has_pet = dice.once_in(5);
    needs.could_come_to_own = dice.once_in(7);
    if dice.once_in(40) {
        needs.excluded_households = vec![id(5, dice.roll(3))];
    }
    let means = 900_000 - 40_000 * i64::try_from(children).unwrap();
    needs.monthly_means_ore = (!dice.once_in(4)).then_some(means);
    facts
}

fn random_home(number: u64, dice: &mut Dice) -> HomeFacts {
    let mut facts = home(number);
    facts.dwelling_id = id(dice.roll(u64::MAX), number);
    facts.category = dice.pick(&CATEGORIES);
    facts.bedrooms = dice.pick(&[1, 1, 2, 2, 3, 4]);
    facts.capacity = 2 * facts.bedrooms;
    if facts.category == Category::Bedsit {
        (facts.bedrooms, facts.capacity) = (0, 1);
    }
    if facts.category == Category::SharedHousing {
        facts.places = dice.pick(&[1, 2, 3]);
    }
    facts.floor = i16::try_from(dice.roll(4)).unwrap();
    facts.features = [
        Feature::Lift,
        Feature::Wheelchair,
        Feature::PetsAllowed,
        Feature::Quiet,
    ]
    .into_iter()
    .filter(|_| dice.once_in(3))
    .collect();
    facts.services = dice
        .once_in(4)
        .then_some(Service::StaffedRoundTheClock)
        .into_iter()
        .collect();
    facts.area = area(dice);
    let is_youth = facts.category == Category::Youth;
    facts.age_window = is_youth.then_some(AgeWindow {
        youngest: 15,
        oldest: 25,
    });
    facts.rent_ore = 600_000 + 200_000 * i64::from(facts.bedrooms);
    facts.last_inspected_on = (!dice.once_in(30)).then_some(day(2026, 1, 1));
    facts.demolition_from = dice.once_in(30).then_some(day(2027, 1, 1));
    facts.referral = dice.once_in(12).then(|| ReferralFacts {
        agreement_id: id(4, dice.roll(3)),
        units: 20,
        units_in_use: 6,
        usable_units: None,
    });
    facts.cleared_for_protected = dice.once_in(10);
    if dice.once_in(3) {
        facts.tenure = Some(Tenure::LeasedIn);
    }
    if dice.once_in(4) {
        let homes = 1 + u16::try_from(dice.roll(6)).unwrap();
        let category = dice.pick(&[Category::Robust, Category::Ordinary]);
        facts.neighbours = vec![Neighbours { category, homes }];
    }
    // Among those who live there is somebody of whom a few who wait are afraid.
    if dice.once_in(20) {
        facts.residents = vec![id(5, dice.roll(3))];
    }
    facts.state = if dice.once_in(25) {
        DwellingState::Occupied
    } else {
        DwellingState::Available
    };
    facts
}

fn area(dice: &mut Dice) -> AreaCode {
    AreaCode(format!("OMRADE_{}", dice.roll(12)))
}

fn id<K>(high: u64, low: u64) -> Id<K> {
    Id::from_uuid(Uuid::from_u64_pair(low, high))
}
