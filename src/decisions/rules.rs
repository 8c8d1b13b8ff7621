//! When a decision may be proposed and made, as pure rules. The only room where this part of the law is spoken.

use super::lifecycle::{DecisionMove, DecisionState};
use super::model::{LegalBasis, Outcome};
use crate::applications::{ApplicationState, ApplicationType, Step};
use crate::auth::Actor;
use crate::clock::Day;
use crate::ids::UserId;
use crate::problem::Problem;
use crate::refusals;

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
        Conflicted = 403 "conflicted_decision", "Du er inhabil i saken og kan verken innstille eller avgjøre.", "You are not impartial in the case, and can neither propose nor decide.";
        LeaseTooShort = 409 "lease_too_short", "Avtalen som boligen leies ut under, krever lengre leietid.", "The agreement under which the home is let demands a longer lease.", at "/leaseMonths";
        LeaseOutlastsHome = 409 "lease_outlasts_home", "Leieavtalen kan ikke vare lenger enn boligen kan leies ut.", "The lease cannot last longer than the home can be let.", at "/leaseMonths";
        OffersLeft = 409 "offers_left", "Det er ikke gitt så mange tilbud som teller at tildelingen kan falle bort.", "Not so many offers that count were made that the grant may lapse.";
        AlreadyDecided = 409 "already_decided", "Det er fattet vedtak etter denne loven. Et nytt må si at det erstatter det.", "There is a decision by this law already. A new one must say that it replaces it.", at "/replaces";
        NotReplaceable = 409 "not_replaceable", "Vedtaket som skal erstattes, gjelder ikke i denne saken.", "The decision to be replaced is not in force in this case.", at "/replaces";
        NotApproved = 409 "decision_not_approved", "Det er ikke fattet vedtak.", "No decision has been made.";
        AlreadyNotified = 409 "already_notified", "Parten er allerede underrettet. Et vedtak endres bare ved et nytt.", "The party has been notified already. A decision is changed only by a new one.";
        NotProposed = 409 "not_proposed", "Innstillingen er allerede behandlet.", "The proposal has been dealt with already.";
    }
}

/// What is to be decided, in which kind of case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter {
    /// By which law.
    pub(super) basis: LegalBasis,
    /// What.
    pub(super) outcome: Outcome,
    /// Whether a home is named.
    pub(super) names_home: bool,
    /// Whether an earlier decision is replaced.
    pub(super) replaces: bool,
    /// What was applied for.
    pub(super) kind: ApplicationType,
}

/// Whether such a decision can be proposed, or made, in a case that stands so.
///
/// The decision on assistance and the decision on a home go their own ways: that a home was refused, or is waited for, does not
/// answer whether the household is to be helped (Sivilombudet on Lillehammer).
pub(super) fn may_propose(matter: Matter, state: ApplicationState) -> Result<(), Problem> {
    if is_ready(matter, state) {
        return Ok(());
    }
    Err(Problem::from(Refusal::NotReady).fact("state", state.code()))
}

fn is_ready(matter: Matter, state: ApplicationState) -> bool {
    use ApplicationState::{
        Concluded, Dismissed, Housed, InAssessment, Lapsed, Offered, Refused, TeamReview, Waiting,
    };
    let asks_for_home = matter.kind != ApplicationType::AssistanceOnly;
    // A lease that was renewed is renewed otherwise, or not after all, only by a decision that takes the place of the first.
    let renews_anew =
        matter.replaces && matter.kind == ApplicationType::Renewal && state == Concluded;
    match (matter.basis, matter.outcome) {
        (LegalBasis::MunicipalDwelling, _) if !asks_for_home => false,
        (LegalBasis::MunicipalDwelling, Outcome::Dismissed) => state.is_undecided(),
        (LegalBasis::MunicipalDwelling, Outcome::Refused) => {
            state == TeamReview || (matter.replaces && state == Waiting) || renews_anew
        }
        (LegalBasis::MunicipalDwelling, Outcome::Lapsed) => state == Waiting,
        // Only a grant of a home lapses by offers that were not taken.
        (_, Outcome::Lapsed) => false,
        (LegalBasis::MunicipalDwelling, _) if matter.names_home => state.is_candidate(),
        // The decision is made even if no home is free; who waits already has that decision.
        (LegalBasis::MunicipalDwelling, _) => {
            state == TeamReview
                || (matter.replaces && matches!(state, Refused | Lapsed))
                || renews_anew
        }
        (LegalBasis::HousingAssistanceAct, Outcome::Dismissed) => state.is_undecided(),
        (LegalBasis::HousingAssistanceAct, _) if asks_for_home || matter.replaces => matches!(
            state,
            InAssessment
                | TeamReview
                | Waiting
                | Offered
                | Housed
                | Refused
                | Concluded
                | Dismissed
                | Lapsed
        ),
        (LegalBasis::HousingAssistanceAct, _) => matches!(state, InAssessment | TeamReview),
        (LegalBasis::CarePlace | LegalBasis::TemporaryAccommodation, _) => state.is_open(),
    }
}

/// Where the decision leads the case; nowhere when another decision of the case does. A home that is named is offered instead.
pub(super) fn step_of(matter: Matter, state: ApplicationState) -> Option<Step> {
    let leads = match matter.basis {
        LegalBasis::MunicipalDwelling => true,
        LegalBasis::HousingAssistanceAct => matter.kind == ApplicationType::AssistanceOnly,
        LegalBasis::CarePlace | LegalBasis::TemporaryAccommodation => false,
    };
    let step = match matter.outcome {
        Outcome::Dismissed => Step::Dismiss,
        Outcome::Refused => Step::Refuse,
        Outcome::Lapsed => Step::Lapse,
        Outcome::Granted | Outcome::PartlyGranted => match matter.kind {
            ApplicationType::AssistanceOnly | ApplicationType::Renewal => Step::Conclude,
            _ if state == ApplicationState::TeamReview => Step::Grant,
            _ => Step::Reverse,
        },
    };
    // A replaced refusal that is refused again, for example with better reasons, leaves the case as it is.
    (leads && state.after(step).is_some()).then_some(step)
}

/// Whether a lease of so many months is long enough for the agreement under which the home is let, if it is let under any.
pub(super) fn may_run_for(months: i16, least: Option<i16>) -> Result<(), Problem> {
    match least {
        Some(least) if months < least => {
            Err(Problem::from(Refusal::LeaseTooShort).fact("leaseMonthsMin", least))
        }
        _ => Ok(()),
    }
}

/// Whether a lease that runs until a day ends by the day from which the home can be let no longer, if there is one.
pub(super) fn may_last_until(runs_until: Day, lettable_until: Option<Day>) -> Result<(), Problem> {
    match lettable_until {
        Some(end) if runs_until > end => {
            Err(Problem::from(Refusal::LeaseOutlastsHome).fact("lettableUntil", end.0.to_string()))
        }
        _ => Ok(()),
    }
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
    state
        .after(DecisionMove::Approve)
        .ok_or(Refusal::NotProposed)?;
    if decider == hands.proposed_by || hands.is_same_person {
        return Err(Refusal::SameHands);
    }
    Ok(decider)
}

/// Whether a proposal that stands so can still be sent back. Whoever proposed may take it back so, too.
pub(super) fn may_return(state: DecisionState) -> Result<(), Refusal> {
    let returned = state.after(DecisionMove::Return);
    returned.map(|_| ()).ok_or(Refusal::NotProposed)
}

/// Whether the party can be told of a decision: once it is made, and once.
pub(super) fn may_notify(state: DecisionState, is_notified: bool) -> Result<(), Refusal> {
    if state.after(DecisionMove::Notify).is_none() {
        return Err(Refusal::NotApproved);
    }
    if is_notified {
        return Err(Refusal::AlreadyNotified);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ids::Id;

    fn matter(basis: LegalBasis, outcome: Outcome) -> Matter {
        Matter {
            basis,
            outcome,
            names_home: false,
            replaces: false,
            kind: ApplicationType::New,
        }
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
    fn a_home_is_refused_from_the_team_and_granted_also_to_who_waits() {
        use ApplicationState::{Submitted, TeamReview, Waiting};
        let home = |outcome| matter(LegalBasis::MunicipalDwelling, outcome);
        assert!(may_propose(home(Outcome::Refused), TeamReview).is_ok());
        assert!(may_propose(home(Outcome::Refused), Waiting).is_err());
        assert!(may_propose(home(Outcome::Granted), Submitted).is_err());
        let named = Matter {
            names_home: true,
            ..home(Outcome::Granted)
        };
        assert!(may_propose(named, Waiting).is_ok());
        assert!(may_propose(home(Outcome::Dismissed), Submitted).is_ok());
        assert!(may_propose(home(Outcome::Dismissed), Waiting).is_err());
    }

    #[rstest]
    #[case(ApplicationState::InAssessment, true)]
    #[case(ApplicationState::Waiting, true)]
    #[case(ApplicationState::Refused, true)]
    #[case(ApplicationState::Housed, true)]
    #[case(ApplicationState::Submitted, false)]
    #[case(ApplicationState::Withdrawn, false)]
    #[case(ApplicationState::Forwarded, false)]
    fn assistance_is_decided_whatever_became_of_the_home(
        #[case] state: ApplicationState,
        #[case] expected: bool,
    ) {
        for outcome in [Outcome::Granted, Outcome::PartlyGranted, Outcome::Refused] {
            let assistance = matter(LegalBasis::HousingAssistanceAct, outcome);
            assert_eq!(may_propose(assistance, state).is_ok(), expected);
            // And it leaves the case where the decision on the home has brought it.
            assert_eq!(step_of(assistance, state), None);
        }
    }

    #[test]
    fn who_asked_for_help_only_is_given_no_home() {
        let only = |basis| Matter {
            kind: ApplicationType::AssistanceOnly,
            ..matter(basis, Outcome::Granted)
        };
        let state = ApplicationState::InAssessment;
        assert!(
            may_propose(
                only(LegalBasis::MunicipalDwelling),
                ApplicationState::TeamReview
            )
            .is_err()
        );
        let assistance = only(LegalBasis::HousingAssistanceAct);
        assert!(may_propose(assistance, state).is_ok());
        assert_eq!(step_of(assistance, state), Some(Step::Conclude));
    }

    #[test]
    fn a_refusal_is_turned_only_by_a_decision_that_replaces_it() {
        let grant = matter(LegalBasis::MunicipalDwelling, Outcome::Granted);
        assert!(may_propose(grant, ApplicationState::Refused).is_err());
        let replacing = Matter {
            replaces: true,
            ..grant
        };
        assert!(may_propose(replacing, ApplicationState::Refused).is_ok());
        let step = step_of(replacing, ApplicationState::Refused);
        assert_eq!(step, Some(Step::Reverse));
    }

    #[test]
    fn a_lease_is_no_shorter_than_the_agreement_demands() {
        assert!(may_run_for(36, Some(36)).is_ok());
        assert!(may_run_for(6, None).is_ok());
        assert!(may_run_for(35, Some(36)).is_err());
    }

    #[test]
    fn a_lease_that_was_renewed_is_decided_on_again_only_by_a_decision_that_replaces_the_first() {
        let renewal = |outcome, replaces| Matter {
            kind: ApplicationType::Renewal,
            replaces,
            ..matter(LegalBasis::MunicipalDwelling, outcome)
        };
        let state = ApplicationState::Concluded;
        for outcome in [Outcome::Granted, Outcome::PartlyGranted, Outcome::Refused] {
            assert!(may_propose(renewal(outcome, true), state).is_ok());
            assert!(may_propose(renewal(outcome, false), state).is_err());
        }
        assert_eq!(step_of(renewal(Outcome::Granted, true), state), None);
        let refused = step_of(renewal(Outcome::Refused, true), state);
        assert_eq!(refused, Some(Step::Refuse));
    }

    #[test]
    fn no_lease_outlasts_its_home() {
        let day = |text: &str| Day(text.parse().unwrap());
        assert!(may_last_until(day("2029-01-01"), None).is_ok());
        assert!(may_last_until(day("2029-01-01"), Some(day("2029-01-01"))).is_ok());
        assert!(may_last_until(day("2029-01-02"), Some(day("2029-01-01"))).is_err());
    }

    #[test]
    fn the_party_is_told_once_and_only_of_what_was_decided() {
        assert_eq!(may_notify(DecisionState::Approved, false), Ok(()));
        let again = may_notify(DecisionState::Approved, true);
        assert_eq!(again, Err(Refusal::AlreadyNotified));
        for state in [DecisionState::Proposed, DecisionState::Returned] {
            assert_eq!(may_notify(state, false), Err(Refusal::NotApproved));
        }
    }
}
