//! When somebody may stay where, what must be looked at, and how stays are counted.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{CheckOutcome, Place, ProviderKind, ShelterOutcome, Staying, Warning};
use crate::clock::Day;
use crate::decisions::{Decision, DecisionState, LegalBasis, Outcome};
use crate::ids::HouseholdId;
use crate::problem::FieldFault;
use crate::refusals;
use crate::tasks::{Months, TaskKind, TaskTerms};

refusals! {
    /// Why somebody cannot stay somewhere, or a stay cannot be changed.
    pub enum Refusal {
        NotGranted = 409 "shelter_not_granted", "Vedtaket gir ikke midlertidig botilbud.", "The decision grants no temporary accommodation.";
        OutsideDecision = 422 "stay_outside_decision", "Oppholdet ligger utenfor perioden i vedtaket.", "The stay lies outside the period of the decision.", at "/beganOn";
        StaysAlready = 409 "stays_already", "Husstanden bor allerede i et midlertidig botilbud.", "The household stays in temporary accommodation already.";
        ProviderClosed = 409 "place_closed", "Botilbudet er ikke i bruk.", "The place is not in use.", at "/providerId";
        NotForChildren = 422 "not_for_children", "Botilbudet egner seg ikke for barn.", "The place does not suit children.", at "/providerId";
        NotChecked = 422 "provider_not_checked", "Botilbudet er ikke kvalitetssikret i den tiden som kommunen krever.", "The place was not checked within the time that the municipality demands.", at "/providerId";
        AlreadyConfirmed = 409 "shelter_confirmed", "Vedtaket er allerede bekreftet skriftlig.", "The decision has been confirmed in writing already.";
        StayEnded = 409 "stay_ended", "Oppholdet er avsluttet.", "The stay has ended.";
    }
}

/// How far back something can be written down.
const BACK_DAYS_MAX: i32 = 366;

/// Whether a decision of the housing case, with its letter and its appeal, decides the same by the same law.
pub(super) fn decides_the_same(made: &Decision, outcome: ShelterOutcome) -> bool {
    let said = match made.outcome {
        Outcome::Granted | Outcome::PartlyGranted => ShelterOutcome::Granted,
        Outcome::Refused | Outcome::Dismissed | Outcome::Lapsed => ShelterOutcome::Refused,
    };
    made.legal_basis == LegalBasis::TemporaryAccommodation
        && made.state == DecisionState::Approved
        && said == outcome
}

/// What is wrong with a period that is decided.
pub(super) fn faults_of_period(
    from: Day,
    until: Day,
    longest: Months,
    today: Day,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if until <= from {
        faults.push(FieldFault::new(
            "/validUntil",
            "not_after_begin",
            "Må ligge etter begynnelsen.",
            "Must lie after the beginning.",
        ));
    } else if until > longest.ahead_of(from) {
        let months = longest.count();
        faults.push(FieldFault::new(
            "/validUntil",
            "too_long",
            format!("Antall måneder som kan gis om gangen er {months}."),
            format!("The count of months that can be granted at a time is {months}."),
        ));
    }
    if from.days_until(today) > BACK_DAYS_MAX {
        faults.push(FieldFault::new(
            "/validFrom",
            "too_long_ago",
            "Ligger mer enn et år tilbake.",
            "Lies more than a year back.",
        ));
    }
    faults
}

/// Whether a household with so many children may begin to stay in a place on a day.
pub(super) fn may_stay(
    outcome: ShelterOutcome,
    period: (Day, Day),
    place: &Place,
    children: usize,
    check_lasts: Months,
    on: Day,
) -> Result<(), Refusal> {
    if outcome != ShelterOutcome::Granted {
        return Err(Refusal::NotGranted);
    }
    if on < period.0 || on >= period.1 {
        return Err(Refusal::OutsideDecision);
    }
    if !place.is_open {
        return Err(Refusal::ProviderClosed);
    }
    if children == 0 {
        return Ok(());
    }
    // The child's best interest comes first (Grunnloven § 104): a place must be known to be fit before children come.
    if !place.suits_children || place.kind == ProviderKind::NightShelter {
        return Err(Refusal::NotForChildren);
    }
    let is_fresh = |day: Day| check_lasts.ahead_of(day) > on;
    if !place.checked_on.is_some_and(is_fresh) {
        return Err(Refusal::NotChecked);
    }
    Ok(())
}

/// What somebody must look at today.
pub(super) fn warnings(stay: &Staying, terms: &TaskTerms, today: Day) -> Vec<Warning> {
    let has_children = stay.children > 0;
    let unchecked = stay.checked_on.is_none_or(|day| day < stay.began_on);
    let found = [
        (long_on(stay, terms) <= today, Warning::LongStay),
        (has_children, Warning::Children),
        (has_children && unchecked, Warning::ChildrenUnchecked),
        (
            stay.check_outcome == Some(CheckOutcome::NotDefensible),
            Warning::NotDefensible,
        ),
        (!stay.has_exit_plan, Warning::NoExitPlan),
        (stay.decided_until <= today, Warning::DecisionRunOut),
    ];
    found
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
        .collect()
}

/// The day on which a stay has become long.
fn long_on(stay: &Staying, terms: &TaskTerms) -> Day {
    terms.shelter_stay.ahead_of(stay.began_on)
}

/// What somebody has to do about a stay, and by when.
pub(super) fn tasks(stay: &Staying, terms: &TaskTerms, today: Day) -> Vec<(TaskKind, Day)> {
    let unchecked = stay.checked_on.is_none_or(|day| day < stay.began_on);
    let long_on = long_on(stay, terms);
    let is_near = |day: Day| terms.shelter_ahead.before(day) <= today;
    // What was found not defensible is seen to at once.
    let check_by = match stay.check_outcome {
        Some(CheckOutcome::NotDefensible) => stay.checked_on,
        _ => (stay.children > 0 && unchecked).then(|| terms.check_shelter.after(stay.began_on)),
    };
    let found = [
        (TaskKind::CheckShelter, check_by),
        (TaskKind::LeaveShelter, is_near(long_on).then_some(long_on)),
        (
            TaskKind::DecideShelterAnew,
            is_near(stay.decided_until).then_some(stay.decided_until),
        ),
    ];
    found
        .into_iter()
        .filter_map(|(kind, by)| Some((kind, by?)))
        .collect()
}

/// Nights from the first day to the last, today counted as the end of what goes on.
pub(super) fn nights(began_on: Day, ended_on: Option<Day>, today: Day) -> i32 {
    began_on.days_until(ended_on.unwrap_or(today)).max(0)
}

/// A stay, as it is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) household: HouseholdId,
    pub(super) is_night_shelter: bool,
    pub(super) children: i32,
    pub(super) began_on: Day,
    pub(super) ended_on: Option<Day>,
    pub(super) nightly_ore: i64,
}

/// What a year's stays come to. Each household is counted once, whatever it moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) households: usize,
    pub(super) with_children: usize,
    pub(super) over_shelter_stay: usize,
    pub(super) nights: i64,
    pub(super) cost_ore: i64,
}

/// Sums the stays of a year, from its first day to the first of the next: first temporary accommodation, then night shelters by themselves. A
/// household has stayed long that has had more nights in all than there are in so many months from its first.
pub(super) fn sum(
    stays: &[Counted],
    (first, next): (Day, Day),
    today: Day,
    long: Months,
) -> (Sum, Sum) {
    let of = |night_shelters: bool| {
        let mut sum = Sum::default();
        let mut stayed: BTreeMap<HouseholdId, (Day, i32)> = BTreeMap::new();
        let mut with_children: BTreeSet<HouseholdId> = BTreeSet::new();
        for stay in stays
            .iter()
            .filter(|it| it.is_night_shelter == night_shelters)
        {
            let begin = stay.began_on.max(first);
            let end = stay.ended_on.unwrap_or(today).min(next);
            let within = begin.days_until(end).max(0);
            // How long it lasted counts from its beginning, also where that lies in the year before.
            let (began_on, in_all) = stayed.entry(stay.household).or_insert((stay.began_on, 0));
            *began_on = stay.began_on.min(*began_on);
            *in_all += nights(stay.began_on, stay.ended_on, today.min(next));
            if stay.children > 0 {
                with_children.insert(stay.household);
            }
            sum.nights += i64::from(within);
            sum.cost_ore += i64::from(within) * stay.nightly_ore;
        }
        let is_long = |(began_on, nights): &&(Day, i32)| {
            *nights > began_on.days_until(long.ahead_of(*began_on))
        };
        sum.households = stayed.len();
        sum.with_children = with_children.len();
        sum.over_shelter_stay = stayed.values().filter(is_long).count();
        sum
    };
    (of(false), of(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::policies::Policy as _;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    const FIT: Place = Place {
        kind: ProviderKind::Hotel,
        suits_children: true,
        checked_on: None,
        is_open: true,
    };

    fn asked(place: &Place, children: usize, on: &str) -> Result<(), Refusal> {
        let period = (day("2026-03-01"), day("2026-04-01"));
        let check_lasts = TaskTerms::example().shelter_check_lasts;
        may_stay(
            ShelterOutcome::Granted,
            period,
            place,
            children,
            check_lasts,
            day(on),
        )
    }

    #[test]
    fn children_stay_only_where_it_was_found_fit_within_a_year() {
        assert_eq!(asked(&FIT, 0, "2026-03-01"), Ok(()));
        assert_eq!(asked(&FIT, 1, "2026-03-01"), Err(Refusal::NotChecked));
        let checked = |on| Place {
            checked_on: Some(day(on)),
            ..FIT
        };
        assert_eq!(asked(&checked("2025-03-02"), 1, "2026-03-01"), Ok(()));
        assert_eq!(
            asked(&checked("2025-03-01"), 1, "2026-03-01"),
            Err(Refusal::NotChecked)
        );
        let shelter = Place {
            kind: ProviderKind::NightShelter,
            ..checked("2026-02-01")
        };
        assert_eq!(
            asked(&shelter, 1, "2026-03-01"),
            Err(Refusal::NotForChildren)
        );
        let unfit = Place {
            suits_children: false,
            ..checked("2026-02-01")
        };
        assert_eq!(asked(&unfit, 1, "2026-03-01"), Err(Refusal::NotForChildren));
    }

    #[test]
    fn a_stay_lies_within_its_decision() {
        assert_eq!(asked(&FIT, 0, "2026-02-28"), Err(Refusal::OutsideDecision));
        assert_eq!(asked(&FIT, 0, "2026-03-31"), Ok(()));
        assert_eq!(asked(&FIT, 0, "2026-04-01"), Err(Refusal::OutsideDecision));
        let closed = Place {
            is_open: false,
            ..FIT
        };
        assert_eq!(
            asked(&closed, 0, "2026-03-01"),
            Err(Refusal::ProviderClosed)
        );
    }

    #[test]
    fn long_stays_and_children_are_warned_of() {
        let warnings = |stay: &Staying, on| warnings(stay, &TaskTerms::example(), on);
        let stay = Staying {
            began_on: day("2026-01-10"),
            children: 0,
            checked_on: None,
            check_outcome: None,
            has_exit_plan: true,
            decided_until: day("2026-05-01"),
        };
        assert_eq!(warnings(&stay, day("2026-04-09")), []);
        assert_eq!(warnings(&stay, day("2026-04-10")), [Warning::LongStay]);
        let children = Staying {
            children: 2,
            ..stay
        };
        assert_eq!(
            warnings(&children, day("2026-01-10")),
            [Warning::Children, Warning::ChildrenUnchecked]
        );
        let seen = Staying {
            checked_on: Some(day("2026-01-11")),
            check_outcome: Some(CheckOutcome::Satisfactory),
            ..children
        };
        assert_eq!(warnings(&seen, day("2026-01-12")), [Warning::Children]);
    }

    #[test]
    fn what_is_warned_of_falls_to_somebody_in_time() {
        let terms = TaskTerms::example();
        let stay = Staying {
            began_on: day("2026-01-10"),
            children: 1,
            checked_on: None,
            check_outcome: None,
            has_exit_plan: true,
            decided_until: day("2026-04-10"),
        };
        let check = (TaskKind::CheckShelter, day("2026-01-13"));
        assert_eq!(tasks(&stay, &terms, day("2026-01-10")), [check]);
        assert_eq!(tasks(&stay, &terms, day("2026-03-26")), [check]);
        let leave = (TaskKind::LeaveShelter, day("2026-04-10"));
        let anew = (TaskKind::DecideShelterAnew, day("2026-04-10"));
        assert_eq!(
            tasks(&stay, &terms, day("2026-03-27")),
            [check, leave, anew]
        );
        let seen = |outcome| Staying {
            checked_on: Some(day("2026-01-11")),
            check_outcome: Some(outcome),
            ..stay
        };
        let today = day("2026-01-12");
        assert_eq!(tasks(&seen(CheckOutcome::Satisfactory), &terms, today), []);
        let move_out = (TaskKind::CheckShelter, day("2026-01-11"));
        assert_eq!(
            tasks(&seen(CheckOutcome::NotDefensible), &terms, today),
            [move_out]
        );
    }

    #[test]
    fn a_household_counts_once_a_year_and_night_shelters_apart() {
        let (one, other) = (Id::new(), Id::new());
        let stay = |household, is_night_shelter, began: &str, ended: Option<&str>| Counted {
            household,
            is_night_shelter,
            children: 0,
            began_on: day(began),
            ended_on: ended.map(day),
            nightly_ore: 100,
        };
        let stays = [
            stay(one, false, "2025-12-20", Some("2026-01-10")),
            stay(one, false, "2026-02-01", Some("2026-02-03")),
            stay(one, true, "2026-03-01", Some("2026-03-02")),
            stay(other, false, "2026-01-01", None),
        ];
        let year = (day("2026-01-01"), day("2027-01-01"));
        let months = |count: &str| serde_json::from_str(count).unwrap();
        let of = |count: &str| sum(&stays, year, day("2026-05-01"), months(count));
        let (shelter, night) = of("3");
        assert_eq!((shelter.households, shelter.over_shelter_stay), (2, 1));
        // 1 May is four months after the first night, and no longer.
        assert_eq!(of("4").0.over_shelter_stay, 0);
        // Two stays of 23 nights together are no month.
        assert_eq!(of("1").0.over_shelter_stay, 1);
        assert_eq!((shelter.nights, shelter.cost_ore), (9 + 2 + 120, 13_100));
        assert_eq!((night.households, night.nights), (1, 1));
    }
}
