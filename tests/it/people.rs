//! Registering, reading and finding people, and registering households.

use std::sync::Arc;

use diesel::connection::Connection as _;
use diesel::{PgConnection, RunQueryDsl as _, sql_query, sql_types::Text};
use rettbolig::auth::{Caller, Role};
use rettbolig::clock::Day;
use rettbolig::crypto::Context;
use rettbolig::people::{self, AddressProtection, Contact, MemberRole, Name, NewMember, NewPerson};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::actor::Actor;
use crate::support::residents::{household, member, national_id, person, person_body};
use crate::support::town::{STJORDAL, Town};
use crate::support::{Backend, Bench, cases};

/// A person with everything that can be said of one.
fn whole_person(protection: &str) -> Value {
    let mut body = person_body("Ønskebjørn", "1955-11-10", 0);
    body["familyName"] = json!("Strandvoll");
    body["addressProtection"] = json!(protection);
    body["phone"] = json!("+47 99 88 77 66");
    body["email"] = json!("onskebjorn@post.example");
    body["address"] = json!({
        "street": "Granittveien 17",
        "postalCode": "7500",
        "postalPlace": "Stjørdalsvik",
    });
    body
}

/// Who looked at a person, as the person's access log tells: the actions.
async fn looks(town: &Town, person: &str) -> Vec<String> {
    let officer = town.actor(Role::PrivacyOfficer).await;
    let path = format!("/people/{person}/access-log");
    let log = officer.get(&path).await.ok();
    let action = |item: &Value| item["entry"]["action"].as_str().unwrap().to_owned();
    log.items().iter().map(action).collect()
}

async fn a_person_is_registered_and_shown(bench: Bench) {
    let town = Town::open(bench).await;
    let nav = town.actor(Role::NavAdvisor).await;
    let body = whole_person("UNGRADED");
    let registered = nav.post("/people", &body).await.ok();
    let id = registered.id();
    assert_eq!(registered.body, json!({"id": id, "version": 1}));
    let path = format!("/people/{id}");
    assert_eq!(
        registered.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    nav.get(&path).await.refused(403, "forbidden");

    let shown = town.actor(Role::Caseworker).await.get(&path).await.ok();
    assert_eq!(shown.version(), 1);
    let digits = body["nationalId"].as_str().unwrap();
    assert_eq!(
        shown.body,
        json!({
            "id": id,
            "version": 1,
            "nationalIdMasked": format!("{}*****", &digits[..6]),
            "givenName": "Ønskebjørn",
            "familyName": "Strandvoll",
            "bornOn": "1955-11-10",
            "phone": body["phone"],
            "email": body["email"],
            "address": body["address"],
        })
    );
    assert_eq!(looks(&town, &id).await, ["person.read"]);
}

async fn every_faulty_field_of_a_person_is_named(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let with = |changes: &[(&str, Value)]| {
        let mut body = whole_person("UNGRADED");
        for (field, value) in changes {
            body[*field] = value.clone();
        }
        body
    };
    let text = |value: &str| json!(value);
    let malformed = with(&[
        ("givenName", text(" Kari")),
        ("familyName", text("–")),
        ("phone", text("call me")),
        ("email", text("nowhere")),
        ("addressProtection", text("SECRET")),
        (
            "address",
            json!({"street": "", "postalCode": "75", "postalPlace": "Stjørdal"}),
        ),
        ("nickname", text("K")),
    ]);
    kari.post("/people", &malformed).await.faults(&[
        ("/givenName", "wrong_format"),
        ("/familyName", "wrong_format"),
        ("/phone", "wrong_format"),
        ("/email", "wrong_format"),
        ("/addressProtection", "unknown_code"),
        ("/address/street", "too_short"),
        ("/address/postalCode", "wrong_format"),
        ("/nickname", "unknown_field"),
    ]);
    // The test vectors of the population register's own validator.
    for (digits, code) in [
        ("1091559678", "national_id_not_eleven_digits"),
        ("99999999999", "national_id_no_such_date"),
        ("10915596785", "national_id_check_digits"),
        ("30108299939", "national_id_series_2032_refused"),
        ("30108299920", "national_id_real_refused"),
    ] {
        let body = with(&[("nationalId", text(digits)), ("bornOn", text("2026-03-03"))]);
        let expected = [("/nationalId", code), ("/bornOn", "born_in_future")];
        let refused = kari.post("/people", &body).await.faults(&expected);
        assert!(!refused.text.contains(digits), "the value is echoed");
    }
    let other_birth = with(&[("bornOn", text("1855-11-11"))]);
    kari.post("/people", &other_birth).await.faults(&[
        ("/bornOn", "born_too_long_ago"),
        ("/bornOn", "born_on_not_of_national_id"),
    ]);
}

async fn a_person_is_registered_once_in_a_municipality(bench: Bench) {
    let town = Town::open(bench).await;
    let (kari, nav) = (
        town.actor(Role::Caseworker).await,
        town.actor(Role::NavAdvisor).await,
    );
    let body = whole_person("UNGRADED");
    let both = futures_util::future::join(kari.post("/people", &body), nav.post("/people", &body));
    let (one, other) = both.await;
    let (first, second) = if one.status == 201 {
        (one, other)
    } else {
        (other, one)
    };
    first.ok();
    let refused = second.refused(409, "person_exists");
    assert_eq!(refused.body["errors"][0]["pointer"], "/nationalId");
    let stranger = town.stranger(Role::Caseworker).await;
    stranger.post("/people", &body).await.ok();
}

async fn what_locates_a_protected_person_is_absent(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let body = whole_person("STRICTLY_CONFIDENTIAL");
    let id = kari.post("/people", &body).await.ok().id();
    let shown = kari.get(&format!("/people/{id}")).await.ok();
    let mut fields: Vec<&String> = shown.body.as_object().unwrap().keys().collect();
    fields.sort();
    let expected = [
        "bornOn",
        "familyName",
        "givenName",
        "id",
        "nationalIdMasked",
        "version",
    ];
    assert_eq!(fields, expected);
    assert!(!shown.text.contains("CONFIDENTIAL"));

    let by_name = json!({"name": "Ønskebjørn Strandvoll", "bornOn": "1955-11-10"});
    let found = kari.post("/people/search", &by_name).await.ok();
    assert_eq!(found.body, json!({"items": [], "hasMore": false}));
    let by_number = json!({"nationalId": body["nationalId"]});
    let found = kari.post("/people/search", &by_number).await.ok();
    assert_eq!(found.items()[0]["id"], json!(id));
}

async fn people_are_found_by_name_or_number(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne-Lise", "1980-01-01").await;
    let other = person(&kari, "Anne", "1981-02-02").await;
    let ask = async |question: Value| {
        let found = kari.post("/people/search", &question).await.ok();
        let ids = found
            .items()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let both = ask(json!({"name": "PRØVELAND, anne"})).await;
    assert_eq!(both, [anne.clone(), other.clone()]);
    assert_eq!(
        ask(json!({"name": "lise anne prøveland"})).await,
        [anne.clone()]
    );
    let by_birth = json!({"name": "Anne", "bornOn": "1981-02-02"});
    assert_eq!(ask(by_birth).await, [other.clone()]);
    assert!(ask(json!({"name": "Anne Prøve"})).await.is_empty());
    let number = national_id("1980-01-01", 0);
    let by_number = json!({"nationalId": number.expose_digits()});
    assert_eq!(ask(by_number.clone()).await, [anne.clone()]);
    assert_eq!(looks(&town, &anne).await, ["person.found"; 3]);
    assert_eq!(looks(&town, &other).await, ["person.found"; 2]);

    let stranger = town.stranger(Role::Caseworker).await;
    let found = stranger.post("/people/search", &by_number).await.ok();
    assert!(found.items().is_empty());
    let refused = async |question: Value, pointer: &str, code: &str| {
        let answer = kari.post("/people/search", &question).await;
        answer.faults(&[(pointer, code)]);
    };
    refused(json!({"name": "Anne"}), "/name", "too_wide").await;
    refused(json!({}), "", "one_way_only").await;
    let mistyped = json!({"nationalId": "10915596785"});
    refused(mistyped, "/nationalId", "national_id_check_digits").await;
}

async fn a_search_shows_twenty_people_at_most(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    for nth in 0..21 {
        let body = person_body("Ola", "1990-05-05", nth);
        kari.post("/people", &body).await.ok();
    }
    let question = json!({"name": "Ola", "bornOn": "1990-05-05"});
    let found = kari.post("/people/search", &question).await.ok();
    assert_eq!(found.items().len(), 20);
    assert_eq!(found.body["hasMore"], json!(true));
}

async fn another_municipality_sees_nobody(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let stranger = town.stranger(Role::Caseworker).await;
    let path = format!("/people/{anne}");
    stranger.get(&path).await.refused(404, "not_found");
    let body = json!({"members": [member(&anne, "APPLICANT")]});
    let answer = stranger.post("/households", &body).await;
    answer.faults(&[("/members/0/personId", "not_found")]);
}

async fn a_household_is_registered_with_its_members(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let ola = person(&kari, "Ola", "1979-02-02").await;
    let lise = person(&kari, "Lise", "2015-03-03").await;
    let mut child = member(&lise, "CHILD");
    child["residenceDays"] = json!(7);
    let at_annes = household(&kari, &[member(&anne, "APPLICANT"), child.clone()]).await;
    household(&kari, &[member(&ola, "APPLICANT"), child]).await;

    let shown = kari.get(&format!("/households/{at_annes}")).await.ok();
    assert_eq!(shown.version(), 1);
    assert_eq!(
        shown.body["members"],
        json!([
            {"personId": anne, "givenName": "Anne", "familyName": "Prøveland", "bornOn": "1980-01-01",
             "role": "APPLICANT", "residenceDays": 14},
            {"personId": lise, "givenName": "Lise", "familyName": "Prøveland", "bornOn": "2015-03-03",
             "role": "CHILD", "residenceDays": 7},
        ])
    );
    assert_eq!(looks(&town, &lise).await, ["household.read"]);
    assert!(looks(&town, &ola).await.is_empty());
}

async fn a_household_that_cannot_be_is_refused(bench: Bench) {
    let town = Town::open(bench).await;
    let kari = town.actor(Role::Caseworker).await;
    let anne = person(&kari, "Anne", "1980-01-01").await;
    let ola = person(&kari, "Ola", "1979-02-02").await;
    let lise = person(&kari, "Lise", "2008-03-03").await;
    let unknown = Uuid::now_v7().to_string();
    let ask = async |members: &[Value]| {
        let body = json!({ "members": members });
        kari.post("/households", &body).await
    };
    let child = || member(&lise, "CHILD");
    let with = |mut member: Value, days: i16| {
        member["residenceDays"] = json!(days);
        member
    };
    ask(&[with(member(&anne, "APPLICANT"), 7), with(child(), 15)])
        .await
        .faults(&[("/members/1/residenceDays", "too_large")]);
    ask(&[
        with(member(&anne, "APPLICANT"), 7),
        member(&anne, "OTHER_ADULT"),
        member(&ola, "CHILD"),
        member(&lise, "OTHER_ADULT"),
        member(&unknown, "APPLICANT"),
    ])
    .await
    .faults(&[
        ("/members/0/residenceDays", "adult_lives_apart"),
        ("/members/1/personId", "member_twice"),
        ("/members/2/role", "child_of_age"),
        ("/members/3/role", "adult_under_age"),
        ("/members/4/personId", "not_found"),
        ("/members/4/role", "applicant_twice"),
    ]);
    ask(&[child()])
        .await
        .faults(&[("/members", "applicant_missing")]);
    let under_age = ask(&[member(&lise, "APPLICANT")]).await;
    under_age.refused(422, "applicant_under_age");
    // On 3 March Lise is 18.
    town.wait_days(1);
    let kari = town.actor(Role::Caseworker).await;
    household(&kari, &[member(&lise, "APPLICANT")]).await;
}

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

/// Everything that the database holds: the bytes of the file and its log, or the text of every row of every table.
fn stored(bench: &Bench) -> Vec<u8> {
    if bench.backend == Backend::Sqlite {
        let path = bench.database_url.trim_start_matches("sqlite:");
        let mut stored = std::fs::read(path).unwrap();
        stored.extend(std::fs::read(format!("{path}-wal")).unwrap());
        return stored;
    }
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        line: String,
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

/// What a loader and the later slices use: many at once, names in one look-up, texts sealed under a person's key.
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
    let work = move |tx: &mut rettbolig::db::Tx<'_>| {
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

    let (kari, ola) = (ids[0], ids[1]);
    let place = |row: u128| Context {
        municipality: STJORDAL.uuid(),
        table: "decision",
        column: "sealed_reasons",
        row: Uuid::from_u128(row),
    };
    let sealing = move |tx: &mut rettbolig::db::Tx<'_>| {
        let sealed = people::seal_text(tx, kari, place(1), "Needs one floor.")?;
        let opened = people::open_text(tx, kari, place(1), &sealed)?;
        assert_eq!(opened.expose_secret(), "Needs one floor.");
        assert!(people::open_text(tx, kari, place(2), &sealed).is_err());
        assert!(people::open_text(tx, ola, place(1), &sealed).is_err());
        Ok(())
    };
    town.db.read(&loader, sealing).await.unwrap();
}

async fn the_same_request_sent_again_registers_one_person(bench: Bench) {
    let town = Town::open(bench).await;
    let kari: Actor = town.actor(Role::Caseworker).await;
    let body = whole_person("UNGRADED");
    let first = kari.post_once("/people", "one", &body).await.ok();
    let again = kari.post_once("/people", "one", &body).await.ok();
    assert_eq!(again.id(), first.id());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

cases::cases![
    a_person_is_registered_and_shown,
    every_faulty_field_of_a_person_is_named,
    a_person_is_registered_once_in_a_municipality,
    what_locates_a_protected_person_is_absent,
    people_are_found_by_name_or_number,
    a_search_shows_twenty_people_at_most,
    another_municipality_sees_nobody,
    a_household_is_registered_with_its_members,
    a_household_that_cannot_be_is_refused,
    nothing_in_the_database_tells_who_somebody_is,
    the_front_door_takes_many_people_at_once,
    the_same_request_sent_again_registers_one_person,
];
