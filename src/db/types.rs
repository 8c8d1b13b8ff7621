//! SQL types that both databases have under different names, and how our nouns travel in them.
//!
//! `PostgreSQL` keeps its native `uuid`, `timestamptz`, `date`, `jsonb` and `bytea`; `SQLite` keeps a 16-byte blob, sortable
//! text, ISO text, JSON text and a blob. Diesel's `MultiConnection` knows none of the first four, hence these.

use std::io::Write as _;

use diesel::backend::Backend;
use diesel::deserialize::FromSqlRow;
use diesel::deserialize::{self, FromSql};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{self as st, HasSqlType};
use diesel::sqlite::Sqlite;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::conn::MultiBackend;
use crate::clock::{Day, Instant};
use crate::ids::Id;

macro_rules! sql_type {
    ($(#[doc = $doc:literal])+ $(#[$meta:meta])* $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, st::SqlType, diesel::query_builder::QueryId)]
        $(#[$meta])*
        pub struct $name;

        impl HasSqlType<$name> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$name>(lookup)
            }
        }
    };
}

sql_type!(
    /// `uuid` on `PostgreSQL`, a blob of 16 bytes on `SQLite`.
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Binary"))]
    UuidSql
);
sql_type!(
    /// `timestamptz` on `PostgreSQL`, text of fixed width that sorts by time on `SQLite`.
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Text"))]
    TimestampSql
);
sql_type!(
    /// `date` on `PostgreSQL`, ISO text on `SQLite`.
    #[diesel(postgres_type(oid = 1082, array_oid = 1182))]
    #[diesel(sqlite_type(name = "Text"))]
    DateSql
);
sql_type!(
    /// `jsonb` on `PostgreSQL`, JSON text on `SQLite`.
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    JsonSql
);

impl st::SqlOrd for TimestampSql {}
impl st::SqlOrd for DateSql {}

/// Lets a value that each database can read and write travel over the connection that may be either.
macro_rules! travels_on_both {
    ([$($generics:tt)*] $rust:ty, $sql:ident) => {
        impl<$($generics)*> FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
        impl<$($generics)*> ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }
    };
}

travels_on_both!([K: 'static] Id<K>, UuidSql);
travels_on_both!([] Instant, TimestampSql);
travels_on_both!([] Day, DateSql);
travels_on_both!([T: Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static] Json<T>, JsonSql);

impl<K: 'static> FromSql<UuidSql, Pg> for Id<K> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(value.as_bytes())?))
    }
}
impl<K: 'static> ToSql<UuidSql, Pg> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}
impl<K: 'static> FromSql<UuidSql, Sqlite> for Id<K> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(value.read_blob())?))
    }
}
impl<K: 'static> ToSql<UuidSql, Sqlite> for Id<K> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

/// `PostgreSQL` counts microseconds and days from 2000-01-01.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

fn pg_epoch_day() -> Date {
    jiff::civil::date(2000, 1, 1)
}

impl FromSql<TimestampSql, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_be_bytes(value.as_bytes().try_into()?);
        Ok(Self::from_micros(micros.saturating_add(PG_EPOCH_MICROS)))
    }
}
impl ToSql<TimestampSql, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.micros().saturating_sub(PG_EPOCH_MICROS);
        out.write_all(&micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<TimestampSql, Sqlite> for Instant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<st::Text, Sqlite>>::from_sql(value)?;
        let parsed: jiff::Timestamp = text.parse()?;
        Ok(Self::from_micros(parsed.as_microsecond()))
    }
}
impl ToSql<TimestampSql, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // Always six decimals: 27 characters, so that text order is time order.
        out.set_value(format!("{:.6}", self.timestamp()));
        Ok(IsNull::No)
    }
}

impl FromSql<DateSql, Pg> for Day {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let days = i32::from_be_bytes(value.as_bytes().try_into()?);
        Ok(Self(
            pg_epoch_day().checked_add(jiff::Span::new().days(days))?,
        ))
    }
}
impl ToSql<DateSql, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let days = pg_epoch_day().until(self.0)?.get_days();
        out.write_all(&days.to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<DateSql, Sqlite> for Day {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(
            <String as FromSql<st::Text, Sqlite>>::from_sql(value)?.parse()?,
        ))
    }
}
impl ToSql<DateSql, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

/// A value kept as one JSON document in a column.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonSql)]
pub struct Json<T: std::fmt::Debug>(pub T);

impl<T: DeserializeOwned + std::fmt::Debug> FromSql<JsonSql, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // The binary form of jsonb is one version byte and then the text.
        let text = value
            .as_bytes()
            .get(1..)
            .ok_or("jsonb without its version byte")?;
        Ok(Self(serde_json::from_slice(text)?))
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<JsonSql, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned + std::fmt::Debug> FromSql<JsonSql, Sqlite> for Json<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<st::Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<JsonSql, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
