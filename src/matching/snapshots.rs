//! Snapshots in the database: addressed by their content, kept in compressed parts that a day's decisions share.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use diesel::prelude::*;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use uuid::Uuid;

use super::model::{HomeFacts, HouseholdFacts, Snapshot};
use super::parts::{Contents, Kept, Part, cut, part_count, place_of};
use super::waiting::Waiting;
use crate::audit::{Hash, canonical, sha256};
use crate::clock::Instant;
use crate::db::schema::{matching_part, matching_snapshot};
use crate::db::{Tx, load_listed};
use crate::ids::{ApplicationId, DwellingId};
use crate::problem::Problem;

/// Rows of one statement, well below what either database binds at once.
const CHUNK: usize = 200;
/// No part is anywhere near as long: what unfolds to more is not ours.
const PART_BYTES_MAX: u64 = 64 << 20;

/// Those who wait and some homes, in the form in which they are kept.
pub(super) struct Drawn {
    /// Where the snapshot is kept.
    pub(super) address: Hash,
    body: String,
    /// The parts, each once.
    parts: BTreeMap<Hash, Arc<Part>>,
    /// What of them had to be folded, and was already.
    folded: BTreeMap<Hash, Vec<u8>>,
}

impl Drawn {
    /// Those who wait and these homes.
    pub(super) fn of(waiting: &Waiting, homes: &[HomeFacts]) -> Result<Self, Problem> {
        let unwritable = |fault: crate::audit::CanonicalFault| Problem::internal(fault.to_string());
        let households = waiting.parts().map_err(unwritable)?;
        let homes = cut(homes.iter(), part_count(homes.len()), |_| None).map_err(unwritable)?;
        let addresses =
            |parts: &[Arc<Part>]| parts.iter().map(|part| part.sha256.to_hex()).collect();
        let contents = Contents {
            as_of: waiting.as_of,
            households: addresses(households),
            homes: addresses(&homes),
        };
        let body = canonical(&contents).map_err(unwritable)?;
        let parts = households.iter().chain(&homes);
        Ok(Self {
            address: sha256(body.as_bytes()),
            body,
            parts: parts.map(|part| (part.sha256, Arc::clone(part))).collect(),
            folded: BTreeMap::new(),
        })
    }

    /// The same, with the parts folded that are not kept yet: the longest work of keeping it, done before anything is written.
    pub(super) fn folded(mut self, tx: &mut Tx<'_>) -> Result<Self, Problem> {
        let known = known_parts(tx, self.parts.keys())?;
        for (address, part) in &self.parts {
            if !known.contains(address) {
                self.folded.insert(*address, compressed(&part.text)?);
            }
        }
        Ok(self)
    }

    /// Keeps it, once for all that saw the same.
    pub(super) fn keep(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        let key = (tx.municipality(), self.address.0.to_vec());
        let known: Option<Instant> = matching_snapshot::table
            .find(key.clone())
            .select(matching_snapshot::created_at)
            .first(tx.conn())
            .optional()?;
        if known.is_some() {
            return Ok(());
        }
        self.keep_parts(tx)?;
        let row = (
            matching_snapshot::municipality_id.eq(key.0),
            matching_snapshot::sha256.eq(key.1),
            matching_snapshot::body.eq(&self.body),
            matching_snapshot::created_at.eq(tx.now()),
        );
        diesel::insert_into(matching_snapshot::table)
            .values(row)
            .execute(tx.conn())
            .map_err(kept_just_now)?;
        Ok(())
    }

    fn keep_parts(&self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        let known = known_parts(tx, self.parts.keys())?;
        for (address, part) in &self.parts {
            if known.contains(address) {
                continue;
            }
            let body = match self.folded.get(address) {
                Some(folded) => folded.clone(),
                None => compressed(&part.text)?,
            };
            let row = (
                matching_part::municipality_id.eq(tx.municipality()),
                matching_part::sha256.eq(address.0.to_vec()),
                matching_part::body.eq(body),
                matching_part::created_at.eq(tx.now()),
            );
            diesel::insert_into(matching_part::table)
                .values(row)
                .execute(tx.conn())
                .map_err(kept_just_now)?;
        }
        Ok(())
    }
}

/// Keeps those who wait and these homes, and gives the snapshot's address.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    waiting: &Waiting,
    homes: &[HomeFacts],
) -> Result<Hash, Problem> {
    let drawn = Drawn::of(waiting, homes)?;
    drawn.keep(tx)?;
    Ok(drawn.address)
}

/// Those of these parts that are kept already.
fn known_parts<'a>(
    tx: &mut Tx<'_>,
    addresses: impl Iterator<Item = &'a Hash>,
) -> Result<BTreeSet<Hash>, Problem> {
    let asked: Vec<Vec<u8>> = addresses.map(|address| address.0.to_vec()).collect();
    let municipality = tx.municipality();
    let mut known = BTreeSet::new();
    for chunk in asked.chunks(CHUNK) {
        let found: Vec<Vec<u8>> = matching_part::table
            .filter(matching_part::municipality_id.eq(municipality))
            .filter(matching_part::sha256.eq_any(chunk.to_vec()))
            .select(matching_part::sha256)
            .load(tx.conn())?;
        let found = found.into_iter().filter_map(|it| it.try_into().ok());
        known.extend(found.map(Hash));
    }
    Ok(known)
}

/// Somebody kept the same one just now: to be tried again, and then it is found.
fn kept_just_now(error: diesel::result::Error) -> Problem {
    Problem {
        is_retryable: true,
        ..Problem::from(error)
    }
}

/// The snapshot at an address; refuses one whose content is not what its address says.
pub fn load_snapshot(tx: &mut Tx<'_>, address: Hash) -> Result<Snapshot, Problem> {
    let contents = load_contents(tx, address)?;
    Ok(Snapshot {
        as_of: contents.as_of,
        households: load_parts(tx, &contents.households)?,
        homes: load_parts(tx, &contents.homes)?,
    })
}

/// One household and one home of a snapshot, without reading the others.
pub(super) fn load_pair(
    tx: &mut Tx<'_>,
    address: Hash,
    application: ApplicationId,
    home: DwellingId,
) -> Result<(Option<HouseholdFacts>, Option<HomeFacts>), Problem> {
    let contents = load_contents(tx, address)?;
    let household = load_one(tx, &contents.households, application.uuid())?;
    let home = load_one(tx, &contents.homes, home.uuid())?;
    Ok((household, home))
}

fn load_one<T: Kept>(tx: &mut Tx<'_>, parts: &[String], id: Uuid) -> Result<Option<T>, Problem> {
    let place = place_of(id, parts.len());
    let part: Vec<T> = load_parts(tx, parts.get(place..=place).unwrap_or_default())?;
    Ok(part.into_iter().find(|fact| fact.id() == id))
}

fn load_contents(tx: &mut Tx<'_>, address: Hash) -> Result<Contents, Problem> {
    let key = (tx.municipality(), address.0.to_vec());
    let body: String = matching_snapshot::table
        .find(key)
        .select(matching_snapshot::body)
        .first(tx.conn())?;
    must_be(address, &body)?;
    serde_json::from_str(&body).map_err(|_| unknown_form())
}

fn load_parts<T: Kept>(tx: &mut Tx<'_>, addresses: &[String]) -> Result<Vec<T>, Problem> {
    let municipality = tx.municipality();
    let mut hashes = addresses
        .iter()
        .map(|address| Hash::from_hex(address).map(|hash| hash.0.to_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unknown_form())?;
    hashes.sort_unstable();
    hashes.dedup();
    let mut facts = Vec::new();
    for chunk in hashes.chunks(CHUNK) {
        let question = matching_part::table
            .filter(matching_part::municipality_id.eq(municipality))
            .filter(matching_part::sha256.eq_any(chunk.to_vec()))
            .select((matching_part::sha256, matching_part::body));
        let rows: Vec<(Vec<u8>, Vec<u8>)> = load_listed(question, chunk.len(), tx.conn())?;
        if rows.len() != chunk.len() {
            return Err(Problem::internal("a part of a snapshot is gone"));
        }
        for (address, body) in rows {
            let text = unfolded(&body)?;
            let address = address.try_into().map_err(|_| unknown_form())?;
            must_be(Hash(address), &text)?;
            let some: Vec<T> = serde_json::from_str(&text).map_err(|_| unknown_form())?;
            facts.extend(some);
        }
    }
    facts.sort_unstable_by_key(Kept::id);
    Ok(facts)
}

fn must_be(address: Hash, text: &str) -> Result<(), Problem> {
    if sha256(text.as_bytes()) == address {
        return Ok(());
    }
    Err(Problem::internal("a snapshot is not what its address says"))
}

fn unknown_form() -> Problem {
    Problem::internal("a snapshot is of a form that this engine does not know")
}

fn compressed(text: &str) -> Result<Vec<u8>, Problem> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes());
    written
        .and_then(|()| encoder.finish())
        .map_err(|error| Problem::internal(error.to_string()))
}

fn unfolded(body: &[u8]) -> Result<String, Problem> {
    let mut text = String::new();
    let read = ZlibDecoder::new(body)
        .take(PART_BYTES_MAX)
        .read_to_string(&mut text);
    read.map_err(|_| Problem::internal("a part of a snapshot cannot be unfolded"))?;
    Ok(text)
}
