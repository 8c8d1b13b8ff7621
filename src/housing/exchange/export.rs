//! Writes the stock into a file: in our words or in KOBO's, as CSV or as a spreadsheet.
//!
//! The file has no name and lies where temporary files lie: some 25 MB for 100,000 homes, and half of that as a spreadsheet. All of it
//! is of one moment, since it is read in one transaction, page by page in order of id; of the stock only one page is ever in memory.
//! Then it is read from there as fast as the client takes it, when the transaction is over and the connection serves others.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::cells::{BETWEEN, kroner_of_ore};
use super::csv_file::begins_formula;
use super::store;
use super::vocabulary::{COLUMNS, Column, Field, kobo_word};
use crate::codes;
use crate::db::Tx;
use crate::housing::telling::tell_all;
use crate::housing::{Category, Dwelling, Feature, Tenure, measures};
use crate::ids::{DwellingId, MeasureId};
use crate::problem::Problem;

codes! {
    /// The form of a file.
    pub(super) enum FileForm {
        /// Cells between semicolons, UTF-8 with a byte-order mark, as spreadsheets in Norway read it.
        Csv = "CSV",
        /// A spreadsheet.
        Xlsx = "XLSX",
    }
}

codes! {
    /// Whose words a file speaks.
    pub(super) enum Words {
        /// Ours.
        Ours = "OURS",
        /// Those of KOBO's public Bolig API.
        Kobo = "KOBO",
    }
}

/// A cell to be written.
enum Written {
    Text(String),
    Number(i64),
    Nothing,
}

/// The whole stock as a file.
pub(super) fn export(tx: &mut Tx<'_>, form: FileForm, words: Words) -> Result<File, Problem> {
    let columns: Vec<(&Column, &str)> = COLUMNS
        .iter()
        .filter_map(|column| {
            let name = match words {
                Words::Ours => column.ours,
                Words::Kobo => column.kobo,
            };
            Some((column, name?))
        })
        .collect();
    let numbers: BTreeMap<MeasureId, String> = measures::ids_by_number(tx)?
        .into_iter()
        .map(|(number, id)| (id, number))
        .collect();
    let telling = Telling { words, numbers };
    match form {
        FileForm::Csv => as_csv(tx, &columns, &telling),
        FileForm::Xlsx => as_sheet(tx, &columns, &telling),
    }
}

/// Shows every home of the stock as cells, in batches.
fn each_home(
    tx: &mut Tx<'_>,
    columns: &[(&Column, &str)],
    telling: &Telling,
    write: &mut dyn FnMut(Vec<Written>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut after = DwellingId::NIL;
    loop {
        let homes = store::next_homes(tx, after)?;
        let Some(last) = homes.last() else {
            return Ok(());
        };
        after = last.id;
        for home in tell_all(tx, homes)? {
            let cells = columns.iter();
            write(cells.map(|(it, _)| telling.cell(it.field, &home)).collect())?;
        }
    }
}

fn as_csv(
    tx: &mut Tx<'_>,
    columns: &[(&Column, &str)],
    telling: &Telling,
) -> Result<File, Problem> {
    let broken = |error: csv::Error| Problem::internal(error.to_string());
    let mut file = BufWriter::new(tempfile::tempfile().map_err(unkept)?);
    // The byte-order mark, without which spreadsheets take the file for Latin-1.
    file.write_all(&[0xEF, 0xBB, 0xBF]).map_err(unkept)?;
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(file);
    writer
        .write_record(columns.iter().map(|(_, name)| name))
        .map_err(broken)?;
    each_home(tx, columns, telling, &mut |cells| {
        let cells = cells.into_iter().map(|cell| match cell {
            Written::Text(text) if text.starts_with(begins_formula) => format!("'{text}"),
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
            Written::Nothing => String::new(),
        });
        writer.write_record(cells).map_err(broken)
    })?;
    let file = writer.into_inner();
    let file = file.map_err(|error| Problem::internal(error.to_string()))?;
    file.into_inner()
        .map_err(|error| unkept(error.into_error()))
}

fn as_sheet(
    tx: &mut Tx<'_>,
    columns: &[(&Column, &str)],
    telling: &Telling,
) -> Result<File, Problem> {
    let mut book = Workbook::new();
    // Its rows go to a file of their own as they come, so that a large stock is not in memory whole.
    let sheet = book
        .add_worksheet_with_constant_memory()
        .map_err(unwritten)?;
    for (at, (_, name)) in columns.iter().enumerate() {
        put(sheet, 0, at, Written::Text((*name).to_owned())).map_err(unwritten)?;
    }
    let mut row = 0;
    each_home(tx, columns, telling, &mut |cells| {
        row += 1;
        let mut cells = cells.into_iter().enumerate();
        cells
            .try_for_each(|(at, cell)| put(sheet, row, at, cell))
            .map_err(unwritten)
    })?;
    let file = tempfile::tempfile().map_err(unkept)?;
    book.save_to_writer(&file).map_err(unwritten)?;
    Ok(file)
}

fn put(sheet: &mut Worksheet, row: u32, at: usize, cell: Written) -> Result<(), XlsxError> {
    let column = u16::try_from(at).unwrap_or(u16::MAX);
    match cell {
        Written::Text(text) => sheet.write_string(row, column, text).map(|_| ()),
        Written::Number(number) => sheet.write_number(row, column, exact(number)).map(|_| ()),
        Written::Nothing => Ok(()),
    }
}

/// A spreadsheet knows no whole numbers; ours are small enough to be kept exactly.
#[expect(
    clippy::cast_precision_loss,
    clippy::as_conversions,
    reason = "below 2^53, by the bounds of every field"
)]
const fn exact(number: i64) -> f64 {
    number as f64
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` asks for"
)]
fn unwritten(error: XlsxError) -> Problem {
    Problem::internal(error.to_string())
}

fn unkept(error: std::io::Error) -> Problem {
    Problem::internal(error.to_string())
}

struct Telling {
    words: Words,
    numbers: BTreeMap<MeasureId, String>,
}

impl Telling {
    fn cell(&self, field: Field, home: &Dwelling) -> Written {
        let it = &home.description;
        let number = |number: Option<i64>| number.map_or(Written::Nothing, Written::Number);
        let text = |text: &str| Written::Text(text.to_owned());
        match field {
            Field::SupplierId => text(it.supplier_id.as_deref().unwrap_or_default()),
            Field::Id => Written::Text(home.id.to_string()),
            Field::CadastralId => text(&it.cadastral_id),
            Field::BuildingNumber => text(&it.building_number),
            Field::UnitNumber => text(&it.unit_number),
            Field::ExtraReference => text(&it.extra_reference),
            Field::StreetAddress => text(&it.street_address),
            Field::PostalCode => text(&it.postal_code),
            Field::PostalPlace => text(&it.postal_place),
            Field::Area => text(&it.area),
            Field::Bedrooms => number(Some(it.bedrooms.into())),
            Field::UsableArea => number(Some(it.usable_area_m2.into())),
            Field::Floor => number(Some(it.floor.into())),
            Field::Capacity => number(Some(it.capacity.into())),
            Field::RentOre => number(Some(it.rent_ore)),
            Field::RentKroner => Written::Text(kroner_of_ore(it.rent_ore)),
            Field::MinAge => number(it.min_age.map(i64::from)),
            Field::MaxAge => number(it.max_age.map(i64::from)),
            Field::InspectedOn => day(it.inspected_on),
            Field::DemolitionFrom => day(it.demolition_from),
            Field::ExpectedOn => day(it.details.expected_on),
            Field::Shared => self.yes_or_no(it.category == Category::SharedHousing),
            Field::Wheelchair => self.yes_or_no(it.features.contains(&Feature::Wheelchair)),
            Field::RentToOwn => self.yes_or_no(it.details.rent_to_own),
            Field::VatCompensation => self.yes_or_no(it.details.vat_compensation),
            Field::Measure => {
                let number = it.measure_id.and_then(|id| self.numbers.get(&id));
                text(number.map(String::as_str).unwrap_or_default())
            }
            _ => Written::Text(self.codes(field, home)),
        }
    }

    /// A field of codes: one, or several in a list.
    fn codes(&self, field: Field, home: &Dwelling) -> String {
        let it = &home.description;
        let one = |code: &'static str| self.word(field, code).to_owned();
        let several = |codes: Vec<&'static str>| {
            let words: Vec<&str> = codes
                .into_iter()
                .map(|code| self.word(field, code))
                .collect();
            words.join(&BETWEEN.to_string())
        };
        match field {
            Field::Category => one(it.category.code()),
            Field::State => one(home.state.code()),
            Field::Tenure => one(it.tenure.code()),
            Field::Disposal => one(match it.tenure {
                Tenure::CoopShare => Tenure::Owned.code(),
                tenure => tenure.code(),
            }),
            Field::Ownership => match it.tenure {
                Tenure::Owned | Tenure::CoopShare => one(it.tenure.code()),
                Tenure::LeasedIn | Tenure::PrivateWithRight => String::new(),
            },
            Field::Kind => it
                .details
                .kind
                .map(|kind| one(kind.code()))
                .unwrap_or_default(),
            Field::ConditionClass => {
                let class = it.details.condition_class;
                class.map(|class| one(class.code())).unwrap_or_default()
            }
            Field::EnergyClass => {
                let class = it.details.energy_class;
                class.map(|class| one(class.code())).unwrap_or_default()
            }
            Field::Features => several(it.features.iter().map(|it| it.code()).collect()),
            Field::Services => several(it.services.iter().map(|it| it.code()).collect()),
            Field::Neighbourhood => {
                let tags = it.details.neighbourhood.iter();
                several(tags.map(|it| it.code()).collect())
            }
            _ => {
                let part = |part: &crate::housing::RentPart| {
                    format!("{}:{}", self.word(field, part.kind.code()), part.ore)
                };
                let parts: Vec<String> = it.details.rent_parts.iter().map(part).collect();
                parts.join(&BETWEEN.to_string())
            }
        }
    }

    fn word(&self, field: Field, code: &'static str) -> &'static str {
        match self.words {
            Words::Ours => code,
            Words::Kobo => kobo_word(field, code),
        }
    }

    fn yes_or_no(&self, yes: bool) -> Written {
        let word = match (self.words, yes) {
            (Words::Ours, true) => "true",
            (Words::Ours, false) => "false",
            (Words::Kobo, true) => "JA",
            (Words::Kobo, false) => "NEI",
        };
        Written::Text(word.to_owned())
    }
}

fn day(day: Option<crate::clock::Day>) -> Written {
    day.map_or(Written::Nothing, |day| Written::Text(day.0.to_string()))
}
