//! What applicants are told while nothing is decided.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts;
use super::model::{DelayReason, ReplyKind};
use super::store::{self, Reply};
use crate::applications;
use crate::auth::Action::{HandleCase, ReadCases};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::http::{Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{LetterId, ReplyId, UserId};
use crate::letters::Language;
use crate::problem::Problem;

/// The operations on replies.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications/{id}/interim-replies",
            HandleCase,
            "Note an interim reply, or a notice of delay where there was one before",
            reply,
        ),
        Endpoint::get(
            "/applications/{id}/interim-replies",
            ReadCases,
            "What the applicant was told while nothing was decided, oldest first",
            of_case,
        ),
    ]
}

/// What the applicant is told.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NoteReply {
    reason: DelayReason,
    /// When a decision can be expected, at most half a year ahead.
    expected_by: Day,
    /// In which form of Norwegian the letter about it is written; no letter is written when the applicant was told otherwise.
    #[serde(default)]
    letter: Option<Language>,
}

/// What the applicant was told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReplyShown {
    id: ReplyId,
    kind: ReplyKind,
    reason: DelayReason,
    expected_by: Day,
    /// The last day on which it was in time.
    due_on: Day,
    /// How many days late it was; 0 when in time.
    days_late: i32,
    sent_by: UserId,
    sent_at: Instant,
    /// The letters that were written, in the answer to noting; they are still to be sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    letter_ids: Vec<LetterId>,
}

/// What the applicant was told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RepliesShown {
    items: Vec<ReplyShown>,
}

fn reply(tx: &mut Tx<'_>, call: &Call, asked: &NoteReply) -> Result<Created<ReplyShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let by = tx.user()?;
    let told_of = (asked.reason, asked.expected_by);
    let (reply, letter_ids) = acts::reply(tx, &case, told_of, asked.letter, by)?;
    Ok(Created {
        location: format!("/applications/{}/interim-replies", case.id),
        version: None,
        body: ReplyShown {
            letter_ids,
            ..told(&reply)
        },
    })
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<RepliesShown>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let items = store::of_case(tx, case.id)?.iter().map(told).collect();
    Ok(Shown::plain(RepliesShown { items }))
}

fn told(reply: &Reply) -> ReplyShown {
    ReplyShown {
        id: reply.id,
        kind: reply.kind,
        reason: reply.reason,
        expected_by: reply.expected_by,
        due_on: reply.due_on,
        days_late: reply.due_on.days_until(reply.sent_at.day()).max(0),
        sent_by: reply.sent_by,
        sent_at: reply.sent_at,
        letter_ids: Vec::new(),
    }
}
