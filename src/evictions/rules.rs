//! When a petition may follow a notice.

use super::lifecycle::{NoticeState, NoticeStep};
use crate::clock::Day;
use crate::refusals;
use crate::statutes::Statute;

refusals! {
    /// Why a notice is not given, or a step not taken.
    pub enum Refusal {
        NoticeOpen = 409 "notice_open", "Leieforholdet har et åpent varsel.", "The tenancy has an open notice.", at "/tenancyId";
        TenancyEnded = 409 "tenancy_not_active", "Leieforholdet er avsluttet.", "The tenancy has ended.", at "/tenancyId";
        ForbiddenStep = 409 "notice_concluded", "Varselet er avsluttet.", "The notice is concluded already.";
        TooEarly = 409 "petition_too_early", "NAV skal ha varsel minst to uker før begjæringen.", "NAV must be told at least two weeks before the petition.";
        PaidByNav = 409 "paid_by_nav", "NAV betaler husleien direkte.", "NAV pays the rent directly.";
    }
}

/// The first day on which a petition may be sent (husleieloven § 9-11).
pub(super) fn petition_from(notified_on: Day, opted_out: bool) -> Day {
    if opted_out {
        notified_on
    } else {
        Statute::EvictionNotice.term(notified_on).after(notified_on)
    }
}

/// What follows a step today.
pub(super) fn take(
    state: NoticeState,
    step: NoticeStep,
    petition_from: Day,
    nav_pays: bool,
    today: Day,
) -> Result<NoticeState, Refusal> {
    let to = state.after(step).ok_or(Refusal::ForbiddenStep)?;
    match step {
        NoticeStep::Settle => Ok(to),
        NoticeStep::Petition if nav_pays => Err(Refusal::PaidByNav),
        NoticeStep::Petition if today < petition_from => Err(Refusal::TooEarly),
        NoticeStep::Petition => Ok(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_petition_waits_for_two_weeks_unless_the_tenant_said_no() {
        let day = |text: &str| Day(text.parse().unwrap());
        let told = day("2026-03-02");
        let from = petition_from(told, false);
        let take = |from, pays, today| {
            take(
                NoticeState::Notified,
                NoticeStep::Petition,
                from,
                pays,
                day(today),
            )
        };
        assert_eq!(take(from, false, "2026-03-15"), Err(Refusal::TooEarly));
        assert_eq!(take(from, false, "2026-03-16"), Ok(NoticeState::Petitioned));
        assert_eq!(take(from, true, "2026-03-16"), Err(Refusal::PaidByNav));
        assert_eq!(petition_from(told, true), told);
    }
}
