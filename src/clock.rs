//! Time enters the house here and nowhere else: instants in UTC, days in the Norwegian calendar.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, schema::Schema};

use crate::db::types::{DateSql, TimestampSql};

/// A moment in UTC, in whole microseconds (the precision that both databases keep).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = TimestampSql)]
#[serde(transparent)]
pub struct Instant(Timestamp);

impl Instant {
    /// The moment so many microseconds after 1970-01-01T00:00:00Z; the far ends saturate.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The underlying timestamp.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// This moment moved by a duration; the far ends saturate.
    #[must_use]
    pub fn plus(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(Timestamp::MAX))
    }

    /// This moment as a Norwegian reader expects it, in the time of Norway: `2. mars 2026 kl. 12.00`.
    #[must_use]
    pub fn in_norwegian(self) -> String {
        let local = oslo().to_datetime(self.0);
        let day = Day(local.date()).in_norwegian();
        format!("{day} kl. {:02}.{:02}", local.hour(), local.minute())
    }

    /// The day on which this moment falls in Norway (Europe/Oslo).
    #[must_use]
    pub fn day(self) -> Day {
        Day(oslo().to_datetime(self.0).date())
    }
}

/// A calendar day in Norway, without a time.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = DateSql)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Day {
    /// This day moved by whole days, backwards when negative; the far ends saturate.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// This day moved by whole months, to the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }

    /// Noon of this day in Norway.
    #[must_use]
    pub fn noon(self) -> Instant {
        self.at(12, 0)
    }

    /// The first moment of this day in Norway.
    #[must_use]
    pub fn start(self) -> Instant {
        self.at(0, 0)
    }

    /// This time of this day in Norway. In the night when an hour is left out a time within it is told an hour later; in the
    /// night when an hour comes twice, the first is meant. Hours and minutes beyond a day's saturate.
    #[must_use]
    pub fn at(self, hour: i8, minute: i8) -> Instant {
        let (hour, minute) = (hour.clamp(0, 23), minute.clamp(0, 59));
        let moment = oslo().to_timestamp(self.0.at(hour, minute, 0, 0));
        Instant(moment.unwrap_or(Timestamp::MAX))
    }

    /// This day as a Norwegian reader expects it: `2. mars 2026`.
    #[must_use]
    pub fn in_norwegian(self) -> String {
        let month = usize::try_from(self.0.month())
            .ok()
            .and_then(|month| MONTHS.get(month.checked_sub(1)?))
            .copied()
            .unwrap_or_default();
        format!("{}. {month} {}", self.0.day(), self.0.year())
    }

    /// Whole days from this day until another, negative when that lies before.
    #[must_use]
    pub fn days_until(self, other: Self) -> i32 {
        self.0.until(other.0).map_or(0, |span| span.get_days())
    }

    /// Whole years of age on `today` of somebody born on this day; 29 February counts from 1 March.
    #[must_use]
    pub fn age_on(self, today: Self) -> i16 {
        let years = today.0.year() - self.0.year();
        let before_birthday = (today.0.month(), today.0.day()) < (self.0.month(), self.0.day());
        years - i16::from(before_birthday)
    }
}

const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

fn oslo() -> TimeZone {
    // The time-zone data is bundled into the binary, so that the look-up does not depend on the host.
    TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)
}

/// Where the time comes from: the system, or a value that a test or a replay sets.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Microseconds since 1970, set by hand and shared by all clones.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn manual(at: Instant) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.micros())))
    }

    /// The present moment.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where time enters"
    )]
    pub fn now(&self) -> Instant {
        match self {
            Self::System => Instant::from_micros(Timestamp::now().as_microsecond()),
            Self::Manual(micros) => Instant::from_micros(micros.load(Ordering::Acquire)),
        }
    }

    /// The present day in Norway.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// Moves a manual clock forward; the system clock is left alone.
    pub fn advance(&self, duration: SignedDuration) {
        if let Self::Manual(micros) = self {
            let step = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
            micros.fetch_add(step, Ordering::AcqRel);
        }
    }
}

fn text_schema(format: KnownFormat) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(format)))
        .into()
}

impl utoipa::PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        text_schema(KnownFormat::DateTime)
    }
}
impl utoipa::ToSchema for Instant {}

impl utoipa::PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        text_schema(KnownFormat::Date)
    }
}
impl utoipa::ToSchema for Day {}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_moment_before_midnight_utc_is_the_next_day_in_norway() {
        let late: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
        assert_eq!(Instant(late).day(), day("2026-07-01"));
        let winter: Timestamp = "2026-12-31T22:30:00Z".parse().unwrap();
        assert_eq!(Instant(winter).day(), day("2026-12-31"));
    }

    #[test]
    fn a_moment_is_told_as_norwegians_write_it() {
        let winter: Timestamp = "2026-12-31T23:05:59Z".parse().unwrap();
        assert_eq!(Instant(winter).in_norwegian(), "1. januar 2027 kl. 00.05");
        let summer: Timestamp = "2026-07-09T10:30:00Z".parse().unwrap();
        assert_eq!(Instant(summer).in_norwegian(), "9. juli 2026 kl. 12.30");
    }

    #[test]
    fn somebody_born_on_29_february_turns_18_on_1_march() {
        let born = day("2008-02-29");
        assert_eq!(born.age_on(day("2026-02-28")), 17);
        assert_eq!(born.age_on(day("2026-03-01")), 18);
    }

    #[test]
    fn days_are_counted_across_the_clock_change() {
        assert_eq!(day("2026-03-28").days_until(day("2026-03-30")), 2);
        assert_eq!(day("2026-01-01").days_until(day("2028-01-01")), 730);
    }
}
