//! When an offer can still be answered, as pure rules.

use super::model::OfferState;
use crate::clock::Day;
use crate::refusals;

refusals! {
    /// Why an offer cannot be answered so.
    pub enum Refusal {
        AlreadyAnswered = 409 "offer_answered", "Tilbudet er allerede besvart.", "The offer has been answered already.";
        AnswerTooLate = 409 "offer_expired", "Fristen for å takke ja er ute.", "The time for accepting the offer is over.";
        StartInPast = 422 "start_in_the_past", "Leieforholdet kan ikke begynne før i dag.", "The tenancy cannot begin before today.", at "/startsOn";
    }
}

/// Whether the offer can be accepted today. The last day counts whole.
pub(super) fn may_accept(
    state: OfferState,
    answer_by: Day,
    starts_on: Day,
    today: Day,
) -> Result<(), Refusal> {
    may_decline(state)?;
    if today > answer_by {
        return Err(Refusal::AnswerTooLate);
    }
    if starts_on < today {
        return Err(Refusal::StartInPast);
    }
    Ok(())
}

/// Whether the offer can be declined: at any time until it was answered, for a late no still frees the home.
pub(super) const fn may_decline(state: OfferState) -> Result<(), Refusal> {
    match state {
        OfferState::Open => Ok(()),
        OfferState::Accepted | OfferState::Declined => Err(Refusal::AlreadyAnswered),
    }
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
        assert_eq!(
            may_accept(OfferState::Open, by, day("2026-04-01"), by),
            Ok(())
        );
        let late = day("2026-03-10");
        let refused = may_accept(OfferState::Open, by, day("2026-04-01"), late);
        assert_eq!(refused, Err(Refusal::AnswerTooLate));
    }

    #[test]
    fn an_answer_is_given_once() {
        let today = day("2026-03-09");
        for answered in [OfferState::Accepted, OfferState::Declined] {
            let refused = may_accept(answered, today, today, today);
            assert_eq!(refused, Err(Refusal::AlreadyAnswered));
            assert_eq!(may_decline(answered), Err(Refusal::AlreadyAnswered));
        }
    }
}
