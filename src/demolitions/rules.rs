//! When homes may be planned to be demolished, and when they may be, as pure rules.

use super::model::{MoveDates, PlanState};
use crate::clock::Day;
use crate::housing::DwellingState;
use crate::ids::HouseholdId;
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
        NotCleared = 409 "demolition_not_cleared", "Planen kan ikke gjennomføres ennå: en av boligene er sperret, eller noe gjenstår som en medarbeider med klarering må avgjøre.", "The plan cannot be carried out yet: one of its homes is blocked, or something is left that a colleague with clearance must settle.";
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

/// A lease in one of the homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) household: HouseholdId,
    pub(super) until: Day,
    /// Whether the one who plans may know that it is there.
    pub(super) is_seen: bool,
}

/// Who gets a right to a permanent home elsewhere by a plan to demolish from a day: everybody where residents are rehoused, and
/// otherwise those whom nobody may know of and whose lease outlasts the homes. A refusal would tell that they are there.
pub(super) fn rehoused(
    leases: &[Lease],
    demolish_from: Day,
    rehouses: bool,
) -> Result<Vec<HouseholdId>, Refusal> {
    let outlasts = |lease: &Lease| lease.until > demolish_from;
    if !rehouses && leases.iter().any(|lease| lease.is_seen && outlasts(lease)) {
        return Err(Refusal::LeaseOutlasts);
    }
    let has_right = leases.iter().filter(|lease| rehouses || outlasts(lease));
    Ok(has_right.map(|lease| lease.household).collect())
}

/// Whether a plan can still be changed.
pub(super) const fn stands(state: PlanState) -> Result<(), Refusal> {
    match state {
        PlanState::Planned => Ok(()),
        PlanState::Cancelled | PlanState::CarriedOut => Err(Refusal::PlanEnded),
    }
}

/// What keeps a plan from being carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LeftToDo {
    /// Residents without a permanent home elsewhere of whom the caller may know.
    pub(super) without_home: i64,
    /// Homes of which the caller may know that they are in use.
    pub(super) lived_in: usize,
    /// Homes that stand blocked, as the caller is told.
    pub(super) blocked: usize,
    /// Residents without a permanent home elsewhere of whom the caller may not know.
    pub(super) unseen: i64,
}

/// Whether a plan can be carried out: not before its day, and nobody is left behind. Whom the caller may not know of is covered by a
/// refusal that a blocked home brings, too.
pub(super) fn may_be_carried_out(
    demolish_from: Day,
    today: Day,
    left: LeftToDo,
) -> Result<(), Refusal> {
    if left.without_home > 0 {
        return Err(Refusal::ResidentsWithoutHome);
    }
    if left.lived_in > 0 {
        return Err(Refusal::StillLivedIn);
    }
    if today < demolish_from {
        return Err(Refusal::TooEarly);
    }
    if left.blocked > 0 || left.unseen > 0 {
        return Err(Refusal::NotCleared);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_lease_outlasts_no_demolition_unless_its_household_is_rehoused() {
        let (short, long) = (Id::new(), Id::new());
        let lease = |household, until, is_seen| Lease {
            household,
            until: day(until),
            is_seen,
        };
        let leases = |is_seen| {
            [
                lease(short, "2026-06-01", true),
                lease(long, "2029-06-01", is_seen),
            ]
        };
        let (from, later) = (day("2027-01-01"), day("2029-06-01"));
        assert_eq!(rehoused(&leases(true), from, true), Ok(vec![short, long]));
        assert_eq!(
            rehoused(&leases(true), from, false),
            Err(Refusal::LeaseOutlasts)
        );
        assert_eq!(rehoused(&leases(true), later, false), Ok(Vec::new()));
        // Of whom nobody may know is given the right instead.
        assert_eq!(rehoused(&leases(false), from, false), Ok(vec![long]));
        assert_eq!(rehoused(&leases(false), later, false), Ok(Vec::new()));
    }

    #[test]
    fn nobody_is_left_behind() {
        let (from, today) = (day("2027-01-01"), day("2027-01-01"));
        let out = |left, today| may_be_carried_out(from, today, left);
        let left = |without_home, lived_in, blocked, unseen| LeftToDo {
            without_home,
            lived_in,
            blocked,
            unseen,
        };
        assert_eq!(out(left(0, 0, 0, 0), today), Ok(()));
        for (left, refusal) in [
            (left(1, 1, 1, 1), Refusal::ResidentsWithoutHome),
            (left(0, 1, 1, 1), Refusal::StillLivedIn),
            (left(0, 0, 1, 0), Refusal::NotCleared),
            (left(0, 0, 0, 1), Refusal::NotCleared),
        ] {
            assert_eq!(out(left, today), Err(refusal));
        }
        // Before its day nothing is told of what the caller may not know.
        for unseen in [0, 1] {
            assert_eq!(
                out(left(0, 0, unseen, 0), today.plus_days(-1)),
                Err(Refusal::TooEarly)
            );
        }
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
