//! The life of a case: which steps are permitted from which state.

use crate::codes;

codes! {
    /// Where a case stands ("status").
    pub enum ApplicationState {
        /// Received, nobody assigned.
        Submitted = "SUBMITTED",
        /// A caseworker is assigned.
        Assigned = "ASSIGNED",
        /// Documents are asked for. The clock does not stop.
        Incomplete = "INCOMPLETE",
        /// Being assessed.
        InAssessment = "IN_ASSESSMENT",
        /// Before the allocation team.
        TeamReview = "TEAM_REVIEW",
        /// A home is granted and none is offered yet ("venteliste").
        Waiting = "WAITING",
        /// A home is offered.
        Offered = "OFFERED",
        /// Moved in.
        Housed = "HOUSED",
        /// Refused, with reasons.
        Refused = "REFUSED",
        /// Withdrawn by the applicant, or by who speaks for the applicant or the estate.
        Withdrawn = "WITHDRAWN",
        /// Sent to the body that is responsible (forvaltningsloven § 11).
        Forwarded = "FORWARDED",
        /// Decided, and nothing remains to be offered: help is given, or a lease renewed.
        Concluded = "CONCLUDED",
        /// Not looked into, by a decision that says why ("avvist").
        Dismissed = "DISMISSED",
        /// The same request as another case, in which it goes on.
        Merged = "MERGED",
        /// What was granted no longer holds, by a decision of its own ("bortfalt").
        Lapsed = "LAPSED",
    }
}

codes! {
    /// What can be done with a case.
    pub enum Step {
        /// Give it to a caseworker.
        Assign = "ASSIGN",
        /// Ask for documents.
        RequestDocuments = "REQUEST_DOCUMENTS",
        /// Note that documents came.
        ReceiveDocuments = "RECEIVE_DOCUMENTS",
        /// Begin the assessment.
        StartAssessment = "START_ASSESSMENT",
        /// Put it before the allocation team.
        SubmitToTeam = "SUBMIT_TO_TEAM",
        /// Ask for a better assessment.
        ReturnToAssessment = "RETURN_TO_ASSESSMENT",
        /// Grant a home when none is free.
        Grant = "GRANT",
        /// Refuse.
        Refuse = "REFUSE",
        /// Offer a home.
        Offer = "OFFER",
        /// Take the offered home.
        Accept = "ACCEPT",
        /// Decline the offered home.
        Decline = "DECLINE",
        /// The offer ends without an answer, or is taken back.
        EndOffer = "END_OFFER",
        /// The home that was taken cannot be handed over.
        Annul = "ANNUL",
        /// Assess again, because facts changed.
        Reassess = "REASSESS",
        /// Withdraw.
        Withdraw = "WITHDRAW",
        /// Send to the responsible body.
        Forward = "FORWARD",
        /// Grant what needs no home to be offered.
        Conclude = "CONCLUDE",
        /// Decide not to look into it.
        Dismiss = "DISMISS",
        /// Let it go on in another case.
        Merge = "MERGE",
        /// Let what was granted lapse.
        Lapse = "LAPSE",
        /// Assess anew, because the body of appeal sent it back.
        Reopen = "REOPEN",
        /// Grant after all, by a decision that replaces an earlier one ("omgjøring").
        Reverse = "REVERSE",
    }
}

/// Every permitted step. What is not here is refused.
pub const MOVES: &[(ApplicationState, Step, ApplicationState)] = {
    use ApplicationState::{
        Assigned, Concluded, Dismissed, Forwarded, Housed, InAssessment, Incomplete, Lapsed,
        Merged, Offered, Refused, Submitted, TeamReview, Waiting, Withdrawn,
    };
    &[
        (Submitted, Step::Assign, Assigned),
        (Submitted, Step::Withdraw, Withdrawn),
        (Submitted, Step::Forward, Forwarded),
        (Submitted, Step::Dismiss, Dismissed),
        (Submitted, Step::Merge, Merged),
        (Assigned, Step::Assign, Assigned),
        (Assigned, Step::RequestDocuments, Incomplete),
        (Assigned, Step::StartAssessment, InAssessment),
        (Assigned, Step::Withdraw, Withdrawn),
        (Assigned, Step::Forward, Forwarded),
        (Assigned, Step::Dismiss, Dismissed),
        (Assigned, Step::Merge, Merged),
        (Incomplete, Step::Assign, Incomplete),
        (Incomplete, Step::RequestDocuments, Incomplete),
        (Incomplete, Step::ReceiveDocuments, Incomplete),
        (Incomplete, Step::StartAssessment, InAssessment),
        (Incomplete, Step::Withdraw, Withdrawn),
        (Incomplete, Step::Forward, Forwarded),
        (Incomplete, Step::Dismiss, Dismissed),
        (Incomplete, Step::Merge, Merged),
        (InAssessment, Step::Assign, InAssessment),
        (InAssessment, Step::RequestDocuments, Incomplete),
        (InAssessment, Step::ReceiveDocuments, InAssessment),
        (InAssessment, Step::SubmitToTeam, TeamReview),
        (InAssessment, Step::Withdraw, Withdrawn),
        (InAssessment, Step::Forward, Forwarded),
        (InAssessment, Step::Dismiss, Dismissed),
        (InAssessment, Step::Merge, Merged),
        // Help without a home is not the allocation team's.
        (InAssessment, Step::Conclude, Concluded),
        (InAssessment, Step::Refuse, Refused),
        (TeamReview, Step::Assign, TeamReview),
        (TeamReview, Step::ReturnToAssessment, InAssessment),
        (TeamReview, Step::Grant, Waiting),
        (TeamReview, Step::Refuse, Refused),
        (TeamReview, Step::Offer, Offered),
        (TeamReview, Step::Withdraw, Withdrawn),
        (TeamReview, Step::Conclude, Concluded),
        (TeamReview, Step::Dismiss, Dismissed),
        (TeamReview, Step::Merge, Merged),
        (Waiting, Step::Assign, Waiting),
        (Waiting, Step::Offer, Offered),
        (Waiting, Step::Reassess, InAssessment),
        (Waiting, Step::Withdraw, Withdrawn),
        (Waiting, Step::Merge, Merged),
        (Waiting, Step::Lapse, Lapsed),
        // By a decision that replaces the one by which the household waits.
        (Waiting, Step::Refuse, Refused),
        // What was offered comes back with it.
        (Offered, Step::Withdraw, Withdrawn),
        (Offered, Step::Accept, Housed),
        (Offered, Step::Decline, Waiting),
        (Offered, Step::EndOffer, Waiting),
        (Housed, Step::Annul, Waiting),
        // By decisions that replace the one that ended the case.
        (Refused, Step::Reverse, Waiting),
        (Refused, Step::Conclude, Concluded),
        (Refused, Step::Reopen, InAssessment),
        (Lapsed, Step::Reverse, Waiting),
        (Lapsed, Step::Reopen, InAssessment),
        (Dismissed, Step::Reverse, InAssessment),
        (Dismissed, Step::Reopen, InAssessment),
        (Concluded, Step::Refuse, Refused),
    ]
};

impl ApplicationState {
    /// Where this step leads from here, if it is permitted.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        let found = MOVES
            .iter()
            .find(|(from, by, _)| *from == self && *by == step);
        found.map(|(_, _, to)| *to)
    }

    /// Whether the case is still open. A household has at most one open case.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Submitted
            | Self::Assigned
            | Self::Incomplete
            | Self::InAssessment
            | Self::TeamReview
            | Self::Waiting
            | Self::Offered => true,
            Self::Housed
            | Self::Refused
            | Self::Withdrawn
            | Self::Forwarded
            | Self::Concluded
            | Self::Dismissed
            | Self::Merged
            | Self::Lapsed => false,
        }
    }

    /// Whether what was applied for is still to be decided on.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(
            self,
            Self::Submitted
                | Self::Assigned
                | Self::Incomplete
                | Self::InAssessment
                | Self::TeamReview
        )
    }

    /// Whether a home can be given to the household now: it takes part when candidates are ranked.
    #[must_use]
    pub const fn is_candidate(self) -> bool {
        matches!(self, Self::TeamReview | Self::Waiting)
    }

    /// Whether what is known of the needs may still change without a new assessment.
    #[must_use]
    pub const fn takes_needs(self) -> bool {
        matches!(
            self,
            Self::Submitted | Self::Assigned | Self::Incomplete | Self::InAssessment
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_leads_to_two_states() {
        for (index, (from, step, _)) in MOVES.iter().enumerate() {
            let again = MOVES
                .iter()
                .skip(index + 1)
                .any(|(f, s, _)| f == from && s == step);
            assert!(!again, "{from} {step}");
        }
    }

    #[test]
    fn every_state_is_reached_and_every_open_one_has_a_way_out() {
        for state in ApplicationState::ALL {
            let reached = MOVES
                .iter()
                .any(|(from, _, to)| to == state && from != state);
            assert!(reached || *state == ApplicationState::Submitted, "{state}");
            // A case that has ended goes on only by a decision that replaces the one that ended it, or when the home fails it.
            let by_replacing = [
                Step::Reverse,
                Step::Reopen,
                Step::Conclude,
                Step::Refuse,
                Step::Annul,
            ];
            let leaves = MOVES.iter().any(|(from, step, to)| {
                from == state && to != state && (state.is_open() || !by_replacing.contains(step))
            });
            assert_eq!(leaves, state.is_open(), "{state}");
        }
    }
}
