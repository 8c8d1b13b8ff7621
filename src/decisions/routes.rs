//! Proposals and decisions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::{self, Proposal};
use super::appeal_right::AppealRight;
use super::loading;
use super::model::{
    Alternative, AssistanceForm, Basis, Condition, Content, LegalBasis, Outcome, Reasons,
    ReturnReason,
};
use super::replay::{Replay, replay};
use super::sealed::find_content;
use super::store::Decision;
use super::taking_back;
use super::telling::{ContentTold, DecisionInShort, basis_told, told};
use crate::access::{self, Rooms, TextKind};
use crate::applications;
use crate::audit::Entry;
use crate::auth::Action::{Decide, NotifyParty, ProposeDecision, ReadBasis, ReadDecisions};
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::eligibility::rooms_of_text;
use crate::http::{AsOf, Call, Created, Endpoint, Nothing, Shown};
use crate::ids::{AgendaItemId, DecisionId, DwellingId};
use crate::matching::Compared;
use crate::meetings::{self, Recommendation};
use crate::problem::{FieldFault, Problem};
use crate::rulesets::ExtensionReason;

/// The operations on decisions.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::propose(
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
        Endpoint::act(
            "/decisions/{id}/notify",
            NotifyParty,
            "Note that the party has received the notice of a decision: the time for an appeal runs from that day",
            note_notice,
        ),
    ]
}

/// A proposal.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProposeDecisionBody {
    /// By which law; the letting of a municipal home when not given.
    #[serde(default = "by_the_rules_of_letting")]
    legal_basis: LegalBasis,
    outcome: Outcome,
    /// Which home; absent when a home is granted and none is free.
    #[serde(default)]
    dwelling_id: Option<DwellingId>,
    reasons: Reasons,
    /// On what terms.
    #[serde(default)]
    #[schema(max_items = 10)]
    conditions: Vec<Condition>,
    /// What else was assessed. Care around the clock takes the lower steps.
    #[serde(default)]
    #[schema(max_items = 20)]
    alternatives: Vec<Alternative>,
    /// With what the household is helped; needed where assistance is granted.
    #[serde(default)]
    #[schema(max_items = 10)]
    assistance: Vec<AssistanceForm>,
    /// The compartments in which lies what is said in words; those of what is known of the household when not given, none when empty.
    #[serde(default)]
    compartments: Option<Rooms>,
    /// The first day on which it no longer holds.
    #[serde(default)]
    valid_until: Option<Day>,
    /// The decision of this case that it takes the place of.
    #[serde(default)]
    replaces: Option<DecisionId>,
    /// How long the lease shall run; the standard of the rules when not given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 240)]
    lease_months: Option<u16>,
    /// Why for longer than is standard.
    #[serde(default)]
    lease_extension: Option<ExtensionReason>,
    /// What the allocation team recommended: the item on its agenda. It is shown to whoever decides, followed or not.
    #[serde(default)]
    recommendation_id: Option<AgendaItemId>,
}

const fn by_the_rules_of_letting() -> LegalBasis {
    LegalBasis::MunicipalDwelling
}

/// A decision with reasons and basis. Of a household with a protected address it tells no home.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeDecision {
    #[serde(flatten)]
    short: DecisionInShort,
    /// Absent once the applicant's data has been erased.
    #[serde(flatten)]
    content: Option<ContentTold>,
    basis: Basis,
    /// What the allocation team recommended, with votes and dissent.
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<Recommendation>,
    /// To whom it can be appealed and how long; what the law says of decisions of that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal: Option<AppealRight>,
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
    let said = (asked.compartments.as_ref(), "/compartments");
    let compartments = rooms_of_text(tx, &case, TextKind::DecisionReasons, said)?;
    let proposal = Proposal {
        basis: asked.legal_basis,
        outcome: asked.outcome,
        dwelling: asked.dwelling_id,
        content: Content {
            reasons: asked.reasons.clone(),
            conditions: asked.conditions.clone(),
            alternatives: asked.alternatives.clone(),
            assistance: asked.assistance.clone(),
            compartments,
        },
        valid_until: asked.valid_until,
        replaces: asked.replaces,
        lease_months: asked.lease_months,
        lease_extension: asked.lease_extension,
        recommendation: asked.recommendation_id,
    };
    let decision = acts::propose(tx, &case, &proposal, tx.user()?)?;
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
    let content = find_content(tx, &decision)?;
    let openings = access::openings(tx, decision.application_id)?;
    let version = decision.version;
    let decided_on = decision.decided_at.unwrap_or(decision.proposed_at).day();
    let whole = WholeDecision {
        short: told(&decision),
        content: content.map(|it| ContentTold::to(&openings, it)),
        appeal: AppealRight::of(decision.legal_basis, decided_on).cloned(),
        recommendation: meetings::recommendation_of(tx, decision.id, &openings)?,
        basis: basis_told(&openings, decision.basis.0),
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
    let openings = access::openings(tx, decision.application_id)?;
    let compared = super::replay::comparison(tx, &decision)?.without_closed(&openings);
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
    Ok(Shown::at_version(version, short.with_offer(offer_id)))
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
    let decision = taking_back::send_back(tx, &decision, tx.user()?, asked.reason)?;
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

/// When the notice was received.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Received {
    /// The day on which the party received it, not ahead and not before the decision.
    received_on: Day,
}

fn note_notice(
    tx: &mut Tx<'_>,
    call: &Call,
    asked: &Received,
) -> Result<Shown<DecisionInShort>, Problem> {
    let decision = seen(tx, call)?;
    let decided_on = decision.decided_at.map_or(asked.received_on, Instant::day);
    if asked.received_on > tx.today() || asked.received_on < decided_on {
        let (nb, en) = (
            "Må ligge mellom vedtaket og i dag.",
            "Must lie between the decision and today.",
        );
        let fault = FieldFault::new("/receivedOn", "out_of_range", nb, en);
        return Err(Problem::invalid(vec![fault]));
    }
    let decision = acts::notify(tx, &decision, asked.received_on)?;
    Ok(Shown::at_version(decision.version, located(tx, decision)?))
}

/// The decision in the path, at the version that the caller has seen.
fn seen(tx: &mut Tx<'_>, call: &Call) -> Result<Decision, Problem> {
    let decision = loading::load(tx, call.id()?)?;
    call.has_seen(decision.version)?;
    Ok(decision)
}
