//! One permitted request, as the slices' operations see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::Id;
use crate::problem::{CONFLICT, NOT_FOUND, Problem, STALE};

/// Input without fields.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Which resource is asked for, by somebody who has seen which version of it.
#[derive(Debug)]
pub struct Call {
    pub(super) id: Option<String>,
    pub(super) expected_version: Option<i32>,
}

impl Call {
    /// The id in the path. A text that is no id names nothing that exists.
    pub fn id<K>(&self) -> Result<Id<K>, Problem> {
        let text = self.id.as_ref();
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| Problem::new(&NOT_FOUND))
    }

    /// Refuses when the caller has not seen the present version.
    pub fn has_seen(&self, version: i32) -> Result<(), Problem> {
        match self.expected_version {
            Some(expected) if expected != version => Err(Problem::new(&STALE)),
            _ => Ok(()),
        }
    }
}

/// Refuses when a guarded update found that somebody else was quicker.
pub fn must_be_current(rows: usize) -> Result<(), Problem> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Problem::new(&CONFLICT))
    }
}
