//! Numbers that the law of the land sets, as data with dates: `terms.json`. What practice has settled where it sets none is the
//! municipality's own to say: `tasks::TaskTerms`.
//!
//! A new number is a new row with the day from which it holds; what was reckoned by the old one stays as it was.

mod routes;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use routes::endpoints;

use crate::calendar::Term;
use crate::clock::Day;
use crate::codes;

codes! {
    /// What a number is about.
    pub enum Statute {
        /// From NAV's notice to a petition for eviction.
        EvictionNotice = "EVICTION_NOTICE",
        /// From the end of a lease until it runs on without an end, unless the tenant was asked in writing to leave.
        LeaseRunsOn = "LEASE_RUNS_ON",
        /// Until somebody who asked for a correction is told what became of it.
        AnswerToRequest = "ANSWER_TO_REQUEST",
        /// Until somebody is told of a correction that the municipality found by itself.
        WordOfCorrection = "WORD_OF_CORRECTION",
    }
}

/// What holds from a day on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    from: Day,
    term: Term,
    /// Where it stands.
    source: String,
}

static ROWS: LazyLock<BTreeMap<Statute, Vec<Row>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("terms.json")).unwrap_or_default());

impl Statute {
    fn rows(self) -> &'static [Row] {
        ROWS.get(&self).map_or(&[][..], Vec::as_slice)
    }

    /// The term that holds on a day; of days before the first row, that of the first.
    #[must_use]
    pub fn term(self, on: Day) -> Term {
        let rows = self.rows();
        let held = rows.iter().rev().find(|row| row.from <= on);
        held.or(rows.first()).map_or(Term::Days(0), |row| row.term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_row_with_a_source_and_rows_ascend() {
        for statute in Statute::ALL {
            let rows = statute.rows();
            assert!(!rows.is_empty(), "{statute}");
            assert!(rows.windows(2).all(|pair| pair[0].from < pair[1].from));
            assert!(
                rows.iter()
                    .all(|row| !row.source.is_empty() && !row.term.is_nothing())
            );
        }
    }

    #[test]
    fn the_number_is_that_of_the_day() {
        let on = |day: &str| Statute::EvictionNotice.term(Day(day.parse().unwrap()));
        assert_eq!(on("1950-01-01"), Term::Days(14));
        assert_eq!(on("2026-03-02"), Term::Days(14));
        let asked_on = Day("2026-03-02".parse().unwrap());
        let answered_by = Statute::AnswerToRequest.term(asked_on).last_day(asked_on);
        assert_eq!(
            answered_by,
            Day("2026-04-07".parse().unwrap()),
            "after Easter"
        );
    }
}
