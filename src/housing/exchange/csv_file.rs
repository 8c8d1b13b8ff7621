//! Rows of a CSV file, in whichever of the usual encodings and with whichever of the usual separators.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::table::{CELL_BYTES_MAX, COLUMNS_MAX, Cell, ReadSeek, Visit, rewind, unreadable};
use crate::housing::rules::Refusal;
use crate::problem::Problem;

/// What was found out about a file before its rows are read.
struct Nature {
    encoding: &'static Encoding,
    separator: u8,
    mark_bytes: usize,
    /// Whether rows end in a carriage return and a line feed.
    ends_in_two: bool,
}

/// Shows every row. Both encodings write separators and quotes as ASCII does, so that rows are parted first and decoded after.
pub(super) fn each_row(file: &mut dyn ReadSeek, visit: &mut Visit<'_>) -> Result<(), Problem> {
    let nature = look_at(file)?;
    rewind(file)?;
    let mut mark = vec![0; nature.mark_bytes];
    file.read_exact(&mut mark).map_err(unreadable)?;
    // However the file ends, its last row is ended as the others are.
    let end: &[u8] = if nature.ends_in_two { b"\r\n" } else { b"\n" };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(nature.separator)
        .terminator(Terminator::CRLF)
        .from_reader(file.chain(end));
    let mut record = ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|_| Refusal::FileUnreadable)?
    {
        let breaks = record.iter().flatten().filter(|byte| **byte == b'\n');
        let within = u64::try_from(breaks.count()).unwrap_or_default();
        // The reader has counted the row's own end where that is a single character.
        let end = u64::from(!nature.ends_in_two);
        let line = reader.position().line().saturating_sub(within + end);
        let cells: Vec<Cell> = record
            .iter()
            .take(COLUMNS_MAX)
            .map(|bytes| cell(bytes, nature.encoding))
            .collect();
        visit(line, &cells)?;
    }
    Ok(())
}

fn cell(bytes: &[u8], encoding: &'static Encoding) -> Cell {
    if bytes.len() > CELL_BYTES_MAX {
        return Cell::TooLong;
    }
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
        return Cell::Broken;
    };
    let text = text.trim();
    if text.contains('\0') {
        return Cell::Broken;
    }
    let (first, second) = (text.chars().next(), text.chars().nth(1));
    match first {
        // Our own files write so what a spreadsheet would take for a formula.
        Some('\'') if second.is_some_and(begins_formula) => {
            Cell::Text(text.chars().skip(1).collect())
        }
        Some('=' | '@') => Cell::Formula,
        Some('+' | '-') if !second.is_some_and(|it| it.is_ascii_digit()) && second.is_some() => {
            Cell::Formula
        }
        _ => Cell::Text(text.to_owned()),
    }
}

/// What a spreadsheet takes for the beginning of a formula.
pub(super) const fn begins_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// Reads the whole file once: whether all of it is UTF-8, and what parts the cells of the first line.
fn look_at(file: &mut dyn ReadSeek) -> Result<Nature, Problem> {
    let mut utf_8 = UTF_8.new_decoder_without_bom_handling();
    let mut is_utf_8 = true;
    let mut head: Vec<u8> = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    let mut decoded = String::with_capacity(4 * chunk.len());
    loop {
        let read = file.read(&mut chunk).map_err(unreadable)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if head.len() < CELL_BYTES_MAX * 8 {
            head.extend_from_slice(bytes);
        }
        if is_utf_8 {
            decoded.clear();
            let (outcome, _) =
                utf_8.decode_to_string_without_replacement(bytes, &mut decoded, read == 0);
            is_utf_8 = !matches!(outcome, encoding_rs::DecoderResult::Malformed(..));
        }
        if read == 0 {
            break;
        }
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(Refusal::FileEncoding.into());
    }
    if head.iter().take(1_000).any(|byte| *byte == 0) {
        return Err(Refusal::FileUnreadable.into());
    }
    let mark_bytes = if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        3
    } else {
        0
    };
    Ok(Nature {
        // Windows' Latin-1 has every letter of the other and the characters that Windows puts in its gaps.
        encoding: if is_utf_8 { UTF_8 } else { WINDOWS_1252 },
        separator: separator(&head),
        mark_bytes,
        ends_in_two: head
            .iter()
            .position(|byte| *byte == b'\n')
            .and_then(|at| head.get(at.checked_sub(1)?))
            .is_some_and(|before| *before == b'\r'),
    })
}

/// Whichever of the usual separators the first line has most of.
fn separator(head: &[u8]) -> u8 {
    let first = head
        .iter()
        .take_while(|byte| !matches!(byte, b'\n' | b'\r'));
    let count = |separator: u8| first.clone().filter(|byte| **byte == separator).count();
    [b';', b',', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b';')
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<Cell>)> {
        let mut rows = Vec::new();
        each_row(&mut Cursor::new(bytes.to_vec()), &mut |line, cells| {
            rows.push((line, cells.to_vec()));
            Ok(())
        })
        .unwrap();
        rows
    }

    fn text(it: &str) -> Cell {
        Cell::Text(it.to_owned())
    }

    #[test]
    fn the_same_rows_are_read_from_every_usual_form() {
        let expected = vec![
            (1, vec![text("adresse"), text("leie")]),
            (2, vec![text("Åsvegen 1; inngang B"), text("8500")]),
        ];
        let utf_8 = "adresse;leie\r\n\"Åsvegen 1; inngang B\";8500\r\n";
        assert_eq!(rows(utf_8.as_bytes()), expected);
        let marked = [&[0xEF, 0xBB, 0xBF], utf_8.as_bytes()].concat();
        assert_eq!(rows(&marked), expected);
        let (latin_1, ..) = WINDOWS_1252.encode(utf_8);
        assert_eq!(rows(&latin_1), expected);
        let commas = "adresse,leie\n\"Åsvegen 1; inngang B\",8500";
        assert_eq!(rows(commas.as_bytes()), expected);
    }

    #[test]
    fn rows_bear_the_lines_in_which_they_begin() {
        for end in ["\n", "\r\n"] {
            let file = ["a;b", "\"x", "y\";1", "", "z;2"].join(end);
            let lines: Vec<u64> = rows(file.as_bytes())
                .iter()
                .map(|(line, _)| *line)
                .collect();
            assert_eq!(lines, [1, 2, 5], "{end:?}");
        }
    }

    #[test]
    fn a_formula_is_told_from_a_number_and_from_our_own_quoting() {
        let cells = &rows(b"a;b;c;d;e;f\n=1+1;@SUM;-1;-A1;'=x;+47")[1].1;
        let expected = [
            Cell::Formula,
            Cell::Formula,
            text("-1"),
            Cell::Formula,
            text("=x"),
            text("+47"),
        ];
        assert_eq!(cells, &expected);
    }

    #[test]
    fn a_cell_of_ten_megabytes_is_named_and_not_kept() {
        let file = [
            b"a;b\nx;".to_vec(),
            vec![b'y'; 10_000_000],
            b"\nz;w".to_vec(),
        ]
        .concat();
        let rows = rows(&file);
        assert_eq!(rows[1], (2, vec![text("x"), Cell::TooLong]));
        assert_eq!(rows[2], (3, vec![text("z"), text("w")]));
    }

    #[test]
    fn other_encodings_and_binary_files_are_refused() {
        let refused = |bytes: &[u8]| {
            let mut file = Cursor::new(bytes.to_vec());
            each_row(&mut file, &mut |_, _| Ok(()))
                .unwrap_err()
                .kind
                .code
        };
        assert_eq!(refused(&[0xFF, 0xFE, b'a', 0]), "file_encoding");
        assert_eq!(refused(&[1, 2, 0, 3]), "file_unreadable");
    }
}
