//! When a home can be held and a tenancy ended, as pure rules.

use super::model::TenancyState;
use crate::clock::Day;
use crate::refusals;

refusals! {
    /// Why a home cannot be held, or a tenancy not ended.
    pub enum Refusal {
        DwellingTaken = 409 "dwelling_taken", "Boligen er allerede tildelt en annen.", "The home is allocated to somebody else already.";
        HouseholdHasHome = 409 "household_has_allocation", "Husstanden er allerede tildelt en bolig.", "The household has been allocated a home already.";
        NothingToRenew = 409 "nothing_to_renew", "Søkeren bor ikke i en kommunal bolig, så det er ingen leieavtale å forlenge.", "The applicant lives in no municipal home, so there is no lease to renew.";
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

/// From when and until when a lease runs on for so many months. One that has run out while the household stayed runs on from today.
pub(super) fn runs_on(agreed_until: Day, today: Day, months: i16) -> (Day, Day) {
    let from = agreed_until.max(today);
    (from, from.plus_months(i32::from(months)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_lease_runs_on_from_its_end_and_never_from_the_past() {
        let on = |agreed_until, months| runs_on(day(agreed_until), day("2026-03-02"), months);
        assert_eq!(on("2026-06-01", 36), (day("2026-06-01"), day("2029-06-01")));
        assert_eq!(on("2028-02-29", 12), (day("2028-02-29"), day("2029-02-28")));
        assert_eq!(on("2026-01-01", 6), (day("2026-03-02"), day("2026-09-02")));
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
