//! Why a dossier is not handed out, and by when somebody is told of a correction.

use crate::clock::Day;
use crate::problem::{FieldFault, Problem};
use crate::refusals;
use crate::statutes::Statute;

refusals! {
    /// Why what is kept of a person cannot be handed out by whoever asks.
    pub enum Refusal {
        NotClearedForPerson = 403 "not_cleared_for_person", "Du er ikke klarert for alt som er lagret om personen.", "You are not cleared for everything that is kept of the person.";
    }
}

/// By when somebody is told what became of a correction: counted from when they asked, or from today where the municipality found it
/// by itself (personvernforordningen art. 12 no. 3 and art. 5 no. 1).
pub(super) fn due_of(asked_on: Option<Day>, today: Day) -> Day {
    match asked_on {
        Some(day) => Statute::AnswerToRequest.term(day).last_day(day),
        None => Statute::WordOfCorrection.term(today).last_day(today),
    }
}

/// A request that lies so many days back is a typing error: it is to be answered within a month, and within three at most
/// (personvernforordningen art. 12 no. 3).
const BACK_DAYS_MAX: i32 = 365;

/// Nobody has asked tomorrow, nor a year ago.
pub(super) fn must_be_lately(asked_on: Option<Day>, today: Day) -> Result<(), Problem> {
    let fault = |code, nb, en| {
        let fault = FieldFault::new("/askedOn", code, nb, en);
        Err(Problem::invalid(vec![fault]))
    };
    match asked_on.map(|day| day.days_until(today)) {
        Some(..0) => fault(
            "in_the_future",
            "Kan ikke ligge fram i tid.",
            "Cannot lie in the future.",
        ),
        Some(BACK_DAYS_MAX..) => fault(
            "too_long_ago",
            "Ligger et år tilbake eller mer.",
            "Lies a year back or more.",
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_asked_is_answered_within_a_month_and_told_within_a_week_otherwise() {
        let day = |text: &str| Day(text.parse().unwrap());
        let today = day("2026-03-02");
        assert_eq!(
            due_of(Some(today), today),
            day("2026-04-07"),
            "after Easter"
        );
        assert_eq!(due_of(None, today), day("2026-03-09"));
        for far in ["2026-03-03", "2025-03-02", "0001-01-01"] {
            assert!(must_be_lately(Some(day(far)), today).is_err(), "{far}");
        }
        assert!(must_be_lately(Some(day("2025-03-03")), today).is_ok());
        assert!(must_be_lately(Some(today), today).is_ok() && must_be_lately(None, today).is_ok());
    }
}
