//! What follows from who lives in a household: its size, its bedrooms and its ages, by the municipality's norm.

use super::model::{HouseholdFacts, MemberFacts};
use crate::clock::Day;
use crate::housing::Category;
use crate::people::MemberRole;
use crate::rulesets::RuleSet;

/// A household measured by the norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measures {
    /// Members who count as living here.
    pub(super) persons: u8,
    /// Bedrooms that the household needs.
    pub(super) bedrooms: u8,
    /// The same in a kind of home where somebody who lives alone sleeps in the living room.
    pub(super) bedrooms_in_one_room: u8,
    /// Whether a child lives here, were it for a day: a child who visits must be safe too.
    pub(super) has_children: bool,
    /// The youngest age among those who apply.
    pub(super) youngest_applicant: u8,
    /// The oldest age among those who apply.
    pub(super) oldest_applicant: u8,
}

impl Measures {
    /// Measures a household on a day.
    pub(super) fn of(household: &HouseholdFacts, rules: &RuleSet, as_of: Day) -> Self {
        let (mut applicants, mut other_adults) = (0_u8, 0_u8);
        let (mut older_children, mut younger_children) = (0_u8, 0_u8);
        let (mut youngest, mut oldest) = (u8::MAX, 0);
        let mut has_children = false;
        for member in &household.members {
            let age = age(*member, as_of);
            match member.role {
                MemberRole::Applicant | MemberRole::CoApplicant => {
                    applicants = applicants.saturating_add(1);
                    (youngest, oldest) = (youngest.min(age), oldest.max(age));
                }
                MemberRole::Child if age < rules.child_until_age => {
                    has_children |= member.residence_days > 0;
                    if member.residence_days < rules.bedrooms.shared_custody_days {
                        continue;
                    }
                    let has_own_room = age >= rules.bedrooms.own_room_from_age;
                    let count = if has_own_room {
                        &mut older_children
                    } else {
                        &mut younger_children
                    };
                    *count = count.saturating_add(1);
                }
                MemberRole::Child | MemberRole::OtherAdult => {
                    other_adults = other_adults.saturating_add(1);
                }
            }
        }
        let persons = [applicants, other_adults, older_children, younger_children]
            .into_iter()
            .fold(0, u8::saturating_add);
        let applicants_rooms = if rules.bedrooms.couple_shares {
            applicants.div_ceil(2)
        } else {
            applicants
        };
        let shared_rooms =
            younger_children.div_ceil(rules.bedrooms.younger_children_per_room.max(1));
        let extra = household.needs.extra_bedrooms;
        let bedrooms = [
            applicants_rooms,
            other_adults,
            older_children,
            shared_rooms,
            extra,
        ]
        .into_iter()
        .fold(0, u8::saturating_add);
        Self {
            persons,
            bedrooms,
            bedrooms_in_one_room: if persons == 1 { extra } else { bedrooms },
            has_children,
            youngest_applicant: youngest,
            oldest_applicant: oldest,
        }
    }

    /// Bedrooms that the household needs in this kind of home.
    pub(super) fn bedrooms_in(self, category: Category, rules: &RuleSet) -> u8 {
        if rules.bedrooms.no_bedroom_for_one_in.contains(&category) {
            self.bedrooms_in_one_room
        } else {
            self.bedrooms
        }
    }
}

fn age(member: MemberFacts, as_of: Day) -> u8 {
    // A child that is expected counts as new-born: the home must hold it when it comes.
    u8::try_from(member.born_on.age_on(as_of).clamp(0, 150)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::town::{day, household, rules};

    fn bedrooms(members: &[(MemberRole, i16, u8)]) -> u8 {
        let mut facts = household(1);
        facts.members = members
            .iter()
            .map(|&(role, born, residence_days)| MemberFacts {
                role,
                born_on: day(born, 6, 1),
                residence_days,
            })
            .collect();
        Measures::of(&facts, &rules(), day(2026, 6, 1)).bedrooms
    }

    #[test]
    fn a_couple_shares_and_so_do_two_young_children() {
        use MemberRole::{Applicant, Child, CoApplicant, OtherAdult};
        let couple = [(Applicant, 1990, 14), (CoApplicant, 1991, 14)];
        assert_eq!(bedrooms(&couple), 1);
        let young = [couple.as_slice(), &[(Child, 2020, 14), (Child, 2018, 14)]].concat();
        assert_eq!(bedrooms(&young), 2);
        let of_ten = [couple.as_slice(), &[(Child, 2020, 14), (Child, 2016, 14)]].concat();
        assert_eq!(bedrooms(&of_ten), 3);
        let grown = [
            couple.as_slice(),
            &[(Child, 2008, 14), (OtherAdult, 1950, 14)],
        ]
        .concat();
        assert_eq!(bedrooms(&grown), 3);
    }

    #[test]
    fn a_child_of_shared_custody_counts_from_five_days_a_fortnight() {
        use MemberRole::{Applicant, Child};
        assert_eq!(bedrooms(&[(Applicant, 1990, 14), (Child, 2012, 4)]), 1);
        assert_eq!(bedrooms(&[(Applicant, 1990, 14), (Child, 2012, 5)]), 2);
        assert_eq!(bedrooms(&[(Applicant, 1990, 14), (Child, 2027, 14)]), 2);
    }
}
