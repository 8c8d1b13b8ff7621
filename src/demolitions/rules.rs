//! When homes may be planned to be demolished, and when they may be, as pure rules.

use super::model::{MoveDates, PlanState};
use crate::clock::Day;
use crate::housing::DwellingState;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a demolition is not planned or carried out so.
    pub enum Refusal {
        PlanExists = 409 "demolition_plan_exists", "En plan med det navnet finnes allerede.", "A plan of that name exists already.", at "/name";
        InAnotherPlan = 409 "in_another_demolition_plan", "En av boligene står i en annen plan.", "One of the homes is in another plan.", at "/dwellingIds";
        LeaseOutlasts = 409 "lease_outlasts_demolition", "Et leieforhold varer lenger enn boligen, og beboerne får ikke erstatningsbolig etter planen.", "A lease outlasts the home, and the plan gives the residents no replacement.";
        PlanEnded = 409 "demolition_plan_ended", "Planen er avlyst eller gjennomført.", "The plan was given up or carried out.";
        ResidentsWithoutHome = 409 "residents_without_home", "Beboere har ennå ikke fått permanent erstatningsbolig.", "Residents have no permanent replacement yet.";
        StillLivedIn = 409 "demolition_still_lived_in", "Noen bor ennå i en av boligene, eller har den holdt av.", "Somebody still lives in one of the homes or has it kept.";
        TooEarly = 409 "demolition_too_early", "Rivingen kan ikke gjennomføres før datoen i planen.", "The demolition cannot be carried out before its day.";
    }
}

/// Every fault of a plan's days.
pub(super) fn faults_of(dates: &MoveDates, today: Day) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if dates.vacate_by < today {
        faults.push(FieldFault::new(
            "/vacateBy",
            "in_the_past",
            "Kan ikke ligge tilbake i tid.",
            "Cannot lie in the past.",
        ));
    }
    if dates.demolish_from < dates.vacate_by {
        faults.push(FieldFault::new(
            "/demolishFrom",
            "before_it_is_vacated",
            "Kan ikke ligge før boligene er fraflyttet.",
            "Cannot lie before the homes are vacated.",
        ));
    }
    faults
}

/// Whether a home that stands so can be planned to be demolished.
pub(super) const fn can_be_demolished(state: DwellingState) -> bool {
    !matches!(
        state,
        DwellingState::Planned | DwellingState::UnderConstruction | DwellingState::Disposed
    )
}

/// Whether homes whose leases run until these days may be demolished from a day.
pub(super) fn may_end_leases(
    agreed_until: &[Day],
    demolish_from: Day,
    rehouses: bool,
) -> Result<(), Refusal> {
    if !rehouses && agreed_until.iter().any(|until| *until > demolish_from) {
        return Err(Refusal::LeaseOutlasts);
    }
    Ok(())
}

/// Whether a plan can still be changed.
pub(super) const fn stands(state: PlanState) -> Result<(), Refusal> {
    match state {
        PlanState::Planned => Ok(()),
        PlanState::Cancelled | PlanState::CarriedOut => Err(Refusal::PlanEnded),
    }
}

/// Whether a plan can be carried out: not before its day, and nobody is left behind.
pub(super) fn may_be_carried_out(
    demolish_from: Day,
    today: Day,
    without_home: i64,
    lived_in: usize,
) -> Result<(), Refusal> {
    if without_home > 0 {
        return Err(Refusal::ResidentsWithoutHome);
    }
    if lived_in > 0 {
        return Err(Refusal::StillLivedIn);
    }
    if today < demolish_from {
        return Err(Refusal::TooEarly);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_lease_outlasts_no_demolition_unless_its_household_is_rehoused() {
        let leases = [day("2026-06-01"), day("2029-06-01")];
        let end = |rehouses| may_end_leases(&leases, day("2027-01-01"), rehouses);
        assert_eq!(end(true), Ok(()));
        assert_eq!(end(false), Err(Refusal::LeaseOutlasts));
        assert_eq!(may_end_leases(&leases, day("2029-06-01"), false), Ok(()));
    }

    #[test]
    fn nobody_is_left_behind() {
        let (from, today) = (day("2027-01-01"), day("2027-01-01"));
        let out = |without, lived_in, today| may_be_carried_out(from, today, without, lived_in);
        assert_eq!(out(0, 0, today), Ok(()));
        assert_eq!(out(1, 1, today), Err(Refusal::ResidentsWithoutHome));
        assert_eq!(out(0, 1, today), Err(Refusal::StillLivedIn));
        assert_eq!(out(0, 0, today.plus_days(-1)), Err(Refusal::TooEarly));
    }

    #[test]
    fn the_days_of_a_plan_follow_each_other() {
        let dates = |vacate_by: &str, demolish_from: &str| MoveDates {
            vacate_by: day(vacate_by),
            demolish_from: day(demolish_from),
        };
        let codes = |it| {
            let faults = faults_of(&it, day("2026-03-02"));
            faults
                .into_iter()
                .map(|fault| fault.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(dates("2026-03-02", "2026-03-02")), Vec::<&str>::new());
        assert_eq!(
            codes(dates("2026-03-01", "2026-02-01")),
            ["in_the_past", "before_it_is_vacated"]
        );
    }
}
