//! The tables of what is on its way: letters that `SvarUt` has, records that the archive has, and what they told of it.

use diesel::prelude::*;
use jiff::SignedDuration;

use super::model::FiledDocument;
use crate::clock::Instant;
use crate::db::schema::{archive_filing, letter_shipment};
use crate::db::{Conn, Tx};
use crate::each;
use crate::ids::{ApplicationId, Id, LetterId, MunicipalityId};
use crate::outbox::Bookkeeping;
use crate::problem::Problem;
use crate::registers::{ArchiveReceipt, DispatchState};

/// Letters that are asked about in one round.
const AT_ONCE: i64 = 200;
/// How long a letter is asked about: what was not told until then is not told any more.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A letter as `SvarUt` has it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = letter_shipment)]
pub(super) struct ShipmentRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) letter_id: LetterId,
    pub(super) reference: String,
    pub(super) state: DispatchState,
    pub(super) sent_at: Instant,
    pub(super) asked_at: Instant,
}

/// A document as a record of the archive.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = archive_filing)]
pub(super) struct FilingRow {
    pub(super) municipality_id: MunicipalityId,
    pub(super) document_id: Id<FiledDocument>,
    pub(super) application_id: ApplicationId,
    pub(super) document: FiledDocument,
    pub(super) state: ArchiveReceipt,
    pub(super) sent_at: Instant,
    pub(super) asked_at: Instant,
}

pub(super) fn insert_shipment(
    tx: &mut Tx<'_>,
    letter: LetterId,
    reference: &str,
) -> Result<(), Problem> {
    let now = tx.now();
    let row = ShipmentRow {
        municipality_id: tx.municipality(),
        letter_id: letter,
        reference: reference.to_owned(),
        state: DispatchState::Received,
        sent_at: now,
        asked_at: now,
    };
    let insert = diesel::insert_into(letter_shipment::table).values(&row);
    each!(tx.conn(), c => insert.execute(c))?;
    Ok(())
}

/// Where the last shipment of a letter is on its way.
pub(super) fn shipment_of(
    tx: &mut Tx<'_>,
    letter: LetterId,
) -> Result<Option<DispatchState>, Problem> {
    Ok(letter_shipment::table
        .filter(letter_shipment::municipality_id.eq(tx.municipality()))
        .filter(letter_shipment::letter_id.eq(letter))
        .order(letter_shipment::sent_at.desc())
        .select(letter_shipment::state)
        .first(tx.conn())
        .optional()?)
}

/// Shipments of which more is to be told, those first that were not asked about for the longest time.
pub(super) fn shipments_under_way(tx: &mut Tx<'_>) -> Result<Vec<ShipmentRow>, Problem> {
    let last: Vec<DispatchState> = DispatchState::ALL.to_vec();
    let open = last.into_iter().filter(|it| !it.is_last());
    let since = tx.now().plus(-ASKED_FOR);
    Ok(letter_shipment::table
        .filter(letter_shipment::municipality_id.eq(tx.municipality()))
        .filter(letter_shipment::state.eq_any(open.collect::<Vec<_>>()))
        .filter(letter_shipment::sent_at.gt(since))
        .order(letter_shipment::asked_at)
        .limit(AT_ONCE)
        .select(letter_shipment::all_columns)
        .load(tx.conn())?)
}

pub(super) fn set_shipment(
    tx: &mut Tx<'_>,
    of: &ShipmentRow,
    state: DispatchState,
) -> Result<usize, Problem> {
    let key = (of.municipality_id, of.letter_id, of.reference.clone());
    let now = tx.now();
    Ok(diesel::update(letter_shipment::table.find(key))
        .filter(letter_shipment::state.eq(of.state))
        .set((
            letter_shipment::state.eq(state),
            letter_shipment::asked_at.eq(now),
        ))
        .execute(tx.conn())?)
}

/// Says that the archive was handed a document of a case; the same when it is handed over again.
pub(super) fn keep_filing<K>(
    tx: &mut Tx<'_>,
    application_id: ApplicationId,
    (document, id): (FiledDocument, Id<K>),
) -> Result<(), Problem> {
    let now = tx.now();
    let row = FilingRow {
        municipality_id: tx.municipality(),
        document_id: Id::from_uuid(id.uuid()),
        application_id,
        document,
        state: ArchiveReceipt::None,
        sent_at: now,
        asked_at: now,
    };
    let insert = diesel::insert_into(archive_filing::table).values(&row);
    each!(tx.conn(), c => insert.on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// What the archive has told of a letter; nothing where it was not handed over.
pub(super) fn filing_of(
    tx: &mut Tx<'_>,
    letter: LetterId,
) -> Result<Option<ArchiveReceipt>, Problem> {
    let id: Id<FiledDocument> = Id::from_uuid(letter.uuid());
    let key = (tx.municipality(), id);
    Ok(archive_filing::table
        .find(key)
        .select(archive_filing::state)
        .first(tx.conn())
        .optional()?)
}

/// Records of which the archive has more to tell.
pub(super) fn filings_under_way(tx: &mut Tx<'_>) -> Result<Vec<FilingRow>, Problem> {
    let open = ArchiveReceipt::ALL.iter().copied();
    let open = open.filter(|it| !it.is_last());
    let since = tx.now().plus(-ASKED_FOR);
    Ok(archive_filing::table
        .filter(archive_filing::municipality_id.eq(tx.municipality()))
        .filter(archive_filing::state.eq_any(open.collect::<Vec<_>>()))
        .filter(archive_filing::sent_at.gt(since))
        .order(archive_filing::asked_at)
        .limit(AT_ONCE)
        .select(archive_filing::all_columns)
        .load(tx.conn())?)
}

pub(super) fn set_filing(
    tx: &mut Tx<'_>,
    of: &FilingRow,
    state: ArchiveReceipt,
) -> Result<usize, Problem> {
    let key = (of.municipality_id, of.document_id);
    let now = tx.now();
    Ok(diesel::update(archive_filing::table.find(key))
        .filter(archive_filing::state.eq(of.state))
        .set((
            archive_filing::state.eq(state),
            archive_filing::asked_at.eq(now),
        ))
        .execute(tx.conn())?)
}

/// Says that nothing new was told, so that others are asked about first.
#[derive(Debug)]
pub(super) enum Asked {
    /// Of a shipment.
    Shipment(ShipmentRow),
    /// Of a record.
    Filing(FilingRow),
}

impl Bookkeeping for Asked {
    type Kept = ();

    fn keep(&self, conn: &mut Conn, now: Instant, _: MunicipalityId) -> Result<(), Problem> {
        match self {
            Self::Shipment(of) => {
                let key = (of.municipality_id, of.letter_id, of.reference.clone());
                diesel::update(letter_shipment::table.find(key))
                    .set(letter_shipment::asked_at.eq(now))
                    .execute(conn)?
            }
            Self::Filing(of) => {
                let key = (of.municipality_id, of.document_id);
                diesel::update(archive_filing::table.find(key))
                    .set(archive_filing::asked_at.eq(now))
                    .execute(conn)?
            }
        };
        Ok(())
    }
}
