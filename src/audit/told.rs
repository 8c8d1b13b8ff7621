//! What an entry says, as far as it can be asked for: read from its body, which is all that the log keeps of it.

use serde::Deserialize;
use uuid::Uuid;

use super::EntryKind;
use crate::auth::Role;
use crate::clock::Instant;
use crate::ids::{ApplicationId, EntryId};
use crate::problem::Problem;

/// An entry's body, read without copying its texts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told<'b> {
    pub(super) id: EntryId,
    pub(super) kind: EntryKind,
    pub(super) action: &'b str,
    pub(super) actor: Acting,
    pub(super) role: Option<Role>,
    pub(super) recorded_at: Instant,
    pub(super) subjects: Vec<Concerned>,
    #[serde(borrow)]
    pub(super) case: Option<Link<'b>>,
    #[serde(borrow, default)]
    pub(super) marks: Vec<&'b str>,
}

/// Who acted; the service itself has no id.
#[derive(Debug, Deserialize)]
pub(super) struct Acting {
    pub(super) id: Option<Uuid>,
}

/// Where an entry stands in the chain of its case.
#[derive(Debug, Deserialize)]
pub(super) struct Link<'b> {
    pub(super) id: ApplicationId,
    /// Its number, from 1.
    pub(super) seq: u64,
    /// Lower-case hexadecimal hash of the one before it; none of the first.
    #[serde(borrow)]
    pub(super) previous: Option<&'b str>,
}

/// What an entry concerns.
#[derive(Debug, Deserialize)]
pub(super) struct Concerned {
    pub(super) id: Uuid,
}

impl<'b> Told<'b> {
    /// Reads an entry's body; what is not of the log's form was not written by the log.
    pub(super) fn read(body: &'b str) -> Result<Self, Problem> {
        serde_json::from_str(body)
            .map_err(|_| Problem::internal("an entry is not of this log's form"))
    }
}
