//! The Norwegian calendar: holidays, working days, and deadlines as the law counts them.
//!
//! Days begin and end in Norway (Europe/Oslo), so a deadline's last day has 23 or 25 hours when the clocks change.

use jiff::civil::{Date, Weekday, date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{Day, Instant};
use crate::codes;

codes! {
    /// A day on which no deadline ends: those of helligdagsfredloven § 2 besides Sundays, and 1 and 17 May, which the law puts on
    /// a par with them.
    pub enum Holiday {
        /// 1 January ("første nyttårsdag").
        NewYearsDay = "NEW_YEARS_DAY",
        /// The Thursday before Easter ("skjærtorsdag").
        MaundyThursday = "MAUNDY_THURSDAY",
        /// The Friday before Easter ("langfredag").
        GoodFriday = "GOOD_FRIDAY",
        /// Easter Sunday ("første påskedag").
        EasterSunday = "EASTER_SUNDAY",
        /// Easter Monday ("andre påskedag").
        EasterMonday = "EASTER_MONDAY",
        /// 1 May ("offentlig høytidsdag").
        LabourDay = "LABOUR_DAY",
        /// 17 May ("grunnlovsdagen").
        ConstitutionDay = "CONSTITUTION_DAY",
        /// 39 days after Easter ("Kristi himmelfartsdag").
        AscensionDay = "ASCENSION_DAY",
        /// 49 days after Easter ("første pinsedag").
        WhitSunday = "WHIT_SUNDAY",
        /// 50 days after Easter ("andre pinsedag").
        WhitMonday = "WHIT_MONDAY",
        /// 25 December ("første juledag").
        ChristmasDay = "CHRISTMAS_DAY",
        /// 26 December ("andre juledag").
        BoxingDay = "BOXING_DAY",
    }
}

impl Day {
    /// The holiday that falls on this day, if any. Where two fall together the fixed one is told.
    #[must_use]
    pub fn holiday(self) -> Option<Holiday> {
        match (self.0.month(), self.0.day()) {
            (1, 1) => return Some(Holiday::NewYearsDay),
            (5, 1) => return Some(Holiday::LabourDay),
            (5, 17) => return Some(Holiday::ConstitutionDay),
            (12, 25) => return Some(Holiday::ChristmasDay),
            (12, 26) => return Some(Holiday::BoxingDay),
            _ => {}
        }
        match Self(easter(self.0.year())).days_until(self) {
            -3 => Some(Holiday::MaundyThursday),
            -2 => Some(Holiday::GoodFriday),
            0 => Some(Holiday::EasterSunday),
            1 => Some(Holiday::EasterMonday),
            39 => Some(Holiday::AscensionDay),
            49 => Some(Holiday::WhitSunday),
            50 => Some(Holiday::WhitMonday),
            _ => None,
        }
    }

    /// Whether offices are open: no Saturday, Sunday or holiday (domstolloven § 149).
    #[must_use]
    pub fn is_working_day(self) -> bool {
        let is_weekend = matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday);
        !is_weekend && self.holiday().is_none()
    }

    /// This day if it is a working day, or else the next that is.
    #[must_use]
    pub fn or_next_working_day(self) -> Self {
        let mut day = self;
        // The longest row of closed days, around Easter or Christmas, is far shorter.
        for _ in 0..14 {
            if day.is_working_day() {
                break;
            }
            day = day.plus_days(1);
        }
        day
    }

    /// The working day so many working days before this day.
    #[must_use]
    pub fn working_days_before(self, count: u8) -> Self {
        let mut day = self;
        for _ in 0..count {
            day = day.plus_days(-1);
            while !day.is_working_day() && day.0 > Date::MIN {
                day = day.plus_days(-1);
            }
        }
        day
    }

    /// The first moment after this day in Norway: until then what is due on it is in time.
    #[must_use]
    pub fn end(self) -> Instant {
        self.plus_days(1).start()
    }
}

/// Easter Sunday of a year by the Gregorian reckoning (the "anonymous" algorithm of Meeus, Jones and Butcher).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15)
        .rem_euclid(30);
    let sunday =
        (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let correction = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * correction + 114;
    let part = |value: i32| i8::try_from(value).unwrap_or(1);
    let year = i16::try_from(year).unwrap_or(Date::MAX.year());
    Date::new(year, part(days / 31), part(days % 31 + 1)).unwrap_or(date(1970, 3, 29))
}

/// How long a deadline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deadline)]
pub enum Term {
    /// So many days; the day from which it runs is not counted.
    Days(u16),
    /// So many weeks: until the day of the same name.
    Weeks(u16),
    /// So many months: until the day of the same number, or the last of a shorter month.
    Months(u16),
}

impl Term {
    /// The last day of a deadline that runs from a day (domstolloven § 148), moved to the next working day where offices are closed
    /// (§ 149, to which forvaltningsloven § 30 refers).
    #[must_use]
    pub fn last_day(self, from: Day) -> Day {
        self.after(from).or_next_working_day()
    }

    /// The day on which so much time has passed, open or closed: for what is not a deadline, such as how long something is valid.
    #[must_use]
    pub fn after(self, from: Day) -> Day {
        match self {
            Self::Days(count) => from.plus_days(count.into()),
            Self::Weeks(count) => from.plus_days(7 * i32::from(count)),
            Self::Months(count) => from.plus_months(count.into()),
        }
    }

    /// Whether no time passes at all.
    #[must_use]
    pub const fn is_nothing(self) -> bool {
        matches!(self, Self::Days(0) | Self::Weeks(0) | Self::Months(0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[rstest]
    #[case(1961, "1961-04-02")]
    #[case(2000, "2000-04-23")]
    #[case(2008, "2008-03-23")]
    #[case(2011, "2011-04-24")]
    #[case(2024, "2024-03-31")]
    #[case(2025, "2025-04-20")]
    #[case(2026, "2026-04-05")]
    #[case(2027, "2027-03-28")]
    #[case(2028, "2028-04-16")]
    #[case(2038, "2038-04-25")]
    #[case(2049, "2049-04-18")]
    #[case(2076, "2076-04-19")]
    #[case(2100, "2100-03-28")]
    fn easter_falls_where_the_almanac_has_it(#[case] year: i16, #[case] expected: &str) {
        assert_eq!(Day(easter(year)), day(expected));
    }

    #[rstest]
    #[case("2026-01-01", Holiday::NewYearsDay)]
    #[case("2026-04-02", Holiday::MaundyThursday)]
    #[case("2026-04-03", Holiday::GoodFriday)]
    #[case("2026-04-05", Holiday::EasterSunday)]
    #[case("2026-04-06", Holiday::EasterMonday)]
    #[case("2026-05-01", Holiday::LabourDay)]
    #[case("2026-05-14", Holiday::AscensionDay)]
    #[case("2026-05-17", Holiday::ConstitutionDay)]
    #[case("2026-05-24", Holiday::WhitSunday)]
    #[case("2026-05-25", Holiday::WhitMonday)]
    #[case("2026-12-25", Holiday::ChristmasDay)]
    #[case("2026-12-26", Holiday::BoxingDay)]
    // 1 May and Ascension Day fell together in 2008, and 17 May on Whit Monday in 2027.
    #[case("2008-05-01", Holiday::LabourDay)]
    #[case("2027-05-17", Holiday::ConstitutionDay)]
    fn holidays_are_those_of_the_law(#[case] on: &str, #[case] expected: Holiday) {
        assert_eq!(day(on).holiday(), Some(expected));
        assert!(!day(on).is_working_day());
    }

    #[rstest]
    #[case("2026-04-01")] // Wednesday before Easter
    #[case("2026-12-24")] // Christmas Eve is no holiday by law
    #[case("2026-12-31")]
    #[case("2026-05-18")]
    #[case("2028-02-29")]
    fn other_weekdays_are_working_days(#[case] on: &str) {
        assert_eq!(day(on).holiday(), None);
        assert!(day(on).is_working_day());
    }

    #[rstest]
    // A Sunday, and 17 May on it.
    #[case(Term::Weeks(3), "2026-04-26", "2026-05-18")]
    // Maundy Thursday to the Tuesday after Easter.
    #[case(Term::Weeks(3), "2026-03-12", "2026-04-07")]
    // Saturday.
    #[case(Term::Weeks(3), "2026-02-28", "2026-03-23")]
    #[case(Term::Weeks(4), "2026-03-02", "2026-03-30")]
    // Christmas Day on a Friday: to Monday.
    #[case(Term::Months(1), "2026-11-25", "2026-12-28")]
    // Ascension Day.
    #[case(Term::Months(1), "2026-04-14", "2026-05-15")]
    // Whit Monday.
    #[case(Term::Days(7), "2026-05-18", "2026-05-26")]
    // No 31st in the month: its last day, here a Saturday.
    #[case(Term::Months(1), "2026-01-31", "2026-03-02")]
    // The leap day exists, and does not a year later.
    #[case(Term::Months(1), "2028-01-29", "2028-02-29")]
    #[case(Term::Months(12), "2028-02-29", "2029-02-28")]
    // New Year's Day.
    #[case(Term::Days(14), "2026-12-18", "2027-01-04")]
    // The nights in which the clocks change.
    #[case(Term::Days(1), "2026-03-28", "2026-03-30")]
    #[case(Term::Weeks(1), "2026-10-19", "2026-10-26")]
    fn a_deadline_ends_on_a_working_day(
        #[case] term: Term,
        #[case] from: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(term.last_day(day(from)), day(expected));
    }

    #[test]
    fn a_period_of_validity_ends_on_whatever_day_it_is() {
        assert_eq!(Term::Months(3).after(day("2026-02-17")), day("2026-05-17"));
    }

    #[test]
    fn the_last_day_is_whole_also_when_the_clocks_change() {
        let spring = day("2026-03-29");
        let hours = |on: Day| (on.end().micros() - on.start().micros()) / 3_600_000_000;
        assert_eq!(hours(spring), 23);
        assert_eq!(hours(day("2026-10-25")), 25);
        assert_eq!(hours(day("2026-05-17")), 24);
        // A second before midnight in Norway is in time.
        let late: jiff::Timestamp = "2026-03-29T21:59:59Z".parse().unwrap();
        assert!(Instant::from_micros(late.as_microsecond()) < spring.end());
    }

    #[test]
    fn working_days_are_counted_backwards_over_holidays() {
        // From the Wednesday after Easter: Tuesday, then the Wednesday before Maundy Thursday.
        assert_eq!(day("2026-04-08").working_days_before(2), day("2026-04-01"));
        assert_eq!(day("2026-03-11").working_days_before(0), day("2026-03-11"));
    }

    proptest! {
        #[test]
        fn a_deadline_is_moved_by_less_than_a_week_and_never_backwards(offset in 0..60_000i32, weeks in 0..60u16) {
            let from = day("1970-01-01").plus_days(offset);
            let (named, last) = (Term::Weeks(weeks).after(from), Term::Weeks(weeks).last_day(from));
            prop_assert!(last.is_working_day());
            prop_assert!((0..7).contains(&named.days_until(last)));
            for between in 0..named.days_until(last) {
                prop_assert!(!named.plus_days(between).is_working_day());
            }
        }

        #[test]
        fn a_year_has_twelve_holidays_or_fewer_where_some_fall_together(year in 1970i16..2200) {
            let first = Day(date(year, 1, 1));
            let holidays = (0..366).map(|it| first.plus_days(it))
                .filter(|it| it.0.year() == year && it.holiday().is_some()).count();
            prop_assert!((11..=12).contains(&holidays));
        }
    }
}
