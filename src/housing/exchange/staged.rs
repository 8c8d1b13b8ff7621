//! What a file comes to, set aside on disk until all of it has been read: the register is then changed in one short transaction.
//!
//! **Why.** Reading and checking a large file takes many times as long as writing what comes of it, and `SQLite` has one writer for
//! everybody. So nobody waits for the reading. What somebody else writes meanwhile is found by the versions and the constraints.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};

use serde::{Deserialize, Serialize};

use super::import::ImportOptions;
use super::report::{Imported, RowFault};
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::housing::rules::Refusal;
use crate::housing::{Description, Dwelling, DwellingState, store as homes};
use crate::http::must_be_current;
use crate::ids::DwellingId;
use crate::problem::Problem;

/// Homes that are written together.
const BATCH: usize = 500;

/// A file that was read through.
#[derive(Debug)]
pub struct Staged {
    options: ImportOptions,
    told: Imported,
    homes: File,
}

/// A home as it will stand in the register, a line each.
#[derive(Serialize, Deserialize)]
struct Line {
    id: DwellingId,
    /// 1 for a new one.
    version: i32,
    state: DwellingState,
    state_since: Day,
    description: Description,
}

/// Sets aside what comes of the rows, in their order.
pub(super) struct Staging(BufWriter<File>);

impl Staging {
    pub(super) fn begin() -> Result<Self, Problem> {
        // It has no name in the file system: whatever happens, it is gone with the process.
        let file = tempfile::tempfile().map_err(unkept)?;
        Ok(Self(BufWriter::new(file)))
    }

    pub(super) fn put(&mut self, home: Dwelling) -> Result<(), Problem> {
        let line = Line {
            id: home.id,
            version: home.version,
            state: home.state,
            state_since: home.state_since,
            description: home.description,
        };
        serde_json::to_writer(&mut self.0, &line).map_err(unread)?;
        self.0.write_all(b"\n").map_err(unkept)
    }

    /// The whole, unless the file is refused for its faults.
    pub(super) fn conclude(
        self,
        options: ImportOptions,
        told: Imported,
    ) -> Result<Staged, Problem> {
        if told.faulty > 0 && !options.skip_faulty && !options.dry_run {
            let faults = told.faults.into_iter().map(RowFault::into_field_fault);
            return Err(Problem {
                errors: faults.collect(),
                ..Problem::from(Refusal::FileRows)
                    .fact("rows", told.rows)
                    .fact("faulty", told.faulty)
                    .fact("faultCount", told.fault_count)
            });
        }
        let homes = self.0.into_inner();
        Ok(Staged {
            options,
            told,
            homes: homes.map_err(|error| unkept(error.into_error()))?,
        })
    }
}

/// Writes what a file came to into the register, all of it or nothing; after a dry run nothing.
pub fn take_in(tx: &mut Tx<'_>, staged: &Staged) -> Result<Imported, Problem> {
    let told = &staged.told;
    if staged.options.dry_run {
        tx.change_nothing();
        return Ok(told.clone());
    }
    tx.expect_growth()?;
    let mut file = &staged.homes;
    // Another attempt may have read it before.
    file.seek(SeekFrom::Start(0)).map_err(unkept)?;
    let mut lines = BufReader::new(file).lines();
    loop {
        let (mut new, mut changed) = (Vec::with_capacity(BATCH), Vec::new());
        for line in lines.by_ref().take(BATCH) {
            let line: Line = serde_json::from_str(&line.map_err(unkept)?).map_err(unread)?;
            let home = line.into_home(tx);
            if home.version == 1 {
                new.push(home);
            } else {
                changed.push(home);
            }
        }
        if new.is_empty() && changed.is_empty() {
            break;
        }
        write(tx, &new, &changed)?;
    }
    tx.record(
        Entry::change("dwelling.file_taken_in")
            .fact("rows", told.rows)
            .fact("created", told.created)
            .fact("updated", told.updated)
            .fact("unchanged", told.unchanged)
            .fact("faulty", told.faulty),
    );
    Ok(told.clone())
}

impl Line {
    /// When a known one was registered is not written again.
    fn into_home(self, tx: &Tx<'_>) -> Dwelling {
        Dwelling {
            municipality_id: tx.municipality(),
            id: self.id,
            version: self.version,
            state: self.state,
            state_since: self.state_since,
            created_at: tx.now(),
            description: self.description,
        }
    }
}

fn write(tx: &mut Tx<'_>, new: &[Dwelling], changed: &[Dwelling]) -> Result<(), Problem> {
    homes::insert(tx, new)?;
    for home in changed {
        must_be_current(homes::describe(tx, home)?)?;
    }
    let ids: Vec<DwellingId> = new.iter().chain(changed).map(|home| home.id).collect();
    tx.record(
        Entry::change("dwelling.taken_in")
            .about_all(ids)
            .fact("created", new.len())
            .fact("updated", changed.len()),
    );
    Ok(())
}

fn unkept(error: std::io::Error) -> Problem {
    Problem::internal(error.to_string())
}

/// The cause tells where, and nothing of what stood there.
fn unread(error: serde_json::Error) -> Problem {
    Problem::internal(format!("a home set aside: {:?}", error.classify()))
}
