//! By when somebody is told what became of a correction: as data with dates, in `law/answers.json`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::calendar::Term;
use crate::clock::Day;
use crate::codes;

codes! {
    /// Why something is corrected, or not.
    pub enum Cause {
        /// The person has asked for it.
        AskedFor = "ASKED_FOR",
        /// The municipality has found it itself.
        Found = "FOUND",
    }
}

/// How long there is to tell the person.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnswerTerm {
    cause: Cause,
    term: Term,
    valid_from: Day,
    /// Before this day, where the law has changed since.
    #[serde(default)]
    valid_until: Option<Day>,
    /// Where it stands; for those who read the table.
    #[serde(rename = "source")]
    _source: String,
}

static LAW: LazyLock<Vec<AnswerTerm>> = LazyLock::new(|| {
    let rows = serde_json::from_str(include_str!("law/answers.json"));
    rows.unwrap_or_default()
});

/// The last day on which somebody is to be told, counted from the day on which it was asked for or found; that day itself where the
/// law knows no term, which a test rules out.
pub(super) fn due_on(cause: Cause, from: Day) -> Day {
    let fitting = |row: &&AnswerTerm| {
        let has_ended = row.valid_until.is_some_and(|until| until <= from);
        row.cause == cause && row.valid_from <= from && !has_ended
    };
    let row = LAW.iter().find(fitting);
    row.map_or(from, |row| row.term.last_day(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_asked_is_answered_within_a_month_and_told_within_a_week_otherwise() {
        let day = |text: &str| Day(text.parse().unwrap());
        let asked = due_on(Cause::AskedFor, day("2026-03-02"));
        assert_eq!(asked, day("2026-04-07"), "after Easter");
        assert_eq!(due_on(Cause::Found, day("2026-03-02")), day("2026-03-09"));
    }
}
