//! A file as rows of cells, whatever its form: what is wrong with it as a file is a refusal, what is wrong with a cell is said of the cell.

use std::io::{Read, Seek, SeekFrom};

use super::{csv_file, xlsx_file};
use crate::problem::Problem;
use crate::refusals;

/// The longest cell that is read, in bytes.
pub(super) const CELL_BYTES_MAX: usize = 2_000;
/// The most columns that are read.
pub(super) const COLUMNS_MAX: usize = 200;
/// The most rows of one file.
pub(super) const ROWS_MAX: u64 = 250_000;

refusals! {
    /// Why a file is not taken in.
    pub enum FileRefusal {
        Empty = 422 "file_empty", "Filen har ingen rader.", "The file has no rows.";
        Unreadable = 422 "file_unreadable", "Filen er verken CSV eller en hel XLSX-fil, eller den er skadet eller kryptert.", "The file is neither CSV nor a whole XLSX file, or it is damaged or encrypted.";
        ExpandsTooFar = 422 "file_expands_too_far", "Filen pakker ut til langt mer enn et regneark skal.", "The file unpacks to far more than a spreadsheet should.";
        Encoding = 422 "file_encoding", "Tegnsettet må være UTF-8 eller Latin-1.", "The encoding must be UTF-8 or Latin-1.";
        TooManyRows = 422 "file_too_many_rows", "Filen har for mange rader. Del den opp.", "The file has too many rows. Divide it.";
        Header = 422 "file_header", "Kolonneoverskriftene stemmer ikke.", "The header is not as it must be.";
        Rows = 422 "file_rows", "Rader i filen har feil. Ingenting er lest inn.", "Rows of the file have faults. Nothing was taken in.";
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    /// Something that a spreadsheet computes: what it comes to is not known here.
    Formula,
    TooLong,
    /// Bytes that are no text, or an error value.
    Broken,
}

/// Shows each row with its line, the header first. Rows without any text are passed over.
pub(super) type Visit<'v> = dyn FnMut(u64, &[Cell]) -> Result<(), Problem> + 'v;

/// Something that can be read from anywhere in it.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Shows every row of a file.
pub(super) fn each_row(file: &mut dyn ReadSeek, visit: &mut Visit<'_>) -> Result<(), Problem> {
    let mut begins = [0; 4];
    let read = read_up_to(file, &mut begins)?;
    rewind(file)?;
    let mut rows = 0;
    let mut visit = |line: u64, cells: &[Cell]| {
        let is_blank = |cell: &Cell| matches!(cell, Cell::Text(text) if text.is_empty());
        if cells.iter().all(is_blank) {
            return Ok(());
        }
        rows += 1;
        // The header is no row.
        if rows > ROWS_MAX + 1 {
            return Err(Problem::from(FileRefusal::TooManyRows).fact("rowsMax", ROWS_MAX));
        }
        visit(line, cells)
    };
    match begins.get(..read).unwrap_or_default() {
        [] => Err(FileRefusal::Empty.into()),
        [b'P', b'K', 3, 4] => xlsx_file::each_row(file, &mut visit),
        _ => csv_file::each_row(file, &mut visit),
    }
}

pub(super) fn rewind(file: &mut dyn ReadSeek) -> Result<(), Problem> {
    file.seek(SeekFrom::Start(0))
        .map(|_| ())
        .map_err(unreadable)
}

fn read_up_to(file: &mut dyn ReadSeek, into: &mut [u8]) -> Result<usize, Problem> {
    let mut read = 0;
    while let Some(rest) = into.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest).map_err(unreadable)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

/// The cause is for the log; it may quote the file.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` asks for"
)]
pub(super) fn unreadable(_: std::io::Error) -> Problem {
    FileRefusal::Unreadable.into()
}
