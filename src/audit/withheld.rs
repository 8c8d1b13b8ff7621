//! What of the log is kept from readers who may not locate everybody: which home an entry is about, where a protected household
//! ever lived in it or was offered it.
//!
//! An entry is never changed: what is told of it is less, and says so; its hash stays that of the whole. What is proved offline is
//! proved from whole entries, so an export is given to nobody who may not read all of it.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::value::to_raw_value;

use super::refusal::Refusal;
use super::{RecordedEntry, SubjectKind};
use crate::access;
use crate::db::Tx;
use crate::ids::{ApplicationId, DwellingId};
use crate::problem::Problem;

/// Entries as they are told to whoever reads in this transaction.
pub(super) fn withhold(
    tx: &mut Tx<'_>,
    entries: Vec<RecordedEntry>,
) -> Result<Vec<RecordedEntry>, Problem> {
    let secret = access::secret_homes(tx)?;
    if secret.is_empty() {
        return Ok(entries);
    }
    entries.into_iter().map(|it| told(it, &secret)).collect()
}

fn told(mut entry: RecordedEntry, secret: &BTreeSet<DwellingId>) -> Result<RecordedEntry, Problem> {
    let unreadable = || Problem::internal("an entry is not of the log's form");
    let mut body: Value = serde_json::from_str(entry.entry.get()).map_err(|_| unreadable())?;
    let Some(subjects) = body.get_mut("subjects").and_then(Value::as_array_mut) else {
        return Err(unreadable());
    };
    let before = subjects.len();
    subjects.retain(|subject| !is_secret(subject, secret));
    if subjects.len() < before {
        entry.entry = to_raw_value(&body).map_err(|_| unreadable())?;
        entry.is_withheld_in_part = true;
    }
    Ok(entry)
}

fn is_secret(subject: &Value, secret: &BTreeSet<DwellingId>) -> bool {
    let id = subject.get("id").and_then(Value::as_str);
    let is_home = subject.get("kind").and_then(Value::as_str) == Some(SubjectKind::Dwelling.code());
    is_home && id.is_some_and(|id| id.parse().is_ok_and(|id| secret.contains(&id)))
}

/// Refuses an export of a case, or of a period, to whoever may not read all of it.
pub(super) fn must_read_all(tx: &mut Tx<'_>, case: Option<ApplicationId>) -> Result<(), Problem> {
    let is_whole = match case {
        Some(case) => access::is_locatable(tx, case)?,
        None => access::secret_homes(tx)?.is_empty(),
    };
    if is_whole {
        Ok(())
    } else {
        Err(Refusal::NotCleared.into())
    }
}
