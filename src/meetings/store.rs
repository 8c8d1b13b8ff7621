//! The tables of meetings.

use diesel::prelude::*;

use super::model::{Advice, ConflictGround, Discipline, ImpartialityGround, MeetingState, Vote};
use super::rules::Refusal;
use crate::clock::{Day, Instant};
use crate::db::schema::{
    agenda_item, agenda_vote, conflict_of_interest, impartiality_answer, meeting, meeting_member,
};
use crate::db::{OrRefuse as _, Tx, Unique};
use crate::each;
use crate::ids::{
    AgendaItemId, ApplicationId, DecisionId, DwellingId, MeetingId, MunicipalityId, UserId,
};
use crate::problem::Problem;

const ONE_DECLARATION: Unique = Unique {
    name: "conflict_of_interest_pkey",
    columns: "conflict_of_interest.municipality_id, conflict_of_interest.application_id, conflict_of_interest.user_id",
};

const ONE_ANSWER: Unique = Unique {
    name: "impartiality_answer_pkey",
    columns: "impartiality_answer.municipality_id, impartiality_answer.application_id, impartiality_answer.user_id",
};

/// A meeting of the allocation team.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = meeting, treat_none_as_default_value = false)]
pub(super) struct Meeting {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: MeetingId,
    pub(super) version: i32,
    pub(super) meets_on: Day,
    pub(super) state: MeetingState,
    pub(super) called_by: UserId,
    pub(super) closed_by: Option<UserId>,
    pub(super) closed_at: Option<Instant>,
    pub(super) created_at: Instant,
}

/// Who takes part.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = meeting_member, treat_none_as_default_value = false)]
pub(super) struct Member {
    pub(super) municipality_id: MunicipalityId,
    pub(super) meeting_id: MeetingId,
    pub(super) user_id: UserId,
    pub(super) discipline: Discipline,
    pub(super) is_chair: bool,
    pub(super) is_present: bool,
}

/// A case or a vacant home on the agenda, and what the team recommends.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agenda_item, treat_none_as_default_value = false)]
pub(super) struct Item {
    pub(super) municipality_id: MunicipalityId,
    pub(super) id: AgendaItemId,
    pub(super) version: i32,
    pub(super) meeting_id: MeetingId,
    pub(super) place: i16,
    pub(super) application_id: Option<ApplicationId>,
    pub(super) dwelling_id: Option<DwellingId>,
    pub(super) advice: Option<Advice>,
    pub(super) advised_dwelling_id: Option<DwellingId>,
    pub(super) sealed_advice: Option<String>,
    pub(super) advised_by: Option<UserId>,
    pub(super) advised_at: Option<Instant>,
    pub(super) decision_id: Option<DecisionId>,
}

/// Who has said not to be impartial in a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = conflict_of_interest, treat_none_as_default_value = false)]
pub(super) struct Conflict {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) user_id: UserId,
    pub(super) ground: ConflictGround,
    pub(super) declared_at: Instant,
}

/// Who was asked for a likeness with somebody in a case, and answered to be impartial.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = impartiality_answer, treat_none_as_default_value = false)]
pub(super) struct ImpartialityAnswer {
    pub(super) municipality_id: MunicipalityId,
    pub(super) application_id: ApplicationId,
    pub(super) user_id: UserId,
    pub(super) ground: ImpartialityGround,
    pub(super) answered_at: Instant,
}

/// How a member voted.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agenda_vote, treat_none_as_default_value = false)]
pub(super) struct CastVote {
    pub(super) municipality_id: MunicipalityId,
    pub(super) item_id: AgendaItemId,
    pub(super) user_id: UserId,
    pub(super) vote: Vote,
}

pub(super) fn insert_meeting(
    tx: &mut Tx<'_>,
    row: &Meeting,
    members: &[Member],
) -> Result<(), Problem> {
    diesel::insert_into(meeting::table)
        .values(row)
        .execute(tx.conn())?;
    each!(tx.conn(), c => diesel::insert_into(meeting_member::table).values(members).execute(c))?;
    Ok(())
}

pub(super) fn find_meeting(tx: &mut Tx<'_>, id: MeetingId) -> Result<Option<Meeting>, Problem> {
    let key = (tx.municipality(), id);
    let found = meeting::table
        .find(key)
        .select(meeting::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// Meetings in the order in which they were called, after `after`.
pub(super) fn page(
    tx: &mut Tx<'_>,
    after: Option<MeetingId>,
    limit: i64,
) -> Result<Vec<Meeting>, Problem> {
    let municipality = tx.municipality();
    Ok(meeting::table
        .filter(meeting::municipality_id.eq(municipality))
        .filter(meeting::id.gt(after.unwrap_or(MeetingId::NIL)))
        .order(meeting::id)
        .limit(limit)
        .select(meeting::all_columns)
        .load(tx.conn())?)
}

pub(super) fn members(tx: &mut Tx<'_>, meeting: MeetingId) -> Result<Vec<Member>, Problem> {
    let municipality = tx.municipality();
    Ok(meeting_member::table
        .filter(meeting_member::municipality_id.eq(municipality))
        .filter(meeting_member::meeting_id.eq(meeting))
        .order(meeting_member::user_id)
        .select(meeting_member::all_columns)
        .load(tx.conn())?)
}

/// Moves a meeting on, if it is still at the version that was read.
pub(super) fn conclude(
    tx: &mut Tx<'_>,
    of: &Meeting,
    state: MeetingState,
    by: Option<UserId>,
) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(meeting::table.find(key))
        .filter(meeting::version.eq(of.version))
        .filter(meeting::state.eq(MeetingState::Planned))
        .set((
            meeting::state.eq(state),
            meeting::closed_by.eq(by),
            meeting::closed_at.eq(by.map(|_| now)),
            meeting::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Raises the meeting's version, so that whoever has not seen what was added since cannot close it.
pub(super) fn renew(tx: &mut Tx<'_>, of: &Meeting) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(meeting::table.find(key))
        .filter(meeting::version.eq(of.version))
        .set(meeting::version.eq(of.version + 1))
        .execute(tx.conn())?)
}

/// Says who was not there.
pub(super) fn set_absent(
    tx: &mut Tx<'_>,
    meeting: MeetingId,
    users: &[UserId],
) -> Result<usize, Problem> {
    let mut changed = 0;
    for user in users {
        let key = (tx.municipality(), meeting, *user);
        changed += diesel::update(meeting_member::table.find(key))
            .set(meeting_member::is_present.eq(false))
            .execute(tx.conn())?;
    }
    Ok(changed)
}

pub(super) fn insert_item(tx: &mut Tx<'_>, row: &Item) -> Result<(), Problem> {
    diesel::insert_into(agenda_item::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_item(tx: &mut Tx<'_>, id: AgendaItemId) -> Result<Option<Item>, Problem> {
    let key = (tx.municipality(), id);
    let found = agenda_item::table
        .find(key)
        .select(agenda_item::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

pub(super) fn items(tx: &mut Tx<'_>, meeting: MeetingId) -> Result<Vec<Item>, Problem> {
    let municipality = tx.municipality();
    Ok(agenda_item::table
        .filter(agenda_item::municipality_id.eq(municipality))
        .filter(agenda_item::meeting_id.eq(meeting))
        .order(agenda_item::place)
        .select(agenda_item::all_columns)
        .load(tx.conn())?)
}

pub(super) fn item_of_decision(
    tx: &mut Tx<'_>,
    decision: DecisionId,
) -> Result<Option<Item>, Problem> {
    let municipality = tx.municipality();
    let found = agenda_item::table
        .filter(agenda_item::municipality_id.eq(municipality))
        .filter(agenda_item::decision_id.eq(decision))
        .select(agenda_item::all_columns)
        .first(tx.conn());
    Ok(found.optional()?)
}

/// What the team recommends, as it is written into its item.
pub(super) struct NewAdvice {
    pub(super) advice: Advice,
    pub(super) dwelling: Option<DwellingId>,
    pub(super) sealed: String,
    pub(super) by: UserId,
}

/// Writes the recommendation into an item that has none yet and is at the version that was read.
pub(super) fn advise(tx: &mut Tx<'_>, of: &Item, new: &NewAdvice) -> Result<usize, Problem> {
    let (key, now) = ((tx.municipality(), of.id), tx.now());
    Ok(diesel::update(agenda_item::table.find(key))
        .filter(agenda_item::version.eq(of.version))
        .filter(agenda_item::advised_at.is_null())
        .set((
            agenda_item::advice.eq(new.advice),
            agenda_item::advised_dwelling_id.eq(new.dwelling),
            agenda_item::sealed_advice.eq(&new.sealed),
            agenda_item::advised_by.eq(new.by),
            agenda_item::advised_at.eq(now),
            agenda_item::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

/// Links a recommendation to the proposal that follows it, once.
pub(super) fn link(tx: &mut Tx<'_>, of: &Item, decision: DecisionId) -> Result<usize, Problem> {
    let key = (tx.municipality(), of.id);
    Ok(diesel::update(agenda_item::table.find(key))
        .filter(agenda_item::version.eq(of.version))
        .filter(agenda_item::decision_id.is_null())
        .set((
            agenda_item::decision_id.eq(decision),
            agenda_item::version.eq(of.version + 1),
        ))
        .execute(tx.conn())?)
}

pub(super) fn insert_votes(tx: &mut Tx<'_>, rows: &[CastVote]) -> Result<(), Problem> {
    each!(tx.conn(), c => diesel::insert_into(agenda_vote::table).values(rows).execute(c))?;
    Ok(())
}

pub(super) fn votes(tx: &mut Tx<'_>, item: AgendaItemId) -> Result<Vec<CastVote>, Problem> {
    let municipality = tx.municipality();
    Ok(agenda_vote::table
        .filter(agenda_vote::municipality_id.eq(municipality))
        .filter(agenda_vote::item_id.eq(item))
        .order(agenda_vote::user_id)
        .select(agenda_vote::all_columns)
        .load(tx.conn())?)
}

pub(super) fn insert_conflict(tx: &mut Tx<'_>, row: &Conflict) -> Result<(), Problem> {
    diesel::insert_into(conflict_of_interest::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_DECLARATION, Refusal::AlreadyDeclared)?;
    Ok(())
}

pub(super) fn conflicts(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Conflict>, Problem> {
    let municipality = tx.municipality();
    Ok(conflict_of_interest::table
        .filter(conflict_of_interest::municipality_id.eq(municipality))
        .filter(conflict_of_interest::application_id.eq(case))
        .order(conflict_of_interest::user_id)
        .select(conflict_of_interest::all_columns)
        .load(tx.conn())?)
}

pub(super) fn insert_answer(tx: &mut Tx<'_>, row: &ImpartialityAnswer) -> Result<(), Problem> {
    diesel::insert_into(impartiality_answer::table)
        .values(row)
        .execute(tx.conn())
        .or_refuse(&ONE_ANSWER, Refusal::AlreadyAnswered)?;
    Ok(())
}

/// Whether an employee has answered to be impartial in a case.
pub(super) fn has_answered(
    tx: &mut Tx<'_>,
    case: ApplicationId,
    user: UserId,
) -> Result<bool, Problem> {
    let key = (tx.municipality(), case, user);
    let found: Option<UserId> = impartiality_answer::table
        .find(key)
        .select(impartiality_answer::user_id)
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}
