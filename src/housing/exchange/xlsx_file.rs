//! Rows of the first sheet of an XLSX file, cell by cell as they stand in it: the sheet is never in memory whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, Xlsx};

use super::table::{CELL_BYTES_MAX, COLUMNS_MAX, Cell, ReadSeek, Visit, rewind};
use super::xlsx_guard::{Formulas, look_through};
use crate::housing::rules::Refusal;
use crate::problem::Problem;

/// Shows every row with its number in the sheet.
pub(super) fn each_row(file: &mut dyn ReadSeek, visit: &mut Visit<'_>) -> Result<(), Problem> {
    let formulas = look_through(file)?;
    rewind(file)?;
    let mut book = sound(|| Xlsx::new(file))?;
    let sheet = book.sheet_names().first().cloned();
    let sheet = sheet.ok_or(Refusal::FileEmpty)?;
    let mut cells = sound(|| book.worksheet_cells_reader(&sheet))?;
    let formulas = formulas_of_first(&formulas);
    let mut row: Vec<Cell> = Vec::new();
    let mut number = 0;
    while let Some(cell) = sound(|| cells.next_cell())? {
        let (at_row, at_column) = cell.get_position();
        if at_row != number {
            if at_row < number {
                return Err(Refusal::FileUnreadable.into());
            }
            visit(u64::from(number) + 1, &row)?;
            row.clear();
            number = at_row;
        }
        let column = usize::try_from(at_column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, Cell::Text(String::new()));
        }
        let is_formula = !formulas.is_empty() && formulas.contains(&name_of(at_row, at_column));
        if let Some(place) = row.get_mut(column) {
            *place = if is_formula {
                Cell::Formula
            } else {
                read(cell.get_value())
            };
        }
    }
    visit(u64::from(number) + 1, &row)
}

/// A damaged file is the client's mistake, also where the library that reads it loses its head.
fn sound<T, E>(read: impl FnOnce() -> Result<T, E>) -> Result<T, Refusal> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(Refusal::FileUnreadable),
    }
}

/// The cells with formulas of the first sheet: the one that spreadsheets write first has the first name.
fn formulas_of_first(formulas: &Formulas) -> std::collections::BTreeSet<String> {
    let first = formulas.iter().map(|(part, _)| part).next().cloned();
    formulas
        .iter()
        .filter(|(part, _)| Some(part) == first.as_ref())
        .map(|(_, cell)| cell.clone())
        .collect()
}

/// A cell's name as sheets write it: `AB12`.
fn name_of(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    let letters: String = letters.into_iter().collect();
    format!("{letters}{}", row + 1)
}

fn read(value: &DataRef<'_>) -> Cell {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Displayed without an exponent, and whole numbers without decimals.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(it) => it.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) => text.chars().take(10).collect(),
        DataRef::DurationIso(_) | DataRef::Error(_) => return Cell::Broken,
    };
    if text.len() > CELL_BYTES_MAX {
        Cell::TooLong
    } else if text.contains('\0') {
        Cell::Broken
    } else {
        Cell::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{Workbook, XlsxError};

    use super::*;

    #[test]
    fn a_cell_is_named_as_sheets_name_it() {
        let names = [(0, 0), (16, 2), (11, 27), (0, 701), (0, 702)]
            .map(|(row, column)| name_of(row, column));
        assert_eq!(names, ["A1", "C17", "AB12", "ZZ1", "AAA1"]);
    }

    fn book() -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "adresse")?;
        sheet.write_string(0, 1, "leie")?;
        sheet.write_string(1, 0, "Åsvegen 1")?;
        sheet.write_number(1, 1, 8500.5)?;
        sheet.write_number(2, 1, 8500)?;
        sheet.write_formula(3, 1, "=1+1")?;
        book.save_to_buffer()
    }

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<Cell>)>, Problem> {
        let mut rows = Vec::new();
        each_row(&mut Cursor::new(bytes.to_vec()), &mut |line, cells| {
            rows.push((line, cells.to_vec()));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn rows_numbers_and_formulas_are_read_as_they_stand() {
        let text = |it: &str| Cell::Text(it.to_owned());
        let expected = vec![
            (1, vec![text("adresse"), text("leie")]),
            (2, vec![text("Åsvegen 1"), text("8500.5")]),
            (3, vec![text(""), text("8500")]),
            (4, vec![text(""), Cell::Formula]),
        ];
        assert_eq!(rows(&book().unwrap()).unwrap(), expected);
    }

    #[test]
    fn a_file_that_is_cut_off_or_damaged_is_refused_wherever_that_is() {
        let whole = book().unwrap();
        for end in (0..whole.len()).step_by(41) {
            let refused = rows(&whole[..end]).unwrap_err();
            assert_eq!(refused.kind.code, "file_unreadable", "cut off at {end}");
        }
        for at in (0..whole.len()).step_by(17) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x5A;
            // It may still be readable; what counts is that nothing worse happens.
            if let Err(problem) = rows(&damaged) {
                assert!(!problem.is_fault(), "damaged at {at}: {:?}", problem.kind);
            }
        }
    }
}
