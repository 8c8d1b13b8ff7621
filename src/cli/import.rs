//! `import dwellings FILE`: how a municipality's stock comes into the register, with its progress on the terminal.

use std::cell::Cell;
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::setup::{find, open, told};
use crate::auth::Caller;
use crate::cadastral::MunicipalityNumber;
use crate::db::Tx;
use crate::housing::{self, ImportOptions, Imported};
use crate::problem::{FieldFault, Problem};

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Take homes in from a CSV or XLSX file, with our columns or KOBO's
    Dwellings(Dwellings),
}

#[derive(Debug, Args)]
pub(super) struct Dwellings {
    /// The file
    file: PathBuf,
    /// The municipality's number
    #[arg(long)]
    municipality: MunicipalityNumber,
    /// Only tell what would come of it
    #[arg(long)]
    dry_run: bool,
    /// Leave rows with faults out; otherwise one fault keeps the whole file out
    #[arg(long)]
    skip_faulty: bool,
}

/// Takes the file in. Its exit status tells whether every row was sound.
pub(super) fn import(command: ImportCommand) -> Result<ExitCode, Box<dyn Error>> {
    let ImportCommand::Dwellings(asked) = command;
    // Opened once here, so that a wrong path is told before anything else.
    drop(File::open(&asked.file)?);
    let db = open()?.0;
    let caller = Arc::new(Caller::system(find(&db, asked.municipality)?));
    let options = ImportOptions {
        dry_run: asked.dry_run,
        skip_faulty: asked.skip_faulty,
    };
    let path = asked.file;
    let read = move |tx: &mut Tx<'_>| {
        let file = File::open(&path).map_err(|error| Problem::internal(error.to_string()))?;
        let progress = Progress::default();
        housing::read_dwellings(tx, &mut BufReader::new(file), options, &|rows| {
            progress.tell(rows);
        })
    };
    let done = actix_web::rt::System::new()
        .block_on(async { db.read_then_write(&caller, read, housing::take_in).await });
    db.close();
    match done {
        Ok(imported) => Ok(conclude(&imported)),
        Err(problem) if !problem.is_fault() => Ok(refuse(&problem)),
        Err(problem) => Err(told(problem).into()),
    }
}

/// How far the reading has come, told in place on a terminal and now and then elsewhere.
#[derive(Default)]
struct Progress(Cell<u64>);

impl Progress {
    #[expect(
        clippy::print_stderr,
        reason = "a command line tells how it goes there"
    )]
    fn tell(&self, rows: u64) {
        let is_terminal = std::io::stderr().is_terminal();
        let step = if is_terminal { 500 } else { 20_000 };
        if rows < self.0.get() + step {
            return;
        }
        self.0.set(rows);
        if is_terminal {
            eprint!("\r{rows} rows read");
        } else {
            eprintln!("{rows} rows read");
        }
        // Nobody may be reading any more; the import goes on all the same.
        drop(std::io::stderr().flush());
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
fn conclude(told: &Imported) -> ExitCode {
    let verb = if told.dry_run { "would be" } else { "were" };
    println!(
        "\r{} rows: {} homes {verb} registered, {} described anew, {} unchanged, {} rows with faults",
        told.rows, told.created, told.updated, told.unchanged, told.faulty
    );
    for fault in &told.faults {
        println!(
            "line {}, {}: {} ({})",
            fault.line, fault.column, fault.title, fault.code
        );
    }
    if told.faulty == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a command line tells its results there"
)]
fn refuse(problem: &Problem) -> ExitCode {
    println!("\r{} ({})", problem.kind.en, problem.kind.code);
    for FieldFault {
        pointer,
        code,
        title,
        ..
    } in &problem.errors
    {
        println!("{pointer}: {title} ({code})");
    }
    ExitCode::FAILURE
}
