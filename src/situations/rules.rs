//! What must hold for a situation before it is recorded of a household.

use super::model::{NewSituation, SituationKind, SituationReason};
use crate::clock::Day;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a situation is not recorded.
    pub enum Refusal {
        AlreadyCorrected = 409 "situation_corrected", "Opplysningen er allerede rettet.", "It has been corrected already.";
        NothingCorrected = 422 "situation_as_it_was", "Dette er det som allerede står.", "This is what stands already.", at "/instead";
        Overlaps = 409 "situation_overlaps", "Husstanden er alt registrert med samme årsak i en del av perioden.", "The household is recorded with the same reason in a part of the period already.", at "/validFrom";
    }
}

/// A situation is foreseen at most so far ahead; a later date is a typing error.
const MONTHS_AHEAD_MAX: i32 = 12;

/// What is wrong with a kind that was given together with a reason.
pub(super) fn find_fault_of_kind(
    kind: Option<SituationKind>,
    reason: SituationReason,
) -> Option<FieldFault> {
    kind.filter(|kind| *kind != reason.kind()).map(|_| {
        FieldFault::new(
            "/kind",
            "reason_of_other_kind",
            "Årsaken hører til en annen situasjon.",
            "The reason belongs to another situation.",
        )
    })
}

/// What is wrong with a situation's period.
pub(super) fn faults_of_period(situation: &NewSituation, today: Day) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if situation.valid_from > today.plus_months(MONTHS_AHEAD_MAX) {
        faults.push(FieldFault::new(
            "/validFrom",
            "too_far_ahead",
            "Ligger mer enn ett år fram.",
            "Lies more than a year ahead.",
        ));
    }
    let is_after = |until| situation.valid_from < until;
    if !situation.valid_until.is_none_or(is_after) {
        faults.push(FieldFault::new(
            "/validUntil",
            "not_after_valid_from",
            "Må være etter validFrom.",
            "Must be after validFrom.",
        ));
    }
    faults
}

/// A half-open period and why the household is in it.
pub(super) type Held = (SituationReason, Day, Option<Day>);

/// Refuses a situation that a household is in already, for the same reason, on any day of the period.
pub(super) fn must_not_overlap(new: &NewSituation, held: &[Held]) -> Result<(), Refusal> {
    let begins_before = |from: Day, until: Option<Day>| until.is_none_or(|until| from < until);
    let overlaps = |(reason, from, until): &Held| {
        *reason == new.reason
            && begins_before(*from, new.valid_until)
            && begins_before(new.valid_from, *until)
    };
    if held.iter().any(overlaps) {
        Err(Refusal::Overlaps)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::situations::{Source, Verification};

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn arrears(from: &str, until: Option<&str>) -> NewSituation {
        NewSituation {
            reason: SituationReason::Arrears,
            valid_from: day(from),
            valid_until: until.map(day),
            source: Source::Nav,
            verification: Verification::Documented,
        }
    }

    #[test]
    fn a_given_kind_must_be_that_of_the_reason() {
        let code =
            |kind| find_fault_of_kind(kind, SituationReason::Arrears).map(|fault| fault.code);
        assert_eq!(code(None), None);
        assert_eq!(code(Some(SituationKind::AtRisk)), None);
        let other = code(Some(SituationKind::Homeless));
        assert_eq!(other, Some("reason_of_other_kind"));
    }

    #[rstest]
    #[case("2026-06-01", Some("2026-06-02"), &[])]
    #[case("2026-06-01", Some("2026-06-01"), &["not_after_valid_from"])]
    #[case("2027-06-01", None, &[])]
    #[case("2027-06-02", Some("2026-01-01"), &["too_far_ahead", "not_after_valid_from"])]
    fn a_period_runs_forward_and_begins_soon(
        #[case] from: &str,
        #[case] until: Option<&str>,
        #[case] expected: &[&str],
    ) {
        let faults = faults_of_period(&arrears(from, until), day("2026-06-01"));
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, expected);
    }

    #[rstest]
    #[case("2026-01-01", Some("2026-03-01"), false)]
    #[case("2026-01-01", Some("2026-03-02"), true)]
    #[case("2026-01-01", None, true)]
    #[case("2026-04-30", None, true)]
    #[case("2026-05-01", None, false)]
    fn a_period_may_begin_on_the_day_another_ends(
        #[case] from: &str,
        #[case] until: Option<&str>,
        #[case] overlaps: bool,
    ) {
        let held = |reason| [(reason, day("2026-03-01"), Some(day("2026-05-01")))];
        let new = arrears(from, until);
        let same = must_not_overlap(&new, &held(SituationReason::Arrears));
        assert_eq!(same.is_err(), overlaps);
        let other = must_not_overlap(&new, &held(SituationReason::Overcrowded));
        assert_eq!(other, Ok(()));
    }
}
