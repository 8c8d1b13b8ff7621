//! Proposing, deciding, sending back: gather the facts, ask the rules, write, record.

use super::loading::reload;
use super::model::{Basis, DecisionState, LegalBasis, Outcome, Reasons, ReturnReason};
use super::rules::{self, Draft, Facts, Hands, Refusal};
use super::store::{self, Decision};
use crate::access;
use crate::applications::{self, Application, Step};
use crate::audit::{Entry, Mark, Subject};
use crate::crypto::Context;
use crate::db::Tx;
use crate::db::types::Json;
use crate::housing::{self, Dwelling, Move};
use crate::http::must_be_current;
use crate::ids::{ApplicationId, DecisionId, DwellingId, OfferId, UserId};
use crate::matching;
use crate::offers::{self, NewOffer};
use crate::people;
use crate::problem::{FieldFault, Problem};
use crate::rulesets::{self, Adopted, ExtensionReason};
use crate::tenancies::{self, Ground};

/// A proposal, as it is made.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// What is proposed.
    pub(super) outcome: Outcome,
    /// Which home, when one is named.
    pub(super) dwelling: Option<DwellingId>,
    /// Why.
    pub(super) reasons: Reasons,
    /// How long the lease shall run; the standard when not given.
    pub(super) lease_months: Option<u16>,
    /// Why for longer than is standard.
    pub(super) lease_extension: Option<ExtensionReason>,
}

/// How the household stands for the home that a proposal names.
pub(super) struct Standing {
    home: Dwelling,
    matched: matching::Standing,
}

/// Proposes a decision. A home that it names is reserved until the proposal is dealt with.
pub(super) fn propose(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
    proposed_by: UserId,
) -> Result<Decision, Problem> {
    rules::may_propose(proposal.outcome, proposal.dwelling.is_some(), case.state)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let standing = match proposal.dwelling {
        Some(dwelling) => Some(standing(tx, case, dwelling, &adopted)?),
        None => None,
    };
    let rank = standing.as_ref().and_then(|it| it.matched.rank);
    must_hold(tx, case, proposal, rank, &adopted)?;
    let lease_months = standing.as_ref().map(|standing| {
        let standard = adopted
            .rules
            .lease
            .months_in(standing.home.description.category);
        let months = proposal.lease_months.unwrap_or(standard);
        i16::try_from(months).unwrap_or(i16::MAX)
    });
    if let Some(standing) = &standing {
        housing::advance(tx, &standing.home, Move::Reserve).map_err(taken_meanwhile)?;
    }
    let id: DecisionId = tx.new_id();
    let decision = Decision {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        application_id: case.id,
        household_id: case.household_id,
        dwelling_id: proposal.dwelling,
        outcome: proposal.outcome,
        legal_basis: LegalBasis::MunicipalDwelling,
        state: DecisionState::Proposed,
        sealed_reasons: seal(tx, case, id, &proposal.reasons)?,
        basis: Json(basis(tx, &adopted, standing)),
        rule_set_id: adopted.id,
        lease_months,
        proposed_by,
        proposed_at: tx.now(),
        decided_by: None,
        decided_at: None,
        recorded_at: tx.now(),
    };
    store::insert(tx, &decision)?;
    let entry = entry_of("decision.proposed", &decision)
        .fact("outcome", decision.outcome.code())
        .fact("passedOver", rank.map_or(0, |rank| rank.saturating_sub(1)));
    tx.record(match decision.dwelling_id {
        Some(dwelling) => entry.about(dwelling),
        None => entry,
    });
    Ok(decision)
}

/// Somebody else was quicker, unless it is the database that failed: that is told as it is, and may be tried again.
fn taken_meanwhile(problem: Problem) -> Problem {
    if problem.is_fault() {
        problem
    } else {
        Refusal::DwellingNotAvailable.into()
    }
}

/// How the household stands for a home; refuses a home that is not free or does not fit.
fn standing(
    tx: &mut Tx<'_>,
    case: &Application,
    dwelling: DwellingId,
    adopted: &Adopted,
) -> Result<Standing, Problem> {
    let Some(home) = housing::find_dwelling(tx, dwelling)? else {
        let (nb, en) = ("Boligen finnes ikke.", "The home does not exist.");
        return Err(Problem::invalid(vec![FieldFault::new(
            "/dwellingId",
            "not_found",
            nb,
            en,
        )]));
    };
    if home.state != housing::DwellingState::Available {
        return Err(Problem::from(Refusal::DwellingNotAvailable).fact("state", home.state.code()));
    }
    let matched = matching::standing(tx, case, &home, adopted)?;
    if !matched.explanation.fits {
        let failed = matched.explanation.failed();
        return Err(Problem::from(Refusal::HomeDoesNotFit).fact("failed", failed));
    }
    Ok(Standing { home, matched })
}

/// Refuses a proposal with every fault it has.
fn must_hold(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
    rank: Option<usize>,
    adopted: &Adopted,
) -> Result<(), Problem> {
    let today = tx.today();
    let members = people::members_of(tx, &[case.household_id])?;
    let child_until = i16::from(adopted.rules.child_until_age);
    let has_children = members
        .values()
        .flatten()
        .any(|member| member.born_on.age_on(today) < child_until);
    let draft = Draft {
        outcome: proposal.outcome,
        names_home: proposal.dwelling.is_some(),
        reasons: &proposal.reasons,
        lease_months: proposal.lease_months,
        lease_extension: proposal.lease_extension,
    };
    let facts = Facts { has_children, rank };
    let faults = rules::faults(&draft, facts, &adopted.rules.lease);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}

/// By what a decision is reached.
pub(super) fn basis(tx: &Tx<'_>, adopted: &Adopted, standing: Option<Standing>) -> Basis {
    let matched = standing.as_ref().map(|standing| &standing.matched);
    Basis {
        as_of: tx.now(),
        rule_set_id: adopted.id,
        rule_set_number: adopted.number,
        rule_set_sha256: adopted.sha256.clone(),
        engine_version: matching::ENGINE_VERSION.to_owned(),
        snapshot_sha256: matched.map(|it| it.snapshot.to_hex()),
        pool_version: matched.map(|it| it.pool_version),
        pool_size: matched.map(|it| it.pool_size),
        rank: matched.and_then(|it| it.rank),
        explanation: matched.map(|it| it.explanation.clone().without_protection()),
    }
}

/// Makes the proposed decision: by somebody else than proposed it, and only while its facts still hold.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    decision: &Decision,
) -> Result<(Decision, Option<OfferId>), Problem> {
    let hands = Hands {
        proposed_by: decision.proposed_by,
        is_same_person: match tx.caller().actor.user() {
            Some(user) => access::is_same_person(tx, user, decision.proposed_by)?,
            None => false,
        },
    };
    let decider = rules::may_decide(decision.state, hands, tx.caller().actor)?;
    must_be_current(store::conclude(
        tx,
        decision,
        DecisionState::Approved,
        decider,
    )?)?;
    let case = applications::load(tx, decision.application_id)?;
    tx.record(
        entry_of("decision.approved", decision)
            .fact("outcome", decision.outcome.code())
            .fact("proposedBy", decision.proposed_by.to_string())
            .about_all(decision.dwelling_id),
    );
    let offer = match (decision.outcome, decision.dwelling_id) {
        (Outcome::Granted, Some(dwelling)) => Some(carry_out(tx, decision, &case, dwelling)?),
        (Outcome::Granted, None) => {
            applications::advance(tx, &case, Step::Grant)?;
            None
        }
        (Outcome::Refused, _) => {
            applications::advance(tx, &case, Step::Refuse)?;
            None
        }
    };
    Ok((reload(tx, decision.id)?, offer))
}

/// Allocates the reserved home and offers it.
fn carry_out(
    tx: &mut Tx<'_>,
    decision: &Decision,
    case: &Application,
    dwelling: DwellingId,
) -> Result<OfferId, Problem> {
    let today = tx.today();
    let adopted = rulesets::load(tx, decision.rule_set_id)?;
    must_still_hold(tx, decision, case, dwelling, &adopted)?;
    let ground = Ground {
        application: case.id,
        decision: decision.id,
    };
    let allocation = tenancies::allocate(tx, dwelling, case.household_id, ground)?;
    applications::advance(tx, case, Step::Offer)?;
    offers::make(
        tx,
        NewOffer {
            allocation,
            decision: decision.id,
            application: case.id,
            household: case.household_id,
            dwelling,
            answer_by: today.plus_days(i32::from(adopted.rules.offer_answer_days)),
            lease_months: decision.lease_months.unwrap_or_default(),
        },
    )
}

/// The home is held for this household; everything else about the pair must be as it was proposed.
fn must_still_hold(
    tx: &mut Tx<'_>,
    decision: &Decision,
    case: &Application,
    dwelling: DwellingId,
    adopted: &Adopted,
) -> Result<(), Problem> {
    let home = housing::find_dwelling(tx, dwelling)?;
    let home = home.ok_or_else(|| Problem::internal("a reserved home is gone"))?;
    let snapshot = decision.basis.0.snapshot()?;
    let now = matching::still_holds(tx, snapshot, case, &home, &adopted.rules)?;
    if now.fits && now.changed.is_empty() {
        let chosen = matching::Chosen {
            decision: decision.id,
            application: case.id,
            home: dwelling,
            snapshot,
            rules: adopted.id,
            engine_version: &decision.basis.0.engine_version,
        };
        return matching::chosen(tx, chosen);
    }
    let changed: Vec<&str> = now.changed.iter().map(|change| change.code()).collect();
    Err(Problem::from(Refusal::FactsChanged)
        .fact("changed", changed)
        .fact("failed", now.failed))
}

/// Sends a proposal back; the home that it named is free again. Whoever proposed may take it back so too.
pub(super) fn send_back(
    tx: &mut Tx<'_>,
    decision: &Decision,
    by: UserId,
    reason: ReturnReason,
) -> Result<Decision, Problem> {
    rules::may_return(decision.state)?;
    must_be_current(store::conclude(tx, decision, DecisionState::Returned, by)?)?;
    if let Some(dwelling) = decision.dwelling_id {
        let home = housing::find_dwelling(tx, dwelling)?;
        let home = home.ok_or_else(|| Problem::internal("a reserved home is gone"))?;
        housing::advance(tx, &home, Move::Release)?;
    }
    let entry = entry_of("decision.returned", decision).fact("reason", reason.code());
    tx.record(entry.about_all(decision.dwelling_id));
    reload(tx, decision.id)
}

/// The decisions of a case, oldest first.
pub(super) fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Decision>, Problem> {
    store::of_case(tx, case)
}

/// Where the reasons stand: they open nowhere else.
fn place(tx: &Tx<'_>, decision: DecisionId) -> Context {
    let municipality = tx.municipality().uuid();
    Context {
        municipality,
        table: "decision",
        column: "sealed_reasons",
        row: decision.uuid(),
    }
}

/// Seals the reasons under the applicant's key.
pub(super) fn seal(
    tx: &mut Tx<'_>,
    case: &Application,
    decision: DecisionId,
    reasons: &Reasons,
) -> Result<String, Problem> {
    let text = serde_json::to_string(reasons);
    let text = text.map_err(|_| Problem::internal("reasons cannot be written as JSON"))?;
    let place = place(tx, decision);
    people::seal_text(tx, case.applicant_id, place, &text)
}

/// The reasons of a decision, opened.
pub(super) fn reasons_of(tx: &mut Tx<'_>, decision: &Decision) -> Result<Reasons, Problem> {
    use secrecy::ExposeSecret as _;
    let case = applications::load(tx, decision.application_id)?;
    let place = place(tx, decision.id);
    let text = people::open_text(tx, case.applicant_id, place, &decision.sealed_reasons)?;
    serde_json::from_str(text.expose_secret())
        .map_err(|_| Problem::internal("sealed reasons are not JSON"))
}

/// An entry about a decision and its case.
pub(super) fn entry_of(action: &'static str, decision: &Decision) -> Entry {
    let basis = &decision.basis.0;
    let entry = Entry::change(action)
        .of_case(decision.application_id)
        .about(decision.id)
        .about(decision.household_id)
        .about(Subject::policy(decision.rule_set_id))
        .fact("ruleSet", basis.rule_set_number)
        .fact("ruleSetSha256", basis.rule_set_sha256.as_str())
        .fact("matchingEngine", basis.engine_version.as_str());
    if basis.rank.is_some_and(|rank| rank > 1) {
        entry.marked(Mark::Deviation)
    } else {
        entry
    }
}
