//! What the log says of people: sealed under each person's own key as it is written, and opened for those who may have it.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::seal;
use super::{erasing_store, store};
use crate::audit::{self, Disclosure, ExportAsked, Opened, SealedSegment, Segment};
use crate::crypto::{self, Context, SubjectKey};
use crate::db::Tx;
use crate::http::{Call, JsonLines};
use crate::ids::{HouseholdId, PersonId};
use crate::problem::Problem;

/// Says something of a person in an entry of the log, in such a way that erasing the person erases it.
pub fn segment(tx: &mut Tx<'_>, person: PersonId, data: &Value) -> Result<Segment, Problem> {
    let key = seal::load_key(tx, person)?;
    segment_under(tx, &key, person, data)
}

/// The same under a key that is at hand.
pub(super) fn segment_under(
    tx: &Tx<'_>,
    key: &SubjectKey,
    person: PersonId,
    data: &Value,
) -> Result<Segment, Problem> {
    let place = place(tx, person);
    Segment::commit(person, data, |text| crypto::seal(key, place, text))
}

/// The commitment says in which entry a text stands; the place says whose it is.
fn place(tx: &Tx<'_>, person: PersonId) -> Context {
    Context {
        municipality: tx.municipality().uuid(),
        table: "audit_segment",
        column: "sealed",
        row: person.uuid(),
    }
}

/// A case's or a period's entries, with what they say of people where that is asked for.
pub(super) fn export_log(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &ExportAsked,
) -> Result<JsonLines, Problem> {
    audit::export(tx, asked, open_segments)
}

/// Opens segments, but none of a person whose own address, or that of somebody in the same household, is protected now: they may
/// tell where that person lives, or lived.
fn open_segments(tx: &mut Tx<'_>, sealed: &[SealedSegment]) -> Result<Vec<Disclosure>, Problem> {
    let ids: BTreeSet<PersonId> = sealed.iter().map(|it| it.person).collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let keys = keys_that_may_open(tx, &ids)?;
    let disclose = |segment: &SealedSegment| {
        let Some(key) = keys.get(&segment.person) else {
            return Ok(Disclosure::Withheld);
        };
        let text = crypto::open(key, place(tx, segment.person), &segment.sealed);
        let text = text.map_err(|fault| Problem::internal(fault.code()))?;
        Ok(Disclosure::Opened(Opened::parse(text.expose_secret())?))
    };
    sealed.iter().map(disclose).collect()
}

fn keys_that_may_open(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, SubjectKey>, Problem> {
    let households = erasing_store::households_of(tx, ids)?;
    let members = store::members(tx, &households)?;
    let protected: BTreeSet<HouseholdId> = members
        .iter()
        .filter(|(_, member)| member.protection.is_protected())
        .map(|(household, _)| *household)
        .collect();
    let near: BTreeSet<PersonId> = members
        .iter()
        .filter(|(household, _)| protected.contains(household))
        .map(|(_, member)| member.person_id)
        .collect();
    let rows = store::people(tx, ids)?;
    rows.iter()
        .filter(|row| row.erased_at.is_none())
        .filter(|row| !row.protection.is_protected() && !near.contains(&row.id))
        .map(|row| Ok((row.id, seal::open_key(tx, row.id, &row.sealed_key)?)))
        .collect()
}
