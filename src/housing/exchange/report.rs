//! What came of a file.

use serde::Serialize;
use utoipa::ToSchema;

use super::vocabulary::{COLUMNS, Field};
use crate::problem::FieldFault;

/// The most faults that are told; how many there are in all is told too.
pub(super) const FAULTS_MAX: usize = 1_000;

/// A fault of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowFault {
    /// The line in the file, or the row in the sheet; the header's is 1.
    pub line: u64,
    /// The column by our name for it.
    pub column: &'static str,
    /// Stable code of what is wrong.
    pub code: &'static str,
    /// What is wrong, in English.
    pub title: String,
    /// What is wrong, in Norwegian.
    pub title_nb: String,
}

impl RowFault {
    pub(super) fn new(line: u64, field: Field, code: &'static str, nb: &str, en: &str) -> Self {
        Self {
            line,
            column: field.name(),
            code,
            title: en.to_owned(),
            title_nb: nb.to_owned(),
        }
    }

    /// A fault that the register's own rules found.
    pub(super) fn of(line: u64, fault: FieldFault) -> Self {
        Self {
            line,
            column: column_of(&fault.pointer),
            code: fault.code,
            title: fault.title,
            title_nb: fault.title_nb,
        }
    }

    /// The same as a fault of a request.
    pub(super) fn into_field_fault(self) -> FieldFault {
        FieldFault {
            pointer: format!("/rows/{}/{}", self.line, self.column),
            code: self.code,
            title: self.title,
            title_nb: self.title_nb,
        }
    }
}

/// The column that a pointer into a description leads to.
fn column_of(pointer: &str) -> &'static str {
    let is_in = |name: &&str| pointer.split('/').any(|part| part == *name);
    let mut names = COLUMNS.iter().filter_map(|column| column.ours);
    names.find(is_in).unwrap_or_default()
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Whether it was only tried.
    pub dry_run: bool,
    /// Rows without the header.
    pub rows: u64,
    /// Homes that came into the register.
    pub created: u64,
    /// Homes that were described anew.
    pub updated: u64,
    /// Homes that were as the file says already.
    pub unchanged: u64,
    /// Rows with faults.
    pub faulty: u64,
    /// Faults in all.
    pub fault_count: u64,
    /// The first thousand of them.
    pub faults: Vec<RowFault>,
}

impl Imported {
    pub(super) fn note(&mut self, faults: Vec<RowFault>) {
        if faults.is_empty() {
            return;
        }
        self.faulty += 1;
        for fault in faults {
            self.fault_count += 1;
            if self.faults.len() < FAULTS_MAX {
                self.faults.push(fault);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_column_that_holds_the_field() {
        for (pointer, column) in [
            ("/floor", "floor"),
            ("/details/energyClass", "energyClass"),
            ("/details/rentParts/0/ore", "rentParts"),
            ("/features/1", "features"),
            ("/elsewhere", ""),
        ] {
            assert_eq!(column_of(pointer), column);
        }
    }
}
