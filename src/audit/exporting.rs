//! Gathers an export from the database.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::IntoParams;

use super::export::{Export, ExportedEntry, Growth};
use super::merkle::ProofPlan;
use super::proof::ProofFault;
use super::proofs::{assembled, find_sealed, in_hex, out_of_range};
use super::questions::{self, Filter, RecordedEntry};
use super::{Entry, Refusal, cosigned, store, tree, withheld};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{Call, Shown};
use crate::ids::{ApplicationId, EntryId};
use crate::problem::{FieldFault, Problem};

/// Entries of one export at most: about 15 MB.
const ENTRIES_MAX: u64 = 10_000;

/// What is to be exported: a case, or a period.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Asked {
    /// All that concerns this case.
    #[param(value_type = Option<uuid::Uuid>)]
    application_id: Option<ApplicationId>,
    /// Recorded at or after.
    #[param(value_type = Option<Instant>)]
    from: Option<Instant>,
    /// Recorded before.
    #[param(value_type = Option<Instant>)]
    until: Option<Instant>,
    /// The size of the log in a checkpoint that was kept: the export then proves that the log continues it.
    since: Option<u64>,
    /// Up to the last checkpoint that a witness has cosigned, instead of the last of all.
    cosigned: Option<bool>,
}

crate::query!(Asked);

/// The sealed entries of a case or period. What is not sealed yet is not in it.
pub(super) fn export(tx: &mut Tx<'_>, _: &Call, asked: &Asked) -> Result<Shown<Export>, Problem> {
    Ok(Shown::plain(gather(tx, asked)?))
}

/// Puts an export together, and on the record that somebody took it.
pub(super) fn gather(tx: &mut Tx<'_>, asked: &Asked) -> Result<Export, Problem> {
    let filter = filter(asked)?;
    withheld::must_read_all(tx, asked.application_id)?;
    let municipality = tx.municipality();
    let sealed = find_sealed(tx, asked.cosigned == Some(true))?.ok_or(Refusal::NotSealed)?;
    let size = sealed.head.size;
    let limit = i64::try_from(ENTRIES_MAX).unwrap_or(i64::MAX);
    let found = questions::page(tx, &filter, None, limit + 1)?;
    let ids: Vec<EntryId> = found.iter().map(|entry| entry.id).collect();
    let mut places = tree::places(tx.conn(), municipality, &ids)?;
    if asked.application_id.is_none() {
        fill_gaps(tx, &mut places)?;
    }
    // A seal may have come between the checkpoint and the places.
    places.retain(|index, _| *index < size);
    if found.len().max(places.len()) > usize::try_from(ENTRIES_MAX).unwrap_or(usize::MAX) {
        return Err(Refusal::ExportTooLarge.into());
    }
    let growth = asked
        .since
        .map(|since| growth(tx, since, size))
        .transpose()?;
    let note = cosigned::note_of(tx.conn(), municipality, &sealed)?;
    let entries = with_proofs(tx, &places, found, size)?;
    let access = Entry::access("audit.exported").fact("entries", entries.len());
    tx.record(access.about_all(asked.application_id));
    let case = asked.application_id;
    Ok(Export::new(case, note.to_string(), growth, entries))
}

fn filter(asked: &Asked) -> Result<Filter, Problem> {
    let fault = |parameter: &str, nb: &str, en: &str| {
        let pointer = format!("/query/{parameter}");
        Problem::invalid(vec![FieldFault::new(pointer, "wrong_choice", nb, en)])
    };
    match (asked.application_id, asked.from, asked.until) {
        (Some(case), None, None) => Ok(Filter {
            subjects: vec![case.uuid()],
            ..Filter::default()
        }),
        (None, from @ Some(_), until @ Some(_)) => Ok(Filter {
            from,
            until,
            ..Filter::default()
        }),
        _ => Err(fault(
            "applicationId",
            "Oppgi enten applicationId, eller både from og until.",
            "Give either applicationId, or both from and until.",
        )),
    }
}

/// Takes in what stands between the first and the last: times do not follow the log's order strictly, and a part of the log
/// without gaps can be seen to be whole.
fn fill_gaps(tx: &mut Tx<'_>, places: &mut BTreeMap<u64, EntryId>) -> Result<(), Problem> {
    let (Some((&first, _)), Some((&last, _))) = (places.first_key_value(), places.last_key_value())
    else {
        return Ok(());
    };
    if last - first >= ENTRIES_MAX {
        return Err(Refusal::ExportTooLarge.into());
    }
    let municipality = tx.municipality();
    let leaves = tree::leaves(tx.conn(), municipality, first..last + 1)?;
    places.extend(leaves.into_iter().map(|leaf| (leaf.index, leaf.entry)));
    Ok(())
}

fn growth(tx: &mut Tx<'_>, since: u64, size: u64) -> Result<Growth, Problem> {
    let plan = ProofPlan::consistency(since, size).map_err(|_| out_of_range("since"))?;
    let municipality = tx.municipality();
    let nodes = tree::nodes(tx.conn(), municipality, plan.nodes())?;
    Ok(Growth {
        since,
        hashes: in_hex(&assembled(&plan, &nodes)?),
    })
}

fn with_proofs(
    tx: &mut Tx<'_>,
    places: &BTreeMap<u64, EntryId>,
    found: Vec<RecordedEntry>,
    size: u64,
) -> Result<Vec<ExportedEntry>, Problem> {
    let mut known: BTreeMap<EntryId, RecordedEntry> =
        found.into_iter().map(|entry| (entry.id, entry)).collect();
    let unknown: Vec<EntryId> = places
        .values()
        .filter(|id| !known.contains_key(id))
        .copied()
        .collect();
    let more = store::find_all(tx, &unknown)?;
    known.extend(more.into_iter().map(|entry| (entry.id, entry)));
    let plans: Vec<(u64, EntryId, ProofPlan)> = places
        .iter()
        .map(|(index, id)| Ok((*index, *id, ProofPlan::inclusion(*index, size)?)))
        .collect::<Result<_, ProofFault>>()
        .map_err(|fault| Problem::internal(fault.to_string()))?;
    let municipality = tx.municipality();
    let needed = plans.iter().flat_map(|(_, _, plan)| plan.nodes());
    let nodes = tree::nodes(tx.conn(), municipality, needed)?;
    plans
        .into_iter()
        .map(|(index, id, plan)| {
            let entry = known.remove(&id);
            let entry = entry.ok_or_else(|| Problem::internal("a sealed entry is gone"))?;
            Ok(ExportedEntry {
                index,
                entry: entry.entry,
                hashes: in_hex(&assembled(&plan, &nodes)?),
            })
        })
        .collect()
}
