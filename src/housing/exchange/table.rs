//! A file as rows of cells, whatever its form: what is wrong with it as a file is a refusal, what is wrong with a cell is said of the cell.

use std::io::{Read, Seek, SeekFrom};

use super::{csv_file, xlsx_file};
use crate::housing::rules::Refusal;
use crate::problem::Problem;

/// The longest cell that is read, in bytes.
pub(super) const CELL_BYTES_MAX: usize = 2_000;
/// The most columns that are read.
pub(super) const COLUMNS_MAX: usize = 200;
/// The most rows of one file.
pub(super) const ROWS_MAX: u64 = 250_000;

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
            return Err(Problem::from(Refusal::FileTooManyRows).fact("rowsMax", ROWS_MAX));
        }
        visit(line, cells)
    };
    match begins.get(..read).unwrap_or_default() {
        [] => Err(Refusal::FileEmpty.into()),
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
pub(super) fn unreadable(_: std::io::Error) -> Problem {
    Refusal::FileUnreadable.into()
}
