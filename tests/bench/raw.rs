//! What the same statements cost on a bare connection: prepared once, every column fetched, nothing made of it.

use std::hint::black_box;
use std::time::Duration;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use rettbolig::db::schema::application;
use rettbolig::db::{Conn, Target};
use rettbolig::each;
use rettbolig::ids::{ApplicationId, MunicipalityId, PersonId};

use crate::process::own_cpu;

/// Long enough that CPU time, which is told in hundredths of a second, is exact to a percent.
const CPU_MIN: Duration = Duration::from_secs(1);

/// A column's bytes as the database's own library hands them out.
#[derive(FromSqlRow)]
struct Untouched(#[expect(dead_code, reason = "what is fetched is not looked at")] Vec<u8>);

impl<ST> FromSql<ST, Pg> for Untouched {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(value.as_bytes().to_vec()))
    }

    fn from_nullable_sql(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        Ok(Self(
            value.map_or_else(Vec::new, |value| value.as_bytes().to_vec()),
        ))
    }
}

type SqliteValue<'a> = <Sqlite as diesel::backend::Backend>::RawValue<'a>;

impl<ST> FromSql<ST, Sqlite> for Untouched {
    fn from_sql(value: SqliteValue<'_>) -> deserialize::Result<Self> {
        <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value).map(Self)
    }

    fn from_nullable_sql(value: Option<SqliteValue<'_>>) -> deserialize::Result<Self> {
        value.map_or_else(
            || Ok(Self(Vec::new())),
            <Self as FromSql<ST, Sqlite>>::from_sql,
        )
    }
}

#[rustfmt::skip]
type Whole = (
    Untouched, Untouched, Untouched, Untouched, Untouched, Untouched, Untouched, Untouched,
    Untouched, Untouched, Untouched, Untouched, Untouched, Untouched, Untouched, Untouched,
);

/// A bare connection to the service's database.
pub(crate) struct Raw(Conn);

/// A case, by what the benchmark needs of it.
pub(crate) type Case = (MunicipalityId, ApplicationId, PersonId);

impl Raw {
    pub(crate) fn connect(target: &Target) -> Result<Self, String> {
        use diesel::{Connection as _, PgConnection, SqliteConnection};
        use secrecy::ExposeSecret as _;
        let connected = match target {
            Target::Sqlite(path) => {
                SqliteConnection::establish(&path.to_string_lossy()).map(Conn::Sqlite)
            }
            Target::Postgres(url) => PgConnection::establish(url.expose_secret()).map(Conn::Pg),
        };
        connected.map(Self).map_err(|fault| fault.to_string())
    }

    /// Every case.
    pub(crate) fn cases(&mut self) -> Vec<Case> {
        let columns = (
            application::municipality_id,
            application::id,
            application::applicant_id,
        );
        application::table
            .select(columns)
            .load(&mut self.0)
            .unwrap()
    }

    /// CPU time of a thousand look-ups by key.
    pub(crate) fn read(&mut self, cases: &[Case]) -> Duration {
        let mut cases = cases.iter().cycle();
        per_thousand(|| {
            let (municipality, id, _) = *cases.next().unwrap();
            let one = application::table.find((municipality, id));
            let one = one.select(application::all_columns);
            black_box(each!(&mut self.0, c => one.first::<Whole>(c)).unwrap());
        })
    }

    /// CPU time of a thousand pages of 50 in this state, with the row that tells whether there is a next page.
    pub(crate) fn page(&mut self, municipality: MunicipalityId, state: &str) -> Duration {
        per_thousand(|| {
            let page = application::table
                .filter(application::municipality_id.eq(municipality))
                .filter(application::id.gt(ApplicationId::NIL))
                .filter(application::state.eq(state))
                .order(application::id)
                .limit(51)
                .select(application::all_columns);
            let rows = each!(&mut self.0, c => page.load::<Whole>(c)).unwrap();
            assert_eq!(black_box(rows).len(), 51);
        })
    }
}

fn per_thousand(mut work: impl FnMut()) -> Duration {
    let begun = own_cpu();
    let mut thousands = 0;
    while own_cpu().saturating_sub(begun) < CPU_MIN {
        for _ in 0..1000 {
            work();
        }
        thousands += 1;
    }
    own_cpu().saturating_sub(begun) / thousands
}
