//! A whole municipality that does not exist: homes, people, cases and history, the same for the same seed.
//!
//! Pure: no clock, no database, no randomness but the seed. What comes out are plain structs that refer to one
//! another by their position; whoever loads them into a database goes through the same doors as everybody else.
//! The small municipality follows the housing plan of Stjørdal. Names are put together at random, national ids are
//! synthetic, and telephone numbers and e-mail addresses reach nobody.

use serde::Serialize;

use self::people::Registry;
use self::places::written;
use crate::cadastral::MunicipalityNumber;
use crate::clock::Day;
use crate::codes;
use crate::organisation_number::OrganisationNumber;

mod buildings;
mod cases;
#[cfg(test)]
mod consistency;
mod history;
pub mod measures;
mod movers;
mod names;
mod people;
mod places;
mod profiles;
mod random;
mod reasons;
mod showcase;
mod stock;
mod tenancies;
#[cfg(test)]
mod tests;

pub use self::cases::{Application, CaseState, Decision, RefusalReason};
pub use self::people::{Household, Member, Person, Situation};
pub use self::places::Area;
pub use self::stock::Dwelling;
pub use self::tenancies::Tenancy;

codes! {
    /// How large the municipality is.
    pub enum Scale {
        /// 25,000 inhabitants, as Stjørdal.
        Small = "SMALL",
        /// 700,000 inhabitants.
        Large = "LARGE",
        /// The homes and cases of the whole country in one municipality, for the load that it gives.
        National = "NATIONAL",
    }
}

/// Everything that is known of the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Municipality {
    /// The municipality's number.
    pub number: MunicipalityNumber,
    /// Its name.
    pub name: &'static str,
    /// Its organisation number, well-formed and invented.
    pub organisation_number: OrganisationNumber,
    /// How many live there. Only those who have to do with the housing service are among the people.
    pub inhabitants: u32,
    /// Its parts.
    pub areas: Vec<Area>,
    /// Its homes: first the five of the showcase, for which there is a choice to make at every seed, then the
    /// others, and last those that are planned.
    pub dwellings: Vec<Dwelling>,
    /// Everybody in a household.
    pub people: Vec<Person>,
    /// Tenants, applicants, and those who were either.
    pub households: Vec<Household>,
    /// Leases of today and of before.
    pub tenancies: Vec<Tenancy>,
    /// Cases, open and ended, in the order in which they were received.
    pub applications: Vec<Application>,
}

/// How many of everything there are.
struct Size {
    dwellings: usize,
    vacant: usize,
    applications: usize,
    ended_cases: usize,
}

impl Scale {
    /// Homes: 21 for 1,000 inhabitants, as in the country. Cases: 7 a year for 1,000 inhabitants, over five years.
    const fn size(self) -> Size {
        let (dwellings, vacant, applications, ended_cases) = match self {
            Self::Small => (525, 20, 150, 875),
            Self::Large => (14_700, 500, 5_000, 24_500),
            Self::National => (116_000, 4_000, 40_000, 196_000),
        };
        Size {
            dwellings,
            vacant,
            applications,
            ended_cases,
        }
    }
}

/// Makes the municipality of a seed as it is on a day. The same three give the same municipality.
#[must_use]
pub fn generate(seed: u64, scale: Scale, today: Day) -> Municipality {
    let (name, number, organisation_number, inhabitants) = places::identity(scale);
    let number = written(number);
    let size = scale.size();
    let areas = places::areas(scale);
    let dwellings = stock::build(seed, &size, today, number, &areas);
    let mut registry = Registry::new(seed, today);
    let tenancies = tenancies::settle(&mut registry, &dwellings, today);
    let housed = (dwellings.as_slice(), tenancies.as_slice());
    let mut applications = cases::open(&mut registry, &size, &areas, housed, today);
    applications.extend(history::ended(&mut registry, &size, &areas, housed, today));
    applications.sort_by_key(|application| application.received_on);
    Municipality {
        number,
        name,
        organisation_number: written(organisation_number),
        inhabitants,
        areas,
        dwellings,
        people: registry.people,
        households: registry.households,
        tenancies,
        applications,
    }
}

/// Shares a total out in proportion to weights; what rounding leaves goes to those with the largest remainders.
fn apportion<const N: usize>(total: usize, weights: &[usize; N]) -> [usize; N] {
    let sum = weights.iter().sum::<usize>().max(1);
    let mut shares = weights.map(|weight| total * weight / sum);
    let mut by_remainder: [usize; N] = std::array::from_fn(|at| at);
    let remainder = |at: &usize| weights.get(*at).map(|weight| total * weight % sum);
    by_remainder.sort_by_key(|at| std::cmp::Reverse(remainder(at)));
    let missing = total - shares.iter().sum::<usize>();
    for at in by_remainder.into_iter().take(missing) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}
