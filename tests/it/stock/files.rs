//! Files of homes: taken in from every usual form, refused whole with every fault named, and handed out so that they come in again.

use reqwest::Method;
use rettbolig::auth::Role;
use serde_json::{Value, json};

use crate::support::actor::{Actor, Answer};
use crate::support::given::home;
use crate::support::town::Town;
use crate::support::{Bench, cases};

pub(crate) const CSV: &str = "text/csv";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const HEADER: &str = "supplierId;cadastralId;unitNumber;streetAddress;postalCode;postalPlace;area;category;tenure;bedrooms;usableAreaM2;floor;capacity;rentOre;features";

/// A row of a file that is as it must be; each number gives another home.
pub(super) fn row(number: u32) -> String {
    format!(
        "FDV-{number};5035-90/{number};H0101;Åsvegen {number};7500;Stjørdal;SENTRUM;ORDINARY;OWNED;2;60;1;4;900000;STEP_FREE|LIFT"
    )
}

pub(super) fn file(rows: impl IntoIterator<Item = String>) -> Vec<u8> {
    let rows: String = rows.into_iter().map(|row| format!("{row}\r\n")).collect();
    format!("{HEADER}\r\n{rows}").into_bytes()
}

pub(crate) async fn send(by: &Actor, query: &str, media: &str, bytes: Vec<u8>) -> Answer {
    let request = by
        .request(Method::POST, &format!("/dwellings/import{query}"))
        .header("Idempotency-Key", uuid::Uuid::now_v7().to_string())
        .header("Content-Type", media);
    by.send(request.body(bytes)).await
}

/// What came of a file: rows, created, updated, unchanged, faulty.
pub(super) fn counts(answer: &Answer) -> [i64; 5] {
    ["rows", "created", "updated", "unchanged", "faulty"]
        .map(|name| answer.body[name].as_i64().unwrap())
}

pub(super) async fn total(by: &Actor) -> i64 {
    by.get("/dwellings/counts").await.ok().body["total"]
        .as_i64()
        .unwrap()
}

/// The rows' faults in the answer to a dry run: line, column, code.
pub(super) fn told(answer: &Answer) -> Vec<(i64, String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let faults = answer.body["faults"].as_array().unwrap().iter();
    faults
        .map(|it| {
            (
                it["line"].as_i64().unwrap(),
                text(&it["column"]),
                text(&it["code"]),
            )
        })
        .collect()
}

async fn a_file_comes_in_once_however_often_it_is_sent(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    // More rows than are looked up at once.
    let stock = || file((1..=1_203).map(row));
    let answer = send(&manager, "?dryRun=true", CSV, stock()).await.ok();
    assert_eq!(counts(&answer), [1_203, 1_203, 0, 0, 0]);
    assert_eq!(
        (total(&manager).await, &answer.body["dryRun"]),
        (0, &json!(true))
    );
    let answer = send(&manager, "", CSV, stock()).await.ok();
    assert_eq!(counts(&answer), [1_203, 1_203, 0, 0, 0]);
    let answer = send(&manager, "", CSV, stock()).await.ok();
    assert_eq!(counts(&answer), [1_203, 0, 0, 1_203, 0]);
    // A file may say one thing only; the rest stays as it was.
    let rents = "supplierId,leiekostnad\nFDV-7,\"9 250,50\"\nFDV-8,9000\n";
    let answer = send(&manager, "", CSV, rents.into()).await.ok();
    assert_eq!(counts(&answer), [2, 0, 1, 1, 0]);
    let found = manager.get("/dwellings?supplierId=FDV-7").await.ok();
    let seven = &found.items()[0];
    assert_eq!(
        (&seven["rentOre"], &seven["features"]),
        (&json!(925_050), &json!(["STEP_FREE", "LIFT"]))
    );
    assert_eq!(seven["streetAddress"], "Åsvegen 7");
    assert_eq!(total(&manager).await, 1_203);
    let path = format!("/dwellings/{}/history", seven["id"].as_str().unwrap());
    let kinds: Vec<_> = manager
        .get(&path)
        .await
        .ok()
        .items()
        .iter()
        .map(|it| it["kind"].clone())
        .collect();
    assert_eq!(kinds, [json!("DESCRIBED"), json!("REGISTERED")]);
    // All of it goes out, in more pieces than one.
    let all = manager.get("/dwellings/export.csv").await.ok().text;
    assert_eq!(all.lines().count(), 1 + 1_203);
    let auditor = town.actor(Role::Auditor).await;
    let path = format!(
        "/audit/entries?dwellingId={}",
        seven["id"].as_str().unwrap()
    );
    assert_eq!(auditor.get(&path).await.ok().items().len(), 2);
}

async fn a_home_registered_by_hand_gets_its_supplier_id_from_the_file(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let mut by_hand = home(2, 1);
    by_hand["cadastralId"] = json!("5035-90/1");
    let made = manager.post("/dwellings", &by_hand).await.ok();
    let answer = send(&manager, "", CSV, file([row(1)])).await.ok();
    assert_eq!(counts(&answer), [1, 0, 1, 0, 0]);
    let read = manager.get(&format!("/dwellings/{}", made.id())).await.ok();
    assert_eq!(read.body["supplierId"], "FDV-1");
    let second = row(1).replace("FDV-1;", "FDV-2;");
    let answer = send(&manager, "?dryRun=true", CSV, file([second]))
        .await
        .ok();
    assert_eq!(
        told(&answer),
        [(2, "unitNumber".into(), "unit_exists".into())]
    );
}

async fn every_fault_is_named_by_line_and_column_and_nothing_comes_in(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let rows = || {
        file([
            row(1),
            row(2)
                .replace("5035-90/2", "5035-90")
                .replace("H0101", "X1"),
            row(3).replace(";900000;", ";-1;").replace(";4;", ";0;"),
            row(4).replace("H0101", "H0301"),
            row(5)
                .replace("ORDINARY", "CASTLE")
                .replace("STEP_FREE", "=1+1"),
            row(6).replace("STEP_FREE|LIFT", "@SUM(A1)"),
            row(1).replace("FDV-1", "FDV-7"),
            row(8).replace("FDV-8", "FDV-1"),
            row(9).replace(";60;", ";sixty;"),
            format!("{};x", row(10)).replace("SENTRUM", &"Y".repeat(10_000)),
        ])
    };
    let expected = [
        (3, "cadastralId", "cadastral_title"),
        (3, "unitNumber", "unit_number"),
        (4, "capacity", "too_small"),
        (4, "rentOre", "too_small"),
        (5, "floor", "not_the_unit_floor"),
        (6, "category", "unknown_code"),
        (6, "features", "formula"),
        (7, "features", "formula"),
        (8, "unitNumber", "unit_exists"),
        (9, "supplierId", "not_unique"),
        (10, "usableAreaM2", "wrong_format"),
        (11, "area", "too_long"),
    ];
    let answer = send(&manager, "?dryRun=true", CSV, rows()).await.ok();
    let expected_told: Vec<_> = expected
        .iter()
        .map(|(line, column, code)| (*line, (*column).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(told(&answer), expected_told);
    assert_eq!(counts(&answer), [10, 1, 0, 0, 9]);
    let refused = send(&manager, "", CSV, rows())
        .await
        .refused(422, "file_rows");
    let pointers: Vec<_> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pointers[0], "/rows/3/cadastralId");
    assert_eq!((pointers.len(), &refused.body["faulty"]), (12, &json!(9)));
    assert!(!refused.text.contains("CASTLE") && !refused.text.contains("sixty"));
    assert_eq!(total(&manager).await, 0);
    let answer = send(&manager, "?skipFaulty=true", CSV, rows()).await.ok();
    assert_eq!(counts(&answer), [10, 1, 0, 0, 9]);
    assert_eq!(total(&manager).await, 1);
}

async fn a_file_moves_no_home_and_lets_nobody_in(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let with_state = |number: u32, state: &str| {
        let text = String::from_utf8(file([row(number)])).unwrap();
        let mut lines = text.lines();
        format!(
            "{};state\n{};{state}\n",
            lines.next().unwrap(),
            lines.next().unwrap()
        )
        .into_bytes()
    };
    for (state, code) in [
        ("OCCUPIED", "no_tenancy"),
        ("BLOCKED", "not_a_first_state"),
        ("BEBODD", "no_tenancy"),
    ] {
        let answer = send(&manager, "?dryRun=true", CSV, with_state(1, state))
            .await
            .ok();
        assert_eq!(told(&answer), [(2, "state".into(), code.into())]);
    }
    send(&manager, "", CSV, with_state(1, "KLARGJORING"))
        .await
        .ok();
    let answer = send(&manager, "", CSV, with_state(1, "TURNOVER"))
        .await
        .ok();
    assert_eq!(counts(&answer), [1, 0, 0, 1, 0]);
    let answer = send(&manager, "?dryRun=true", CSV, with_state(1, "AVAILABLE"))
        .await
        .ok();
    assert_eq!(told(&answer), [(2, "state".into(), "state_differs".into())]);
}

async fn a_wrong_header_is_told_column_by_column(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let refused = send(&manager, "", CSV, "adresse;husstand;farge\nx;y;z\n".into()).await;
    let refused = refused.refused(422, "file_header");
    let told: Vec<_> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["pointer"].as_str().unwrap(),
                it["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/header/2", "column_of_people"),
            ("/header/3", "unknown_column"),
            ("/header", "missing")
        ]
    );
    assert!(!refused.text.contains("farge"));
    for (file, code) in [
        ("", "file_empty"),
        ("\n\n", "file_empty"),
        ("\u{0}\u{1}\u{2}\u{3}x", "file_unreadable"),
    ] {
        send(&manager, "", CSV, file.into())
            .await
            .refused(422, code);
    }
    send(&manager, "", CSV, vec![0xFF, 0xFE, b'a', 0])
        .await
        .refused(422, "file_encoding");
    send(&manager, "", "application/json", file([row(1)]))
        .await
        .refused(415, "unsupported_media_type");
    send(&manager, "?dryRun=perhaps", CSV, file([row(1)]))
        .await
        .refused(400, "invalid_fields");
    let kari = town.actor(Role::Caseworker).await;
    send(&kari, "", CSV, file([row(1)]))
        .await
        .refused(403, "forbidden");
}

async fn what_is_handed_out_comes_in_again_and_changes_nothing(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let measure = manager
        .post("/plan-measures", &crate::support::given::measure(1))
        .await
        .ok();
    let mut odd = home(2, 1);
    for (name, value) in [
        ("supplierId", json!("=FDV;1")),
        ("category", json!("YOUTH_15_25")),
        ("tenure", json!("COOP_SHARE")),
        ("minAge", json!(15)),
        ("maxAge", json!(25)),
        ("unitNumber", json!("K0101")),
        ("floor", json!(-1)),
        ("features", json!(["WHEELCHAIR", "FURNISHED"])),
        ("services", json!(["TENANCY_COACH", "STAFFED_BY_DAY"])),
        ("buildingNumber", json!("182345678")),
        ("extraReference", json!("Rom \"2\"; øst")),
        ("measureId", json!(measure.id())),
        (
            "details",
            json!({
                "kind": "ROOM", "neighbourhood": ["NEAR_SCHOOL"], "conditionClass": "TG1", "energyClass": "ENERGY_C",
                "rentParts": [{"kind": "BASE", "ore": 800_000}, {"kind": "HEATING", "ore": 50_000}],
                "rentToOwn": true, "vatCompensation": true, "expectedOn": "2027-01-01",
            }),
        ),
    ] {
        odd[name] = value;
    }
    manager.post("/dwellings", &odd).await.ok();
    send(&manager, "", CSV, file((1..=5).map(row))).await.ok();
    for (path, media) in [
        ("/dwellings/export.csv", CSV),
        ("/dwellings/export.csv?words=KOBO", CSV),
        ("/dwellings/export.xlsx", XLSX),
        ("/dwellings/export.xlsx?words=KOBO", XLSX),
    ] {
        let request = manager.request(Method::GET, path);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let told = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(told.starts_with(media), "{told}");
        let bytes = response.bytes().await.unwrap().to_vec();
        if media == CSV {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains("'=FDV;1") && !text.contains("husstand"));
            assert_eq!(text.contains("leverandorBoligId"), path.contains("KOBO"));
            assert_eq!(text.contains("UNGDOMSBOLIG"), path.contains("KOBO"));
        }
        let answer = send(&manager, "", media, bytes).await.ok();
        assert_eq!(counts(&answer), [6, 0, 0, 6, 0], "{path}");
    }
}

cases::cases![
    a_file_comes_in_once_however_often_it_is_sent,
    a_home_registered_by_hand_gets_its_supplier_id_from_the_file,
    every_fault_is_named_by_line_and_column_and_nothing_comes_in,
    a_file_moves_no_home_and_lets_nobody_in,
    a_wrong_header_is_told_column_by_column,
    what_is_handed_out_comes_in_again_and_changes_nothing,
];
