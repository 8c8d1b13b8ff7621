//! What must hold of every demo municipality, whatever its seed.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::consistency::check;
use super::*;
use crate::applications::ApplicationType;
use crate::housing::{DwellingState, Feature, Tenure};
use crate::people::{AddressProtection, MemberRole};
use crate::situations::SituationKind;

fn today() -> Day {
    Day("2026-06-15".parse().unwrap())
}

fn small(seed: u64) -> Municipality {
    generate(seed, Scale::Small, today())
}

/// Everything there is, the national ids too, which serde leaves out.
fn hash(municipality: &Municipality) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(municipality).unwrap());
    for person in &municipality.people {
        hash.update(person.national_id.as_ref().unwrap().expose_digits());
    }
    hash.finalize().to_vec()
}

#[test]
fn the_same_seed_gives_the_same_municipality() {
    assert_eq!(hash(&small(1)), hash(&small(1)));
    assert_ne!(hash(&small(1)), hash(&small(2)));
    let later = generate(1, Scale::Small, today().plus_days(1));
    assert_ne!(hash(&small(1)), hash(&later));
}

fn counts(municipality: &Municipality) -> (usize, usize, usize, usize) {
    let is_vacant = |home: &&Dwelling| home.state == DwellingState::Available;
    let is_open = |case: &&Application| case.ended_on.is_none();
    (
        municipality
            .dwellings
            .iter()
            .filter(|home| home.measure.is_none())
            .count(),
        municipality.dwellings.iter().filter(is_vacant).count(),
        municipality.applications.iter().filter(is_open).count(),
        municipality.applications.len(),
    )
}

#[test]
fn the_small_one_has_the_size_of_its_plan() {
    for seed in 0..20 {
        let municipality = small(seed);
        assert_eq!(counts(&municipality), (525, 20, 150, 1_025));
        let mut states: HashMap<CaseState, usize> = HashMap::new();
        for case in municipality
            .applications
            .iter()
            .filter(|case| case.ended_on.is_none())
        {
            *states.entry(case.state).or_default() += 1;
        }
        let expected = [
            (CaseState::Submitted, 20),
            (CaseState::Assigned, 25),
            (CaseState::InAssessment, 35),
            (CaseState::TeamReview, 25),
            (CaseState::Waiting, 45),
        ];
        assert_eq!(states, HashMap::from(expected));
    }
}

#[test]
fn the_large_ones_are_as_consistent_as_the_small() {
    let large = generate(3, Scale::Large, today());
    assert_eq!(counts(&large), (14_700, 500, 5_000, 29_500));
    check(&large, today());
    let national = generate(3, Scale::National, today());
    assert_eq!(counts(&national), (116_000, 4_000, 40_000, 236_000));
    check(&national, today());
}

#[test]
fn every_small_one_is_consistent() {
    for seed in 0..20 {
        check(&small(seed), today());
    }
    for day in ["2024-02-29", "2027-01-01", "2031-12-31"] {
        let today = Day(day.parse().unwrap());
        check(&generate(7, Scale::Small, today), today);
    }
}

#[test]
fn the_plan_has_its_homes_and_the_building_that_goes() {
    let municipality = small(1);
    for measure in measures::MEASURES {
        let homes: Vec<&Dwelling> = municipality
            .dwellings
            .iter()
            .filter(|home| home.measure == Some(measure.number))
            .collect();
        assert_eq!(
            homes.len(),
            usize::from(measure.planned_homes()),
            "{}",
            measure.number
        );
        assert!(
            homes
                .iter()
                .all(|home| Some(home.category) == measure.category)
        );
    }
    let going: Vec<&Dwelling> = municipality
        .dwellings
        .iter()
        .filter(|home| home.demolition_from.is_some())
        .collect();
    assert_eq!(going.len(), 21);
    assert!(
        going
            .iter()
            .all(|home| home.street_address == "Yrkesvegen 6")
    );
    let displaced = municipality
        .applications
        .iter()
        .filter(|case| case.kind == ApplicationType::Replacement && case.ended_on.is_none());
    assert_eq!(displaced.count(), 6);
}

/// Why a household cannot have a home. Not the engine's rules, only what nobody would dispute.
fn obstacle(
    municipality: &Municipality,
    case: &Application,
    home: &Dwelling,
) -> Option<&'static str> {
    let household = &municipality.households[case.household];
    let ages = household.members.iter().map(|member| {
        (
            member.role,
            municipality.people[member.person].born_on.age_on(today()),
        )
    });
    let is_in_window = |age: i16| {
        home.min_age.is_none_or(|least| age >= least) && home.max_age.is_none_or(|most| age <= most)
    };
    let needs = &case.needs;
    let too_high = needs
        .highest_floor_without_lift
        .is_some_and(|most| home.floor > most);
    let partner = household
        .members
        .iter()
        .any(|member| member.role == MemberRole::CoApplicant);
    let rooms = household.members.len() - usize::from(partner) + usize::from(needs.extra_bedrooms);
    if !needs.categories.contains(&home.category) {
        Some("another kind of home")
    } else if household.members.len() > usize::try_from(home.capacity).unwrap() {
        Some("too many people")
    } else if rooms > usize::from(home.bedrooms) {
        Some("too few bedrooms")
    } else if ages
        .clone()
        .any(|(role, age)| role == MemberRole::Applicant && !is_in_window(age))
    {
        Some("another age")
    } else if too_high && !home.has_lift {
        Some("stairs")
    } else if !needs
        .features
        .iter()
        .all(|feature| home.features.contains(feature))
    {
        Some("a missing feature")
    } else if !needs
        .services
        .iter()
        .all(|service| home.services.contains(service))
    {
        Some("a missing service")
    } else if needs.excluded_areas.contains(&home.area) {
        Some("not safe there")
    } else {
        None
    }
}

#[test]
fn five_vacant_homes_have_a_choice_to_make_at_every_seed() {
    for seed in 0..50 {
        let municipality = small(seed);
        let candidates: Vec<&Application> = municipality
            .applications
            .iter()
            .filter(|case| matches!(case.state, CaseState::Waiting | CaseState::TeamReview))
            .collect();
        for home in municipality.dwellings.iter().take(showcase::HOMES.len()) {
            assert_eq!(home.state, DwellingState::Available);
            assert!(home.inspected_on > Some(today().plus_days(-180)));
            let obstacles: Vec<Option<&str>> = candidates
                .iter()
                .map(|case| obstacle(&municipality, case, home))
                .collect();
            let fitting = obstacles
                .iter()
                .filter(|obstacle| obstacle.is_none())
                .count();
            let others: HashSet<&str> = obstacles.into_iter().flatten().collect();
            assert!(fitting >= 4, "{fitting} for {home:?}");
            assert!(others.len() >= 4, "{others:?} for {home:?}");
        }
    }
}

#[test]
fn the_proportions_are_believable() {
    let municipality = generate(11, Scale::Large, today());
    let share = |count: usize, of: usize| count * 100 / of;
    let open: Vec<&Application> = municipality
        .applications
        .iter()
        .filter(|case| case.ended_on.is_none())
        .collect();
    let of_kind = |kind: SituationKind| {
        let is_so = |case: &&&Application| {
            let situations = &municipality.households[case.household].situations;
            situations
                .iter()
                .any(|s| s.until.is_none() && s.kind() == kind)
        };
        share(open.iter().filter(is_so).count(), open.len())
    };
    assert!((40..60).contains(&of_kind(SituationKind::Homeless)));
    assert!((18..35).contains(&of_kind(SituationKind::AtRisk)));
    assert!((18..35).contains(&of_kind(SituationKind::UnsuitableHousing)));
    let alone = open
        .iter()
        .filter(|case| municipality.households[case.household].members.len() == 1);
    assert!((45..75).contains(&share(alone.count(), open.len())));
    let is_protected = |person: &&Person| person.address_protection != AddressProtection::Ungraded;
    let protected = municipality.people.iter().filter(is_protected).count();
    assert!((1..5).contains(&share(protected, municipality.people.len())));
    let built: Vec<&Dwelling> = municipality
        .dwellings
        .iter()
        .filter(|home| home.measure.is_none())
        .collect();
    let overdue = built
        .iter()
        .filter(|home| home.inspected_on < Some(today().plus_days(-365)));
    assert!((2..6).contains(&share(overdue.count(), built.len())));
    let owned = built
        .iter()
        .filter(|home| home.tenure == Tenure::Owned)
        .count();
    assert!((75..95).contains(&share(owned, built.len())));
    let wheelchair = built
        .iter()
        .filter(|home| home.features.contains(&Feature::Wheelchair));
    assert!((35..60).contains(&share(wheelchair.count(), built.len())));
    let days: Vec<i32> = municipality
        .applications
        .iter()
        .filter_map(Application::processing_days)
        .collect();
    let in_time = days.iter().filter(|days| **days <= 30).count();
    assert!((55..80).contains(&share(in_time, days.len())));
}

#[test]
fn a_total_is_shared_out_to_the_last_one() {
    assert_eq!(apportion(10, &[1, 1, 1]), [4, 3, 3]);
    assert_eq!(apportion(0, &[2, 3]), [0, 0]);
    assert_eq!(apportion(525, &[270, 25, 230]), [270, 25, 230]);
}
