//! A table for a spreadsheet (RFC 4180), whose cells are never taken for formulas.

use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};

use super::answer::{Answer, Reply, Schemas};
use crate::problem::Problem;

/// A table as text.
#[derive(Debug)]
pub struct Csv(String);

impl Csv {
    /// A table of these columns.
    #[must_use]
    pub fn new<const N: usize>(columns: &[&str; N]) -> Self {
        let mut table = Self(String::new());
        table.push(&columns.map(str::to_owned));
        table
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, cells: &[String; N]) {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// A cell in quotes. What a spreadsheet would take for a formula is preceded by an apostrophe, which makes it text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = text.replace('"', "\"\"");
    let apostrophe = if is_formula { "'" } else { "" };
    format!("\"{apostrophe}{text}\"")
}

impl Answer for Csv {
    const STATUS: u16 = 200;
    const MEDIA: &'static str = "text/csv; charset=utf-8; header=present";

    fn reply(self) -> Result<Reply, Problem> {
        Ok(Reply {
            status: Self::STATUS,
            version: None,
            location: None,
            body: Some(self.0.into_bytes().into()),
            media: Self::MEDIA,
        })
    }

    fn schema(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(ObjectBuilder::new().schema_type(Type::String).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_ends_another() {
        let mut table = Csv::new(&["a", "b"]);
        table.push(&["=1+1".to_owned(), "say \"hei\", and\r\ngo".to_owned()]);
        table.push(&["@SUM(A1)".to_owned(), "-1".to_owned()]);
        table.push(&["+47".to_owned(), "\t=1".to_owned()]);
        let expected = "\"a\",\"b\"\r\n\"'=1+1\",\"say \"\"hei\"\", and\r\ngo\"\r\n\"'@SUM(A1)\",\"'-1\"\r\n\"'+47\",\"'\t=1\"\r\n";
        assert_eq!(table.0, expected);
    }
}
