//! The first instance's review, and what the body of appeal decides.

use super::acts::{advance, done, entry_of, say};
use super::handing_over;
use super::letters;
use super::lifecycle::AppealMove;
use super::model::AppealOutcome;
use super::rules::{self, Refusal};
use super::store::Appeal;
use crate::access::Statement;
use crate::applications::{self, Step};
use crate::db::Tx;
use crate::decisions::{self, DecisionState};
use crate::ids::DecisionId;
use crate::letters::Language;
use crate::problem::Problem;
use crate::rulesets;
use crate::waiting;

/// The first instance has replaced its decision, by people who had no part in it.
pub(super) fn reverse(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    new_decision: DecisionId,
) -> Result<Appeal, Problem> {
    rules::take(appeal.state, AppealMove::Reverse)?;
    let first = [Some(appeal.first_proposer), Some(appeal.first_decider)];
    let by = rules::must_be_another(tx.caller().actor, &first)?;
    let new = decisions::load(tx, new_decision).map_err(|_| Refusal::NotReversed)?;
    if new.replaces != Some(appeal.decision_id) || new.state != DecisionState::Approved {
        return Err(Refusal::NotReversed.into());
    }
    if first.contains(&new.decided_by) {
        return Err(Refusal::FirstInstance.into());
    }
    let now = tx.now();
    let moved = advance(tx, appeal, AppealMove::Reverse, |to| {
        to.reviewed_by = Some(by);
        to.reviewed_at = Some(now);
        to.new_decision_id = Some(new.id);
    })?;
    done(tx, appeal)?;
    tx.record(
        entry_of("appeal.reversed", appeal)
            .about(new.id)
            .fact("outcome", new.outcome.code()),
    );
    Ok(moved)
}

/// The first instance stands by its decision and hands the appeal over, with the comparison of the day of the decision.
pub(super) fn forward(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    assessment: Statement,
    language: Language,
) -> Result<Appeal, Problem> {
    rules::take(appeal.state, AppealMove::Forward)?;
    let first = [Some(appeal.first_proposer), Some(appeal.first_decider)];
    let by = rules::must_be_another(tx.caller().actor, &first)?;
    let sha256 = handing_over::keep(tx, appeal)?;
    letters::forwarded(tx, appeal, &assessment, language)?;
    let sealed = say(tx, appeal, |said| said.assessment = Some(assessment))?;
    let now = tx.now();
    let moved = advance(tx, appeal, AppealMove::Forward, |to| {
        to.reviewed_by = Some(by);
        to.reviewed_at = Some(now);
        to.forwarded_at = Some(now);
        to.package_sha256 = Some(sha256.0.to_vec());
        to.sealed = sealed;
    })?;
    tx.record(
        entry_of("appeal.forwarded", appeal)
            .fact("body", appeal.body.code())
            .fact("packageSha256", sha256.to_hex()),
    );
    Ok(moved)
}

/// The body of appeal has taken the appeal up.
pub(super) fn take_up(tx: &mut Tx<'_>, appeal: &Appeal) -> Result<Appeal, Problem> {
    let moved = advance(tx, appeal, AppealMove::TakeUp, |_| ())?;
    tx.record(entry_of("appeal.taken_up", appeal).fact("body", appeal.body.code()));
    Ok(moved)
}

/// What the body of appeal decided.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) outcome: AppealOutcome,
    pub(super) reasons: Statement,
    /// The priority group to which the household is raised.
    pub(super) raised_to: Option<String>,
    pub(super) language: Language,
}

/// Writes down what the body of appeal decided, and carries it out. Whoever lives in a home keeps it.
pub(super) fn conclude(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    verdict: Verdict,
) -> Result<Appeal, Problem> {
    let by_move = verdict.outcome.as_move();
    rules::take(appeal.state, by_move)?;
    let before = [
        Some(appeal.first_proposer),
        Some(appeal.first_decider),
        appeal.reviewed_by,
    ];
    let by = rules::must_be_another(tx.caller().actor, &before)?;
    let faults = rules::faults_of_outcome(verdict.outcome, verdict.raised_to.is_some());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if let Some(group) = &verdict.raised_to {
        let adopted = rulesets::in_force(tx, tx.today())?;
        let is_known = adopted
            .rules
            .priority
            .groups
            .iter()
            .any(|it| it.code == *group);
        if !is_known {
            return Err(Refusal::UnknownGroup.into());
        }
    }
    let raises = verdict.raised_to.is_some();
    let (outcome, language) = (verdict.outcome, verdict.language);
    letters::decided(tx, appeal, outcome, &verdict.reasons, raises, language)?;
    let sealed = say(tx, appeal, |said| said.outcome = Some(verdict.reasons))?;
    let (now, raised_to) = (tx.now(), verdict.raised_to);
    let group = raised_to.clone();
    let moved = advance(tx, appeal, by_move, |to| {
        to.outcome = Some(outcome);
        to.raised_to = raised_to;
        to.concluded_by = Some(by);
        to.concluded_at = Some(now);
        to.sealed = sealed;
    })?;
    carry_out(tx, appeal, outcome)?;
    if let Some(group) = &group {
        let case = applications::load(tx, appeal.application_id)?;
        waiting::raise(tx, &case, group, appeal.id, by)?;
    }
    done(tx, appeal)?;
    let entry = entry_of("appeal.concluded", appeal)
        .fact("body", appeal.body.code())
        .fact("outcome", outcome.code());
    tx.record(match group {
        Some(group) => entry.fact("raisedTo", group),
        None => entry,
    });
    Ok(moved)
}

/// What was decided holds no longer, and the case goes on: where the body of appeal decided otherwise, as granted; where it sent the
/// case back, to be assessed anew. A case that has gone on already stays where it is.
fn carry_out(tx: &mut Tx<'_>, appeal: &Appeal, outcome: AppealOutcome) -> Result<(), Problem> {
    let step = match outcome {
        AppealOutcome::Upheld => return Ok(()),
        AppealOutcome::Changed => Step::Reverse,
        AppealOutcome::Returned => Step::Reopen,
    };
    let case = applications::hold(tx, appeal.application_id)?;
    let decision = decisions::load(tx, appeal.decision_id)?;
    if decision.state == DecisionState::Approved {
        decisions::overturn(tx, &decision)?;
    }
    if case.state.after(step).is_some() {
        applications::advance(tx, &case, step)?;
    }
    Ok(())
}
