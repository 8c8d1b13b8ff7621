//! The basic amount of the national insurance ("grunnbeløpet, G", folketrygdloven § 1-4), as data with dates: `law/basic_amount.json`.
//!
//! It is set anew every May; until the new row stands there, the last one is used.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::clock::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    from: Day,
    kroner: i64,
}

static AMOUNTS: LazyLock<Vec<Amount>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("law/basic_amount.json")).unwrap_or_default()
});

/// The basic amount a year on a day, in øre; none for days before the first row.
#[must_use]
pub fn basic_amount(on: Day) -> Option<i64> {
    let held = AMOUNTS.iter().rev().find(|amount| amount.from <= on)?;
    Some(held.kroner * 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amount_is_that_of_the_day() {
        let on = |day: &str| basic_amount(Day(day.parse().unwrap()));
        assert_eq!(on("2025-04-30"), Some(12_402_800));
        assert_eq!(on("2025-05-01"), Some(13_016_000));
        assert_eq!(on("2040-02-29"), Some(13_016_000));
        assert_eq!(on("1999-01-01"), None);
    }

    #[test]
    fn the_rows_ascend() {
        assert!(AMOUNTS.windows(2).all(|pair| pair[0].from < pair[1].from));
    }
}
