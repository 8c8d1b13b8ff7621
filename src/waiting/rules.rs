//! When a household may stand aside and come back, as pure rules.

use crate::applications::ApplicationState;
use crate::clock::{Day, Instant};
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why a household cannot stand aside or come back, or not be given a home meanwhile.
    pub enum Refusal {
        NotWaiting = 409 "not_waiting", "Husstanden står ikke på venteliste.", "The household is not on the waiting list.";
        AlreadyAside = 409 "already_paused", "Husstanden står allerede over.", "The household stands aside already.";
        AlreadyBack = 409 "already_resumed", "Husstanden er allerede tilbake på ventelisten.", "The household is back on the waiting list already.";
        StandsAside = 409 "paused", "Husstanden står over på ventelisten og får ikke tilbud nå.", "The household stands aside on the waiting list and is not offered a home now.";
    }
}

/// Whether a household whose case stands so can stand aside, to be asked again on a day ahead if any.
pub(super) fn may_pause(
    state: ApplicationState,
    review_on: Option<Day>,
    today: Day,
) -> Result<(), Problem> {
    if state != ApplicationState::Waiting {
        return Err(Problem::from(Refusal::NotWaiting).fact("state", state.code()));
    }
    if review_on.is_some_and(|day| day <= today) {
        let (nb, en) = ("Må ligge fram i tid.", "Must lie ahead.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/reviewOn",
            "not_ahead",
            nb,
            en,
        )]));
    }
    Ok(())
}

/// Whether something that began at a moment, and ended at another if at all, was so at a third.
#[must_use]
pub(super) fn was_so(since: Instant, until: Option<Instant>, at: Instant) -> bool {
    since <= at && until.is_none_or(|end| at < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn only_who_waits_can_stand_aside_and_the_day_to_ask_again_lies_ahead() {
        let today = day("2026-03-02");
        assert!(may_pause(ApplicationState::Waiting, None, today).is_ok());
        assert!(may_pause(ApplicationState::Waiting, Some(day("2026-03-03")), today).is_ok());
        assert!(may_pause(ApplicationState::Waiting, Some(today), today).is_err());
        assert!(may_pause(ApplicationState::Offered, None, today).is_err());
    }

    #[test]
    fn a_pause_counts_from_its_first_moment_until_just_before_its_end() {
        let (from, to) = (day("2026-03-02").noon(), day("2026-03-04").noon());
        assert!(was_so(from, Some(to), from));
        assert!(!was_so(from, Some(to), to));
        assert!(was_so(from, None, to));
        assert!(!was_so(from, None, day("2026-03-01").noon()));
    }
}
