//! The first row of a file: which column holds what.

use super::table::Cell;
use super::vocabulary::{COLUMNS, Column, Field, OF_PEOPLE, PASSED_OVER};
use crate::housing::rules::Refusal;
use crate::problem::{FieldFault, Problem};

/// What each column holds; nothing that is read where it is passed over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header(Vec<Option<Field>>);

/// Fields of which a file has one or the other.
const ALTERNATIVES: &[(Field, Field)] = &[
    (Field::RentOre, Field::RentKroner),
    (Field::Tenure, Field::Disposal),
    (Field::Tenure, Field::Ownership),
];

impl Header {
    /// Reads a header, or names every column that is wrong by its number; names that are none of ours are not repeated.
    pub(super) fn read(cells: &[Cell]) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let mut fields = Vec::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            let Cell::Text(name) = cell else {
                faults.unknown(at);
                continue;
            };
            let is = |known: &&&str| known.eq_ignore_ascii_case(name);
            let field = find(name).map(|column| column.field);
            if name.is_empty() || PASSED_OVER.iter().find(is).is_some() {
                fields.push(None);
            } else if OF_PEOPLE.iter().find(is).is_some() {
                faults.of_people(at);
            } else if field.is_none() {
                faults.unknown(at);
            } else if fields.contains(&field) {
                faults.twice(at);
            } else {
                fields.push(field);
            }
        }
        let header = Self(fields);
        for (one, other) in ALTERNATIVES {
            if let (true, Some(at)) = (header.has(*one), header.place(*other)) {
                faults.twice(at);
            }
        }
        if !header.has(Field::SupplierId) {
            faults.missing(Field::SupplierId);
        }
        if faults.0.is_empty() {
            return Ok(header);
        }
        Err(Problem {
            errors: faults.0,
            ..Problem::from(Refusal::FileHeader)
        })
    }

    /// The columns that are read, with their places.
    pub(super) fn fields(&self) -> impl Iterator<Item = (usize, Field)> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(at, field)| Some((at, (*field)?)))
    }

    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.0.iter().position(|it| *it == Some(field))
    }

    fn has(&self, field: Field) -> bool {
        self.place(field).is_some()
    }
}

fn find(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| {
        [column.ours, column.kobo]
            .into_iter()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    fn add(&mut self, at: usize, code: &'static str, nb: &str, en: &str) {
        let pointer = format!("/header/{}", at + 1);
        self.0.push(FieldFault::new(pointer, code, nb, en));
    }

    fn unknown(&mut self, at: usize) {
        self.add(at, "unknown_column", "Ukjent kolonne.", "Unknown column.");
    }

    fn twice(&mut self, at: usize) {
        self.add(
            at,
            "duplicate_column",
            "Det samme står i to kolonner.",
            "The same stands in two columns.",
        );
    }

    fn of_people(&mut self, at: usize) {
        self.add(
            at,
            "column_of_people",
            "Opplysninger om personer leses ikke inn med boliger. Ta kolonnen bort.",
            "Data about people is not taken in with homes. Take the column away.",
        );
    }

    fn missing(&mut self, field: Field) {
        let name = field.name();
        self.0.push(FieldFault::new(
            "/header",
            "missing",
            format!("Kolonnen {name} mangler."),
            format!("The column {name} is missing."),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Result<Header, Vec<(String, &'static str)>> {
        let cells: Vec<Cell> = names
            .iter()
            .map(|it| Cell::Text((*it).to_owned()))
            .collect();
        Header::read(&cells).map_err(|problem| {
            let errors = problem.errors.into_iter();
            errors.map(|it| (it.pointer, it.code)).collect()
        })
    }

    #[test]
    fn both_forms_are_known_in_any_case_and_may_be_mixed() {
        let header = read(&["LeverandorBoligId", "", "unitnumber", "eier"]).unwrap();
        let fields: Vec<_> = header.fields().collect();
        assert_eq!(fields, [(0, Field::SupplierId), (2, Field::UnitNumber)]);
    }

    #[test]
    fn everything_wrong_with_a_header_is_named_at_once() {
        let faults = read(&["adresse", "husstand", "farge", "streetAddress"]).unwrap_err();
        let expected = [
            ("/header/2", "column_of_people"),
            ("/header/3", "unknown_column"),
            ("/header/4", "duplicate_column"),
            ("/header", "missing"),
        ];
        assert_eq!(faults, expected.map(|(at, code)| (at.to_owned(), code)));
        let faults = read(&["supplierId", "rentOre", "leiekostnad"]).unwrap_err();
        assert_eq!(faults, [("/header/3".to_owned(), "duplicate_column")]);
    }
}
