//! What became different of a household or a home since it was looked at.

use super::model::{HomeFacts, HouseholdFacts};
use crate::codes;

codes! {
    /// A group of facts that became different. Protection is told as a change of persons: that it changed is itself protected.
    pub enum Change {
        /// Other rules are in force.
        Rules = "RULES",
        /// The case is no longer one to which a home can be given.
        NotWaiting = "NOT_WAITING",
        /// What was applied for, or when.
        Application = "APPLICATION",
        /// Who lives in the household, or what is registered of them.
        Persons = "PERSONS",
        /// Why the household needs a home.
        Situation = "SITUATION",
        /// What it needs of a home.
        Needs = "NEEDS",
        /// Where it lives now.
        PresentHome = "PRESENT_HOME",
        /// The home is no longer vacant.
        NotVacant = "NOT_VACANT",
        /// What the home is for.
        Kind = "KIND",
        /// Rooms, persons or places.
        Size = "SIZE",
        /// Floor, features or services.
        Equipment = "EQUIPMENT",
        /// Where it lies.
        Area = "AREA",
        /// The rent.
        Rent = "RENT",
        /// Inspection, demolition, clearance or the agreement under which it is let.
        Letting = "LETTING",
    }
}

/// What became different of a household.
pub(super) fn of_household(before: &HouseholdFacts, now: &HouseholdFacts) -> Vec<Change> {
    let (a, b) = (before, now);
    let is_same_application = (a.application_id, a.application_type, a.received_on)
        == (b.application_id, b.application_type, b.received_on);
    those([
        (is_same_application, Change::Application),
        (
            (&a.members, a.protection) == (&b.members, b.protection),
            Change::Persons,
        ),
        (a.situations == b.situations, Change::Situation),
        (a.needs == b.needs, Change::Needs),
        (a.lives_in == b.lives_in, Change::PresentHome),
        (a.raised_to == b.raised_to, Change::Application),
    ])
}

/// What became different of a home, apart from whether it is vacant. How far an agreement's quota is used counts only where it
/// is used up, which is a constraint.
pub(super) fn of_home(before: &HomeFacts, now: &HomeFacts) -> Vec<Change> {
    let (a, b) = (before, now);
    let agreement = |home: &HomeFacts| home.referral.map(|it| (it.agreement_id, it.units));
    let letting = |home: &HomeFacts| {
        (
            home.last_inspected_on,
            home.demolition_from,
            home.cleared_for_protected,
            agreement(home),
            home.tenure,
        )
    };
    those([
        (
            (a.category, a.age_window) == (b.category, b.age_window),
            Change::Kind,
        ),
        (
            (a.bedrooms, a.capacity, a.places) == (b.bedrooms, b.capacity, b.places),
            Change::Size,
        ),
        (
            (a.floor, &a.features, &a.services) == (b.floor, &b.features, &b.services),
            Change::Equipment,
        ),
        (a.area == b.area, Change::Area),
        (a.rent_ore == b.rent_ore, Change::Rent),
        (letting(a) == letting(b), Change::Letting),
    ])
}

fn those<const N: usize>(compared: [(bool, Change); N]) -> Vec<Change> {
    let changed = compared.into_iter().filter(|(is_same, _)| !is_same);
    changed.map(|(_, change)| change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{home, household};
    use crate::people::AddressProtection;

    #[test]
    fn every_change_is_named_and_none_tells_of_protection() {
        let before = household(1);
        let mut now = before.clone();
        assert_eq!(of_household(&before, &now), []);
        now.protection = AddressProtection::Confidential;
        now.needs.has_pet = true;
        now.situations.clear();
        now.lives_in = Some(crate::housing::Category::Test);
        let told = of_household(&before, &now);
        let wanted = [
            Change::Persons,
            Change::Situation,
            Change::Needs,
            Change::PresentHome,
        ];
        assert_eq!(told, wanted);
        let before = home(1);
        let mut now = before.clone();
        now.state = crate::housing::DwellingState::Reserved;
        assert_eq!(of_home(&before, &now), []);
        now.rent_ore += 1;
        now.bedrooms += 1;
        assert_eq!(of_home(&before, &now), [Change::Size, Change::Rent]);
    }
}
