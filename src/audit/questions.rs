//! The questions that are asked of the log.
//!
//! A page tells first what is sealed, in the order of the log, then what still waits for its seal, in the order of its ids. Where sealed
//! entries can stand is found by the lists that the log keeps of what entries have in common; whether all holds of an entry, its own
//! body is asked. What waits is little, and only asked.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::joined::Joined;
use super::postings::Filed;
use super::told::Told;
use super::{EntryKind, Mark, keys, spans, store, tree, waiting, withheld};
use crate::auth::Role;
use crate::clock::Instant;
use crate::db::Tx;
use crate::ids::{EntryId, UserId};
use crate::problem::{BAD_CURSOR, Problem};

/// Entries that are looked at in one step.
const STEP: usize = 256;
/// Entries that are read at least, where the first few may not be what is asked for.
const STEP_MIN: usize = 16;

/// Which entries are asked for. All that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Concerns each of these: case, person, home, decision …
    pub subjects: Vec<Uuid>,
    /// Bears each of these marks.
    pub marks: Vec<Mark>,
    /// Refused with this code.
    pub refusal: Option<String>,
    /// Done by this employee.
    pub actor: Option<UserId>,
    /// This action.
    pub action: Option<String>,
    /// In this role.
    pub role: Option<Role>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// Leaves out looks at personal data.
    pub without_access: bool,
    /// Recorded at or after.
    pub from: Option<Instant>,
    /// Recorded before.
    pub until: Option<Instant>,
}

/// An entry as the log tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordedEntry {
    /// The entry's id.
    pub id: EntryId,
    /// Lower-case hexadecimal RFC 6962 leaf hash of the canonical form of `entry`.
    pub hash: String,
    /// The entry itself, exactly as it was hashed (canonical JSON, RFC 8785).
    #[schema(value_type = Object)]
    pub entry: Box<serde_json::value::RawValue>,
    /// Whether the home that it is about was left out because the reader may not know of it; `hash` is that of the whole entry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_withheld_in_part: bool,
}

impl Filter {
    /// The marks that an entry must bear.
    fn marks(&self) -> Vec<String> {
        let mut marks: Vec<String> = self.marks.iter().map(|it| it.code().to_owned()).collect();
        marks.extend(self.refusal.as_deref().map(Mark::of_refusal));
        marks
    }

    /// The way along the places of the log where entries can stand that are asked for.
    fn places(&self, from: u64) -> Joined {
        let subjects = self.subjects.iter().map(|id| keys::of_subject(*id));
        let marks = self.marks();
        let marks = marks.iter().map(|mark| keys::of_mark(mark));
        let all = subjects
            .chain(marks)
            .chain(self.actor.map(|actor| keys::of_actor(actor.uuid())))
            .chain(self.action.as_deref().map(keys::of_action))
            .chain(self.role.map(keys::of_role))
            .chain(self.kind.map(keys::of_kind));
        let mut places = all.fold(Joined::from(from), Joined::with);
        if self.without_access {
            let kinds = [EntryKind::Change, EntryKind::Refused];
            places = places.with_any(kinds.map(keys::of_kind));
        }
        if self.from.is_some() || self.until.is_some() {
            places = places.within_period();
        }
        places
    }

    /// Whether all that is asked holds of an entry.
    fn holds_of(&self, told: &Told<'_>) -> bool {
        let concerns = |id: &Uuid| told.subjects.iter().any(|it| it.id == *id);
        let bears = |mark: &String| told.marks.contains(&mark.as_str());
        let at = told.recorded_at;
        self.subjects.iter().all(concerns)
            && self.marks().iter().all(bears)
            && self.actor.is_none_or(|it| told.actor.id == Some(it.uuid()))
            && self.action.as_ref().is_none_or(|it| told.action == it)
            && self.role.is_none_or(|it| told.role == Some(it))
            && self.kind.is_none_or(|it| told.kind == it)
            && !(self.without_access && told.kind == EntryKind::Access)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}

/// The entries behind `after` that are asked for, at most `limit`: the sealed ones in the order of the log, then those that wait for
/// their seal in the order of their ids.
pub(super) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: Option<EntryId>,
    limit: i64,
) -> Result<Vec<RecordedEntry>, Problem> {
    let mut page = Page {
        filter,
        wanted: usize::try_from(limit).unwrap_or(usize::MAX),
        found: Vec::new(),
    };
    let mut waiting_behind = EntryId::NIL;
    match place_of(tx, after)? {
        Place::Sealed(from) => page.read_sealed(tx, from)?,
        Place::Waiting(id) => waiting_behind = id,
    }
    page.read_waiting(tx, waiting_behind)?;
    withheld::withhold(tx, page.found)
}

/// Where a page begins.
enum Place {
    /// At this place of the log.
    Sealed(u64),
    /// Among those that wait, behind this one.
    Waiting(EntryId),
}

/// Where the page goes on behind an entry: it may have been sealed since it was told.
fn place_of(tx: &mut Tx<'_>, after: Option<EntryId>) -> Result<Place, Problem> {
    let Some(id) = after else {
        return Ok(Place::Sealed(0));
    };
    let municipality = tx.municipality();
    let place = tree::places(tx.conn(), municipality, &[id])?.pop_first();
    match place {
        Some((place, _)) => Ok(Place::Sealed(place + 1)),
        None if waiting::holds(tx.conn(), municipality, id)? => Ok(Place::Waiting(id)),
        None => Err(Problem::new(&BAD_CURSOR).at("/query/cursor")),
    }
}

/// A page that is being filled.
struct Page<'f> {
    filter: &'f Filter,
    wanted: usize,
    found: Vec<RecordedEntry>,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.found.len() >= self.wanted
    }

    /// Goes along the log from this place on.
    fn read_sealed(&mut self, tx: &mut Tx<'_>, from: u64) -> Result<(), Problem> {
        let municipality = tx.municipality();
        let mut places = self.filter.places(from);
        while !self.is_full() {
            let missing = self.wanted - self.found.len();
            let step = missing.clamp(STEP_MIN, STEP);
            let mut lists = Filed {
                conn: tx.conn(),
                municipality,
                from: self.filter.from,
                until: self.filter.until,
            };
            let next = places.next(&mut lists, step)?;
            if next.is_empty() {
                break;
            }
            let ids = spans::entries_at(tx.conn(), municipality, &next)?;
            let mut bodies = store::bodies(tx.conn(), municipality, &ids)?;
            // One that is gone is passed over: the check of the log tells of it.
            let there = ids.into_iter().filter_map(|id| bodies.remove_entry(&id));
            for entry in there {
                self.take(entry)?;
            }
        }
        Ok(())
    }

    /// Goes along what waits for its seal.
    fn read_waiting(&mut self, tx: &mut Tx<'_>, mut behind: EntryId) -> Result<(), Problem> {
        let municipality = tx.municipality();
        let step = i64::try_from(STEP).unwrap_or(i64::MAX);
        while !self.is_full() {
            let named = &self.filter.subjects;
            let found = waiting::naming(tx.conn(), municipality, behind, named, step)?;
            let Some((last, _)) = found.last() else {
                break;
            };
            behind = *last;
            let is_last = found.len() < STEP;
            for entry in found {
                self.take(entry)?;
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Takes an entry if all holds of it that is asked, and it still has room.
    fn take(&mut self, (id, body): (EntryId, String)) -> Result<(), Problem> {
        if !self.is_full() && self.filter.holds_of(&Told::read(&body)?) {
            self.found.push(store::told((id, body))?);
        }
        Ok(())
    }
}
