//! Proposals and decisions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{self, Proposal};
use super::loading;
use super::model::{Basis, DecisionState, LegalBasis, Outcome, Reasons, ReturnReason};
use super::replay::{Replay, replay};
use super::store::Decision;
use crate::access;
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{Decide, ProposeDecision, ReadBasis, ReadDecisions};
use crate::clock::Instant;
use crate::db::Tx;
use crate::http::{AsOf, Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{ApplicationId, DecisionId, DwellingId, HouseholdId, OfferId, UserId};
use crate::matching::Compared;
use crate::problem::{Problem, UNAUTHENTICATED};
use crate::rulesets::ExtensionReason;

/// The operations on decisions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::create(
            "/applications/{id}/decisions",
            ProposeDecision,
            "Propose a decision; a home that it names is reserved",
            propose,
        ),
        Endpoint::get(
            "/applications/{id}/decisions",
            ReadDecisions,
            "The decisions of a case, oldest first, without reasons",
            of_case,
        ),
        Endpoint::get(
            "/decisions/{id}",
            ReadDecisions,
            "A decision with reasons and basis, as it is or was",
            show,
        ),
        Endpoint::get(
            "/decisions/{id}/replay",
            ReadBasis,
            "Recompute what a decision rested on, and compare to the byte",
            replay_one,
        ),
        Endpoint::get(
            "/decisions/{id}/comparison",
            ReadDecisions,
            "Everybody who was compared for the home, under pseudonyms, for whoever handles an appeal",
            comparison,
        ),
        Endpoint::decide(
            "/decisions/{id}/approve",
            Decide,
            "Make the proposed decision; a named home is allocated and offered",
            approve,
        ),
        Endpoint::decide(
            "/decisions/{id}/return",
            Decide,
            "Send a proposal back",
            send_back,
        ),
    ]
}

/// A proposal.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProposeDecisionBody {
    outcome: Outcome,
    /// Which home; absent when a home is granted and none is free.
    #[serde(default)]
    dwelling_id: Option<DwellingId>,
    reasons: Reasons,
    /// How long the lease shall run; the standard of the rules when not given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 240)]
    lease_months: Option<u16>,
    /// Why for longer than is standard.
    #[serde(default)]
    lease_extension: Option<ExtensionReason>,
}

/// A decision, without what is sealed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DecisionInShort {
    id: DecisionId,
    version: i32,
    application_id: ApplicationId,
    household_id: HouseholdId,
    #[serde(skip_serializing_if = "Option::is_none")]
    dwelling_id: Option<DwellingId>,
    outcome: Outcome,
    legal_basis: LegalBasis,
    state: DecisionState,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_months: Option<i16>,
    proposed_by: UserId,
    proposed_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    /// The offer that was made, in the answer to approving.
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_id: Option<OfferId>,
}

/// A decision with reasons and basis. Of a household with a protected address it tells no home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeDecision {
    #[serde(flatten)]
    short: DecisionInShort,
    reasons: Reasons,
    basis: Basis,
    /// The moment that was asked for; absent in what holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Instant>,
}

/// The decisions of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DecisionsInShort {
    items: Vec<DecisionInShort>,
}

fn propose(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &ProposeDecisionBody,
) -> Result<Created<DecisionInShort>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let proposal = Proposal {
        outcome: asked.outcome,
        dwelling: asked.dwelling_id,
        reasons: asked.reasons.clone(),
        lease_months: asked.lease_months,
        lease_extension: asked.lease_extension,
    };
    let decision = acts::propose(tx, &case, &proposal, person(tx)?)?;
    let location = format!("/decisions/{}", decision.id);
    Ok(Created {
        location,
        version: Some(decision.version),
        body: located(tx, decision)?,
    })
}

fn of_case(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DecisionsInShort>, Problem> {
    let case = applications::load(tx, call.id()?)?;
    let mut items = Vec::new();
    for decision in acts::of_case(tx, case.id)? {
        items.push(located(tx, decision)?);
    }
    Ok(Shown::plain(DecisionsInShort { items }))
}

fn show(tx: &mut Tx<'_>, call: &Call, asked: &AsOf) -> Result<Shown<WholeDecision>, Problem> {
    let as_of = asked.moment(tx.now())?;
    let mut decision = match as_of {
        Some(at) => loading::load_as_of(tx, call.id()?, at)?,
        None => loading::load(tx, call.id()?)?,
    };
    let case = applications::load(tx, decision.application_id)?;
    let entry = Entry::access("decision.read")
        .about(decision.id)
        .about(case.id)
        .about(case.applicant_id);
    tx.record(match as_of {
        Some(at) => entry.fact("asOf", at.timestamp().to_string()),
        None => entry,
    });
    // Today's protection holds for what was shown before it, too.
    if is_unlocatable(tx, &decision)? {
        decision = decision.without_home();
    }
    let reasons = acts::reasons_of(tx, &decision)?;
    let version = decision.version;
    let whole = WholeDecision {
        short: told(&decision),
        reasons,
        basis: decision.basis.0,
        as_of,
    };
    Ok(match as_of {
        // Without a tag: nobody acts on what was.
        Some(_) => Shown::plain(whole),
        None => Shown::at_version(version, whole),
    })
}

fn replay_one(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Replay>, Problem> {
    let decision = loading::load_to_replay(tx, call.id()?)?;
    Ok(Shown::plain(replay(tx, &decision)?))
}

fn comparison(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<Compared>, Problem> {
    let decision = loading::load_to_replay(tx, call.id()?)?;
    let compared = super::replay::comparison(tx, &decision)?;
    tx.record(
        Entry::access("decision.comparison_read")
            .about(decision.id)
            .about(decision.application_id),
    );
    Ok(Shown::plain(compared))
}

fn approve(tx: &mut Tx<'_>, call: &Call, _: &Nothing) -> Result<Shown<DecisionInShort>, Problem> {
    let decision = seen(tx, call)?;
    let (decision, offer_id) = acts::approve(tx, &decision)?;
    let version = decision.version;
    let short = located(tx, decision)?;
    Ok(Shown::at_version(
        version,
        DecisionInShort { offer_id, ..short },
    ))
}

/// Why a proposal is sent back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SendBack {
    reason: ReturnReason,
}

fn send_back(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &SendBack,
) -> Result<Shown<DecisionInShort>, Problem> {
    let decision = seen(tx, call)?;
    let decision = acts::send_back(tx, &decision, person(tx)?, asked.reason)?;
    Ok(Shown::at_version(decision.version, located(tx, decision)?))
}

/// Whether the home that a decision names must be kept from the caller.
fn is_unlocatable(tx: &mut Tx<'_>, decision: &Decision) -> Result<bool, Problem> {
    let hidden = access::unlocatable(tx, &[decision.household_id])?;
    Ok(hidden.contains(&decision.household_id))
}

/// A decision in short, with its home where the caller may know of it.
fn located(tx: &mut Tx<'_>, decision: Decision) -> Result<DecisionInShort, Problem> {
    let is_unlocatable = is_unlocatable(tx, &decision)?;
    let decision = if is_unlocatable {
        decision.without_home()
    } else {
        decision
    };
    Ok(told(&decision))
}

/// The decision in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Decision, Problem> {
    let decision = loading::load(tx, call.id()?)?;
    call.has_seen(decision.version)?;
    Ok(decision)
}

fn person(tx: &Tx<'_>) -> Result<UserId, Problem> {
    tx.caller()
        .actor
        .user()
        .ok_or_else(|| Problem::new(&UNAUTHENTICATED))
}

fn told(decision: &Decision) -> DecisionInShort {
    DecisionInShort {
        id: decision.id,
        version: decision.version,
        application_id: decision.application_id,
        household_id: decision.household_id,
        dwelling_id: decision.dwelling_id,
        outcome: decision.outcome,
        legal_basis: decision.legal_basis,
        state: decision.state,
        lease_months: decision.lease_months,
        proposed_by: decision.proposed_by,
        proposed_at: decision.proposed_at,
        decided_by: decision.decided_by,
        decided_at: decision.decided_at,
        offer_id: None,
    }
}
