//! What the rules of the stock say, case by case.

use rstest::rstest;

use super::*;
use crate::housing::{Details, RentPart, RentPartKind, Service, Tenure};

fn today() -> Day {
    Day("2026-03-02".parse().unwrap())
}

fn home() -> Description {
    Description {
        cadastral_id: "5035-83/122".into(),
        unit_number: "H0203".into(),
        extra_reference: String::new(),
        street_address: "Kjøpmannsgata 12".into(),
        postal_code: "7500".into(),
        postal_place: "Stjørdal".into(),
        area: "Sentrum".into(),
        category: Category::Ordinary,
        tenure: Tenure::Owned,
        bedrooms: 2,
        usable_area_m2: 68,
        floor: 2,
        capacity: 4,
        rent_ore: 985_000,
        features: BTreeSet::new(),
        services: BTreeSet::from([Service::Ambulant]),
        min_age: None,
        max_age: None,
        inspected_on: Some(today()),
        demolition_from: None,
        cleared_for_protected: false,
        measure_id: None,
        building_number: String::new(),
        supplier_id: None,
        details: Details::default(),
    }
}

fn codes_of(said: &Description) -> Vec<(String, &'static str)> {
    let faults = settle(said, None, today()).err().unwrap_or_default();
    faults.into_iter().map(|it| (it.pointer, it.code)).collect()
}

fn features(said: &[Feature]) -> BTreeSet<Feature> {
    said.iter().copied().collect()
}

#[test]
fn a_home_is_kept_under_the_one_way_to_write_its_cadastral_unit() {
    let said = Description {
        cadastral_id: "5035-0083/122/0/0".into(),
        ..home()
    };
    assert_eq!(settle(&said, None, today()), Ok(home()));
}

#[test]
fn every_fault_is_named_at_once() {
    let said = Description {
        cadastral_id: "5035-0/122".into(),
        unit_number: "X0101".into(),
        postal_code: "750".into(),
        category: Category::Youth,
        min_age: None,
        max_age: Some(25),
        inspected_on: Some(today().plus_days(1)),
        ..home()
    };
    let expected = [
        ("/cadastralId", "cadastral_farm"),
        ("/unitNumber", "unit_number"),
        ("/postalCode", "postal_code"),
        ("/minAge", "youth_age_missing"),
        ("/inspectedOn", "in_the_future"),
    ];
    assert_eq!(
        codes_of(&said),
        expected.map(|(at, code)| (at.to_owned(), code))
    );
}

#[rstest]
#[case("H0203", 2, true)]
#[case("H0203", 3, false)]
#[case("H0101", 1, true)]
#[case("H1204", 12, true)]
#[case("L0101", 3, true)]
#[case("L0101", 0, false)]
#[case("U0101", 0, true)]
#[case("U0101", 1, false)]
#[case("K0102", -1, true)]
#[case("K0102", 1, false)]
fn the_floor_agrees_with_the_unit_number(
    #[case] unit_number: &str,
    #[case] floor: i16,
    #[case] agrees: bool,
) {
    let said = Description {
        unit_number: unit_number.into(),
        floor,
        ..home()
    };
    assert_eq!(settle(&said, None, today()).is_ok(), agrees);
}

#[rstest]
#[case(Some(18), Some(17), &[("/maxAge", "age_window_empty")])]
#[case(Some(18), Some(18), &[])]
#[case(Some(67), None, &[])]
fn the_ages_leave_somebody(
    #[case] min_age: Option<i16>,
    #[case] max_age: Option<i16>,
    #[case] expected: &[(&str, &'static str)],
) {
    let said = Description {
        min_age,
        max_age,
        ..home()
    };
    let expected: Vec<_> = expected
        .iter()
        .map(|(at, code)| ((*at).to_owned(), *code))
        .collect();
    assert_eq!(codes_of(&said), expected);
}

#[rstest]
#[case("H0101", 1, &[Feature::StepFree, Feature::Wheelchair])]
#[case("H0203", 2, &[Feature::StepFree, Feature::Wheelchair, Feature::Lift])]
fn a_home_for_a_wheelchair_is_step_free_and_above_the_first_floor_has_a_lift(
    #[case] unit_number: &str,
    #[case] floor: i16,
    #[case] expected: &[Feature],
) {
    let said = Description {
        unit_number: unit_number.into(),
        floor,
        features: features(&[Feature::Wheelchair]),
        ..home()
    };
    let kept = settle(&said, None, today()).unwrap();
    assert_eq!(kept.features, features(expected));
}

#[test]
fn taking_the_wheelchair_away_takes_its_bundle_away_once() {
    let before = Description {
        features: features(&[Feature::StepFree, Feature::Wheelchair, Feature::Lift]),
        ..home()
    };
    let said = Description {
        features: features(&[Feature::StepFree, Feature::Lift, Feature::Sprinkler]),
        ..home()
    };
    let kept = settle(&said, Some(&before), today()).unwrap();
    assert_eq!(kept.features, features(&[Feature::Sprinkler]));
    let kept = settle(&said, Some(&kept), today()).unwrap();
    assert_eq!(kept.features, said.features);
}

#[test]
fn the_parts_of_the_rent_make_the_whole() {
    let part = |kind, ore| RentPart { kind, ore };
    let said = |rent_parts| Description {
        details: Details {
            rent_parts,
            ..Details::default()
        },
        ..home()
    };
    let (base, heating) = (RentPartKind::Base, RentPartKind::Heating);
    let whole = said(vec![part(base, 900_000), part(heating, 85_000)]);
    assert_eq!(codes_of(&whole), []);
    let short = said(vec![part(base, 900_000), part(base, 85_001)]);
    let at = "/details/rentParts".to_owned();
    assert_eq!(
        codes_of(&short),
        [(at.clone(), "not_unique"), (at, "rent_does_not_add_up")]
    );
}

#[test]
fn what_happened_lies_between_the_last_move_and_today() {
    let last = today().plus_days(-3);
    let codes = |on| {
        let faults = may_happen_on(on, last, today()).err().unwrap_or_default();
        faults.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(last), Vec::<&str>::new());
    assert_eq!(codes(last.plus_days(-1)), ["before_last_move"]);
    assert_eq!(codes(today().plus_days(1)), ["in_the_future"]);
}

#[test]
fn a_home_is_registered_only_where_its_life_can_begin() {
    for state in DwellingState::ALL {
        assert_eq!(
            may_begin_in(*state).is_ok(),
            FIRST.contains(state),
            "{state}"
        );
    }
}

#[test]
fn demolition_is_planned_from_today_or_later() {
    assert!(may_demolish_from(today(), today()).is_ok());
    assert!(may_demolish_from(today().plus_days(-1), today()).is_err());
}
