//! The tables of intake.

use diesel::prelude::*;

use super::model::{Document, Frozen, MergeReason};
use crate::applications::{ApplicationType, Needs};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::schema::{
    application_draft, application_merge, application_receipt, requested_document,
};
use crate::db::types::Json;
use crate::each;
use crate::ids::{ApplicationId, DraftId, HouseholdId, MunicipalityId, UserId};
use crate::problem::Problem;

#[derive(Insertable)]
#[diesel(table_name = application_receipt, treat_none_as_default_value = false)]
struct ReceiptRow {
    municipality_id: MunicipalityId,
    application_id: ApplicationId,
    frozen: Json<Frozen>,
    frozen_at: Instant,
}

pub(super) fn insert_receipt(
    tx: &mut Tx<'_>,
    application_id: ApplicationId,
    frozen: Frozen,
) -> Result<(), Problem> {
    let row = ReceiptRow {
        municipality_id: tx.municipality(),
        application_id,
        frozen: Json(frozen),
        frozen_at: tx.now(),
    };
    let insert = diesel::insert_into(application_receipt::table).values(&row);
    each!(tx.conn(), c => insert.execute(c))?;
    Ok(())
}

/// What was known at receipt; of a case that was taken over from before nothing is.
pub(super) fn find_receipt(
    tx: &mut Tx<'_>,
    case: ApplicationId,
) -> Result<Option<Frozen>, Problem> {
    let key = (tx.municipality(), case);
    let found: Option<Json<Frozen>> = application_receipt::table
        .find(key)
        .select(application_receipt::frozen)
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|it| it.0))
}

/// A document that the applicant was asked for.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requested_document, treat_none_as_default_value = false)]
pub(super) struct Requested {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) document: Document,
    pub(super) due_on: Day,
    pub(super) asked_by: UserId,
    pub(super) asked_at: Instant,
    pub(super) received_on: Option<Day>,
}

/// The documents that an applicant was asked for, in the order of their codes.
pub(super) fn requested(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Requested>, Problem> {
    let municipality = tx.municipality();
    Ok(requested_document::table
        .filter(requested_document::municipality_id.eq(municipality))
        .filter(requested_document::application_id.eq(case))
        .order(requested_document::document)
        .select(requested_document::all_columns)
        .load(tx.conn())?)
}

/// Asks for a document, anew if it was asked for before.
pub(super) fn ask_for(tx: &mut Tx<'_>, row: &Requested) -> Result<(), Problem> {
    let key = (row.municipality_id, row.application_id, row.document);
    diesel::delete(requested_document::table.find(key)).execute(tx.conn())?;
    diesel::insert_into(requested_document::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that documents came.
pub(super) fn receive(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    documents: &[Document],
    received_on: Day,
) -> Result<(), Problem> {
    let municipality = tx.municipality();
    let those = requested_document::table
        .filter(requested_document::municipality_id.eq(municipality))
        .filter(requested_document::application_id.eq(case))
        .filter(requested_document::document.eq_any(documents.to_vec()));
    diesel::update(those)
        .set(requested_document::received_on.eq(received_on))
        .execute(tx.conn())?;
    Ok(())
}

/// That a case goes on in another.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = application_merge)]
pub(super) struct Merge {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) into_id: ApplicationId,
    pub(super) reason: MergeReason,
    pub(super) merged_by: UserId,
    pub(super) merged_at: Instant,
}

pub(super) fn insert_merge(tx: &mut Tx<'_>, row: &Merge) -> Result<(), Problem> {
    diesel::insert_into(application_merge::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The mergers that a case has to do with, on either side.
pub(super) fn merges(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Merge>, Problem> {
    let municipality = tx.municipality();
    let either = application_merge::application_id
        .eq(case)
        .or(application_merge::into_id.eq(case));
    Ok(application_merge::table
        .filter(application_merge::municipality_id.eq(municipality))
        .filter(either)
        .order(application_merge::application_id)
        .select(application_merge::all_columns)
        .load(tx.conn())?)
}

/// An application that somebody is still writing.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = application_draft, treat_none_as_default_value = false)]
pub(super) struct Draft {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: DraftId,
    pub(super) version: i32,
    pub(super) household_id: HouseholdId,
    pub(super) kind: Option<ApplicationType>,
    pub(super) lives_in_municipal_dwelling: Option<bool>,
    pub(super) needs: Option<Json<Needs>>,
    pub(super) written_by: UserId,
    pub(super) changed_at: Instant,
}

pub(super) fn insert_draft(tx: &mut Tx<'_>, row: &Draft) -> Result<(), Problem> {
    diesel::insert_into(application_draft::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_draft(tx: &mut Tx<'_>, id: DraftId) -> Result<Option<Draft>, Problem> {
    let key = (tx.municipality(), id);
    let found = application_draft::table
        .find(key)
        .select(application_draft::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// What somebody is writing, oldest first.
pub(super) fn drafts_of(tx: &mut Tx<'_>, by: UserId) -> Result<Vec<Draft>, Problem> {
    let municipality = tx.municipality();
    Ok(application_draft::table
        .filter(application_draft::municipality_id.eq(municipality))
        .filter(application_draft::written_by.eq(by))
        .order(application_draft::id)
        .select(application_draft::all_columns)
        .load(tx.conn())?)
}

/// Drafts that nobody has changed since a moment.
pub(super) fn unchanged_since(
    tx: &mut Tx<'_>,
    at: Instant,
    limit: i64,
) -> Result<Vec<Draft>, Problem> {
    let municipality = tx.municipality();
    Ok(application_draft::table
        .filter(application_draft::municipality_id.eq(municipality))
        .filter(application_draft::changed_at.lt(at))
        .order(application_draft::id)
        .limit(limit)
        .select(application_draft::all_columns)
        .load(tx.conn())?)
}

/// Writes on, if it is still at the version that was read.
pub(super) fn change_draft(
    tx: &mut Tx<'_>,
    of: &Draft,
    kind: Option<ApplicationType>,
    lives_in_municipal_dwelling: Option<bool>,
    needs: Option<Json<Needs>>,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(application_draft::table.find(key))
        .filter(application_draft::version.eq(of.version))
        .set((
            application_draft::kind.eq(kind),
            application_draft::lives_in_municipal_dwelling.eq(lives_in_municipal_dwelling),
            application_draft::needs.eq(needs),
            application_draft::version.eq(of.version + 1),
            application_draft::changed_at.eq(now),
        ))
        .execute(tx.conn())?)
}

/// Throws a draft away, if it is still at the version that was read.
pub(super) fn delete_draft(tx: &mut Tx<'_>, of: &Draft) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::delete(application_draft::table.find(key))
        .filter(application_draft::version.eq(of.version))
        .execute(tx.conn())?)
}
