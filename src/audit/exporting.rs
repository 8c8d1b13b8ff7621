//! Gathers an export from the database.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::IntoParams;

use super::canonical::Hash;
use super::export::{Export, ExportedEntry, ExportedSegment, FORMAT, Growth, Manifest};
use super::export_check::ERASED;
use super::inclusions::shared_end;
use super::merkle::ProofPlan;
use super::proof::ProofFault;
use super::proofs::{assembled, find_sealed, in_hex, out_of_range};
use super::questions::{self, Filter, RecordedEntry};
use super::segment::{Committed, Opened, SealedSegment};
use super::{Entry, Refusal, cosigned, segments, store, tree, withheld};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::JsonLines;
use crate::ids::{ApplicationId, EntryId, PersonId};
use crate::problem::{FieldFault, Problem};

/// Entries of one export at most: about 15 MB.
const ENTRIES_MAX: u64 = 10_000;

/// What is to be exported: a case, or a period.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct Asked {
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
    /// With what entries say of people, where their addresses are not protected: each person's texts told are a look at that person's data.
    disclose: Option<bool>,
}

crate::query!(Asked);

/// What an export may tell of a segment that it was asked to disclose.
#[derive(Debug)]
pub enum Disclosure {
    /// The salt and the text.
    Opened(Opened),
    /// Not to be told.
    Withheld,
}

/// Opens segments, in their order: the log itself has no person's key.
pub type Opener = fn(&mut Tx<'_>, &[SealedSegment]) -> Result<Vec<Disclosure>, Problem>;

/// The sealed entries of a case or period. What is not sealed yet is not in it.
pub fn export(tx: &mut Tx<'_>, asked: &Asked, open: Opener) -> Result<JsonLines, Problem> {
    let mut gathered = gather(tx, asked)?;
    answer_for_segments(tx, &mut gathered, open)?;
    gathered.export.write()
}

/// An export, and the size of the log in its checkpoint.
pub(super) struct Gathered {
    pub(super) export: Export,
    size: u64,
}

/// Puts the entries of an export together, and on the record that somebody took it.
pub(super) fn gather(tx: &mut Tx<'_>, asked: &Asked) -> Result<Gathered, Problem> {
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
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        application_id: asked.application_id,
        from: asked.from,
        until: asked.until,
        disclosed: asked.disclose == Some(true),
        entry_count: entries.len(),
        erasure_count: 0,
        checkpoint: note.to_string(),
        growth,
    };
    let export = Export {
        manifest,
        entries,
        erasures: Vec::new(),
    };
    Ok(Gathered { export, size })
}

/// What an entry says of its segments.
#[derive(Deserialize)]
struct OfSegments {
    id: EntryId,
    #[serde(default)]
    segments: Vec<Committed>,
}

/// Tells for each commitment the text that it was made of, or why the export has none; and on the record whose were told.
fn answer_for_segments(
    tx: &mut Tx<'_>,
    gathered: &mut Gathered,
    open: Opener,
) -> Result<(), Problem> {
    let Gathered { export, size } = gathered;
    let mut committing: BTreeMap<usize, OfSegments> = BTreeMap::new();
    for (place, exported) in export.entries.iter().enumerate() {
        let text = exported.entry.get();
        if text.contains("\"segments\":") {
            let told: OfSegments = serde_json::from_str(text)
                .map_err(|_| Problem::internal("an entry is not of this log's form"))?;
            committing.insert(place, told);
        }
    }
    let ids: Vec<EntryId> = committing.values().map(|told| told.id).collect();
    let kept = segments::of_entries(tx, &ids)?;
    let mut opened = if export.manifest.disclosed {
        let sealed: Vec<SealedSegment> = kept.values().cloned().collect();
        let opened = open(tx, &sealed)?;
        record_told(tx, &sealed, &opened);
        kept.keys().copied().zip(opened).collect()
    } else {
        BTreeMap::new()
    };
    let mut erased: BTreeMap<PersonId, EntryId> = BTreeMap::new();
    for (place, told) in committing {
        let mut segments = Vec::with_capacity(told.segments.len());
        for (number, committed) in (0_i16..).zip(&told.segments) {
            let key = (told.id, number);
            segments.push(match (kept.contains_key(&key), opened.remove(&key)) {
                (true, Some(Disclosure::Opened(opened))) => ExportedSegment::Opened(opened),
                (true, _) => ExportedSegment::Withheld,
                (false, _) => {
                    let by = erasure_of(tx, committed.person)?;
                    let by = by
                        .ok_or_else(|| Problem::internal("a segment is gone without an erasure"))?;
                    erased.insert(committed.person, by);
                    ExportedSegment::Erased(by.uuid())
                }
            });
        }
        if let Some(entry) = export.entries.get_mut(place) {
            entry.segments = segments;
        }
    }
    let ids: Vec<EntryId> = erased.into_values().collect();
    let municipality = tx.municipality();
    let places = tree::places(tx.conn(), municipality, &ids)?;
    if places.len() < ids.len() || places.keys().any(|index| index >= size) {
        return Err(Refusal::NotSealed.into());
    }
    export.erasures = with_proofs(tx, &places, Vec::new(), *size)?;
    export.manifest.erasure_count = export.erasures.len();
    Ok(())
}

/// The entry by which a person was erased, if one was.
pub(super) fn erasure_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<EntryId>, Problem> {
    let filter = Filter {
        subjects: vec![person.uuid()],
        action: Some(ERASED.to_owned()),
        ..Filter::default()
    };
    let found = questions::page(tx, &filter, None, 1)?.pop();
    Ok(found.map(|entry| entry.id))
}

/// One look a person: whoever may see who looked at them must not learn who else was in the export.
fn record_told(tx: &mut Tx<'_>, sealed: &[SealedSegment], opened: &[Disclosure]) {
    let mut told: BTreeMap<PersonId, usize> = BTreeMap::new();
    for (segment, disclosure) in sealed.iter().zip(opened) {
        if matches!(disclosure, Disclosure::Opened(_)) {
            *told.entry(segment.person).or_default() += 1;
        }
    }
    for (person, segments) in told {
        let entry = Entry::access("audit.disclosed").about(person);
        tx.record(entry.fact("segments", segments));
    }
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
    let mut exported = Vec::with_capacity(plans.len());
    let mut last: Option<(u64, Vec<Hash>)> = None;
    for (index, id, plan) in plans {
        let entry = known.remove(&id);
        let entry = entry.ok_or_else(|| Problem::internal("a sealed entry is gone"))?;
        let proof = assembled(&plan, &nodes)?;
        let shared = match &last {
            Some((before, path)) if before + 1 == index => shared_end(path, &proof),
            _ => 0,
        };
        let own = proof.get(..proof.len() - shared).unwrap_or_default();
        exported.push(ExportedEntry {
            index,
            entry: entry.entry,
            hashes: in_hex(own),
            segments: Vec::new(),
        });
        last = Some((index, proof));
    }
    Ok(exported)
}
