//! Many referrals in one request: each received or refused by itself, with an answer a row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::acts::{self, Taken};
use super::lifecycle::ReferralState;
use super::model::SendReferral;
use crate::codes;
use crate::db::Tx;
use crate::http::{Call, ShapeOf, Shown};
use crate::ids::ReferralId;
use crate::problem::{FieldFault, Problem};

/// Many referrals. Each row is read by itself, so that one with a fault does not hold up the others.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SendReferrals {
    /// Each as in `POST /nav/referrals`.
    #[schema(min_items = 1, max_items = 500, value_type = Vec<Object>)]
    items: Vec<Value>,
}

codes! {
    /// What became of a row.
    pub(super) enum RowOutcome {
        /// Received now.
        Received = "RECEIVED",
        /// Received before, under the same reference.
        AlreadyReceived = "ALREADY_RECEIVED",
        /// Not received, because of the faults that are named.
        Refused = "REFUSED",
    }
}

/// What became of all rows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentReferrals {
    /// One for each row, in their order.
    items: Vec<SentRow>,
}

/// What became of a row.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SentRow {
    /// Which row, from 0.
    row: usize,
    outcome: RowOutcome,
    /// The referral, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<ReferralId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<ReferralState>,
    /// Why it was refused, as the code of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// The faults of its fields; pointers are into the row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    errors: Vec<FieldFault>,
}

/// Each row is read by itself: a faulty one is told, the others are received.
static ROW: ShapeOf<SendReferral> = ShapeOf::later();

pub(super) fn send_many(
    tx: &mut Tx<'_>,
    _: &Call,
    asked: &SendReferrals,
) -> Result<Shown<SentReferrals>, Problem> {
    let mut items = Vec::with_capacity(asked.items.len());
    for (row, value) in asked.items.iter().enumerate() {
        let taken = ROW
            .read_row(value)
            .and_then(|sent| acts::receive(tx, &sent));
        items.push(match taken {
            Ok(taken) => received(row, &taken),
            Err(problem) if problem.is_fault() => return Err(problem),
            Err(problem) => refused(row, problem),
        });
    }
    if items.iter().all(|it| it.outcome == RowOutcome::Refused) {
        tx.change_nothing();
    }
    Ok(Shown::plain(SentReferrals { items }))
}

fn received(row: usize, taken: &Taken) -> SentRow {
    let outcome = if taken.is_new {
        RowOutcome::Received
    } else {
        RowOutcome::AlreadyReceived
    };
    SentRow {
        row,
        outcome,
        id: Some(taken.referral.id),
        state: Some(taken.referral.state),
        code: None,
        errors: Vec::new(),
    }
}

fn refused(row: usize, problem: Problem) -> SentRow {
    SentRow {
        row,
        outcome: RowOutcome::Refused,
        id: None,
        state: None,
        code: Some(problem.kind.code),
        errors: problem.errors,
    }
}
