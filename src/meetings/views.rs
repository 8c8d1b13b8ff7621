//! How meetings are shown: the meeting with its agenda, and the minutes, which are derived from what was recorded.

use serde::Serialize;
use utoipa::ToSchema;

use super::advice::{self, Recommendation};
use super::model::{Advice, ConflictGround, Discipline, ImpartialityGround, MeetingState};
use super::store::{self, Conflict, ImpartialityAnswer, Item, Meeting, Member};
use crate::access;
use crate::applications;
use crate::audit::Entry;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::ids::{AgendaItemId, ApplicationId, DecisionId, DwellingId, MeetingId, UserId};
use crate::problem::Problem;

/// A meeting, without its agenda.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MeetingInShort {
    pub(super) id: MeetingId,
    version: i32,
    meets_on: Day,
    state: MeetingState,
    called_by: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<Instant>,
}

/// A meeting with members and agenda.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MeetingShown {
    #[serde(flatten)]
    short: MeetingInShort,
    members: Vec<MemberShown>,
    agenda: Vec<ItemShown>,
}

/// Who takes part.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberShown {
    user_id: UserId,
    discipline: Discipline,
    is_chair: bool,
    is_present: bool,
}

/// A case or a vacant home on the agenda.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemShown {
    pub(super) id: AgendaItemId,
    version: i32,
    meeting_id: MeetingId,
    place: i16,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<ApplicationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    /// What the team recommends, once it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<Advice>,
    /// The proposal that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<DecisionId>,
}

/// The minutes of a meeting ("referat").
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Minutes {
    #[serde(flatten)]
    meeting: MeetingShown,
    /// Whether they stand; a meeting that is not closed can still change them.
    stands: bool,
    /// Every recommendation with reasons, votes and dissent, in the order of the agenda.
    recommendations: Vec<Recommendation>,
    /// Who was not impartial in which case.
    conflicts: Vec<ConflictShown>,
}

/// Somebody who is not impartial in a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConflictShown {
    application_id: ApplicationId,
    user_id: UserId,
    ground: ConflictGround,
    declared_at: Instant,
}

/// Somebody who answered to be impartial in a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImpartialityAnswerShown {
    application_id: ApplicationId,
    user_id: UserId,
    ground: ImpartialityGround,
    answered_at: Instant,
}

pub(super) fn in_short(row: &Meeting) -> MeetingInShort {
    MeetingInShort {
        id: row.id,
        version: row.version,
        meets_on: row.meets_on,
        state: row.state,
        called_by: row.called_by,
        closed_by: row.closed_by,
        closed_at: row.closed_at,
    }
}

/// A meeting with members and agenda.
pub(super) fn meeting(tx: &mut Tx<'_>, row: &Meeting) -> Result<MeetingShown, Problem> {
    let members = store::members(tx, row.id)?;
    let items = store::items(tx, row.id)?;
    Ok(MeetingShown {
        short: in_short(row),
        members: members.into_iter().map(member).collect(),
        agenda: items.iter().map(item).collect(),
    })
}

/// The minutes. They tell of people, so that is put on the record.
pub(super) fn minutes(tx: &mut Tx<'_>, row: &Meeting) -> Result<Minutes, Problem> {
    let mut recommendations = Vec::new();
    let mut conflicts = Vec::new();
    for item in store::items(tx, row.id)? {
        let Some(case) = item.application_id else {
            continue;
        };
        let case = applications::load(tx, case)?;
        tx.record(
            Entry::access("meeting.minutes_read")
                .about(case.id)
                .about(case.applicant_id),
        );
        let openings = access::openings(tx, case.id)?;
        recommendations.extend(advice::told(tx, &item, &openings)?);
        conflicts.extend(store::conflicts(tx, case.id)?.iter().map(conflict));
    }
    Ok(Minutes {
        meeting: meeting(tx, row)?,
        stands: row.state == MeetingState::Closed,
        recommendations,
        conflicts,
    })
}

fn member(row: Member) -> MemberShown {
    MemberShown {
        user_id: row.user_id,
        discipline: row.discipline,
        is_chair: row.is_chair,
        is_present: row.is_present,
    }
}

pub(super) fn item(row: &Item) -> ItemShown {
    ItemShown {
        id: row.id,
        version: row.version,
        meeting_id: row.meeting_id,
        place: row.place,
        application_id: row.application_id,
        dwelling_id: row.dwelling_id,
        advice: row.advice,
        decision_id: row.decision_id,
    }
}

pub(super) fn conflict(row: &Conflict) -> ConflictShown {
    ConflictShown {
        application_id: row.application_id,
        user_id: row.user_id,
        ground: row.ground,
        declared_at: row.declared_at,
    }
}

pub(super) fn impartiality_answer(row: &ImpartialityAnswer) -> ImpartialityAnswerShown {
    ImpartialityAnswerShown {
        application_id: row.application_id,
        user_id: row.user_id,
        ground: row.ground,
        answered_at: row.answered_at,
    }
}
