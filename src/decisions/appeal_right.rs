//! To whom a decision can be appealed and until when: it follows from the law by which was decided, as data with dates.
//!
//! The table is `law/appeals.json`. A change of the law is a further row with the day from which it holds.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::LegalBasis;
use crate::calendar::Term;
use crate::clock::Day;
use crate::codes;

codes! {
    /// Who decides on an appeal ("klageinstans").
    pub enum AppealBody {
        /// "Statsforvalteren".
        CountyGovernor = "COUNTY_GOVERNOR",
        /// "Kommunal klagenemnd" (forvaltningsloven § 28 second paragraph).
        MunicipalAppealsBoard = "MUNICIPAL_APPEALS_BOARD",
    }
}

/// The right to appeal against decisions by one law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppealRight {
    /// Decisions by this law.
    pub legal_basis: LegalBasis,
    /// Who decides on the appeal. It is sent to whoever decided first.
    pub body: AppealBody,
    /// How long the party has from receiving the notice (forvaltningsloven § 29).
    pub term: Term,
    /// Decisions from this day on.
    pub valid_from: Day,
    /// Decisions before this day, where the law has changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    /// Where it stands.
    pub source: String,
}

static LAW: LazyLock<Vec<AppealRight>> = LazyLock::new(|| {
    let rows = serde_json::from_str(include_str!("law/appeals.json"));
    rows.unwrap_or_default()
});

impl AppealRight {
    /// The right that goes with a decision of that day; none where the law knows none, which a test rules out.
    #[must_use]
    pub fn of(legal_basis: LegalBasis, decided_on: Day) -> Option<&'static Self> {
        LAW.iter().find(|right| {
            right.legal_basis == legal_basis
                && right.valid_from <= decided_on
                && right.valid_until.is_none_or(|until| decided_on < until)
        })
    }

    /// The last day for an appeal by somebody who received the notice on this day. An appeal is in time when it is sent on it.
    #[must_use]
    pub fn last_day(&self, received_on: Day) -> Day {
        self.term.last_day(received_on)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn the_table_has_exactly_one_right_for_each_law_on_any_day() {
        for basis in LegalBasis::ALL {
            for on in ["2023-07-01", "2026-03-02", "2040-02-29"].map(day) {
                let fitting = LAW.iter().filter(|right| {
                    right.legal_basis == *basis
                        && right.valid_from <= on
                        && right.valid_until.is_none_or(|until| on < until)
                });
                assert_eq!(fitting.count(), 1, "{basis} on {}", on.0);
            }
        }
    }

    #[rstest]
    #[case(LegalBasis::HousingAssistanceAct, AppealBody::CountyGovernor)]
    #[case(LegalBasis::MunicipalDwelling, AppealBody::MunicipalAppealsBoard)]
    #[case(LegalBasis::CarePlace, AppealBody::CountyGovernor)]
    #[case(LegalBasis::TemporaryAccommodation, AppealBody::CountyGovernor)]
    fn who_decides_on_an_appeal_follows_from_the_law(
        #[case] basis: LegalBasis,
        #[case] body: AppealBody,
    ) {
        assert_eq!(
            AppealRight::of(basis, day("2026-03-02")).unwrap().body,
            body
        );
    }

    #[rstest]
    // Three weeks from 26 April end on Sunday 17 May, so the appeal is in time on Monday.
    #[case(LegalBasis::MunicipalDwelling, "2026-04-26", "2026-05-18")]
    // Three weeks from 12 March end on Maundy Thursday: the Tuesday after Easter.
    #[case(LegalBasis::HousingAssistanceAct, "2026-03-12", "2026-04-07")]
    #[case(LegalBasis::CarePlace, "2026-03-12", "2026-04-09")]
    // From 8 February 2028 to the leap day.
    #[case(LegalBasis::MunicipalDwelling, "2028-02-08", "2028-02-29")]
    fn the_last_day_is_a_working_day(
        #[case] basis: LegalBasis,
        #[case] received_on: &str,
        #[case] expected: &str,
    ) {
        let right = AppealRight::of(basis, day(received_on)).unwrap();
        assert_eq!(right.last_day(day(received_on)), day(expected));
    }
}
