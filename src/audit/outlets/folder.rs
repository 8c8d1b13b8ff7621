//! A folder outside the database in which every published checkpoint is a file: best on storage that allows no overwriting.
//!
//! `FOLDER/5035/12/123456` is the checkpoint of Stjørdal's log at the size 123,456 (10,000 sizes a folder); `FOLDER/5035/latest` is
//! a copy of the last one, for people and scripts, and nothing is believed because it stands there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::OutletFault;
use crate::audit::checkpoint::Checkpoint;
use crate::audit::durable;
use crate::audit::finding::Finding;
use crate::audit::note::Note;
use crate::audit::note_key::Verifier;
use crate::audit::proof::TreeHead;

/// Sizes whose checkpoints share a folder.
const SIZES_A_FOLDER: u64 = 10_000;

/// Where checkpoints are kept outside the database.
#[derive(Debug, Clone)]
pub struct CheckpointFolder(PathBuf);

impl CheckpointFolder {
    /// Checkpoints in this folder, which must be there: a share that is not mounted is not to be mistaken for an empty one.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Whether the folder can be read.
    pub(super) fn is_there(&self) -> Result<(), OutletFault> {
        fs::read_dir(&self.0)?;
        Ok(())
    }

    /// The head in the last checkpoint of a log; none when none was published.
    pub(super) fn find_last(
        &self,
        log: &str,
        trusted: &[Verifier],
    ) -> Result<Option<TreeHead>, OutletFault> {
        fs::read_dir(&self.0)?;
        let folder = self.0.join(log);
        let Some(part) = largest(&folder)? else {
            return Ok(None);
        };
        let folder = folder.join(part.to_string());
        let Some(size) = largest(&folder)? else {
            return Ok(None);
        };
        let path = folder.join(size.to_string());
        let text = fs::read_to_string(&path)?;
        let note = Note::parse(&text).map_err(Finding::of_checkpoint)?;
        let checkpoint = Checkpoint::open(&note, trusted).map_err(Finding::of_checkpoint)?;
        if checkpoint.head().size == size {
            Ok(Some(*checkpoint.head()))
        } else {
            let why = format!("{} is of another size", path.display());
            Err(Finding::tampered(None, why).into())
        }
    }

    /// Puts checkpoints in their places, smallest first. A place that is taken must hold the same head.
    pub(super) fn publish(
        &self,
        log: &str,
        checkpoints: &[(TreeHead, String)],
        trusted: &[Verifier],
    ) -> Result<(), OutletFault> {
        fs::read_dir(&self.0)?;
        let of_log = self.0.join(log);
        for (head, note) in checkpoints {
            let folder = of_log.join((head.size / SIZES_A_FOLDER).to_string());
            if !folder.is_dir() {
                fs::create_dir_all(&folder)?;
                durable::sync_folder(&of_log)?;
                durable::sync_folder(&self.0)?;
            }
            let path = folder.join(head.size.to_string());
            match fs::read_to_string(&path) {
                Ok(there) => check_same(&path, &there, head, trusted)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    durable::replace(&path, note.as_bytes())?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        if let Some((_, note)) = checkpoints.last() {
            durable::replace(&of_log.join("latest"), note.as_bytes())?;
        }
        Ok(())
    }
}

/// Another instance may have been quicker; but one size has one head.
fn check_same(
    path: &Path,
    there: &str,
    head: &TreeHead,
    trusted: &[Verifier],
) -> Result<(), Finding> {
    let note = Note::parse(there).map_err(Finding::of_checkpoint)?;
    let checkpoint = Checkpoint::open(&note, trusted).map_err(Finding::of_checkpoint)?;
    if checkpoint.head() == head {
        return Ok(());
    }
    let why = format!("the log was another when {} was published", path.display());
    Err(Finding::tampered(head.size.checked_sub(1), why))
}

/// The largest number among the names in a folder; none when there is none, or no folder.
fn largest(folder: &Path) -> io::Result<Option<u64>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut largest = None;
    for entry in entries {
        let number = entry?.file_name().to_str().and_then(|it| it.parse().ok());
        largest = largest.max(number);
    }
    Ok(largest)
}
