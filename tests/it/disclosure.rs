//! What the database tells of people to somebody who has nothing but the database, and what is under a person's key.

use std::sync::Arc;

use diesel::connection::Connection as _;
use diesel::{PgConnection, RunQueryDsl as _, sql_query, sql_types::Text};
use rettbolig::auth::{Caller, Role};
use rettbolig::clock::Day;
use rettbolig::crypto::Context;
use rettbolig::db::Tx;
use rettbolig::people::{self, AddressProtection, Contact, MemberRole, Name, NewMember, NewPerson};
use secrecy::ExposeSecret as _;
use serde_json::json;
use uuid::Uuid;

use crate::support::residents::{household, member, national_id, person, whole_person};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Backend, Bench, cases};

async fn nothing_in_the_database_tells_who_somebody_is(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("UNGRADED");
    let id = kari.post("/people", &body).await.ok().id();
    kari.post("/people", &body)
        .await
        .refused(409, "person_exists");
    kari.get(&format!("/people/{id}")).await.ok();
    for question in [
        json!({"nationalId": body["nationalId"]}),
        json!({"name": "Ønskebjørn Strandvoll"}),
    ] {
        kari.post("/people/search", &question).await.ok();
    }
    household(&kari, &[member(&id, "APPLICANT")]).await;
    let stored = stored(&town.bench);
    let holds = |text: &str| {
        let text = text.as_bytes();
        stored.windows(text.len()).any(|window| window == text)
    };
    assert!(holds("person.registered"), "the database was read");
    for secret in [
        body["nationalId"].as_str().unwrap(),
        "Ønskebjørn",
        "ønskebjørn",
        "Strandvoll",
        "strandvoll",
        "99 88 77 66",
        "onskebjorn",
        "Granittveien",
        "Stjørdalsvik",
    ] {
        assert!(!holds(secret), "{secret} is readable");
    }
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Everything that the database holds: the bytes of the file and its log, or the text of every row of every table.
pub(crate) fn stored(bench: &Bench) -> Vec<u8> {
    if bench.backend == Backend::Sqlite {
        let path = bench.database_url.trim_start_matches("sqlite:");
        let mut stored = std::fs::read(path).unwrap();
        stored.extend(std::fs::read(format!("{path}-wal")).unwrap());
        return stored;
    }
    let mut conn = PgConnection::establish(&bench.database_url).unwrap();
    let mut lines = |query: &str| -> Vec<String> {
        let lines: Vec<Line> = sql_query(query).load(&mut conn).unwrap();
        lines.into_iter().map(|line| line.line).collect()
    };
    let tables = lines(
        "SELECT format('%I.%I', schemaname, tablename) AS line FROM pg_tables \
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    let rows = tables
        .iter()
        .flat_map(|table| lines(&format!("SELECT t::text AS line FROM {table} t")));
    rows.collect::<Vec<_>>().join("\n").into_bytes()
}

/// What a loader and the later slices use: many at once, and names in a few look-ups.
async fn the_front_door_takes_many_people_at_once(bench: Bench) {
    let town = Town::open(bench).await;
    let count = 1100_i32;
    let first_birth = Day("1960-01-01".parse().unwrap());
    let new = |day: i32| {
        let born_on = first_birth.plus_days(day);
        NewPerson {
            national_id: national_id(&born_on.0.to_string(), 0),
            name: Name {
                given_name: format!("Kari{day}"),
                family_name: "Prøve".into(),
            },
            born_on,
            protection: AddressProtection::Ungraded,
            contact: Contact::default(),
        }
    };
    let people: Vec<NewPerson> = (0..count).map(new).collect();
    let loader = Arc::new(Caller::system(STJORDAL));
    let work = move |tx: &mut Tx<'_>| {
        let ids = people::register_people(tx, &people)?;
        let alone = |person_id| {
            vec![NewMember {
                person_id,
                role: MemberRole::Applicant,
                residence_days: 14,
            }]
        };
        let households: Vec<Vec<NewMember>> = ids.iter().copied().map(alone).collect();
        let households: Vec<&[NewMember]> = households.iter().map(Vec::as_slice).collect();
        let households = people::register_households(tx, &households)?;
        let members = people::members_of(tx, &households)?;
        let names = people::names(tx, &ids)?;
        Ok((ids, households, members, names))
    };
    let (ids, households, members, names) = town.db.write(&loader, work).await.unwrap();
    assert_eq!((members.len(), names.len()), (1100, 1100));
    for (place, (id, household)) in ids.iter().zip(&households).enumerate() {
        assert_eq!(names[id].given_name, format!("Kari{place}"));
        assert_eq!(members[household][0].person_id, *id);
    }
}

/// What a later slice does with the reasons of a decision.
async fn a_text_under_a_persons_key_opens_in_its_place_only(bench: Bench) {
    let town = Town::open(bench).await;
    let caseworker = town.actor(Role::Caseworker).await;
    let kari = person(&caseworker, "Kari", "1980-01-01").await;
    let ola = person(&caseworker, "Ola", "1979-02-02").await;
    let (kari, ola) = (kari.parse().unwrap(), ola.parse().unwrap());
    let place = |row: u128| Context {
        municipality: STJORDAL.uuid(),
        table: "decision",
        column: "sealed_reasons",
        row: Uuid::from_u128(row),
    };
    let reader = Arc::new(Caller::system(STJORDAL));
    let sealing = move |tx: &mut Tx<'_>| {
        let sealed = people::seal_text(tx, kari, place(1), "Needs one floor.")?;
        let opened = people::open_text(tx, kari, place(1), &sealed)?;
        assert_eq!(opened.expose_secret(), "Needs one floor.");
        assert!(people::open_text(tx, kari, place(2), &sealed).is_err());
        assert!(people::open_text(tx, ola, place(1), &sealed).is_err());
        Ok(())
    };
    town.db.read(&reader, sealing).await.unwrap();
}

cases::cases![
    nothing_in_the_database_tells_who_somebody_is,
    the_front_door_takes_many_people_at_once,
    a_text_under_a_persons_key_opens_in_its_place_only,
];
