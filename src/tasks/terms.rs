//! Within which time work is done, and what practice has settled where the law sets no time, as dated numbers of the municipality.
//! Terms that the law sets are not here: they follow from the rule sets and from the law's own numbers.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::policies::{self, Policy, PolicyKind};
use crate::problem::Problem;

/// So many days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaskDays, minimum = 1, maximum = 365)]
pub struct Days(u16);

impl Days {
    /// The last day on which something is in time that is asked for on a day: a working day.
    #[must_use]
    pub fn after(self, day: Day) -> Day {
        day.plus_days(self.0.into()).or_next_working_day()
    }

    /// The day on which to begin to look at what happens on a day.
    #[must_use]
    pub fn before(self, day: Day) -> Day {
        day.plus_days(-i32::from(self.0))
    }

    /// The day that lies so far ahead of a day, open or closed.
    #[must_use]
    pub fn ahead_of(self, day: Day) -> Day {
        day.plus_days(self.0.into())
    }
}

/// So many months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaskMonths, minimum = 1, maximum = 60)]
pub struct Months(u16);

impl Months {
    /// The day that lies so far ahead of a day, open or closed: of the same number, or the last of a shorter month.
    #[must_use]
    pub fn ahead_of(self, day: Day) -> Day {
        day.plus_months(self.0.into())
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.0
    }
}

/// Within which time work is done ("saksbehandlingsrutiner"): days, or months where the type says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskTerms {
    /// Where the numbers come from.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    basis: String,
    /// Until a case that was received has a caseworker.
    pub assign_case: Days,
    /// Until it is known whether two open cases are one.
    pub resolve_duplicate: Days,
    /// Until the applicant knows that the case was sent on (forvaltningsloven § 11).
    pub tell_of_forwarding: Days,
    /// Until a withdrawal is confirmed, so that nobody loses a place in the queue by a misunderstanding.
    pub confirm_withdrawal: Days,
    /// After how long without a change a draft is thrown away: nobody waits for it, and it tells of people.
    pub draft_kept: Days,
    /// Until a proposal is decided on.
    pub decide_proposal: Days,
    /// Until the party is notified of a decision (forvaltningsloven § 27: as soon as possible).
    pub notify_decision: Days,
    /// Until the needs are assessed again after a home did not fit, and until it is weighed what a correction means for a case that was assessed.
    pub assess_again: Days,
    /// How long before a decision lapses the case is looked at again.
    pub decision_expires_ahead: Days,
    /// Until an appeal is looked at.
    pub handle_appeal: Days,
    /// For how long the post is given where nothing else proves that a letter arrived. No statute says it.
    pub postal_course: Days,
    /// Until a letter that came back is sent in another way.
    pub resend_letter: Days,
    /// Until a letter that the archive did not take is filed by hand.
    pub file_letter: Days,
    /// Until somebody has looked at how children stay in temporary accommodation.
    pub check_shelter: Days,
    /// Until what was decided in an emergency is confirmed in writing (forvaltningsloven § 23).
    pub confirm_shelter: Days,
    /// For how many months temporary accommodation is granted at a time, and after which a stay is long. No statute says it:
    /// sosialtjenesteloven § 27 sets no limit.
    pub shelter_stay: Months,
    /// For how many months a place counts as fit for children after it was checked. No statute says it: sosialtjenesteloven § 27
    /// demands what is defensible.
    pub shelter_check_lasts: Months,
    /// How long before a stay becomes long, or its decision runs out, somebody sees to what comes after.
    pub shelter_ahead: Days,
    /// Until an access in an emergency is reviewed.
    pub review_emergency: Days,
    /// Until it is settled what becomes of a case or a lease after somebody has died: from the day of death where the population register tells
    /// it, else from the day on which the death became known.
    pub after_death: Days,
}

static EXAMPLE: LazyLock<TaskTerms> =
    LazyLock::new(|| serde_json::from_str(include_str!("terms.json")).unwrap_or_default());

impl Policy for TaskTerms {
    const KIND: PolicyKind = PolicyKind::TaskTerms;

    fn adopted() -> Entry {
        Entry::change("task_terms.adopted")
    }

    fn example() -> Self {
        EXAMPLE.clone()
    }
}

/// The terms that hold today.
pub fn terms(tx: &mut Tx<'_>) -> Result<TaskTerms, Problem> {
    let today = tx.today();
    terms_on(tx, today)
}

/// The terms that hold, or held, on a day.
pub fn terms_on(tx: &mut Tx<'_>, day: Day) -> Result<TaskTerms, Problem> {
    policies::on(tx, day)
}

policies::operations!(
    TaskTerms at "/task-terms",
    read by WorkOnTasks "Within which days work is done, and since when",
    adopt by AdoptTaskTerms "Say within which days work is done, from a day on",
    as AdoptedTaskTerms, TaskTermsShown, AllTaskTerms
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_example_says_all_and_days_end_on_working_days() {
        let example: TaskTerms = serde_json::from_str(include_str!("terms.json")).unwrap();
        assert_eq!(example, TaskTerms::example());
        let day = |text: &str| Day(text.parse().unwrap());
        // From Wednesday before Easter: the Thursday to the Monday are closed.
        assert_eq!(
            example.notify_decision.after(day("2026-04-01")),
            day("2026-04-07")
        );
        let ahead = example.shelter_ahead;
        assert_eq!(
            ahead.before(ahead.ahead_of(day("2026-05-17"))),
            day("2026-05-17")
        );
        assert_eq!(example.shelter_stay.count(), 3);
        assert_eq!(
            example.shelter_stay.ahead_of(day("2026-11-30")),
            day("2027-02-28")
        );
    }
}
