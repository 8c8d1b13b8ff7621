//! Looks at personal data as lines of the Common Event Format, for the municipality's log collector: one line for each person shown.
//!
//! The lines stand in the order of the sealed log, the only one that never changes: what commits late comes late, and nothing is
//! passed over. How far the stream has come stands beside the file, in `FILE.position`, and is written after the lines are on the disk:
//! after a crash the last lines may come twice, and none is missing. Without that file the stream begins at the log's begin. The
//! file is opened anew each time, so a collector may move it away. Two instances must not be given the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cef_line::Look;
use super::courier::{Outlet, OutletFault, outside, worst};
use crate::access;
use crate::audit::canonical::parse_decimal;
use crate::audit::{durable, store, tree};
use crate::auth::Caller;
use crate::db::{Db, Tx};
use crate::ids::{EntryId, MunicipalityId, PersonId};
use crate::municipality;
use crate::problem::Problem;

/// Entries of the log that are read in one go.
const BATCH: u64 = 1000;
/// Who may read the file besides its owner: the group of the log collector.
const MODE: u32 = 0o640;

/// Writes the looks at personal data of every municipality's log to a file.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "connections have nothing to show"
)]
pub struct CefStream {
    db: Db,
    file: PathBuf,
}

/// How far the stream has come in each municipality's log, by its number.
type Positions = BTreeMap<String, u64>;

impl CefStream {
    /// A stream to this file.
    #[must_use]
    pub const fn new(db: Db, file: PathBuf) -> Self {
        Self { db, file }
    }

    async fn positions(&self) -> Result<Positions, OutletFault> {
        let file = self.file.clone();
        outside(move || positions(&file)).await
    }

    async fn stream(
        &self,
        id: MunicipalityId,
        number: &str,
        positions: &mut Positions,
    ) -> Result<(), OutletFault> {
        let caller = Arc::new(Caller::system(id));
        let gauge = metrics::gauge!("audit_outlet_behind", "outlet" => self.name(), "log" => number.to_owned());
        loop {
            let from = positions.get(number).copied().unwrap_or(0);
            let log = number.to_owned();
            let gather = move |tx: &mut Tx<'_>| gather(tx, &log, from);
            let Gathered { lines, next, size } = self.db.read(&caller, gather).await?;
            if size < from {
                let why = format!(
                    "the stream has come to entry {from}, and the log of {number} has {size}: the database was set back, or the file is another's"
                );
                return Err(OutletFault::Outside(why));
            }
            gauge.set(f64::from(u32::try_from(size - from).unwrap_or(u32::MAX)));
            if next == from {
                return Ok(());
            }
            positions.insert(number.to_owned(), next);
            let (file, reached) = (self.file.clone(), positions.clone());
            outside(move || {
                append(&file, &lines)?;
                Ok(keep(&file, &reached)?)
            })
            .await?;
        }
    }
}

impl Outlet for CefStream {
    fn name(&self) -> String {
        "cef".to_owned()
    }

    async fn deliver(&mut self) -> Result<(), OutletFault> {
        let mut positions = self.positions().await?;
        let nobody = Arc::new(Caller::system(MunicipalityId::NIL));
        let mut outcome = Ok(());
        for (id, number) in self.db.read(&nobody, municipality::all).await? {
            let streamed = self.stream(id, &number, &mut positions).await;
            if streamed.is_err() {
                // The file may hold less than was gathered: it is asked anew before more is written.
                positions = self.positions().await?;
            }
            outcome = worst(outcome, streamed);
        }
        outcome
    }
}

/// What a part of the log gives.
struct Gathered {
    lines: String,
    /// Where the next part begins.
    next: u64,
    /// How many entries are sealed.
    size: u64,
}

fn gather(tx: &mut Tx<'_>, number: &str, from: u64) -> Result<Gathered, Problem> {
    let municipality = tx.municipality();
    let sealed = tree::find_latest(tx.conn(), municipality)?;
    let size = sealed.map_or(0, |sealed| sealed.head.size);
    let range = from..size.min(from.saturating_add(BATCH));
    let leaves = tree::leaves(tx.conn(), municipality, range)?;
    let ids: Vec<EntryId> = leaves.iter().map(|leaf| leaf.entry).collect();
    let entries = store::find_all(tx, &ids)?;
    let entries: BTreeMap<EntryId, _> = entries.into_iter().map(|it| (it.id, it)).collect();
    let read = |leaf: &tree::Leaf| {
        let entry = entries.get(&leaf.entry);
        let entry = entry.ok_or_else(|| Problem::internal("a sealed entry is gone"))?;
        serde_json::from_str(entry.entry.get())
            .map_err(|_| Problem::internal("an entry is not of this log's form"))
    };
    let looks: Vec<Look> = leaves.iter().map(read).collect::<Result<_, _>>()?;
    let people: BTreeSet<PersonId> = looks.iter().flat_map(Look::people).collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let protected = access::protected_people(tx, &people)?;
    let mut lines = String::new();
    for line in looks.iter().flat_map(|it| it.lines(number, &protected)) {
        lines.push_str(&line);
        lines.push('\n');
    }
    let next = leaves.last().map_or(from, |leaf| leaf.index + 1);
    Ok(Gathered { lines, next, size })
}

fn position_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".position");
    name.into()
}

/// How far the stream had come; at the begin when it has not begun. What cannot be read is not taken for that.
fn positions(file: &Path) -> Result<Positions, OutletFault> {
    let path = position_of(file);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Positions::new()),
        Err(error) => return Err(error.into()),
    };
    let position = |line: &str| {
        let (number, index) = line.split_once(' ')?;
        Some((number.to_owned(), parse_decimal(index).ok()?))
    };
    let positions: Option<Positions> = text.lines().map(position).collect();
    positions.ok_or_else(|| {
        OutletFault::Outside(format!("{} is not what was written there", path.display()))
    })
}

fn keep(file: &Path, positions: &Positions) -> io::Result<()> {
    let lines = positions
        .iter()
        .map(|(log, index)| format!("{log} {index}\n"));
    durable::replace(&position_of(file), lines.collect::<String>().as_bytes())
}

/// Appends lines, durable when this returns. A line that a crash cut off is ended first, so that it spoils no other.
fn append(file: &Path, lines: &str) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .append(true)
        .create(true)
        .mode(MODE)
        .open(file)?;
    let about = file.metadata()?;
    let mut last = [b'\n'];
    if about.is_file() && about.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last != [b'\n'] {
        file.write_all(b"\n")?;
    }
    file.write_all(lines.as_bytes())?;
    if about.is_file() {
        file.sync_data()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_spoils_no_other() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("cef.log");
        append(&file, "one\ntwo\n").unwrap();
        fs::write(&file, "one\ntw").unwrap();
        append(&file, "two\n").unwrap();
        append(&file, "").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntw\ntwo\n");
    }

    #[test]
    fn a_position_that_cannot_be_read_is_not_the_begin() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("cef.log");
        assert!(positions(&file).unwrap().is_empty());
        let reached = Positions::from([("0301".to_owned(), 7), ("5035".to_owned(), 12)]);
        keep(&file, &reached).unwrap();
        assert_eq!(positions(&file).unwrap(), reached);
        for text in ["5035\n", "5035 x\n", "5035 07\n"] {
            fs::write(position_of(&file), text).unwrap();
            assert!(positions(&file).is_err(), "{text}");
        }
    }
}
