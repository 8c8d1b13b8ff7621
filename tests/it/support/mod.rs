//! What the tests stand on: a database each, on both backends.
//!
//! Not here: anything of the domain. A test's town, its people and homes are made on top of a [`Bench`].
pub(crate) mod actor;
pub(crate) mod cases;
pub(crate) mod exported;
pub(crate) mod given;
pub(crate) mod issuer;
pub(crate) mod post;
pub(crate) mod postgres;
pub(crate) mod residents;
pub(crate) mod selftest;
mod setting;
pub(crate) mod throwaway;
pub(crate) mod town;
pub(crate) mod workshop;

pub(crate) use setting::find_setting;

/// One of the two databases that the service runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    /// The embedded one: a file.
    Sqlite,
    /// The one of production: a server.
    Postgres,
}

impl Backend {
    /// Both, in the order in which the cases are listed.
    pub(crate) const ALL: &[Self] = &[Self::Sqlite, Self::Postgres];

    /// The last part of a case's name.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// What a test is given: a furnished database that nobody else uses, removed when the test is over.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    /// Which of the two it is.
    pub(crate) backend: Backend,
    /// Its address, as the service takes it in `DATABASE_URL`.
    pub(crate) database_url: String,
}
