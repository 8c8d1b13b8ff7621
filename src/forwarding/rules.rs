//! Which bodies a case can be sent to on a day, as pure rules.

use crate::clock::Day;
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why a body is not registered or given up.
    pub enum Refusal {
        BodyExists = 409 "receiving_body_exists", "En instans med det navnet er registrert fra før.", "A body of that name is registered already.", at "/name";
        BodyEnded = 409 "receiving_body_ended", "Instansen har allerede en siste dag.", "The body has a last day already.";
    }
}

/// Whether a body takes cases on a day; both ends count.
#[must_use]
pub(super) fn holds_on(valid_from: Day, valid_until: Option<Day>, day: Day) -> bool {
    valid_from <= day && valid_until.is_none_or(|last| day <= last)
}

/// What is wrong with the last day of a body.
pub(super) fn fault_of_end(valid_from: Day, last: Day) -> Option<FieldFault> {
    let (nb, en) = (
        "Kan ikke slutte før den begynner.",
        "Cannot end before it begins.",
    );
    (last < valid_from).then(|| FieldFault::new("/validUntil", "before_start", nb, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_body_takes_cases_from_its_first_day_to_its_last() {
        let (from, until) = (day("2026-01-01"), day("2026-03-31"));
        let holds = |on| holds_on(from, Some(until), day(on));
        assert!(!holds("2025-12-31"));
        assert!(holds("2026-01-01") && holds("2026-03-31"));
        assert!(!holds("2026-04-01"));
        assert!(holds_on(from, None, day("2040-01-01")));
        assert!(fault_of_end(from, day("2025-12-31")).is_some());
        assert!(fault_of_end(from, from).is_none());
    }
}
