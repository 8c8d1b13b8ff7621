//! The stock as a file: taken in from spreadsheets and handed out in the same forms.
//!
//! **Forms.** CSV (`;`, `,` or tab between the cells; UTF-8 with or without a byte-order mark, or Latin-1 as Windows writes it) and
//! XLSX. The columns bear our names or those of KOBO's public Bolig API; both stand in one table, [`vocabulary`], which reading and
//! writing share.
//!
//! **Invariants.** A file is taken in whole or not at all, unless asked otherwise. A row is known by its supplier id: the same file
//! taken in twice changes nothing the second time. Others write while a file is read; only what comes of it is written in one go. Nothing of a file is repeated in an answer but lines and the names of columns.
//!
//! **Not here.** Residents and tenancies: a column of them is refused.

mod cells;
mod csv_file;
mod export;
mod header;
mod import;
mod report;
mod routes;
mod row;
mod staged;
mod store;
mod table;
mod vocabulary;
mod xlsx_file;
mod xlsx_guard;

pub use import::{ImportOptions, read_dwellings};
pub use report::Imported;
pub(super) use routes::endpoints;
pub use staged::{Staged, take_in};
pub use table::ReadSeek;
