//! What is due when, as pure rules.

use super::model::ReplyKind;
use crate::applications::ApplicationState;
use crate::calendar::Term;
use crate::clock::Day;
use crate::people::MemberRole;
use crate::problem::FieldFault;
use crate::refusals;
use crate::rulesets::Deadlines;
use crate::tasks::{Days, TaskKind};

refusals! {
    /// Why no reply can be noted.
    pub enum Refusal {
        NothingToWaitFor = 409 "nothing_to_wait_for", "Saken er avgjort eller avsluttet.", "The case is decided on, or has ended.";
    }
}

/// Nobody is asked to wait for longer than this without a new word.
const LONGEST: Term = Term::Months(6);

/// By when it is settled what follows from a death: the term runs from the death where the register tells its day, else from the day on
/// which it became known; and it is over for nobody before that day.
pub(super) fn due_after_death(died_on: Option<Day>, known_on: Day, term: Days) -> Day {
    let from = died_on.unwrap_or(known_on);
    term.after(from).max(known_on.or_next_working_day())
}

/// Whether the applicant still waits for a decision.
pub(super) fn must_wait(state: ApplicationState) -> Result<(), Refusal> {
    if state.is_undecided() {
        Ok(())
    } else {
        Err(Refusal::NothingToWaitFor)
    }
}

/// What is wrong with a promised day.
pub(super) fn fault_of_promise(expected_by: Day, today: Day) -> Option<FieldFault> {
    let (code, nb, en) = if expected_by <= today {
        ("in_the_past", "Må ligge fram i tid.", "Must lie ahead.")
    } else if expected_by > LONGEST.after(today) {
        (
            "too_far_ahead",
            "Ligger mer enn et halvt år fram.",
            "Lies more than half a year ahead.",
        )
    } else {
        return None;
    };
    Some(FieldFault::new("/expectedBy", code, nb, en))
}

/// What was promised to an applicant: the kind of the last word, and the day it named.
pub(super) type Promise = (ReplyKind, Day);

/// The first word to an applicant is the interim reply; every later one a notice of delay.
pub(super) const fn kind_of_next(last: Option<Promise>) -> ReplyKind {
    match last {
        None => ReplyKind::Interim,
        Some(_) => ReplyKind::Delay,
    }
}

/// The last day on which a decision or the next word is in time.
pub(super) fn next_word_by(received_on: Day, last: Option<Promise>, deadlines: &Deadlines) -> Day {
    match last {
        None => deadlines.decision_or_reply.last_day(received_on),
        // Before the promised day passes, and not on it.
        Some((_, promised)) => promised.working_days_before(deadlines.delay_notice_working_days),
    }
}

/// What a death in the household of an open case asks for.
pub(super) const fn asked_in_case(role: MemberRole) -> TaskKind {
    match role {
        MemberRole::Applicant => TaskKind::ApplicantDied,
        MemberRole::CoApplicant | MemberRole::Child | MemberRole::OtherAdult => {
            TaskKind::MemberDied
        }
    }
}

/// Whether a death in a household that rents a home bears on the lease: it is the applicant's, and a co-applicant's with it
/// (husleieloven § 8-2). Of whoever else lives there the lease does not speak.
pub(super) const fn bears_on_lease(role: MemberRole) -> bool {
    matches!(role, MemberRole::Applicant | MemberRole::CoApplicant)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[rstest]
    // Two weeks from the death itself, where its day is known.
    #[case(Some("2026-02-25"), "2026-03-02", "2026-03-11")]
    #[case(None, "2026-03-02", "2026-03-16")]
    // Learnt so late that two weeks have passed: due at once, and on no day before anybody knew. 7 March is a Saturday.
    #[case(Some("2026-01-05"), "2026-03-02", "2026-03-02")]
    #[case(Some("2026-01-05"), "2026-03-07", "2026-03-09")]
    fn the_term_after_a_death_runs_from_the_death(
        #[case] died_on: Option<&str>,
        #[case] known_on: &str,
        #[case] due_on: &str,
    ) {
        let term: Days = serde_json::from_str("14").unwrap();
        let due = due_after_death(died_on.map(day), day(known_on), term);
        assert_eq!(due, day(due_on));
    }

    #[rstest]
    // One month: 20 March is a Friday.
    #[case("2026-02-20", "2026-03-20")]
    // Received on 17 April: 17 May is a Sunday and a holiday, so Monday.
    #[case("2026-04-17", "2026-05-18")]
    // Received on the last of January: the last of February is a Saturday.
    #[case("2026-01-31", "2026-03-02")]
    // Received on the leap day.
    #[case("2028-02-29", "2028-03-29")]
    // Ends on Maundy Thursday: the Tuesday after Easter.
    #[case("2026-03-02", "2026-04-07")]
    fn a_decision_or_a_reply_is_due_within_a_month(#[case] received: &str, #[case] due: &str) {
        let by = next_word_by(day(received), None, &Deadlines::default());
        assert_eq!(by, day(due));
    }

    #[test]
    fn a_municipality_may_promise_less_time() {
        let strict = Deadlines {
            decision_or_reply: Term::Weeks(2),
            ..Deadlines::default()
        };
        assert_eq!(
            next_word_by(day("2026-02-20"), None, &strict),
            day("2026-03-06")
        );
    }

    #[test]
    fn a_notice_of_delay_goes_out_before_the_promised_day() {
        // Two working days before the Wednesday after Easter lies the Wednesday before it.
        let promise = Some((ReplyKind::Interim, day("2026-04-08")));
        let by = next_word_by(day("2026-02-20"), promise, &Deadlines::default());
        assert_eq!(by, day("2026-04-01"));
        assert_eq!(kind_of_next(None), ReplyKind::Interim);
        assert_eq!(kind_of_next(promise), ReplyKind::Delay);
    }

    #[test]
    fn a_promise_lies_ahead_and_not_too_far() {
        let code = |on: &str| fault_of_promise(day(on), day("2026-03-02")).map(|it| it.code);
        assert_eq!(code("2026-03-02"), Some("in_the_past"));
        assert_eq!(code("2026-03-03"), None);
        assert_eq!(code("2026-09-02"), None);
        assert_eq!(code("2026-09-03"), Some("too_far_ahead"));
    }

    #[test]
    fn a_death_asks_about_the_case_and_only_that_of_whoever_rents_about_the_lease() {
        assert_eq!(
            asked_in_case(MemberRole::Applicant),
            TaskKind::ApplicantDied
        );
        for role in [
            MemberRole::CoApplicant,
            MemberRole::Child,
            MemberRole::OtherAdult,
        ] {
            assert_eq!(asked_in_case(role), TaskKind::MemberDied);
        }
        let rents: Vec<_> = MemberRole::ALL
            .iter()
            .map(|it| bears_on_lease(*it))
            .collect();
        assert_eq!(rents, [true, true, false, false]);
    }
}
