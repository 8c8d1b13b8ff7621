//! What single cells say: numbers, amounts, days, yes and no, lists.

use jiff::civil::Date;

use crate::clock::Day;

/// What parts several values in one cell.
pub(super) const BETWEEN: char = '|';

/// A whole number; spreadsheets may have written it with decimals that are nought.
pub(super) fn whole(text: &str) -> Option<i64> {
    let text = text.replace(['\u{a0}', ' '], "");
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((&text, ""));
    if decimals.bytes().any(|digit| digit != b'0') {
        return None;
    }
    whole.parse().ok()
}

/// An amount in kroner as øre: `8 500`, `8500,50`, `8500.5`.
pub(super) fn ore_of_kroner(text: &str) -> Option<i64> {
    let text = text.replace(['\u{a0}', ' '], "");
    let (kroner, ore) = text.split_once(['.', ',']).unwrap_or((&text, "0"));
    if ore.is_empty() || ore.len() > 2 || !ore.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let tenths = if ore.len() == 1 { 10 } else { 1 };
    let (kroner, ore): (i64, i64) = (kroner.parse().ok()?, ore.parse().ok()?);
    if kroner < 0 || text.starts_with('-') {
        return None;
    }
    kroner.checked_mul(100)?.checked_add(ore * tenths)
}

/// Øre as an amount in kroner, to be read again: `8500,50`.
pub(super) fn kroner_of_ore(ore: i64) -> String {
    format!("{},{:02}", ore / 100, ore % 100)
}

/// A day, as it is written in files: `2026-03-02` or `02.03.2026`.
pub(super) fn day(text: &str) -> Option<Day> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(Day(date));
    }
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().map(Day)
}

/// Yes or no, in either language.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["ja", "yes", "true", "sann", "1", "x"]) {
        Some(true)
    } else if is(&["nei", "no", "false", "usann", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// The values of a list.
pub(super) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([BETWEEN, ',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_write_them() {
        assert_eq!(whole("3"), Some(3));
        assert_eq!(whole("-1"), Some(-1));
        assert_eq!(whole("850\u{a0}000"), Some(850_000));
        assert_eq!(whole("3.0"), Some(3));
        assert_eq!(whole("3,5"), None);
        assert_eq!(whole("tre"), None);
    }

    #[test]
    fn amounts_are_read_to_the_ore_and_written_so_that_they_are_read_again() {
        assert_eq!(ore_of_kroner("8 500"), Some(850_000));
        assert_eq!(ore_of_kroner("8500,5"), Some(850_050));
        assert_eq!(ore_of_kroner("8500.05"), Some(850_005));
        for wrong in ["-1", "-0,5", "1,234", "8500,", "åtte"] {
            assert_eq!(ore_of_kroner(wrong), None, "{wrong}");
        }
        assert_eq!(ore_of_kroner(&kroner_of_ore(850_005)), Some(850_005));
    }

    #[test]
    fn days_are_read_in_both_usual_forms() {
        let expected = Some(Day("2026-03-02".parse().unwrap()));
        assert_eq!(day("2026-03-02"), expected);
        assert_eq!(day("02.03.2026"), expected);
        assert_eq!(day("2.3.2026"), expected);
        for wrong in ["31.02.2026", "02.03.26", "2026", "i fjor"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn yes_and_no_are_understood_in_both_languages_and_nothing_else() {
        assert_eq!(yes_or_no("JA"), Some(true));
        assert_eq!(yes_or_no("false"), Some(false));
        assert_eq!(yes_or_no("kanskje"), None);
    }
}
