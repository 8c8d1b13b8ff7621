//! The name of one request across every service that it touches ("Nav-Call-Id").

use std::sync::Arc;

use crate::ids::{Id, kind};

/// A correlation id: taken from the caller when it is harmless, made otherwise. Echoed, passed on, written to the audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correlation(Arc<str>);

/// Longest id that is taken from a caller.
const LENGTH_MAX: usize = 64;

impl Correlation {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(Id::<kind::Correlation>::new().to_string().into())
    }

    /// The caller's own id, unless it is too long, has odd characters, or could tell of a person: a word (which has no digit), or
    /// something with a national id in it.
    #[must_use]
    pub fn find_harmless(text: &str) -> Option<Self> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        let is_random = uuid::Uuid::try_parse(text).is_ok();
        let harmless = (1..=LENGTH_MAX).contains(&text.len())
            && text.chars().all(is_plain)
            && text.chars().any(|c| c.is_ascii_digit())
            && (is_random || !holds_national_id(text));
        harmless.then(|| Self(text.into()))
    }

    /// The trace id of a W3C `traceparent`, when all of the header has its form.
    #[must_use]
    pub fn find_in_traceparent(header: &str) -> Option<Self> {
        let parts: Vec<&str> = header.split('-').collect();
        let [version, trace, parent, flags] = parts.as_slice() else {
            return None;
        };
        let is_hex = |text: &str, length: usize| {
            let is_lower_hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
            text.len() == length && text.chars().all(is_lower_hex)
        };
        let known =
            is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
        (known && trace.chars().any(|c| c != '0')).then(|| Self((*trace).into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether eleven digits stand together, alone.
fn holds_national_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 11)
}

impl Default for Correlation {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Display for Correlation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_tell_of_a_person_is_taken_for_a_correlation_id() {
        for telling in [
            "10915596784",
            "case-10915596784",
            "Kanarifuglen",
            "a\nb1",
            "",
        ] {
            assert_eq!(Correlation::find_harmless(telling), None, "{telling}");
        }
        for harmless in [
            "0192f3c1-5b7e-7a31-8b11-0d6c8a4e2f10",
            "0192f3c1-5b7e-7a31-8b11-a12345678901",
            "CallId_17_4711",
        ] {
            assert!(Correlation::find_harmless(harmless).is_some(), "{harmless}");
        }
    }

    #[test]
    fn the_trace_id_is_taken_from_a_traceparent() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let taken = Correlation::find_in_traceparent(header).unwrap();
        assert_eq!(taken.as_str(), "4bf92f3577b34da6a3ce929d0e0e4736");
        for (taken, other) in [
            (
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "00000000000000000000000000000000",
            ),
            ("00f067aa0ba902b7", "10915596784"),
            ("-01", ""),
        ] {
            let changed = header.replace(taken, other);
            assert_eq!(Correlation::find_in_traceparent(&changed), None);
        }
    }
}
