//! Looks through an XLSX file before it is opened as one: that it is whole, that it does not unpack without bounds, and where it
//! holds formulas.
//!
//! The library that reads spreadsheets keeps every text of one in memory and trusts what the file says of their number.

use std::collections::BTreeSet;
use std::io::Read;

use zip::ZipArchive;

use super::table::ReadSeek;
use crate::housing::rules::Refusal;

/// Bytes that a sheet may unpack to; they are read and let go.
const SHEET_BYTES_MAX: u64 = 400 * 1024 * 1024;
/// Bytes that the other parts may unpack to, all together; they are kept.
const OTHER_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// How many times larger than its packed form a part may be: ten times is usual for a sheet.
const RATIO_MAX: u64 = 200;
/// Parts so small that their ratio says nothing.
const SMALL_BYTES: u64 = 1024 * 1024;
const PARTS_MAX: usize = 2_000;
/// The longest tag that is looked at.
const TAG_BYTES_MAX: usize = 400;

/// The names of the cells that hold formulas, by the name of the part that holds them: `xl/worksheets/sheet1.xml`, `C17`.
pub(super) type Formulas = BTreeSet<(String, String)>;

/// Reads every part once.
pub(super) fn look_through(file: &mut dyn ReadSeek) -> Result<Formulas, Refusal> {
    let mut archive = ZipArchive::new(file).map_err(|_| Refusal::FileUnreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Refusal::FileExpandsTooFar);
    }
    let mut formulas = Formulas::new();
    let mut others = 0;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| Refusal::FileUnreadable)?;
        let name = part
            .name()
            .map_err(|_| Refusal::FileUnreadable)?
            .into_owned();
        let packed = part.compressed_size();
        let is_sheet = name.contains("worksheets/") && name.to_ascii_lowercase().ends_with(".xml");
        let mut tags = Tags::default();
        let mut chunk = vec![0; 64 * 1024];
        let mut unpacked: u64 = 0;
        loop {
            let read = part.read(&mut chunk).map_err(|_| Refusal::FileUnreadable)?;
            let bytes = chunk.get(..read).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            unpacked += u64::try_from(read).unwrap_or(u64::MAX);
            let is_dense = unpacked > SMALL_BYTES && unpacked > packed.saturating_mul(RATIO_MAX);
            let most = if is_sheet {
                SHEET_BYTES_MAX
            } else {
                OTHER_BYTES_MAX - others
            };
            if is_dense || unpacked > most {
                return Err(Refusal::FileExpandsTooFar);
            }
            tags.take(bytes);
        }
        if tags.promised > OTHER_BYTES_MAX {
            return Err(Refusal::FileExpandsTooFar);
        }
        if is_sheet {
            let cells = tags.formulas.into_iter();
            formulas.extend(cells.map(|cell| (name.clone(), cell)));
        } else {
            others += unpacked;
        }
    }
    Ok(formulas)
}

/// Reads the tags of a part as they come by.
#[derive(Default)]
struct Tags {
    is_within: bool,
    tag: Vec<u8>,
    /// The cell that was opened last.
    cell: String,
    formulas: Vec<String>,
    /// How many texts the part says that it has.
    promised: u64,
}

impl Tags {
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (self.is_within, byte) {
                (false, b'<') => {
                    self.is_within = true;
                    self.tag.clear();
                }
                (true, b'>') => {
                    self.is_within = false;
                    self.close();
                }
                (true, byte) if self.tag.len() < TAG_BYTES_MAX => self.tag.push(*byte),
                _ => {}
            }
        }
    }

    fn close(&mut self) {
        let tag = String::from_utf8_lossy(&self.tag);
        let name = tag.split([' ', '/', '\t', '\r', '\n']).next();
        let name = name.unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        match name {
            "c" => self.cell = attribute(&tag, "r").unwrap_or_default().to_owned(),
            // A sheet of nothing but formulas needs no list of all of them.
            "f" if self.formulas.len() < 1_000 => self.formulas.push(self.cell.clone()),
            "sst" => {
                let count = |name| attribute(&tag, name).and_then(|it| it.parse().ok());
                let most = count("uniqueCount").max(count("count"));
                self.promised = self.promised.max(most.unwrap_or_default());
            }
            _ => {}
        }
    }
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let opening = format!(" {name}=\"");
    let (_, rest) = tag.split_once(&opening)?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_found_across_the_seams_of_what_is_read() {
        let mut tags = Tags::default();
        let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row><x:c r="C9"><x:f t="shared"/></x:c>"#;
        for byte in sheet.as_bytes() {
            tags.take(&[*byte]);
        }
        assert_eq!(tags.formulas, ["B1", "C9"]);
    }

    #[test]
    fn a_promise_of_more_texts_than_there_can_be_is_noticed() {
        let mut tags = Tags::default();
        tags.take(br#"<sst count="9" uniqueCount="1000000000000">"#);
        assert_eq!(tags.promised, 1_000_000_000_000);
    }
}
