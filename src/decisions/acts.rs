//! Proposing, deciding, sending back, telling: gather the facts, ask the rules, write, record.

use serde_json::json;

use super::appeal_right::AppealRight;
use super::completeness::{self, Draft, Facts};
use super::criteria::{criteria_permit, ends_on, marked_aside};
use super::gates::{must_be_open_to, must_be_there, must_have_used_up};
use super::lifecycle::DecisionState;
use super::loading::reload;
use super::model::{Content, LegalBasis, Outcome};
use super::renewing;
use super::rules::{self, Hands, Matter, Refusal};
use super::sealed::seal;
use super::standing::{
    Standing, basis_of_the_day, must_run_long_enough, must_still_hold, standing,
};
use super::store::{self, Decision};
use super::trace::entry_of;
use crate::access;
use crate::applications::{self, Application, Step};
use crate::audit::Mark;
use crate::calendar::Term;
use crate::clock::{Day, Instant};
use crate::db::Tx;
use crate::db::types::Json;
use crate::housing::{self, Move};
use crate::http::must_be_current;
use crate::ids::{AgendaItemId, ApplicationId, DecisionId, DwellingId, OfferId, UserId};
use crate::meetings;
use crate::offers::{self, NewOffer};
use crate::people;
use crate::problem::Problem;
use crate::rulesets::{self, Adopted, ExtensionReason};
use crate::tasks::{self, Days, NewTask, TaskKind};
use crate::tenancies::{self, Ground};
use crate::waiting;

/// A proposal, as it is made.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// By which law.
    pub(super) basis: LegalBasis,
    /// What is proposed.
    pub(super) outcome: Outcome,
    /// Which home, when one is named.
    pub(super) dwelling: Option<DwellingId>,
    /// What it says in words.
    pub(super) content: Content,
    /// The first day on which it no longer holds.
    pub(super) valid_until: Option<Day>,
    /// The decision that it takes the place of.
    pub(super) replaces: Option<DecisionId>,
    /// How long the lease shall run; the standard when not given.
    pub(super) lease_months: Option<u16>,
    /// Why for longer than is standard.
    pub(super) lease_extension: Option<ExtensionReason>,
    /// What the team recommended, when it did.
    pub(super) recommendation: Option<AgendaItemId>,
}

impl Proposal {
    const fn matter(&self, case: &Application) -> Matter {
        Matter {
            basis: self.basis,
            outcome: self.outcome,
            names_home: self.dwelling.is_some(),
            replaces: self.replaces.is_some(),
            kind: case.kind,
        }
    }
}

pub(super) const fn matter_of(decision: &Decision, case: &Application) -> Matter {
    Matter {
        basis: decision.legal_basis,
        outcome: decision.outcome,
        names_home: decision.dwelling_id.is_some(),
        replaces: decision.replaces.is_some(),
        kind: case.kind,
    }
}

/// Proposes a decision. A home that it names is reserved until the proposal is dealt with.
pub(super) fn propose(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
    proposed_by: UserId,
) -> Result<Decision, Problem> {
    let case = &applications::hold(tx, case.id)?;
    must_be_open_to(tx, case, proposed_by)?;
    must_be_there(tx, case, (proposal.basis, proposal.outcome))?;
    must_replace_rightly(tx, case, proposal)?;
    rules::may_propose(proposal.matter(case), case.state)?;
    let today = tx.today();
    let adopted = rulesets::in_force(tx, today)?;
    let set_aside = criteria_permit(tx, case, proposal.basis, proposal.outcome, &adopted)?;
    if proposal.outcome == Outcome::Lapsed {
        must_have_used_up(tx, case.id, &adopted)?;
    }
    let standing = match proposal.dwelling {
        Some(dwelling) => {
            waiting::must_not_stand_aside(tx, case.id)?;
            Some(standing(tx, case, dwelling, &adopted)?)
        }
        None => None,
    };
    let rank = standing.as_ref().and_then(|it| it.matched.rank);
    must_hold(tx, case, proposal, rank, &adopted)?;
    let mut lease = renewing::months(tx, case, proposal, &adopted)?;
    if let Some(standing) = &standing {
        lease = Some(lease_months(tx, proposal, standing, &adopted)?);
        housing::advance(tx, &standing.home, Move::Reserve).map_err(taken_meanwhile)?;
    }
    let id: DecisionId = tx.new_id();
    let basis = basis_of_the_day(tx, proposal.basis, &adopted, standing)?;
    let decision = Decision {
        municipality_id: tx.municipality(),
        id,
        version: 1,
        application_id: case.id,
        household_id: case.household_id,
        dwelling_id: proposal.dwelling,
        outcome: proposal.outcome,
        legal_basis: proposal.basis,
        state: DecisionState::Proposed,
        sealed_reasons: seal(tx, case, id, &proposal.content)?,
        basis: Json(basis),
        rule_set_id: adopted.id,
        lease_months: lease,
        proposed_by,
        proposed_at: tx.now(),
        decided_by: None,
        decided_at: None,
        recorded_at: tx.now(),
        valid_until: ends_on(case, proposal, &adopted, today),
        replaces: proposal.replaces,
        notified_at: None,
        appeal_until: None,
    };
    store::insert(tx, &decision)?;
    if let Some(recommendation) = proposal.recommendation {
        meetings::link(tx, recommendation, case.id, id)?;
    }
    let reasons = json!({"reasons": proposal.content.reasons});
    let mut entry = entry_of("decision.proposed", &decision)
        .fact("outcome", decision.outcome.code())
        .fact("passedOver", rank.map_or(0, |rank| rank.saturating_sub(1)))
        .saying(people::segment(tx, case.applicant_id, &reasons)?);
    if proposal.lease_extension.is_some() {
        entry = entry.marked(Mark::Override);
    }
    if let Some(dwelling) = decision.dwelling_id {
        entry = entry.about(dwelling);
    }
    tx.record(marked_aside(entry, set_aside));
    let within = tasks::terms(tx)?.decide_proposal;
    ask_for(tx, TaskKind::DecideProposal, &decision, within)?;
    Ok(decision)
}

/// For how long the home is let: as proposed, or as the rules have it for its category; never shorter than its agreement demands.
fn lease_months(
    tx: &mut Tx<'_>,
    proposal: &Proposal,
    standing: &Standing,
    adopted: &Adopted,
) -> Result<i16, Problem> {
    let category = standing.home.description.category;
    let months = proposal
        .lease_months
        .unwrap_or_else(|| adopted.rules.lease.months_in(category));
    let months = i16::try_from(months).unwrap_or(i16::MAX);
    must_run_long_enough(tx, &standing.home, months)?;
    Ok(months)
}

/// A decision is never changed: a new one by the same law takes its place, and says so.
fn must_replace_rightly(
    tx: &mut Tx<'_>,
    case: &Application,
    proposal: &Proposal,
) -> Result<(), Problem> {
    let before = store::of_case(tx, case.id)?;
    let in_force =
        |it: &&Decision| it.state == DecisionState::Approved && it.legal_basis == proposal.basis;
    match proposal.replaces {
        Some(id) if before.iter().filter(in_force).any(|it| it.id == id) => Ok(()),
        Some(_) => Err(Refusal::NotReplaceable.into()),
        // A home is granted first and found later, so of decisions on homes there may be several.
        None if proposal.basis != LegalBasis::HousingAssistanceAct => Ok(()),
        None if before.iter().any(|it| in_force(&it)) => Err(Refusal::AlreadyDecided.into()),
        None => Ok(()),
    }
}

/// Asks people for what has to follow on a decision, in so many days.
fn ask_for(
    tx: &mut Tx<'_>,
    kind: TaskKind,
    decision: &Decision,
    within: Days,
) -> Result<(), Problem> {
    let due_on = within.after(tx.today());
    let assigned_to = match kind.team() {
        crate::auth::Role::Caseworker => {
            applications::load(tx, decision.application_id)?.assigned_to
        }
        _ => None,
    };
    tasks::open(
        tx,
        NewTask {
            kind,
            about: decision.id.into(),
            case: Some(decision.application_id),
            household: None,
            due_on,
            assigned_to,
        },
    )
}

/// Somebody else was quicker, unless it is the database that failed: that is told as it is, and may be tried again.
fn taken_meanwhile(problem: Problem) -> Problem {
    let is_quota = problem.kind.code == housing::Refusal::QuotaFull.kind().code;
    if problem.is_fault() || is_quota {
        problem
    } else {
        Refusal::DwellingNotAvailable.into()
    }
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
        .any(|it| it.death_known_at.is_none() && it.born_on.age_on(today) < child_until);
    let draft = Draft {
        basis: proposal.basis,
        outcome: proposal.outcome,
        names_home: proposal.dwelling.is_some(),
        renews: renewing::renews(case, proposal.basis, proposal.outcome),
        content: &proposal.content,
        valid_until: proposal.valid_until,
        lease_months: proposal.lease_months,
        lease_extension: proposal.lease_extension,
    };
    let facts = Facts {
        has_children,
        rank,
        today,
    };
    let faults = completeness::faults(&draft, facts, &adopted.rules.lease);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
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
    let case = applications::hold(tx, decision.application_id)?;
    must_be_open_to(tx, &case, decider)?;
    must_be_there(tx, &case, (decision.legal_basis, decision.outcome))?;
    let matter = matter_of(decision, &case);
    rules::may_propose(matter, case.state)?;
    let adopted = rulesets::load(tx, decision.rule_set_id)?;
    let set_aside = criteria_permit(tx, &case, matter.basis, matter.outcome, &adopted)?;
    if let Some(id) = decision.replaces {
        let replaced = reload(tx, id)?;
        must_be_current(store::replace(tx, &replaced)?)?;
        tx.record(entry_of("decision.replaced", &replaced).fact("by", decision.id.to_string()));
    }
    must_be_current(store::conclude(
        tx,
        decision,
        DecisionState::Approved,
        Some(decider),
    )?)?;
    let entry = entry_of("decision.approved", decision)
        .fact("outcome", decision.outcome.code())
        .fact("proposedBy", decision.proposed_by.to_string())
        .about_all(decision.dwelling_id);
    tx.record(marked_aside(entry, set_aside));
    tasks::close(tx, TaskKind::DecideProposal, decision.id)?;
    let within = tasks::terms(tx)?.notify_decision;
    ask_for(tx, TaskKind::NotifyDecision, decision, within)?;
    let offer = if let Some(dwelling) = decision.dwelling_id {
        Some(carry_out(tx, decision, &case, dwelling)?)
    } else {
        renewing::carry_out(tx, decision, &case)?;
        if let Some(step) = rules::step_of(matter, case.state) {
            applications::advance(tx, &case, step)?;
        }
        None
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
            answer_days: adopted.rules.offer_answer_days,
            lease_months: decision.lease_months.unwrap_or_default(),
        },
    )
}

/// Notes that the party was notified of a decision and received the notice on this day, from which the time for an appeal runs
/// (forvaltningsloven § 29). From now on it can only be replaced.
pub fn notify(tx: &mut Tx<'_>, decision: &Decision, received_on: Day) -> Result<Decision, Problem> {
    rules::may_notify(decision.state, decision.notified_at.is_some())?;
    let decided_on = decision.decided_at.map_or(received_on, Instant::day);
    let right = AppealRight::of(decision.legal_basis, decided_on)
        .ok_or_else(|| Problem::internal("no right of appeal for a law"))?;
    let adopted = rulesets::load(tx, decision.rule_set_id)?;
    // The municipality may promise more time than the law gives, and never less.
    let promised = adopted.rules.deadlines.appeal_weeks;
    let promised = promised.map(|weeks| Term::Weeks(weeks.into()).last_day(received_on));
    let appeal_until = right
        .last_day(received_on)
        .max(promised.unwrap_or(received_on));
    must_be_current(store::notify(tx, decision, appeal_until)?)?;
    tasks::close(tx, TaskKind::NotifyDecision, decision.id)?;
    tx.record(
        entry_of("decision.notified", decision)
            .fact("receivedOn", received_on.0.to_string())
            .fact("appealBody", right.body.code())
            .fact("appealUntil", appeal_until.0.to_string()),
    );
    reload(tx, decision.id)
}

/// The decisions of a case, oldest first.
pub fn of_case(tx: &mut Tx<'_>, case: ApplicationId) -> Result<Vec<Decision>, Problem> {
    store::of_case(tx, case)
}
