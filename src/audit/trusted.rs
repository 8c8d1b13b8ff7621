//! Whom an auditor trusts: the keys of the log, and the witnesses that must have seen it.

use super::checkpoint::Checkpoint;
use super::cosignature::WitnessKey;
use super::finding::Finding;
use super::note::Note;
use super::note_key::Verifier;
use crate::clock::Instant;

/// The keys that vouch for a log.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// The log's own: one must have signed, whichever.
    pub log: Vec<Verifier>,
    /// Witnesses of whom each must have cosigned.
    pub witnesses: Vec<WitnessKey>,
}

impl Trusted {
    /// Opens a checkpoint, and tells since when all the witnesses at least vouch for it.
    pub(super) fn open(&self, note: &str) -> Result<(Checkpoint, Option<Instant>), Finding> {
        let note = Note::parse(note).map_err(Finding::of_checkpoint)?;
        self.open_note(&note)
    }

    pub(super) fn open_note(&self, note: &Note) -> Result<(Checkpoint, Option<Instant>), Finding> {
        let checkpoint = Checkpoint::open(note, &self.log).map_err(Finding::of_checkpoint)?;
        let mut witnessed_at = None;
        for witness in &self.witnesses {
            let at = witness.find_time(note).map_err(Finding::of_checkpoint)?;
            let Some(at) = at else {
                let why = format!(
                    "{} has not cosigned the checkpoint: ask for one with cosigned=true",
                    witness.name()
                );
                return Err(Finding::incomplete(None, why));
            };
            witnessed_at = Some(witnessed_at.map_or(at, |other: Instant| other.min(at)));
        }
        Ok((checkpoint, witnessed_at))
    }
}

impl From<Verifier> for Trusted {
    fn from(key: Verifier) -> Self {
        Self {
            log: vec![key],
            witnesses: Vec::new(),
        }
    }
}
