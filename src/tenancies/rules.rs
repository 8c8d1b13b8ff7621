//! When a home can be held and a tenancy ended, as pure rules.

use super::model::TenancyState;
use crate::clock::Day;
use crate::refusals;

refusals! {
    /// Why a home cannot be held, or a tenancy not ended.
    pub enum Refusal {
        DwellingTaken = 409 "dwelling_taken", "Boligen er allerede tildelt en annen.", "The home is allocated to somebody else already.";
        HouseholdHasHome = 409 "household_has_allocation", "Husstanden er allerede tildelt en bolig.", "The household has been allocated a home already.";
        AlreadyEnded = 409 "tenancy_ended", "Leieforholdet er avsluttet.", "The tenancy has ended.";
        EndOutsideTenancy = 422 "end_outside_tenancy", "Sluttdatoen må ligge i leieforholdet og ikke fram i tid.", "The end must lie within the tenancy and not ahead of today.", at "/endedOn";
    }
}

/// Whether a tenancy that began on a day can be ended on another: once, within it, and not ahead of today.
pub(super) fn may_end(
    state: TenancyState,
    starts_on: Day,
    ended_on: Day,
    today: Day,
) -> Result<(), Refusal> {
    match state {
        TenancyState::Ended => Err(Refusal::AlreadyEnded),
        TenancyState::Active if ended_on < starts_on || ended_on > today => {
            Err(Refusal::EndOutsideTenancy)
        }
        TenancyState::Active => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_tenancy_ends_once_within_itself_and_not_ahead() {
        let (start, today) = (day("2026-01-01"), day("2026-03-02"));
        let end = |state, on| may_end(state, start, day(on), today);
        let active = TenancyState::Active;
        assert_eq!(end(active, "2026-01-01"), Ok(()));
        assert_eq!(end(active, "2026-03-02"), Ok(()));
        assert_eq!(end(active, "2025-12-31"), Err(Refusal::EndOutsideTenancy));
        assert_eq!(end(active, "2026-03-03"), Err(Refusal::EndOutsideTenancy));
        let again = end(TenancyState::Ended, "2026-02-01");
        assert_eq!(again, Err(Refusal::AlreadyEnded));
    }
}
