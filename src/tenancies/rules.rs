//! When a home can be held and a tenancy ended, as pure rules.

use super::model::TenancyState;
use crate::clock::Day;
use crate::refusals;
use crate::statutes::Statute;

refusals! {
    /// Why a home cannot be held, or a tenancy not ended.
    pub enum Refusal {
        DwellingTaken = 409 "dwelling_taken", "Boligen er allerede tildelt en annen.", "The home is allocated to somebody else already.";
        HouseholdHasHome = 409 "household_has_allocation", "Husstanden er allerede tildelt en bolig.", "The household has been allocated a home already.";
        NothingToRenew = 409 "nothing_to_renew", "Søkeren bor ikke i en kommunal bolig, så det er ingen leieavtale å forlenge.", "The applicant lives in no municipal home, so there is no lease to renew.";
        RenewalRunning = 409 "renewal_running", "Forlengelsen har begynt å løpe: leieforholdet kan sies opp, men forlengelsen ikke tas bort.", "The renewal runs already: the tenancy can be terminated, but its renewal not taken away.";
        RenewedAgain = 409 "renewed_again", "Leieavtalen er forlenget på nytt etter dette vedtaket.", "The lease was renewed again after this decision.";
        RunsOpenEnded = 409 "lease_open_ended", "Leieavtalen gikk ut for mer enn tre måneder siden uten at leieren skriftlig ble bedt om å flytte. Den gjelder nå uten tidsbegrensning (husleieloven § 9-2).", "The lease ran out more than three months ago, and the tenant was not asked in writing to leave. It now runs without an end (husleieloven § 9-2).";
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

/// The day from which a lease that ran out runs on without an end, unless it was renewed before or the tenant asked in writing to leave
/// (husleieloven § 9-2).
#[must_use]
pub(super) fn open_ended_from(agreed_until: Day) -> Day {
    Statute::LeaseRunsOn.term(agreed_until).after(agreed_until)
}

/// Whether a lease still has an end that can be moved.
pub(super) fn may_run_on(
    agreed_until: Day,
    today: Day,
    asked_to_leave: bool,
) -> Result<(), Refusal> {
    if today >= open_ended_from(agreed_until) && !asked_to_leave {
        return Err(Refusal::RunsOpenEnded);
    }
    Ok(())
}

/// Until when a lease runs by a decision that takes the place of the one that renewed it from a day: for other months, or, where the
/// renewal is refused after all, no longer than before. What has begun to run is never taken away.
pub(super) fn runs_instead(from: Day, today: Day, months: Option<i16>) -> Result<Day, Refusal> {
    match months.map(|months| from.plus_months(i32::from(months))) {
        Some(until) if until > today => Ok(until),
        None if from > today => Ok(from),
        Some(_) | None => Err(Refusal::RenewalRunning),
    }
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
    fn a_lease_that_nobody_followed_up_for_three_months_has_no_end_any_more() {
        let run_on = |today, asked| may_run_on(day("2026-09-02"), day(today), asked);
        assert_eq!(run_on("2026-12-01", false), Ok(()));
        assert_eq!(run_on("2026-12-02", false), Err(Refusal::RunsOpenEnded));
        assert_eq!(run_on("2026-12-02", true), Ok(()));
        assert_eq!(open_ended_from(day("2025-11-30")), day("2026-02-28"));
    }

    #[test]
    fn a_renewal_is_replaced_by_another_and_taken_away_only_before_it_runs() {
        let instead = |from, months| runs_instead(day(from), day("2026-03-02"), months);
        assert_eq!(instead("2026-06-01", Some(12)), Ok(day("2027-06-01")));
        assert_eq!(instead("2026-06-01", None), Ok(day("2026-06-01")));
        assert_eq!(instead("2026-03-02", None), Err(Refusal::RenewalRunning));
        assert_eq!(instead("2026-01-01", Some(6)), Ok(day("2026-07-01")));
        let over = instead("2026-01-01", Some(2));
        assert_eq!(over, Err(Refusal::RenewalRunning));
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
