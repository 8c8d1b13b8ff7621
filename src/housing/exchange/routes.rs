//! The stock as a file over HTTP.

use std::fs::File;
use std::io::Cursor;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

use super::export::{FileForm, Words, export};
use super::import::{ImportOptions, read_dwellings};
use super::report::Imported;
use super::staged::{Staged, take_in};
use crate::auth::Action::{ManageHousing, ReadHousing};
use crate::db::Tx;
use crate::http::{Answer, Call, Endpoint, Reply, Shown};
use crate::problem::Problem;

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The operations on files.
pub(in crate::housing) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::upload(
            "/dwellings/import",
            ManageHousing,
            "Take homes in from a file, CSV or XLSX, with our columns or KOBO's",
            &["text/csv", SHEET, "application/octet-stream"],
            (read, write),
        ),
        Endpoint::get(
            "/dwellings/export.csv",
            ReadHousing,
            "The whole stock as CSV, in our words or in KOBO's",
            as_csv,
        ),
        Endpoint::get(
            "/dwellings/export.xlsx",
            ReadHousing,
            "The whole stock as a spreadsheet, in our words or in KOBO's",
            as_sheet,
        ),
    ]
}

/// How a file is taken in.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Asked {
    /// Only tell what would come of it: every fault by line and column, nothing is taken in.
    dry_run: Option<bool>,
    /// Leave rows with faults out; otherwise one fault keeps the whole file out.
    skip_faulty: Option<bool>,
}

crate::query!(Asked);

fn read(tx: &mut Tx<'_>, asked: &Asked, file: &[u8]) -> Result<Staged, Problem> {
    let options = ImportOptions {
        dry_run: asked.dry_run.unwrap_or(false),
        skip_faulty: asked.skip_faulty.unwrap_or(false),
    };
    read_dwellings(tx, &mut Cursor::new(file), options, &|_| ())
}

fn write(tx: &mut Tx<'_>, staged: &Staged) -> Result<Shown<Imported>, Problem> {
    take_in(tx, staged).map(Shown::plain)
}

/// Whose words the file shall speak.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Spoken {
    /// Ours when not given.
    #[param(inline)]
    words: Option<Words>,
}

crate::query!(Spoken);

fn as_csv(tx: &mut Tx<'_>, _: &Call, asked: &Spoken) -> Result<CsvFile, Problem> {
    let words = asked.words.unwrap_or(Words::Ours);
    export(tx, FileForm::Csv, words).map(CsvFile)
}

fn as_sheet(tx: &mut Tx<'_>, _: &Call, asked: &Spoken) -> Result<SheetFile, Problem> {
    let words = asked.words.unwrap_or(Words::Ours);
    export(tx, FileForm::Xlsx, words).map(SheetFile)
}

struct CsvFile(File);

struct SheetFile(File);

macro_rules! files {
    ($($file:ident is $media:expr),+) => {$(
        impl Answer for $file {
            const STATUS: u16 = 200;
            const MEDIA: &'static str = $media;

            fn reply(self) -> Result<Reply, Problem> {
                Ok(Reply {
                    status: Self::STATUS,
                    version: None,
                    location: None,
                    body: Some(self.0.into()),
                    media: Self::MEDIA,
                })
            }

            fn schema(_: &mut Vec<(String, RefOr<Schema>)>) -> Option<RefOr<Schema>> {
                let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
                let file = ObjectBuilder::new().schema_type(Type::String).format(Some(binary));
                Some(file.into())
            }
        }
    )+};
}

files!(CsvFile is "text/csv; charset=utf-8; header=present", SheetFile is SHEET);
