//! When a restriction may be placed, lifted and passed over, as pure rules.

use crate::clock::{Day, Instant};
use crate::problem::FieldFault;
use crate::refusals;

refusals! {
    /// Why something about a restriction, or about somebody who is restricted, cannot be done.
    pub enum Refusal {
        Restricted = 409 "processing_restricted", "Behandlingen av opplysninger om noen i husstanden er begrenset. Saken kan leses, men ikke avgjøres.", "The processing of somebody's data in the household is restricted. The case can be read, but not decided.";
        AlreadyRestricted = 409 "already_restricted", "Behandlingen er allerede begrenset.", "The processing is restricted already.";
        RestrictionLifted = 409 "restriction_lifted", "Begrensningen er allerede opphevet.", "The restriction has been lifted already.";
    }
}

/// Whether something held at a moment: from its beginning until just before its end.
#[must_use]
pub(super) fn held_at(since: Instant, until: Option<Instant>, at: Instant) -> bool {
    since <= at && until.is_none_or(|until| at < until)
}

/// A fault of the day on which the person was told that a restriction will be lifted.
#[must_use]
pub(super) fn fault_of_notice(told_on: Day, restricted_on: Day, today: Day) -> Option<FieldFault> {
    if restricted_on <= told_on && told_on <= today {
        return None;
    }
    let (nb, en) = (
        "Må ligge mellom dagen begrensningen begynte og i dag.",
        "Must lie between the day on which the restriction began and today.",
    );
    Some(FieldFault::new("/toldOn", "out_of_range", nb, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn the_person_is_told_while_it_lasts() {
        let (began, today) = (day("2026-03-02"), day("2026-04-01"));
        let fault = |told: &str| fault_of_notice(day(told), began, today).is_some();
        assert!(fault("2026-03-01") && fault("2026-04-02"));
        assert!(!fault("2026-03-02") && !fault("2026-04-01"));
    }

    #[test]
    fn it_holds_from_its_first_moment_until_just_before_its_end() {
        let at = Instant::from_micros;
        assert!(!held_at(at(2), None, at(1)));
        assert!(held_at(at(2), None, at(2)));
        assert!(held_at(at(2), Some(at(4)), at(3)));
        assert!(!held_at(at(2), Some(at(4)), at(4)));
    }
}
