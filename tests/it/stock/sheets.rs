//! Spreadsheets: taken in like any file, and refused whole when damaged or hostile.

use std::io::Cursor;

use rettbolig::auth::Role;
use rust_xlsxwriter::Workbook;

use super::files::{CSV, XLSX, counts, file, row, send, told, total};
use crate::support::town::Town;
use crate::support::{Bench, cases};

/// The same file as a spreadsheet; what looks like a number is one.
fn sheet(csv: &[u8]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(String::from_utf8(csv.to_vec()).unwrap().lines()) {
        for (column, cell) in (0..).zip(line.split(';')) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).map(|_| ()),
                Err(_) if cell.starts_with('=') => {
                    sheet.write_formula(row, column, cell).map(|_| ())
                }
                Err(_) => sheet.write_string(row, column, cell).map(|_| ()),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

async fn a_spreadsheet_is_taken_in_like_any_file(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let answer = send(&manager, "", XLSX, sheet(&file((1..=600).map(row))))
        .await
        .ok();
    assert_eq!(counts(&answer), [600, 600, 0, 0, 0]);
    // What is told is the media type; what is read is the file.
    let answer = send(&manager, "", CSV, sheet(&file((1..=600).map(row))))
        .await
        .ok();
    assert_eq!(counts(&answer), [600, 0, 0, 600, 0]);
    let formula = file([row(601).replace(";900000;", ";=450000*2;")]);
    let answer = send(&manager, "?dryRun=true", XLSX, sheet(&formula))
        .await
        .ok();
    assert_eq!(told(&answer), [(2, "rentOre".into(), "formula".into())]);
}

/// A spreadsheet of which one part is something else.
fn with_part(name: &str, part: &[u8]) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let whole = sheet(&file([row(1)]));
    let mut source = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let own = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        target.start_file(own.as_str(), options).unwrap();
        target
            .write_all(if own == name { part } else { &bytes })
            .unwrap();
    }
    target.finish().unwrap().into_inner()
}

async fn a_damaged_or_hostile_spreadsheet_is_refused_and_nothing_comes_in(bench: Bench) {
    let town = Town::open(bench).await;
    let manager = town.actor(Role::HousingManager).await;
    let whole = sheet(&file((1..=50).map(row)));
    for end in [4, 30, whole.len() / 2, whole.len() - 30] {
        send(&manager, "", XLSX, whole[..end].to_vec())
            .await
            .refused(422, "file_unreadable");
    }
    let bomb = with_part("xl/sharedStrings.xml", &vec![b' '; 60_000_000]);
    assert!(bomb.len() < 1_000_000);
    send(&manager, "", XLSX, bomb)
        .await
        .refused(422, "file_expands_too_far");
    let promise = br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="9000000000000000"></sst>"#;
    let promise = with_part("xl/sharedStrings.xml", promise);
    send(&manager, "", XLSX, promise)
        .await
        .refused(422, "file_expands_too_far");
    let broken = with_part(
        "xl/worksheets/sheet1.xml",
        b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\"",
    );
    send(&manager, "", XLSX, broken)
        .await
        .refused(422, "file_unreadable");
    let cell = "x".repeat(10_000_000);
    let large = send(
        &manager,
        "?dryRun=true",
        CSV,
        file([row(1).replace("SENTRUM", &cell)]),
    )
    .await
    .ok();
    assert_eq!(told(&large), [(2, "area".into(), "too_long".into())]);
    assert_eq!(total(&manager).await, 0);
    send(&manager, "", CSV, vec![b'x'; 51_000_000])
        .await
        .refused(413, "body_too_large");
}

cases::cases![
    a_spreadsheet_is_taken_in_like_any_file,
    a_damaged_or_hostile_spreadsheet_is_refused_and_nothing_comes_in,
];
