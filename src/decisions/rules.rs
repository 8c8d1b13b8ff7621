//! When a decision may be proposed and made, as pure rules. The only room where this part of the law is spoken.

use super::model::{DecisionState, Outcome, Reasons};
use crate::applications::ApplicationState;
use crate::auth::Actor;
use crate::ids::UserId;
use crate::problem::{FieldFault, Problem};
use crate::refusals;
use crate::rulesets::{ExtensionReason, LeaseRules};

refusals! {
    /// Why a decision cannot be proposed or made.
    pub enum Refusal {
        SameHands = 403 "same_hands", "Den som har innstilt, kan ikke fatte vedtaket.", "Whoever proposed a decision may not make it.";
        NotReady = 409 "not_ready_for_decision", "Saken står ikke slik at dette kan avgjøres.", "The case does not stand so that this can be decided.";
        ProposalExists = 409 "proposal_exists", "Saken har allerede en innstilling som venter.", "The case has a proposal waiting already.";
        DwellingNotAvailable = 409 "dwelling_not_available", "Boligen er ikke ledig.", "The home is not available.", at "/dwellingId";
        HomeDoesNotFit = 409 "home_does_not_fit", "Husstanden kan ikke få denne boligen.", "The household may not have this home.", at "/dwellingId";
        FactsChanged = 409 "facts_changed", "Grunnlaget er endret siden innstillingen.", "The facts have changed since the proposal.";
        NothingToReplay = 409 "nothing_to_replay", "Vedtaket gjaldt ingen bestemt bolig.", "The decision named no home, so nothing was computed.";
        NotProposed = 409 "not_proposed", "Innstillingen er allerede behandlet.", "The proposal has been dealt with already.";
    }
}

/// A proposal, as far as the rules need it.
#[derive(Debug)]
pub(super) struct Draft<'d> {
    /// What is proposed.
    pub(super) outcome: Outcome,
    /// Whether a home is named.
    pub(super) names_home: bool,
    /// Why.
    pub(super) reasons: &'d Reasons,
    /// How long the lease shall run; the standard when not given.
    pub(super) lease_months: Option<u16>,
    /// Why for longer than is standard.
    pub(super) lease_extension: Option<ExtensionReason>,
}

/// What the rules know of the case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Whether children live in the household.
    pub(super) has_children: bool,
    /// Where the household stands among those who may have the home; none where no home is named.
    pub(super) rank: Option<usize>,
}

/// Whether such a decision can be proposed in a case that stands so.
pub(super) fn may_propose(
    outcome: Outcome,
    names_home: bool,
    state: ApplicationState,
) -> Result<(), Problem> {
    let ready = match (outcome, names_home) {
        // The decision is made even if no home is free; who waits already has that decision.
        (Outcome::Granted, false) | (Outcome::Refused, _) => state == ApplicationState::TeamReview,
        (Outcome::Granted, true) => state.is_candidate(),
    };
    if ready {
        return Ok(());
    }
    Err(Problem::from(Refusal::NotReady).fact("state", state.code()))
}

/// Every fault of a proposal, so that all are named at once.
#[must_use]
pub(super) fn faults(draft: &Draft<'_>, facts: Facts, lease: &LeaseRules) -> Vec<FieldFault> {
    let mut found = faults_of_reasons(draft.reasons, facts);
    if draft.outcome == Outcome::Refused && draft.names_home {
        let (nb, en) = ("Et avslag gjelder ingen bolig.", "A refusal names no home.");
        found.push(FieldFault::new("/dwellingId", "contradiction", nb, en));
    }
    found.extend(fault_of_lease(draft, lease));
    found
}

/// What is missing of the reasons that forvaltningsloven § 25 demands.
fn faults_of_reasons(reasons: &Reasons, facts: Facts) -> Vec<FieldFault> {
    let blank = |text: &str| text.trim().is_empty();
    let unsaid = |text: &Option<String>| text.as_deref().is_none_or(blank);
    let passed_over = facts.rank.is_some_and(|rank| rank > 1);
    let law = (
        "Begrunnelsen mangler (forvaltningsloven § 25).",
        "The reasons are missing (forvaltningsloven § 25).",
    );
    let child = (
        "Barnets beste må vurderes (barnekonvensjonen art. 3).",
        "The best interest of the child must be assessed (Convention on the Rights of the Child art. 3).",
    );
    let queue = (
        "Noen står foran i køen: avviket må begrunnes.",
        "Somebody stands before in the queue: the deviation needs a reason.",
    );
    let missing = [
        ("rules", reasons.rules.iter().any(|rule| blank(rule)), law),
        ("facts", blank(&reasons.facts), law),
        ("considerations", blank(&reasons.considerations), law),
        (
            "childsBestInterest",
            facts.has_children && unsaid(&reasons.childs_best_interest),
            child,
        ),
        (
            "deviation",
            passed_over && unsaid(&reasons.deviation),
            queue,
        ),
    ];
    missing
        .into_iter()
        .filter(|(_, is_missing, _)| *is_missing)
        .map(|(field, _, (nb, en))| FieldFault::new(format!("/reasons/{field}"), "missing", nb, en))
        .collect()
}

/// A lease longer than standard needs a reason that the rules name, and none may be longer than they permit.
fn fault_of_lease(draft: &Draft<'_>, lease: &LeaseRules) -> Option<FieldFault> {
    let months = draft
        .lease_months
        .filter(|months| *months > lease.standard_months)?;
    let (at, code, nb, en) = match draft.lease_extension {
        _ if months > lease.extended_months => (
            "/leaseMonths",
            "too_large",
            "Lengre enn reglene tillater.",
            "Longer than the rules permit.",
        ),
        None => (
            "/leaseExtension",
            "missing",
            "En lengre leietid må begrunnes.",
            "A longer lease needs a reason.",
        ),
        Some(reason) if !lease.extended_for.contains(&reason) => (
            "/leaseExtension",
            "not_permitted",
            "Reglene nevner ikke denne grunnen.",
            "The rules do not name this reason.",
        ),
        Some(_) => return None,
    };
    Some(FieldFault::new(at, code, nb, en))
}

/// Who proposed, and whether it is the very person who decides, be it by another account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hands {
    /// The account that proposed.
    pub(super) proposed_by: UserId,
    /// Whether the account that decides is known to be of the same person.
    pub(super) is_same_person: bool,
}

/// Whether this person may decide a proposal that stands so. Four eyes: whoever proposed never decides.
pub(super) fn may_decide(state: DecisionState, hands: Hands, by: Actor) -> Result<UserId, Refusal> {
    // A machine proposes at most; a person decides (personvernforordningen art. 22).
    let decider = by.user().ok_or(Refusal::SameHands)?;
    may_return(state)?;
    if decider == hands.proposed_by || hands.is_same_person {
        return Err(Refusal::SameHands);
    }
    Ok(decider)
}

/// Whether a proposal that stands so can still be sent back. Whoever proposed may take it back so, too.
pub(super) fn may_return(state: DecisionState) -> Result<(), Refusal> {
    match state {
        DecisionState::Proposed => Ok(()),
        DecisionState::Approved | DecisionState::Returned => Err(Refusal::NotProposed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn reasons() -> Reasons {
        Reasons {
            rules: vec!["§ 3".into()],
            facts: "facts".into(),
            considerations: "considerations".into(),
            childs_best_interest: None,
            deviation: None,
        }
    }

    fn lease() -> LeaseRules {
        LeaseRules {
            standard_months: 36,
            extended_months: 72,
            extended_for: vec![ExtensionReason::NewlySettledRefugee],
            short_months: 12,
            short_for: Vec::new(),
        }
    }

    fn draft(reasons: &Reasons) -> Draft<'_> {
        let (outcome, names_home) = (Outcome::Granted, true);
        Draft {
            outcome,
            names_home,
            reasons,
            lease_months: None,
            lease_extension: None,
        }
    }

    fn facts() -> Facts {
        Facts {
            has_children: false,
            rank: Some(1),
        }
    }

    fn pointers(draft: &Draft<'_>, facts: Facts) -> Vec<String> {
        faults(draft, facts, &lease())
            .into_iter()
            .map(|fault| fault.pointer)
            .collect()
    }

    #[test]
    fn whoever_proposed_may_not_decide() {
        let (kari, ola): (UserId, UserId) = (Id::new(), Id::new());
        let proposed = DecisionState::Proposed;
        let by = |is_same_person| Hands {
            proposed_by: kari,
            is_same_person,
        };
        let refused = Err(Refusal::SameHands);
        assert_eq!(may_decide(proposed, by(false), Actor::User(kari)), refused);
        assert_eq!(may_decide(proposed, by(false), Actor::User(ola)), Ok(ola));
        assert_eq!(may_decide(proposed, by(true), Actor::User(ola)), refused);
        assert_eq!(may_decide(proposed, by(false), Actor::System), refused);
        let again = may_decide(DecisionState::Approved, by(false), Actor::User(ola));
        assert_eq!(again, Err(Refusal::NotProposed));
    }

    #[test]
    fn children_and_a_deviation_ask_for_reasons_of_their_own() {
        let reasons = reasons();
        let facts = Facts {
            has_children: true,
            rank: Some(3),
        };
        let expected = ["/reasons/childsBestInterest", "/reasons/deviation"];
        assert_eq!(pointers(&draft(&reasons), facts), expected);
    }

    #[test]
    fn a_longer_lease_needs_a_reason_that_the_rules_name() {
        let reasons = reasons();
        let lasting = |months, reason| Draft {
            lease_months: Some(months),
            lease_extension: reason,
            ..draft(&reasons)
        };
        assert_eq!(pointers(&lasting(72, None), facts()), ["/leaseExtension"]);
        let needs = Some(ExtensionReason::SpecialNeeds);
        assert_eq!(pointers(&lasting(72, needs), facts()), ["/leaseExtension"]);
        let settled = Some(ExtensionReason::NewlySettledRefugee);
        assert!(pointers(&lasting(72, settled), facts()).is_empty());
        assert_eq!(pointers(&lasting(73, settled), facts()), ["/leaseMonths"]);
    }

    #[test]
    fn a_refusal_is_decided_from_the_team_and_names_no_home() {
        assert!(may_propose(Outcome::Refused, false, ApplicationState::TeamReview).is_ok());
        assert!(may_propose(Outcome::Refused, false, ApplicationState::Waiting).is_err());
        assert!(may_propose(Outcome::Granted, true, ApplicationState::Waiting).is_ok());
        assert!(may_propose(Outcome::Granted, false, ApplicationState::Submitted).is_err());
        let reasons = reasons();
        let refusal = Draft {
            outcome: Outcome::Refused,
            ..draft(&reasons)
        };
        assert_eq!(pointers(&refusal, facts()), ["/dwellingId"]);
    }
}
