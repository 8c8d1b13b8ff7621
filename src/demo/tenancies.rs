//! Who lives where and who lived there before: a household with a lease for every home that is lived in.

use serde::Serialize;

use super::names::Origin;
use super::people::{Family, Registry, situation};
use super::profiles;
use super::random::Random;
use super::reasons;
use super::stock::Dwelling;
use crate::clock::Day;
use crate::housing::{Category, DwellingState};

/// One household's lease of one home ("leieforhold").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenancy {
    /// The position in [`super::Municipality::dwellings`].
    pub dwelling: usize,
    /// The position in [`super::Municipality::households`].
    pub household: usize,
    /// The first day of the lease.
    pub starts_on: Day,
    /// The day on which the lease runs out: 36 months after its first day, or 72 (plan, measure 2.1.3).
    pub ends_on: Day,
    /// The term of the lease.
    pub months: i32,
    /// The day on which the tenant left, or after notice will leave.
    pub vacated_on: Option<Day>,
}

impl Tenancy {
    /// Whether the tenant lives in the home on a day.
    #[must_use]
    pub fn is_current_on(&self, today: Day) -> bool {
        self.starts_on <= today && self.vacated_on.is_none_or(|vacated_on| vacated_on > today)
    }
}

/// Gives every home its tenant, and some of them the tenant before that.
pub(super) fn settle(registry: &mut Registry, dwellings: &[Dwelling], today: Day) -> Vec<Tenancy> {
    let mut tenancies = Vec::with_capacity(dwellings.len() + dwellings.len() / 5);
    for (at, dwelling) in dwellings.iter().enumerate() {
        if dwelling.is_lived_in() {
            let tenancy = current(registry, (at, dwelling), today);
            if registry.random.percent(15) {
                let gap = registry.random.between(10, 60);
                let vacated_on = tenancy.starts_on.plus_days(-gap);
                tenancies.push(former(registry, (at, dwelling), vacated_on));
            }
            tenancies.push(tenancy);
        } else if let Some(longest) = longest_vacancy_days(dwelling.state) {
            let days = registry.random.between(2, longest);
            tenancies.push(former(registry, (at, dwelling), today.plus_days(-days)));
        }
    }
    tenancies
}

/// How long a home that stands empty may have done so; None for one that was never let.
const fn longest_vacancy_days(state: DwellingState) -> Option<i32> {
    match state {
        DwellingState::Available => Some(110),
        DwellingState::Turnover => Some(25),
        DwellingState::UnderRepair => Some(160),
        DwellingState::DemolitionPlanned => Some(90),
        _ => None,
    }
}

fn current(registry: &mut Registry, (at, dwelling): (usize, &Dwelling), today: Day) -> Tenancy {
    let random = &mut registry.random;
    let months = if random.percent(25) { 72 } else { 36 };
    let days = random.between(5, months * 30 - 40);
    let starts_on = Day(today.plus_days(-days).0.first_of_month());
    let notice_days = random.between(15, 85);
    let has_notice = dwelling.state == DwellingState::NoticeGiven;
    Tenancy {
        dwelling: at,
        household: tenant(registry, dwelling, starts_on),
        starts_on,
        ends_on: starts_on.plus_months(months),
        months,
        vacated_on: has_notice.then(|| today.plus_days(notice_days)),
    }
}

fn former(registry: &mut Registry, (at, dwelling): (usize, &Dwelling), vacated_on: Day) -> Tenancy {
    let days = registry.random.between(200, 1_000);
    let starts_on = Day(vacated_on.plus_days(-days).0.first_of_month());
    Tenancy {
        dwelling: at,
        household: tenant(registry, dwelling, starts_on),
        starts_on,
        ends_on: starts_on.plus_months(36),
        months: 36,
        vacated_on: Some(vacated_on),
    }
}

/// A household that fits the home, and had a reason to move in.
fn tenant(registry: &mut Registry, dwelling: &Dwelling, moved_in_on: Day) -> usize {
    let mut family = family(&mut registry.random, dwelling);
    let reason = reasons::of_tenant(&mut registry.random, dwelling.category, &family);
    let from = moved_in_on.plus_days(-registry.random.between(160, 400));
    family.of_age_on = Some(from);
    let mut situation = situation(&mut registry.random, reason, from);
    situation.until = Some(moved_in_on);
    registry.enter(&family, vec![situation])
}

fn family(random: &mut Random, dwelling: &Dwelling) -> Family {
    let origin = Origin::of_anybody(random);
    match dwelling.category {
        Category::Ordinary => in_ordinary_home(random, dwelling, origin),
        Category::AssistedSenior | Category::Replacement => older(random, dwelling),
        Category::Care | Category::RoundTheClockCare if random.percent(65) => {
            older(random, dwelling)
        }
        Category::Youth => Family::single(origin, random.between(18, 24)),
        _ => Family::single(origin, random.between(23, 62)),
    }
}

fn older(random: &mut Random, dwelling: &Dwelling) -> Family {
    let age = random.between(71, 94);
    let mut family = Family::single(Origin::Norway, age);
    if dwelling.capacity > 1 && random.percent(25) {
        family.partner = Some((age + random.between(-4, 4)).max(67));
    }
    family
}

fn in_ordinary_home(random: &mut Random, dwelling: &Dwelling, origin: Origin) -> Family {
    let age = random.between(if dwelling.bedrooms < 3 { 23 } else { 30 }, 60);
    let mut family = Family::single(origin, age);
    let has_partner = random.percent(if dwelling.bedrooms < 2 { 20 } else { 45 });
    family.partner = has_partner.then(|| age + random.between(0, 4));
    let least = match dwelling.bedrooms {
        0 | 1 => return family,
        2 if random.percent(35) => return family,
        bedrooms => i32::from(bedrooms) - 2,
    };
    family.children = profiles::children(random, age.min(46), least);
    let room = i32::from(dwelling.capacity) - 1 - i32::from(has_partner);
    let bedrooms = i32::from(dwelling.bedrooms);
    let most = usize::try_from(room.min(bedrooms)).unwrap_or_default();
    family.children.truncate(most);
    family
}
