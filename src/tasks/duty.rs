//! What the service does by itself, and when.

use jiff::SignedDuration;

use crate::clock::Instant;
use crate::db::Tx;
use crate::problem::Problem;

/// Something that the service does by itself for every municipality, in transactions of its own.
#[derive(Debug, Clone, Copy)]
pub struct Duty {
    /// Its stable name, as the log tells it.
    pub name: &'static str,
    /// When it is done.
    pub when: When,
    /// Does it, or a part of it. May be called again for the same time, so what it does must depend on what it finds.
    pub run: fn(&mut Tx<'_>) -> Result<Progress, Problem>,
}

/// Whether a duty is done for this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is nothing left to do.
    Done,
    /// There is more: the rest is done in further transactions.
    More,
}

/// When a duty is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Again and again, so many minutes after the last time.
    EveryMinutes(u16),
    /// Once a day at this time in Norway, also when the clocks change.
    DailyAt {
        /// 0 to 23.
        hour: i8,
        /// 0 to 59.
        minute: i8,
    },
}

impl When {
    /// The next time after a moment.
    #[must_use]
    pub fn next_after(self, now: Instant) -> Instant {
        match self {
            Self::EveryMinutes(minutes) => now.plus(SignedDuration::from_mins(minutes.into())),
            Self::DailyAt { hour, minute } => {
                let today = now.day().at(hour, minute);
                if now < today {
                    today
                } else {
                    now.day().plus_days(1).at(hour, minute)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Instant {
        let moment: jiff::Timestamp = text.parse().unwrap();
        Instant::from_micros(moment.as_microsecond())
    }

    const HALF_PAST_TWO: When = When::DailyAt {
        hour: 2,
        minute: 30,
    };

    #[rstest]
    #[case("2026-03-02T00:00:00Z", "2026-03-02T01:30:00Z")]
    #[case("2026-03-02T01:30:00Z", "2026-03-03T01:30:00Z")]
    // On 29 March the hour from two to three is left out: half past three it is, once.
    #[case("2026-03-28T02:00:00Z", "2026-03-29T01:30:00Z")]
    #[case("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z")]
    // On 25 October it comes twice: the first is meant, and the second is not another day.
    #[case("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    #[case("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    #[case("2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z")]
    #[case("2028-02-28T12:00:00Z", "2028-02-29T01:30:00Z")]
    fn a_daily_duty_is_due_once_a_day(#[case] now: &str, #[case] expected: &str) {
        assert_eq!(HALF_PAST_TWO.next_after(at(now)), at(expected));
    }

    #[test]
    fn a_frequent_duty_is_due_again_after_its_minutes() {
        let now = at("2026-03-29T00:59:00Z");
        let next = When::EveryMinutes(5).next_after(now);
        assert_eq!(next, at("2026-03-29T01:04:00Z"));
    }
}
