//! What makes a demo municipality consistent: nobody lives in two homes, and no home stands in two places.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::housing::{Category, DwellingState, Feature};
use crate::people::MemberRole;

/// Checks everything; fails at the first fault.
pub(super) fn check(municipality: &Municipality, today: Day) {
    check_homes(municipality);
    check_people(municipality, today);
    check_tenancies(municipality, today);
    check_cases(municipality, today);
}

fn check_homes(municipality: &Municipality) {
    let mut places = HashSet::new();
    for home in &municipality.dwellings {
        let place = (home.cadastral_id, home.unit_number, &home.extra_reference);
        assert!(places.insert(place), "two homes in one place");
        assert_eq!(home.cadastral_id.municipality(), municipality.number);
        assert_eq!(i16::from(home.unit_number.floor()), home.floor);
        assert!(municipality.areas.iter().any(|area| area.code == home.area));
        assert_eq!(home.has_lift, home.features.contains(&Feature::Lift));
        assert!(home.capacity >= 1 && home.bedrooms >= 1 && home.rent_ore > 0);
        let is_built = home.measure.is_none();
        assert_eq!(home.inspected_on.is_some(), is_built);
        let needs_reason = matches!(
            home.state,
            DwellingState::Blocked | DwellingState::UnderRepair
        );
        assert_eq!(home.state_reason.is_some(), needs_reason);
        match home.category {
            Category::Youth => assert_eq!((home.min_age, home.max_age), (Some(15), Some(25))),
            Category::AssistedSenior => assert_eq!((home.min_age, home.max_age), (Some(67), None)),
            _ => assert_eq!((home.min_age, home.max_age), (None, None)),
        }
    }
}

fn check_people(municipality: &Municipality, today: Day) {
    let mut ids = HashSet::new();
    for person in &municipality.people {
        let id = person.national_id.as_ref().unwrap();
        assert!(id.is_of_birth(person.born_on.0));
        assert!(ids.insert(id), "two people with one number");
        assert!(!person.given_name.is_empty() && !person.family_name.is_empty());
        assert!(
            person
                .email
                .as_ref()
                .is_none_or(|email| email.is_ascii() && email.ends_with("@example.no"))
        );
    }
    let mut days: HashMap<usize, Vec<Member>> = HashMap::new();
    for household in &municipality.households {
        assert_eq!(household.members[0].role, MemberRole::Applicant);
        for member in &household.members {
            let age = municipality.people[member.person].born_on.age_on(today);
            assert_eq!(age < 18, member.role == MemberRole::Child, "{age}");
            days.entry(member.person).or_default().push(*member);
        }
    }
    assert_eq!(days.len(), municipality.people.len());
    for at_home in days.values() {
        let in_all: u8 = at_home.iter().map(|member| member.days_of_fourteen).sum();
        assert!(in_all <= 14);
        let is_child = at_home
            .iter()
            .all(|member| member.role == MemberRole::Child);
        assert!(at_home.len() == 1 || (at_home.len() == 2 && is_child));
    }
}

fn check_tenancies(municipality: &Municipality, today: Day) {
    let mut of_home: HashMap<usize, Vec<&Tenancy>> = HashMap::new();
    let mut tenants = HashSet::new();
    for tenancy in &municipality.tenancies {
        of_home.entry(tenancy.dwelling).or_default().push(tenancy);
        assert!(
            tenants.insert(tenancy.household),
            "a household with two homes"
        );
        assert!(tenancy.starts_on < today && tenancy.starts_on < tenancy.ends_on);
        assert_eq!(
            tenancy.starts_on.plus_months(tenancy.months),
            tenancy.ends_on
        );
        assert!([36, 72].contains(&tenancy.months));
        if tenancy.is_current_on(today) {
            assert!(tenancy.ends_on > today);
            let home = &municipality.dwellings[tenancy.dwelling];
            let members = &municipality.households[tenancy.household].members;
            assert!(
                members.len() <= usize::try_from(home.capacity).unwrap(),
                "{home:?} {members:?}"
            );
        }
    }
    for (at, home) in municipality.dwellings.iter().enumerate() {
        let tenancies = of_home.remove(&at).unwrap_or_default();
        let current = tenancies
            .iter()
            .filter(|tenancy| tenancy.is_current_on(today))
            .count();
        assert_eq!(current, usize::from(home.is_lived_in()), "{home:?}");
        for pair in tenancies.windows(2) {
            assert!(
                pair[0].vacated_on.unwrap() < pair[1].starts_on,
                "two tenants at once"
            );
        }
    }
}

fn check_cases(municipality: &Municipality, today: Day) {
    let mut open = HashSet::new();
    for case in &municipality.applications {
        let household = &municipality.households[case.household];
        assert!(case.received_on <= today && !case.needs.categories.is_empty());
        assert!(case.processing_days().is_none_or(|days| days > 0));
        assert!(
            case.decision
                .is_none_or(|decision| decision.decided_on <= today)
        );
        let applicant = &municipality.people[household.members[0].person];
        assert!(applicant.born_on.age_on(case.received_on) >= 18);
        let is_refused = case
            .decision
            .is_some_and(|decision| decision.refusal.is_some());
        assert_eq!(is_refused, case.state == CaseState::Refused);
        match case.ended_on {
            None => {
                assert!(
                    open.insert(case.household),
                    "a household with two open cases"
                );
                assert_eq!(
                    household
                        .situations
                        .iter()
                        .filter(|s| s.until.is_none())
                        .count(),
                    1
                );
                assert_eq!(case.decision.is_some(), case.state == CaseState::Waiting);
            }
            Some(ended_on) => {
                assert!(case.received_on < ended_on && ended_on <= today);
                assert_eq!(case.tenancy.is_some(), case.state == CaseState::Housed);
                assert_eq!(case.decision.is_none(), case.state == CaseState::Withdrawn);
            }
        }
        if let Some(tenancy) = case.tenancy {
            assert_eq!(municipality.tenancies[tenancy].household, case.household);
        }
        for situation in &household.situations {
            assert!(
                situation.from <= today
                    && situation.until.is_none_or(|until| until > situation.from)
            );
        }
    }
}
