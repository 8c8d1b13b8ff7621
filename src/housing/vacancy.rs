//! How long a home stood empty and what that cost, reckoned from its changes: nobody types it in.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::DwellingState;
use crate::clock::Day;

/// What a change says of a home from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    /// Where it stands.
    pub state: DwellingState,
    /// Since which day.
    pub on: Day,
    /// What a tenant would pay a month, in øre.
    pub rent_ore: i64,
}

/// Days without a tenant, and the rent that they cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vacancy {
    /// Days without a tenant in all.
    pub days: i64,
    /// The rent of those days, in øre: a year's rent has 365 days.
    pub lost_rent_ore: i64,
    /// The same by where the home stood.
    pub by_state: Vec<VacancyIn>,
}

/// Days that a home stood empty in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VacancyIn {
    /// Where it stood.
    pub state: DwellingState,
    /// Days.
    pub days: i64,
    /// The rent of those days, in øre.
    pub lost_rent_ore: i64,
}

impl DwellingState {
    /// Whether a home that stands so could have a tenant and has none.
    #[must_use]
    pub const fn is_empty_home(self) -> bool {
        match self {
            Self::Available
            | Self::Reserved
            | Self::Allocated
            | Self::Turnover
            | Self::UnderRepair
            | Self::Blocked
            | Self::DemolitionPlanned => true,
            Self::Planned
            | Self::UnderConstruction
            | Self::Occupied
            | Self::NoticeGiven
            | Self::Disposed => false,
        }
    }

    /// Whether a household holds the home or lives in it: what an agreement's quota counts.
    #[must_use]
    pub const fn is_in_use(self) -> bool {
        matches!(
            self,
            Self::Reserved | Self::Allocated | Self::Occupied | Self::NoticeGiven
        )
    }
}

impl Vacancy {
    /// The vacancy of one home from `from` until before `until`. The traces stand in the order in which they were made.
    #[must_use]
    pub fn of(traces: &[Trace], from: Day, until: Day) -> Self {
        let mut vacancy = Self::default();
        let mut begins: Option<Day> = None;
        for (at, trace) in traces.iter().enumerate() {
            // A household may move in later than it was said; what was changed meanwhile does not bring the day forward.
            let begin = begins.map_or(trace.on, |before| trace.on.max(before));
            let end = traces
                .get(at + 1)
                .map_or(until, |next| next.on.max(begin).min(until));
            begins = Some(begin);
            let days = i64::from(begin.max(from).days_until(end)).max(0);
            if trace.state.is_empty_home() && days > 0 {
                vacancy.add(VacancyIn {
                    state: trace.state,
                    days,
                    lost_rent_ore: rent_of(trace.rent_ore, days),
                });
            }
        }
        vacancy
    }

    /// Adds days of one state.
    pub fn add(&mut self, more: VacancyIn) {
        self.days += more.days;
        self.lost_rent_ore += more.lost_rent_ore;
        if let Some(known) = self.by_state.iter_mut().find(|it| it.state == more.state) {
            known.days += more.days;
            known.lost_rent_ore += more.lost_rent_ore;
        } else {
            self.by_state.push(more);
            self.by_state.sort_by_key(|it| it.state);
        }
    }
}

/// The rent of so many days, rounded to the nearest øre.
fn rent_of(rent_ore: i64, days: i64) -> i64 {
    let year = i128::from(rent_ore) * 12 * i128::from(days);
    i64::try_from((2 * year + 365) / (2 * 365)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    fn trace(state: DwellingState, on: &str, rent_ore: i64) -> Trace {
        Trace {
            state,
            on: day(on),
            rent_ore,
        }
    }

    #[test]
    fn only_days_without_a_tenant_and_within_the_period_count() {
        let traces = [
            trace(DwellingState::Planned, "2025-01-01", 730_000),
            trace(DwellingState::Available, "2025-12-01", 730_000),
            trace(DwellingState::Occupied, "2026-01-11", 730_000),
            trace(DwellingState::Turnover, "2026-03-01", 730_000),
            trace(DwellingState::UnderRepair, "2026-03-06", 730_000),
            trace(DwellingState::Disposed, "2026-04-01", 730_000),
        ];
        let vacancy = Vacancy::of(&traces, day("2026-01-01"), day("2027-01-01"));
        let days: Vec<_> = vacancy
            .by_state
            .iter()
            .map(|it| (it.state, it.days))
            .collect();
        assert_eq!(
            days,
            [
                (DwellingState::Available, 10),
                (DwellingState::Turnover, 5),
                (DwellingState::UnderRepair, 26)
            ]
        );
        assert_eq!(vacancy.days, 41);
        // 7,300 kroner a month are 240 a day.
        assert_eq!(vacancy.lost_rent_ore, 41 * 24_000);
    }

    #[test]
    fn a_new_rent_counts_from_its_day_and_an_open_end_until_the_period_ends() {
        let traces = [
            trace(DwellingState::Available, "2026-01-01", 365_000),
            trace(DwellingState::Available, "2026-01-11", 730_000),
        ];
        let vacancy = Vacancy::of(&traces, day("2026-01-01"), day("2026-01-21"));
        assert_eq!(vacancy.days, 20);
        assert_eq!(vacancy.lost_rent_ore, 10 * 12_000 + 10 * 24_000);
        let nothing = Vacancy::of(&traces, day("2025-01-01"), day("2026-01-01"));
        assert_eq!(nothing, Vacancy::default());
    }

    #[test]
    fn a_household_that_moves_in_later_leaves_the_home_empty_until_then() {
        let traces = [
            trace(DwellingState::Allocated, "2026-03-02", 730_000),
            trace(DwellingState::Occupied, "2026-03-15", 730_000),
            // The rent was corrected between the promise and the move.
            trace(DwellingState::Occupied, "2026-03-05", 800_000),
        ];
        let vacancy = Vacancy::of(&traces, day("2026-03-01"), day("2026-04-01"));
        assert_eq!((vacancy.days, vacancy.lost_rent_ore), (13, 13 * 24_000));
    }

    #[test]
    fn a_rent_is_rounded_to_the_nearest_ore() {
        assert_eq!(rent_of(1_000_000, 1), 32_877);
        assert_eq!(rent_of(0, 100), 0);
    }
}
