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

/// Nobody has asked tomorrow.
pub(super) fn must_not_lie_ahead(asked_on: Option<Day>, today: Day) -> Result<(), Problem> {
    if asked_on.is_none_or(|day| day <= today) {
        return Ok(());
    }
    let (nb, en) = ("Kan ikke ligge fram i tid.", "Cannot lie in the future.");
    let fault = FieldFault::new("/askedOn", "in_the_future", nb, en);
    Err(Problem::invalid(vec![fault]))
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
        assert!(must_not_lie_ahead(Some(day("2026-03-03")), today).is_err());
        assert!(
            must_not_lie_ahead(Some(today), today).is_ok()
                && must_not_lie_ahead(None, today).is_ok()
        );
    }
}
