//! Noting what an applicant was told.

use super::letter;
use super::model::DelayReason;
use super::rules;
use super::store::{self, Reply};
use crate::applications::Application;
use crate::audit::Entry;
use crate::clock::Day;
use crate::db::Tx;
use crate::ids::{LetterId, UserId};
use crate::letters::Language;
use crate::problem::Problem;
use crate::rulesets;
use crate::tasks::{self, TaskKind};

/// Notes that an applicant was sent a word on why it takes longer, and when a decision can be expected; writes the letter where one is
/// asked for.
pub(super) fn reply(
    tx: &mut Tx<'_>,
    case: &Application,
    (reason, expected_by): (DelayReason, Day),
    in_language: Option<Language>,
    by: UserId,
) -> Result<(Reply, Vec<LetterId>), Problem> {
    rules::must_wait(case.state)?;
    let today = tx.today();
    if let Some(fault) = rules::fault_of_promise(expected_by, today) {
        return Err(Problem::invalid(vec![fault]));
    }
    let adopted = rulesets::in_force(tx, today)?;
    let sent = store::of_case(tx, case.id)?;
    let last = sent.last().map(|reply| (reply.kind, reply.expected_by));
    let reply = Reply {
        municipality_id: tx.municipality(),
        id: tx.new_id(),
        application_id: case.id,
        kind: rules::kind_of_next(last),
        reason,
        expected_by,
        due_on: rules::next_word_by(case.received_on, last, &adopted.rules.deadlines),
        sent_by: by,
        sent_at: tx.now(),
    };
    store::insert(tx, &reply)?;
    tasks::close(tx, TaskKind::InterimReply, case.id)?;
    tasks::close(tx, TaskKind::DelayNotice, case.id)?;
    let letters = match in_language {
        Some(language) => letter::write(tx, case, &reply, last.map(|(_, day)| day), language)?,
        None => Vec::new(),
    };
    tx.record(
        Entry::change("application.applicant_told")
            .of_case(case.id)
            .about(case.household_id)
            .fact("kind", reply.kind.code())
            .fact("reason", reason.code())
            .fact("expectedBy", expected_by.0.to_string())
            .fact("daysLate", reply.due_on.days_until(today).max(0)),
    );
    Ok((reply, letters))
}
