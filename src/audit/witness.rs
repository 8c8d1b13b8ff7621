//! A witness of logs (c2sp.org/tlog-witness), as it runs on the machine of whoever audits them: it cosigns a checkpoint only
//! when that continues the one it cosigned before.
//!
//! **Invariants.** What is cosigned is in a file first, synced to the disk, so that neither a crash nor a power cut lets the witness
//! forget what it said. Checking and keeping are one step under a lock, and one process has the folder. A state that cannot be
//! read, or that this key has not cosigned, is no empty state: then the witness does not start.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ed25519_dalek::SigningKey;
use thiserror::Error;

use super::add_checkpoint::AddCheckpoint;
use super::canonical::{decode_base64, encode_base64, sha256};
use super::checkpoint::{Checkpoint, CheckpointFault};
use super::cosignature::{Cosigner, WitnessKey};
use super::durable;
use super::note::Note;
use super::note_key::{KeyFault, Verifier};
use super::proof::{TreeHead, verify_consistency};
use crate::clock::Clock;

/// What the witness makes of a checkpoint that it was sent.
#[derive(Debug)]
pub enum Verdict {
    /// It continues what was cosigned before: here is the signature line.
    Cosigned(String),
    /// It is not of the form that is agreed on.
    Malformed,
    /// It is of a log that the witness does not know.
    UnknownLog,
    /// The log did not sign it.
    NotByTheLog,
    /// It does not begin where the witness is: at this size. With that size, it is another tree.
    Conflict(u64),
    /// It is not shown to continue what was cosigned before.
    Inconsistent,
    /// It could not be kept, so it is not cosigned.
    NotKept(io::Error),
}

/// Why a witness cannot begin.
#[derive(Debug, Error)]
pub enum WitnessFault {
    /// A file could not be read or written.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// Another witness is using the folder.
    #[error("another witness is using {0}")]
    InUse(PathBuf),
    /// The file of the key holds none, or the name is none.
    #[error("{0} holds no key for a witness of this name")]
    Key(PathBuf),
    /// What was cosigned cannot be known, so nothing more may be.
    #[error("{0} was not cosigned by this witness's key")]
    State(PathBuf),
    /// A random key could not be had.
    #[error("no random key: {0}")]
    Random(#[from] getrandom::Error),
}

impl WitnessFault {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io(path.to_owned(), error)
    }
}

/// A witness with its key and what it cosigned last of each log.
#[derive(Debug)]
pub struct Witness {
    cosigner: Cosigner,
    logs: Vec<Verifier>,
    folder: PathBuf,
    clock: Clock,
    seen: Mutex<BTreeMap<String, TreeHead>>,
    /// Keeps other witnesses out of the folder for as long as this one lives.
    _lock: File,
}

impl Witness {
    /// Takes up the witness that lives in a folder; at the first start it is given a key.
    pub fn open(
        folder: &Path,
        name: &str,
        logs: Vec<Verifier>,
        clock: Clock,
    ) -> Result<Self, WitnessFault> {
        fs::create_dir_all(folder).map_err(WitnessFault::at(folder))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(WitnessFault::at(&path))?;
        lock.try_lock()
            .map_err(|_| WitnessFault::InUse(folder.to_owned()))?;
        let path = folder.join("key");
        let cosigner = cosigner(&path, name)?;
        let mut seen = BTreeMap::new();
        for log in &logs {
            let path = state_of(folder, log.name());
            if let Some(head) = read_state(&path, log.name(), cosigner.public())? {
                seen.insert(log.name().to_owned(), head);
            }
        }
        Ok(Self {
            cosigner,
            logs,
            folder: folder.to_owned(),
            clock,
            seen: Mutex::new(seen),
            _lock: lock,
        })
    }

    /// The public key, to be handed to the logs and to those who check them.
    #[must_use]
    pub const fn key(&self) -> &WitnessKey {
        self.cosigner.public()
    }

    /// Judges a request, and cosigns when nothing is against it.
    #[must_use]
    pub fn add_checkpoint(&self, request: &str) -> Verdict {
        let Some(asked) = AddCheckpoint::parse(request) else {
            return Verdict::Malformed;
        };
        let origin = asked.note.text().lines().next().unwrap_or_default();
        let keys = self.logs.iter().filter(|log| log.name() == origin);
        let keys: Vec<Verifier> = keys.cloned().collect();
        if keys.is_empty() {
            return Verdict::UnknownLog;
        }
        let checkpoint = match Checkpoint::open(&asked.note, &keys) {
            Ok(checkpoint) => checkpoint,
            Err(CheckpointFault::Note(_) | CheckpointFault::NotByTheLog) => {
                return Verdict::NotByTheLog;
            }
            Err(_) => return Verdict::Malformed,
        };
        let new = *checkpoint.head();
        if asked.old > new.size {
            return Verdict::Malformed;
        }
        // From here on until the new head is kept, nobody else may judge by the old one.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.get(origin).copied().unwrap_or(empty());
        if let Some(verdict) = objection(&asked, &last, &new) {
            return verdict;
        }
        let line = self.cosigner.cosign(&asked.note, self.clock.now());
        let path = state_of(&self.folder, origin);
        if let Err(error) = durable::replace(&path, format!("{}{line}", asked.note).as_bytes()) {
            return Verdict::NotKept(error);
        }
        seen.insert(origin.to_owned(), new);
        Verdict::Cosigned(line)
    }
}

/// What speaks against going from the one head to the other.
fn objection(asked: &AddCheckpoint, last: &TreeHead, new: &TreeHead) -> Option<Verdict> {
    if new.size == 0 && new.root != empty().root {
        return Some(Verdict::Inconsistent);
    }
    if asked.old != last.size || (new.size == last.size && new.root != last.root) {
        return Some(Verdict::Conflict(last.size));
    }
    let proved = verify_consistency(last, new, &asked.proof);
    proved.is_err().then_some(Verdict::Inconsistent)
}

fn empty() -> TreeHead {
    TreeHead {
        size: 0,
        root: sha256(b""),
    }
}

/// The secret key of the folder, made when there is none.
fn cosigner(path: &Path, name: &str) -> Result<Cosigner, WitnessFault> {
    let unfit = |_: KeyFault| WitnessFault::Key(path.to_owned());
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret)?;
            // Nothing is made for a name that cannot be signed under.
            Cosigner::new(name, SigningKey::from_bytes(&secret)).map_err(unfit)?;
            let text = encode_base64(&secret);
            durable::write_new(path, text.as_bytes(), 0o600).map_err(WitnessFault::at(path))?;
            let folder = path.parent().unwrap_or(path);
            durable::sync_folder(folder).map_err(WitnessFault::at(folder))?;
            text
        }
        Err(error) => return Err(WitnessFault::at(path)(error)),
    };
    let secret = decode_base64(text.trim_end()).ok();
    let secret = secret.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let secret = secret.ok_or_else(|| WitnessFault::Key(path.to_owned()))?;
    Cosigner::new(name, SigningKey::from_bytes(&secret)).map_err(unfit)
}

/// Where the last cosigned checkpoint of a log is kept. An origin may hold what a file name must not.
fn state_of(folder: &Path, origin: &str) -> PathBuf {
    let name: String = form_urlencoded::byte_serialize(origin.as_bytes()).collect();
    folder.join(format!("{name}.checkpoint"))
}

fn read_state(
    path: &Path,
    origin: &str,
    key: &WitnessKey,
) -> Result<Option<TreeHead>, WitnessFault> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(WitnessFault::at(path)(error)),
    };
    // The log may sign with another key by now; that this witness cosigned it is what counts.
    let note = Note::parse(&text).ok();
    let note = note.filter(|note| matches!(key.find_time(note), Ok(Some(_))));
    let checkpoint = note.and_then(|note| Checkpoint::read(&note).ok());
    let checkpoint = checkpoint.filter(|checkpoint| checkpoint.origin() == origin);
    let checkpoint = checkpoint.ok_or_else(|| WitnessFault::State(path.to_owned()))?;
    Ok(Some(*checkpoint.head()))
}
