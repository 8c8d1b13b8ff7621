//! What checking the log ends in: sound, tampered with, or not enough to tell.

use std::fmt;

use super::merkle::{MissingNode, NodeId};
use super::proof::TreeHead;
use crate::clock::Instant;

/// All that was checked holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    /// How many entries were checked.
    pub entries: usize,
    /// The signed head of the log that vouches for them.
    pub head: TreeHead,
    /// Since when all the trusted witnesses at least vouch for the head, if any witness was asked for.
    pub witnessed_at: Option<Instant>,
    /// What became of the texts that the entries commit to.
    pub disclosures: Disclosures,
}

/// How many of the texts that entries commit to were there to be checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Disclosures {
    /// There, and those that were committed to.
    pub opened: usize,
    /// Not given.
    pub withheld: usize,
    /// Erased by two, on a legal ground.
    pub erased: usize,
}

/// Why the log, or a part of it, is not shown to be sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether something is false, and not only missing.
    pub is_tampered: bool,
    /// The place in the log of the first entry concerned, where it is known.
    pub index: Option<u64>,
    why: String,
}

impl Finding {
    /// Something is not as the log recorded it.
    pub(super) fn tampered(index: Option<u64>, why: impl Into<String>) -> Self {
        Self {
            is_tampered: true,
            index,
            why: why.into(),
        }
    }

    /// Something that it takes to tell is missing.
    pub(super) fn incomplete(index: Option<u64>, why: impl Into<String>) -> Self {
        Self {
            is_tampered: false,
            index,
            why: why.into(),
        }
    }

    /// The kept tree lacks a node, with which everything before its end can no longer be shown.
    pub(super) fn missing(missing: MissingNode) -> Self {
        let MissingNode(NodeId { level, index }) = missing;
        Self::tampered(Some(index << level), missing.to_string())
    }

    /// The checkpoint is not the log's.
    pub(super) fn of_checkpoint(fault: impl fmt::Display) -> Self {
        Self::tampered(None, format!("the checkpoint does not hold: {fault}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_tampered {
            "TAMPERED WITH"
        } else {
            "INCOMPLETE"
        })?;
        if let Some(index) = self.index {
            write!(f, " at index {index}")?;
        }
        write!(f, ": {}", self.why)
    }
}

impl std::error::Error for Finding {}
