//! What a database says when it refuses, told in our terms: the same on both databases.

use diesel::result::{DatabaseErrorKind, Error};

use crate::problem::{CONFLICT, Problem};

/// A uniqueness rule that backs a rule of the house: its name on `PostgreSQL`, its columns on `SQLite`, which does not tell names.
#[derive(Debug, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's or index's name.
    pub name: &'static str,
    /// The columns as `SQLite` lists them.
    pub columns: &'static str,
}

/// Whether the error says that this uniqueness rule was broken.
#[must_use]
pub fn violates(error: &Error, unique: &Unique) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, about) = error else {
        return false;
    };
    about.constraint_name() == Some(unique.name) || about.message().ends_with(unique.columns)
}

/// Turns the breach of a uniqueness rule into the refusal that it backs, and leaves every other error a fault.
pub trait OrRefuse<T> {
    /// The value, or `refusal` where `unique` was broken.
    fn or_refuse(self, unique: &Unique, refusal: impl Into<Problem>) -> Result<T, Problem>;
}

impl<T> OrRefuse<T> for Result<T, Error> {
    fn or_refuse(self, unique: &Unique, refusal: impl Into<Problem>) -> Result<T, Problem> {
        self.map_err(|error| {
            if violates(&error, unique) {
                refusal.into()
            } else {
                Problem::from(error)
            }
        })
    }
}

/// Messages by which `PostgreSQL` and `SQLite` say "not now" without a kind of its own in Diesel.
const NOT_NOW: &[&str] = &[
    "deadlock detected",
    "could not obtain lock",
    "canceling statement due to",
    "database is locked",
    "database table is locked",
];

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, about) => Self {
                is_retryable: true,
                ..Self::busy(about.message())
            },
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, about) => {
                Self::busy(about.message())
            }
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => Self {
                cause: Some(about.message().to_owned()),
                ..Self::new(&CONFLICT)
            },
            Error::DatabaseError(_, about) => {
                let message = about.message();
                if NOT_NOW.iter().any(|phrase| message.contains(phrase)) {
                    Self {
                        is_retryable: message.contains("deadlock"),
                        ..Self::busy(message)
                    }
                } else {
                    Self::internal(message)
                }
            }
            // Diesel's other errors name types and states, never values.
            other => Self::internal(other.to_string()),
        }
    }
}
