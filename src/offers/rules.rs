//! When an offer can be answered, when it is over, and whether that counts, as pure rules.

use super::lifecycle::{OfferMove, OfferState};
use super::model::WithdrawnReason;
use crate::clock::{Day, Instant};
use crate::problem::{FieldFault, Problem};
use crate::refusals;

refusals! {
    /// Why an offer cannot be answered or ended so.
    pub enum Refusal {
        AlreadyAnswered = 409 "offer_answered", "Tilbudet er allerede besvart.", "The offer has been answered already.";
        AnswerTooLate = 409 "offer_expired", "Fristen for å takke ja er ute.", "The time for accepting the offer is over.";
        StartInPast = 422 "start_in_the_past", "Leieforholdet kan ikke begynne før i dag.", "The tenancy cannot begin before today.", at "/startsOn";
        AlreadyNotified = 409 "offer_notified", "Det er allerede vist at tilbudet kom fram.", "It has been shown already that the offer arrived.";
        NotAccepted = 409 "offer_not_accepted", "Tilbudet er ikke godtatt.", "The offer was not accepted.";
        AlreadyMovedIn = 409 "already_moved_in", "Leieforholdet har begynt: det kan bare sies opp eller avsluttes.", "The tenancy has begun: it can only be terminated or ended.";
        HomeNoLongerFits = 409 "home_no_longer_fits", "Husstanden kan ikke lenger få denne boligen. Trekk tilbudet.", "The household may no longer have this home. Withdraw the offer.";
    }
}

/// Where an offer that stands so comes by this move.
pub(super) fn take(state: OfferState, by: OfferMove) -> Result<OfferState, Refusal> {
    let refusal = if by == OfferMove::Annul {
        Refusal::NotAccepted
    } else {
        Refusal::AlreadyAnswered
    };
    state.after(by).ok_or(refusal)
}

/// Whether the offer can be accepted today. The last day counts whole; before it is proved that the offer arrived, there is none.
pub(super) fn may_accept(
    state: OfferState,
    answer_by: Option<Day>,
    starts_on: Day,
    today: Day,
) -> Result<(), Refusal> {
    take(state, OfferMove::Accept)?;
    if answer_by.is_some_and(|last| today > last) {
        return Err(Refusal::AnswerTooLate);
    }
    if starts_on < today {
        return Err(Refusal::StartInPast);
    }
    Ok(())
}

/// That a case has ended is seen from the case, and not said of an offer.
pub(super) fn may_be_said_by_hand(reason: WithdrawnReason) -> Result<(), Problem> {
    if reason != WithdrawnReason::CaseEnded {
        return Ok(());
    }
    let nb = "Følger av at saken avsluttes, og oppgis ikke.";
    let en = "Follows when the case ends, and is not said.";
    let fault = FieldFault::new("/reason", "not_by_hand", nb, en);
    Err(Problem::invalid(vec![fault]))
}

/// Whether an offer is over because nobody answered.
#[must_use]
pub(super) fn is_over(state: OfferState, answer_by: Option<Day>, today: Day) -> bool {
    state == OfferState::Open && answer_by.is_some_and(|last| today > last)
}

/// Whether the home can still be looked at then: ahead of now, and of the last day for an answer.
pub(super) fn may_view(
    state: OfferState,
    at: Instant,
    answer_by: Option<Day>,
    now: Instant,
) -> Result<(), Problem> {
    if state != OfferState::Open {
        return Err(Refusal::AlreadyAnswered.into());
    }
    if at <= now || answer_by.is_some_and(|last| at.day() > last) {
        let nb = "Må ligge fram i tid og innen svarfristen.";
        let en = "Must lie ahead, and within the time for an answer.";
        let fault = FieldFault::new("/viewingAt", "outside_the_time", nb, en);
        return Err(Problem::invalid(vec![fault]));
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
    fn the_last_day_of_the_deadline_counts_whole() {
        let by = day("2026-03-09");
        let start = day("2026-04-01");
        assert_eq!(may_accept(OfferState::Open, Some(by), start, by), Ok(()));
        let late = day("2026-03-10");
        let refused = may_accept(OfferState::Open, Some(by), start, late);
        assert_eq!(refused, Err(Refusal::AnswerTooLate));
        assert!(!is_over(OfferState::Open, Some(by), by));
        assert!(is_over(OfferState::Open, Some(by), late));
    }

    #[test]
    fn an_offer_that_nobody_has_read_is_never_over() {
        let much_later = day("2027-01-01");
        assert!(!is_over(OfferState::Open, None, much_later));
        let accepted = may_accept(OfferState::Open, None, much_later, much_later);
        assert_eq!(accepted, Ok(()));
    }

    #[test]
    fn an_offer_ends_once() {
        let today = day("2026-03-09");
        for over in OfferState::ALL {
            if *over == OfferState::Open {
                continue;
            }
            let refused = may_accept(*over, Some(today), today, today);
            assert_eq!(refused, Err(Refusal::AlreadyAnswered));
            assert!(take(*over, OfferMove::Decline).is_err());
            assert!(!is_over(*over, Some(today), day("2027-01-01")));
        }
    }
}
