//! The housing stock of the demo: how many homes of each kind, where they stand, and in which state they are.

use serde::Serialize;

use super::buildings::{self, Form, Outline, Slot};
use super::measures::MEASURES;
use super::places::{Area, Plot, Surveyor, written};
use super::random::Random;
use super::{Size, apportion, showcase};
use crate::applications::AreaCode;
use crate::cadastral::{CadastralId, MunicipalityNumber, PostalCode, UnitNumber};
use crate::clock::Day;
use crate::housing::{Category, DwellingState, Feature, Service, Tenure};

/// One lettable home ("utleieenhet").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dwelling {
    /// The cadastral unit.
    pub cadastral_id: CadastralId,
    /// The dwelling unit within the building.
    pub unit_number: UnitNumber,
    /// Tells rooms of one dwelling unit apart that are let separately.
    pub extra_reference: Option<String>,
    /// Street and house number.
    pub street_address: String,
    /// The postal code.
    pub postal_code: PostalCode,
    /// The postal place, in capitals.
    pub postal_place: String,
    /// The part of the municipality.
    pub area: AreaCode,
    /// What the home is for.
    pub category: Category,
    /// By what right the municipality disposes of it.
    pub tenure: Tenure,
    /// Where it stands in its life.
    pub state: DwellingState,
    /// Why it may not be let, for a home that is blocked or under repair.
    pub state_reason: Option<&'static str>,
    /// Rooms to sleep in.
    pub bedrooms: u8,
    /// Usable area in square metres.
    pub usable_area_m2: i16,
    /// The floor of the entrance: 1 is the ground floor.
    pub floor: i16,
    /// Whether a lift goes to the door.
    pub has_lift: bool,
    /// The highest number of persons that may live here.
    pub capacity: i16,
    /// How many households may be here at once; more than one only where nobody has a lease.
    pub places: i16,
    /// The rent a month, in øre.
    pub rent_ore: i64,
    /// What the home has.
    pub features: Vec<Feature>,
    /// What can be given on the spot.
    pub services: Vec<Service>,
    /// The lowest age of a tenant.
    pub min_age: Option<i16>,
    /// The highest age of a tenant.
    pub max_age: Option<i16>,
    /// The last fire-safety inspection; absent before the home is built.
    pub inspected_on: Option<Day>,
    /// The first day on which the home is gone, where it will be demolished.
    pub demolition_from: Option<Day>,
    /// The measure of the housing plan that the home fulfils, such as `3.3.1`.
    pub measure: Option<&'static str>,
}

impl Dwelling {
    /// Whether somebody lives here on a lease.
    #[must_use]
    pub const fn is_lived_in(&self) -> bool {
        matches!(
            self.state,
            DwellingState::Occupied | DwellingState::NoticeGiven
        )
    }
}

/// How many homes of each category there are, and how many of them are vacant, in a municipality of 25,000.
const MIX: [(Category, usize, usize); 15] = [
    (Category::Ordinary, 270, 9),
    (Category::Bedsit, 25, 2),
    (Category::Robust, 12, 1),
    (Category::RobustCare, 5, 0),
    (Category::Test, 3, 1),
    (Category::Training, 3, 0),
    (Category::Care, 70, 2),
    (Category::SharedHousing, 40, 2),
    (Category::RoundTheClockCare, 45, 1),
    (Category::AssistedSenior, 15, 1),
    (Category::Youth, 12, 1),
    (Category::ChildRespite, 6, 0),
    (Category::CrisisDiversion, 1, 0),
    (Category::Temporary, 12, 0),
    (Category::Replacement, 6, 0),
];

/// The building that the housing plan will demolish, with its 21 places (plan, section 2.2.4).
const DEMOLISHED: &str = "Yrkesvegen 6";
const DEMOLISHED_HOMES: usize = 21;

/// Builds the whole stock: the showcase homes first, then the others by category, then those that are planned.
pub(super) fn build(
    seed: u64,
    size: &Size,
    today: Day,
    number: MunicipalityNumber,
    areas: &[Area],
) -> Vec<Dwelling> {
    let mut builder = Builder {
        random: Random::new(seed, 1),
        surveyor: Surveyor::new(number, areas),
        today,
        dwellings: Vec::with_capacity(size.dwellings + 300),
    };
    for home in showcase::HOMES {
        builder.showcase(home);
    }
    let counts = apportion(size.dwellings, &MIX.map(|(_, count, _)| count));
    let vacancies = apportion(size.vacant, &MIX.map(|(_, _, vacant)| vacant));
    for (((category, ..), count), vacant) in MIX.iter().zip(counts).zip(vacancies) {
        let showcased = showcase::HOMES
            .iter()
            .filter(|home| home.category == *category)
            .count();
        let first = builder.dwellings.len();
        builder.existing(*category, count.saturating_sub(showcased));
        builder.settle(first, vacant.saturating_sub(showcased));
    }
    for measure in MEASURES {
        let category = measure.category.unwrap_or(Category::Ordinary);
        builder.planned(category, measure.planned_homes(), measure.number);
    }
    builder.dwellings
}

struct Builder<'a> {
    random: Random,
    surveyor: Surveyor<'a>,
    today: Day,
    dwellings: Vec<Dwelling>,
}

impl Builder<'_> {
    fn showcase(&mut self, home: &showcase::Home) {
        let Some(plot) = self.surveyor.find_plot_in(&mut self.random, home.area) else {
            return;
        };
        let slot = Slot {
            floor: home.floor,
            number: 2,
            has_lift: false,
            form: Form::Units,
        };
        let plain = self.dwelling(&plot, slot, home.category);
        self.dwellings.push(Dwelling {
            state: DwellingState::Available,
            tenure: Tenure::Owned,
            bedrooms: home.bedrooms,
            usable_area_m2: home.usable_area_m2,
            capacity: buildings::capacity(home.category, home.bedrooms),
            rent_ore: buildings::rent_ore(home.usable_area_m2, true),
            features: home.features.to_vec(),
            inspected_on: Some(self.today.plus_days(-40)),
            ..plain
        });
    }

    fn existing(&mut self, category: Category, count: usize) {
        let mut left = count;
        if category == Category::RoundTheClockCare {
            left -= self.demolished(left);
        }
        while let Some(plot) = self.surveyor.find_plot(&mut self.random)
            && left > 0
        {
            let outline = Outline::of(&mut self.random, category);
            left -= self.building(&plot, outline, category, left);
        }
    }

    fn demolished(&mut self, most: usize) -> usize {
        let Some(plot) = self.surveyor.find_plot_in(&mut self.random, 0) else {
            return 0;
        };
        let outline = Outline {
            form: Form::Units,
            floors: 3,
            homes_a_floor: 7,
            has_lift: true,
        };
        let first = self.dwellings.len();
        let built = self.building(
            &plot.at(DEMOLISHED),
            outline,
            Category::RoundTheClockCare,
            most.min(DEMOLISHED_HOMES),
        );
        for (at, dwelling) in self.dwellings.iter_mut().skip(first).enumerate() {
            dwelling.demolition_from = Some(self.today.plus_months(14));
            // Every seventh home has been moved out of already, and is not let again.
            if at % 7 == 6 {
                dwelling.state = DwellingState::DemolitionPlanned;
            }
        }
        built
    }

    fn planned(&mut self, category: Category, count: u16, measure: &'static str) {
        // Begun by the plan's section 2.2.3: five robust care homes and two robust homes on a central plot.
        let begun = match measure {
            "3.3.1" => 2,
            "3.5.2" => 5,
            _ => 0,
        };
        let first = self.dwellings.len();
        let mut left = usize::from(count);
        while let Some(plot) = self.surveyor.find_plot_in(&mut self.random, 0)
            && left > 0
        {
            let outline = Outline::of(&mut self.random, category);
            left -= self.building(&plot, outline, category, left);
        }
        for (at, dwelling) in self.dwellings.iter_mut().skip(first).enumerate() {
            dwelling.state = if at < begun {
                DwellingState::UnderConstruction
            } else {
                DwellingState::Planned
            };
            dwelling.tenure = match measure {
                "3.5.3" => Tenure::CoopShare,
                "3.6.1" => Tenure::PrivateWithRight,
                _ => Tenure::Owned,
            };
            dwelling.inspected_on = None;
            dwelling.measure = Some(measure);
        }
    }

    /// Adds the homes of one building, at most so many, and says how many they were.
    fn building(
        &mut self,
        plot: &Plot<'_>,
        outline: Outline,
        category: Category,
        most: usize,
    ) -> usize {
        let tenure = self.tenure(category);
        let first = self.dwellings.len();
        for slot in outline.slots().take(most) {
            let dwelling = self.dwelling(plot, slot, category);
            self.dwellings.push(Dwelling { tenure, ..dwelling });
        }
        self.dwellings.len() - first
    }

    fn tenure(&mut self, category: Category) -> Tenure {
        match category {
            Category::Ordinary | Category::Bedsit => self.random.weighted(
                Tenure::Owned,
                &[
                    (72, Tenure::Owned),
                    (14, Tenure::LeasedIn),
                    (7, Tenure::PrivateWithRight),
                    (7, Tenure::CoopShare),
                ],
            ),
            Category::Care => {
                let list = [(85, Tenure::Owned), (15, Tenure::CoopShare)];
                self.random.weighted(Tenure::Owned, &list)
            }
            _ => Tenure::Owned,
        }
    }

    fn dwelling(&mut self, plot: &Plot<'_>, slot: Slot, category: Category) -> Dwelling {
        let random = &mut self.random;
        let bedrooms = buildings::bedrooms(random, category, slot.form);
        let usable_area_m2 = buildings::usable_area_m2(random, category, bedrooms);
        let (min_age, max_age) = buildings::age_window(category);
        let Slot { floor, number, .. } = slot;
        let (cadastral_id, unit_number, extra_reference) = match slot.form {
            Form::House => (plot.whole(), "H0101".to_owned(), None),
            Form::Sections => (plot.section(number), "H0101".to_owned(), None),
            Form::Units => (plot.whole(), format!("H{floor:02}{number:02}"), None),
            Form::Rooms => {
                let room = Some(format!("Hybel {number}"));
                (plot.whole(), format!("H{floor:02}01"), room)
            }
        };
        Dwelling {
            cadastral_id,
            unit_number: written(&unit_number),
            extra_reference,
            street_address: plot.address.clone(),
            postal_code: plot.area.postal_code,
            postal_place: plot.area.postal_place.clone(),
            area: plot.area.code.clone(),
            category,
            tenure: Tenure::Owned,
            state: DwellingState::Occupied,
            state_reason: None,
            bedrooms,
            usable_area_m2,
            floor,
            has_lift: slot.has_lift,
            capacity: buildings::capacity(category, bedrooms),
            places: if category == Category::Temporary {
                2
            } else {
                1
            },
            rent_ore: buildings::rent_ore(usable_area_m2, plot.is_central),
            features: buildings::features(random, category, slot),
            services: buildings::services(category),
            min_age,
            max_age,
            inspected_on: Some(self.today.plus_days(-days_since_inspection(random))),
            demolition_from: None,
            measure: None,
        }
    }

    /// Gives the homes from `first` on their states: so many vacant, a few between tenants, the others lived in.
    fn settle(&mut self, first: usize, vacant: usize) {
        let Self {
            dwellings, random, ..
        } = self;
        let mut homes: Vec<&mut Dwelling> = dwellings
            .iter_mut()
            .skip(first)
            .filter(|home| home.demolition_from.is_none())
            .collect();
        random.shuffle(&mut homes);
        for (at, home) in homes.into_iter().enumerate() {
            (home.state, home.state_reason) = match home.category {
                Category::Temporary => (DwellingState::Blocked, Some(TEMPORARY_USE)),
                Category::ChildRespite | Category::CrisisDiversion => {
                    (DwellingState::Blocked, Some(CHILD_WELFARE_USE))
                }
                _ if at < vacant => (DwellingState::Available, None),
                _ => match random.below(1_000) {
                    0..16 => (DwellingState::Turnover, None),
                    16..26 => (DwellingState::UnderRepair, Some("Vannskade på badet")),
                    26..31 => (DwellingState::Blocked, Some("Avvik etter branntilsyn")),
                    31..47 => (DwellingState::NoticeGiven, None),
                    _ => (DwellingState::Occupied, None),
                },
            };
        }
    }
}

const TEMPORARY_USE: &str = "Brukes som midlertidig botilbud, leies ikke ut";
const CHILD_WELFARE_USE: &str = "Disponeres av barne- og avlastningstjenesten, leies ikke ut";

/// Every home is inspected once a year (measure 2.1.1); a few are overdue.
fn days_since_inspection(random: &mut Random) -> i32 {
    if random.percent(96) {
        random.between(3, 350)
    } else {
        random.between(370, 640)
    }
}
