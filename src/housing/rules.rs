//! What must hold of a home's description, and for what reasons a change to the stock is refused.

use std::collections::BTreeSet;

use super::dwelling::Description;
use super::lifecycle::FIRST;
use super::model::{Category, DisposalReason, DwellingState, Feature};
use crate::cadastral::{CadastralFault, CadastralId, FloorPlan, PostalCode, UnitNumber};
use crate::clock::Day;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why the stock cannot change as asked.
    pub enum Refusal {
        UnitExists = 409 "unit_exists", "Bruksenheten er allerede registrert. Flere utleierom i samme bruksenhet skilles med ekstra referanse.", "This dwelling unit is registered already. Several lettable rooms of one unit are told apart by an extra reference.", at "/unitNumber";
        ForbiddenMove = 409 "forbidden_move", "Det kan ikke skje i den statusen boligen har nå.", "That cannot happen in the present state of the home.";
        NotGivenUp = 409 "not_given_up", "Bare en bolig som aldri ble tatt i bruk, kan gå ut fordi planen er oppgitt.", "Only a home that never came into use can leave because its plan was given up.", at "/reason";
        StillPlanned = 409 "demolition_still_planned", "Boligen er planlagt revet. Avlys rivingen før datoen fjernes.", "The home's demolition is planned. Cancel it before taking its date away.", at "/demolitionFrom";
    }
}

/// The description as it is kept, or every fault of it.
///
/// The municipality in the cadastral number is not compared with the caller's: after a merger a home keeps its former number
/// until the cadastre is renumbered, and a municipality may own homes on the other side of its border.
pub(super) fn settle(
    said: &Description,
    before: Option<&Description>,
    today: Day,
) -> Result<Description, Vec<FieldFault>> {
    let mut faults = Faults::default();
    let cadastral_id = faults.keep(
        "/cadastralId",
        "Matrikkelnummeret skrives som 5035-83/122, eventuelt med /festenummer/seksjonsnummer.",
        said.cadastral_id.parse::<CadastralId>(),
    );
    let unit_number = faults.keep(
        "/unitNumber",
        "Bruksenhetsnummeret er H, U, L eller K og fire sifre.",
        said.unit_number.parse::<UnitNumber>(),
    );
    let postal_code = faults.keep(
        "/postalCode",
        "Postnummeret har fire sifre og er ikke 0000.",
        said.postal_code.parse::<PostalCode>(),
    );
    if unit_number.is_some_and(|unit| !agrees(unit, said.floor)) {
        faults.add(
            "/floor",
            "not_the_unit_floor",
            "Etasjen stemmer ikke med bruksenhetsnummeret.",
            "The floor does not agree with the unit number.",
        );
    }
    look_at_ages(said, &mut faults);
    if said.inspected_on.is_some_and(|day| day > today) {
        faults.add(
            "/inspectedOn",
            "in_the_future",
            "Tilsynet kan ikke ligge fram i tid.",
            "The inspection cannot lie in the future.",
        );
    }
    let (Some(cadastral_id), Some(unit_number), Some(postal_code), true) =
        (cadastral_id, unit_number, postal_code, faults.0.is_empty())
    else {
        return Err(faults.0);
    };
    Ok(Description {
        cadastral_id: cadastral_id.to_string(),
        unit_number: unit_number.to_string(),
        postal_code: postal_code.to_string(),
        features: with_access(said, before),
        ..said.clone()
    })
}

/// Whether a home may be registered as standing in this state.
pub(super) fn may_begin_in(state: DwellingState) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if !FIRST.contains(&state) {
        faults.add(
            "/state",
            "not_a_first_state",
            "En bolig registreres ikke med denne statusen; den nås gjennom handlinger.",
            "A home is not registered in this state; acts lead to it.",
        );
    }
    faults.into()
}

/// Whether demolition may be planned from this day.
pub(super) fn may_demolish_from(from: Day, today: Day) -> Result<(), Vec<FieldFault>> {
    let mut faults = Faults::default();
    if from < today {
        faults.add(
            "/demolitionFrom",
            "in_the_past",
            "Rivingen kan ikke planlegges tilbake i tid.",
            "Demolition cannot be planned for the past.",
        );
    }
    faults.into()
}

/// Whether a home can leave the stock in this way: a plan is given up before anything stands.
pub(super) fn may_dispose(state: DwellingState, reason: DisposalReason) -> Result<(), Refusal> {
    let never_stood = matches!(
        state,
        DwellingState::Planned | DwellingState::UnderConstruction
    );
    if reason == DisposalReason::GivenUp && !never_stood {
        return Err(Refusal::NotGivenUp);
    }
    Ok(())
}

/// Whether the floor is where the unit's number says that its entrance is.
///
/// The letter of the number is the kind of floor and its first two digits count within that kind (matrikkelforskriften § 53):
/// main floors upwards from H01, floors below them downwards. How many main floors an attic has below it is not said.
fn agrees(unit: UnitNumber, floor: i16) -> bool {
    match unit.plan() {
        FloorPlan::Main => floor == i16::from(unit.floor()),
        FloorPlan::Attic => floor >= 1,
        FloorPlan::Lower | FloorPlan::Basement => floor <= 0,
    }
}

/// A youth home without its ages would be open to all ages.
fn look_at_ages(said: &Description, faults: &mut Faults) {
    if let (Some(min), Some(max)) = (said.min_age, said.max_age)
        && min > max
    {
        faults.add(
            "/maxAge",
            "age_window_empty",
            "Øvre aldersgrense er lavere enn nedre.",
            "The oldest age is below the youngest.",
        );
    }
    if said.category == Category::Youth {
        for (pointer, age) in [("/minAge", said.min_age), ("/maxAge", said.max_age)] {
            if age.is_none() {
                faults.add(
                    pointer,
                    "youth_age_missing",
                    "En ungdomsbolig må ha aldersgrenser.",
                    "A youth home must say its ages.",
                );
            }
        }
    }
}

/// The features with the bundle that `WHEELCHAIR` sets and clears.
///
/// Clearing errs on the safe side: nobody is offered a home whose access has just been found wanting. What is left of it is
/// said in a later change.
fn with_access(said: &Description, before: Option<&Description>) -> BTreeSet<Feature> {
    let mut features = said.features.clone();
    let was_accessible = before.is_some_and(|it| it.features.contains(&Feature::Wheelchair));
    if features.contains(&Feature::Wheelchair) {
        features.insert(Feature::StepFree);
        if said.floor > 1 {
            features.insert(Feature::Lift);
        }
    } else if was_accessible {
        features.remove(&Feature::StepFree);
        features.remove(&Feature::Lift);
    }
    features
}

/// The faults found so far.
#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    fn add(&mut self, pointer: &'static str, code: &'static str, nb: &str, en: &str) {
        self.0.push(FieldFault::new(pointer, code, nb, en));
    }

    fn keep<T>(
        &mut self,
        pointer: &'static str,
        nb: &str,
        read: Result<T, CadastralFault>,
    ) -> Option<T> {
        read.map_err(|fault| self.add(pointer, fault.code(), nb, &fault.to_string()))
            .ok()
    }
}

impl From<Faults> for Result<(), Vec<FieldFault>> {
    fn from(faults: Faults) -> Self {
        if faults.0.is_empty() {
            Ok(())
        } else {
            Err(faults.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::housing::{Service, Tenure};

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
}
