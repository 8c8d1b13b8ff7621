//! Proposals that are not decided: sent back by a person, or fallen with what became of the case.

use super::acts::matter_of;
use super::lifecycle::DecisionState;
use super::loading::reload;
use super::model::{FallReason, ReturnReason};
use super::rules;
use super::store::{self, Decision};
use super::trace::entry_of;
use crate::applications;
use crate::db::Tx;
use crate::housing::{self, Move};
use crate::http::must_be_current;
use crate::ids::{ApplicationId, UserId};
use crate::problem::Problem;
use crate::tasks::{self, TaskKind};

/// Sends a proposal back; the home that it named is free again. Whoever proposed may take it back so too.
pub(super) fn send_back(
    tx: &mut Tx<'_>,
    decision: &Decision,
    by: UserId,
    reason: ReturnReason,
) -> Result<Decision, Problem> {
    rules::may_return(decision.state)?;
    take_back(tx, decision, Some(by))?;
    let entry = entry_of("decision.returned", decision).fact("reason", reason.code());
    tx.record(entry.about_all(decision.dwelling_id));
    reload(tx, decision.id)
}

/// Lets fall what can no longer be decided in a case as it stands now. Nobody has judged it, so nobody stands for sending it back.
pub fn follow_case(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), Problem> {
    let case = applications::look_up(tx, id)?;
    for proposal in store::proposed_in(tx, id)? {
        if rules::may_propose(matter_of(&proposal, &case), case.state).is_ok() {
            continue;
        }
        take_back(tx, &proposal, None)?;
        let reason = FallReason::of(case.state);
        let entry = entry_of("decision.fell", &proposal)
            .fact("reason", reason.code())
            .fact("state", case.state.code());
        tx.record(entry.about_all(proposal.dwelling_id));
    }
    Ok(())
}

fn take_back(tx: &mut Tx<'_>, proposal: &Decision, by: Option<UserId>) -> Result<(), Problem> {
    must_be_current(store::conclude(tx, proposal, DecisionState::Returned, by)?)?;
    if let Some(dwelling) = proposal.dwelling_id {
        let home = housing::find_dwelling(tx, dwelling)?;
        let home = home.ok_or_else(|| Problem::internal("a reserved home is gone"))?;
        housing::advance(tx, &home, Move::Release)?;
    }
    tasks::close(tx, TaskKind::DecideProposal, proposal.id)
}
