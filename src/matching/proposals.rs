//! The team's hands on a plan, over HTTP: each line is taken, changed with a reason, or dropped with one. It decides nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;
use super::changes::Change;
use super::explanation::explain_pair;
use super::gather;
use super::hands::{DepartureReason, ProposalState};
use super::runs::{self, address_of};
use super::sight::shown;
use super::standing::still_holds;
use super::store::{self, Proposal};
use super::veil::Hidden;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action;
use crate::clock::Instant;
use crate::db::Tx;
use crate::housing::{self, DwellingState};
use crate::http::{Call, Endpoint, Nothing, Page, Paging, Shown, must_be_current};
use crate::ids::{
    ApplicationId, DwellingId, HouseholdId, MatchingProposalId, MatchingRunId, UserId,
};
use crate::problem::{FieldFault, NOT_FOUND, Problem, UNAUTHENTICATED};
use crate::rulesets;

/// The operations on the lines of plans.
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Action::{Match, PlanMatches};
    vec![
        Endpoint::get(
            "/matching/runs/{id}/proposals",
            Match,
            "The lines of a plan and what the team did with each",
            of_run,
        ),
        Endpoint::get(
            "/matching/proposals/{id}",
            Match,
            "One line of a plan",
            show,
        ),
        Endpoint::act(
            "/matching/proposals/{id}/take",
            PlanMatches,
            "Take a line of a plan as it is, while its facts still hold",
            take,
        ),
        Endpoint::act(
            "/matching/proposals/{id}/change",
            PlanMatches,
            "Choose another vacant home for the household, with a reason",
            change,
        ),
        Endpoint::act(
            "/matching/proposals/{id}/drop",
            PlanMatches,
            "Propose nothing for the household, with a reason",
            drop_one,
        ),
    ]
}

/// One line of a plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingProposal)]
struct ProposalShown {
    id: MatchingProposalId,
    version: i32,
    run_id: MatchingRunId,
    /// The household's place in the order of priority, 1 first.
    place: usize,
    application_id: ApplicationId,
    household_id: HouseholdId,
    /// The home that the plan proposes.
    dwelling_id: DwellingId,
    /// How well it suits, of 1000.
    points: i16,
    state: ProposalState,
    /// The home that the team chose instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_dwelling_id: Option<DwellingId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<DepartureReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handled_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handled_at: Option<Instant>,
}

fn of_run(tx: &mut Tx<'_>, call: &Call, paging: &Paging) -> Result<Page<ProposalShown>, Problem> {
    let run = runs::load(tx, call)?;
    let limit = paging.limit()?;
    let rows = store::proposals_of(tx, run.id, paging.after()?, limit + 1)?;
    let page = Page::of(rows, limit, |row| row.id);
    let named = page.items().iter();
    let named = named.map(|row| (row.application_id, row.household_id));
    let seen = shown(tx, &named.collect::<Vec<_>>())?;
    let page = page.without(|row| !seen.contains(&row.application_id));
    tx.record(
        Entry::access("matching.proposals_read")
            .about_all(page.items().iter().map(|row| row.application_id)),
    );
    let hidden = runs::hidden_in(tx, &run)?;
    Ok(page.map(|row| told_behind(&hidden, row)))
}

fn show(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ProposalShown>, Problem> {
    let proposal = load(tx, call)?;
    tx.record(Entry::access("matching.proposal_read").about(proposal.application_id));
    Ok(Shown::at_version(proposal.version, told(tx, proposal)?))
}

fn take(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<ProposalShown>, Problem> {
    let proposal = seen(tx, call)?;
    must_hold_as_planned(tx, &proposal)?;
    must_be_free_in_run(tx, &proposal, proposal.dwelling_id)?;
    handle(tx, &proposal, ProposalState::Taken, None, None)
}

/// Another home for the household.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeProposal {
    /// The home to be proposed instead; vacant, and one that the household may have.
    dwelling_id: DwellingId,
    reason: DepartureReason,
}

fn change(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ChangeProposal,
) -> Result<Shown<ProposalShown>, Problem> {
    let proposal = seen(tx, call)?;
    if asked.dwelling_id == proposal.dwelling_id {
        let (nb, en) = (
            "Det er boligen som er foreslått.",
            "This is the home that is proposed.",
        );
        return Err(of_home("unchanged", nb, en));
    }
    let home = housing::find_dwelling(tx, asked.dwelling_id)?;
    let home = home.ok_or_else(|| {
        of_home(
            "not_found",
            "Boligen finnes ikke.",
            "The home does not exist.",
        )
    })?;
    let case = applications::load(tx, proposal.application_id)?;
    if !case.state.is_candidate() {
        return Err(changed(&[Change::NotWaiting]));
    }
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let household = &gather::household(tx, &case)?;
    let facts = gather::home_facts_of(tx, &home, household)?;
    let explanation = explain_pair(household, &facts, &adopted.rules, today);
    if !explanation.fits {
        let failed = explanation.failed();
        return Err(Problem::from(Refusal::ChosenHomeDoesNotFit).fact("failed", failed));
    }
    must_be_free_in_run(tx, &proposal, home.id)?;
    let (chosen, reason) = (Some(home.id), Some(asked.reason));
    handle(tx, &proposal, ProposalState::Changed, chosen, reason)
}

/// Why nothing is to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DropProposal {
    reason: DepartureReason,
}

fn drop_one(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &DropProposal,
) -> Result<Shown<ProposalShown>, Problem> {
    let proposal = seen(tx, call)?;
    handle(
        tx,
        &proposal,
        ProposalState::Dropped,
        None,
        Some(asked.reason),
    )
}

/// A line is taken only while everything that the plan saw of the pair is still so.
fn must_hold_as_planned(tx: &mut Tx<'_>, proposal: &Proposal) -> Result<(), Problem> {
    let run = store::find_run(tx, proposal.run_id)?;
    let run = run.ok_or_else(|| Problem::internal("a proposal without its plan"))?;
    let case = applications::load(tx, proposal.application_id)?;
    let home = housing::find_dwelling(tx, proposal.dwelling_id)?;
    let home = home.ok_or_else(|| Problem::internal("a planned home is gone"))?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let mut found = Vec::new();
    let mut note = |is_other: bool, change| found.extend(is_other.then_some(change));
    note(adopted.id != run.rule_set_id, Change::Rules);
    note(!case.state.is_candidate(), Change::NotWaiting);
    note(home.state != DwellingState::Available, Change::NotVacant);
    let now = still_holds(tx, address_of(&run)?, &case, &home, &adopted.rules)?;
    found.extend(now.changed);
    if found.is_empty() && now.fits {
        return Ok(());
    }
    Err(changed(&found).fact("failed", now.failed))
}

fn changed(what: &[Change]) -> Problem {
    let codes: Vec<&str> = what.iter().map(|change| change.code()).collect();
    Problem::from(Refusal::PlannedFactsChanged).fact("changed", codes)
}

/// No home goes twice in one plan, whatever the team chooses.
fn must_be_free_in_run(
    tx: &mut Tx<'_>,
    proposal: &Proposal,
    home: DwellingId,
) -> Result<(), Problem> {
    if store::is_chosen_in_run(tx, proposal.run_id, home)? {
        return Err(Refusal::HomeChosenAlready.into());
    }
    Ok(())
}

fn handle(
    tx: &mut Tx<'_>,
    proposal: &Proposal,
    to: ProposalState,
    chosen: Option<DwellingId>,
    reason: Option<DepartureReason>,
) -> Result<Shown<ProposalShown>, Problem> {
    let actor = tx.caller().actor.user();
    let by = actor.ok_or_else(|| Problem::new(&UNAUTHENTICATED))?;
    must_be_current(store::handle(tx, proposal, to, chosen, reason, by)?)?;
    let action = match to {
        ProposalState::Changed => "matching.proposal_changed",
        ProposalState::Dropped => "matching.proposal_dropped",
        ProposalState::Taken | ProposalState::Open => "matching.proposal_taken",
    };
    let entry = Entry::change(action)
        .of_case(proposal.application_id)
        .about(proposal.household_id)
        .about(proposal.dwelling_id)
        .about_all(chosen)
        .fact("run", proposal.run_id.to_string());
    tx.record(match reason {
        Some(reason) => entry.fact("reason", reason.code()),
        None => entry,
    });
    let handled = store::find_proposal(tx, proposal.id)?;
    let handled = handled.ok_or_else(|| Problem::internal("a proposal is gone"))?;
    Ok(Shown::at_version(handled.version, told(tx, handled)?))
}

/// The line in the path, if the caller may know of it: of a household with a protected address nobody learns which home it has.
fn load(tx: &mut Tx<'_>, call: &Call) -> Result<Proposal, Problem> {
    let proposal = store::find_proposal(tx, call.id()?)?;
    let proposal = proposal.ok_or_else(|| Problem::new(&NOT_FOUND))?;
    let named = [(proposal.application_id, proposal.household_id)];
    if shown(tx, &named)?.is_empty() {
        return Err(Problem::new(&NOT_FOUND));
    }
    Ok(proposal)
}

/// The same, at the version that the caller has seen and not handled yet.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Proposal, Problem> {
    let proposal = load(tx, call)?;
    call.has_seen(proposal.version)?;
    if proposal.state == ProposalState::Open {
        return Ok(proposal);
    }
    Err(Problem::from(Refusal::ProposalHandled).fact("state", proposal.state.code()))
}

fn of_home(code: &'static str, nb: &str, en: &str) -> Problem {
    Problem::invalid(vec![FieldFault::new("/dwellingId", code, nb, en)])
}

fn told(tx: &mut Tx<'_>, row: Proposal) -> Result<ProposalShown, Problem> {
    let run = store::find_run(tx, row.run_id)?;
    let run = run.ok_or_else(|| Problem::internal("a proposal without its plan"))?;
    Ok(told_behind(&runs::hidden_in(tx, &run)?, row))
}

fn told_behind(hidden: &Hidden, row: Proposal) -> ProposalShown {
    let place = usize::try_from(row.place).unwrap_or_default();
    ProposalShown {
        id: row.id,
        version: row.version,
        run_id: row.run_id,
        place: hidden.place(place),
        application_id: row.application_id,
        household_id: row.household_id,
        dwelling_id: row.dwelling_id,
        points: row.points,
        state: row.state,
        chosen_dwelling_id: row.chosen_dwelling_id,
        reason: row.reason,
        handled_by: row.handled_by,
        handled_at: row.handled_at,
    }
}
